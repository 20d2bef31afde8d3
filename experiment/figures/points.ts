/** What of a series can be seen on its axes, as rows that a mark is drawn from. */
import type { Axis, Panel, Series } from '../../core/charts.ts';
import { linearRange, logRange, type Range, SMALLEST } from './numbers.ts';

/** Whether an axis has a place for a number: none for NaN, and none for zero and below on a logarithmic axis. */
export function isShown(value: number, axis: Axis): boolean {
  return !Number.isNaN(value) && (axis.scale !== 'log' || value >= SMALLEST);
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Of a band. */
  readonly y2?: number;
}

/** Runs of neighbouring points that can be seen: a line or band breaks between them. */
export function runsOf(series: Series, panel: Panel): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  for (let i = 0; i < series.x.length; i++) {
    const point = pointAt(series, panel, i);
    if (point === undefined) {
      run = [];
      continue;
    }
    if (run.length === 0) runs.push(run);
    run.push(point);
  }
  return runs;
}

function pointAt({ kind, x, y, yHigh }: Series, panel: Panel, i: number): Point | undefined {
  if (!isShown(x[i], panel.x) || !isShown(y[i], panel.y)) return undefined;
  if (kind !== 'band' || yHigh === undefined) return { x: x[i], y: y[i] };
  return isShown(yHigh[i], panel.y) ? { x: x[i], y: y[i], y2: yHigh[i] } : undefined;
}

export interface Bar {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
}

/** Bars from left to right, each reaching half-way to its neighbours; a single one is one wide. */
export function barsOf(series: Series, panel: Panel): readonly Bar[] {
  const points = runsOf(series, panel)
    .flat()
    .sort((a, b) => a.x - b.x);
  const [to, from] = panel.x.scale === 'log' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const middles = points.map(({ x }) => to(x));
  const last = middles.length - 1;
  const alone = panel.x.scale === 'log' ? 0.1 : 0.5;
  return points.map(({ y }, i) => {
    const left = i > 0 ? (middles[i] - middles[i - 1]) / 2 : undefined;
    const right = i < last ? (middles[i + 1] - middles[i]) / 2 : undefined;
    return {
      x: from(middles[i] - (left ?? right ?? alone)),
      x2: from(middles[i] + (right ?? left ?? alone)),
      y,
    };
  });
}

/** Margin around the data, as a share of its spread. */
const MARGIN = 0.05;
/** Zero belongs to an axis whose numbers are all on one side, and the nearest of them nearer than this share of the farthest. */
const NEAR_ZERO = 0.3;

/** Ranges of a panel's axes: all that can be seen, the foot of bars, and a margin; lines reach both ends. */
export function rangesOf(panel: Panel): { readonly x: Range; readonly y: Range } {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const series of panel.series) {
    if (series.kind === 'reference') {
      if (isShown(series.y[0], panel.y)) ys.push(series.y[0]);
      continue;
    }
    if (series.kind === 'bars') {
      for (const { x, x2, y } of barsOf(series, panel)) {
        xs.push(x, x2);
        ys.push(y);
        if (panel.y.scale !== 'log') ys.push(0);
      }
      continue;
    }
    for (const { x, y, y2 } of runsOf(series, panel).flat()) {
      xs.push(x);
      ys.push(y);
      if (y2 !== undefined) ys.push(y2);
    }
  }
  const hasPoints = panel.series.some(({ kind }) => kind === 'points' || kind === 'bars');
  const margin = hasPoints ? MARGIN / 2 : 0;
  return {
    x: panel.x.scale === 'log' ? logRange(xs, margin) : linearRange(xs, margin),
    y: panel.y.scale === 'log' ? logRange(ys, MARGIN) : withZero(ys),
  };
}

/** An axis from which zero is not far starts there, without a margin beyond it. */
function withZero(ys: readonly number[]): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const y of ys) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  if (low >= 0 && high > SMALLEST && low <= NEAR_ZERO * high) return [0, high * (1 + MARGIN)];
  if (high <= 0 && low < -SMALLEST && high >= NEAR_ZERO * low) return [low * (1 + MARGIN), 0];
  return linearRange(ys, MARGIN);
}

/** Whether every x is a whole number, so that ticks between them would mean nothing. */
export function wholeX(panel: Panel): boolean {
  return panel.series.every(({ kind, x }) => {
    if (kind === 'reference') return true;
    for (let i = 0; i < x.length; i++) if (!Number.isInteger(x[i])) return false;
    return true;
  });
}
