/** Soft actor-critic's losses and updates on every engine of this machine: the arena's kernels, and tfjs with its own gradients. */
import { beforeAll, describe, it } from 'vitest';
import { createRng, type Rng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { expectSameGradients, expectSameWalk } from '../off-policy/engine-agreement.ts';
import { cube, drawSizes } from '../off-policy/test-fixtures.ts';
import { sacLearner } from './learner.ts';
import { type SacShape, sacProgram } from './program.ts';
import { sacSettings } from './settings.ts';
import { SMALL, TRAINED } from './test-fixtures.ts';

const RATE = 1e-3;

function drawShape(rng: Rng, activation: 'relu' | 'tanh', seed: number): SacShape {
  return {
    ...SMALL,
    ...drawSizes(rng),
    activation,
    criticEnsemble: seed % 2 === 0 ? 'minimum' : 'mean',
    futureActions: seed % 3 === 0 ? 'mean' : 'drawn',
  };
}

const CASES = (['tanh', 'relu'] as const).flatMap((activation) =>
  [1, 2, 3, 4].map((seed) => ({ activation, seed })),
);

describe.each(['cpu', 'wasm'] as const)('all kernels of this machine and tfjs on %s', (request) => {
  let tf: Tensorflow;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request }));
  });

  it.each(CASES)('agree on losses and gradients of random $activation networks (seed $seed)', (one) => {
    const rng = createRng(one.seed).split(one.activation);
    const program = sacProgram(drawShape(rng.split('shape'), one.activation, one.seed));
    expectSameGradients({ program, trained: TRAINED, rng, tf });
  });

  it.each(CASES)('walk the same way with $activation networks (seed $seed): one update, then ten', (one) => {
    const rng = createRng(one.seed).split(one.activation).split('walk');
    const shape = drawShape(rng.split('shape'), one.activation, one.seed);
    const settings = sacSettings.parse({
      hidden: shape.hidden.join('x'),
      activation: shape.activation,
      batchSize: shape.batchSize,
      criticEnsemble: shape.criticEnsemble,
      futureActions: shape.futureActions,
      learningRate: RATE,
      temperatureRate: RATE,
    });
    expectSameWalk({
      learner: (engine) =>
        sacLearner({
          observationSpace: cube(shape.observationSize),
          actionSpace: cube(shape.actionSize),
          rows: 1,
          discountFactor: shape.discountFactor,
          steps: 10,
          settings,
          rng: rng.split('learner'),
          backend: { kind: 'test', name: 'test', refused: [], engine },
        }),
      rate: RATE,
      rng,
      tf,
    });
  });
});
