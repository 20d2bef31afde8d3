/** Charts for the tests of this folder. */
import type { Chart, Panel, Series } from '../../core/charts.ts';

export const PERIODS = [0, 1, 2, 3, 4, 5, 6, 7];

export function panelOf(series: readonly Series[], changes: Partial<Panel> = {}): Panel {
  return {
    title: '',
    x: { label: 'period', unit: 'quarters' },
    y: { label: 'capital', unit: 'units of the good' },
    series,
    ...changes,
  };
}

export function chartOf(panels: readonly Panel[], changes: Partial<Chart> = {}): Chart {
  return { name: 'paths', title: 'Simulated paths', caption: 'What happens.', panels, ...changes };
}

export function lineOf(name: string, changes: Partial<Series> = {}): Series {
  return { kind: 'line', name, x: PERIODS, y: PERIODS.map((t) => 2 + 0.9 ** t), ...changes };
}

/** One series of every kind and source, in two panels. */
export const everything = chartOf([
  panelOf(
    [
      lineOf('sac'),
      { kind: 'band', name: 'sac', x: PERIODS, y: PERIODS.map(() => 1.8), yHigh: PERIODS.map(() => 3.1) },
      lineOf('optimal policy', { source: 'optimal' }),
      lineOf('rule of thumb', { source: 'other' }),
      { kind: 'reference', name: 'steady state', source: 'other', x: [], y: [2.2] },
    ],
    { title: 'lines' },
  ),
  panelOf(
    [
      { kind: 'bars', name: 'sac', x: [1, 2, 3], y: [4, 5, 6] },
      { kind: 'bars', name: 'optimal policy', source: 'optimal', x: [1, 2, 3], y: [4, 6, 5] },
      { kind: 'points', name: 'sac', x: [1, 2, 3, 3.2], y: [1, 2, 3, 4] },
    ],
    { title: 'bars and points' },
  ),
]);

/** How many elements `tag` the marks named `name` of a panel consist of. */
export function countMarks(
  svg: string,
  { panel, name, tag }: { readonly panel: number; readonly name: string; readonly tag: string },
): number {
  const groups = svg.matchAll(
    new RegExp(`<g class="[^"]*panel_${panel}_${name}_\\d+_marks"[^>]*>(.*?)</g>`, 'g'),
  );
  return [...groups].reduce(
    (sum, [, inside]) => sum + (inside.match(new RegExp(`<${tag} `, 'g')) ?? []).length,
    0,
  );
}

/** The value of an attribute in the marks of a panel. */
export function attributesOf(
  svg: string,
  { panel, name, attribute }: { readonly panel: number; readonly name: string; readonly attribute: string },
): readonly string[] {
  const groups = svg.matchAll(
    new RegExp(`<g class="[^"]*panel_${panel}_${name}_\\d+_marks"[^>]*>(.*?)</g>`, 'g'),
  );
  return [...groups].flatMap(([, inside]) =>
    [...inside.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => value),
  );
}
