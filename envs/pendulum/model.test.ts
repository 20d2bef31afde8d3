import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { pendulum } from './economy.ts';
import { energy, fromUpright, move, type PendulumModel, type PendulumState, reward } from './model.ts';

/** Identities of float64 arithmetic, a few roundings deep. */
const IDENTITY = 1e-12;

const { PI } = Math;

function modelOf(set: Readonly<Record<string, unknown>> = {}): PendulumModel {
  return instantiate(pendulum, { set }).model as PendulumModel;
}

function stepOnce(model: PendulumModel, [angle, angularVelocity]: readonly number[], torque: number) {
  const state: PendulumState = { angle, angularVelocity };
  const earned = reward(model, state, torque);
  move(model, state, torque);
  return [state.angle, state.angularVelocity, earned];
}

/**
 * Worked out by hand from the published equations with g = 10, m = l = 1, dt = 0.05, hence
 * thdot' = thdot + 0.75 sin th + 0.15 u, th' = th + 0.05 thdot'. Rows: [th, thdot], u, [th', thdot', reward].
 */
const GOLDEN: Readonly<Record<string, readonly [readonly number[], number, readonly number[]]>> = {
  'falls from level, 0.75 rad / s faster, without torque': [
    [PI / 2, 0],
    0,
    [PI / 2 + 0.0375, 0.75, -(PI ** 2) / 4],
  ],
  'adds half of gravity at 30 degrees and the whole torque': [
    [PI / 6, 1],
    2,
    [PI / 6 + 0.08375, 1.675, -(PI ** 2 / 36 + 0.1 + 0.004)],
  ],
  'hangs down without gravity turning it, pushed one way': [
    [PI, 0],
    -2,
    [PI - 0.015, -0.3, -(PI ** 2 + 0.004)],
  ],
  'is cut at the top speed, which then turns it: 8.95 would be next': [
    [PI / 2, 7.9],
    2,
    [PI / 2 + 0.4, 8, -(PI ** 2 / 4 + 6.241 + 0.004)],
  ],
  'is cut at the top speed the other way': [
    [-PI / 2, -7.9],
    -2,
    [-PI / 2 - 0.4, -8, -(PI ** 2 / 4 + 6.241 + 0.004)],
  ],
  'costs the short way round past a half turn, and its angle is not wrapped': [
    [1.5 * PI, -0.5],
    1,
    [1.5 * PI - 0.055, -1.1, -(PI ** 2 / 4 + 0.025 + 0.001)],
  ],
  'costs the rest of the angle after whole turns back': [
    [-(2 + 1 / 6) * PI, 0],
    0,
    [-(2 + 1 / 6) * PI - 0.01875, -0.375, -(PI ** 2) / 36],
  ],
  'is turned, and charged, by no more than the largest torque': [[0, 0], 5, [0.015, 0.3, -0.004]],
  'stays upright, at rest and free of cost, without torque': [[0, 0], 0, [0, 0, 0]],
};

describe("Pendulum-v1's step", () => {
  it.each(Object.entries(GOLDEN))('%s', (_name, [from, torque, expected]) => {
    stepOnce(modelOf(), from, torque).forEach((x, i) => {
      expect(Math.abs(x - expected[i])).toBeLessThan(IDENTITY);
    });
  });

  it('follows gravity, mass, length and step: by hand 3 g / (2 l) = 29.43 and 3 / (m l^2) = 6', () => {
    const model = modelOf({ gravity: 9.81, mass: 2, length: 0.5, timeStep: 0.02, maxTorque: 3 });
    const [angle, velocity] = stepOnce(model, [PI / 6, 0], 3);
    expect(Math.abs(velocity - (29.43 / 2 + 18) * 0.02)).toBeLessThan(IDENTITY);
    expect(Math.abs(angle - PI / 6 - velocity * 0.02)).toBeLessThan(IDENTITY);
  });

  it('earns between -(pi^2 + 6.4 + 0.004) = -16.2736044 and nothing', () => {
    const model = modelOf();
    const [, , worst] = stepOnce(model, [PI, 8], 2);
    // Printed by Gymnasium's documentation with seven decimals.
    expect(Math.abs(worst + 16.2736044)).toBeLessThan(5e-8);
    for (const [angle, velocity, torque] of [
      [3, -8, -2],
      [-3, 8, 9],
      [40, 7, 1],
    ]) {
      const [, , earned] = stepOnce(model, [angle, velocity], torque);
      expect(earned).toBeLessThan(0);
      expect(earned).toBeGreaterThan(worst);
    }
  });

  it('moves a mirror image to the mirror image, for the same reward', () => {
    const model = modelOf();
    let [left, right]: PendulumState[] = [
      { angle: 2.5, angularVelocity: -0.7 },
      { angle: -2.5, angularVelocity: 0.7 },
    ];
    for (let t = 0; t < 200; t++) {
      const torque = 3 * Math.sin(t);
      const [a, v, r] = stepOnce(model, [left.angle, left.angularVelocity], torque);
      const [ma, mv, mr] = stepOnce(model, [right.angle, right.angularVelocity], -torque);
      expect([ma, mv]).toEqual([-a, -v]);
      expect(Math.abs(mr - r)).toBeLessThan(IDENTITY);
      left = { angle: a, angularVelocity: v };
      right = { angle: ma, angularVelocity: mv };
    }
  });

  it('keeps energy without torque, the better the shorter the period', () => {
    const drift = (timeStep: number) => {
      const model = modelOf({ timeStep });
      const state = { angle: 2, angularVelocity: 0 };
      const start = energy(model, state);
      let most = 0;
      for (let t = 0; t < 2 / timeStep; t++) {
        move(model, state, 0);
        most = Math.max(most, Math.abs(energy(model, state) - start));
      }
      return most;
    };
    // Of the first order: a tenth of the period, about a tenth of the drift; energy itself is of order 2 J.
    expect(drift(1e-3)).toBeLessThan(0.02);
    expect(drift(1e-4) / drift(1e-3)).toBeLessThan(0.12);
  });

  it('gains what the torque works: u times the angle turned, up to the length of a period', () => {
    const model = modelOf({ timeStep: 1e-4 });
    const state = { angle: 3, angularVelocity: 0 };
    const before = energy(model, state);
    for (let t = 0; t < 5000; t++) move(model, state, 1.5);
    const work = 1.5 * (state.angle - 3);
    expect(Math.abs(energy(model, state) - before - work)).toBeLessThan(1e-3 * Math.abs(work));
  });
});

describe('the angle from upright', () => {
  it('lies in [-pi, pi), a half turn counting as minus pi as in Gymnasium', () => {
    expect(fromUpright(0)).toBe(0);
    expect(fromUpright(PI)).toBe(-PI);
    expect(fromUpright(-PI)).toBe(-PI);
    for (const [angle, expected] of [
      [1.5 * PI, -0.5 * PI],
      [-1.5 * PI, 0.5 * PI],
      [7 * PI + 0.25, -PI + 0.25],
      [-20 * PI - 1, -1],
    ]) {
      expect(Math.abs(fromUpright(angle) - expected)).toBeLessThan(1e-13);
    }
  });
});
