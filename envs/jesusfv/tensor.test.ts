import type * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import { jesusfvExtended } from '../jesusfv-extended/economy.ts';
import { jesusfv } from './economy.ts';
import type { GrowthState } from './model.ts';

/** Float32, some hundred roundings, relative to the scale of a coordinate. */
const SINGLE = 1e-5;

let tensors: Tf;
beforeAll(async () => {
  tensors = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

type Growth = Economy<GrowthState, 'household'>;

function twinOf(economy: Growth): TensorTwin<GrowthState> {
  const twin = economy.tensor();
  if (twin === undefined) throw new Error(`${economy.id} has a tensor twin`);
  return twin;
}

const economies: Readonly<Record<string, Growth>> = {
  fixed: instantiate(jesusfv, { set: { depreciation: 0.3 } }),
  published: instantiate(jesusfv, { set: { transition: 'published' } }),
  level: instantiate(jesusfv, { set: { action: 'level', depreciation: 0.1, reward: 'scaled' } }),
  static: instantiate(jesusfvExtended),
  markov: instantiate(jesusfvExtended, { calibration: 'markov' }),
};

/** The same state with and without the coordinate that an economy does not have. */
function stateFor(economy: Growth, state: Required<GrowthState>): GrowthState {
  const { capital, productivity } = state;
  return twinOf(economy).coordinates.length === 3 ? state : { capital, productivity };
}

function transition(economy: Growth, states: readonly GrowthState[], quantities: readonly number[]) {
  const twin = twinOf(economy);
  const coordinates = states.map((state) => [...twin.normaliseState(twin.toCoordinates(state))]);
  return tensors.tidy(() => {
    const rows = tensors.tensor2d(coordinates);
    const found = twin.transition(tensors, rows, tensors.tensor2d(quantities.map((q) => [q])));
    return {
      next: found.next.arraySync(),
      probabilities: found.probabilities.arraySync(),
      rewards: found.rewards.arraySync(),
    };
  });
}

describe('growth model on tensors', () => {
  it('has the successors, probabilities and rewards of the loop, in every coordinate and at cut actions', () => {
    for (const economy of Object.values(economies)) {
      const twin = twinOf(economy);
      const [low, high] = [
        economy.types.household.actionSpace.quantityLow[0],
        economy.types.household.actionSpace.quantityHigh[0],
      ];
      const quantities = [low, high, low - 0.5, high + 0.5, 0.4, 0.4];
      const states = quantities.map((_, i) =>
        stateFor(economy, {
          capital: 0.05 + 0.1 * (i % 5),
          depreciation: [0.8, 0.9, 1][i % 3],
          productivity: i % 5,
        }),
      );
      const found = transition(economy, states, quantities);
      states.forEach((state, b) => {
        const actions = { household: Float64Array.of(quantities[b]) };
        const successors = economy.enumerable()?.successors(state, actions) ?? [];
        const possible = found.next[b].filter((_, e) => found.probabilities[b][e] > 0);
        const weights = found.probabilities[b].filter((p) => p > 0);
        expect(possible.length).toBe(successors.length);
        successors.forEach((successor, e) => {
          expect(Math.abs(weights[e] - successor.probability)).toBeLessThan(SINGLE);
          twin.toCoordinates(successor.state).forEach((x, d) => {
            expect(Math.abs(possible[e][d] - x) / twin.scales[d]).toBeLessThan(SINGLE);
          });
        });
        const reward = economy.enumerable()?.rewards(state, actions).household[0] ?? Number.NaN;
        expect(Math.abs(found.rewards[b][0] - reward)).toBeLessThan(10 * SINGLE);
      });
    }
  });

  it('lists five successors, or fifteen where depreciation is a chain, and keeps the published 1.0001', () => {
    const state = { capital: 0.2, depreciation: 0.9, productivity: 2 };
    const mass = (name: string) => {
      const [row] = transition(economies[name], [stateFor(economies[name], state)], [0.5]).probabilities;
      return { count: row.length, sum: row.reduce((a, p) => a + p, 0) };
    };
    expect(mass('static').count).toBe(5);
    expect(mass('markov').count).toBe(15);
    expect(Math.abs(mass('markov').sum - 1)).toBeLessThan(1e-6);
    expect(Math.abs(mass('published').sum - 1.0001)).toBeLessThan(1e-6);
  });

  it('asks for the value of all successors in one call', () => {
    for (const [name, successors] of [
      ['static', 5],
      ['markov', 15],
    ] as const) {
      const economy = economies[name];
      const calls: (readonly number[])[] = [];
      tensors.tidy(() => {
        const states = tensors.tensor2d(Array.from({ length: 7 }, () => [0, 0, 0]));
        twinOf(economy).q(
          tensors,
          states,
          tensors.tensor2d(Array.from({ length: 7 }, () => [0.5])),
          (coordinates) => {
            calls.push(coordinates.shape);
            return coordinates.slice([0, 0], [-1, 1]);
          },
        );
      });
      expect(calls).toEqual([[7 * successors, 3]]);
    }
  });

  it('has a Q whose slope in the action is zero at the closed form, with the closed-form value', () => {
    const economy = instantiate(jesusfv);
    const twin = twinOf(economy);
    const slope = 1 / 3 / (1 - 0.95 / 3);
    const value = (coordinates: tf.Tensor2D) => {
      const capital = tensors.add(coordinates.slice([0, 0], [-1, 1]), 1);
      return tensors.mul(tensors.log(capital), slope) as tf.Tensor2D;
    };
    const gradientAt = (share: number) =>
      tensors.tidy(() => {
        const states = tensors.tensor2d([[0.3, -0.5]]);
        const q = (actions: tf.Tensor) =>
          tensors.sum(twin.q(tensors, states, actions as tf.Tensor2D, value)) as tf.Scalar;
        return tensors
          .grad(q)(tensors.tensor2d([[share]]))
          .dataSync()[0];
      });
    // d/dx (log x + beta B log(1 - x)) = 1/x - beta B / (1 - x).
    expect(Math.abs(gradientAt(1 - 0.95 / 3))).toBeLessThan(1e-5);
    expect(Math.abs(gradientAt(0.5) - (2 - 2 * 0.95 * slope))).toBeLessThan(1e-5);
    expect(gradientAt(0.995)).toBe(0);
  });

  it('leaves no tensors behind', () => {
    const twin = twinOf(economies.markov);
    const before = tensors.memory().numTensors;
    const states = tensors.tensor2d([[0, 0, 0]]);
    const actions = tensors.tensor2d([[0.5]]);
    twin.q(tensors, states, actions, (x) => x.slice([0, 0], [-1, 1])).dispose();
    const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
    for (const tensor of [next, probabilities, rewards, states, actions]) tensor.dispose();
    expect(tensors.memory().numTensors).toBe(before);
  });
});

describe('coordinates', () => {
  it('come back from normalising, through float32 to a state that the economy has', () => {
    for (const [name, economy] of Object.entries(economies)) {
      const twin = twinOf(economy);
      const state = stateFor(economy, { capital: 0.31, depreciation: 0.9, productivity: 4 });
      const seen = twin.normaliseState(twin.toCoordinates(state));
      const back = twin.fromCoordinates(twin.denormaliseState(seen.map(Math.fround)));
      expect(Object.keys(back)).toEqual(Object.keys(state));
      expect(Math.abs(back.capital - 0.31)).toBeLessThan(1e-6);
      expect(back.productivity).toBe(4);
      if (name === 'markov') expect(back.depreciation).toBe(0.9);
    }
  });

  it('normalise on tensors as in float64, and as the agents observe', () => {
    for (const economy of Object.values(economies)) {
      const twin = twinOf(economy);
      const state = stateFor(economy, { capital: 0.31, depreciation: 0.8, productivity: 1 });
      const raw = [...twin.toCoordinates(state)];
      const found = tensors.tidy(() => twin.normalise(tensors, tensors.tensor2d([raw])).arraySync()[0]);
      const observation = { household: new Float32Array(raw.length) };
      economy.definition.observe({ model: economy.model, state }, observation);
      twin.normaliseState(raw).forEach((x, i) => {
        // Depreciation is a small difference of numbers near one: a digit less.
        expect(Math.abs(found[i] - x)).toBeLessThan(SINGLE);
        expect(Math.abs(observation.household[i] - x)).toBeLessThan(1e-6);
      });
    }
  });
});
