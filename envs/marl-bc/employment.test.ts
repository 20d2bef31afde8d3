import { describe, expect, it } from 'vitest';
import { makeBatchedEnv } from '../../core/make.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { exchangePlaces } from '../krusell-smith/dynamics.ts';
import { krusellSmith } from '../krusell-smith/economy.ts';
import { economyOf, hasJobs, walk } from './test-fixtures.ts';

describe('the MARL-BC economies with jobs', () => {
  it('are krusell-smith where households are alike: the same draws, prices, budgets and rewards', () => {
    const set = { households: 30, riskAversion: 2, counts: 'exact' } as const;
    const ours = walk(economyOf('ks', set), [0.2]);
    const theirs = instantiate(krusellSmith, {
      calibration: 'quarterly',
      set: {
        ...set,
        discountFactor: 0.95,
        productivityGap: 0.02,
        labourEndowment: 1.11,
        unemploymentBenefit: 0,
      },
    });
    if (!hasJobs(ours.state)) throw new Error('it has jobs');
    const state = exchangePlaces(
      ours.state,
      Array.from({ length: 30 }, (_, i) => i),
    );
    const [rngs, rewards] = [[createRng(9), createRng(9)], { household: new Float64Array(30) }];
    const { model, definition } = theirs;
    for (let t = 0; t < 100; t++) {
      const { definition: own, model: ownModel } = economyOf('ks', set);
      own.step({
        model: ownModel,
        state: ours.state,
        actions: ours.actions,
        rewards: ours.rewards,
        rng: rngs[0],
      });
      definition.step({ model, state, actions: ours.actions, rewards, rng: rngs[1] });
      expect(ours.state.status).toEqual(state.status);
      expect(ours.state.productivity).toBe(state.productivity);
      for (let i = 0; i < 30; i++) {
        expect(Math.abs(ours.state.capital[i] / state.capital[i] - 1)).toBeLessThan(1e-11);
        expect(ours.rewards.household[i]).toBeCloseTo(rewards.household[i], 10);
      }
    }
  });

  it('draw times once for all: they change with probability 1/8 whatever the number of households', () => {
    for (const households of [1, 20, 500]) {
      const { state, step } = walk(economyOf('ks', { households }), [0.2]);
      if (!hasJobs(state)) throw new Error('it has jobs');
      let changes = 0;
      for (let t = 0; t < 5000; t++) {
        const before = state.productivity;
        step();
        if (state.productivity !== before) changes += 1;
      }
      // Four standard errors.
      expect(Math.abs(changes / 5000 - 0.125)).toBeLessThan(0.02);
    }
  });

  it('lose and find jobs by either law: conditional on the old job, or drawn anew as times change', () => {
    for (const [employmentLaw, stay, lose] of [
      ['conditional', [0.6, 0.25, 0.75, 1 / 3], [0.044444, 0.016667, 0.072917, 0.027778]],
      ['redrawn', [0.6, 0.04, 0.1, 1 / 3], [0.044444, 0.04, 0.1, 0.027778]],
    ] as const) {
      const economy = economyOf('ks', { households: 500, counts: 'independent', employmentLaw });
      const { state, step } = walk(economy, [0.2]);
      if (!hasJobs(state)) throw new Error('it has jobs');
      const [lost, worked, stayed, idle] = Array.from({ length: 4 }, () => new Float64Array(4));
      const [unemployed, periods] = [new Float64Array(2), new Float64Array(2)];
      for (let t = 0; t < 3000; t++) {
        const before = state.status.slice();
        const from = state.productivity;
        step();
        const pair = from * 2 + state.productivity;
        periods[state.productivity] += 500;
        for (let i = 0; i < 500; i++) {
          unemployed[state.productivity] += 1 - state.status[i];
          worked[pair] += before[i];
          lost[pair] += before[i] * (1 - state.status[i]);
          idle[pair] += 1 - before[i];
          stayed[pair] += (1 - before[i]) * (1 - state.status[i]);
        }
      }
      for (let pair = 0; pair < 4; pair++) {
        // Four standard errors of the rarest: 200 changes of times with 20 households without a job each.
        expect(Math.abs(lost[pair] / worked[pair] - lose[pair])).toBeLessThan(0.003);
        expect(Math.abs(stayed[pair] / idle[pair] - stay[pair])).toBeLessThan(0.03);
      }
      expect(Math.abs(unemployed[0] / periods[0] - 0.1)).toBeLessThan(0.002);
      expect(Math.abs(unemployed[1] / periods[1] - 0.04)).toBeLessThan(0.002);
    }
  });

  it('say what is in the state: prices that exhaust output, and who works', () => {
    const env = makeBatchedEnv(economyOf('ks') as unknown as Economy);
    env.reset({ seed: 2, options: { productivity: 0, capital: 11 } });
    const { capital, output, rent, wage, employment, productivity, gini } = env.info(0);
    expect(rent * capital + wage * 1.11 * 0.9).toBeCloseTo(output, 10);
    expect([employment, productivity]).toEqual([0.9, 0.98]);
    expect(gini).toBeCloseTo(0, 12);
  });
});
