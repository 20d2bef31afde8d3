import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEconomy } from './economy.ts';
import { OrderError, UsageError } from './errors.ts';
import { makeEnv, makeParallelEnv } from './make.ts';
import { instantiate } from './registry.ts';
import { box, unitBox } from './spaces.ts';
import { orchard } from './testing/orchard.ts';

const tank = instantiate(
  defineEconomy({
    id: 'tank',
    version: 1,
    title: 'Water that is drawn',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => 0.9,
    horizon: () => 3,
    types: () => ({
      user: { count: 1, observationSpace: box({ level: [0, 10] }), actionSpace: unitBox({ drawn: [0, 1] }) },
    }),
    init: ({ rng }) => ({ level: rng.between(4, 5) }),
    observe: ({ state }, { user }) => {
      user[0] = state.level;
    },
    step: ({ state, actions, rewards }) => {
      rewards.user[0] = actions.user[0];
      state.level -= actions.user[0];
    },
  }),
);

describe('Env', () => {
  it('follows reset and step as in Gymnasium, with copies of observations', () => {
    const env = makeEnv(tank);
    const first = env.reset({ seed: 1, state: { level: 5 } });
    expect(first.observation.get(0)).toBe(5);
    const second = env.step([1]);
    expect([second.reward, second.terminated, second.truncated, second.observation.get(0)]).toEqual([
      1,
      false,
      false,
      4,
    ]);
    second.observation.set(0, 99);
    expect(env.step(Float32Array.of(-1)).observation.get(0)).toBe(4);
    expect(first.observation.get(0)).toBe(5);
    expect(env.step([0]).truncated).toBe(true);
    expect(() => env.step([0])).toThrow(OrderError);
    env.close();
    env.close();
  });

  it('names agent and expected form of an action of the wrong shape or kind', () => {
    const env = makeEnv(tank);
    env.reset();
    expect(() => env.step([0, 0])).toThrow(/action of user_0 has 2 numbers; .*1 number \(drawn\)/);
    expect(() => env.step('a' as unknown as number[])).toThrow(/action of user_0 is string/);
    expect(() => env.step([Number.NaN])).toThrow(/is NaN/);
  });

  it('is refused for an economy with more agents', () => {
    expect(() => makeEnv(instantiate(orchard))).toThrow(/3 agents/);
  });

  it('shows its state as text and as escaped SVG', () => {
    const env = makeEnv(tank);
    env.reset({ state: { level: 5 } });
    expect(env.render('text')).toMatch(/tank\n {2}level +5/);
    expect(env.render('svg')).toMatch(/^<svg .*level.*<\/svg>$/);
  });
});

describe('ParallelEnv', () => {
  it('has one record entry per agent, and nobody lives after the end', () => {
    const env = makeParallelEnv(instantiate(orchard), { horizon: 2 });
    expect(env.agents).toEqual([]);
    const { observations } = env.reset({ seed: 1, options: { fruit: 3 } });
    expect(Object.keys(observations)).toEqual(['grower_0', 'grower_1', 'trader_0']);
    expect(env.agents).toEqual(env.possibleAgents);
    const actions = { grower_0: [0], grower_1: [-1], trader_0: [0.5] };
    const result = env.step(actions);
    expect(result.rewards).toEqual({ grower_0: 0.5, grower_1: 0, trader_0: 0.5 });
    expect(env.step(actions).truncated).toEqual({ grower_0: true, grower_1: true, trader_0: true });
    expect(env.agents).toEqual([]);
    expect(() => env.step(actions)).toThrow(/no agent is alive/);
  });

  it('names an agent that is missing or unknown', () => {
    const env = makeParallelEnv(instantiate(orchard));
    env.reset();
    expect(() => env.step({ grower_0: [0], trader_0: [0] })).toThrow(/no action for grower_1/);
    expect(() => env.step({ grower_0: [0], grower_1: [0], trader_0: [0], farmer_0: [0] })).toThrow(
      /unknown agent "farmer_0"/,
    );
    expect(() => env.actionSpace('farmer_0')).toThrow(UsageError);
  });

  it('gives the whole state as numbers, and continues after save and load', () => {
    const env = makeParallelEnv(instantiate(orchard));
    env.reset({ seed: 1, options: { fruit: 3 } });
    expect([...env.state().data]).toEqual([3, 0, 0]);
    const saved = env.save();
    const actions = { grower_0: [0], grower_1: [-1], trader_0: [0.5] };
    const next = env.step(actions);
    const other = makeParallelEnv(instantiate(orchard));
    other.load(saved);
    expect(other.step(actions)).toEqual(next);
  });
});
