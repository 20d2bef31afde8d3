/** What a run's log says, as charts: the distance to the optimum, the return, and every other number the agents report. */
import type { Axis, Chart, Panel, Series } from '../../core/charts.ts';

/** One line of `metrics.jsonl`: numbers by name, null where there is none yet. */
export type MetricsRecord = Readonly<Record<string, number | null>>;

export interface LearningCurveOptions {
  /** In the order of their steps. */
  readonly records: readonly MetricsRecord[];
  /** Mean return of an episode under the optimal policy; null if it is not known. */
  readonly optimalReturn: number | null;
  /** Policy gap of the best policy that ignores the state; null if it is not known. */
  readonly constantGap: number | null;
}

export const STEPS: Axis = { label: 'steps', unit: '' };

/** Of every record, but no metric. */
const COUNTERS: readonly string[] = ['step', 'episodes'];
const GAP = 'policyGap';
const RETURNS: readonly string[] = ['evaluationReturn', 'episodeReturn'];

/** A metric's range of sizes from which its logarithm is drawn. */
const DECADES = 100;

/**
 * The charts `learning-policy-gap` (logarithmic, with the best constant's gap), `learning-return` (evaluations and training episodes,
 * with the optimal policy's return) and `learning-metrics` (one small panel for every other metric), each against training steps. With
 * several agent types, whose metrics are `type.name`, a panel has a line for each type. Charts of numbers that no record has are left
 * out, so the list is empty for an empty log. Invariant: every number of the records but the counters is in exactly one chart, except
 * that a logarithmic axis has no place for zero.
 */
export function learningCurves(options: LearningCurveOptions): readonly Chart[] {
  const metrics = metricsOf(options.records);
  const rest = [...metrics.keys()].filter((name) => name !== GAP && !RETURNS.includes(name));
  return [
    gapChart(options, metrics.get(GAP) ?? []),
    returnChart(options, metrics),
    metricsChart(
      options.records,
      rest.map((name) => [name, metrics.get(name) ?? []]),
    ),
  ].filter((chart) => chart.panels.length > 0);
}

/** A metric of one agent type; the type is empty where there is one. */
interface Column {
  readonly key: string;
  readonly type: string;
}

/** By name without its type, in the order in which the records mention them. */
function metricsOf(records: readonly MetricsRecord[]): ReadonlyMap<string, readonly Column[]> {
  const metrics = new Map<string, Column[]>();
  for (const key of new Set(records.flatMap((record) => Object.keys(record)))) {
    if (COUNTERS.includes(key)) continue;
    if (!records.some((record) => typeof record[key] === 'number')) continue;
    const dot = key.lastIndexOf('.');
    const name = key.slice(dot + 1);
    metrics.set(name, [...(metrics.get(name) ?? []), { key, type: key.slice(0, Math.max(0, dot)) }]);
  }
  return metrics;
}

/**
 * A metric against steps. Records without it are passed over, as a metric may be measured at some steps only; where it is null or not
 * a finite number the line breaks.
 */
export function metricSeries(
  records: readonly MetricsRecord[],
  key: string,
  look: Pick<Series, 'name' | 'source'>,
): Series {
  const rows = records.filter((record) => record[key] !== undefined && typeof record.step === 'number');
  return {
    kind: 'line',
    ...look,
    x: rows.map((record) => record.step ?? 0),
    y: rows.map((record) => finite(record[key])),
  };
}

function finite(value: number | null | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

/** `criticLoss` as `critic loss`. */
export function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_.-]+/g, ' ')
    .toLowerCase();
}

function gapChart({ records, constantGap }: LearningCurveOptions, columns: readonly Column[]): Chart {
  const lines = columns.map(({ key, type }) =>
    metricSeries(records, key, { name: type === '' ? 'policy gap' : type }),
  );
  const constant: readonly Series[] =
    constantGap !== null && constantGap > 0
      ? [{ kind: 'reference', name: 'best constant policy', source: 'other', x: [], y: [constantGap] }]
      : [];
  const panel: Panel = {
    title: '',
    x: STEPS,
    y: { label: 'policy gap', unit: 'units of the action', scale: 'log' },
    series: [...lines, ...constant],
  };
  return {
    name: 'learning-policy-gap',
    title: 'Distance to the optimal policy',
    caption:
      'Mean distance of the learned actions to the optimal ones over the states where they are compared, on a logarithmic axis.' +
      (constant.length > 0 ? ' Below the dotted line the agent has learned to look at the state.' : ''),
    panels: lines.length === 0 ? [] : [panel],
  };
}

function returnChart(
  { records, optimalReturn }: LearningCurveOptions,
  metrics: ReadonlyMap<string, readonly Column[]>,
): Chart {
  const lines = [
    ...(metrics.get('episodeReturn') ?? []).map(({ key, type }) =>
      metricSeries(records, key, { name: withType('training episodes', type) }),
    ),
    ...(metrics.get('evaluationReturn') ?? []).map(({ key, type }) =>
      metricSeries(numbersOnly(records, key), key, { name: withType('evaluation', type) }),
    ),
  ];
  const optimal: readonly Series[] =
    optimalReturn === null
      ? []
      : [{ kind: 'reference', name: 'optimal policy', source: 'optimal', x: [], y: [optimalReturn] }];
  const whole: Panel = {
    title: '',
    x: STEPS,
    y: { label: 'return', unit: 'utility' },
    series: [...lines, ...optimal],
  };
  const late = { ...whole, series: [...secondHalves(lines), ...optimal] };
  const zooms = spread(late) > 0 && spread(whole) >= ZOOM * spread(late);
  return {
    name: 'learning-return',
    title: 'Return of an episode',
    caption:
      `Mean undiscounted return${metrics.has('episodeReturn') ? '. Training episodes explore; evaluations do not.' : ' in evaluations.'}` +
      (optimal.length > 0
        ? ' The return is no measure of optimality: it ends with the episode, and an agent that leaves nothing behind earns more.'
        : ''),
    panels:
      lines.length === 0
        ? []
        : zooms
          ? [
              { ...whole, title: 'whole run' },
              { ...late, title: 'second half' },
            ]
          : [whole],
  };
}

/** The second half of a run is drawn again by itself if the first one's returns are so many times as far apart. */
const ZOOM = 4;

function secondHalves(lines: readonly Series[]): readonly Series[] {
  const [first, last] = extent(lines.flatMap(({ x }) => Array.from(x)));
  return lines.map((line) => {
    const kept = Array.from(line.x, (_, i) => i).filter((i) => line.x[i] >= (first + last) / 2);
    return { ...line, x: kept.map((i) => line.x[i]), y: kept.map((i) => line.y[i]) };
  });
}

function spread({ series }: Panel): number {
  const [low, high] = extent(
    series.flatMap(({ y }) => Array.from(y)).filter((value) => !Number.isNaN(value)),
  );
  return high - low;
}

function extent(values: readonly number[]): readonly [low: number, high: number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);
}

/** Evaluations are rare, and a record without one is no gap between them. */
function numbersOnly(records: readonly MetricsRecord[], key: string): readonly MetricsRecord[] {
  return records.filter((record) => typeof record[key] === 'number');
}

function withType(words: string, type: string): string {
  return type === '' ? words : `${type}, ${words}`;
}

function metricsChart(
  records: readonly MetricsRecord[],
  metrics: readonly (readonly [name: string, columns: readonly Column[]])[],
): Chart {
  const panels = metrics.map(([name, columns]): Panel => {
    const series = columns.map(({ key, type }) => metricSeries(records, key, { name: type }));
    const scale = spansDecades(series) ? 'log' : 'linear';
    return {
      title: `${inWords(name)}${scale === 'log' ? ', logarithmic' : ''}`,
      x: STEPS,
      y: { label: '', unit: '', scale },
      series,
    };
  });
  return {
    name: 'learning-metrics',
    title: 'Measured on the way',
    caption: 'Means over the steps between two records of the log.',
    panels,
  };
}

/** Whether all numbers are positive and the largest many times the smallest, so that only a logarithmic axis shows both. */
function spansDecades(series: readonly Series[]): boolean {
  const values = series.flatMap(({ y }) => Array.from(y)).filter((value) => !Number.isNaN(value));
  const [low, high] = extent(values);
  return low > 0 && high >= DECADES * low;
}
