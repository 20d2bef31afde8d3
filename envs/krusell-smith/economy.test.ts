import { describe, expect, it } from 'vitest';
import { checkEconomy } from '../../core/check-economy.ts';
import { checkEnv } from '../../core/check-env.ts';
import { makeBatchedEnv, makeParallelEnv } from '../../core/make.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { exchangePlaces, type KrusellSmithState } from './dynamics.ts';
import { krusellSmith } from './economy.ts';
import type { KrusellSmithModel } from './setup.ts';

/** Identities of float64 arithmetic, relative. */
const IDENTITY = 1e-12;

type Settings = Readonly<Record<string, unknown>>;
type KrusellSmith = Economy<KrusellSmithState, 'household'>;

function economyOf(calibration: string, set: Settings = {}): KrusellSmith {
  return instantiate(krusellSmith, { calibration, set });
}

/** An economy that is stepped on by hand, everyone eating the same share. */
function walk(economy: KrusellSmith, options: Settings = {}) {
  const model = economy.model as KrusellSmithModel;
  const rng = createRng(3);
  const { init, step } = economy.definition;
  const state = init({ model, rng, options });
  const actions = { household: new Float64Array(model.households).fill(0.25) };
  const rewards = { household: new Float64Array(model.households) };
  return { model, state, actions, rewards, step: () => step({ model, state, actions, rewards, rng }) };
}

describe('the Krusell-Smith economies', () => {
  it('treat households alike: if they change places, what they see and get changes places with them', () => {
    const exchangeable = {
      household: {
        permute: (state: Readonly<Record<string, unknown>>, order: readonly number[]) =>
          exchangePlaces(state as KrusellSmithState, order),
      },
    };
    for (const economy of [
      economyOf('annual', { households: 4, horizon: 20 }),
      economyOf('quarterly', { households: 6, horizon: 20 }),
      economyOf('quarterly-insured', { households: 5, counts: 'independent', horizon: 20 }),
    ]) {
      const { checks, failures } = checkEnv(economy, { exchangeable });
      expect(failures).toEqual([]);
      const found = checks.find(({ name }) => name === 'exchangeable agents may be permuted');
      expect(found?.passed).toBeGreaterThan(0);
    }
  });

  it('notice households whose draws belong to places', () => {
    const byPlace = (state: Readonly<Record<string, unknown>>, order: readonly number[]) => ({
      ...exchangePlaces(state as KrusellSmithState, order),
      turn: (state as KrusellSmithState).turn,
    });
    const economy = economyOf('quarterly-insured', { households: 5, counts: 'independent', horizon: 20 });
    expect(checkEnv(economy, { exchangeable: { household: { permute: byPlace } } }).ok).toBe(false);
  });

  it('keep every law that their accounts tell, with draws as enumerated, for few households', async () => {
    for (const [calibration, set] of [
      ['annual', { households: 1, productivityStates: 3 }],
      ['annual', { households: 2, productivityStates: 3 }],
      ['quarterly-insured', { households: 3, counts: 'independent' }],
      ['aiyagari', { households: 2 }],
    ] as const) {
      const report = await checkEconomy(economyOf(calibration, set), {
        tensors: 'skip',
        steps: 60,
        seeds: [1],
      });
      expect(report.failures).toEqual([]);
      for (const law of ['E1', 'E2', 'E3', 'E5', 'E6', 'E7', 'E11']) {
        const rows = report.checks.filter(({ name }) => name.startsWith(`${law} `));
        for (const { passed } of rows) expect(passed).toBeGreaterThan(0);
      }
    }
  });

  it('draw productivity once for all: times change with probability 1/8 whatever the number of households', () => {
    for (const households of [1, 20, 500]) {
      const { state, step } = walk(economyOf('quarterly', { households }));
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

  it('draw employment given the change of times: its rate is 4 or 10 percent at once, and jobs are lost as the pair says', () => {
    const { state, step } = walk(economyOf('quarterly', { households: 500, counts: 'independent' }));
    const unemployed = [0, 0];
    const periods = [0, 0];
    const [lost, worked] = [new Float64Array(4), new Float64Array(4)];
    for (let t = 0; t < 4000; t++) {
      const before = state.status.slice();
      const from = state.productivity;
      step();
      const pair = from * 2 + state.productivity;
      periods[state.productivity] += 1;
      for (let i = 0; i < 500; i++) {
        unemployed[state.productivity] += 1 - state.status[i];
        worked[pair] += before[i];
        lost[pair] += before[i] * (1 - state.status[i]);
      }
    }
    // Four standard errors of a mean over serially correlated counts stay below these.
    expect(Math.abs(unemployed[0] / periods[0] / 500 - 0.1)).toBeLessThan(0.002);
    expect(Math.abs(unemployed[1] / periods[1] / 500 - 0.04)).toBeLessThan(0.002);
    [0.044444, 0.016667, 0.072917, 0.027778].forEach((p, pair) => {
      expect(Math.abs(lost[pair] / worked[pair] - p)).toBeLessThan(0.002);
    });
  });

  it('employ exactly as many as expected in the quarterly economy, and any number where draws are independent', () => {
    const exact = walk(economyOf('quarterly'));
    const apart = walk(economyOf('quarterly', { counts: 'independent' }));
    const seen = new Set<number>();
    const employed = (status: Uint8Array) => status.reduce((sum, e) => sum + e, 0);
    for (let t = 0; t < 200; t++) {
      exact.step();
      apart.step();
      expect(employed(exact.state.status)).toBe([90, 96][exact.state.productivity]);
      seen.add(employed(apart.state.status));
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('have mean income near one by default, and near 1.027 where it is raw and is said to come from outside', () => {
    for (const [income, mean] of [
      ['normalised', 1],
      ['raw', 1.0272],
    ] as const) {
      const economy = economyOf('annual', { income, households: 2000, productivityDeviation: 0 });
      const { model, state, actions, step } = walk(economy);
      const before = { ...state, capital: state.capital.slice(), status: state.status.slice() };
      step();
      const entry = economy.accounts()?.entry(before, actions, state);
      if (entry?.factorPayments === undefined || entry.output === undefined) throw new Error('has accounts');
      const excess = -(entry.government ?? 0);
      // Firms employ the labour of the sample, 1 in expectation; four standard errors of 2,000 incomes.
      expect(
        Math.abs((entry.factorPayments.labour + excess) / entry.factorPayments.labour - mean),
      ).toBeLessThan(IDENTITY + 1e-4);
      expect(Math.abs(model.expectedLabour[0] - 1)).toBeLessThan(IDENTITY);
      const uses = (entry.consumption ?? 0) + (entry.investment ?? 0) + (entry.government ?? 0);
      expect(Math.abs(uses - entry.output)).toBeLessThan(IDENTITY * 10);
    }
  });

  it('go on where nobody works: a single household without a job eats its capital', () => {
    const economy = economyOf('quarterly', { households: 1, counts: 'independent' });
    const { model, state, actions, rewards } = walk(economy);
    state.status[0] = 0;
    const [capital, rng] = [state.capital[0], createRng(1)];
    economy.definition.step({ model, state, actions, rewards, rng });
    expect(state.capital[0]).toBeCloseTo(0.75 * 0.975 * capital, 10);
    expect(Number.isFinite(rewards.household[0])).toBe(true);
  });

  it('reset to the capital and productivity given, which move no other draw', () => {
    const env = makeParallelEnv(economyOf('annual', { households: 5, observation: 'raw' }));
    const first = env.reset({ seed: 4 });
    const given = env.reset({ seed: 4, options: { capital: 6, productivity: 10 } });
    const column = (from: typeof first, j: number) =>
      env.possibleAgents.map((agent) => from.observations[agent].data[j]);
    expect(column(given, 2)[0]).toBeCloseTo(6, 5);
    expect(column(given, 3)[0]).toBeCloseTo(1.2293, 4);
    expect(column(given, 1)).toEqual(column(first, 1));
    const ratio = column(given, 0).map((k, i) => k / column(first, 0)[i]);
    for (const one of ratio) expect(one).toBeCloseTo(ratio[0], 4);
    expect(() => env.reset({ options: { productivity: 11 } })).toThrow(/states 0 to 10/);
    expect(() => env.reset({ options: { capital: 0 } })).toThrow(/capital/);
  });

  it('start everyone alike where wealth is equal, and with a Gini index near 1/2 where it is exponential', () => {
    const gini = (set: Settings) => {
      const env = makeBatchedEnv(economyOf('annual', { households: 2000, ...set }));
      env.reset({ seed: 1 });
      return env.info(0).gini;
    };
    expect(gini({ resetWealth: 'equal' })).toBeCloseTo(0, 12);
    expect(Math.abs(gini({}) - 0.5)).toBeLessThan(0.02);
  });

  it('say what is in the state: prices that exhaust output, and employment where there are jobs', () => {
    const env = makeBatchedEnv(economyOf('quarterly'));
    env.reset({ seed: 2, options: { productivity: 0 } });
    const { capital, labour, output, interestRate, wage, employment, productivity } = env.info(0);
    expect((interestRate + 0.025) * capital + wage * labour).toBeCloseTo(output, 10);
    expect([employment, productivity]).toEqual([0.9, 0.99]);
    const annual = makeBatchedEnv(economyOf('annual'));
    annual.reset({ seed: 2 });
    expect(Object.keys(annual.info(0))).not.toContain('employment');
  });

  it('answer to impulses: a level of productivity, a share of all capital; without aggregate risk to capital only', () => {
    const economy = economyOf('annual', { households: 3 });
    const { state } = walk(economy, { productivity: 9 });
    const capital = Array.from(state.capital);
    const before = { ...state };
    economy.shocks.capital.apply(state, -0.1);
    state.capital.forEach((k, i) => {
      expect(k).toBeCloseTo(0.9 * capital[i], 12);
    });
    economy.shocks.productivity.apply(state, 3);
    expect(state.productivity).toBe(10);
    expect(economy.shocks.productivity.applied?.(before, state)).toBe(1);
    expect(() => economy.shocks.productivity.apply(state, 0.5)).toThrow(/whole levels/);
    expect(Object.keys(economyOf('aiyagari').shocks)).toEqual(['capital']);
  });

  it('show what moves: no productivity without aggregate risk, no income without income risk', () => {
    const names = (set: Settings) =>
      economyOf('annual', { households: 2, ...set }).types.household.observationSpace.names;
    expect(names({})).toEqual(['cash', 'income', 'meanCapital', 'productivity']);
    expect(names({ productivityDeviation: 0, incomeDeviation: 0 })).toEqual(['cash', 'meanCapital']);
    expect(names({ risk: 'employment', observation: 'raw' })).toEqual([
      'capital',
      'employment',
      'meanCapital',
      'productivity',
    ]);
  });

  it('show numbers of order one near where the economy rests', () => {
    for (const calibration of ['annual', 'quarterly', 'aiyagari']) {
      const economy = economyOf(calibration);
      const env = makeBatchedEnv(economy, { copies: 20 });
      env.reset({ seed: 1 });
      const seen = env.observations.household;
      const size = economy.types.household.observationSpace.size;
      for (let j = 0; j < size; j++) {
        let squares = 0;
        for (let at = j; at < seen.length; at += size) squares += seen[at] ** 2;
        expect(Math.sqrt((squares * size) / seen.length)).toBeLessThan(2.5);
      }
    }
  });

  it('name years and quarters', () => {
    expect([economyOf('annual').periodsPerYear, economyOf('quarterly').periodsPerYear]).toEqual([1, 4]);
  });

  it('take less than a millisecond for 500 households', () => {
    const { step } = walk(economyOf('annual', { households: 500 }));
    for (let t = 0; t < 200; t++) step();
    const start = process.cpuUsage();
    for (let t = 0; t < 200; t++) step();
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 200).toBeLessThan(1000);
  });
});
