import { describe, expect, it } from 'vitest';
import { environments } from '../../envs/index.ts';
import { NORMALISED_ROWS, PRODUCTIVITY } from '../../envs/jesusfv/chain.ts';
import { markovChain, stationary } from '../../numerics/markov.ts';
import { optimalActors } from './actors.ts';
import { baselineActors } from './baselines.ts';
import { distributionChart, distributionTable, ergodicDistributions } from './distribution.ts';
import { simulatePaths } from './paths.ts';

const economy = environments.economy('jesusfv/annual');
const oracle = economy.oracle();
if (oracle === undefined) throw new Error('jesusfv/annual has an oracle');
const simulated = { economy, paths: 60, periods: 400, burnIn: 100, seed: 1 };
const paths = simulatePaths({
  ...simulated,
  actors: baselineActors({ baseline: 'constant', economy, oracle, seed: 1 }),
});
const optimal = simulatePaths({ ...simulated, actors: optimalActors(economy, oracle) });
const distributions = ergodicDistributions({ paths, name: 'constant', optimal });

function of(name: string) {
  const found = distributions.find((distribution) => distribution.name === name);
  if (found === undefined) throw new Error(`no distribution of ${name}`);
  return found;
}

function total(heights: Float64Array, width: (i: number) => number): number {
  return heights.reduce((sum, height, i) => sum + height * width(i), 0);
}

describe('the ergodic distribution', () => {
  it('integrates to one over bins that both policies share', () => {
    const { measure, from, to, heights, optimal: best } = of('capital');
    expect(measure).toBe('density');
    expect(heights).toHaveLength(40);
    for (const density of [heights, best ?? new Float64Array(0)]) {
      expect(total(density, (i) => to[i] - from[i])).toBeCloseTo(1, 9);
    }
    const all = [paths, optimal].map(
      (p) => p.variables.find(({ name }) => name === 'capital')?.values ?? new Float64Array(0),
    );
    expect(from[0]).toBe(Math.min(...all.map((values) => values.reduce((a, b) => Math.min(a, b)))));
    expect(to[39]).toBe(Math.max(...all.map((values) => values.reduce((a, b) => Math.max(a, b)))));
  });

  it("of a chain of five levels is five shares, near the chain's stationary ones", () => {
    const { measure, from, heights } = of('productivity');
    expect(measure).toBe('share');
    expect(Array.from(from)).toEqual(PRODUCTIVITY);
    expect(total(heights, () => 1)).toBeCloseTo(1, 12);
    const truth = stationary(markovChain(PRODUCTIVITY, NORMALISED_ROWS));
    // 60 paths of a chain that forgets half in some thirty periods: about 600 draws, so s.d. of 0.02.
    heights.forEach((share, z) => {
      expect(Math.abs(share - truth[z])).toBeLessThan(0.08);
    });
  });

  it('leaves out what never moves, and begins with what one looks at first', () => {
    const names = distributions.map(({ name }) => name);
    expect(names.slice(0, 5)).toEqual(['output', 'consumption', 'investment', 'capital', 'productivity']);
    expect(names).not.toContain('depreciation');
  });

  it('is drawn with at most six panels; a policy that never moves is a line beside the other', () => {
    const [chart] = distributionChart(distributions, { paths, name: 'constant', optimal });
    expect(chart.panels).toHaveLength(6);
    const share = chart.panels[5];
    expect(share.x.label).toBe('consumption share');
    expect(share.series[0]).toMatchObject({ kind: 'line', name: 'constant' });
    expect(share.series[0].x[0]).toBe(share.series[0].x[1]);
    expect(chart.panels[0].series.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'bars constant',
      'line optimal',
    ]);
    expect(distributionChart([], { paths, name: 'x' })).toEqual([]);
  });

  it('has one row a bin in its table', () => {
    const { columns } = distributionTable(distributions);
    expect(columns.map(({ name }) => name)).toEqual([
      'variable',
      'measure',
      'from',
      'to',
      'height',
      'optimal.height',
    ]);
    expect(columns[0].values.length).toBe(
      distributions.reduce((sum, { heights }) => sum + heights.length, 0),
    );
  });
});
