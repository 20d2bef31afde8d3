import { describe, expect, it } from 'vitest';
import type { Chart, Series } from '../../core/charts.ts';
import { chartOf, everything, lineOf, PERIODS, panelOf } from './chart-fixtures.ts';
import { checkChart } from './check.ts';

const band: Series = { kind: 'band', name: 'sac', x: PERIODS, y: PERIODS };

describe('a chart that cannot be drawn', () => {
  it.each<[string, Chart, string]>([
    ['no panels', chartOf([]), 'chart "paths" has no panels'],
    [
      'columns of unequal length',
      chartOf([panelOf([]), panelOf([lineOf('sac', { y: [1, 2] })])]),
      'chart "paths", panel 2 ("capital"), series "sac": x has 8 numbers and y has 2',
    ],
    ['a band without its upper edge', chartOf([panelOf([band])]), 'yHigh has no numbers and y has 8'],
    ['a short upper edge', chartOf([panelOf([{ ...band, yHigh: [1] }])]), 'yHigh has 1 numbers and y has 8'],
    [
      'an infinite value',
      chartOf([panelOf([lineOf('sac', { y: [1, 2, Number.POSITIVE_INFINITY, 4, 5, 6, 7, 8] })])]),
      'y[2] is Infinity',
    ],
    ['a NaN among x', chartOf([panelOf([lineOf('sac', { x: [Number.NaN, 1, 2, 3, 4, 5, 6, 7] })])]), 'x[0]'],
    [
      'a value that no axis can carry',
      chartOf([panelOf([lineOf('sac', { x: [0], y: [1e300] })])]),
      'at most 1e+290 in size',
    ],
    [
      'null from a file',
      chartOf([panelOf([lineOf('sac', { x: [0], y: [null as unknown as number] })])]),
      'y[0] is null',
    ],
    [
      'a reference line without height',
      chartOf([panelOf([{ kind: 'reference', name: 'best constant', x: [], y: [] }])]),
      'series "best constant": a reference line needs its height',
    ],
  ])('for %s is refused with its name', (_, chart, words) => {
    expect(() => checkChart(chart)).toThrow(TypeError);
    expect(() => checkChart(chart)).toThrow(words);
  });

  it('is not one with gaps', () => {
    expect(() => checkChart(everything)).not.toThrow();
    expect(() =>
      checkChart(chartOf([panelOf([lineOf('a', { y: PERIODS.map(() => Number.NaN) })])])),
    ).not.toThrow();
  });
});
