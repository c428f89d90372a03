import { defineConfig } from 'vitest/config';

// One run for the whole house: lib, adapters, server on the real embedded PostgreSQL, and the browser.
export default defineConfig({
  test: {
    include: [
      'lib/**/*.test.ts',
      'adapters/**/*.test.ts',
      'apps/**/*.test.ts',
      'contract/**/*.test.ts',
      'test/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.interop.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
