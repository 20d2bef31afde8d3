/** `--seeds`: the same run for several seeds, each in a process of its own, and what they say together. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { AnyMethod, Economy } from '../core/index.ts';
import { createRng } from '../numerics/random.ts';
import { bootstrapInterval, interquartileMean, median } from '../numerics/statistics.ts';
import { toArguments } from './arguments.ts';
import { type Children, childProcesses } from './children.ts';
import type { Outcome, Terminal } from './command.ts';
import { parseSeeds, type TrainOptions, trainOptions } from './options.ts';
import { SIGNAL_EXIT_CODES, watchSignals } from './signals.ts';
import { formatNumber, formatSeconds, formatTable } from './table.ts';

export interface SeedsOptions {
  readonly command: string;
  readonly method: AnyMethod;
  readonly economy: Economy;
  readonly options: TrainOptions;
  /** As given, e.g. `1-5`. */
  readonly seeds: string;
  readonly terminal: Terminal;
  /** Runs this command with other arguments; a test gives its own. */
  readonly children?: Children;
}

/** What one seed's process left behind. */
export interface SeedRun {
  readonly seed: number;
  /** Its JSON line; undefined if there was none. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
  /** Why it counts as failed; undefined if it does not. */
  readonly failure: string | undefined;
}

export interface Spread {
  readonly median: number;
  readonly interquartileMean: number;
  /** 95 % bootstrap interval of the interquartile mean. */
  readonly interval: readonly [low: number, high: number];
}

/** The numbers that are summarised over seeds, and where each lies in a run's JSON. */
const SUMMARISED: Readonly<Record<string, readonly string[]>> = {
  return: ['return'],
  policyGap: ['oracle', 'policyGap'],
  welfareLossPercent: ['oracle', 'welfareLossPercent'],
  eulerErrorMean: ['oracle', 'eulerError', 'mean'],
};

const RESAMPLES = 10_000;

/**
 * Trains every seed in a child process, at most `--threads` at once, and prints a table with one row per seed, medians, interquartile
 * means and their intervals. A seed that fails is reported, costs no other seed its result, and makes the exit code 1.
 */
export async function runSeeds(options: SeedsOptions): Promise<Outcome> {
  const { command, method, economy, terminal, options: given } = options;
  const { children = childProcesses() } = options;
  const seeds = parseSeeds(options.seeds);
  const threads = Math.min(given.threads ?? availableParallelism(), seeds.length);
  terminal.note(
    `${method.name} on ${economy.id}, seeds ${options.seeds}: ${seeds.length} runs, ${threads} at once`,
  );

  const signals = watchSignals(() => children.stop());
  const runs: SeedRun[] = [];
  const queue = seeds.values();
  const work = async () => {
    for (const seed of queue) {
      if (signals.caught() !== undefined) return;
      const run = await runSeed(seed, given, children);
      runs.push(run);
      if (signals.caught() !== undefined) return;
      if (run.failure !== undefined) terminal.warn(`seed ${seed} failed: ${run.failure}`);
      else terminal.note(`${runs.length} of ${seeds.length} done: seed ${seed}${briefly(run)}`);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  signals.release();
  const signal = signals.caught();
  if (signal !== undefined) {
    terminal.warn(
      `${signal}: ${runs.filter(({ failure }) => failure === undefined).length} of ${seeds.length} runs were finished.`,
    );
    return { exitCode: SIGNAL_EXIT_CODES[signal] };
  }

  runs.sort((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed));
  const results = runs.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const failed = runs.filter(({ failure }) => failure !== undefined);
  const summary = summarise(results);
  terminal.print(seedsReport(runs, summary));
  return {
    result: {
      command,
      env: economy.id,
      version: economy.version,
      preset: given.preset ?? null,
      agent: method.name,
      seeds,
      seconds: performance.now() / 1000,
      converged: results.length === runs.length && results.every(({ converged }) => converged === true),
      threads,
      runs: results,
      failed: failed.map(({ seed, failure }) => ({ seed, failure })),
      summary,
    },
    exitCode: failed.length === 0 ? 0 : 1,
  };
}

/** Median, interquartile mean and interval of each number that at least one run has. */
export function summarise(
  results: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, Spread>> {
  const spreads: Record<string, Spread> = {};
  for (const [name, place] of Object.entries(SUMMARISED)) {
    const values = results.map((result) => numberAt(result, place)).filter((value) => value !== undefined);
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
    };
  }
  return spreads;
}

/** The table of all seeds. */
export function seedsReport(runs: readonly SeedRun[], summary: Readonly<Record<string, Spread>>): string {
  const names = Object.keys(summary);
  const rows = runs.map(({ seed, result, failure }) => {
    const values = names.map((name) =>
      formatNumber(result === undefined ? null : numberAt(result, SUMMARISED[name])),
    );
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
  const header = ['seed', ...names.map((name) => TITLES[name] ?? name), 'time', 'run'];
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
  welfareLossPercent: 'welfare loss %',
  eulerErrorMean: 'Euler error',
};

async function runSeed(seed: number, options: TrainOptions, children: Children): Promise<SeedRun> {
  const own = {
    ...options,
    seeds: undefined,
    threads: undefined,
    seed,
    out: options.out === undefined ? undefined : path.join(options.out, `s${seed}`),
    json: true,
    quiet: true,
  };
  try {
    const { exitCode, out, err } = await children.run(toArguments(trainOptions, own));
    const result = lastJson(out);
    const reason = err.trim() === '' ? `exit code ${exitCode}` : `${err.trim()} (exit code ${exitCode})`;
    if (exitCode !== 0)
      return {
        seed,
        result,
        failure: result?.converged === false ? `not converged (exit code ${exitCode})` : reason,
      };
    return { seed, result, failure: result === undefined ? 'it printed no JSON line' : undefined };
  } catch (error) {
    return { seed, result: undefined, failure: error instanceof Error ? error.message : String(error) };
  }
}

function lastJson(text: string): Readonly<Record<string, unknown>> | undefined {
  const line = text.trimEnd().split('\n').pop() ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function numberAt(value: unknown, place: readonly string[]): number | undefined {
  const found = place.reduce<unknown>(
    (at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function briefly({ result }: SeedRun): string {
  const gap = numberAt(result, SUMMARISED.policyGap);
  return gap === undefined ? '' : `, policy gap ${formatNumber(gap, 3)}`;
}
