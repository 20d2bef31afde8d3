import { describe, expect, it } from 'vitest';
import { makeBatchedEnv, makeEnv } from '../../core/make.ts';
import { instantiate } from '../../core/registry.ts';
import { pendulum } from './economy.ts';
import type { PendulumState } from './model.ts';

const { PI } = Math;

/** Identities of float64 arithmetic; observations are float32, of order one to eight. */
const IDENTITY = 1e-12;
const SINGLE = 1e-6;

function economyOf(set: Readonly<Record<string, unknown>> = {}) {
  return instantiate(pendulum, { set });
}

describe('pendulum: as a region of states', () => {
  it('is one turn, on which whole turns change nothing', () => {
    const domain = economyOf().domain();
    if (domain === undefined) throw new Error('the pendulum has a domain');
    const [angle, speed] = domain.toCoordinates({ angle: 1 + 6 * PI, angularVelocity: -3 });
    expect(Math.abs(angle - 1)).toBeLessThan(IDENTITY);
    expect(speed).toBe(-3);
    expect(domain.fromCoordinates([1, -3])).toEqual({ angle: 1, angularVelocity: -3 });
  });
});

describe('pendulum: as an environment', () => {
  it('has the spaces of Pendulum-v1', () => {
    const { observationSpace, actionSpace } = makeEnv(economyOf());
    expect(observationSpace.names).toEqual(['cosine', 'sine', 'angularVelocity']);
    expect([...observationSpace.low, ...observationSpace.high]).toEqual([-1, -1, -8, 1, 1, 8]);
    expect([...actionSpace.low, ...actionSpace.high]).toEqual([-2, 2]);
  });

  it('goes through two periods as worked out by hand: dropped from level, then pushed', () => {
    const env = makeEnv(economyOf());
    const first = env.reset({ seed: 0, options: { angle: PI / 2, angularVelocity: 0 } });
    [0, 1, 0].forEach((x, i) => {
      expect(Math.abs(first.observation.get(i) - x)).toBeLessThan(SINGLE);
    });
    const one = env.step([0]);
    expect(Math.abs(one.reward + PI ** 2 / 4)).toBeLessThan(IDENTITY);
    [-Math.sin(0.0375), Math.cos(0.0375), 0.75].forEach((x, i) => {
      expect(Math.abs(one.observation.get(i) - x)).toBeLessThan(SINGLE);
    });
    // thdot' = 0.75 + 0.75 cos(0.0375) + 0.15; the reward is that of the state left, with its torque.
    const two = env.step([1]);
    const speed = 0.9 + 0.75 * Math.cos(0.0375);
    const turned = 0.0375 + 0.05 * speed;
    expect(Math.abs(two.reward + (PI / 2 + 0.0375) ** 2 + 0.1 * 0.75 ** 2 + 0.001)).toBeLessThan(IDENTITY);
    [-Math.sin(turned), Math.cos(turned), speed].forEach((x, i) => {
      expect(Math.abs(two.observation.get(i) - x)).toBeLessThan(SINGLE);
    });
  });

  it('is truncated after 200 periods and never ends by itself', () => {
    const env = makeEnv(economyOf());
    env.reset({ seed: 3 });
    for (let t = 1; t <= 200; t++) {
      const { terminated, truncated } = env.step([2]);
      expect([terminated, truncated]).toEqual([false, t === 200]);
    }
  });

  it('tells the angle from upright and the energy, whatever the number of turns', () => {
    const env = makeEnv(economyOf());
    const { info } = env.reset({ seed: 0, options: { angle: 7.5 * PI, angularVelocity: 3 } });
    expect(Math.abs(info.angle + PI / 2)).toBeLessThan(1e-13);
    expect(Math.abs(info.energy - 9 / 6)).toBeLessThan(1e-13);
  });

  it('has as its only successor the state that a step reaches, bit for bit', () => {
    const economy = economyOf();
    const env = makeBatchedEnv(economy, { copies: 1 });
    env.reset({ seed: 5 });
    for (let t = 0; t < 50; t++) {
      const before = { ...env.states[0] } as PendulumState;
      const torque = 2 * Math.sin(t);
      const actions = { controller: Float64Array.of(torque) };
      env.actions.controller[0] = torque;
      env.step();
      expect(economy.enumerable()?.successors(before, actions)).toEqual([
        { probability: 1, state: env.states[0] },
      ]);
      expect(economy.enumerable()?.rewards(before, actions).controller[0]).toBe(env.rewards.controller[0]);
    }
  });
});

/** States drawn by a batch's resets. */
function firstStates(options: Readonly<Record<string, unknown>> = {}, copies = 4000) {
  const env = makeBatchedEnv(economyOf(), { copies });
  env.reset({ seed: 1, options });
  return env.states as readonly PendulumState[];
}

/** Uniform on [-limit, limit]: mean and mean square within four standard errors, and no draw beyond. */
function requireUniform(values: readonly number[], limit: number) {
  const n = values.length;
  const mean = values.reduce((a, x) => a + x, 0) / n;
  const square = values.reduce((a, x) => a + x * x, 0) / n;
  expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * n));
  // The square of a uniform variable on [-1, 1] has mean 1/3 and variance 1/5 - 1/9 = 4/45.
  expect(Math.abs(square / limit ** 2 - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / n));
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit);
}

describe('pendulum: reset', () => {
  it('draws the angle from the whole turn and the speed from [-1, 1] rad / s', () => {
    const states = firstStates();
    requireUniform(
      states.map((s) => s.angle),
      PI,
    );
    requireUniform(
      states.map((s) => s.angularVelocity),
      1,
    );
  });

  it('draws within the limits given, which are the x_init and y_init of Gymnasium', () => {
    const states = firstStates({ angleLimit: 0.5, angularVelocityLimit: 4 });
    requireUniform(
      states.map((s) => s.angle),
      0.5,
    );
    requireUniform(
      states.map((s) => s.angularVelocity),
      4,
    );
    expect(firstStates({ angleLimit: 0, angularVelocityLimit: 0 }, 1)).toEqual([
      { angle: 0, angularVelocity: 0 },
    ]);
  });

  it('starts where it is told, leaving the other draw as it was', () => {
    const env = makeBatchedEnv(economyOf(), { copies: 1 });
    env.reset({ seed: 9 });
    const { angle, angularVelocity } = env.states[0] as PendulumState;
    env.reset({ seed: 9, options: { angle: 3 } });
    expect(env.states[0]).toEqual({ angle: 3, angularVelocity });
    env.reset({ seed: 9, options: { angularVelocity: -8 } });
    expect(env.states[0]).toEqual({ angle, angularVelocity: -8 });
  });

  it('refuses what the rod cannot do, with the bound', () => {
    const env = makeEnv(economyOf());
    expect(() => env.reset({ options: { angularVelocity: -9 } })).toThrow(
      /angularVelocity is -9; .* up to 8 \(maxSpeed\)/,
    );
    expect(() => env.reset({ options: { angularVelocityLimit: 8.5 } })).toThrow(
      /angularVelocityLimit is 8.5/,
    );
    expect(() => env.reset({ options: { angleLimit: 4 } })).toThrow(/angleLimit/);
    expect(() => env.reset({ options: { x_init: 1 } })).toThrow(/x_init/);
  });
});

describe('pendulum: a push', () => {
  it('changes the speed by its size, and by less where the top speed is reached', () => {
    const { push } = economyOf().shocks;
    const state = { angle: 1, angularVelocity: 7.5 };
    const before = { ...state };
    push.apply(state, 1);
    expect(state).toEqual({ angle: 1, angularVelocity: 8 });
    expect(push.applied?.(before, state)).toBe(0.5);
    push.apply(state, -3);
    expect(state.angularVelocity).toBe(5);
  });
});

describe('pendulum: what is not known', () => {
  it('has no oracle and no accounts, and trains from one copy as published results do', () => {
    const economy = economyOf();
    expect(economy.oracle()).toBeUndefined();
    expect(economy.accounts()).toBeUndefined();
    expect(economy.advice('sac')).toEqual({ copies: 1 });
    expect(economy.advice('ddpg')).toEqual({ copies: 1 });
    expect(economy.discountFactors).toEqual({ controller: 0.99 });
  });
});
