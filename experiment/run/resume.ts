/** Going on with a run: what its folder says was begun, and where it stopped. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { toArguments } from '../cli/arguments.ts';
import { computeOptions, type TrainOptions, trainOptions } from '../cli/options.ts';
import { isRecord } from '../records.ts';
import type { BackendOptions } from './backend.ts';
import { type Checkpoint, readCheckpoint, requireCalibration, requireMatch } from './checkpoint.ts';
import { removeLeftovers } from './files.ts';
import { isLockFile } from './lock.ts';
import { buildPipeline, type Pipeline } from './pipeline.ts';
import type { RunPlan } from './recorder.ts';
import { restoreRun } from './restore.ts';
import type { RunFolder } from './run-folder.ts';
import { watchOf } from './schedule.ts';

/** Options that say how a command speaks and where it is, not what is trained. */
const FREE: readonly (keyof TrainOptions)[] = ['resume', 'json', 'quiet', 'threads', 'report'];

/**
 * The options of what was begun, by the `config.json` of a run or the `sweep.json` of several; undefined if there is no such file, which
 * is written first of all. Throws a RestoreError if it is not ours.
 */
export function recordedOptions(file: string): TrainOptions | undefined {
  if (!existsSync(file)) return undefined;
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RestoreError(
      `${file}: not to be read as JSON (${error instanceof Error ? error.message : error}).`,
    );
  }
  if (isRecord(config) && config.options === null)
    throw new UsageError(
      `${file}: this run was begun by a program; go on with it there, learn({ folder, ... }).`,
    );
  const parsed = trainOptions.safeParse(isRecord(config) ? config.options : undefined);
  if (parsed.success) return parsed.data;
  throw new RestoreError(
    `${file}: its "options" are not those of a run (${parsed.error.issues[0].message}). Was it written by another release?`,
  );
}

/** Which of the options that were typed say what is trained. */
export function tellingOptions(given: ReadonlySet<string>): readonly string[] {
  return [...given].filter((key) => !(FREE as readonly string[]).includes(key));
}

/**
 * The options of the run that goes on: those recorded, those of the command line for how it speaks. Throws a UsageError for a typed
 * option that would make it another run.
 */
export function resumedOptions(begun: {
  readonly options: TrainOptions;
  /** Names of the options that were typed. */
  readonly given: ReadonlySet<string>;
  readonly recorded: TrainOptions;
  readonly folder: string;
}): TrainOptions {
  const { options, given, recorded, folder } = begun;
  const optionOf = (from: TrainOptions, key: string) => (from as Readonly<Record<string, unknown>>)[key];
  for (const key of tellingOptions(given)) {
    const [value, before] = [options, recorded].map((from) => optionOf(from, key));
    if (isSame(value, before)) continue;
    const [now, then] = [value, before].map((v) => toArguments(trainOptions, { [key]: v }).join(' '));
    throw new UsageError(
      `${now}: the run in ${folder} was begun with ${then === '' ? 'no such option' : then}. ` +
        'A run goes on as it was begun: leave the option out, or begin another run.',
    );
  }
  const free = FREE.filter((key) => given.has(key)).map((key) => [key, options[key]]);
  const { json, quiet } = options;
  return { ...recorded, json, quiet, ...Object.fromEntries(free), resume: folder, out: undefined };
}

/** Where the run in a folder stopped; undefined if it had taken no checkpoint. Leftovers of a killed process are removed. */
export function lastCheckpoint(folder: RunFolder): Checkpoint | undefined {
  if (existsSync(folder.folder)) removeLeftovers(folder.folder);
  return existsSync(folder.lastCheckpoint) ? readCheckpoint(folder.lastCheckpoint) : undefined;
}

/** The arithmetic that a run was begun with. Throws a RestoreError if this release does not know it. */
export function recordedBackend({ backend, kernels }: Checkpoint): BackendOptions {
  const recorded = z
    .object(computeOptions)
    .safeParse({ backend, ...(kernels === 'none' ? {} : { kernels }) });
  if (recorded.success) return recorded.data;
  throw new RestoreError(
    `the checkpoint was computed by "${backend}" with kernels "${kernels}", which this release does not have. ` +
      'Use the one that began the run.',
  );
}

/**
 * The pipeline at a checkpoint of the plan's run; the agents' memories come with the recorder. Throws a RestoreError if the checkpoint
 * is of another plan: another economy or version of it, method, settings, seed or number of steps.
 */
export function resumePipeline(plan: RunPlan, checkpoint: Checkpoint, file: string): Pipeline {
  const { economy, method, settings, seed, steps } = plan;
  requireMatch(checkpoint, { method: method.name, env: economy.id, version: economy.version }, file);
  requireCalibration(checkpoint, economy, file);
  const expected = { settings: { ...settings }, seed, steps, watch: watchOf(plan.watch) };
  const found = {
    settings: checkpoint.settings,
    seed: checkpoint.seed,
    steps: checkpoint.steps,
    watch: checkpoint.watch,
  };
  for (const name of ['seed', 'steps', 'settings', 'watch'] as const) {
    if (isSame(found[name], expected[name])) continue;
    throw new RestoreError(
      `${file}: the checkpoint's ${name} are ${JSON.stringify(found[name])}, those of this run ${JSON.stringify(expected[name])}. ` +
        'Use the release that began it, or begin another run.',
    );
  }
  const pipeline = buildPipeline(plan);
  restoreRun(pipeline, checkpoint);
  return pipeline;
}

/**
 * Throws a UsageError for a folder in which no run can go on or begin: a file, or one with contents that no run of ours has begun.
 * Invariant: nothing of the user's is touched.
 */
export function checkResumable(folder: RunFolder): void {
  const { folder: place, config, checkpoints } = folder;
  if (!existsSync(place)) return;
  if (!statSync(place).isDirectory())
    throw new UsageError(`${place}: this is a file; give the folder of a run.`);
  if (existsSync(config)) {
    requireOurs(config);
    return;
  }
  // A run that was killed before it had said what it was has a lock and no more.
  const strange = readdirSync(place).find(
    (name) => !isLockFile(name) && path.join(place, name) !== checkpoints,
  );
  if (strange === undefined && (!existsSync(checkpoints) || readdirSync(checkpoints).length === 0)) return;
  throw new UsageError(
    `${place}: no run was begun in this folder, and it is not empty (${strange ?? 'checkpoints'}). Give the folder of a run.`,
  );
}

/** Throws a UsageError if a `config.json` is not one that `configText` gave. */
function requireOurs(file: string): void {
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    config = undefined;
  }
  if (isRecord(config) && isRecord(config.environment) && isRecord(config.versions) && 'method' in config)
    return;
  throw new UsageError(`${file}: this is not the configuration of a run. Give the folder of a run.`);
}

/** Removes what a run that took no checkpoint has left, all but what it was and its lock; `checkResumable` has seen that it is one. */
export function clearRun(folder: RunFolder): void {
  const { metrics, timing, result, checkpoints, tensorboard, tables, plots, report } = folder;
  for (const item of [metrics, timing, result, checkpoints, tensorboard, tables, plots, report])
    rmSync(item, { recursive: true, force: true });
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
