/** Where a run lives. */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../core/errors.ts';

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
 * Throws a UsageError if `out` exists and is not an empty folder. Invariant: no existing file is touched, and two processes at once
 * get two folders.
 */
export function makeRunFolder(options: {
  readonly out?: string | undefined;
  readonly parent: string;
  readonly name: string;
}): RunFolder {
  const { out, parent, name } = options;
  const folder = out === undefined ? firstFree(parent, name) : emptyFolder(out);
  mkdirSync(runPaths(folder).checkpoints);
  return runPaths(folder);
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
  try {
    mkdirSync(out, { recursive: true });
    if (readdirSync(out).length === 0) return out;
  } catch (error) {
    throw new UsageError(
      `--out ${out}: the folder cannot be made (${error instanceof Error ? error.message : error}).`,
    );
  }
  throw new UsageError(`--out ${out}: the folder is not empty; give a new one, or remove what is in it.`);
}
