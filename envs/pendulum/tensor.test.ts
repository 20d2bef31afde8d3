import type * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import { instantiate } from '../../core/registry.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import { pendulum } from './economy.ts';
import type { PendulumState } from './model.ts';

/** Float32, some dozens of roundings, relative to the scale of a coordinate. */
const SINGLE = 1e-5;

let tensors: Tf;
beforeAll(async () => {
  tensors = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

function economyOf(set: Readonly<Record<string, unknown>> = {}) {
  return instantiate(pendulum, { set });
}

function twinOf(set: Readonly<Record<string, unknown>> = {}): TensorTwin<PendulumState> {
  const twin = economyOf(set).tensor();
  if (twin === undefined) throw new Error('the pendulum has a tensor twin');
  return twin;
}

function seen(twin: TensorTwin<PendulumState>, state: PendulumState): number[] {
  return [...twin.normaliseState(twin.toCoordinates(state))];
}

describe('pendulum on tensors', () => {
  it('moves as the loop does at every kind of state and torque, under other constants too', () => {
    for (const set of [
      {},
      { gravity: 9.81, mass: 2, length: 0.5, timeStep: 0.02, maxTorque: 5, maxSpeed: 6 },
    ]) {
      const [economy, twin] = [economyOf(set), twinOf(set)];
      const cases = [-4, -Math.PI, -1, 0, 0.5, 2, 3.5, 20].flatMap((angle) =>
        [-6, -0.3, 0, 5.9].flatMap((angularVelocity) =>
          [-7, -2, 0.7, 2, 7].map((torque) => ({ state: { angle, angularVelocity }, torque })),
        ),
      );
      const found = tensors.tidy(() => {
        const rows = tensors.tensor2d(cases.map(({ state }) => seen(twin, state)));
        const torques = tensors.tensor2d(cases.map(({ torque }) => [torque]));
        const { next, probabilities, rewards } = twin.transition(tensors, rows, torques);
        return {
          next: next.arraySync(),
          probabilities: probabilities.arraySync(),
          rewards: rewards.arraySync(),
        };
      });
      cases.forEach(({ state, torque }, b) => {
        const actions = { controller: Float64Array.of(torque) };
        const [successor, ...others] = economy.enumerable()?.successors(state, actions) ?? [];
        expect(others).toEqual([]);
        expect(found.probabilities[b]).toEqual([1]);
        twin.toCoordinates(successor.state).forEach((x, d) => {
          expect(Math.abs(found.next[b][0][d] - x) / twin.scales[d]).toBeLessThan(SINGLE);
        });
        const reward = economy.enumerable()?.rewards(state, actions).controller[0] ?? Number.NaN;
        expect(Math.abs(found.rewards[b][0] - reward)).toBeLessThan(SINGLE * Math.max(1, Math.abs(reward)));
      });
    }
  });

  it('has a Q that grows with the torque as the chain rule says, and not at all beyond its bounds', () => {
    const twin = twinOf();
    const slopeAt = (torque: number) =>
      tensors.tidy(() => {
        const states = tensors.tensor2d([seen(twin, { angle: 1, angularVelocity: 2 })]);
        // V = sin th' + thdot' / 8, in normalised coordinates.
        const value = (x: tf.Tensor2D) =>
          tensors.add(x.slice([0, 1], [-1, 1]), x.slice([0, 2], [-1, 1])) as tf.Tensor2D;
        const q = (actions: tf.Tensor) =>
          tensors.sum(twin.q(tensors, states, actions as tf.Tensor2D, value)) as tf.Scalar;
        return tensors
          .grad(q)(tensors.tensor2d([[torque]]))
          .dataSync()[0];
      });
    // dthdot' / du = 0.15, dth' / du = 0.0075.
    const next = 1 + 0.05 * (2 + 0.75 * Math.sin(1) + 0.15);
    const expected = -0.002 + 0.99 * (0.0075 * Math.cos(next) + 0.15 / 8);
    expect(Math.abs(slopeAt(1) - expected)).toBeLessThan(SINGLE);
    expect(slopeAt(2.5)).toBe(0);
    expect(slopeAt(-2.5)).toBe(0);
  });

  it('leaves no tensors behind', () => {
    const twin = twinOf();
    const before = tensors.memory().numTensors;
    const states = tensors.tensor2d([[1, 0, 0]]);
    const actions = tensors.tensor2d([[0.5]]);
    twin.q(tensors, states, actions, (x) => x.slice([0, 0], [-1, 1])).dispose();
    const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
    for (const tensor of [next, probabilities, rewards, states, actions]) tensor.dispose();
    expect(tensors.memory().numTensors).toBe(before);
  });
});

describe('coordinates', () => {
  it('come back as the same place on the circle, and are what agents observe', () => {
    const [economy, twin] = [economyOf(), twinOf()];
    const state = { angle: 9, angularVelocity: -5 };
    const back = twin.fromCoordinates(twin.denormaliseState(seen(twin, state)));
    expect(Math.abs(back.angle - (9 - 2 * Math.PI))).toBeLessThan(1e-12);
    expect(back.angularVelocity).toBe(-5);
    const observation = { controller: new Float32Array(3) };
    economy.definition.observe({ model: economy.model, state }, observation);
    expect(Array.from(observation.controller)).toEqual(twin.toCoordinates(state).map(Math.fround));
    const normalised = tensors.tidy(() =>
      twin.normalise(tensors, tensors.tensor2d([[...twin.toCoordinates(state)]])).arraySync(),
    );
    seen(twin, state).forEach((x, d) => {
      expect(Math.abs(normalised[0][d] - x)).toBeLessThan(SINGLE);
    });
  });
});
