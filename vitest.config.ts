import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The name of the package means these sources, as it does for tsc and tsx.
  resolve: { tsconfigPaths: true },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '**/*.slow.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: [
        '{agents,core,envs,experiment,kernels,nn,numerics,packaging,sanity,solvers,tensor}/**/*.ts',
        'index.ts',
      ],
      // Tests, what only they use, and the WebAssembly sources, which another compiler reads.
      exclude: [
        '**/*.test.ts',
        '**/*fixture*.ts',
        '**/testing/**',
        'packaging/testing.ts',
        'kernels/wasm/assembly/**',
      ],
      reporter: ['text', 'html', 'json-summary'],
    },
    maxWorkers: 2,
  },
});
