import { describe, expect, it } from 'vitest';
import { createRegistry, type Economy, instantiate, type Oracle, type Table } from '../../core/index.ts';
import { orchard } from '../../core/testing/orchard.ts';
import { environments } from '../../envs/index.ts';
import { PRODUCTIVITY } from '../../envs/jesusfv/chain.ts';
import { toy } from '../test-fixtures.ts';
import { optimalActors } from './actors.ts';
import { baselineActors } from './baselines.ts';
import { simulatePaths } from './paths.ts';
import { policyStudy } from './policy.ts';
import { slicesOf } from './slices.ts';

function oracleOf(economy: Economy): Oracle {
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${economy.id} has an oracle`);
  return oracle;
}

function column(table: Table, name: string): readonly number[] {
  const found = table.columns.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return Array.from(found.values, Number);
}

/** The oracle's policy and, beside it, the oracle. */
function ofOptimum(id: string) {
  const economy = environments.economy(id);
  const oracle = oracleOf(economy);
  const actors = optimalActors(economy, oracle);
  return policyStudy({ economy, actors, name: 'optimum', oracle, states: oracle.evaluationStates });
}

describe('a study of a policy', () => {
  it('finds no error in the optimum itself', () => {
    for (const id of ['jesusfv', 'jesusfv/annual', 'jesusfv-extended/markov']) {
      const { table, charts } = ofOptimum(id);
      expect(column(table, 'error.consumptionShare').every((error) => error === 0)).toBe(true);
      expect(column(table, 'consumptionShare')).toEqual(column(table, 'optimal.consumptionShare'));
      expect(charts.map(({ name }) => name)).toEqual(['policy', 'policy-error']);
    }
  });

  it('runs along capital, with a curve for each level of productivity, in words and not as an index', () => {
    const { table, charts } = ofOptimum('jesusfv/annual');
    const [{ panels, names }] = charts;
    expect(names).toBe('ordered');
    expect(panels).toHaveLength(1);
    expect(panels[0].x).toEqual({ label: 'capital', unit: 'units of the good' });
    const curves = panels[0].series.filter(({ source }) => source === 'optimal');
    expect(curves.map(({ name }) => name)).toEqual(
      PRODUCTIVITY.map((z) => `productivity ${Number(z.toPrecision(4))}`),
    );
    for (const { kind, x } of curves) {
      expect(kind).toBe('line');
      expect(Array.from(x).every((value, i) => i === 0 || value > x[i - 1])).toBe(true);
    }
    expect(new Set(column(table, 'productivity'))).toEqual(new Set(PRODUCTIVITY));
  });

  it('puts a third state variable into panels', () => {
    const [{ panels }] = ofOptimum('jesusfv-extended/markov').charts;
    expect(panels.map(({ title }) => title)).toEqual([
      'depreciation 0.8',
      'depreciation 0.9',
      'depreciation 1',
    ]);
    expect(panels[1].series).toHaveLength(10);
  });

  it('tells how far a policy is from the optimum, state by state, and draws a constant once', () => {
    const economy = environments.economy('jesusfv/annual');
    const oracle = oracleOf(economy);
    const actors = baselineActors({
      baseline: 'constant',
      economy,
      oracle,
      seed: 1,
      constants: { consumptionShare: 0.3 },
    });
    const { table, charts } = policyStudy({
      economy,
      actors,
      name: 'thirty percent',
      oracle,
      states: oracle.evaluationStates,
    });
    const [chosen, optimal, error] = ['', 'optimal.', 'error.'].map((prefix) =>
      column(table, `${prefix}consumptionShare`),
    );
    chosen.forEach((value, i) => {
      expect(value).toBeCloseTo(0.3, 12);
      expect(error[i]).toBe(value - optimal[i]);
    });
    const constants = charts[0].panels[0].series.filter(({ name }) => name === 'thirty percent');
    expect(constants).toEqual([
      { kind: 'reference', name: 'thirty percent', source: 'other', x: [], y: [chosen[0]] },
    ]);
    const largest = Math.max(...error.map(Math.abs));
    expect(charts[1].caption).toContain(`the largest error is ${Number(largest.toPrecision(4))}`);
  });

  it('goes without errors where there is no oracle, over visited states, for every action of every type', () => {
    const economy = createRegistry([orchard]).economy('orchard/stormy');
    const actors = baselineActors({
      baseline: 'constant',
      economy,
      oracle: undefined,
      seed: 1,
      constants: { 'grower.picked': 1, 'trader.fee': 0.25 },
    });
    const { states } = simulatePaths({ economy, actors, paths: 15, periods: 4, seed: 1 });
    const { table, charts } = policyStudy({ economy, actors, name: 'constant', states });
    expect(table.columns.map(({ name }) => name)).toEqual(['fruit', 'grower.picked', 'trader.fee']);
    expect(charts.map(({ name }) => name)).toEqual(['policy-grower-picked', 'policy-trader-fee']);
    expect(charts[0].caption).toContain('Mean over 2 agents');
    expect(charts[0].panels[0].series[0]).toMatchObject({ name: 'constant', kind: 'line' });
  });

  it('shows the mean action of an agent that draws', () => {
    const economy = instantiate(toy);
    const actors = baselineActors({ baseline: 'random', economy, oracle: undefined, seed: 1 });
    const { table, charts } = policyStudy({
      economy,
      actors,
      name: 'random',
      states: [{ wealth: 1 }, { wealth: 2 }],
    });
    expect(column(table, 'spending')).toEqual([0, 0]);
    expect(charts[0].caption).toContain('on average');
  });
});

describe('slices of states', () => {
  const economy = instantiate(toy);
  const coordinate = (name: string, values: readonly number[]) => ({
    name,
    label: name,
    unit: '',
    values: Float64Array.from(values),
  });
  const grid = (...sizes: readonly number[]) =>
    sizes.reduce<readonly (readonly number[])[]>(
      (rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, i) => [...row, i])),
      [[]],
    );
  const sliced = (rows: readonly (readonly number[])[]) =>
    slicesOf(
      rows[0].map((_, j) =>
        coordinate(
          'abcdef'[j],
          rows.map((row) => row[j]),
        ),
      ),
      economy,
      rows.length,
    );

  it('show six levels of many, evenly, the ends among them, and say so', () => {
    const { x, panels, note } = sliced(grid(11, 30));
    expect(x.name).toBe('b');
    expect(panels[0].curves.map(({ name }) => name)).toEqual(
      [0, 2, 4, 6, 8, 10].map((level) => `a ${level}`),
    );
    expect(note).toBe('6 of 11 levels of a are shown.');
  });

  it('show six panels of many combinations, and say so', () => {
    const { panels, note } = sliced(grid(4, 3, 3, 5));
    expect(panels).toHaveLength(6);
    expect(note).toBe('6 of 9 combinations are shown.');
    expect(panels[0].title).toBe('b 0, c 0');
  });

  it('are points in thirds where states lie on no grid', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(1.7 * i)]);
    const { panels } = sliced(rows);
    expect(panels[0].curves).toHaveLength(3);
    expect(panels[0].curves.every(({ kind }) => kind === 'points')).toBe(true);
    expect(panels[0].curves.flatMap((curve) => curve.rows).sort((a, b) => a - b)).toEqual([...rows.keys()]);
  });

  it('take together what differs by rounding', () => {
    const { panels } = sliced(grid(2, 9).map(([a, b]) => [a + (b % 2) * 1e-15, b]));
    expect(panels[0].curves).toHaveLength(2);
    expect(panels[0].curves.every(({ kind, rows }) => kind === 'line' && rows.length === 9)).toBe(true);
  });

  it('stand in their order where no number tells them apart', () => {
    const { x, panels } = sliced([[1], [1], [1]]);
    expect(Array.from(x.values)).toEqual([0, 1, 2]);
    expect(panels[0].curves[0]).toMatchObject({ rows: [0, 1, 2], kind: 'points' });
  });
});
