/** The folder of several seeds: what is in it, and how it tells what was asked for, so that one can go on with it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { typedCommand } from '../cli/typed.ts';
import type { MetricsRecord } from '../figures/index.ts';
import { isRecord } from '../records.ts';
import { writeFileAtomic } from '../run/files.ts';
import { type RunFolder, runPaths } from '../run/run-folder.ts';

/** Files beside the runs `s1`, `s2`, ... */
export interface SweepFolder
  extends Pick<RunFolder, 'folder' | 'sweep' | 'result' | 'tables' | 'plots' | 'report'> {
  /** Folder of one seed's run. */
  run(seed: number): string;
}

/** Names of what the folder of several seeds holds. */
export function sweepPaths(folder: string): SweepFolder {
  const { sweep, result, tables, plots, report } = runPaths(folder);
  return {
    folder,
    sweep,
    result,
    tables,
    plots,
    report,
    run: (seed) => path.join(folder, runOf(seed)),
  };
}

/** Name of a seed's run within the folder. */
export function runOf(seed: number): string {
  return `s${seed}`;
}

/** Longer lists of seeds would make names that some systems refuse. */
const LONGEST_LIST = 40;

/** Seeds as part of a folder's name: `1-5`; `1-and-99-more` for a long list. */
export function seedsName(text: string, seeds: readonly number[]): string {
  return text.length <= LONGEST_LIST ? text : `${seeds[0]}-and-${seeds.length - 1}-more`;
}

const sweepSchema = z.object({
  command: z.string(),
  method: z.string(),
  env: z.string(),
  version: z.int(),
  seeds: z.array(z.int().min(0)).min(1),
  options: z.record(z.string(), z.unknown()),
});

/** `sweep.json`: all that decided the runs. */
export type Sweep = Readonly<z.output<typeof sweepSchema>>;

/** Whether a folder holds several seeds' runs. */
export function isSweep(folder: string): boolean {
  return existsSync(sweepPaths(folder).sweep);
}

/** Writes what was asked for, whole or not at all. Throws a FileError. */
export function writeSweep(folder: SweepFolder, sweep: Sweep): void {
  writeFileAtomic(folder.sweep, `${JSON.stringify(sweep, null, 2)}\n`);
}

/** What was asked for. Throws a UsageError if the folder holds no such thing, and a RestoreError if it cannot be read. */
export function readSweep(folder: string): Sweep {
  const file = sweepPaths(folder).sweep;
  if (!existsSync(file)) {
    throw new UsageError(`${folder}: there is no sweep.json in it; give the folder of a run with --seeds.`);
  }
  const parsed = sweepSchema.safeParse(jsonOf(file));
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0];
  throw new RestoreError(
    `${file}: ${place.join('.') || 'the whole'}: ${message}. Was it changed by hand? Start anew in another folder.`,
  );
}

/**
 * Throws a UsageError if the runs in a folder were begun by another command, for another economy or version of it, or other seeds: they
 * cannot go on as these.
 */
export function requireSameSweep(folder: string, asked: Omit<Sweep, 'options'>): void {
  const begun = readSweep(folder);
  for (const name of ['command', 'method', 'env', 'version', 'seeds'] as const) {
    const [then, now] = [String(begun[name]), String(asked[name])];
    if (then === now) continue;
    throw new UsageError(
      `--resume ${folder}: the runs in it were begun with ${name} ${then}, not ${now}. ` +
        `Type ${typedCommand(begun.command)} --resume ${folder}, or begin anew in another folder.`,
    );
  }
}

/** The value of a JSON file; undefined if there is none, or it is no JSON (not yet written to its end). */
export function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The record of a JSON file, e.g. `result.json`; undefined as of `jsonOf`, and for any other value. */
export function recordOf(file: string): Readonly<Record<string, unknown>> | undefined {
  const value = jsonOf(file);
  return isRecord(value) ? value : undefined;
}

/** The lines of `metrics.jsonl`, in order, as far as they are whole; none if there is no file. */
export function metricsOf(file: string): readonly MetricsRecord[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return isRecord(value) ? [value as MetricsRecord] : [];
      } catch {
        return [];
      }
    });
}
