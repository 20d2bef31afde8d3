import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rouwenhorst, tauchen, tauchenTrimmed } from './autoregression.ts';
import { exponentiateToMeanOne, type MarkovChain, mapLevels, stationary, stationaryMean } from './markov.ts';
import { normalCdf, normalInterval } from './normal.ts';
import { holds } from './testing/property.ts';

/** Half of the last digit printed by the source of a stored number. */
const half = (digits: number): number => 0.5000001 * 10 ** -digits;
/** Sums over up to thirty states; relative to the process's size. */
const ROUNDING = 1e-12;

const processes = fc.record({
  persistence: fc.double({ min: -0.95, max: 0.99, noNaN: true }),
  innovationDeviation: fc.double({ min: 0.01, max: 2, noNaN: true }),
  mean: fc.double({ min: -2, max: 2, noNaN: true }),
  n: fc.integer({ min: 2, max: 30 }),
});

function expectNear(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(actual[i] - x), `entry ${i}: ${actual[i]} against ${x}`).toBeLessThan(tolerance);
  });
}

function rowSums({ transition, n }: MarkovChain): number[] {
  return Array.from({ length: n }, (_, i) =>
    transition.subarray(i * n, i * n + n).reduce((a, b) => a + b, 0),
  );
}

/** Stationary mean, variance and first autocorrelation of the levels. */
function moments(chain: MarkovChain): { mean: number; variance: number; autocorrelation: number } {
  const { levels, transition, n } = chain;
  const pi = stationary(chain);
  const mean = stationaryMean(chain);
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < n; i++) {
    variance += pi[i] * (levels[i] - mean) ** 2;
    for (let j = 0; j < n; j++) {
      covariance += pi[i] * transition[i * n + j] * (levels[i] - mean) * (levels[j] - mean);
    }
  }
  return { mean, variance, autocorrelation: covariance / variance };
}

describe("Rouwenhorst's chain", () => {
  it("has the process's conditional mean, stationary mean and variance, and autocorrelation", () => {
    holds(
      fc.property(processes, (process) => {
        const chain = rouwenhorst(process);
        const { persistence: rho, innovationDeviation: sigma, mean, n } = process;
        const scale = 3 + sigma / Math.sqrt(1 - rho * rho);
        for (let i = 0; i < n; i++) {
          let next = 0;
          for (let j = 0; j < n; j++) next += chain.transition[i * n + j] * chain.levels[j];
          expect(Math.abs(next - ((1 - rho) * mean + rho * chain.levels[i]))).toBeLessThan(ROUNDING * scale);
        }
        const found = moments(chain);
        expect(Math.abs(found.mean - mean)).toBeLessThan(ROUNDING * scale);
        const variance = sigma ** 2 / (1 - rho * rho);
        expect(Math.abs(found.variance / variance - 1)).toBeLessThan(ROUNDING);
        expect(Math.abs(found.autocorrelation - rho)).toBeLessThan(ROUNDING);
        for (const sum of rowSums(chain)) expect(Math.abs(sum - 1)).toBeLessThan(ROUNDING);
      }),
    );
  });

  it('has the binomial stationary distribution', () => {
    const chain = rouwenhorst({ persistence: 0.7, stationaryDeviation: 1, n: 5 });
    expectNear(stationary(chain), [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16], ROUNDING);
  });

  it('gives the income process of the fixed-price household, rho .966 and stationary s.d. .5', () => {
    // StructuralRL tutorial, notebook 0 (log income, mean one): levels, first row and stationary distribution.
    const log = rouwenhorst({ persistence: 0.966, stationaryDeviation: 0.5, n: 3 });
    const income = exponentiateToMeanOne(log);
    expectNear(income.levels, [0.43622974, 0.88472407, 1.79432213], half(8));
    expectNear(income.transition.subarray(0, 3), [0.966289, 0.033422, 0.000289], half(6));
    expectNear(stationary(income), [0.25, 0.5, 0.25], ROUNDING);
  });
});

describe("Tauchen's chain", () => {
  it('has rows that sum to one and a stationary mean that is the mean of the process', () => {
    holds(
      fc.property(processes, (process) => {
        const chain = tauchen(process);
        for (const sum of rowSums(chain)) expect(Math.abs(sum - 1)).toBeLessThan(ROUNDING);
        const scale = Math.abs(chain.levels[0]) + Math.abs(chain.levels[process.n - 1]);
        // A coarse grid may leave its end states about once in 1e16 periods: only then is the mean undetermined.
        const leaves = 1 - chain.transition[0];
        if (process.persistence > 0 && leaves > 1e-6) {
          expect(Math.abs(stationaryMean(chain) - process.mean)).toBeLessThan((ROUNDING * scale) / leaves);
        }
      }),
    );
  });

  it('gives the end nodes the whole tails', () => {
    const chain = tauchen({ persistence: 0.5, innovationDeviation: 1, n: 3, width: 2, mean: 1 });
    // Nodes +-2/sqrt(.75) about 1, step 2/sqrt(.75); from the middle, half a step is 1/sqrt(.75) innovations.
    const reach = 2 / Math.sqrt(0.75);
    expectNear(chain.levels, [1 - reach, 1, 1 + reach], ROUNDING);
    const tail = normalCdf(-reach / 2);
    expectNear(chain.transition.subarray(3, 6), [tail, 1 - 2 * tail, tail], ROUNDING);
    // From the top node, rho times it is its own bin's lower edge.
    expect(Math.abs(chain.transition[8] - 0.5)).toBeLessThan(ROUNDING);
  });

  it('approaches the variance and autocorrelation of the process as nodes are added', () => {
    const found = moments(tauchen({ persistence: 0.8, stationaryDeviation: 1, n: 201, width: 6 }));
    // Sheppard's correction, h^2/12 with h = .06, is 3e-4; what the finite width leaves out is 1e-8.
    expect(Math.abs(found.variance - 1)).toBeLessThan(4e-3);
    expect(Math.abs(found.autocorrelation - 0.8)).toBeLessThan(1e-3);
  });
});

describe("the trimmed Tauchen's chain", () => {
  it('gives the income process of the Huggett and Krusell-Smith economies, rho .6 and stationary s.d. .2', () => {
    // Yang, Wang, Schaab and Moll (2025), Table 5, levels .55, 1, 1.82; digits from the StructuralRL tutorial's code.
    const log = tauchenTrimmed({ persistence: 0.6, stationaryDeviation: 0.2, n: 3 });
    const income = mapLevels(log, Math.exp);
    expectNear(income.levels, [0.548811636, 1, 1.8221188], half(9));
    expectNear(income.transition.subarray(0, 2), [0.6460391273, 0.3539423291], half(10));
    expect(Math.abs(income.transition[2] - 1.854358e-5)).toBeLessThan(half(11));
    expectNear(income.transition.subarray(3, 6), [0.0303963531, 0.9392072939, 0.0303963531], half(10));
    expectNear(stationary(income), [0.073291, 0.853418, 0.073291], half(7));
    expect(Math.abs(stationaryMean(income) - 1.0271858694)).toBeLessThan(half(10));
  });

  it('is symmetric, positive, and has rows that sum to one', () => {
    holds(
      fc.property(processes, (process) => {
        const chain = tauchenTrimmed(process);
        const { n, transition } = chain;
        for (const sum of rowSums(chain)) expect(Math.abs(sum - 1)).toBeLessThan(ROUNDING);
        for (let k = 0; k < n * n; k++) {
          expect(transition[k]).toBeGreaterThan(0);
          expect(Math.abs(transition[k] - transition[n * n - 1 - k])).toBeLessThan(ROUNDING);
        }
      }),
    );
  });
});

describe('the two conventions of volatility', () => {
  it('are one process: the stationary deviation is the innovation over sqrt(1 - rho^2)', () => {
    for (const method of [tauchen, tauchenTrimmed, rouwenhorst]) {
      const byInnovation = method({ persistence: 0.9, innovationDeviation: 0.03, n: 5 });
      const stationaryDeviation = 0.03 / Math.sqrt(1 - 0.81);
      const byStationary = method({ persistence: 0.9, stationaryDeviation, n: 5 });
      expectNear(byInnovation.levels, Array.from(byStationary.levels), ROUNDING);
      expectNear(byInnovation.transition, Array.from(byStationary.transition), ROUNDING);
    }
  });

  it('have to be named, exactly one', () => {
    const loose = rouwenhorst as (options: Record<string, number>) => MarkovChain;
    expect(() => loose({ persistence: 0.9, n: 3 })).toThrow(/exactly one/);
    expect(() => loose({ persistence: 0.9, n: 3, innovationDeviation: 1, stationaryDeviation: 1 })).toThrow(
      /exactly one/,
    );
  });

  it('are refused at or below zero, as are unit roots and single states', () => {
    expect(() => tauchen({ persistence: 1, n: 3, innovationDeviation: 1 })).toThrow(/persistence is 1/);
    expect(() => tauchen({ persistence: 0.5, n: 1, innovationDeviation: 1 })).toThrow(/n is 1/);
    expect(() => tauchen({ persistence: 0.5, n: 3, innovationDeviation: 0 })).toThrow(
      /innovationDeviation is 0/,
    );
    expect(() => rouwenhorst({ persistence: 0.5, n: 3, stationaryDeviation: Number.NaN })).toThrow(/is NaN/);
    expect(() => tauchenTrimmed({ persistence: 0.5, n: 3, stationaryDeviation: 1, width: 0 })).toThrow(
      /width is 0/,
    );
  });
});

describe('the normal distribution function', () => {
  it("agrees with the C library's erfc over the whole range", () => {
    // 0.5 erfc(-x / sqrt 2), CPython 3 math.erfc.
    const stored: readonly (readonly [number, number])[] = [
      [-37, 5.725571222525139e-300],
      [-8, 6.220960574271819e-16],
      [-3, 0.0013498980316300957],
      [-1.5, 0.06680720126885809],
      [-1, 0.15865525393145707],
      [0.3, 0.6179114221889526],
      [1.41, 0.9207301585466076],
      [2, 0.9772498680518208],
      [5, 0.9999997133484281],
    ];
    for (const [x, p] of stored) {
      // exp(-x^2/2) amplifies the rounding of x by x^2: 1e-13 relative suffices to |x| = 30, 4e-13 at 37.
      expect(Math.abs(normalCdf(x) / p - 1)).toBeLessThan(x < -30 ? 4e-13 : 1e-13);
    }
  });

  it('is smooth where its two formulas meet, and symmetric', () => {
    const meet = Math.SQRT2;
    const h = 1e-9;
    expect(Math.abs(normalCdf(-meet - h) - normalCdf(-meet + h) + 2 * h * 0.14676266317373993)).toBeLessThan(
      1e-15,
    );
    holds(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (x) => {
        expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-15);
      }),
    );
  });

  it('measures intervals alike in both tails, without cancelling', () => {
    expect(normalInterval(8, 9)).toBe(normalInterval(-9, -8));
    expect(normalInterval(8, Number.POSITIVE_INFINITY)).toBe(normalCdf(-8));
    expect(normalInterval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1);
    expect(() => normalInterval(1, 0)).toThrow(/ends are 1 and 0/);
    expect(() => normalCdf(Number.NaN)).toThrow(/NaN/);
  });
});
