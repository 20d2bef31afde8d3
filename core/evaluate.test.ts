import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRng } from '../numerics/random.ts';
import type { Agents } from './agent.ts';
import { constantAgent, randomAgent } from './baselines.ts';
import { defineEconomy } from './economy.ts';
import { discountedValues, evaluate, oracleAgents, policyDistance, statePolicy } from './evaluate.ts';
import { instantiate } from './registry.ts';
import { Simulation } from './simulation.ts';
import { box, unitBox } from './spaces.ts';
import { orchard } from './testing/orchard.ts';
import { train } from './train.ts';

/** Reward -(a - x)^2 with x redrawn each period: the best action is x, its value 0. */
const guess = instantiate(
  defineEconomy({
    id: 'guess',
    version: 1,
    title: 'Guess the number that is shown',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => 0.5,
    horizon: () => 4,
    types: () => ({
      guesser: { count: 1, observationSpace: box({ x: [0, 4] }), actionSpace: unitBox({ a: [0, 4] }) },
    }),
    init: ({ rng }) => ({ x: 4 * rng.uniform() }),
    observe: ({ state }, { guesser }) => {
      guesser[0] = state.x;
    },
    step: ({ state, actions, rewards, rng }) => {
      rewards.guesser[0] = -((actions.guesser[0] - state.x) ** 2);
      state.x = 4 * rng.uniform();
    },
    oracle: () => ({
      method: 'closed form',
      solution: { converged: true, iterations: 0, residual: 0 },
      act: (state, { guesser }) => {
        guesser[0] = state.x;
      },
      steadyState: { x: 2 },
      evaluationStates: [0, 1, 2, 3, 4].map((x) => ({ x })),
      welfareLossPercent: ({ policy, optimum }) => optimum.guesser - policy.guesser,
    }),
  }),
);
const { actionSpace } = guess.types.guesser;
const oracle = guess.oracle();
if (oracle === undefined) throw new Error('guess has an oracle');
const always = (quantity: number): Agents => ({
  guesser: constantAgent({ actionSpace, quantities: [quantity] }),
});

describe('evaluate', () => {
  it('finds no distance between the oracle and itself', () => {
    const { oracle: distance } = evaluate({
      economy: guess,
      agents: oracleAgents(guess, oracle),
      oracle,
      seed: 1,
    });
    expect(distance?.policyGap).toBeLessThan(1e-12);
    expect(distance?.welfareLossPercent).toBe(0);
    expect(distance?.correlations.a).toBeCloseTo(1, 12);
  });

  it('measures gaps in quantities, by hand: |3 - x| over x = 0..4 is 7/5 on average', () => {
    const distance = evaluate({ economy: guess, agents: always(3), oracle, seed: 1 }).oracle;
    expect(distance?.policyGaps.a).toBeCloseTo(7 / 5, 12);
    // the best constant is the median 2, with gap (2 + 1 + 0 + 1 + 2) / 5
    expect(distance?.constantGap).toBeCloseTo(6 / 5, 12);
    expect(distance?.correlations.a).toBeNull();
  });

  it('discounts: from x the first loss is (2 - x)^2, later ones have mean 4/3', () => {
    const value = discountedValues({
      economy: guess,
      agents: always(2),
      makeBatch: (o) => new Simulation(guess, o),
      states: Array.from({ length: 4000 }, () => ({ x: 2 })),
      seed: 1,
    });
    // -(0 + 4/3 (1/2 + 1/4 + ...)); 16,000 paths, standard deviation of a loss 1.19
    expect(Math.abs(value.guesser + 4 / 3)).toBeLessThan(0.03);
  });

  it('does not touch the streams of an environment that is training', async () => {
    const run = async (evaluations: number) => {
      const env = new Simulation(guess, { copies: 2 });
      env.reset({ seed: 1 });
      const agents = { guesser: randomAgent({ actionSpace, rng: createRng(2) }) };
      const rewards: number[] = [];
      await train(agents, env, {
        steps: 20,
        callbacks: [
          () => {
            for (let i = 0; i < evaluations; i++)
              evaluate({ economy: guess, agents, oracle, seed: 5, episodes: 2 });
            rewards.push(...env.rewards.guesser);
            return undefined;
          },
        ],
      });
      return rewards;
    };
    expect(await run(1)).toEqual(await run(0));
  });
});

describe('policyDistance', () => {
  it('reports the correlation of learned and optimal quantities', () => {
    const reversed = (states: readonly { x: number }[]) => ({
      guesser: Float64Array.from(states, ({ x }) => 4 - x),
    });
    expect(policyDistance(guess, oracle, reversed as never).correlations.a).toBeCloseTo(-1, 12);
  });
});

describe('statePolicy', () => {
  it('gives quantities for any number of states', () => {
    const policy = statePolicy({ agents: always(3), makeBatch: (o) => new Simulation(guess, o) });
    expect([...policy([{ x: 0 }]).guesser]).toEqual([3]);
    expect([...policy([{ x: 0 }, { x: 1 }, { x: 4 }]).guesser]).toEqual([3, 3, 3]);
  });
});

describe('train', () => {
  it('shows agents what they did, what followed, and the last observation before a reset', async () => {
    const env = new Simulation(guess, { copies: 2 });
    env.reset({ seed: 1 });
    const seen: number[][] = [];
    const agent = {
      ...constantAgent({ actionSpace, quantities: [3] }),
      observe: ({
        observations,
        actions,
        rewards,
        nextObservations,
        terminated,
      }: Parameters<NonNullable<Agents[string]['observe']>>[0]) => {
        seen.push([observations[1], actions[1], rewards[1], nextObservations[1], terminated[1]]);
      },
    };
    const starts: number[] = [];
    await train({ guesser: agent }, env, {
      steps: 5,
      callbacks: [() => void starts.push(env.observations.guesser[1])],
    });
    seen.forEach(([x, action, reward, next, terminated], t) => {
      expect(action).toBeCloseTo(0.5, 12);
      expect(reward).toBeCloseTo(-((3 - x) ** 2), 5);
      expect(terminated).toBe(0);
      if (t === 3) expect(next).not.toBe(starts[t]);
      else expect(next).toBe(starts[t]);
      if (t > 0) expect(x).toBe(starts[t - 1]);
    });
  });

  it('stops when a callback says so, and refuses an economy with an agent type nobody plays', async () => {
    const env = new Simulation(guess);
    env.reset({ seed: 1 });
    expect(
      await train(always(1), env, { steps: 9, callbacks: [({ step }) => (step === 4 ? 'stop' : undefined)] }),
    ).toBe(4);
    await expect(train({}, env, { steps: 1 })).rejects.toThrow(/no agent for type "guesser"/);
  });
});

describe('returns and values of several types', () => {
  it('keep growers and trader apart: two pick 1 each and pay a quarter, for two periods', () => {
    const economy = instantiate(orchard);
    const { grower, trader } = economy.types;
    const agents = {
      grower: constantAgent({ actionSpace: grower.actionSpace, quantities: [1] }),
      trader: constantAgent({ actionSpace: trader.actionSpace, quantities: [0.25] }),
    };
    const makeBatch = (o: object) => new Simulation(economy, { ...o, horizon: 2 });
    const { returns, return: mean } = evaluate({
      economy,
      agents,
      oracle: undefined,
      makeBatch,
      seed: 1,
      episodes: 3,
    });
    expect(returns).toEqual({ grower: 1.5, trader: 1 });
    expect(mean).toBeCloseTo((1.5 + 1.5 + 1) / 3, 12);
  });
});
