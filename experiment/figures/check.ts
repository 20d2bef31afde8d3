/** Whether a chart can be drawn at all. */
import type { Chart, Panel, Series } from '../../core/charts.ts';
import { show } from '../../core/errors.ts';
import { LARGEST } from './numbers.ts';

/**
 * Throws a TypeError that names chart, panel and series if there is no panel, if columns differ in length or are missing, or if a
 * number is infinite, no number, or beyond what an axis can carry; an x that is NaN is refused too, a y that is NaN is a gap.
 */
export function checkChart(chart: Chart): void {
  if (chart.panels.length === 0) {
    throw new TypeError(`chart "${chart.name}" has no panels; a chart needs at least one.`);
  }
  for (const [i, panel] of chart.panels.entries()) {
    for (const series of panel.series) {
      checkSeries(series, `chart "${chart.name}", ${panelName(panel, i)}, series "${series.name}"`);
    }
  }
}

function panelName({ title, y }: Panel, index: number): string {
  const words = [title, y.label].find((text) => text !== '');
  return `panel ${index + 1}${words === undefined ? '' : ` ("${words}")`}`;
}

function checkSeries({ kind, x, y, yHigh }: Series, where: string): void {
  if (kind === 'reference') {
    if (y.length === 0) throw new TypeError(`${where}: a reference line needs its height, y[0].`);
    checkNumbers([y[0]], `${where}, y`, 'gaps');
    return;
  }
  if (x.length !== y.length) {
    throw new TypeError(`${where}: x has ${x.length} numbers and y has ${y.length}; they belong in pairs.`);
  }
  if (kind === 'band' && yHigh?.length !== y.length) {
    throw new TypeError(
      `${where}: yHigh has ${yHigh === undefined ? 'no' : yHigh.length} numbers and y has ${y.length}; a band needs both edges.`,
    );
  }
  checkNumbers(x, `${where}, x`, 'no gaps');
  checkNumbers(y, `${where}, y`, 'gaps');
  if (kind === 'band' && yHigh !== undefined) checkNumbers(yHigh, `${where}, yHigh`, 'gaps');
}

function checkNumbers(values: ArrayLike<number>, where: string, nan: 'gaps' | 'no gaps'): void {
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === 'number' && Math.abs(value) <= LARGEST) continue;
    if (nan === 'gaps' && Number.isNaN(value)) continue;
    throw new TypeError(
      `${where}[${i}] is ${show(value)}; it must be a number of at most ${LARGEST} in size. ` +
        (nan === 'gaps' ? 'NaN is for a missing value.' : 'Leave out points without x.'),
    );
  }
}
