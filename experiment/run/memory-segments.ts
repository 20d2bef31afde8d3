/**
 * Agents' memories on disk. Rows are cut at fixed numbers: a segment of whole rows is a file that is written once, checksummed, and
 * removed when the memory has forgotten any of it. What is left at both ends goes into the checkpoint itself. So a checkpoint writes
 * only what is new, and what a folder holds depends on how many rows were appended, not on when checkpoints were taken.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RestoreError } from '../../core/errors.ts';
import type { Agents, Memory, MemoryPiece, Saved } from '../../core/index.ts';
import { readFramed, writeFramed } from './framed-file.ts';
import { pack, unpack } from './packing.ts';

/** Size of a segment, in bytes of rows. */
const SEGMENT_BYTES = 2 ** 20;

const rows = z.record(z.string(), z.unknown());
const whole = z.int().min(0);

/** A memory as a checkpoint holds it: the rows before the first segment, the segments' names and checksums, the rows after the last. */
export const savedMemorySchema = z.strictObject({
  appended: whole,
  head: z.strictObject({ from: whole, rows }),
  segments: z.array(z.strictObject({ from: whole, file: z.string(), digest: z.string() })),
  tail: z.strictObject({ from: whole, rows }),
});

export interface SavedMemory {
  readonly appended: number;
  readonly head: MemoryPiece;
  readonly segments: readonly { readonly from: number; readonly file: string; readonly digest: string }[];
  readonly tail: MemoryPiece;
}

/** The segments of one run, in a folder of their own. */
export class MemorySegments {
  readonly #folder: string;
  /** Checksums of the files of the last save, by name. */
  #written = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the segments that are not on disk yet. Nothing that an older checkpoint needs is touched; see `prune`. */
  save(agents: Agents): Record<string, SavedMemory> {
    const saved: Record<string, SavedMemory> = {};
    const written = new Map<string, string>();
    for (const [type, { memory }] of Object.entries(agents)) {
      if (memory === undefined) continue;
      const { oldest, first, last, size } = layout(memory);
      const segments = [];
      for (let from = first; from < last; from += size) {
        const file = `${encodeURIComponent(type)}-${from}.msgpack`;
        const digest = this.#written.get(file) ?? this.#write(file, memory.rows(from, from + size));
        written.set(file, digest);
        segments.push({ from, file, digest });
      }
      saved[type] = {
        appended: memory.appended,
        head: { from: oldest, rows: memory.rows(oldest, first) },
        segments,
        tail: { from: last, rows: memory.rows(last, memory.appended) },
      };
    }
    this.#written = written;
    return saved;
  }

  /** Removes every file that the last save does not name; call it when the checkpoint of that save is safely written. */
  prune(): void {
    if (this.#written.size === 0) rmSync(this.#folder, { recursive: true, force: true });
    if (!existsSync(this.#folder)) return;
    for (const file of readdirSync(this.#folder))
      if (!this.#written.has(file)) rmSync(path.join(this.#folder, file), { recursive: true });
  }

  /** Puts the memories back as they were. Throws a RestoreError that names a segment that is missing, damaged or another run's. */
  restore(agents: Agents, saved: Readonly<Record<string, SavedMemory>>): void {
    for (const [type, { memory }] of Object.entries(agents)) {
      const from = Object.hasOwn(saved, type) ? saved[type] : undefined;
      if ((memory === undefined) !== (from === undefined)) {
        throw new RestoreError(
          `the checkpoint has ${from === undefined ? 'no' : 'a'} memory of the agent of type ${type}, which ` +
            `${memory === undefined ? 'keeps none' : 'keeps one'}. Take the run's last checkpoint.`,
        );
      }
      if (memory === undefined || from === undefined) continue;
      memory.restore({ appended: from.appended, pieces: this.#pieces(from) });
    }
    const segments = Object.values(saved).flatMap((memory) => memory.segments);
    this.#written = new Map(segments.map(({ file, digest }) => [file, digest]));
  }

  *#pieces({ head, segments, tail }: SavedMemory): Generator<MemoryPiece> {
    yield head;
    for (const { from, file, digest } of segments) yield { from, rows: this.#read(file, digest) };
    yield tail;
  }

  #write(file: string, segment: Saved): string {
    const payload = pack(segment);
    mkdirSync(this.#folder, { recursive: true });
    writeFramed(path.join(this.#folder, file), payload);
    return digestOf(payload);
  }

  #read(name: string, digest: string): Saved {
    // The name comes from a file: it must not lead out of the folder.
    const file = path.join(this.#folder, path.basename(name));
    if (!existsSync(file)) throw new RestoreError(`${file}: this part of the agent's memory is missing.`);
    const payload = readFramed(file);
    if (digestOf(payload) !== digest)
      throw new RestoreError(`${file}: this part of the agent's memory is not that of the checkpoint.`);
    return unpack(payload) as Saved;
  }
}

/** Row numbers: the oldest kept, the first of the first whole segment, the end of the last one, and rows in a segment. */
function layout({ appended, capacity, rowBytes }: Memory) {
  const size = Math.max(1, Math.floor(SEGMENT_BYTES / rowBytes));
  const oldest = Math.max(0, appended - capacity);
  const last = Math.floor(appended / size) * size;
  const first = Math.ceil(oldest / size) * size;
  // No whole segment: all rows are the head, and the tail is empty.
  return first <= last ? { oldest, first, last, size } : { oldest, first: appended, last: appended, size };
}

function digestOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex');
}
