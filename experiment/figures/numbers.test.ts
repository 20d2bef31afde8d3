import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../../numerics/testing/property.ts';
import { linearRange, linearTicks, logRange, logTicks } from './numbers.ts';

describe('ticks', () => {
  it.each<[readonly [number, number], number, readonly string[]]>([
    [[0, 1], 6, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [[0, 20_000], 5, ['0', '5,000', '10,000', '15,000', '20,000']],
    [[-0.013, 0.012], 6, ['−0.010', '−0.005', '0.000', '0.005', '0.010']],
    [[0, 3.9e6], 4, ['0', '1×10⁶', '2×10⁶', '3×10⁶']],
    [[1e9, 2.2e9], 3, ['1.0×10⁹', '1.5×10⁹', '2.0×10⁹']],
    [[0, 4.1e-8], 5, ['0', '1×10⁻⁸', '2×10⁻⁸', '3×10⁻⁸', '4×10⁻⁸']],
    [[1e4, 10_000.004], 3, ['10,000.000', '10,000.002', '10,000.004']],
  ])('of %j, at most %i, read as people write numbers', (range, most, labels) => {
    expect(linearTicks(range, most).labels).toEqual(labels);
  });

  it.each<[readonly [number, number], number, readonly string[]]>([
    [[0.0008, 1.2], 8, ['0.001', '0.003', '0.01', '0.03', '0.1', '0.3', '1']],
    [[0.018, 0.06], 5, ['0.02', '0.03', '0.05']],
    [[1e-13, 1], 5, ['10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '10⁰']],
    [[0.031, 0.034], 4, ['0.031', '0.032', '0.033', '0.034']],
  ])(
    'of the logarithms of %j, at most %i, are powers of ten as far as there are any',
    (range, most, labels) => {
      expect(logTicks(range, most).labels).toEqual(labels);
    },
  );

  it('lie within their range, in order, not more than asked for, with labels that differ', () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    holds(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 9 }),
        (xs, most) => {
          const [low, high] = linearRange(xs, 0.05);
          const { values, labels } = linearTicks([low, high], most);
          expect(values.length).toBeLessThanOrEqual(most);
          expect(new Set(labels).size).toBe(values.length);
          // A millionth of a step: a tick on the edge stays in.
          const slack = 1e-6 * (high - low);
          for (const [i, value] of values.entries()) {
            expect(value).toBeGreaterThanOrEqual(low - slack);
            expect(value).toBeLessThanOrEqual(high + slack);
            if (i > 0) expect(value).toBeGreaterThan(values[i - 1]);
          }
        },
      ),
    );
  });

  it('of logarithms too', () => {
    const exponent = fc.double({ min: -280, max: 280, noNaN: true });
    holds(
      fc.property(
        fc.array(exponent, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 2, max: 9 }),
        (xs, most) => {
          const range = logRange(
            xs.map((x) => 10 ** x),
            0.05,
          );
          const { values, labels } = logTicks(range, most);
          expect(values.length).toBeLessThanOrEqual(most);
          expect(new Set(labels).size).toBe(values.length);
          for (const value of values) {
            expect(value / range[0]).toBeGreaterThan(1 - 1e-6);
            expect(value / range[1]).toBeLessThan(1 + 1e-6);
          }
        },
      ),
    );
  });

  it('of logarithms further apart than numbers reach end too', () => {
    const { values, labels } = logTicks(logRange([1e-280, 1e280], 0.05), 4);
    expect(values.length).toBeGreaterThan(1);
    expect(new Set(labels).size).toBe(values.length);
  });

  it('of whole numbers are whole', () => {
    expect(linearTicks([0, 2], 9, { step: 'whole' }).labels).toEqual(['0', '1', '2']);
    expect(linearTicks([0, 2], 9).labels).toHaveLength(5);
  });
});

describe('a range', () => {
  it('around a constant reaches a tenth of it to both sides, and around zero from -1 to 1', () => {
    expect(linearRange([50, 50], 0.05)).toEqual([45, 55]);
    expect(linearRange([0], 0.05)).toEqual([-1, 1]);
    expect(linearRange([1, 1 + 1e-15], 0)[0]).toBeCloseTo(0.9, 12);
    expect(logRange([4], 0.05)).toEqual([2, 8]);
  });

  it('has its margin on both sides', () => {
    expect(linearRange([0, 10], 0.1)).toEqual([-1, 11]);
    const [low, high] = logRange([1, 100], 0.5);
    expect([low, high]).toEqual([0.1, 1000]);
  });
});
