import { describe, expect, it } from 'vitest';
import { bandsChart } from './bands.ts';
import { checkChart } from './check.ts';

/** A run that records its metric at steps 1, 2, ... */
function run(...values: readonly (number | null)[]) {
  return values.map((gap, i) => ({ step: i + 1, policyGap: gap }));
}

const five = [run(1, 5), run(2, 6), run(3, 7), run(4, 8), run(5, 9)];

function drawn(runs: Parameters<typeof bandsChart>[0]['groups'][number]['runs']) {
  const chart = bandsChart({ groups: [{ name: 'sac', runs }], metric: 'policyGap' });
  checkChart(chart);
  return { chart, series: chart.panels[0].series };
}

describe('bands over seeds', () => {
  it('are the median and the quartiles of five runs', () => {
    const { chart, series } = drawn(five);
    const [band, line] = series;
    expect(band).toMatchObject({ kind: 'band', name: 'sac', x: [1, 2], y: [2, 6], yHigh: [4, 8] });
    expect(line).toMatchObject({ kind: 'line', name: 'sac', x: [1, 2], y: [3, 7] });
    expect(chart.caption).toBe('Median of 5 runs, and the band between the quartiles. Dotted: single runs.');
    expect(chart.panels[0].y.scale).toBe('log');
  });

  it('reach from the least to the largest with fewer than four runs', () => {
    const { chart, series } = drawn(five.slice(0, 3));
    expect(series[0]).toMatchObject({ y: [1, 5], yHigh: [3, 7] });
    expect(chart.caption).toContain('between the least and the largest');
  });

  it('are one line for one run', () => {
    const { chart, series } = drawn(five.slice(0, 1));
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({ kind: 'line', y: [1, 5] });
    expect(chart.caption).toBe('One run.');
  });

  it('have the steps that at least half of the runs reached', () => {
    const runs = [run(1, 2, 3, 4), run(1, 2, 3), run(1, 2), run(1, 2, 3, 4), run(1)];
    expect(drawn(runs).series[1].x).toEqual([1, 2, 3]);
    expect(drawn(runs.slice(0, 4)).series[1].x).toEqual([1, 2, 3, 4]);
    expect(drawn([run(1, null, Number.POSITIVE_INFINITY), run(2)]).series[1].x).toEqual([1]);
  });

  it('are in the order of the steps, even if the runs recorded different ones', () => {
    const odd = [1, 3].map((step) => ({ step, policyGap: step }));
    const even = [2, 4].map((step) => ({ step, policyGap: step }));
    expect(drawn([odd, even]).series[1].x).toEqual([1, 2, 3, 4]);
  });

  it('show single runs only of one group of at most five', () => {
    const dotted = (chart: ReturnType<typeof bandsChart>) =>
      chart.panels[0].series.filter(({ source }) => source === 'other').length;
    expect(dotted(drawn(five).chart)).toBe(5);
    expect(dotted(drawn([...five, ...five]).chart)).toBe(0);
    const groups = [
      { name: 'sac', runs: five },
      { name: 'ddpg', runs: five },
    ];
    expect(dotted(bandsChart({ groups, metric: 'policyGap' }))).toBe(0);
  });

  it('of methods have a band and a line each, and lines to compare them to', () => {
    const groups = [
      { name: 'sac', runs: five },
      { name: 'ddpg', runs: [...five, ...five] },
    ];
    const references = [{ name: 'best constant', value: 2, source: 'other' }] as const;
    const { panels, caption } = bandsChart({ groups, metric: 'policyGap', references });
    expect(panels[0].series.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'band sac',
      'line sac',
      'band ddpg',
      'line ddpg',
      'reference best constant',
    ]);
    expect(caption).toBe('Median of 5 to 10 runs, and the band between the quartiles.');
  });

  it('are empty where no run has the metric', () => {
    const chart = bandsChart({ groups: [{ name: 'sac', runs: five }], metric: 'household.criticLoss' });
    expect(() => checkChart(chart)).not.toThrow();
    expect(chart.name).toBe('seeds-household-criticLoss');
    expect(chart.panels[0].series.flatMap(({ x }) => Array.from(x))).toEqual([]);
  });
});
