/** Several runs of the same thing in one picture: the middle one and how far the others are from it. */
import type { Axis, Chart, Series } from '../../core/charts.ts';
import { quantile } from '../../numerics/statistics.ts';
import { inWords, type MetricsRecord, STEPS } from './learning-curves.ts';

/** Runs that differ in their seed alone. */
export interface RunGroup {
  /** Of the method, in the legend. */
  readonly name: string;
  /** The records of each run's log. */
  readonly runs: readonly (readonly MetricsRecord[])[];
}

export interface BandsOptions {
  readonly groups: readonly RunGroup[];
  /** As the records name it: `policyGap`, `evaluationReturn`, `household.criticLoss`. */
  readonly metric: string;
  /** Of the chart's files; default `seeds-<metric>`. */
  readonly name?: string;
  /** Default: the metric in words. */
  readonly title?: string;
  /** Default: the metric in words, without a unit, on a linear axis; `policyGap` on a logarithmic one. */
  readonly axis?: Axis;
  /** Horizontal lines for comparison: the optimal policy's return, the best constant's gap. */
  readonly references?: readonly {
    readonly name: string;
    readonly value: number;
    readonly source: 'optimal' | 'other';
  }[];
}

/** With fewer runs, quartiles say nothing, and the band is all there is between the least and the largest. */
const RUNS_FOR_QUARTILES = 4;
/** So few runs of one group are also drawn one by one. */
const RUNS_DRAWN = 5;

/**
 * Each group's median and the band between its quartiles (linear interpolation between order statistics; with fewer than four runs,
 * between the least and the largest), against training steps. Runs may have recorded different steps or ended early: a step counts if
 * at least half of the group's runs have the metric there. One group of at most five runs is also drawn run by run. A group without
 * the metric is not drawn; the chart then has an empty panel. Invariant: low <= median <= high at every step.
 */
export function bandsChart(options: BandsOptions): Chart {
  const { groups, metric, references = [] } = options;
  const words = inWords(metric);
  const [only] = groups.length === 1 ? groups : [];
  const runs: readonly Series[] =
    only === undefined || only.runs.length > RUNS_DRAWN || only.runs.length < 2
      ? []
      : only.runs.map((records) => singleRun(records, metric));
  return {
    name: options.name ?? `seeds-${metric.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
    title: options.title ?? words.replace(/^./, (first) => first.toUpperCase()),
    caption: captionOf(groups, runs.length > 0),
    panels: [
      {
        title: '',
        x: STEPS,
        y: options.axis ?? { label: words, unit: '', scale: metric.endsWith('policyGap') ? 'log' : 'linear' },
        series: [
          ...groups.flatMap((group) => groupSeries(group, metric)),
          ...runs,
          ...references.map(
            ({ name, value, source }): Series => ({ kind: 'reference', name, source, x: [], y: [value] }),
          ),
        ],
      },
    ],
  };
}

function captionOf(groups: readonly RunGroup[], drawsRuns: boolean): string {
  const counts = groups.map(({ runs }) => runs.length);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const runs = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const band =
    fewest >= RUNS_FOR_QUARTILES
      ? 'between the quartiles'
      : most < RUNS_FOR_QUARTILES
        ? 'between the least and the largest'
        : `between the quartiles, with fewer than ${RUNS_FOR_QUARTILES} runs between the least and the largest`;
  if (most === 1) return 'One run.';
  return `Median of ${runs} runs, and the band ${band}.${drawsRuns ? ' Dotted: single runs.' : ''}`;
}

/** The band and the median of a group. */
function groupSeries({ name, runs }: RunGroup, metric: string): readonly Series[] {
  const steps = alignSteps(runs, metric);
  const x = steps.map(([step]) => step);
  const median = steps.map(([, values]) => quantile(values, 0.5));
  const line: Series = { kind: 'line', name, x, y: median };
  if (runs.length < 2) return [line];
  const [low, high] = runs.length < RUNS_FOR_QUARTILES ? [0, 1] : [0.25, 0.75];
  const band: Series = {
    kind: 'band',
    name,
    x,
    y: steps.map(([, values]) => quantile(values, low)),
    yHigh: steps.map(([, values]) => quantile(values, high)),
  };
  return [band, line];
}

/** Steps that at least half of the runs have, in order, with the values there. */
function alignSteps(
  runs: readonly (readonly MetricsRecord[])[],
  metric: string,
): readonly (readonly [step: number, values: readonly number[]])[] {
  const bySteps = new Map<number, number[]>();
  for (const records of runs) {
    for (const { step, value } of points(records, metric)) {
      const values = bySteps.get(step) ?? [];
      bySteps.set(step, values);
      values.push(value);
    }
  }
  return [...bySteps].filter(([, values]) => 2 * values.length >= runs.length).sort(([a], [b]) => a - b);
}

function singleRun(records: readonly MetricsRecord[], metric: string): Series {
  const known = points(records, metric);
  return {
    kind: 'line',
    name: 'single runs',
    source: 'other',
    x: known.map(({ step }) => step),
    y: known.map(({ value }) => value),
  };
}

/** The metric where it is a finite number, the last one if a step was recorded twice. */
function points(records: readonly MetricsRecord[], metric: string) {
  const values = new Map<number, number>();
  for (const record of records) {
    const [step, value] = [record.step, record[metric]];
    if (typeof step === 'number' && typeof value === 'number' && Number.isFinite(value)) {
      values.set(step, value);
    }
  }
  return [...values].map(([step, value]) => ({ step, value }));
}
