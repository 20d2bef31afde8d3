/** The losses and updates of DDPG and TD3 on every engine of this machine: the arena's kernels, and tfjs with its own gradients. */
import { beforeAll, describe, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { expectSameGradients, expectSameWalk } from '../off-policy/engine-agreement.ts';
import { cube, drawSizes } from '../off-policy/test-fixtures.ts';
import { ddpgLearner } from './learner.ts';
import { ddpgProgram } from './program.ts';
import { ddpgSettings } from './settings.ts';
import { SMALL, TRAINED, VARIANTS } from './test-fixtures.ts';

const RATE = 1e-3;

const CASES = (['tanh', 'relu'] as const).flatMap((activation) =>
  VARIANTS.map((shape) => ({ ...shape, activation })),
);

describe.each(['cpu', 'wasm'] as const)('all kernels of this machine and tfjs on %s', (request) => {
  let tf: Tensorflow;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request }));
  });

  it.each(CASES)('agree on losses and gradients of $variant with random $activation networks', (one) => {
    const { variant, ...shape } = one;
    const rng = createRng(1).split(one.activation).split(variant);
    const program = ddpgProgram({ ...SMALL, ...shape, ...drawSizes(rng.split('shape')) });
    expectSameGradients({ program, trained: TRAINED, rng, tf });
  });

  it.each(CASES)('walk the same way with $variant, $activation networks: one update, then ten', (one) => {
    const rng = createRng(2).split(one.activation).split(one.variant);
    const { observationSize, actionSize, hidden, batchSize } = drawSizes(rng.split('shape'));
    const settings = ddpgSettings.parse({
      hidden: hidden.join('x'),
      activation: one.activation,
      batchSize,
      variant: one.variant === 'td3' ? 'td3' : 'ddpg',
      targetSmoothing: one.targetSmoothing,
      actorSmoothing: one.actorSmoothing,
      learningRate: RATE,
      coldStart: 'none',
    });
    expectSameWalk({
      learner: (engine) =>
        ddpgLearner({
          observationSpace: cube(observationSize),
          actionSpace: cube(actionSize),
          rows: 1,
          discountFactor: 0.9,
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
