import { defineConfig } from 'vitest/config';
import { testRounds } from './apps/server/src/testing/test-rounds.ts';

// The long tests once more, with ten times as many kills, power cuts and turns: `npm run test:soak`. Hours, not minutes.
// What issue by issue is demanded of one test run is already met by `npm test`; this looks for what is rarer.
const rounds = process.env.LANTAI_TEST_ROUNDS === undefined ? 10 : testRounds();

export default defineConfig({
  test: {
    include: [
      'test/durability/*.test.ts',
      'apps/server/src/db/start-database.test.ts',
      'apps/server/src/ingest/power-cut.test.ts',
      'apps/server/src/sequencer/recovery.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    env: { LANTAI_TEST_ROUNDS: String(rounds) },
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000 * rounds,
    hookTimeout: 300_000,
    maxWorkers: 1,
    pool: 'forks',
  },
});
