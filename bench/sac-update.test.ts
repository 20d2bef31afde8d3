import { describe, expect, it } from 'vitest';
import { noBackend } from '../experiment/test-fixtures.ts';
import { jsKernels } from '../kernels/js/index.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { mean, variance } from '../numerics/statistics.ts';
import { makeLearner } from './sac-update.ts';

const js = {
  name: 'js',
  backend: {
    ...noBackend,
    engine: (program: Parameters<typeof arenaEngine>[0]) => arenaEngine(program, { kernels: jsKernels }),
  },
};

describe('the batch that is timed', () => {
  it('is of independent normal numbers, none of it terminated', () => {
    const learner = makeLearner(js, { hidden: '8x8', activation: 'relu', batch: 500, rounds: 1 });
    const { observations, nextObservations, continues } = learner.batch();
    const products = observations.map((x, i) => x * nextObservations[i]);
    // 4000 products of independent normals: their mean has the standard deviation 0.016; five of these.
    expect(Math.abs(mean(products))).toBeLessThan(0.08);
    expect(Math.abs(variance(observations) - 1)).toBeLessThan(0.12);
    expect(new Set(continues)).toEqual(new Set([1]));
  });
});
