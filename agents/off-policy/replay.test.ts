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

  it('samples and overwrites after a restore as it would have without', () => {
    const replay = new Replay(shape);
    replay.add(rows(0, 7));
    const other = new Replay(shape);
    other.load(structuredClone(replay.save()));
    const draws = [replay, other].map((r) => {
      r.add(rows(7, 2));
      const batch = batchOf(50);
      r.sample(batch, createRng(3), { offset: 0, endValue: 0 });
      return batch;
    });
    expect(draws[0]).toEqual(draws[1]);
  });

  it('refuses what does not fit', () => {
    const replay = new Replay({ ...shape, capacity: 10 });
    replay.add(rows(0, 7));
    expect(() => new Replay(shape).load(replay.save())).toThrow(/7 saved transitions.*buffer of 5/);
    expect(() => new Replay({ ...shape, actionSize: 2, capacity: 10 }).load(replay.save())).toThrow(
      /2 actions/,
    );
    const full = new Replay(shape);
    full.add(rows(0, 7));
    expect(() => new Replay({ ...shape, capacity: 10 }).load(full.save())).toThrow(/do not fit/);
    expect(() => new Replay({ ...shape, capacity: 0 })).toThrow(/capacity is 0/);
  });
});
