import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { expectSameGradients } from '../off-policy/engine-agreement.ts';
import { type NeuralGridShape, neuralGridProgram } from './program.ts';
import { engines } from './test-fixtures.ts';

const TRAINED = [
  { phase: 'value', group: 'valued' },
  { phase: 'critic', group: 'critic' },
  { phase: 'actor', group: 'actor' },
  { phase: 'imitate', group: 'actor' },
] as const;

const SHAPE: NeuralGridShape = {
  coordinates: 3,
  actions: 2,
  hidden: [7, 5],
  activation: 'tanh',
  batchSize: 6,
  valuedRows: 11,
  huberThreshold: 1,
};

/** Figures worked by hand to six decimals, in float32. */
const FIGURES = 1e-6;

let tf: Tensorflow;
beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
});

describe('the losses of the neural grid', () => {
  it.each([
    { activation: 'tanh', seed: 1 },
    { activation: 'tanh', seed: 2 },
    { activation: 'relu', seed: 3 },
  ] as const)('have the gradients of tfjs on every kernel set ($activation, seed $seed)', (one) => {
    const program = neuralGridProgram({ ...SHAPE, activation: one.activation });
    expectSameGradients({ program, trained: TRAINED, rng: createRng(one.seed), tf });
  });

  it('give successors no gradient to the networks, and the slope of the value at each of them', () => {
    for (const { engine: make } of engines(tf)) {
      const engine = make(neuralGridProgram({ ...SHAPE, coordinates: 1, hidden: [1], valuedRows: 2 }));
      // v(x) = 3 tanh(2 x): v' = 6 (1 - tanh^2): 6 at 0; tanh 1 = 0.761594, so 6 (1 - 0.580026) = 2.519846 at 0.5.
      engine.setParameters('criticTarget', {
        w0: Float32Array.of(2),
        b0: Float32Array.of(0),
        w1: Float32Array.of(3),
        b1: Float32Array.of(0),
      });
      engine.setParameters('valued', { x: Float32Array.of(0, 0.5) });
      engine.run('value');
      const values = engine.output('value', 'value');
      expect(Math.abs(values[1] - 3 * 0.761594)).toBeLessThan(4 * FIGURES);
      const { x } = engine.gradients('valued');
      expect(Math.abs(x[0] - 6)).toBeLessThan(4 * FIGURES);
      expect(Math.abs(x[1] - 2.519846)).toBeLessThan(4 * FIGURES);
      engine.dispose();
    }
  });
});

describe('the actor', () => {
  /** Two states, two actions; the actor says u = 1/2 everywhere: its weights are 0. */
  const set = (
    make: ReturnType<typeof engines>[number]['engine'],
    inputs: Readonly<Record<string, readonly number[]>>,
  ) => {
    const engine = make(neuralGridProgram({ ...SHAPE, batchSize: 2 }));
    for (const [name, values] of Object.entries({ lowest: [0, 0, 0, 0], highest: [1, 1, 1, 1], ...inputs }))
      engine.input(name).set(values);
    return engine;
  };

  it('gains the mean over states of slope times action, and what counts for it is its own action alone', () => {
    for (const { engine: make } of engines(tf)) {
      const engine = set(make, { slope: [1, 2, 3, -4] });
      // (1 + 2 + 3 - 4) / 2 states * 1/2 = 0.5, less no penalty.
      expect(Math.abs(engine.run('actor') + 0.5)).toBeLessThan(FIGURES);
      // du/d(output bias) = (1 - tanh^2 0) / 2 = 1/2: -(1 + 3) / 2 * 1/2 = -1 and -(2 - 4) / 2 * 1/2 = 1/2.
      const { b2 } = engine.gradients('actor');
      expect(Math.abs(b2[0] + 1)).toBeLessThan(FIGURES);
      expect(Math.abs(b2[1] - 0.5)).toBeLessThan(FIGURES);
      engine.dispose();
    }
  });

  it('pays by the square for being beyond the range, on either side, and nothing within', () => {
    for (const { engine: make } of engines(tf)) {
      // 0.1 above the highest in one action, 0.2 below the lowest in another: weight 10 * (0.01 + 0.04) / 2 states = 0.25.
      const engine = set(make, { highest: [0.4, 1, 1, 1], lowest: [0, 0, 0, 0.7], weight: [10] });
      expect(Math.abs(engine.run('actor') - 0.25)).toBeLessThan(FIGURES);
      expect(Math.abs(engine.output('actor', 'penalty')[0] - 0.25)).toBeLessThan(FIGURES);
      // 10 * 2 * 0.1 / 2 * 1/2 = 0.5 down, 10 * 2 * 0.2 / 2 * 1/2 = 1 up.
      const { b2 } = engine.gradients('actor');
      expect(Math.abs(b2[0] - 0.5)).toBeLessThan(FIGURES);
      expect(Math.abs(b2[1] + 1)).toBeLessThan(FIGURES);
      engine.dispose();
    }
  });
});
