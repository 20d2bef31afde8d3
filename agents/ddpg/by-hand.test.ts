/** One update of DDPG and of TD3 in small figures, worked step by step in the comments, on every engine. */
import { beforeAll, describe, expect, it } from 'vitest';
import { availableKernels } from '../../kernels/choose.ts';
import { arenaEngine, referenceEngine } from '../../nn/arena-engine.ts';
import type { Engine, Program, Values } from '../../nn/engine.ts';
import { tensorEngine } from '../../nn/tensor-engine.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { type DdpgShape, ddpgProgram } from './program.ts';

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

/** One observation, one action, networks of one relu unit h, three transitions. Parameters are 0 unless set. */
function engineOf(
  make: Subject['make'],
  shape: Partial<DdpgShape>,
  groups: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
): Engine<Values> {
  const program = ddpgProgram({
    observationSize: 1,
    actionSize: 1,
    hidden: [1],
    activation: 'relu',
    batchSize: 3,
    critics: 2,
    targetSmoothing: 0.2,
    actorSmoothing: 0.1,
    explorationNoise: 0.1,
    smoothingClip: 0.5,
    saturationPenalty: 0.4,
    huberThreshold: 10,
    discountFactor: 0.9,
    ...shape,
  });
  const engine = make(program);
  for (const [group, values] of Object.entries(groups)) {
    const parameters = engine.parameters(group);
    for (const [name, numbers] of Object.entries(values)) parameters[name].set(numbers);
    engine.setParameters(group, parameters);
  }
  return engine;
}

/**
 * Three transitions of reward 1: one that goes on to s' = 0.5, one cut by a time limit at s' = 2, one that ends at s' = 2. beta = 0.9.
 *
 * The next action: mu-(s') = tanh(relu(s') / 2), its noise 0.2 eps cut to 0.5.
 *   s' = 0.5, eps = 1:  tanh 0.25 + 0.2 = 0.244919 + 0.2 = 0.444919.
 *   s' = 2, eps = -3:   tanh 1 - 0.5, for -0.6 is cut, = 0.761594 - 0.5 = 0.261594.
 *
 * The targets: h = relu(s' + a'), Q1 = 2 h, Q2 = 4 - h.
 *   s' = 0.5:  h = 0.944919,  Q1 = 1.889837,  Q2 = 3.055081:  minimum 1.889837 (the first).
 *   s' = 2:    h = 2.261594,  Q1 = 4.523188,  Q2 = 1.738406:  minimum 1.738406 (the second).
 *
 * y = r + beta d Q.
 *   goes on:  1 + 0.9 * 1.889837 = 2.700854
 *   cut:      1 + 0.9 * 1.738406 = 2.564565        (one critic: 1 + 0.9 * 4.523188 = 5.070869)
 *   ended:    1.
 *
 * The critics say 2 and 1 whatever they see. Errors: -0.700854, -0.564565, 1 and -1.700854, -1.564565, 0. Halved squares:
 *   0.245598 + 0.159367 + 0.5 + 1.446451 + 1.223932 + 0 = 3.575348, a sixth of it 0.595891.
 * One critic, saying 2: errors -0.700854, -3.070869, 1, halved squares 0.245598 + 4.715120 + 0.5 = 5.460718, a third of it 1.820239.
 *
 * The slope of the loss at a critic's bias is the sum of its errors over their number:
 *   two: (-0.700854 - 0.564565 + 1) / 6 = -0.044236 and (-1.700854 - 1.564565) / 6 = -0.544236;
 *   one: (-0.700854 - 3.070869 + 1) / 3 = -0.923908.
 */
function threeTransitions(make: Subject['make'], critics: 1 | 2): Engine<Values> {
  const both = {
    criticTarget: { w0: [1, 1, 1, 1], w1: [2, -1], b1: [0, 4] },
    critic: { b1: [2, 1] },
  };
  const one = { criticTarget: { w0: [1, 1], w1: [2] }, critic: { b1: [2] } };
  const engine = engineOf(
    make,
    { critics },
    { actorTarget: { w0: [1], w1: [0.5] }, ...(critics === 2 ? both : one) },
  );
  engine.input('nextObservations').set([0.5, 2, 2]);
  engine.input('nextNoise').set([1, -3, -3]);
  engine.input('rewards').fill(1);
  engine.input('continues').set([1, 1, 0]);
  return engine;
}

describe.each(SUBJECTS)('three transitions on $name', ({ make }) => {
  it.each([
    { critics: 2, loss: 0.595891, slopes: [-0.044236, -0.544236], value: 1.5 },
    { critics: 1, loss: 1.820239, slopes: [-0.923908], value: 2 },
  ] as const)(
    'are valued at a noisy next action by the least of $critics targets, the ended one by its reward alone',
    ({ critics, loss, slopes, value }) => {
      const engine = threeTransitions(make, critics);
      expect(Math.abs(engine.run('critic') - loss)).toBeLessThan(FIGURES);
      expect(Math.abs(engine.output('critic', 'meanValue')[0] - value)).toBeLessThan(FIGURES);
      const { b1 } = engine.gradients('critic');
      slopes.forEach((slope, i) => {
        expect(Math.abs(b1[i] - slope)).toBeLessThan(FIGURES);
      });
      engine.dispose();
    },
  );

  it('have another loss if the cut one counts as ended, and another if the ended one counts as cut', () => {
    // Ended: errors 1 and 0 in place of -0.564565 and -1.564565: (3.575348 - 0.159367 - 1.223932 + 0.5) / 6 = 0.448675.
    const engine = threeTransitions(make, 2);
    engine.input('continues').set([1, 0, 0]);
    expect(Math.abs(engine.run('critic') - 0.448675)).toBeLessThan(FIGURES);
    // Cut: -0.564565 and -1.564565 in place of 1 and 0: (3.575348 - 0.5 + 0.159367 + 1.223932) / 6 = 0.743108.
    engine.input('continues').set([1, 1, 1]);
    expect(Math.abs(engine.run('critic') - 0.743108)).toBeLessThan(FIGURES);
    engine.dispose();
  });
});

/**
 * The actor mu(s) = tanh(relu(s) / 2) climbs Q1 = -2 relu(a - 0.5): flat below 0.5, falling beyond. Noise 0.1 eps, cut to 0.5.
 *   s = 1, eps = 2:   mu = tanh 0.5 = 0.462117, a = 0.662117, beyond: -Q1 = 0.324234, slope in a 2, of tanh 1 - mu^2 = 0.786448.
 *   s = 1, eps = -2:  a = 0.262117, below: -Q1 = 0, slope 0.
 *   s = 3, eps = 9:   mu = tanh 1.5 = 0.905148; 0.9 is cut to 0.5, the sum to 1, where the actor moves nothing: -Q1 = 1, slope 0.
 * The loss is (0.324234 + 0 + 1) / 3 = 0.441411, its slope at the actor's bias 2 * 0.786448 / 3 = 0.524298. The second critic is not asked.
 *
 * Without noise the first two are below the kink, and the third, at 0.905148, beyond: the loss is 2 * 0.405148 / 3 = 0.270099, its slope
 * 2 (1 - 0.905148^2) / 3 = 2 * 0.180707 / 3 = 0.120471.
 */
describe.each(SUBJECTS)('the actor on $name', ({ make }) => {
  it.each([
    { actorSmoothing: 0.1, loss: 0.441411, slope: 0.524298 },
    { actorSmoothing: 0, loss: 0.270099, slope: 0.120471 },
  ])(
    'climbs the first critic at actions with noise of $actorSmoothing',
    ({ actorSmoothing, loss, slope }) => {
      const engine = engineOf(
        make,
        { actorSmoothing },
        {
          actor: { w0: [1], w1: [0.5] },
          critic: { w0: [0, 1, 5, 5], b0: [-0.5, 5], w1: [-2, 7], b1: [0, 7] },
        },
      );
      engine.input('observations').set([1, 1, 3]);
      engine.input('noise').set([2, -2, 9]);
      expect(Math.abs(engine.run('actor') - loss)).toBeLessThan(FIGURES);
      expect(Math.abs(engine.gradients('actor').b1[0] - slope)).toBeLessThan(FIGURES);
      engine.dispose();
    },
  );

  it('is called back from where tanh is flat, and from nowhere else', () => {
    // The critic says 0 throughout. u = relu(s) / 2 - 3 = 2, -3 and -3 at s = 10, 0, -1: no penalty, for none is beyond 3.
    const engine = engineOf(make, {}, { actor: { w0: [1], w1: [0.5], b1: [-3] } });
    engine.input('observations').set([10, 0, -1]);
    expect(engine.run('actor')).toBe(0);
    expect(engine.gradients('actor').b1[0]).toBe(0);
    // u = relu(s) / 2 - 4 = 8, -3 and -4 at s = 24, 2, 0: 0.4 (5^2 + 0 + 1^2) / 3 = 3.466667, its slope 0.4 * 2 (5 - 1) / 3 = 1.066667.
    engine.setParameters('actor', {
      ...engine.parameters('actor'),
      b1: engine.parameters('actor').b1.fill(-4),
    });
    engine.input('observations').set([24, 2, 0]);
    expect(Math.abs(engine.run('actor') - 3.466667)).toBeLessThan(FIGURES);
    expect(Math.abs(engine.gradients('actor').b1[0] - 1.066667)).toBeLessThan(FIGURES);
    engine.dispose();
  });
});
