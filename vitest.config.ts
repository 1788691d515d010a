import { defineConfig } from 'vitest/config';

export default defineConfig({
  // What vite transforms must use the same copy of graphql as the packages that Node loads: the CommonJS one.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/postgres.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { DISSECTORY_LOG_LEVEL: 'silent' },
  },
});
