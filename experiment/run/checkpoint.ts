/** What a run needs to be looked at again, or to go on: one file. */
import { z } from 'zod';
import { RestoreError, show } from '../../core/errors.ts';
import type { Economy, Saved, SavedEnv } from '../../core/index.ts';
import { readFramed, writeFramed } from './framed-file.ts';
import { type SavedMemory, savedMemorySchema } from './memory-segments.ts';
import { pack, unpack } from './packing.ts';

const saved = z.record(z.string(), z.unknown());

const checkpointSchema = z.strictObject({
  /** Of learning, e.g. `sac`. */
  method: z.string(),
  /** All settings of the method, with their values. */
  settings: saved,
  /** Those of them that were asked for, as given. */
  set: saved.default({}),
  environment: z.strictObject({
    id: z.string(),
    version: z.int().min(1),
    /** The settings that differ from the calibration of that id, as given. */
    set: saved,
    /** Every setting with its value. */
    calibration: saved,
    /** File that defines the economy, relative to the working directory; null for the suite's own. */
    module: z.string().nullable(),
  }),
  seed: z.int(),
  /** Steps done, of the steps planned. */
  step: z.int().min(0),
  steps: z.int().min(0),
  /** What was asked for in the course of the run. */
  watch: saved,
  backend: z.string(),
  kernels: z.string(),
  /** What each agent's `save` gave, by agent type. */
  agents: z.record(z.string(), saved),
  /** Their memories, by agent type, parts of them in files of their own; null in a checkpoint to be looked at, not gone on from. */
  memory: z.record(z.string(), savedMemorySchema).nullable(),
  /** What the environment's `save` gave. */
  env: saved,
  /** Running moments of the observations, by agent type; null if they are taken as they come. */
  statistics: z.record(z.string(), saved).nullable(),
  /** What the run's recorder needs to go on. */
  log: saved,
});

export interface Checkpoint {
  readonly method: string;
  readonly settings: Saved;
  readonly set: Saved;
  readonly environment: {
    readonly id: string;
    readonly version: number;
    readonly set: Saved;
    readonly calibration: Saved;
    readonly module: string | null;
  };
  readonly seed: number;
  readonly step: number;
  readonly steps: number;
  readonly watch: Saved;
  readonly backend: string;
  readonly kernels: string;
  readonly agents: Readonly<Record<string, Saved>>;
  readonly memory: Readonly<Record<string, SavedMemory>> | null;
  readonly env: SavedEnv;
  readonly statistics: Readonly<Record<string, object>> | null;
  readonly log: Saved;
}

/** The checkpoint as bytes, without the frame of its file. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return pack(checkpoint);
}

/**
 * Writes a checkpoint: the file holds the old one or the new one at any moment, never a part.
 * Invariant: `readCheckpoint` gives back the same data, bit for bit.
 */
export function writeCheckpoint(file: string, checkpoint: Checkpoint): void {
  writeFramed(file, encodeCheckpoint(checkpoint));
}

/** Reads a checkpoint. Throws a UsageError if there is none, and a RestoreError, which names the file, if it is not sound. */
export function readCheckpoint(file: string): Checkpoint {
  const payload = readFramed(file);
  let data: unknown;
  try {
    data = unpack(payload);
  } catch (error) {
    throw new RestoreError(
      `${file}: ${error instanceof Error ? error.message : error} Take another checkpoint.`,
    );
  }
  const result = checkpointSchema.safeParse(data);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  const field = path.length === 0 ? 'the whole' : path.join('.');
  throw new RestoreError(
    `${file}: this is not the checkpoint of a run (${field}: ${message}). Take another checkpoint.`,
  );
}

/** What the loader has; fields left out are not compared. */
export interface Expected {
  readonly method?: string;
  readonly env?: string;
  readonly version?: number;
}

/** Throws a RestoreError if the checkpoint, read from `file`, is of another method, economy or economy's version. */
export function requireMatch(checkpoint: Checkpoint, expected: Expected, file: string): void {
  const { method, environment } = checkpoint;
  const { id, version } = environment;
  if (expected.method !== undefined && expected.method !== method) {
    throw new RestoreError(`${file}: the checkpoint is of a ${method} agent, not of ${expected.method}.`);
  }
  if (expected.env !== undefined && expected.env !== id) {
    throw new RestoreError(
      `${file}: the checkpoint is of the economy "${id}", not of "${expected.env}". Leave --env out, or give --env ${id}.`,
    );
  }
  if (expected.version !== undefined && expected.version !== version) {
    throw new RestoreError(
      `${file}: the checkpoint is of version ${version} of ${id}; this program has version ${expected.version}. ` +
        'Use the release that wrote it, or train again.',
    );
  }
}

/**
 * Throws a RestoreError if an economy is not under the calibration of the checkpoint, which was read from `file`: the id alone does not
 * tell, nor do changes that a program made.
 */
export function requireCalibration(checkpoint: Checkpoint, economy: Economy, file: string): void {
  const { id, calibration } = checkpoint.environment;
  const names = new Set([...Object.keys(calibration), ...Object.keys(economy.calibration)]);
  for (const name of names) {
    const [then, now] = [calibration[name], economy.calibration[name]];
    if (JSON.stringify(then) === JSON.stringify(now)) continue;
    throw new RestoreError(
      `${file}: the checkpoint is of ${id} with ${name} ${show(then)}; here it is ${show(now)}. Use the same calibration.`,
    );
  }
}
