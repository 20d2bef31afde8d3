/** What several seeds say together: medians, interquartile means and intervals, and the table of all. */
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
  readonly interquartileMean: number;
  /** 95 % bootstrap interval of the interquartile mean. */
  readonly interval: readonly [low: number, high: number];
  /** Runs that have the number. */
  readonly runs: number;
}

/** The numbers that are summarised over seeds, from a run's JSON; undefined where it has none. */
const SUMMARISED: Readonly<Record<string, (result: RunResult) => number | undefined>> = {
  return: (result) => numberAt(result, ['return']),
  policyGap: (result) => numberAt(result, ['oracle', 'policyGap']),
  gapOverConstant,
  correlation: smallestCorrelation,
  welfareLossPercent: (result) => numberAt(result, ['oracle', 'welfareLossPercent']),
  eulerErrorMean: (result) => numberAt(result, ['oracle', 'eulerError', 'mean']),
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

/** Median, interquartile mean and interval of each number, over the runs that have it; a number that none has is left out. */
export function summarise(results: readonly RunResult[]): Readonly<Record<string, Spread>> {
  const spreads: Record<string, Spread> = {};
  for (const [name, numberOf] of Object.entries(SUMMARISED)) {
    const values = results.map(numberOf).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const rng = createRng('bootstrap').split(name);
    const { low, high } = bootstrapInterval(values, interquartileMean, {
      level: 0.95,
      resamples: RESAMPLES,
      rng,
    });
    spreads[name] = {
      median: median(values),
      interquartileMean: interquartileMean(values),
      interval: [low, high],
      runs: values.length,
    };
  }
  return spreads;
}

/** The table of all seeds. */
export function seedsReport(runs: readonly SeedRun[], summary: Readonly<Record<string, Spread>>): string {
  const names = Object.keys(summary);
  const rows = runs.map(({ seed, result, failure }) => {
    const values = names.map((name) => formatNumber(result === undefined ? null : SUMMARISED[name](result)));
    const seconds = result === undefined ? undefined : numberAt(result, ['seconds']);
    const remark = failure !== undefined ? `failed: ${failure.split('\n')[0]}` : String(result?.run ?? '');
    return [String(seed), ...values, seconds === undefined ? '-' : formatSeconds(seconds), remark];
  });
  const spread = (title: string, pick: (spread: Spread) => string) => [
    title,
    ...names.map((name) => pick(summary[name])),
    '',
    '',
  ];
  const finished = runs.filter(({ result }) => result !== undefined).length;
  const titles = names.map((name) => {
    const { runs: having } = summary[name];
    const part = having < finished ? ` (${having} of ${finished})` : '';
    return `${TITLES[name] ?? name}${part}`;
  });
  const header = ['seed', ...titles, 'time', 'run'];
  const align = header.map((_, j) => (j === 0 || j === header.length - 1 ? 'left' : 'right'));
  const summaryRows =
    names.length === 0
      ? []
      : [
          spread('median', (s) => formatNumber(s.median)),
          spread('interquartile mean', (s) => formatNumber(s.interquartileMean)),
          spread(
            '  its 95 % interval',
            (s) => `${formatNumber(s.interval[0])} .. ${formatNumber(s.interval[1])}`,
          ),
        ];
  return `\n${formatTable([...rows, ...summaryRows], { header, align })}\n`;
}

const TITLES: Readonly<Record<string, string>> = {
  policyGap: 'policy gap',
  gapOverConstant: "gap / constant's",
  welfareLossPercent: 'welfare loss %',
  eulerErrorMean: 'Euler error',
};

/** A run in a few words, for a line of progress. */
export function briefly({ result }: SeedRun): string {
  const gap = result === undefined ? undefined : SUMMARISED.policyGap(result);
  return gap === undefined ? '' : `, policy gap ${formatNumber(gap, 3)}`;
}

function numberAt(value: unknown, place: readonly string[]): number | undefined {
  const found = place.reduce<unknown>(
    (at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
