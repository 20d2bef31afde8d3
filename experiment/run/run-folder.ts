/** Where a run lives. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';

/** Where runs go unless they are sent elsewhere. */
export const RUNS = 'runs';

export interface RunFolder {
  readonly folder: string;
  readonly config: string;
  readonly metrics: string;
  readonly timing: string;
  readonly checkpoints: string;
  readonly lastCheckpoint: string;
  readonly bestCheckpoint: string;
}

/** `sac-jesusfv-annual-s1`: the agent, the economy with `/` as `-`, the seed. */
export function runName(options: {
  readonly agent: string;
  readonly env: string;
  readonly seed: number;
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
    metrics: path.join(folder, 'metrics.jsonl'),
    timing: path.join(folder, 'timing.jsonl'),
    checkpoints,
    lastCheckpoint: path.join(checkpoints, 'last.msgpack'),
    bestCheckpoint: path.join(checkpoints, 'best.msgpack'),
  };
}

/**
 * Makes a new folder: `out` if it is given, else `parent/name`, or the first of `parent/name-2`, `-3`, ... that does not exist.
 * Throws a UsageError if `out` exists and is not an empty folder, or the folder cannot be made. Invariant: no existing file is touched,
 * and two processes at once get two folders.
 */
export function makeRunFolder(options: {
  readonly out?: string | undefined;
  readonly parent: string;
  readonly name: string;
}): RunFolder {
  const { out, parent, name } = options;
  return making(placeOf(options), () => {
    const folder = out === undefined ? firstFree(parent, name) : emptyFolder(out);
    mkdirSync(runPaths(folder).checkpoints);
    return runPaths(folder);
  });
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

function requireEmpty(out: string): void {
  if (readdirSync(out).length === 0) return;
  throw new UsageError(`--out ${out}: the folder is not empty; give a new one, or remove what is in it.`);
}
