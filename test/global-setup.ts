import type { TestProject } from 'vitest/node';
import { startTestDatabases } from '../apps/server/src/db/test-broker.ts';

/**
 * Opens the desk where test files ask for a database. PostgreSQL itself starts when the first one asks, so tests that need none pay nothing.
 * @returns the clean-up, run after the last test
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await startTestDatabases();
  project.provide('testDatabaseBroker', broker.socketPath);
  return broker.close;
}
