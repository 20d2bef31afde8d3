import { describe, expect, it } from 'vitest';
import { checkEconomy } from '../../core/check-economy.ts';
import { checkEnv } from '../../core/check-env.ts';
import { NonFiniteError } from '../../core/errors.ts';
import { makeBatchedEnv, makeParallelEnv } from '../../core/make.ts';
import type { Economy } from '../../core/registry.ts';
import { autocorrelation, standardDeviation } from '../../numerics/statistics.ts';
import { exchangePlaces } from '../krusell-smith/dynamics.ts';
import type { ChosenState, MarlBcState } from './part.ts';
import { economyOf, hasJobs, isChosen, type MarlBc, type Settings, walk } from './test-fixtures.ts';

/** Identities of float64 arithmetic, relative. */
const IDENTITY = 1e-12;

const plain = (economy: MarlBc) => economy as unknown as Economy;

function exchanged(state: MarlBcState, order: readonly number[]): MarlBcState {
  if (!isChosen(state)) return exchangePlaces(state, order);
  return {
    ...state,
    capital: state.capital.map((_, i) => state.capital[order[i]]),
    lastLabour: state.lastLabour.map((_, i) => state.lastLabour[order[i]]),
  };
}

function chosen(state: MarlBcState): ChosenState {
  if (!isChosen(state)) throw new Error('labour is chosen');
  return state;
}

describe('the MARL-BC economies', () => {
  it('keep every law that their accounts tell', async () => {
    for (const [calibration, set, laws] of [
      ['rbc-textbook', { households: 2 }, ['E1', 'E2', 'E3', 'E5', 'E6', 'E8', 'E10', 'E11']],
      ['rbc-typical', { timing: 'act-first' }, ['E1', 'E2', 'E3', 'E5', 'E6', 'E8', 'E10', 'E11']],
      ['rbc-typical', { productivityDeviation: 0, households: 2 }, ['E1', 'E7', 'E8', 'E10', 'E11']],
      ['rbc-het', {}, ['E1', 'E2', 'E3', 'E5', 'E6', 'E11']],
      ['ks', { households: 3, counts: 'independent' }, ['E1', 'E2', 'E3', 'E5', 'E6', 'E7', 'E11']],
      ['ks-het', { households: 6 }, ['E1', 'E2', 'E3', 'E5', 'E6', 'E11']],
    ] as const) {
      const economy = economyOf(calibration, { ...set, horizon: 30 });
      const report = await checkEconomy(economy, { tensors: 'skip', steps: 40, seeds: [1] });
      expect(report.failures).toEqual([]);
      for (const law of laws) {
        const rows = report.checks.filter(({ name }) => name.startsWith(`${law} `));
        for (const { passed } of rows) expect(passed).toBeGreaterThan(0);
      }
    }
  });

  it('keep the contract, and treat households that are alike alike: if they change places, what they see and get changes places with them', () => {
    const household = {
      permute: (state: Readonly<Record<string, unknown>>, order: readonly number[]) =>
        exchanged(state as MarlBcState, order),
    };
    for (const economy of [
      economyOf('rbc-typical', { households: 3, observation: 'full', horizon: 20 }),
      economyOf('ks', { households: 3, horizon: 20 }),
    ]) {
      const { checks, failures } = checkEnv(plain(economy), { exchangeable: { household } });
      expect(failures).toEqual([]);
      const found = checks.find(({ name }) => name === 'exchangeable agents may be permuted');
      expect(found?.passed).toBeGreaterThan(0);
    }
  });

  it('rest where their steady state is: a thousand quiet periods with its share and labour change nothing', () => {
    for (const [calibration, share, labour] of [
      ['rbc-textbook', 0.658, 0.16284987277353688],
      ['rbc-typical', 0.16011787819253426, 0.1264737406216506],
    ] as const) {
      const economy = economyOf(calibration, { households: 3, productivityDeviation: 0 });
      const rest = calibration === 'rbc-textbook' ? 0.030458128481062937 : 1.3900742253475438;
      const { state, step } = walk(economy, [share, labour], {
        options: { capital: rest, logProductivity: 0 },
      });
      for (let t = 0; t < 1000; t++) step();
      for (const k of state.capital) expect(Math.abs(k / rest - 1)).toBeLessThan(1e-10);
    }
  });

  it('draw log A with a deviation of 2.29 percent and an autocorrelation of 0.9', () => {
    const { state, step } = walk(economyOf('rbc-typical'), [0.16, 0.13]);
    const path = Float64Array.from({ length: 40_000 }, () => {
      step();
      return chosen(state).logProductivity;
    });
    // Four standard errors of 40,000 periods of which some 2,000 are independent.
    expect(Math.abs(standardDeviation(path) / 0.02294 - 1)).toBeLessThan(0.06);
    expect(Math.abs(autocorrelation(path, 1) - 0.9)).toBeLessThan(0.01);
  });

  it('produce with what is drawn after the choice under act-first, and with what was seen under observe-first', () => {
    for (const timing of ['act-first', 'observe-first'] as const) {
      const economy = economyOf('rbc-textbook', { timing });
      const { state, rewards, step } = walk(economy, [0.658, 0.16]);
      const before = chosen(state).logProductivity;
      const capital = state.capital[0];
      step();
      const x = timing === 'act-first' ? chosen(state).logProductivity : before;
      const output = Math.exp(x) * capital ** 0.36 * 0.16 ** 0.64;
      expect(rewards.household[0]).toBeCloseTo(Math.log(0.658 * output) + 5 * Math.log(0.84), 12);
      expect(Math.abs(state.capital[0] / (0.342 * output) - 1)).toBeLessThan(IDENTITY);
    }
    const jobs = economyOf('ks', { timing: 'act-first', households: 10 });
    const { state, rewards, step } = walk(jobs, [0.2]);
    if (!hasJobs(state)) throw new Error('it has jobs');
    const first = state.capital.slice();
    step();
    const A = [0.98, 1.02][state.productivity];
    const L = state.status.reduce((sum, e) => sum + 1.11 * e, 0) / 10;
    const K = first.reduce((sum, k) => sum + k, 0) / 10;
    const Y = A * K ** 0.36 * L ** 0.64;
    const wealth = ((0.36 * Y) / K + 0.975) * first[3] + ((0.64 * Y) / L) * 1.11 * state.status[3];
    expect(rewards.household[3]).toBeCloseTo(Math.log(0.2 * wealth), 12);
  });

  it('pay the more productive for what they bring', () => {
    const economy = economyOf('rbc-het', { reset: 'fixed' });
    const { state, step } = walk(economy, [0.2, 0.2]);
    step();
    const k = Array.from(state.capital);
    expect(k[8]).toBeGreaterThan(k[0]);
    // Household g i + j has the i-th capital and the j-th labour productivity.
    expect(k[3] - k[0]).toBeCloseTo(k[6] - k[3], 12);
    expect(k[1] - k[0]).toBeCloseTo(k[2] - k[1], 12);
  });

  it('see what their list says, in steady-state units or raw', () => {
    const names = (calibration: string, set: Settings) =>
      economyOf(calibration, set).types.household.observationSpace.names;
    expect(names('rbc-typical', {})).toEqual(['capital', 'productivity']);
    expect(names('rbc-typical', { households: 4 })).toEqual(['capital', 'meanCapital', 'productivity']);
    expect(names('rbc-het', {})).toEqual([
      'capital',
      'meanCapital',
      'productivity',
      'capitalProductivity',
      'labourProductivity',
    ]);
    expect(names('rbc-typical', { observation: 'full' })).toHaveLength(7);
    expect(names('rbc-typical', { observation: 'paper' })).toEqual([
      'capital',
      'labour',
      'meanCapital',
      'productivity',
    ]);
    expect(names('rbc-typical', { observation: 'code' })).toEqual(['capital']);
    expect(names('ks', {})).toEqual(['capital', 'meanCapital', 'labour', 'productivity']);
    expect(names('ks', { counts: 'independent' })).toContain('meanLabour');
    expect(names('ks-het', { observation: 'code' })).toEqual([
      'capital',
      'meanCapital',
      'productivity',
      'labour',
      'capitalProductivity',
    ]);
  });

  it('see capital as a deviation of its ratio or twice its log, and log A over its deviation', () => {
    const seen = (calibration: string, set: Settings) => {
      const env = makeBatchedEnv(plain(economyOf(calibration, set)));
      env.reset({ seed: 1, options: { capital: 2, logProductivity: 0.02294157338705618 } });
      return Array.from(env.observations.household);
    };
    const rest = 1.3900742253475438;
    expect(seen('rbc-typical', { normalise: 'ratio' })[0]).toBeCloseTo(2 / rest - 1, 6);
    expect(seen('rbc-typical', {})).toEqual([Math.fround(2 * Math.log(2 / rest)), expect.closeTo(1, 6)]);
    const full = seen('rbc-typical', { observation: 'full', normalise: 'none' });
    [2, 2, 0.1264737406216506, 0.1264737406216506, Math.exp(0.02294157338705618), 1, 1].forEach(
      (value, i) => {
        expect(full[i]).toBeCloseTo(value, 6);
      },
    );
    expect(seen('rbc-het', { observation: 'full', normalise: 'ratio' }).slice(3, 7)).toEqual([
      expect.closeTo(0, 6),
      expect.closeTo(1, 6),
      expect.closeTo(-0.02, 6),
      expect.closeTo(-0.02, 6),
    ]);
  });

  it('see their productivities by their place in the range, where capital is seen in logs', () => {
    const seen = (set: Settings) => {
      const economy = economyOf('rbc-het', set);
      const env = makeBatchedEnv(plain(economy));
      env.reset({ seed: 1 });
      const { names } = economy.types.household.observationSpace;
      const column = (name: string) =>
        Array.from(env.observations.household).filter((_, i) => names[i % names.length] === name);
      return { kappa: column('capitalProductivity'), lambda: column('labourProductivity') };
    };
    for (const set of [{}, { capitalProductivityLow: 0, capitalProductivityHigh: 2 }]) {
      const { kappa, lambda } = seen(set);
      [-1, -1, -1, 0, 0, 0, 1, 1, 1].forEach((place, i) => {
        expect(kappa[i]).toBeCloseTo(place, 6);
      });
      [-1, 0, 1, -1, 0, 1, -1, 0, 1].forEach((place, i) => {
        expect(lambda[i]).toBeCloseTo(place, 6);
      });
    }
    // Classes of .25, 1 and 1.5; alike, they are all in the middle.
    expect([...new Set(seen({ heterogeneity: 'classes' }).kappa)]).toEqual([-1, Math.fround(0.2), 1]);
    expect([...new Set(seen({ heterogeneity: 'none', observation: 'full' }).kappa)]).toEqual([0]);
  });

  it('start from the stationary law of log A, or from all of five deviations alike', () => {
    const first = (resetProductivity: 'stationary' | 'uniform') => {
      const env = makeBatchedEnv(plain(economyOf('rbc-typical', { resetProductivity })), { copies: 2000 });
      env.reset({ seed: 1 });
      const seen = env.observations.household.filter((_, i) => i % 2 === 1);
      const deviation = Math.sqrt(seen.reduce((sum, x) => sum + x * x, 0) / seen.length);
      return { most: Math.max(...seen.map(Math.abs)), deviation };
    };
    const [stationary, uniform] = [first('stationary'), first('uniform')];
    expect(stationary.deviation).toBeGreaterThan(0.95); // of 1, standard error .016
    expect(stationary.deviation).toBeLessThan(1.05);
    expect(uniform.most).toBeLessThanOrEqual(5.0001);
    expect(uniform.deviation).toBeGreaterThan(2.8); // of 5 / sqrt 3, standard error .03
    expect(uniform.deviation).toBeLessThan(3);
  });

  it('advise rows enough for a batch, a buffer of the whole run, and futures without exploration where wealth stays apart', () => {
    const advised = (calibration: string, set: Settings) => economyOf(calibration, set).advice('sac');
    for (const households of [1, 9, 100, 2000]) {
      const { copies, warmup, keptPerStep, bufferSize } = advised('ks', { households });
      expect(Number(copies) * households).toBeGreaterThanOrEqual(240);
      expect(copies).toBeGreaterThanOrEqual(2);
      expect(warmup).toBeGreaterThanOrEqual(20 * Number(copies) * households);
      expect(Number(bufferSize) / Number(keptPerStep)).toBeGreaterThan(50_000);
    }
    expect(advised('ks', {})).toMatchObject({ futureActions: 'mean', episodeLength: 100 });
    expect(advised('rbc-het', {})).toMatchObject({ futureActions: 'mean', episodeLength: 100 });
    expect(advised('rbc-typical', { households: 4 })).toMatchObject({
      futureActions: 'drawn',
      episodeLength: 50,
    });
    expect(advised('rbc-textbook', {})).toEqual({ copies: 64, episodeLength: 50, warmup: 1280 });
  });

  it('run through shares in equal steps, or by equal factors', () => {
    const at = (actionScale: 'linear' | 'log') => {
      const env = makeBatchedEnv(plain(economyOf('rbc-typical', { actionScale })));
      env.reset({ seed: 1 });
      return [-1, 0, 0.5, 1].map((x) => {
        env.actions.household.set([x, x]);
        const [share, labour] = env.quantities().household;
        expect(labour).toBe(share);
        return share;
      });
    };
    expect(at('linear')).toEqual([0.01, 0.5, expect.closeTo(0.745, 12), 0.99]);
    // .01 times 99^(1/2) and 99^(3/4)
    expect(at('log')).toEqual([0.01, expect.closeTo(0.0994987, 7), expect.closeTo(0.3138531, 6), 0.99]);
  });

  it('see numbers of order one where they start', () => {
    for (const calibration of ['rbc-textbook', 'rbc-typical', 'rbc-het', 'ks', 'ks-het']) {
      const economy = economyOf(calibration);
      const env = makeBatchedEnv(plain(economy), { copies: 50 });
      env.reset({ seed: 1 });
      const seen = env.observations.household;
      // log A within five of its deviations where it starts so.
      expect(Math.max(...seen.map(Math.abs))).toBeLessThan(calibration === 'rbc-typical' ? 5.01 : 4);
    }
  });

  it('start apart, together, scaled, at a given capital or wide, and at the values given', () => {
    const first = (set: Settings, options: Settings = {}) =>
      chosen(walk(economyOf('rbc-typical', { households: 50, ...set }), [0.2, 0.2], { options }).state);
    const apart = first({}).capital.map((k) => k / 1.3900742253475438);
    expect(Math.min(...apart)).toBeGreaterThan(0.5);
    expect(Math.max(...apart)).toBeLessThan(1.5);
    expect(new Set(apart).size).toBe(50);
    expect(new Set(first({ reset: 'together' }).capital).size).toBe(1);
    // The same draws, times one on 0.5 to 1.5.
    const ratios = first({ reset: 'scaled' }).capital.map((k, i) => k / 1.3900742253475438 / apart[i]);
    expect(ratios[0] >= 0.5 && ratios[0] <= 1.5 && Math.abs(ratios[0] - 1) > 1e-3).toBe(true);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 12);
    expect(new Set(first({ reset: 'fixed', initialCapital: 0.1 }).capital)).toEqual(new Set([0.1]));
    expect(Math.max(...first({ reset: 'wide' }).capital)).toBeGreaterThan(50);
    const given = first({}, { capital: 2, logProductivity: 0.1 });
    expect([given.capital[7], given.logProductivity]).toEqual([2, 0.1]);
    expect(first({}, { capital: 2 }).logProductivity).toBe(first({}).logProductivity);
    expect(() => first({}, { productivity: 1 })).toThrow(/give logProductivity/);
    expect(() => walk(economyOf('ks'), [0.2], { options: { logProductivity: 0 } })).toThrow(
      /give productivity/,
    );
    expect(() => walk(economyOf('ks'), [0.2], { options: { productivity: 2 } })).toThrow(/states 0 to 1/);
  });

  it('stop at a number that is none, instead of paying -1e5 for it', () => {
    const env = makeParallelEnv(plain(economyOf('rbc-typical', { households: 2 })));
    env.reset({ seed: 1 });
    expect(() => env.step({ household_0: [Number.NaN, 0], household_1: [0, 0] })).toThrow(
      /consumptionShare.*NaN/,
    );
    const batch = makeBatchedEnv(plain(economyOf('rbc-typical')));
    batch.reset({ seed: 1 });
    chosen(batch.states[0] as MarlBcState).capital[0] = Number.NaN;
    expect(() => batch.step()).toThrow(NonFiniteError);
  });

  it('answer to impulses of log A and of capital', () => {
    const economy = economyOf('rbc-typical', { households: 3 });
    const { state } = walk(economy, [0.2, 0.2], { options: { capital: 1, logProductivity: 0 } });
    economy.shocks.productivity.apply(state, 0.1);
    economy.shocks.capital.apply(state, -0.2);
    expect([chosen(state).logProductivity, state.capital[2]]).toEqual([0.1, 0.8]);
    expect(Object.keys(economyOf('ks').shocks)).toEqual(['productivity', 'capital']);
  });

  it('are refused where households would rest beyond what actions reach', () => {
    expect(() => economyOf('rbc-typical', { discountFactor: 0.999, depreciation: 0.001 })).toThrow(
      /lower actionFloor/,
    );
    expect(() =>
      economyOf('rbc-typical', {
        leisureWeight: 12,
        actionFloor: 0.05,
        riskAversion: 0.5,
        capitalShare: 0.6,
      }),
    ).toThrow(/labour would/);
  });

  it('take less than a millisecond for 500 households', () => {
    for (const calibration of ['rbc-typical', 'ks']) {
      const { step } = walk(
        economyOf(calibration, { households: 500 }),
        calibration === 'ks' ? [0.2] : [0.2, 0.2],
      );
      for (let t = 0; t < 200; t++) step();
      const start = process.cpuUsage();
      for (let t = 0; t < 200; t++) step();
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 200).toBeLessThan(1000);
    }
  });
});
