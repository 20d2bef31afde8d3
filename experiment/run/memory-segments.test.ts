import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Replay } from '../../agents/off-policy/replay.ts';
import type { Agents } from '../../core/index.ts';
import { MemorySegments, type SavedMemory } from './memory-segments.ts';
import { pack } from './packing.ts';

const base = mkdtempSync(path.join(tmpdir(), 'segments-'));
afterAll(() => rmSync(base, { recursive: true }));
let folders = 0;
const newFolder = () => path.join(base, `m${folders++}`);

/** Rows of 40 kB, so that a segment of a megabyte has 26 of them. */
const WIDTH = 5000;
const ROWS_PER_SEGMENT = 26;

function replayOf(capacity: number): Replay {
  return new Replay({ capacity, observationSize: WIDTH, actionSize: 1 });
}

function append(replay: Replay, count: number): void {
  for (let i = 0; i < count; i++) {
    const n = replay.appended;
    replay.add({
      rows: 1,
      observations: new Float32Array(WIDTH).fill(n),
      actions: Float32Array.of(n / 1000),
      rewards: Float64Array.of(n),
      nextObservations: new Float32Array(WIDTH).fill(n + 1),
      terminated: new Uint8Array(1),
    });
  }
}

const agentsOf = (memory: Replay) => ({ player: { memory } }) as unknown as Agents;
const hex = (file: string) => readFileSync(file, 'hex');
/** A digest: comparing millions of numbers one by one takes a minute. */
const held = (replay: Replay) => digestOf(replay.rows(replay.appended - replay.size, replay.appended));
const digestOf = (data: unknown) => createHash('sha256').update(pack(data)).digest('hex');

describe('the segments of a memory', () => {
  it.each([
    ['holds all', 500, [10, 60, 100]],
    ['forgets from its old end', 100, [30, 120, 131, 300]],
    ['is smaller than a segment', 20, [5, 19, 50]],
    ['forgets more between two checkpoints than it keeps', 60, [10, 200, 500]],
  ])('give back a memory that %s, whenever checkpoints were taken', (_name, capacity, stops) => {
    const replay = replayOf(capacity);
    const folder = newFolder();
    const segments = new MemorySegments(folder);
    let saved: Record<string, SavedMemory> = {};
    for (const stop of stops) {
      append(replay, stop - replay.appended);
      saved = segments.save(agentsOf(replay));
      segments.prune();
      const back = replayOf(capacity);
      new MemorySegments(folder).restore(agentsOf(back), saved);
      expect(back.appended).toBe(stop);
      expect(held(back)).toEqual(held(replay));
    }

    // A run with one checkpoint, at the end, has the same files and says the same.
    const once = replayOf(capacity);
    append(once, stops[stops.length - 1]);
    const other = newFolder();
    const direct = new MemorySegments(other);
    expect(digestOf(direct.save(agentsOf(once)))).toBe(digestOf(saved));
    direct.prune();
    const names = saved.player.segments.map(({ file }) => file);
    if (names.length === 0) return;
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
    for (const name of names) expect(hex(path.join(folder, name))).toBe(hex(path.join(other, name)));
  });

  it('write what is new alone, and remove a segment only when its checkpoint is no longer needed', () => {
    const replay = replayOf(3 * ROWS_PER_SEGMENT);
    const folder = newFolder();
    const segments = new MemorySegments(folder);
    append(replay, 2 * ROWS_PER_SEGMENT + 5);
    const first = segments.save(agentsOf(replay));
    expect(first.player.segments.map(({ from }) => from)).toEqual([0, ROWS_PER_SEGMENT]);
    expect(first.player.tail.from).toBe(2 * ROWS_PER_SEGMENT);
    // A file that is already there is not written again: what stands in it now stays.
    writeFileSync(path.join(folder, first.player.segments[1].file), 'untouched');
    append(replay, 2 * ROWS_PER_SEGMENT);
    const second = segments.save(agentsOf(replay));
    expect(readFileSync(path.join(folder, first.player.segments[1].file), 'utf8')).toBe('untouched');
    expect(second.player.segments.map(({ from }) => from)).toEqual([2, 3].map((i) => i * ROWS_PER_SEGMENT));
    expect(readdirSync(folder)).toHaveLength(4);
    segments.prune();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('are refused when one is missing, damaged, or that of another run', () => {
    const replay = replayOf(100);
    append(replay, 60);
    const folder = newFolder();
    const saved = new MemorySegments(folder).save(agentsOf(replay));
    const [{ file }, { file: second }] = saved.player.segments;
    const broken = (change: (folder: string) => void) => () => {
      const copy = newFolder();
      cpSync(folder, copy, { recursive: true });
      change(copy);
      new MemorySegments(copy).restore(agentsOf(replayOf(100)), saved);
    };
    expect(broken(() => {})).not.toThrow();
    expect(broken((copy) => rmSync(path.join(copy, file)))).toThrow(new RegExp(`${file}.*missing`));
    expect(broken((copy) => truncateSync(path.join(copy, file), 5000))).toThrow(/truncated/);
    expect(broken((copy) => cpSync(path.join(copy, second), path.join(copy, file)))).toThrow(
      /not that of the checkpoint/,
    );
    const none = { player: {} } as unknown as Agents;
    expect(() => new MemorySegments(folder).restore(none, saved)).toThrow(/keeps none/);
    expect(() => new MemorySegments(folder).restore(agentsOf(replayOf(100)), {})).toThrow(/keeps one/);
  });
});
