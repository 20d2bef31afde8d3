import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { type BatchTarget, Replay } from './replay.ts';

/** Rows whose every number tells which transition they belong to. */
function rows(first: number, count: number, terminated = 0) {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  return {
    rows: count,
    observations: Float32Array.from(numbers.flatMap((n) => [n, n + 0.5])),
    actions: Float32Array.from(numbers, (n) => n / 100),
    rewards: Float64Array.from(numbers, (n) => 10 * n),
    nextObservations: Float32Array.from(numbers.flatMap((n) => [n + 1, n + 1.5])),
    terminated: new Uint8Array(count).fill(terminated),
  };
}

function batchOf(size: number): BatchTarget {
  return {
    observations: new Float32Array(2 * size),
    actions: new Float32Array(size),
    rewards: new Float32Array(size),
    nextObservations: new Float32Array(2 * size),
    continues: new Float32Array(size),
  };
}

const shape = { capacity: 5, observationSize: 2, actionSize: 1 };

describe('Replay', () => {
  it('keeps the newest transitions, each whole, and draws every one of them', () => {
    const replay = new Replay(shape);
    replay.add(rows(0, 3));
    replay.add(rows(3, 4, 1));
    expect(replay.size).toBe(5);
    const batch = batchOf(500);
    replay.sample(batch, createRng(1), { offset: 7, endValue: 2 });
    const counts = new Map<number, number>();
    for (let i = 0; i < 500; i++) {
      const n = batch.observations[2 * i];
      counts.set(n, (counts.get(n) ?? 0) + 1);
      expect(batch.observations[2 * i + 1]).toBe(n + 0.5);
      expect([...batch.nextObservations.subarray(2 * i, 2 * i + 2)]).toEqual([n + 1, n + 1.5]);
      expect(batch.rewards[i]).toBe(10 * n - 7 + (n < 3 ? 0 : 2));
      expect(batch.actions[i]).toBeCloseTo(n / 100, 6);
      expect(batch.continues[i]).toBe(n < 3 ? 1 : 0);
    }
    expect([...counts.keys()].sort()).toEqual([2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(45); // five standard deviations
    expect(replay.meanReward()).toBe(40);
  });

  it('samples and overwrites after a restore as it would have without, however it was cut into pieces', () => {
    const replay = new Replay(shape);
    replay.add(rows(0, 7));
    const piecewise = (cuts: readonly number[]) => {
      const other = new Replay(shape);
      const pieces = cuts.slice(0, -1).map((from, i) => ({ from, rows: replay.rows(from, cuts[i + 1]) }));
      other.restore({ appended: replay.appended, pieces: structuredClone(pieces) });
      return other;
    };
    const draws = [replay, piecewise([2, 7]), piecewise([2, 3, 6, 7])].map((r) => {
      r.add(rows(7, 2));
      const batch = batchOf(50);
      r.sample(batch, createRng(3), { offset: 0, endValue: 0 });
      return batch;
    });
    expect(draws[1]).toEqual(draws[0]);
    expect(draws[2]).toEqual(draws[0]);
  });

  it('takes pieces that begin before what it keeps, and an empty memory', () => {
    const large = new Replay({ ...shape, capacity: 10 });
    large.add(rows(0, 7));
    const small = new Replay(shape);
    small.restore({ appended: 7, pieces: [{ from: 0, rows: large.rows(0, 7) }] });
    expect(small.rows(2, 7)).toEqual(large.rows(2, 7));
    small.restore({ appended: 0, pieces: [] });
    expect(small.size).toBe(0);
  });

  it('refuses pieces that are not all of what it kept', () => {
    const replay = new Replay({ ...shape, capacity: 10 });
    replay.add(rows(0, 7));
    const into = (options: object, saved: Parameters<Replay['restore']>[0]) => () =>
      new Replay({ ...shape, capacity: 10, ...options }).restore(saved);
    const piece = (from: number, to: number) => ({ from, rows: replay.rows(from, to) });
    expect(into({}, { appended: 7, pieces: [piece(1, 7)] })).toThrow(/from 0 on are missing/);
    expect(into({}, { appended: 7, pieces: [piece(0, 3), piece(4, 7)] })).toThrow(/from 3 on are missing/);
    expect(into({}, { appended: 7, pieces: [piece(0, 6)] })).toThrow(/end at 6 of 7/);
    expect(into({ actionSize: 2 }, { appended: 7, pieces: [piece(0, 7)] })).toThrow(
      /7 saved transitions have 7 numbers of actions; 14 are needed/,
    );
    expect(() => replay.rows(3, 8)).toThrow(/0 to 7 are held/);
    expect(() => new Replay({ ...shape, capacity: 0 })).toThrow(/capacity is 0/);
  });
});
