/** Where a run lives. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';

/** Where runs go unless they are sent elsewhere. */
export const RUNS = 'runs';

export interface RunFolder {
  readonly folder: string;
  readonly config: string;
  /** In a folder of several seeds, what `config.json` is in a run's. */
  readonly sweep: string;
  readonly metrics: string;
  readonly timing: string;
  /** What the command prints with --json; written last, so that a folder without it holds an unfinished run. */
  readonly result: string;
  readonly checkpoints: string;
  readonly lastCheckpoint: string;
  readonly bestCheckpoint: string;
  /** Folder of the agents' memories. */
  readonly memory: string;
  /** TensorBoard's event file. */
  readonly events: string;
  readonly tensorboard: string;
  readonly tables: string;
  readonly plots: string;
  readonly report: string;
}

/** `sac-jesusfv-annual-s1`, `sac-jesusfv-s1-5`: the agent, the economy with `/` as `-`, the seed or seeds. */
export function runName(options: {
  readonly agent: string;
  readonly env: string;
  /** One, or a list as `--seeds` takes it. */
  readonly seed: number | string;
}): string {
  const { agent, env, seed } = options;
  return `${agent}-${env.replaceAll('/', '-')}-s${seed}`;
}

/** Names of what a run's folder holds. */
export function runPaths(folder: string): RunFolder {
  const checkpoints = path.join(folder, 'checkpoints');
  return {
    folder,
    config: path.join(folder, 'config.json'),
    sweep: path.join(folder, 'sweep.json'),
    metrics: path.join(folder, 'metrics.jsonl'),
    timing: path.join(folder, 'timing.jsonl'),
    result: path.join(folder, 'result.json'),
    checkpoints,
    lastCheckpoint: path.join(checkpoints, 'last.msgpack'),
    bestCheckpoint: path.join(checkpoints, 'best.msgpack'),
    memory: path.join(checkpoints, 'memory'),
    events: path.join(folder, 'tensorboard', 'events.out.tfevents.0'),
    tensorboard: path.join(folder, 'tensorboard'),
    tables: path.join(folder, 'tables'),
    plots: path.join(folder, 'plots'),
    report: path.join(folder, 'report.html'),
  };
}

/** Where a new folder is to be. */
export interface Place {
  /** The folder itself, as the user asked for it. */
  readonly out?: string | undefined;
  /** Otherwise a folder of that name in this one. */
  readonly parent: string;
  readonly name: string;
}

/**
 * Makes a new folder: `out` if it is given, else `parent/name`, or the first of `parent/name-2`, `-3`, ... that does not exist.
 * Throws a UsageError if `out` exists and is not an empty folder, or the folder cannot be made. Invariant: no existing file is touched,
 * and two processes at once get two folders.
 */
export function makeFolder(place: Place): string {
  const { out, parent, name } = place;
  return making(placeOf(place), () => (out === undefined ? firstFree(parent, name) : emptyFolder(out)));
}

/** A run's new folder, with the one for its checkpoints; place, errors and invariant as of `makeFolder`. */
export function makeRunFolder(place: Place): RunFolder {
  const paths = runPaths(makeFolder(place));
  making(placeOf(place), () => mkdirSync(paths.checkpoints));
  return paths;
}

/**
 * Throws the UsageError that `makeRunFolder` would, as far as it can be known without making anything: for a folder that is not empty,
 * a file in the way, or a place where this process may not write.
 */
export function checkRunFolder(options: {
  readonly out?: string | undefined;
  readonly parent: string;
}): void {
  const { out, parent } = options;
  making(placeOf(options), () => {
    let above = path.resolve(out ?? parent);
    while (!existsSync(above)) above = path.dirname(above);
    if (!statSync(above).isDirectory()) throw new Error(`${above} is a file`);
    accessSync(above, constants.W_OK | constants.X_OK);
    if (out !== undefined && existsSync(out)) requireEmpty(out);
  });
}

function placeOf({ out, parent }: { readonly out?: string | undefined; readonly parent: string }): string {
  return out === undefined ? `the run's folder in ${parent}` : `--out ${out}`;
}

/** That a folder cannot be made is a mistake in what was asked; the system's reason goes with it. */
function making<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${place}: the folder cannot be made (${reason}). Give another place with --out.`);
  }
}

function firstFree(parent: string, name: string): string {
  mkdirSync(parent, { recursive: true });
  for (let i = 1; ; i++) {
    const folder = path.join(parent, i === 1 ? name : `${name}-${i}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

function emptyFolder(out: string): string {
  mkdirSync(out, { recursive: true });
  requireEmpty(out);
  return out;
}

/** Files by which a folder is known to hold a run, or several. */
const MARKS: readonly string[] = ['config.json', 'sweep.json'];

function requireEmpty(out: string): void {
  const entries = readdirSync(out);
  if (entries.length === 0) return;
  const remedy = entries.some((name) => MARKS.includes(name))
    ? `go on with the run in it, --resume ${out}, or give a new folder.`
    : 'give a new one, or remove what is in it.';
  throw new UsageError(`--out ${out}: the folder is not empty; ${remedy}`);
}
