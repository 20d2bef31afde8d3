import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { chiSquare, chiSquareTail } from './economy-chi-square.ts';

describe('the tail of chi-square', () => {
  it('has the tabulated quantiles (Abramowitz and Stegun 1964, table 26.8), to their six digits', () => {
    for (const [tail, degrees, x] of [
      [0.05, 1, 3.84146],
      [0.001, 1, 10.8276],
      [0.05, 2, 5.99147],
      [0.05, 3, 7.81473],
      [0.01, 4, 13.2767],
      [0.05, 10, 18.307],
      [0.001, 15, 37.6973],
    ]) {
      // A digit of x in its sixth place moves the tail by 1e-5 of itself, times x / 2.
      expect(Math.abs(chiSquareTail(x, degrees) / tail - 1)).toBeLessThan(1e-4);
    }
  });

  it('is one at zero, falls, and vanishes without becoming NaN', () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(Number.NaN, 3)).toBe(1);
    expect(chiSquareTail(4000, 7)).toBe(0);
    for (const degrees of [1, 2, 5, 40]) {
      expect(chiSquareTail(30, degrees)).toBeLessThan(chiSquareTail(20, degrees));
    }
  });
});

describe('the test of counts', () => {
  it('is Pearson’s sum: 10 and 30 of 40 against halves give 10 with one degree of freedom', () => {
    const { statistic, degrees } = chiSquare([10, 30], [1, 1]);
    expect({ statistic, degrees }).toEqual({ statistic: 10, degrees: 1 });
  });

  it('puts rare cells together until five are expected', () => {
    // Expected 1, 2, 3, 94: the first three make one cell of 6.
    expect(chiSquare([0, 2, 4, 94], [1, 2, 3, 94])).toEqual({ statistic: 0, degrees: 1, pValue: 1 });
    expect(chiSquare([3], [1])).toEqual({ statistic: 0, degrees: 0, pValue: 1 });
  });

  it('never forgives what cannot happen', () => {
    expect(chiSquare([100, 1], [1, 0]).pValue).toBe(0);
    expect(chiSquare([100, 0], [1, 0]).pValue).toBe(1);
  });

  it('has p-values below 0.05 in a twentieth of samples', () => {
    const rng = createRng(5);
    const weights = [0.2, 0.3, 0.5];
    let low = 0;
    for (let sample = 0; sample < 2000; sample++) {
      const counts = [0, 0, 0];
      for (let draw = 0; draw < 200; draw++) counts[rng.categorical(weights)] += 1;
      if (chiSquare(counts, weights).pValue < 0.05) low += 1;
    }
    // 100 expected, standard deviation 9.7; four of them.
    expect(Math.abs(low - 100)).toBeLessThan(40);
  });
});
