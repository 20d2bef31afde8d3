/** `--seeds`: the same run for several seeds, each in a process of its own, with one folder, one display and one table. */
import { rmdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Economy } from '../../core/index.ts';
import { type Children, childProcesses } from '../cli/children.ts';
import type { Outcome, Terminal } from '../cli/command.ts';
import { parseSeeds, type TrainOptions } from '../cli/options.ts';
import { SIGNAL_EXIT_CODES, type StopSignal, watchSignals } from '../cli/signals.ts';
import { typedCommand, typedTraining } from '../cli/typed.ts';
import { acquireLock } from '../run/lock.ts';
import { makeFolder, RUNS, runName } from '../run/run-folder.ts';
import {
  isSweep,
  requireSameSweep,
  type Sweep,
  type SweepFolder,
  seedsName,
  sweepPaths,
  writeSweep,
} from './seeds-folder.ts';
import { writeSeedsFiles } from './seeds-output.ts';
import { seedsDisplay } from './seeds-progress.ts';
import { finishedRun, runSeed } from './seeds-run.ts';
import { type SeedRun, seedsReport, summarise, totalSeconds } from './seeds-summary.ts';
import { changesText } from './summary.ts';

export interface SeedsOptions {
  readonly command: string;
  readonly method: AnyMethod;
  readonly economy: Economy;
  /** Changes to the settings of both, as given. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Of each run; with `resume`, the folder of all, those they began with. */
  readonly options: TrainOptions;
  /** As given, e.g. `1-5`. */
  readonly seeds: string;
  readonly terminal: Terminal;
  /** Runs this command with other arguments; a test gives its own. */
  readonly children?: Children;
}

/**
 * Trains every seed in a child process, at most `--threads` at once, in `FOLDER/s1`, `FOLDER/s2`, ... of a folder of their own, writes
 * tables and pictures of all of them there, and prints a table with one row per seed, medians, interquartile means and their intervals.
 * With `resume` runs that have ended are read, those that have begun go on, and the others begin. A seed that fails is reported, costs
 * no other seed its result, and makes the exit code 1. After SIGINT or SIGTERM the children save and end, and it is said how to go on.
 * Throws a UsageError, before any child starts, if the folder cannot be made, and later if every child refuses what it is asked; then
 * no folder is left behind. Invariant: the files depend on the runs' files alone, not on their order, number at once, or the clock.
 */
export async function runSeeds(options: SeedsOptions): Promise<Outcome> {
  const { command, method, economy, terminal, options: given } = options;
  const seeds = parseSeeds(options.seeds);
  const threads = Math.min(given.threads ?? availableParallelism(), seeds.length);
  const { id: env, version } = economy;
  const asked = { command, method: method.name, env, version, seeds: [...seeds] };
  const begun = given.resume !== undefined && isSweep(given.resume) ? given.resume : undefined;
  if (begun !== undefined) requireSameSweep(begun, asked);
  const folder = begun === undefined ? newFolder(options, asked) : sweepPaths(begun);
  const lock = acquireLock(folder.folder);
  let refusal: string | undefined;
  try {
    const finished = seeds.flatMap((seed) => finishedRun(seed, folder.run(seed)) ?? []);
    const before = finished.length === 0 ? '' : `, ${finished.length} of them finished before`;
    terminal.note(
      `${method.name} on ${env}, seeds ${options.seeds}: ${seeds.length} runs${before}, ${threads} at once, in ${folder.folder}`,
    );
    const { runs, signal } = await runAll({ ...options, seeds, threads, folder, finished });
    if (signal !== undefined) {
      const done = runs.filter(({ failure }) => failure === undefined).length;
      terminal.warn(
        `${signal}: ${done} of ${seeds.length} runs are finished. Go on with: ${typedCommand(command)} --resume ${folder.folder}`,
      );
      return { exitCode: SIGNAL_EXIT_CODES[signal] };
    }
    if (runs.every((run) => run.refusal !== undefined)) refusal = runs[0].refusal;
    else return await report(options, { seeds, threads, folder, runs });
  } finally {
    lock.release();
  }
  if (begun === undefined) removeEmpty(folder);
  throw new UsageError(`no seed was accepted: ${refusal}`);
}

function newFolder(
  { options: given, seeds: text }: SeedsOptions,
  asked: Omit<Sweep, 'options'>,
): SweepFolder {
  const { method, env, seeds } = asked;
  const name = runName({ agent: method, env, seed: seedsName(text, seeds) });
  // Nothing was begun in a folder that is to go on: it begins there.
  const folder = sweepPaths(makeFolder({ out: given.resume ?? given.out, parent: RUNS, name }));
  writeSweep(folder, { ...asked, options: { ...given, seeds: text, resume: undefined } });
  return folder;
}

interface AllRuns extends Omit<SeedsOptions, 'seeds'> {
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly folder: SweepFolder;
  readonly finished: readonly SeedRun[];
}

/** Runs of all seeds, in their order; with the signal that left some undone, those that came to their end. */
async function runAll(
  all: AllRuns,
): Promise<{ readonly runs: readonly SeedRun[]; readonly signal: StopSignal | undefined }> {
  const { command, options: given, seeds, threads, folder, terminal, finished } = all;
  const { children = childProcesses() } = all;
  const runs: SeedRun[] = [...finished];
  const display = await seedsDisplay({
    output: terminal.progress,
    seeds,
    finished: finished.map(({ seed }) => seed),
    threads,
    warn: terminal.warn,
  });
  const signals = watchSignals((signal) => {
    display.log(`${signal}: the runs save and stop; once more to end at once`);
    children.stop();
  });
  const queue = seeds.filter((seed) => finished.every((run) => run.seed !== seed)).values();
  const work = async () => {
    for (const seed of queue) {
      if (signals.caught() !== undefined) return;
      display.begin(seed);
      const run = await runSeed({
        command,
        seed,
        folder: folder.run(seed),
        options: given,
        children,
        hear: (message) => display.update(seed, message),
      });
      // What was stopped is neither finished nor failed.
      if (signals.caught() !== undefined && run.failure !== undefined) return;
      runs.push(run);
      display.end(seed, run.failure === undefined ? 'finished' : 'failed');
      if (run.failure !== undefined && run.refusal === undefined) {
        display.log(`seed ${seed} failed: ${run.failure}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, work));
  } finally {
    display.stop();
    signals.release();
  }
  runs.sort((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed));
  return { runs, signal: runs.length < seeds.length ? signals.caught() : undefined };
}

async function report(
  options: SeedsOptions,
  found: {
    readonly seeds: readonly number[];
    readonly threads: number;
    readonly folder: SweepFolder;
    readonly runs: readonly SeedRun[];
  },
): Promise<Outcome> {
  const { command, method, economy, set, terminal, options: given } = options;
  const { seeds, threads, folder, runs } = found;
  const results = runs.flatMap(({ result }) => (result === undefined ? [] : [result]));
  const failed = runs.filter(({ failure }) => failure !== undefined);
  // Of all runs together this would have been one message, an error's.
  for (const { seed, refusal, failure } of runs) {
    if (refusal !== undefined) terminal.warn(`seed ${seed} failed: ${failure}`);
  }
  // A run measured against an oracle that has not converged tells nothing.
  const summary = summarise(results.filter(({ converged }) => converged !== false));
  const result = {
    command,
    env: economy.id,
    version: economy.version,
    preset: given.preset ?? null,
    set,
    agent: method.name,
    seeds,
    /** Wall time of this command; that of the runs, which go on at once and may have begun earlier, is the sum of theirs. */
    seconds: performance.now() / 1000,
    runSeconds: totalSeconds(results),
    run: folder.folder,
    converged: results.length === runs.length && results.every(({ converged }) => converged === true),
    threads,
    runs: results,
    failed: failed.map(({ seed, failure }) => ({ seed, failure })),
    summary,
  };
  const files = await writeSeedsFiles({
    folder,
    command: typedTraining(command, { ...given, seeds: options.seeds }),
    seeds: options.seeds,
    method,
    economy,
    runs,
    summary,
    result,
    report: given.report,
  });
  const changes = changesText(set);
  const title = `${method.name} on ${economy.id}, seeds ${options.seeds}${changes === '' ? '' : `, ${changes}`}: ${economy.title}`;
  const next = [
    ...(results.length === runs.length ? [] : [`${typedCommand(command)} --resume ${folder.folder}`]),
    `${typedCommand('train/compare.ts')} --run ${folder.folder} --run OTHER`,
  ];
  terminal.print(
    `\n${title}\n${seedsReport({ runs, summary, seconds: result.seconds, folder: folder.folder, files, next })}`,
  );
  return { result: { ...result, files }, exitCode: failed.length === 0 ? 0 : 1 };
}

/** Of runs that never began nothing is left but what was asked for. */
function removeEmpty({ folder, sweep }: SweepFolder): void {
  rmSync(sweep);
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
  }
}
