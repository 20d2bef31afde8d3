/** `--seeds`: the same run for several seeds, each in a process of its own. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Economy } from '../../core/index.ts';
import { toArguments } from '../cli/arguments.ts';
import { type Children, childProcesses } from '../cli/children.ts';
import type { Outcome, Terminal } from '../cli/command.ts';
import { parseSeeds, type TrainOptions, trainOptions } from '../cli/options.ts';
import { SIGNAL_EXIT_CODES, watchSignals } from '../cli/signals.ts';
import { isRecord } from '../records.ts';
import { checkRunFolder, RUNS } from '../run/run-folder.ts';
import { briefly, type RunResult, type SeedRun, seedsReport, summarise } from './seeds-summary.ts';
import { changesText } from './summary.ts';

export interface SeedsOptions {
  readonly command: string;
  readonly method: AnyMethod;
  readonly economy: Economy;
  /** Changes to the settings of both, as given. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly options: TrainOptions;
  /** As given, e.g. `1-5`. */
  readonly seeds: string;
  readonly terminal: Terminal;
  /** Runs this command with other arguments; a test gives its own. */
  readonly children?: Children;
}

/**
 * Trains every seed in a child process, at most `--threads` at once, and prints a table with one row per seed, medians, interquartile
 * means and their intervals. A seed that fails is reported, costs no other seed its result, and makes the exit code 1. Throws a
 * UsageError, before any child starts, if a seed's folder cannot be made, and later if every child refuses what it is asked.
 */
export async function runSeeds(options: SeedsOptions): Promise<Outcome> {
  const { command, method, economy, set, terminal, options: given } = options;
  const { children = childProcesses() } = options;
  const seeds = parseSeeds(options.seeds);
  for (const seed of seeds) checkRunFolder({ out: outOf(given, seed), parent: RUNS });
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
      const run = await runSeed({ command, seed, given, children });
      runs.push(run);
      if (signals.caught() !== undefined) return;
      if (run.refusal !== undefined) continue;
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
  const refused = runs.filter(({ refusal }) => refusal !== undefined);
  if (refused.length === runs.length) throw new UsageError(`no seed was accepted: ${refused[0].refusal}`);
  for (const { seed, failure } of refused) terminal.warn(`seed ${seed} failed: ${failure}`);
  const summary = summarise(results);
  const changes = changesText(set);
  const title = `${method.name} on ${economy.id}, seeds ${options.seeds}${changes === '' ? '' : `, ${changes}`}: ${economy.title}`;
  terminal.print(`\n${title}\n${seedsReport(runs, summary)}`);
  return {
    result: {
      command,
      env: economy.id,
      version: economy.version,
      preset: given.preset ?? null,
      set,
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

function outOf({ out }: TrainOptions, seed: number): string | undefined {
  return out === undefined ? undefined : path.join(out, `s${seed}`);
}

async function runSeed(work: {
  readonly command: string;
  readonly seed: number;
  readonly given: TrainOptions;
  readonly children: Children;
}): Promise<SeedRun> {
  const { command, seed, given, children } = work;
  const own = {
    ...given,
    seeds: undefined,
    threads: undefined,
    seed,
    out: outOf(given, seed),
    json: true,
    quiet: true,
  };
  try {
    const { exitCode, out, err } = await children.run(toArguments(trainOptions, own));
    const result = lastJson(out);
    if (exitCode === 2) {
      const refusal = err.trim().replace(`${command}: `, '');
      return { seed, result: undefined, failure: `${refusal} (exit code 2)`, refusal };
    }
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

function lastJson(text: string): RunResult | undefined {
  const line = text.trimEnd().split('\n').pop() ?? '';
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
