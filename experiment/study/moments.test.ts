import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/index.ts';
import { hpFilter } from '../../numerics/hp-filter.ts';
import { autocorrelation, standardDeviation } from '../../numerics/statistics.ts';
import { toy } from '../test-fixtures.ts';
import { optimalActors } from './actors.ts';
import { momentTable } from './moment-report.ts';
import { businessCycleMoments, type VariableMoments } from './moments.ts';
import { type Paths, pathOf, simulatePaths } from './paths.ts';
import type { Role } from './variables.ts';

const economy = instantiate(toy);
const oracle = economy.oracle();
if (oracle === undefined) throw new Error('the toy has an oracle');
const toyPaths = simulatePaths({
  economy,
  actors: optimalActors(economy, oracle),
  paths: 6,
  periods: 8000,
  burnIn: 100,
  seed: 1,
});

/** Paths with these series, one path each. */
function made(series: Readonly<Record<string, ArrayLike<number>>>, role: Role = 'info'): Paths {
  const variables = Object.entries(series).map(([name, values]) => ({
    name,
    role,
    label: name,
    unit: '',
    values: Float64Array.from(values),
  }));
  const periods = variables[0].values.length;
  return { paths: 1, periods, burnIn: 0, variables, ended: [null], reborn: 0, states: [] };
}

function momentsIn(
  paths: Paths,
  name: string,
  options: { lambda: number; reference?: string },
): VariableMoments {
  const found = businessCycleMoments({ paths, ...options }).variables.find((v) => v.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** A walk of positive numbers. */
const walk = Float64Array.from({ length: 60 }, (_, t) => Math.exp(Math.sin(t) + 0.4 * Math.cos(2.7 * t)));

describe('business-cycle moments', () => {
  it('of an autoregression without a filter are its own: s.d. sigma / sqrt(1 - rho^2), autocorrelation rho', () => {
    const {
      standardDeviation: sd,
      autocorrelation: ac,
      ...wealth
    } = momentsIn(toyPaths, 'wealth', { lambda: 0 });
    expect(wealth).toMatchObject({ measure: 'level', remark: null });
    // Six paths of 8000 periods: standard errors of 0.0023 and 0.002; tolerances of four.
    expect(Math.abs((sd?.mean ?? 0) - 0.1 / Math.sqrt(1 - 0.9 ** 2))).toBeLessThan(0.0092);
    expect(Math.abs((ac?.mean ?? 0) - 0.9)).toBeLessThan(0.008);
    expect(sd?.paths).toBe(6);
    expect(sd?.deviation).toBeGreaterThan(0);
  });

  it('are means over paths of moments of each path filtered by itself', () => {
    const { standardDeviation: sd, autocorrelation: ac } = momentsIn(toyPaths, 'wealth', { lambda: 1600 });
    const wealth = toyPaths.variables.find(({ name }) => name === 'wealth');
    if (wealth === undefined) throw new Error('no wealth');
    const cycles = [0, 1, 2, 3, 4, 5].map((b) => hpFilter(pathOf(wealth, b, toyPaths.periods), 1600).cycle);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(sd?.mean).toBeCloseTo(mean(cycles.map((cycle) => standardDeviation(cycle))), 12);
    expect(ac?.mean).toBeCloseTo(mean(cycles.map((cycle) => autocorrelation(cycle, 1))), 12);
    // The filter takes slow swings away.
    expect(sd?.mean).toBeLessThan(0.2);
  });

  it('are of logarithms in percent: a square varies twice as much, in step', () => {
    const paths = made({ output: walk, square: walk.map((x) => x ** 2) });
    for (const lambda of [0, 6.25, 1600]) {
      const square = momentsIn(paths, 'square', { lambda });
      expect(square.measure).toBe('log');
      expect(square.relative?.mean).toBeCloseTo(2, 10);
      expect(square.correlations.find(({ lead }) => lead === 0)?.estimate?.mean).toBeCloseTo(1, 10);
      expect(square.standardDeviation?.deviation).toBe(null);
    }
    const output = momentsIn(paths, 'output', { lambda: 0 });
    expect(output.standardDeviation?.mean).toBeCloseTo(100 * standardDeviation(walk.map(Math.log)), 10);
    expect(output.relative?.mean).toBe(1);
  });

  it('find that a variable which repeats output a period later lags it', () => {
    const lagging = walk.slice();
    lagging.copyWithin(1, 0);
    const { correlations } = momentsIn(made({ output: walk, lagging }), 'lagging', { lambda: 0 });
    const at = (lead: number) => correlations.find((c) => c.lead === lead)?.estimate?.mean ?? 0;
    expect(at(1)).toBeCloseTo(1, 12);
    expect(Math.max(at(0), at(-1))).toBeLessThan(0.9);
  });

  it('are of levels where a value is not positive, and for rewards, and then have no relative deviation', () => {
    const paths = made({ output: walk, balance: walk.map((x) => x - 1) });
    expect(momentsIn(paths, 'balance', { lambda: 0 })).toMatchObject({ measure: 'level', relative: null });
    expect(momentsIn(made({ reward: walk }, 'reward'), 'reward', { lambda: 0 }).measure).toBe('level');
  });

  it('say that a variable is constant instead of giving a correlation with it', () => {
    const paths = made({ output: walk, rate: new Float64Array(60).fill(0.1) });
    expect(momentsIn(paths, 'rate', { lambda: 1600 })).toMatchObject({
      remark: 'constant',
      mean: 0.1,
      standardDeviation: null,
      autocorrelation: null,
    });
    expect(JSON.stringify(businessCycleMoments({ paths, lambda: 1600 }))).not.toContain('null,null,null');
    // A straight line is all trend.
    const line = made({ output: walk.map((_, t) => Math.exp(0.01 * t)) });
    expect(momentsIn(line, 'output', { lambda: 1600 }).remark).toBe('constant');
  });

  it('of paths on which the economy ends are those of the periods until then, if they are enough', () => {
    const short = Float64Array.from({ length: 60 }, (_, t) => (t < 30 ? walk[t] ** 2 : Number.NaN));
    const tiny = short.map((x, t) => (t < 19 ? x : Number.NaN));
    const whole = made({ output: [...walk, ...short, ...tiny] });
    const three: Paths = { ...whole, paths: 3, periods: 60, ended: [null, 29, 18] };
    const moments = businessCycleMoments({ paths: three, lambda: 0 });
    expect(moments).toMatchObject({ paths: 2, fewestPeriods: 20 });
    const logs = (x: Float64Array) => standardDeviation(x.map((value) => 100 * Math.log(value)));
    const expected = (logs(walk) + logs(short.subarray(0, 30))) / 2;
    expect(moments.variables[0].standardDeviation).toMatchObject({ paths: 2 });
    expect(moments.variables[0].standardDeviation?.mean).toBeCloseTo(expected, 10);
    expect(moments.variables[0].correlations[1].estimate?.mean).toBeCloseTo(1, 12);
  });

  it('say so where no path lasts long enough, and give the mean over all periods that there are', () => {
    const two: Paths = {
      ...made({ output: [...walk, ...walk].map((x, at) => (at % 60 < 10 ? x : Number.NaN)) }),
      ...{ paths: 2, periods: 60, ended: [9, 9] },
    };
    const { paths, variables } = businessCycleMoments({ paths: two, lambda: 0 });
    expect(paths).toBe(0);
    expect(variables[0]).toMatchObject({ remark: 'incomplete', standardDeviation: null });
    expect(variables[0].mean).toBeCloseTo(walk.subarray(0, 10).reduce((a, b) => a + b) / 10, 12);
  });

  it('go without correlations where there is no output, unless another reference is named', () => {
    const paths = made({ stock: walk, share: walk.map((x) => 1 / x) });
    expect(businessCycleMoments({ paths, lambda: 0 })).toMatchObject({ reference: null });
    expect(momentsIn(paths, 'share', { lambda: 0 })).toMatchObject({ relative: null, correlations: [] });
    const { correlations } = momentsIn(paths, 'share', { lambda: 0, reference: 'stock' });
    expect(correlations.find(({ lead }) => lead === 0)?.estimate?.mean).toBeCloseTo(-1, 10);
    expect(() => businessCycleMoments({ paths, lambda: 0, reference: 'stok' })).toThrow(
      'Did you mean "stock"?',
    );
    expect(() => businessCycleMoments({ paths: made({ x: [1, 2, 3] }), lambda: 0 })).toThrow(
      '3 periods are too few',
    );
  });

  it("stand in a table beside the optimum's", () => {
    const own = businessCycleMoments({
      paths: made({ output: walk, rate: walk.fill(1, 0, 0) }),
      lambda: 6.25,
    });
    const optimal = businessCycleMoments({ paths: made({ output: walk.map((x) => x ** 3) }), lambda: 6.25 });
    const { columns, title } = momentTable({
      own,
      optimal,
      filter: { lambda: 6.25, reason: 'for years' },
    });
    expect(title).toContain('HP filter, lambda 6.25, for years');
    const column = (name: string) => columns.find((c) => c.name === name)?.values ?? [];
    expect(
      Number(column('optimal.standardDeviation')[0]) / Number(column('standardDeviation')[0]),
    ).toBeCloseTo(3, 10);
    expect(column('optimal.standardDeviation')[1]).toBe(null);
    expect(column('correlation')[0]).toBe(1);
  });
});
