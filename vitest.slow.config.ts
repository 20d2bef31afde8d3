import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The name of the package means these sources, as it does for tsc and tsx.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.slow.test.ts', '**/*.property.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    // Property tests are part of `npm test` too, with few cases; see numerics/testing/property.ts.
    env: { PROPERTY_CASES: process.env.PROPERTY_CASES ?? '10000' },
    testTimeout: 3_600_000,
    fileParallelism: false,
  },
});
