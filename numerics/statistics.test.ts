import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from './random.ts';
import {
  autocorrelation,
  bootstrapInterval,
  correlation,
  gini,
  interquartileMean,
  mean,
  median,
  quantile,
  standardDeviation,
  summary,
  variance,
} from './statistics.ts';
import { holds } from './testing/property.ts';

/** A few dozen sums of numbers up to a hundred. */
const ROUNDING = 1e-11;
const SAMPLE = [3.1, -1, 4, 1.5, 9.2, 6.5, 3.5];
const samples = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('location and scale', () => {
  it('agree with NumPy: type-7 quantiles and the sample deviation', () => {
    // numpy 2.4.6, quantile and std(ddof=1).
    const stored = [0.5000000000000002, 2.3, 3.5, 7.580000000000001];
    [0.1, 0.25, 0.5, 0.9].forEach((p, i) => {
      expect(Math.abs(quantile(SAMPLE, p) - stored[i])).toBeLessThan(ROUNDING);
    });
    expect(Math.abs(standardDeviation(SAMPLE) - 3.3013705667567246)).toBeLessThan(ROUNDING);
  });

  it('lose no digits to a large constant', () => {
    const shifted = [1, 2, 3, 4].map((x) => x + 1e9);
    expect(mean(shifted)).toBe(1e9 + 2.5);
    expect(variance(shifted)).toBeCloseTo(5 / 3, 12);
    expect(variance(shifted, { denominator: 'population' })).toBeCloseTo(5 / 4, 12);
    expect(mean([1e100, 1, -1e100])).toBe(1 / 3);
  });

  it('the ends of the quantiles are the extremes, and quantiles never cross', () => {
    holds(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        // + 0: an extreme of -0 may come back as 0.
        expect(quantile(values, 0) + 0).toBe(Math.min(...values) + 0);
        expect(quantile(values, 1) + 0).toBe(Math.max(...values) + 0);
        expect(quantile(values, p)).toBeLessThanOrEqual(quantile(values, Math.min(1, p + 0.1)) + ROUNDING);
      }),
    );
  });
});

describe('the interquartile mean', () => {
  it('weights five seeds 0, .75, 1, .75, 0', () => {
    expect(interquartileMean([100, 2, 3, 5, -100])).toBeCloseTo((0.75 * 2 + 3 + 0.75 * 5) / 2.5, 14);
  });

  it("is scipy's trim_mean(x, .25), and so rliable's, where n is a multiple of four", () => {
    // scipy 1.17.1, stats.trim_mean([...SAMPLE, 2.2], .25).
    expect(Math.abs(interquartileMean([...SAMPLE, 2.2]) - 3.2)).toBeLessThan(ROUNDING);
  });

  it('is the mean of the middle half of a large sample made of copies', () => {
    holds(
      fc.property(samples, (values) => {
        // Four copies of each: whole values are dropped, and the fractional weights become counts.
        const copies = values.flatMap((x) => [x, x, x, x]).sort((a, b) => a - b);
        const middle = copies.slice(values.length, 3 * values.length);
        expect(Math.abs(interquartileMean(values) - mean(middle))).toBeLessThan(ROUNDING);
      }),
    );
  });
});

describe('the bootstrap interval', () => {
  it('of a mean is close to the normal interval, and covers as often as its level says', () => {
    const root = createRng('bootstrap');
    const repetitions = 300;
    const n = 40;
    let covered = 0;
    let width = 0;
    for (let r = 0; r < repetitions; r++) {
      const rng = root.split(r);
      const values = new Float64Array(n);
      rng.fillNormal(values);
      const { low, high } = bootstrapInterval(values, mean, { level: 0.9, resamples: 400, rng });
      if (low <= 0 && 0 <= high) covered++;
      width += (high - low) / repetitions;
    }
    // Coverage .9 less the percentile method's known shortfall at n = 40 (about .015); standard error .018, times 3.3.
    expect(Math.abs(covered / repetitions - 0.885)).toBeLessThan(0.06);
    expect(Math.abs(width / ((2 * 1.645) / Math.sqrt(n)) - 1)).toBeLessThan(0.05);
  });

  it('of one value is that value, and of equal seeds is equal', () => {
    expect(bootstrapInterval([3], median, { rng: createRng(1) })).toEqual({ low: 3, high: 3 });
    const twice = [1, 2].map(() => bootstrapInterval(SAMPLE, interquartileMean, { rng: createRng('same') }));
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0].low).toBeLessThan(interquartileMean(SAMPLE));
    expect(twice[0].high).toBeGreaterThan(interquartileMean(SAMPLE));
  });
});

describe('correlation', () => {
  it('is one for lines that rise, minus one for lines that fall, and 1/2 for one known case', () => {
    const x = [1, 2, 4, 8];
    expect(
      correlation(
        x,
        x.map((v) => 3 + 2 * v),
      ),
    ).toBeCloseTo(1, 14);
    expect(
      correlation(
        x,
        x.map((v) => 3 - 2 * v),
      ),
    ).toBeCloseTo(-1, 14);
    expect(correlation([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 14);
  });

  it('with its own past is the persistence of an autoregression', () => {
    const rng = createRng('ar');
    const x = new Float64Array(100_000);
    for (let t = 1; t < x.length; t++) x[t] = 0.8 * x[t - 1] + rng.normal();
    // Bartlett's standard error sqrt((1 - rho^2)/T) = .0019, times four; at lag 2 about twice that.
    expect(Math.abs(autocorrelation(x, 1) - 0.8)).toBeLessThan(0.0076);
    expect(Math.abs(autocorrelation(x, 2) - 0.64)).toBeLessThan(0.0152);
    expect(autocorrelation(x, 0)).toBe(1);
    expect(autocorrelation([1, 2, 3], 1)).toBe(0);
  });
});

describe('the Gini coefficient', () => {
  it('is zero under equality, 1 - 1/n where one owns all, and half the mean difference over the mean', () => {
    for (const x of [2, 0.1, 1 / 3]) expect(gini(new Float64Array(1000).fill(x))).toBe(0);
    expect(gini([0, 0, 0, 5])).toBeCloseTo(0.75, 14);
    holds(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (x) => {
          let difference = 0;
          for (const a of x) for (const b of x) difference += Math.abs(a - b);
          expect(Math.abs(gini(x) - difference / (2 * x.length ** 2 * mean(x)))).toBeLessThan(ROUNDING);
        },
      ),
    );
  });

  it('of a distribution counts a state by its mass, as if it were that many people', () => {
    expect(gini([4, 1, 9], [2, 3, 1])).toBeCloseTo(gini([4, 4, 1, 1, 1, 9]), 14);
    expect(gini([4, 1, 9], [0.2, 0.3, 0.1])).toBeCloseTo(gini([4, 1, 9], [2, 3, 1]), 14);
  });
});

describe('summary', () => {
  it('holds the figures that the single functions give', () => {
    expect(summary(SAMPLE)).toEqual({
      count: 7,
      mean: mean(SAMPLE.toSorted((a, b) => a - b)),
      standardDeviation: standardDeviation(SAMPLE.toSorted((a, b) => a - b)),
      min: -1,
      lowerQuartile: quantile(SAMPLE, 0.25),
      median: 3.5,
      upperQuartile: quantile(SAMPLE, 0.75),
      max: 9.2,
      interquartileMean: interquartileMean(SAMPLE),
    });
    expect(summary([4])).toMatchObject({ count: 1, mean: 4, standardDeviation: 0, median: 4 });
  });
});

describe('errors', () => {
  it('name what is empty, not finite, of another length or constant', () => {
    const rng = createRng(1);
    for (const f of [mean, variance, standardDeviation, median, interquartileMean, gini, summary]) {
      expect(() => f([])).toThrow(/0 entries/);
      expect(() => f([1, Number.NaN])).toThrow(/entry 1 of values.* is NaN/);
    }
    expect(() => standardDeviation([1])).toThrow(/one is too few/);
    expect(() => quantile([1], 1.1)).toThrow(/p is 1.1/);
    expect(() => quantile([1], Number.NaN)).toThrow(/p is NaN/);
    expect(() => correlation([1, 2], [1])).toThrow(/y has 1 entries; x asks for 2/);
    expect(() => correlation([1, 2], [3, 3])).toThrow(/y does not vary/);
    expect(() => autocorrelation([1, 2], 2)).toThrow(/lag is 2/);
    expect(() => autocorrelation([1, 1], 1)).toThrow(/do not vary/);
    expect(() => gini([1, 2], [1])).toThrow(/weights has 1/);
    expect(() => gini([1, 2], [1, -1])).toThrow(/weight 1 is -1/);
    expect(() => gini([1, 2], [0, 0])).toThrow(/weights sum to 0/);
    expect(() => gini([-1, 1])).toThrow(/mean is 0/);
    expect(() => bootstrapInterval([], mean, { rng })).toThrow(/0 entries/);
    expect(() => bootstrapInterval([1], mean, { rng, level: 1 })).toThrow(/level is 1/);
    expect(() => bootstrapInterval([1], mean, { rng, resamples: 0 })).toThrow(/resamples is 0/);
    expect(() => bootstrapInterval([1], () => Number.NaN, { rng })).toThrow(/statistic over samples is NaN/);
  });
});
