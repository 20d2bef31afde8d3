import { describe, expect, it } from 'vitest';
import { type Economy, instantiate, type Oracle } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { NORMALISED_ROWS, PRODUCTIVITY } from '../../envs/jesusfv/chain.ts';
import { mean, standardDeviation } from '../../numerics/statistics.ts';
import { toy } from '../test-fixtures.ts';

import { type Actors, optimalActors } from './actors.ts';
import { baselineActors } from './baselines.ts';
import { simulatePaths, variableOf } from './paths.ts';
import { responseSummaries, responseTable } from './response-report.ts';
import { impulseResponses, type Response, type Responses, summariseResponse } from './responses.ts';
import { impulseOf, parseShock, type ShockRequest } from './shocks.ts';

const brockMirman = environments.economy('jesusfv');

function oracleOf(economy: Economy): Oracle {
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${economy.id} has an oracle`);
  return oracle;
}

function respond(
  shock: ShockRequest,
  changes: Partial<Parameters<typeof impulseResponses>[0]> & { readonly actors?: Actors } = {},
): Responses {
  const economy = changes.economy ?? brockMirman;
  const oracle = oracleOf(economy);
  return impulseResponses({
    economy,
    oracle,
    actors: optimalActors(economy, oracle),
    impulse: impulseOf(economy, shock),
    paths: 20,
    horizon: 12,
    burnIn: 30,
    seed: 5,
    ...changes,
  });
}

function of(
  responses: Responses,
  name: string,
): Response & { readonly percent: NonNullable<Response['percent']> } {
  const found = responses.variables.find((variable) => variable.name === name);
  if (found === undefined || found.percent === null) throw new Error(`no percent of ${name}`);
  return { ...found, percent: found.percent };
}

/** Log deviation from a response in percent. */
function logOf(percent: number): number {
  return Math.log1p(percent / 100);
}

/** Rounding in a ratio of means of twenty numbers. */
const ROUNDING = 1e-10;

describe('impulse responses of the closed form k" = alpha beta z k^alpha', () => {
  it.each(['steady', 'ergodic'] as const)(
    'shrink an impulse to capital by alpha a period, exactly, on every path from the %s state',
    (from) => {
      const { percent } = of(respond({ name: 'capital', size: -0.2 }, { from }), 'capital');
      const alpha = 1 / 3;
      percent.mean.forEach((value, j) => {
        expect(Math.abs(logOf(value) - alpha ** j * Math.log(0.8))).toBeLessThan(ROUNDING);
        expect(percent.high[j] - percent.low[j]).toBeLessThan(1e-6);
      });
    },
  );

  it.each(['steady', 'ergodic'] as const)(
    'move consumption as output, as both are shares of one another, from the %s state',
    (from) => {
      const responses = respond({ name: 'productivity' }, { from });
      const [c, y] = ['consumption', 'output'].map((name) => of(responses, name).percent);
      c.mean.forEach((value, j) => {
        expect(Math.abs(logOf(value) - logOf(y.mean[j]))).toBeLessThan(ROUNDING);
      });
      expect(of(responses, 'consumptionShare').moves).toBe(false);
      expect(y.mean[0]).toBeGreaterThan(0.5);
    },
  );

  it('move productivity as the powers of its chain do, within the interval of the mean', () => {
    const responses = respond({ name: 'productivity' }, { paths: 2000, horizon: 20 });
    const { level, unshocked } = of(responses, 'productivity');
    let [before, after] = [2, 3].map((at) => PRODUCTIVITY.map((_, z) => Number(z === at)));
    const expected = (p: readonly number[]) =>
      p.reduce((sum, weight, z) => sum + weight * PRODUCTIVITY[z], 0);
    level.mean.forEach((value, j) => {
      const truth = expected(after) - expected(before);
      // Two intervals wide: one miss in 20 000 periods.
      const half = (level.high[j] - level.low[j]) / 2;
      expect(Math.abs(value - truth)).toBeLessThanOrEqual(2 * half + 1e-12);
      expect(Math.abs(unshocked[j] - 1)).toBeLessThan(0.002);
      if (j > 0) expect(half).toBeGreaterThan(0);
      const next = (p: readonly number[]) =>
        p.map((_, to) => p.reduce((sum, weight, z) => sum + weight * NORMALISED_ROWS[z][to], 0));
      [before, after] = [next(before), next(after)];
    });
  });
});

describe('impulse responses', () => {
  it('have the interval of the mean difference between shocked and unshocked paths, 1.96 standard errors wide', () => {
    const economy = environments.economy('jesusfv/annual');
    const oracle = oracleOf(economy);
    const impulse = impulseOf(economy, { name: 'productivity' });
    const { level } = of(respond({ name: 'productivity' }, { economy }), 'output');
    const outputs = [0, 1].map((shocked) => {
      const states = Array.from({ length: 20 }, () => ({ ...oracle.steadyState }));
      if (shocked === 1) for (const state of states) impulse.apply(state);
      const actors = optimalActors(economy, oracle);
      const paths = simulatePaths({ economy, actors, paths: 20, periods: 13, seed: 5, states });
      return variableOf(paths, 'output')?.values ?? new Float64Array(0);
    });
    for (const j of [1, 6, 12]) {
      const differences = Array.from(
        { length: 20 },
        (_, b) => outputs[1][b * 13 + j] - outputs[0][b * 13 + j],
      );
      const error = standardDeviation(differences) / Math.sqrt(20);
      expect(level.mean[j]).toBeCloseTo(mean(differences), 12);
      expect(level.high[j] - level.mean[j]).toBeCloseTo(1.96 * error, 6);
      expect(level.mean[j] - level.low[j]).toBeCloseTo(1.96 * error, 6);
    }
  });

  it('are the same for the same seed', () => {
    const variables = (seed: number) => respond({ name: 'productivity' }, { seed }).variables;
    expect(variables(5)).toEqual(variables(5));
    expect(variables(5)).not.toEqual(variables(6));
  });

  it('of a household that acts at random are those of the state alone, as both batches draw the same', () => {
    const economy = instantiate(toy);
    const actors = baselineActors({ baseline: 'random', economy, oracle: oracleOf(economy), seed: 1 });
    const { variables } = respond({ name: 'wealth', size: 0.5 }, { economy, actors });
    const [wealth, spending] = ['wealth', 'spending'].map((name) => variables.find((v) => v.name === name));
    // Wealth is no ratio, and moves by its persistence, 0.9.
    expect(wealth?.percent).toBe(null);
    wealth?.level.mean.forEach((value, j) => {
      expect(value).toBeCloseTo(0.5 * 0.9 ** j, 12);
    });
    expect(spending?.moves).toBe(false);
  });

  it('measure rewards in their own unit, as utility has no zero', () => {
    const rewards = respond(
      { name: 'capital' },
      { economy: environments.economy('jesusfv/annual') },
    ).variables;
    expect(rewards.find(({ name }) => name === 'reward')).toMatchObject({ percent: null, moves: true });
  });

  it('have no interval with a single path, which fields of a table leave empty', () => {
    const responses = respond({ name: 'productivity' }, { paths: 1 });
    expect(of(responses, 'output').level.low.every(Number.isNaN)).toBe(true);
    const { columns } = responseTable([{ own: responses, optimal: undefined }]);
    expect(columns.map(({ name }) => name)).toEqual([
      'shock',
      'size',
      'applied',
      'unchanged',
      'variable',
      'period',
      'unshocked',
      'level',
      'level.low',
      'level.high',
      'percent',
      'percent.low',
      'percent.high',
    ]);
    expect(columns[0].values.length).toBe(responses.variables.length * 13);
  });

  it('need an oracle to start from a steady state, and a state that can be', () => {
    expect(() => respond({ name: 'capital' }, { oracle: undefined, from: 'steady' })).toThrow(
      'no steady state is known',
    );
    expect(respond({ name: 'capital' }, { oracle: undefined }).from).toBe('ergodic');
    expect(() => respond({ name: 'capital', size: 1e6 })).toThrow(
      /the shock capital=1000000 leads where the economy cannot go: .* Give a smaller one\./,
    );
    // Nothing is left to eat: the state can be, and its utility cannot.
    expect(() => respond({ name: 'capital', size: -1 }, { from: 'ergodic', burnIn: 0 })).toThrow(
      /the shock capital=-1 leads where the economy cannot go: .* is -Infinity .* Give a smaller one, or start from the steady state\.$/,
    );
  });

  it('end in a peak, when it is, and how long until half of it is left', () => {
    const responses = respond({ name: 'capital', size: -0.2 });
    const capital = summariseResponse(of(responses, 'capital'));
    // 0.8^(1/3) - 1 is -7.2 %, less than half of 20 %.
    expect(capital).toMatchObject({ measure: 'percent', peakPeriod: 0, halfLife: 1 });
    expect(capital.impact).toBeCloseTo(-20, 10);
    expect(capital.peak).toBe(capital.impact);
    expect(capital.seen).toBe(12);
    const still = summariseResponse(of(respond({ name: 'productivity' }), 'productivity'));
    expect(still.halfLife).toBe(null);
    expect(summariseResponse(of(respond({ name: 'productivity' }), 'consumptionShare')).halfLife).toBe(null);
    const rising = Float64Array.of(0, 1, 2, 3, Number.NaN);
    const band = { mean: rising, low: rising, high: rising };
    // No later period tells of a peak in the last one with a value.
    expect(summariseResponse({ ...responses.variables[0], level: band, percent: null })).toMatchObject({
      peakPeriod: 3,
      halfLife: null,
      seen: 0,
    });
    const names = responseSummaries({ own: responses, optimal: undefined }).map(
      ({ response }) => response.name,
    );
    expect(names.slice(0, 4)).toEqual(['output', 'consumption', 'investment', 'capital']);
    expect(names).not.toContain('consumptionShare');
  });
});

describe('shocks', () => {
  it('are read as a name, or a name and a size', () => {
    expect(parseShock('capital')).toEqual({ name: 'capital' });
    expect(parseShock('capital=-0.5')).toEqual({ name: 'capital', size: -0.5 });
    for (const text of ['capital=', 'capital=much', 'capital=0', 'capital=Infinity']) {
      expect(() => parseShock(text)).toThrow('give a number other than 0');
    }
  });

  it('are those of the economy by name, in its own size, else a step added to a variable of the state', () => {
    expect(impulseOf(brockMirman, { name: 'productivity' })).toMatchObject({
      size: 1,
      unit: 'levels of its chain',
    });
    const state = { capital: 2, productivity: 2 };
    impulseOf(brockMirman, { name: 'capital', size: 0.5 }).apply(state);
    expect(state.capital).toBe(3);
    const wealthy = { wealth: 2 };
    impulseOf(instantiate(toy), { name: 'wealth', size: 0.5 }).apply(wealthy);
    expect(wealthy.wealth).toBe(2.5);
  });

  it('of another name are refused with the nearest, and a state variable asks for a size', () => {
    expect(() => impulseOf(brockMirman, { name: 'productivty' })).toThrow(
      'jesusfv: there is no shock "productivty". Did you mean "productivity"? Known: productivity, capital.',
    );
    expect(() => impulseOf(instantiate(toy), { name: 'wealth' })).toThrow('e.g. --shock wealth=0.1');
  });

  it('of a chain are whole levels, and as many as there is room for', () => {
    expect(() => impulseOf(brockMirman, { name: 'productivity', size: 0.3 })).toThrow(
      'jesusfv: the shock productivity=0.3 cannot be: productivity moves by whole levels of its chain, not by 0.3; give e.g. 1, -1 or 2.',
    );
    const applied = (size: number, productivity: number) => {
      const impulse = impulseOf(brockMirman, { name: 'productivity', size });
      const [before, after] = [
        { capital: 1, productivity },
        { capital: 1, productivity },
      ];
      impulse.apply(after);
      return [after.productivity, impulse.applied(before, after)];
    };
    expect(applied(1, 2)).toEqual([3, 1]);
    expect(applied(3, 2)).toEqual([4, 2]);
    expect(applied(1, 4)).toEqual([4, 0]);
    expect(applied(-3, 1)).toEqual([0, -1]);
  });

  it('have their whole size wherever something changed, unless the author says otherwise', () => {
    for (const [economy, name] of [
      [brockMirman, 'capital'],
      [instantiate(toy), 'wealth'],
    ] as const) {
      const impulse = impulseOf(economy, { name, size: 0.5 });
      expect(impulse.applied({ [name]: 1 }, { [name]: 1.5 })).toBe(0.5);
      expect(impulse.applied({ [name]: 1 }, { [name]: 1 })).toBe(0);
    }
  });
});
