import { describe, expect, it } from 'vitest';
import { constantAgent, oracleAgents } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { policiesCharts } from './policies.ts';

function chartsOf(id: string) {
  const economy = environments.economy(id);
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${id} has an oracle`);
  const { actionSpace } = economy.types.household;
  const household = constantAgent({ actionSpace, quantities: [0.5] });
  const contestants = [
    { name: 'half', actors: { agents: { household } } },
    { name: 'best', actors: { agents: oracleAgents(economy, oracle) } },
  ];
  return policiesCharts({ economy, oracle, contestants });
}

describe('policies side by side', () => {
  it('are drawn along capital, low, middle and high productivity apart, beside the optimum', () => {
    const [policies] = chartsOf('jesusfv');
    expect(policies.name).toBe('compare-policy');
    expect(policies.panels.map(({ title }) => title)).toEqual([
      'productivity 0.9792',
      'productivity 1',
      'productivity 1.021',
    ]);
    for (const { x, series } of policies.panels) {
      expect(x.label).toBe('capital');
      expect(series.map(({ name, source }) => [name, source])).toEqual([
        ['half', undefined],
        ['best', undefined],
        ['optimal', 'optimal'],
      ]);
      expect(series[0].x[0]).toBeCloseTo(0.0890991, 7);
      expect(new Set(Array.from(series[0].y, (y) => Number(y.toFixed(12))))).toEqual(new Set([0.5]));
    }
  });

  it('have the distance to the optimum as their error: 1 - alpha beta - 1/2 = 0.18333 for a share of one half', () => {
    const errors = chartsOf('jesusfv')[1];
    expect(errors.name).toBe('compare-policy-error');
    for (const { y, series } of errors.panels) {
      expect(y.scale).toBe('log');
      // The optimum's own error is rounding, and is not drawn.
      expect(series.map(({ name }) => name)).toEqual(['half']);
      for (const error of Array.from(series[0].y))
        expect(Math.abs(error - (0.5 - 0.95 / 3))).toBeLessThan(1e-12);
    }
  });

  it('have a panel for each combination of the other coordinates', () => {
    const [policies] = chartsOf('jesusfv-extended');
    expect(policies.panels.length).toBe(9);
    expect(policies.panels[0].title).toBe('depreciation 0.8, productivity 0.9792');
  });
});
