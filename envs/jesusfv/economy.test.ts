import { describe, expect, it } from 'vitest';
import type { AccountsEntry } from '../../core/capabilities.ts';
import { makeBatchedEnv, makeEnv } from '../../core/make.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { NORMALISED_ROWS } from './chain.ts';
import { jesusfv } from './economy.ts';
import type { GrowthState } from './model.ts';

/** Identities of float64 arithmetic. */
const IDENTITY = 1e-12;

type Settings = Readonly<Record<string, unknown>>;
type Jesusfv = Economy<GrowthState, 'household'>;

function economyOf(set: Settings = {}, calibration?: string): Jesusfv {
  return instantiate(jesusfv, calibration === undefined ? { set } : { calibration, set });
}

/** One period from `state` under the quantity, on a copy. */
function stepOnce(economy: Jesusfv, state: GrowthState, quantity: number, seed = 0) {
  const after: GrowthState = { ...state };
  const rewards = { household: new Float64Array(1) };
  economy.definition.step({
    model: economy.model,
    state: after,
    actions: { household: Float64Array.of(quantity) },
    rewards,
    rng: createRng(seed),
  });
  return { after, reward: rewards.household[0] };
}

function firstStates(set: Settings, copies = 4000): readonly GrowthState[] {
  const env = makeBatchedEnv(economyOf(set), { copies });
  env.reset({ seed: 1 });
  return env.states as readonly GrowthState[];
}

/** Sum of (observed - expected)^2 / expected over the states that can occur. */
function chiSquare(observed: readonly number[], probabilities: readonly number[]): number {
  const total = observed.reduce((a, n) => a + n, 0);
  return observed.reduce((sum, n, i) => {
    if (probabilities[i] === 0) return sum + (n === 0 ? 0 : Infinity);
    const expected = total * probabilities[i];
    return sum + (n - expected) ** 2 / expected;
  }, 0);
}

/** 0.9999 quantiles of chi-square with two and four degrees of freedom: seeds are fixed, so this fails never or always. */
const CHI_SQUARE = { two: 18.4, four: 23.5 };

describe('jesusfv: a step', () => {
  it('eats the share, gives its logarithm and keeps the rest as capital', () => {
    const economy = economyOf();
    const { after, reward } = stepOnce(economy, { capital: 0.2, productivity: 2 }, 0.4);
    const y = 0.2 ** (1 / 3);
    expect(Math.abs(reward - Math.log(0.4 * y))).toBeLessThan(IDENTITY);
    expect(Math.abs(after.capital - 0.6 * y)).toBeLessThan(IDENTITY);
  });

  it('rests in capital at the steady state while productivity is one and a third of beta is saved', () => {
    const economy = economyOf();
    const oracle = economy.oracle();
    const actions = { household: new Float64Array(1) };
    const rest = oracle?.steadyState ?? { capital: Number.NaN, productivity: 2 };
    oracle?.act(rest, actions);
    const { after } = stepOnce(economy, rest, actions.household[0]);
    expect(Math.abs(after.capital - rest.capital)).toBeLessThan(IDENTITY);
  });

  it('is the same for a share and for the level that it stands for', () => {
    const shares = economyOf({ depreciation: 0.3 });
    const levels = economyOf({ depreciation: 0.3, action: 'level' });
    let byShare: GrowthState = { capital: 0.9, productivity: 1 };
    let byLevel: GrowthState = { ...byShare };
    for (let t = 0; t < 50; t++) {
      const share = 0.1 + 0.015 * t;
      const k = byShare.capital;
      const level =
        share * ([0.9792, 0.9896, 1, 1.0106, 1.0212][byShare.productivity] * k ** (1 / 3) + 0.7 * k);
      const a = stepOnce(shares, byShare, share, t);
      const b = stepOnce(levels, byLevel, level, t);
      expect(Math.abs(a.reward - b.reward)).toBeLessThan(IDENTITY);
      expect(Math.abs(a.after.capital - b.after.capital)).toBeLessThan(IDENTITY);
      byShare = a.after;
      byLevel = b.after;
    }
  });

  it('has the successors that the enumeration lists, as often as it says, for normalised and published rows', () => {
    for (const transition of ['normalised', 'published']) {
      const economy = economyOf({ transition, depreciation: 0.5 });
      const state = { capital: 0.3, productivity: 2 };
      const actions = { household: Float64Array.of(0.6) };
      const successors = economy.enumerable()?.successors(state, actions) ?? [];
      expect(successors.map((s) => s.state.productivity)).toEqual([1, 2, 3]);
      const counts = [0, 0, 0];
      const rng = createRng(7);
      const rewards = { household: new Float64Array(1) };
      for (let n = 0; n < 20_000; n++) {
        const after: GrowthState = { ...state };
        economy.definition.step({ model: economy.model, state: after, actions, rewards, rng });
        const match = successors.findIndex((s) => s.state.productivity === after.productivity);
        if (successors[match]?.state.capital !== after.capital)
          throw new Error(`unlisted: ${JSON.stringify(after)}`);
        counts[match]++;
      }
      const mass = successors.reduce((sum, s) => sum + s.probability, 0);
      const probabilities = successors.map((s) => s.probability / mass);
      expect(chiSquare(counts, probabilities)).toBeLessThan(CHI_SQUARE.two);
      expect(economy.enumerable()?.rewards(state, actions)).toEqual(rewards);
    }
  });

  it('keeps the published 1.0001 in the enumeration and not in the default', () => {
    const mass = (set: Settings) =>
      economyOf(set)
        .enumerable()
        ?.successors({ capital: 0.2, productivity: 2 }, { household: Float64Array.of(0.5) })
        .reduce((sum, s) => sum + s.probability, 0) ?? 0;
    expect(Math.abs(mass({ transition: 'published' }) - 1.0001)).toBeLessThan(IDENTITY);
    expect(Math.abs(mass({}) - 1)).toBeLessThan(IDENTITY);
    expect(NORMALISED_ROWS[2][1]).toBe(0.00815);
  });

  it('scales the reward by 1 - beta when asked, and the value with it', () => {
    const state = { capital: 0.2, productivity: 2 };
    const [log, scaled] = [
      economyOf({ depreciation: 0.4 }),
      economyOf({ depreciation: 0.4, reward: 'scaled' }),
    ];
    expect(stepOnce(scaled, state, 0.4).reward).toBeCloseTo(0.05 * stepOnce(log, state, 0.4).reward, 14);
    expect(scaled.oracle()?.value?.(state)).toBeCloseTo(
      0.05 * (log.oracle()?.value?.(state) ?? Number.NaN),
      12,
    );
  });

  it('has finite rewards whatever is asked, for ever, in both action modes', () => {
    for (const action of ['share', 'level']) {
      const env = makeBatchedEnv(economyOf({ action, depreciation: 0.1 }), { copies: 2, horizon: 1000 });
      const space = env.types.household.actionSpace;
      env.reset({ seed: 3 });
      for (let t = 0; t < 300; t++) {
        env.actions.household.set([space.low[0], space.high[0]]);
        env.step();
        expect(env.rewards.household.every(Number.isFinite)).toBe(true);
        expect(env.states.every((s) => (s as GrowthState).capital > 0)).toBe(true);
      }
    }
  });
});

describe('jesusfv: accounts', () => {
  it('spend output on consumption and investment, carry capital forward and recompute the reward', () => {
    for (const depreciation of [0, 0.1, 1]) {
      const economy = economyOf({ depreciation });
      const before = { capital: 0.4, productivity: 3 };
      const { after, reward } = stepOnce(economy, before, 0.3);
      const actions = { household: Float64Array.of(0.3) };
      const entry = economy.accounts()?.entry(before, actions, after) as Required<AccountsEntry>;
      expect(Math.abs(entry.output - entry.consumption - entry.investment)).toBeLessThan(IDENTITY);
      const next = (1 - entry.depreciation) * entry.capital + entry.investment;
      expect(Math.abs(entry.nextCapital - next)).toBeLessThan(IDENTITY);
      expect(entry.depreciation).toBe(depreciation);
      expect(entry.utility.household[0]).toBe(reward);
      expect(entry.output).toBeCloseTo(1.0106 * 0.4 ** (1 / 3), 14);
    }
  });
});

describe('jesusfv: reset', () => {
  it('draws capital uniformly from 0.5 to 1.5 steady states, and from (0, 1] when wide', () => {
    const normal = (0.95 / 3) ** 1.5;
    for (const [set, low, high] of [
      [{}, 0.5 * normal, 1.5 * normal],
      [{ reset: 'wide' }, 0, 1],
    ] as const) {
      const capitals = firstStates(set).map((s) => s.capital);
      const mean = capitals.reduce((a, k) => a + k, 0) / capitals.length;
      expect(Math.min(...capitals)).toBeGreaterThan(low);
      expect(Math.max(...capitals)).toBeLessThanOrEqual(high);
      // Four standard errors of a uniform mean over 4000 draws.
      expect(Math.abs(mean - (low + high) / 2)).toBeLessThan((4 * (high - low)) / Math.sqrt(12 * 4000));
    }
  });

  it('draws productivity from its stationary distribution, or uniformly', () => {
    const counts = (set: Settings) => {
      const seen = [0, 0, 0, 0, 0];
      for (const s of firstStates(set)) seen[s.productivity]++;
      return seen;
    };
    // Detailed balance of a birth-death chain: pi(1) = pi(0) 273/41, pi(2) = pi(1) 153/81.5, and symmetric.
    const weights = [1, 273 / 41, (273 / 41) * (153 / 81.5), 273 / 41, 1];
    const total = weights.reduce((a, w) => a + w, 0);
    expect(
      chiSquare(
        counts({ resetProductivity: 'stationary' }),
        weights.map((w) => w / total),
      ),
    ).toBeLessThan(CHI_SQUARE.four);
    expect(chiSquare(counts({}), [0.2, 0.2, 0.2, 0.2, 0.2])).toBeLessThan(CHI_SQUARE.four);
  });

  it('starts where options say, leaving the other draws as they were', () => {
    const env = makeEnv(economyOf());
    const free = env.reset({ seed: 5 }).info;
    const chosen = env.reset({ seed: 5, options: { capital: 0.25 } }).info;
    expect(chosen.capital).toBe(0.25);
    expect(chosen.productivity).toBe(free.productivity);
    expect(env.reset({ seed: 5, options: { productivity: 4 } }).info.productivity).toBe(1.0212);
  });

  it('refuses a first state that cannot be reached, with the range', () => {
    const env = makeEnv(economyOf());
    expect(() => env.reset({ options: { capital: 50 } })).toThrow(
      /capital is 50; this calibration reaches 0 to/,
    );
    expect(() => env.reset({ options: { capital: 0 } })).toThrow(/capital/);
    expect(() => env.reset({ options: { productivity: 5 } })).toThrow(/productivity/);
    expect(() => env.reset({ options: { depreciation: 0.9 } })).toThrow(/depreciation/);
  });
});

describe('jesusfv: observations', () => {
  it('are deviations of order one from the steady state, upstream coordinates, or raw', () => {
    const normal = (0.95 / 3) ** 1.5;
    const cases = [
      ['steady-state', [0.25 / normal - 1, 0.5]],
      ['upstream', [-0.25, 0.25]],
      ['raw', [0.25, 3]],
    ] as const;
    for (const [observation, expected] of cases) {
      const env = makeEnv(economyOf({ observation }));
      const { data } = env.reset({ seed: 0, options: { capital: 0.25, productivity: 3 } }).observation;
      expect(Array.from(data)).toEqual(expected.map(Math.fround));
    }
  });

  it('lie in their space however much or little is saved, from every reset', () => {
    for (const set of [
      {},
      { reset: 'wide', observation: 'raw' },
      { depreciation: 0, observation: 'upstream' },
      { depreciation: 0.1, action: 'level' },
    ]) {
      const env = makeBatchedEnv(economyOf(set), { copies: 3, horizon: 2000 });
      const space = env.types.household.observationSpace;
      const { low, high } = env.types.household.actionSpace;
      expect(space.bounded).toBe(true);
      env.reset({ seed: 2 });
      for (let t = 0; t < 1500; t++) {
        env.actions.household.set([low[0], high[0], t % 3 === 0 ? high[0] : low[0]]);
        env.step();
        for (let b = 0; b < 3; b++) {
          const seen = env.observations.household.slice(2 * b, 2 * b + 2);
          if (!space.contains(seen))
            throw new Error(`observation [${seen}] at period ${t} is outside of its space`);
        }
      }
    }
  });
});

describe('jesusfv: calibration', () => {
  it('accepts a depreciation of exactly 0, and 0.1 under the name annual', () => {
    expect(economyOf({ depreciation: 0 }).calibration.depreciation).toBe(0);
    expect(economyOf({}, 'annual').calibration.depreciation).toBe(0.1);
  });

  it('refuses numbers out of range, unknown choices and unknown names', () => {
    expect(() => economyOf({ depreciation: -0.1 })).toThrow(/"depreciation" is -0.1/);
    expect(() => economyOf({ depreciation: 1.1 })).toThrow(/"depreciation" is 1.1/);
    expect(() => economyOf({ discountFactor: 1 })).toThrow(/"discountFactor" is 1/);
    expect(() => economyOf({ capitalShare: 0 })).toThrow(/"capitalShare" is 0/);
    expect(() => economyOf({ transition: 'normalized' })).toThrow(/normalised/);
    expect(() => economyOf({ discountfactor: 0.9 })).toThrow(/Did you mean "discountFactor"/);
    expect(() => economyOf({ horizon: 0 })).toThrow(/horizon/);
  });

  it('refuses a steady state that the household could not choose, and names what to change', () => {
    expect(() => economyOf({ depreciation: 0, discountFactor: 0.999, capitalShare: 0.8 })).toThrow(
      /eats the share 0\.0012\d* of resources, but actions reach 0.01 to 0.99/,
    );
  });
});

describe('jesusfv: advice', () => {
  it('tells SAC to explore less in the end, and DDPG throughout, where little is eaten, and nothing elsewhere', () => {
    const advised = (set: Settings) => economyOf(set).advice('sac');
    expect(advised({ depreciation: 0.1 })).toEqual({ targetEntropyFall: 0.5 });
    expect(advised({})).toEqual({});
    expect(advised({ depreciation: 0.1, action: 'level' })).toEqual({});
    expect(economyOf({ depreciation: 0.1 }).advice('ddpg')).toEqual({
      explorationNoise: 0.1,
      targetSmoothing: 0.05,
      actorSmoothing: 0.05,
    });
    expect(economyOf({}).advice('ddpg')).toEqual({});
    expect(economyOf({ depreciation: 0.1 }).advice('unknown')).toEqual({});
  });
});
