/** What a comparison says: one row a group of runs or a baseline, as numbers, as tables and as text. */
import type { Column, Table } from '../../core/charts.ts';
import { median } from '../../numerics/statistics.ts';
import { formatCount, formatNumber, formatTable } from '../cli/table.ts';
import type { Baseline } from './compare-baselines.ts';
import type { RunGroup } from './compare-runs.ts';
import {
  intervalText,
  numberAt,
  QUANTITIES,
  type RunResult,
  type Spread,
  SUMMARISED,
  summarise,
  TITLES,
} from './seeds-summary.ts';

/** A group of runs, or a baseline, in numbers. */
export interface ComparedRow {
  readonly label: string;
  readonly kind: 'runs' | 'baseline';
  readonly agent: string;
  /** Id of the economy. */
  readonly env: string;
  readonly seeds: readonly number[];
  /** Folders of the runs, in the order of the seeds; none for a baseline. */
  readonly runs: readonly string[];
  /** Of those, the ones that have not ended; their numbers are not in the summary. */
  readonly unfinished: readonly string[];
  /** Steps done, fewest and most over the runs; null where there are none. */
  readonly steps: readonly [fewest: number, most: number] | null;
  /** Median wall time of a run; null for a baseline. */
  readonly seconds: number | null;
  readonly summary: Readonly<Record<string, Spread>>;
}

export function groupRow({ label, runs }: RunGroup): ComparedRow {
  const finished = runs.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const { method, environment } = runs[0].config;
  const numbersAt = (name: string) => finished.flatMap((result) => numberAt(result, [name]) ?? []);
  const [steps, seconds] = [numbersAt('steps'), numbersAt('seconds')];
  return {
    label,
    kind: 'runs',
    agent: method,
    env: environment.id,
    seeds: runs.map(({ config }) => config.seed),
    runs: runs.map(({ folder }) => folder),
    unfinished: runs.filter(({ result }) => result === undefined).map(({ folder }) => folder),
    steps: steps.length === 0 ? null : [Math.min(...steps), Math.max(...steps)],
    seconds: seconds.length === 0 ? null : median(seconds),
    summary: summarise(finished),
  };
}

export function baselineRow(options: {
  readonly baseline: Baseline;
  readonly label: string;
  readonly env: string;
  readonly seeds: readonly number[];
  readonly results: readonly RunResult[];
}): ComparedRow {
  const { baseline, label, env, seeds, results } = options;
  return {
    label,
    kind: 'baseline',
    agent: baseline,
    env,
    seeds,
    runs: [],
    unfinished: [],
    steps: null,
    seconds: null,
    summary: summarise(results),
  };
}

/** In the order in which they are read: the distance to the optimum first, the return, which a learner may beat, last. */
const SHOWN: readonly (keyof typeof SUMMARISED)[] = [
  'policyGap',
  'gapOverConstant',
  'welfareLossPercent',
  'eulerErrorMean',
  'return',
];

/** The table as text, with what its numbers are. A column that no row has a number for is left out. */
export function compareText(rows: readonly ComparedRow[]): string {
  const names = SHOWN.filter((name) => rows.some(({ summary }) => Object.hasOwn(summary, name)));
  const isAcross = new Set(rows.map(({ env }) => env)).size > 1;
  const hasInterval = rows.some(({ kind, seeds }) => kind === 'runs' && seeds.length > 1);
  const lead = names.includes('policyGap') ? 'policyGap' : 'return';
  const numbers = (name: string, { summary }: ComparedRow): readonly string[] => {
    const spread = Object.hasOwn(summary, name) ? summary[name] : undefined;
    const value = formatNumber(spread?.median);
    if (name !== lead || !hasInterval) return [value];
    const interval =
      spread === undefined || spread.medianInterval[0] === spread.medianInterval[1]
        ? ''
        : intervalText(spread.medianInterval, 3);
    return [value, interval];
  };
  const header = [
    '',
    ...(isAcross ? ['economy'] : []),
    'runs',
    'steps',
    ...names.flatMap((name) => [
      TITLES[name] ?? name,
      ...(name === lead && hasInterval ? ['95 % interval'] : []),
    ]),
    'seconds',
  ];
  const cells = rows.map((row) => [
    row.label,
    ...(isAcross ? [row.env] : []),
    runsText(row),
    stepsText(row.steps),
    ...names.flatMap((name) => numbers(name, row)),
    row.seconds === null ? '' : row.seconds.toFixed(1),
  ]);
  const align = header.map((title, j) =>
    j === 0 || title === 'economy' ? ('left' as const) : ('right' as const),
  );
  const note = hasInterval
    ? 'Medians over runs, with the 95 % bootstrap interval of the median.'
    : 'One run each: give several seeds, --seeds 1-5, for intervals.';
  return `${formatTable(cells, { header, align })}\n\n${note}`;
}

function runsText({ kind, runs, unfinished }: ComparedRow): string {
  if (kind === 'baseline') return '';
  return unfinished.length === 0
    ? String(runs.length)
    : `${runs.length - unfinished.length} of ${runs.length}`;
}

function stepsText(steps: ComparedRow['steps']): string {
  if (steps === null) return '';
  const [fewest, most] = steps;
  return fewest === most ? formatCount(most) : `${formatCount(fewest)}-${formatCount(most)}`;
}

/** The table as data, every number with both its intervals: `compare.csv`. */
export function compareTable(rows: readonly ComparedRow[], title: string): Table {
  const names = Object.keys(SUMMARISED).filter((name) => rows.some(({ summary }) => name in summary));
  const column = (
    name: string,
    label: string,
    value: (row: ComparedRow) => string | number | null,
  ): Column => ({ name, label, unit: '', values: rows.map(value) });
  const parts: Readonly<Record<string, (spread: Spread) => number>> = {
    Median: (spread) => spread.median,
    MedianLow: ({ medianInterval }) => medianInterval[0],
    MedianHigh: ({ medianInterval }) => medianInterval[1],
    InterquartileMean: ({ interquartileMean }) => interquartileMean,
    InterquartileMeanLow: ({ interval }) => interval[0],
    InterquartileMeanHigh: ({ interval }) => interval[1],
  };
  const numbers = names.flatMap((name) =>
    Object.entries(parts).map(([part, of]) => ({
      name: `${name}${part}`,
      ...QUANTITIES[name],
      values: rows.map(({ summary }) => (name in summary ? of(summary[name]) : null)),
    })),
  );
  return {
    name: 'compare',
    title,
    columns: [
      column('group', 'group', ({ label }) => label),
      column('kind', 'runs or a baseline', ({ kind }) => kind),
      column('economy', 'economy', ({ env }) => env),
      column('agent', 'agent', ({ agent }) => agent),
      column('runs', 'runs that have ended', ({ kind, runs, unfinished }) =>
        kind === 'baseline' ? null : runs.length - unfinished.length,
      ),
      column('unfinished', 'runs that have not', ({ kind, unfinished }) =>
        kind === 'baseline' ? null : unfinished.length,
      ),
      column('stepsFewest', 'steps done, fewest', ({ steps }) => steps?.[0] ?? null),
      column('stepsMost', 'steps done, most', ({ steps }) => steps?.[1] ?? null),
      ...numbers,
      column('secondsMedian', 'wall time of a run, median', ({ seconds }) => seconds),
    ],
  };
}

/** What went into it, one run a row: `runs.csv`. */
export function rawTable(groups: readonly RunGroup[], title: string): Table {
  const rows = groups.flatMap(({ label, runs }) => runs.map((run) => ({ label, ...run })));
  const numberOf = (result: RunResult | undefined, name: string) =>
    result === undefined ? null : (numberAt(result, [name]) ?? null);
  const numbers = Object.entries(SUMMARISED).map(([name, of]) => ({
    name,
    ...QUANTITIES[name],
    values: rows.map(({ result }) => (result === undefined ? null : (of(result) ?? null))),
  }));
  const column = (
    name: string,
    label: string,
    value: (row: (typeof rows)[number]) => string | number | null,
  ): Column => ({ name, label, unit: '', values: rows.map(value) });
  return {
    name: 'runs',
    title,
    columns: [
      column('group', 'group', ({ label }) => label),
      column('run', 'folder', ({ folder }) => folder),
      column('economy', 'economy', ({ config }) => config.environment.id),
      column('agent', 'agent', ({ config }) => config.method),
      column('seed', 'seed', ({ config }) => config.seed),
      column('state', 'state', ({ result }) => (result === undefined ? 'unfinished' : 'finished')),
      column('steps', 'steps done', ({ result }) => numberOf(result, 'steps')),
      ...numbers.filter(({ values }) => values.some((value) => value !== null)),
      column('seconds', 'wall time', ({ result }) => numberOf(result, 'seconds')),
    ],
  };
}
