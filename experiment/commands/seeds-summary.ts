/** What several seeds say together: medians, interquartile means and intervals, as numbers, as tables and as text. */
import path from 'node:path';
import type { Column, Quantity, Table } from '../../core/charts.ts';
import { createRng } from '../../numerics/random.ts';
import { bootstrapInterval, interquartileMean, median } from '../../numerics/statistics.ts';
import { formatNumber, formatSeconds, formatTable } from '../cli/table.ts';
import { isRecord } from '../records.ts';

/** The JSON line of a run. */
export type RunResult = Readonly<Record<string, unknown>>;

/** What one seed's process left behind. */
export interface SeedRun {
  readonly seed: number;
  /** Its JSON line; undefined if there was none. */
  readonly result: RunResult | undefined;
  /** Why it counts as failed; undefined if it does not. */
  readonly failure: string | undefined;
  /** The reason alone, where it failed because of what was asked for. */
  readonly refusal?: string;
}

export interface Spread {
  readonly median: number;
  /** 95 % bootstrap interval of the median. */
  readonly medianInterval: readonly [low: number, high: number];
  readonly interquartileMean: number;
  /** 95 % bootstrap interval of the interquartile mean. */
  readonly interval: readonly [low: number, high: number];
  /** Runs that have the number. */
  readonly runs: number;
}

/** The numbers that are summarised over seeds, from a run's JSON; undefined where it has none. */
export const SUMMARISED: Readonly<Record<string, (result: RunResult) => number | undefined>> = {
  policyGap: (result) => numberAt(result, ['oracle', 'policyGap']),
  gapOverConstant,
  correlation: smallestCorrelation,
  welfareLossPercent: (result) => numberAt(result, ['oracle', 'welfareLossPercent']),
  eulerErrorMean: (result) => numberAt(result, ['oracle', 'eulerError', 'mean']),
  // Last: a learner may beat the optimum's.
  return: (result) => numberAt(result, ['return']),
};

/** Below this the best constant is the optimum up to rounding, and no share of it means anything. */
const SMALLEST_CONSTANT_GAP = 1e-9;

/** The policy gap as a share of the best constant's. */
function gapOverConstant(result: RunResult): number | undefined {
  const gap = numberAt(result, ['oracle', 'policyGap']);
  const constant = numberAt(result, ['oracle', 'constantGap']);
  if (gap === undefined || constant === undefined || constant <= SMALLEST_CONSTANT_GAP) return undefined;
  return gap / constant;
}

/** Of the action that follows the optimum least. */
function smallestCorrelation({ oracle }: RunResult): number | undefined {
  const correlations =
    isRecord(oracle) && isRecord(oracle.correlations) ? Object.values(oracle.correlations) : [];
  const known = correlations.filter((value) => typeof value === 'number');
  return known.length === 0 ? undefined : Math.min(...known);
}

const RESAMPLES = 10_000;

/**
 * Median, interquartile mean and intervals of each number, over the runs that have it; a number that none has is left out. The
 * interquartile mean, the mean of the middle half, with its bootstrap interval is what Agarwal et al. (2021, "Deep Reinforcement Learning
 * at the Edge of the Statistical Precipice", section 4) advise for few runs. Invariant: equal results give equal intervals.
 */
export function summarise(results: readonly RunResult[]): Readonly<Record<string, Spread>> {
  const spreads: Record<string, Spread> = {};
  for (const [name, numberOf] of Object.entries(SUMMARISED)) {
    const values = results.map(numberOf).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const interval = (statistic: typeof median) => {
      const rng = createRng('bootstrap').split(name);
      const { low, high } = bootstrapInterval(values, statistic, { level: 0.95, resamples: RESAMPLES, rng });
      return [low, high] as const;
    };
    spreads[name] = {
      median: median(values),
      medianInterval: interval(median),
      interquartileMean: interquartileMean(values),
      interval: interval(interquartileMean),
      runs: values.length,
    };
  }
  return spreads;
}

/** Wall time of runs together. */
export function totalSeconds(results: readonly RunResult[]): number {
  return results.reduce((sum, result) => sum + (numberAt(result, ['seconds']) ?? 0), 0);
}

/** The numbers of a run and what they are, in this order. */
export const QUANTITIES: Readonly<Record<keyof typeof SUMMARISED, Quantity>> = {
  policyGap: { label: 'policy gap', unit: 'units of the action' },
  gapOverConstant: { label: "policy gap as a share of the best constant's", unit: '' },
  correlation: { label: 'correlation of learned and optimal actions, the smallest', unit: '' },
  welfareLossPercent: { label: 'welfare loss', unit: '% of consumption' },
  eulerErrorMean: { label: 'mean Euler error', unit: 'log10' },
  return: { label: 'mean episode return', unit: 'utility' },
};

/** Every number of every run, and why those failed that did: `seeds.csv`. No clock: equal runs give equal bytes. */
export function seedsTable(runs: readonly SeedRun[], title: string): Table {
  const results = runs.map(({ result }) => result);
  const numbers = Object.entries(SUMMARISED).map(([name, numberOf]) => ({
    name,
    ...QUANTITIES[name],
    values: results.map((result) => (result === undefined ? null : (numberOf(result) ?? null))),
  }));
  const texts = (name: string, label: string, value: (run: SeedRun) => string | number | null): Column => ({
    name,
    label,
    unit: '',
    values: runs.map(value),
  });
  return {
    name: 'seeds',
    title,
    columns: [
      texts('seed', 'seed', ({ seed }) => seed),
      texts('state', 'state', ({ failure }) => (failure === undefined ? 'finished' : 'failed')),
      ...numbers.filter(({ values }) => values.some((value) => value !== null)),
      texts('failure', 'why it failed', ({ failure }) => failure ?? null),
    ],
  };
}

/** The summary, one number a row: `summary.csv`. */
export function summaryTable(summary: Readonly<Record<string, Spread>>, title: string): Table {
  const names = Object.keys(summary);
  const column = (name: string, label: string, value: (spread: Spread) => number): Column => ({
    name,
    label,
    unit: '',
    values: names.map((row) => value(summary[row])),
  });
  return {
    name: 'summary',
    title,
    columns: [
      { name: 'number', label: 'number', unit: '', values: names },
      column('runs', 'runs that have it', ({ runs }) => runs),
      column('median', 'median', (spread) => spread.median),
      column('medianLow', '95 % interval of the median, low', ({ medianInterval }) => medianInterval[0]),
      column('medianHigh', '95 % interval of the median, high', ({ medianInterval }) => medianInterval[1]),
      column('interquartileMean', 'interquartile mean', (spread) => spread.interquartileMean),
      column('interquartileMeanLow', 'its 95 % interval, low', ({ interval }) => interval[0]),
      column('interquartileMeanHigh', 'its 95 % interval, high', ({ interval }) => interval[1]),
    ],
  };
}

export interface SeedsReportOptions {
  readonly runs: readonly SeedRun[];
  readonly summary: Readonly<Record<string, Spread>>;
  /** Wall time of the whole command. */
  readonly seconds: number;
  readonly folder: string;
  /** Paths of what was written there. */
  readonly files: readonly string[];
  /** What a reader may want to type next. */
  readonly next: readonly string[];
}

/** The table of all seeds, and where the rest is. */
export function seedsReport({ runs, summary, seconds, folder, files, next }: SeedsReportOptions): string {
  const results = runs.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const facts = [
    ['seconds in all', `${seconds.toFixed(1)}, of the runs together ${totalSeconds(results).toFixed(1)}`],
    ['folder', folder],
    ...files.map((file, i) => [i === 0 ? 'files' : '', path.relative(folder, file)]),
    ...next.map((text, i) => [i === 0 ? 'next' : '', text]),
  ];
  const { rows, ...look } = seedsRows(runs, summary);
  return `\n${formatTable(rows, look)}\n\n${formatTable(facts, { align: ['left', 'left'] })}\n`;
}

/** The table as text: one row for each seed, and what they say together. */
export function seedsRows(
  runs: readonly SeedRun[],
  summary: Readonly<Record<string, Spread>>,
): {
  readonly header: readonly string[];
  readonly align: readonly ('left' | 'right')[];
  readonly rows: readonly (readonly string[])[];
} {
  const names = Object.keys(summary);
  const rows = runs.map(({ seed, result, failure }) => {
    const values = names.map((name) => formatNumber(result === undefined ? null : SUMMARISED[name](result)));
    const seconds = result === undefined ? undefined : numberAt(result, ['seconds']);
    const remark = failure === undefined ? [] : [`failed: ${shorten(failure)}`];
    return [String(seed), ...values, seconds === undefined ? '-' : formatSeconds(seconds), ...remark];
  });
  const spread = (title: string, pick: (spread: Spread) => string) => [
    title,
    ...names.map((name) => pick(summary[name])),
  ];
  const finished = runs.filter(({ result }) => result !== undefined).length;
  const titles = names.map((name) => {
    const { runs: having } = summary[name];
    const part = having < finished ? ` (${having} of ${finished})` : '';
    return `${TITLES[name] ?? name}${part}`;
  });
  const hasFailed = rows.some(({ length }) => length > names.length + 2);
  const header = ['seed', ...titles, 'time', ...(hasFailed ? [''] : [])];
  const align = header.map((_, j) => (j === 0 || j === names.length + 2 ? 'left' : 'right'));
  const summaryRows =
    names.length === 0
      ? []
      : [
          spread('median', (s) => formatNumber(s.median)),
          spread('interquartile mean', (s) => formatNumber(s.interquartileMean)),
          spread('  its 95 % interval', ({ interval, runs: n }) => (n < 2 ? '-' : intervalText(interval))),
        ];
  return { header, align, rows: [...rows, ...summaryRows] };
}

/** `0.01 .. 0.02`. */
export function intervalText([low, high]: readonly [low: number, high: number], digits = 4): string {
  return `${formatNumber(low, digits)} .. ${formatNumber(high, digits)}`;
}

const LONGEST_REMARK = 72;

function shorten(text: string): string {
  const [line] = text.split('\n');
  return line.length <= LONGEST_REMARK ? line : `${line.slice(0, LONGEST_REMARK - 3)}...`;
}

/** Heads of the text's columns; the names themselves where they say it. */
export const TITLES: Readonly<Record<string, string>> = {
  policyGap: 'policy gap',
  gapOverConstant: "gap / constant's",
  welfareLossPercent: 'welfare loss %',
  eulerErrorMean: 'Euler error, log10',
};

/** The finite number at a place in nested records; undefined if there is none. */
export function numberAt(value: unknown, place: readonly string[]): number | undefined {
  const found = place.reduce<unknown>(
    (at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
