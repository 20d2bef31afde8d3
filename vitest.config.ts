import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The name of the package means these sources, as it does for tsc and tsx.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '**/*.slow.test.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
