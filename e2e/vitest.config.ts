import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    environment: 'node',
    // Each file starts a server and a browser; two cores carry one at a time.
    fileParallelism: false,
    // A browser on a busy machine can miss a moment; a fault misses it twice, and a second try is shown in the report.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
