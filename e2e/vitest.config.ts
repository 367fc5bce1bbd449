import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    environment: 'node',
    // Each file starts a server and a browser; two cores carry one at a time.
    fileParallelism: false,
    // A second try would hide what fails now and then. On a busy machine a browser needs patience instead, so these are long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
