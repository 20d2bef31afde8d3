import { describe, expect, it } from 'vitest';
import type { AccountsEntry } from '../../core/capabilities.ts';
import { makeBatchedEnv, makeEnv } from '../../core/make.ts';
import { instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { jesusfv } from '../jesusfv/economy.ts';
import type { GrowthState } from '../jesusfv/model.ts';
import { jesusfvExtended } from './economy.ts';

const IDENTITY = 1e-12;

/** 0.9999 quantile of chi-square with eight degrees of freedom: seeds are fixed, so this fails never or always. */
const CHI_SQUARE_EIGHT = 31.8;

const fixed = instantiate(jesusfvExtended);
const markov = instantiate(jesusfvExtended, { calibration: 'markov' });

function firstStates(economy: typeof fixed, copies = 3000): readonly GrowthState[] {
  const env = makeBatchedEnv(economy, { copies });
  env.reset({ seed: 4 });
  return env.states as readonly GrowthState[];
}

describe('jesusfv-extended: depreciation', () => {
  it('is drawn uniformly from [0.8, 1] and kept for ever when static', () => {
    const rates = firstStates(fixed).map((s) => s.depreciation ?? Number.NaN);
    const mean = rates.reduce((a, d) => a + d, 0) / rates.length;
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1);
    // Four standard errors of a uniform mean.
    expect(Math.abs(mean - 0.9)).toBeLessThan((4 * 0.2) / Math.sqrt(12 * rates.length));
    const env = makeEnv(fixed);
    const first = env.reset({ seed: 1 }).info.depreciation;
    for (let t = 0; t < 20; t++) expect(env.step([0.2]).info.depreciation).toBe(first);
  });

  it('starts from the stationary law (1/4, 1/2, 1/4) of its chain when it moves', () => {
    const rates = firstStates(markov).map((s) => s.depreciation);
    const half = rates.filter((d) => d === 0.9).length / rates.length;
    expect(new Set(rates)).toEqual(new Set([0.8, 0.9, 1]));
    expect(Math.abs(half - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / rates.length));
  });

  it('depreciates the capital of its own period, and not the next', () => {
    for (const economy of [fixed, markov]) {
      const before = { capital: 0.3, depreciation: 0.8, productivity: 2 };
      const actions = { household: Float64Array.of(0.5) };
      const available = 0.3 ** (1 / 3) + 0.2 * 0.3;
      for (const { state } of economy.enumerable()?.successors(before, actions) ?? []) {
        expect(Math.abs(state.capital - 0.5 * available)).toBeLessThan(IDENTITY);
      }
    }
  });

  it('moves independently of productivity, as often as the enumeration says', () => {
    const state = { capital: 0.3, depreciation: 0.9, productivity: 2 };
    const actions = { household: Float64Array.of(0.6) };
    const successors = markov.enumerable()?.successors(state, actions) ?? [];
    expect(successors.length).toBe(9);
    expect(Math.abs(successors.reduce((sum, s) => sum + s.probability, 0) - 1)).toBeLessThan(IDENTITY);
    const rng = createRng(11);
    const rewards = { household: new Float64Array(1) };
    const counts = new Float64Array(9);
    const draws = 40_000;
    for (let n = 0; n < draws; n++) {
      const after: GrowthState = { ...state };
      markov.definition.step({ model: markov.model, state: after, actions, rewards, rng });
      const match = successors.findIndex(
        (s) => s.state.productivity === after.productivity && s.state.depreciation === after.depreciation,
      );
      if (successors[match]?.state.capital !== after.capital)
        throw new Error(`unlisted: ${JSON.stringify(after)}`);
      counts[match]++;
    }
    const statistic = successors.reduce((sum, { probability }, i) => {
      const expected = draws * probability;
      return sum + (counts[i] - expected) ** 2 / expected;
    }, 0);
    expect(statistic).toBeLessThan(CHI_SQUARE_EIGHT);
    expect(markov.enumerable()?.rewards(state, actions)).toEqual(rewards);
  });

  it('of exactly 0 is a rate like any other', () => {
    const none = instantiate(jesusfvExtended, { set: { depreciationLow: 0, depreciationHigh: 0.2 } });
    const env = makeEnv(none);
    const { info } = env.reset({ seed: 0, options: { depreciation: 0, capital: 2, productivity: 2 } });
    expect(info.depreciation).toBe(0);
    expect(info.resources).toBeCloseTo(2 ** (1 / 3) + 2, 12);
  });
});

describe('jesusfv-extended: a step', () => {
  it('is that of jesusfv at the same constant depreciation', () => {
    for (const depreciation of [0.8, 0.93, 1]) {
      const plain = instantiate(jesusfv, { set: { depreciation } });
      const actions = { household: Float64Array.of(0.61) };
      const state = { capital: 0.22, productivity: 1 };
      const expected = plain.enumerable()?.successors(state, actions) ?? [];
      const found = fixed.enumerable()?.successors({ ...state, depreciation }, actions) ?? [];
      expect(found).toEqual(expected.map((s) => ({ ...s, state: { ...s.state, depreciation } })));
      expect(found.length).toBe(3);
    }
  });

  it('balances its accounts at the depreciation of the period', () => {
    const before = { capital: 0.3, depreciation: 0.8, productivity: 4 };
    const actions = { household: Float64Array.of(0.5) };
    const after = markov.enumerable()?.successors(before, actions)[0].state;
    const entry = (after && markov.accounts()?.entry(before, actions, after)) as Required<AccountsEntry>;
    expect(Math.abs(entry.output - entry.consumption - entry.investment)).toBeLessThan(IDENTITY);
    expect(Math.abs(entry.nextCapital - (0.2 * 0.3 + entry.investment))).toBeLessThan(IDENTITY);
  });
});

describe('jesusfv-extended: observations and resets', () => {
  it('show capital, depreciation and productivity in order one, and as upstream', () => {
    const options = { capital: 0.25, depreciation: 0.8, productivity: 3 };
    const seen = (observation: string) => {
      const env = makeEnv(instantiate(jesusfvExtended, { set: { observation } }));
      return Array.from(env.reset({ seed: 0, options }).observation.data);
    };
    // 0.2069811 is the steady state at depreciation 0.9.
    const [k, d, z] = seen('steady-state');
    expect(k).toBeCloseTo(0.25 / 0.2069811 - 1, 5);
    expect(d).toBeCloseTo(-1, 6);
    expect(z).toBe(0.5);
    expect(seen('upstream')).toEqual([-0.25, 0.8 - 0.9, 0.25].map(Math.fround));
    expect(seen('raw')).toEqual([0.25, 0.8, 3].map(Math.fround));
  });

  it('lie in their space whatever is chosen', () => {
    for (const economy of [
      fixed,
      markov,
      instantiate(jesusfvExtended, { set: { reset: 'wide', action: 'level' } }),
    ]) {
      const env = makeBatchedEnv(economy, { copies: 8 });
      const { observationSpace, actionSpace } = env.types.household;
      env.reset({ seed: 9 });
      for (let t = 0; t < 300; t++) {
        for (let b = 0; b < 8; b++)
          env.actions.household[b] = (t + b) % 2 === 0 ? actionSpace.low[0] : actionSpace.high[0];
        env.step();
        for (let b = 0; b < 8; b++) {
          const seen = env.observations.household.slice(3 * b, 3 * b + 3);
          if (!observationSpace.contains(seen)) throw new Error(`[${seen}] is outside of its space`);
        }
      }
    }
  });

  it('refuse a rate that the process does not have', () => {
    expect(() => makeEnv(fixed).reset({ options: { depreciation: 0.5 } })).toThrow(
      /depreciation is 0.5; .* 0.8 to 1/,
    );
    expect(() => makeEnv(markov).reset({ options: { depreciation: 0.85 } })).toThrow(/levels 0.8, 0.9, 1/);
  });
});

describe('jesusfv-extended: calibration', () => {
  it('refuses a range of depreciation that is empty, with the remedy', () => {
    expect(() => instantiate(jesusfvExtended, { set: { depreciationLow: 1 } })).toThrow(
      /below depreciationHigh/,
    );
    expect(() => instantiate(jesusfvExtended, { set: { depreciation: 0.5 } })).toThrow(
      /unknown setting "depreciation"/,
    );
  });
});
