/** One update of soft actor-critic in small figures, worked step by step in the comments, on every engine. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../core/method.ts';
import { unitBox } from '../../core/spaces.ts';
import { availableKernels } from '../../kernels/choose.ts';
import { arenaEngine, referenceEngine } from '../../nn/arena-engine.ts';
import type { Engine, Program, Values } from '../../nn/engine.ts';
import { tensorEngine } from '../../nn/tensor-engine.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { sacLearner } from './learner.ts';
import { sacProgram } from './program.ts';
import { type SacSettings, sacSettings } from './settings.ts';

let tf: Tensorflow;
beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
});

/** The figures are rounded to six decimals, and float32 has seven digits. */
const FIGURES = 5e-6;

interface Subject {
  readonly name: string;
  make(program: Program): Engine<Values>;
}

const SUBJECTS: readonly Subject[] = [
  { name: 'the reference', make: (program) => referenceEngine(program) as Engine<Values> },
  ...availableKernels().map((kernels) => ({
    name: kernels.name,
    make: (program: Program) => arenaEngine(program, { kernels }) as Engine<Values>,
  })),
  { name: 'tfjs', make: (program) => tensorEngine(program, { tf }) as Engine<Values> },
];

/**
 * One observation, one action, networks of one relu unit h, and three transitions of reward 1: one that goes on to s' = 0.5, one cut by
 * a time limit at s' = 2, one that ends at s' = 2. T = 0.2, beta = 0.9.
 *
 * The next action. The actor's heads are 0: mean 0, log std -1.5. At noise 1
 *   u = e^-1.5 = 0.223130,  a' = tanh u = 0.219499,  a'^2 = 0.048180,
 *   log N = -1/2 - log(2 pi) / 2 + 1.5 = -0.5 - 0.918939 + 1.5 = 0.081061,
 *   log pi = 0.081061 - log(1 - 0.048180) = 0.081061 + 0.049379 = 0.130441.
 *
 * The targets: h = relu(s' + a'), Q1 = 2 h, Q2 = 4 - h.
 *   s' = 0.5:  h = 0.719499,  Q1 = 1.438999,  Q2 = 3.280501:  minimum 1.438999 (the first), mean 2.359750.
 *   s' = 2:    h = 2.219499,  Q1 = 4.438999,  Q2 = 1.780501:  minimum 1.780501 (the second), mean 3.109750.
 *
 * y = r + beta d (Q - T log pi), with T log pi = 0.026088.
 *   goes on:  1 + 0.9 (1.438999 - 0.026088) = 2.271620   (mean: 1 + 0.9 (2.359750 - 0.026088) = 3.100295)
 *   cut:      1 + 0.9 (1.780501 - 0.026088) = 2.578971   (mean: 1 + 0.9 (3.109750 - 0.026088) = 3.775295)
 *   ended:    1.
 *
 * The critics say 2 and 1 whatever they see. Errors by the minimum: -0.271620, -0.578971, 1 and -1.271620, -1.578971, 0. Halved squares:
 *   0.036889 + 0.167604 + 0.5 + 0.808508 + 1.246575 + 0 = 2.759576, a sixth of it 0.459929.
 * By the mean: errors -1.100295, -1.775295, 1 and -2.100295, -2.775295, 0, halved squares
 *   0.605325 + 1.575837 + 0.5 + 2.205620 + 3.851132 + 0 = 8.737914, a sixth of it 1.456319.
 *
 * The slope of the loss at a critic's bias is the sum of its errors over six:
 *   minimum: (-0.271620 - 0.578971 + 1) / 6 = 0.024902 and (-1.271620 - 1.578971) / 6 = -0.475098,
 *   mean:    (-1.100295 - 1.775295 + 1) / 6 = -0.312598 and (-2.100295 - 2.775295) / 6 = -0.812598.
 */
function threeTransitions(make: Subject['make'], criticEnsemble: 'minimum' | 'mean'): Engine<Values> {
  const engine = make(
    sacProgram({
      observationSize: 1,
      actionSize: 1,
      hidden: [1],
      activation: 'relu',
      batchSize: 3,
      criticEnsemble,
      futureActions: 'drawn',
      huberThreshold: 10,
      discountFactor: 0.9,
    }),
  );
  const set = (group: string, values: Readonly<Record<string, readonly number[]>>) => {
    const parameters = engine.parameters(group);
    for (const [name, numbers] of Object.entries(values)) parameters[name].set(numbers);
    engine.setParameters(group, parameters);
  };
  set('criticTarget', { w0: [1, 1, 1, 1], w1: [2, -1], b1: [0, 4] });
  set('critic', { b1: [2, 1] });
  set('temperature', { log: [Math.log(0.2)] });
  engine.input('nextObservations').set([0.5, 2, 2]);
  engine.input('nextNoise').fill(1);
  engine.input('rewards').fill(1);
  engine.input('continues').set([1, 1, 0]);
  return engine;
}

describe.each(SUBJECTS)('three transitions on $name', ({ make }) => {
  it.each([
    { criticEnsemble: 'minimum', loss: 0.459929, slopes: [0.024902, -0.475098] },
    { criticEnsemble: 'mean', loss: 1.456319, slopes: [-0.312598, -0.812598] },
  ] as const)(
    'are valued by the $criticEnsemble of the targets in each next state, the ended one by its reward alone',
    ({ criticEnsemble, loss, slopes }) => {
      const engine = threeTransitions(make, criticEnsemble);
      expect(Math.abs(engine.run('critic') - loss)).toBeLessThan(FIGURES);
      expect(Math.abs(engine.output('critic', 'meanValue')[0] - 1.5)).toBeLessThan(FIGURES);
      const { b1 } = engine.gradients('critic');
      slopes.forEach((slope, i) => {
        expect(Math.abs(b1[i] - slope)).toBeLessThan(FIGURES);
      });
      engine.dispose();
    },
  );

  it('have another loss if the cut one counts as ended, and another if the ended one counts as cut', () => {
    // Ended: errors 2 - 1 = 1 and 0 in place of -0.578971 and -1.578971: (2.759576 - 0.167604 - 1.246575 + 0.5) / 6 = 0.307566.
    const engine = threeTransitions(make, 'minimum');
    engine.input('continues').set([1, 0, 0]);
    expect(Math.abs(engine.run('critic') - 0.307566)).toBeLessThan(FIGURES);
    // Cut: 0.167604 and 1.246575 in place of 0.5 and 0: (2.759576 - 0.5 + 0.167604 + 1.246575) / 6 = 0.612293.
    engine.input('continues').set([1, 1, 1]);
    expect(Math.abs(engine.run('critic') - 0.612293)).toBeLessThan(FIGURES);
    engine.dispose();
  });
});

describe('the temperature', () => {
  const RATE = 0.01;

  /** After each of five updates, from 0.2. */
  function temperatures(targetEntropy: number, backend: Backend): readonly number[] {
    const settings: SacSettings = sacSettings.parse({
      hidden: '4',
      batchSize: 8,
      temperature: 0.2,
      temperatureRate: RATE,
      targetEntropy,
    });
    const learner = sacLearner({
      observationSpace: unitBox({ x: [-1, 1] }),
      actionSpace: unitBox({ a: [-1, 1] }),
      rows: 1,
      discountFactor: 0.9,
      steps: 5,
      settings,
      rng: createRng(4),
      backend,
    });
    return Array.from({ length: 5 }, () => learner.learn(0).temperature);
  }

  it.each(availableKernels())(
    'falls by its rate where entropy is above the target, and rises where it is below ($name)',
    (kernels) => {
      // At u = mean + std noise with log std -1.5, in nats: entropy below that of the uniform, log 2 = 0.69, and far above -20. The gradient
      // of log T, entropy - target, keeps its sign, and hardly varies beside a target of +-20: each step of Adam is the rate. So
      // log T goes from log 0.2 = -1.609438 by -0.01 or +0.01 five times: T = 0.198010, ..., 0.2 e^-0.05 = 0.190246, or 0.210254.
      const backend: Backend = {
        kind: 'kernels',
        name: kernels.name,
        refused: [],
        engine: (program) => arenaEngine(program, { kernels }),
      };
      const [falling, rising] = [-20, 20].map((target) => temperatures(target, backend));
      expect(Math.abs(falling[0] - 0.19801)).toBeLessThan(FIGURES);
      expect(Math.abs(rising[0] - 0.20201)).toBeLessThan(FIGURES);
      // Entropy varies by about 1 in 20 between batches, and Adam's step by less than a percent of the rate with it.
      expect(Math.abs(falling[4] / 0.190246 - 1)).toBeLessThan(0.05 * RATE);
      expect(Math.abs(rising[4] / 0.210254 - 1)).toBeLessThan(0.05 * RATE);
    },
  );
});
