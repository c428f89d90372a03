#!/usr/bin/env node
// The command `lantai` of a checkout: builds what is missing or stale, then runs the built program.
import { buildProgram } from '../../../tools/build.mjs';

try {
  // To stderr: standard output belongs to the command, whose reader may be a program.
  await buildProgram((line) => console.error(line));
} catch (error) {
  console.error(error.message);
  // As for every failure of the installation; see the exit codes in apps/cli.
  process.exit(1);
}
await import('../../../dist/cli.mjs');
