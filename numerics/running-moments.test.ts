import msgpack from 'msgpack-lite';
import { describe, expect, it } from 'vitest';
import { createRng } from './random.ts';
import { RunningMoments, type RunningMomentsState } from './running-moments.ts';
import { mean, variance } from './statistics.ts';

/** A thousand updates of numbers of order ten. */
const ROUNDING = 1e-12;
const D = 3;
const ROWS = 500;

function stream(): Float64Array {
  const rows = new Float64Array(ROWS * D);
  createRng('stream').fillNormal(rows);
  return rows.map((x, i) => 10 * (i % D) + x);
}

function column(rows: Float64Array, d: number): Float64Array {
  return rows.filter((_, i) => i % D === d);
}

function expectMoments(moments: RunningMoments, rows: Float64Array): void {
  expect(moments.count).toBe(rows.length / D);
  for (let d = 0; d < D; d++) {
    expect(Math.abs(moments.mean[d] - mean(column(rows, d)))).toBeLessThan(ROUNDING * 10);
    const exact = variance(column(rows, d), { denominator: 'population' });
    expect(Math.abs(moments.variance[d] - exact)).toBeLessThan(ROUNDING);
  }
}

describe('running moments', () => {
  it('are the moments of all that was seen, coordinate by coordinate', () => {
    const moments = new RunningMoments(D);
    moments.push(stream());
    expectMoments(moments, stream());
  });

  it('do not depend on how the stream was split or merged', () => {
    const rows = stream();
    const parts = [rows.subarray(0, 30), rows.subarray(30, 33), rows.subarray(33, 33), rows.subarray(33)];
    const merged = new RunningMoments(D);
    for (const part of parts) {
      const moments = new RunningMoments(D);
      moments.push(part);
      merged.merge(moments);
    }
    expectMoments(merged, rows);
    merged.merge(new RunningMoments(D));
    expectMoments(merged, rows);
    const empty = new RunningMoments(D);
    empty.merge(new RunningMoments(D));
    empty.push(rows);
    expectMoments(empty, rows);
  });

  it('keep their digits far from zero', () => {
    const moments = new RunningMoments(1);
    moments.push(Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4));
    expect(moments.variance[0]).toBeCloseTo(1.25, 6);
  });

  it('standardise to mean zero and variance one, in place too', () => {
    const moments = new RunningMoments(D);
    const rows = stream();
    moments.push(rows);
    moments.standardise(rows, rows);
    for (let d = 0; d < D; d++) {
      expect(Math.abs(mean(column(rows, d)))).toBeLessThan(ROUNDING * 10);
      // epsilon 1e-8 in the denominator.
      expect(Math.abs(variance(column(rows, d), { denominator: 'population' }) - 1)).toBeLessThan(2e-8);
    }
  });

  it('clip what is far out, and leave alone what comes before the first vector', () => {
    const moments = new RunningMoments(1);
    const out = new Float32Array(2);
    moments.standardise(Float32Array.of(0.5, 99), out, { clip: 5 });
    expect(Array.from(out)).toEqual([0.5, 5]);
    expect([moments.mean[0], moments.variance[0]]).toEqual([0, 1]);
    moments.push(Float32Array.of(-1, 1));
    moments.standardise(Float32Array.of(0.5, -99), out, { clip: 5, epsilon: 0 });
    expect(Array.from(out)).toEqual([0.5, -5]);
  });

  it('save a copy: going on does not change it', () => {
    const moments = new RunningMoments(1);
    moments.push(Float64Array.of(1, 3));
    const saved = moments.save();
    moments.push(Float64Array.of(8));
    expect(saved).toEqual({ count: 2, mean: Float64Array.of(2), squares: Float64Array.of(2) });
  });

  it('go on exactly from a saved state, through msgpack too', () => {
    const rows = stream();
    const whole = new RunningMoments(D);
    whole.push(rows);
    const first = new RunningMoments(D);
    first.push(rows.subarray(0, 300));
    const saved = msgpack.decode(msgpack.encode(first.save())) as RunningMomentsState;
    first.push(rows.subarray(0, 30));
    const second = new RunningMoments(D);
    second.restore(saved);
    second.push(rows.subarray(300));
    expect(second.save()).toEqual(whole.save());
  });
});

describe('errors', () => {
  it('leave the moments as they were', () => {
    const moments = new RunningMoments(2);
    moments.push(Float64Array.of(1, 2));
    const before = moments.save();
    expect(() => moments.push(Float64Array.of(1, Number.NaN))).toThrow(/coordinate 1 is NaN/);
    expect(() => moments.push(Float64Array.of(1, 2, 3))).toThrow(/3 numbers are no whole vectors of 2/);
    expect(() => moments.merge(new RunningMoments(3))).toThrow(/dimension 3 does not match this one's 2/);
    const restore = (change: object) => () => moments.restore({ ...before, ...change });
    expect(restore({ count: -1 })).toThrow(/saved count is -1/);
    expect(restore({ mean: [1, 2] })).toThrow(/saved mean is no Float64Array/);
    expect(restore({ mean: Float64Array.of(1) })).toThrow(/dimension 1/);
    expect(restore({ squares: Float64Array.of(1, Number.NaN) })).toThrow(/saved squares is NaN/);
    expect(restore({ squares: Float64Array.of(1, -1) })).toThrow(/negative/);
    expect(moments.save()).toEqual(before);
  });

  it('name wrong sizes', () => {
    expect(() => new RunningMoments(0)).toThrow(/dimension is 0/);
    const moments = new RunningMoments(2);
    expect(() => moments.standardise(new Float64Array(2), new Float64Array(4))).toThrow(/out has 4/);
    expect(() => moments.standardise(new Float64Array(3), new Float64Array(3))).toThrow(/3 numbers/);
  });
});
