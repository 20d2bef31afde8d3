import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The name of the package means these sources, as it does for tsc and tsx.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.slow.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    testTimeout: 3_600_000,
    fileParallelism: false,
  },
});
