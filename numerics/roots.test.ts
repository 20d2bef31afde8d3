import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bisection, bracketOutward, brent, newton } from './roots.ts';
import { holds } from './testing/property.ts';

const TOLERANCE = 1e-12;
/** Where cos x = x (OEIS A003957). */
const DOTTIE = 0.7390851332151607;

const cosine = (x: number): number => Math.cos(x) - x;
const cosineSlope = (x: number): number => -Math.sin(x) - 1;

describe('root finders', () => {
  it('agree where cos x = x', () => {
    const interval = { lower: 0, upper: 1 };
    for (const found of [
      bisection(cosine, interval),
      brent(cosine, interval),
      newton(cosine, cosineSlope, interval),
    ]) {
      expect(found.converged).toBe(true);
      expect(Math.abs(found.root - DOTTIE)).toBeLessThan(2 * TOLERANCE);
      expect(found.residual).toBe(Math.abs(cosine(found.root)));
    }
  });

  it('find the interest rate at which a market clears, whichever way excess demand slopes', () => {
    holds(
      fc.property(
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.constantFrom(-1, 1),
        (root, steepness, sign) => {
          const f = (x: number): number => sign * (Math.tanh(steepness * (x - root)) + 0.1 * (x - root) ** 3);
          const df = (x: number): number =>
            sign * (steepness * (1 - Math.tanh(steepness * (x - root)) ** 2) + 0.3 * (x - root) ** 2);
          const interval = { lower: -1, upper: 1 };
          for (const found of [bisection(f, interval), brent(f, interval), newton(f, df, interval)]) {
            expect(found.converged).toBe(true);
            expect(Math.abs(found.root - root)).toBeLessThan(2 * TOLERANCE);
          }
        },
      ),
    );
  });

  it('need fewer evaluations the more they know of f', () => {
    const interval = { lower: 0, upper: 1 };
    const [halving, secants, tangents] = [
      bisection(cosine, interval).iterations,
      brent(cosine, interval).iterations,
      newton(cosine, cosineSlope, interval).iterations,
    ];
    // Forty halvings make 1e-12 of 1.
    expect(halving).toBe(40);
    expect(secants).toBeLessThan(10);
    expect(tangents).toBeLessThan(8);
  });

  it('survive functions that defeat plain Newton and secant steps', () => {
    const flat = (x: number): number => Math.sign(x - 0.3) * Math.abs(x - 0.3) ** 0.2;
    const flatSlope = (x: number): number => 0.2 * Math.abs(x - 0.3) ** -0.8;
    expect(Math.abs(newton(flat, flatSlope, { lower: -1, upper: 1 }).root - 0.3)).toBeLessThan(2 * TOLERANCE);
    const step = (x: number): number => (x < 0.3 ? -1e-9 : 1e9);
    const found = brent(step, { lower: -1, upper: 1 });
    expect(found.converged).toBe(true);
    expect(Math.abs(found.root - 0.3)).toBeLessThan(2 * TOLERANCE);
    // A ninth-order root, which Brent's own tests use: slow, but inside the bound.
    const nine = brent((x) => x ** 9, { lower: -1, upper: 4, tolerance: 1e-9 });
    expect(nine.converged && Math.abs(nine.root) < 1e-9).toBe(true);
  });

  it('take a root at an end of the interval', () => {
    const f = (x: number): number => x - 1;
    for (const interval of [
      { lower: 1, upper: 2 },
      { lower: 0, upper: 1 },
    ]) {
      expect(bisection(f, interval)).toEqual({ root: 1, converged: true, iterations: 0, residual: 0 });
      expect(brent(f, interval)).toEqual({ root: 1, converged: true, iterations: 0, residual: 0 });
      expect(newton(f, () => 1, interval)).toEqual({ root: 1, converged: true, iterations: 0, residual: 0 });
    }
  });

  it('say so when they run out of iterations', () => {
    const options = { lower: 0, upper: 1, maxIterations: 2 };
    for (const found of [
      bisection(cosine, options),
      brent(cosine, options),
      newton(cosine, cosineSlope, options),
    ]) {
      expect(found.converged).toBe(false);
      expect(found.iterations).toBe(2);
      expect(found.residual).toBe(Math.abs(cosine(found.root)));
    }
  });

  it('never leave the interval', () => {
    const guarded = (x: number): number => {
      if (x < 0.01 || x > 5) throw new Error('outside');
      return Math.log(x) - 0.5;
    };
    const interval = { lower: 0.01, upper: 5 };
    for (const found of [
      brent(guarded, interval),
      newton(guarded, (x) => 1 / x, { ...interval, start: 5 }),
    ]) {
      expect(Math.abs(found.root - Math.exp(0.5))).toBeLessThan(2 * TOLERANCE);
    }
  });
});

describe('bracketOutward', () => {
  it('widens until f changes sign, and its bracket serves brent', () => {
    const f = (x: number): number => x - 1000;
    const found = bracketOutward(f, { lower: 0, upper: 1 });
    expect(found.bracketed).toBe(true);
    expect(found.lower).toBeLessThanOrEqual(0);
    expect(found.upper).toBeGreaterThanOrEqual(1000);
    expect(brent(f, found).root).toBeCloseTo(1000, 9);
    expect(bracketOutward((x) => x + 50, { lower: 0, upper: 1 }).lower).toBeLessThanOrEqual(-50);
  });

  it('stays within the limits, and says so when they hold no root', () => {
    const inDomain = (x: number): number => {
      if (x <= 0) throw new Error('outside');
      return Math.log(x) + 3;
    };
    const limits = { lower: 1, upper: 2, minimum: 0.01, maximum: 4 };
    expect(bracketOutward(inDomain, limits)).toMatchObject({ lower: 0.01, bracketed: true });
    expect(bracketOutward((x) => x + 1, limits)).toMatchObject({ lower: 0.01, upper: 4, bracketed: false });
    expect(bracketOutward(() => 1, { lower: 0, upper: 1, maxIterations: 3 })).toMatchObject({
      bracketed: false,
      iterations: 3,
    });
  });

  it('leaves an interval alone that brackets already', () => {
    expect(bracketOutward(cosine, { lower: 0, upper: 1 })).toEqual({
      lower: 0,
      upper: 1,
      bracketed: true,
      iterations: 0,
    });
  });
});

describe('errors', () => {
  const interval = { lower: 1, upper: 2 };

  it('give f at both ends where there is no change of sign', () => {
    for (const find of [
      () => bisection((x) => x, interval),
      () => brent((x) => x, interval),
      () =>
        newton(
          (x) => x,
          () => 1,
          interval,
        ),
    ]) {
      expect(find).toThrow(/no change of sign, f\(1\) = 1 and f\(2\) = 2; widen/);
    }
  });

  it('say where f is NaN, and what is wrong with the interval or the start', () => {
    const nan = (x: number): number => (x > 1.2 && x < 1.8 ? Number.NaN : x - 1.5);
    expect(() => brent(nan, interval)).toThrow(/f\(1.5\) is NaN/);
    expect(() => bisection(nan, interval)).toThrow(/f\(1.5\) is NaN/);
    expect(() => newton(nan, () => 1, interval)).toThrow(/f\(1.5\) is NaN/);
    expect(() =>
      newton(
        (x) => x - 1.4,
        () => Number.NaN,
        interval,
      ),
    ).toThrow(/derivative: f\(1.5\) is NaN/);
    expect(() =>
      newton(
        (x) => x - 1.4,
        () => 1,
        { ...interval, start: 3 },
      ),
    ).toThrow(/start is 3/);
    expect(() => brent(cosine, { lower: 2, upper: 1 })).toThrow(/ends are 2 and 1/);
    expect(() => brent(cosine, { lower: Number.NaN, upper: 1 })).toThrow(/lower is NaN/);
    expect(() => brent(cosine, { ...interval, tolerance: -1 })).toThrow(/tolerance is -1/);
    expect(() => brent(cosine, { ...interval, maxIterations: 0 })).toThrow(/maxIterations is 0/);
    expect(() => bracketOutward(cosine, { ...interval, growth: 1 })).toThrow(/growth - 1 is 0/);
    expect(() => bracketOutward(cosine, { ...interval, minimum: 1.5 })).toThrow(/not within the limits/);
  });
});
