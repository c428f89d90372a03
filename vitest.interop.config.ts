import { defineConfig } from 'vitest/config';

// Against programs of others (openssl, slapd): `npm run test:interop`. Apart from `npm test`, which needs nothing but Node.
export default defineConfig({
  test: {
    include: ['**/*.interop.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
});
