import { describe, expect, it } from 'vitest';
import { hpFilter } from './hp-filter.ts';
import { solve } from './linear-algebra.ts';
import { createRng } from './random.ts';

/**
 * Real GDP of the United States, 1959Q1 to 1964Q4, billions of 2005 dollars: the first 24 values of `realgdp` in the public-domain data
 * set `macrodata` of statsmodels (Federal Reserve Bank of St. Louis), and their cycles by `statsmodels.tsa.filters.hp_filter.hpfilter`
 * of statsmodels 0.15.0 (scipy's sparse LU), computed by hand.
 */
const GDP = [
  2710.349, 2778.801, 2775.488, 2785.204, 2847.699, 2834.39, 2839.022, 2802.616, 2819.264, 2872.005, 2918.419,
  2977.83, 3031.241, 3064.709, 3093.047, 3100.563, 3141.087, 3180.447, 3240.332, 3264.967, 3338.246, 3376.587,
  3422.469, 3431.957,
];
const CYCLES = {
  1600: [
    25.80876000131684, 67.29210217821083, 36.994313880102254, 19.651207068128315, 54.931472257250334,
    14.158517958012453, -9.050579489199663, -73.8115928177258, -86.1636381487242, -63.15269935784272,
    -47.22990804688607, -19.062925380560955, 2.3891061689546405, 3.232958457843324, -1.6700898490676082,
    -27.965780685988648, -21.776812180974048, -17.21040384915159, 7.500835301966163, -3.3289472327269323,
    34.278708019597616, 36.828341123787595, 46.864067952179084, 20.492986663905413,
  ],
  6.25: [
    -21.314124635287953, 21.825197758070317, -3.3902199069248127, -12.248149329917396, 35.46207297455476,
    13.577814384741032, 12.59051060296133, -31.90485297002442, -33.25677262992849, -10.761968197259648,
    -3.8550758717387907, 11.495183058474595, 21.615899444700062, 16.048934848898625, 9.633606921878709,
    -15.863596261374369, -10.69556373337582, -10.57900912481955, 6.34164413094004, -13.84938593948209,
    13.586455629577813, 8.127625554099723, 13.139747649331639, -15.725974358135318,
  ],
} as const;

/** Rounding of a system whose condition number is below 16 * 1600 + 1, on values of order 3000. */
const ROUNDING = 1e-8;

/** The trend by Gaussian elimination on the dense matrix I + lambda K'K. */
function denseTrend(values: Float64Array, lambda: number): Float64Array {
  const n = values.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  for (let r = 0; r + 2 < n; r++) {
    const row = [1, -2, 1];
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) matrix[(r + i) * n + r + j] += lambda * row[i] * row[j];
  }
  return solve(matrix, values);
}

describe('the Hodrick-Prescott filter', () => {
  it.each([1600, 6.25] as const)('finds the cycles of GDP that statsmodels finds at lambda %s', (lambda) => {
    const { cycle } = hpFilter(GDP, lambda);
    CYCLES[lambda].forEach((value, t) => {
      expect(Math.abs(cycle[t] - value)).toBeLessThan(ROUNDING);
    });
  });

  it.each([3, 4, 5, 40])("solves (I + lambda K'K) trend = y as elimination does, for %i values", (n) => {
    const values = new Float64Array(n);
    createRng(n).fillNormal(values);
    for (const lambda of [0.1, 6.25, 1600]) {
      const { trend } = hpFilter(values, lambda);
      const dense = denseTrend(values, lambda);
      trend.forEach((value, t) => {
        expect(Math.abs(value - dense[t])).toBeLessThan(1e-10);
      });
    }
  });

  it('leaves a straight line as its own trend, without any cycle', () => {
    const line = Float64Array.from({ length: 200 }, (_, t) => 7 - 3 * t);
    for (const lambda of [6.25, 1600, 1e9]) {
      const { trend, cycle } = hpFilter(line, lambda);
      expect(trend).toEqual(line);
      expect(cycle.every((x) => x === 0)).toBe(true);
    }
  });

  it('is linear, adds up, and leaves cycles that sum to zero and go with no line', () => {
    const values = new Float64Array(150);
    createRng(2).fillNormal(values);
    const { trend, cycle } = hpFilter(values, 1600);
    const twice = hpFilter(
      values.map((x, t) => 2 * x + 5 + t),
      1600,
    ).cycle;
    let [sum, moment] = [0, 0];
    for (let t = 0; t < values.length; t++) {
      expect(trend[t] + cycle[t]).toBeCloseTo(values[t], 12);
      expect(twice[t]).toBeCloseTo(2 * cycle[t], 10);
      sum += cycle[t];
      moment += t * cycle[t];
    }
    expect(Math.abs(sum)).toBeLessThan(1e-10);
    expect(Math.abs(moment)).toBeLessThan(1e-8);
  });

  it('goes from the values themselves at lambda 0 to their regression line as lambda grows', () => {
    const values = Float64Array.of(1, 4, 2, 8, 5, 7);
    expect(hpFilter(values, 0)).toEqual({ trend: values, cycle: new Float64Array(6) });
    const { trend } = hpFilter(values, 1e12);
    // Least squares on t = 0..5: slope 19.5 / 17.5 about the mean 4.5.
    trend.forEach((value, t) => {
      expect(value).toBeCloseTo(4.5 + (19.5 / 17.5) * (t - 2.5), 6);
    });
  });

  it('leaves fewer than three values in the trend, and refuses what it cannot filter', () => {
    expect(hpFilter([1, 5], 1600).trend).toEqual(Float64Array.of(1, 5));
    expect(() => hpFilter([1, Number.NaN, 2], 1600)).toThrow('entry 1 of values is NaN');
    expect(() => hpFilter([1, 2, 3], -1)).toThrow(
      'lambda is -1; give a number of at least 0: 1600 for quarters',
    );
    expect(() => hpFilter([1, 2, 3], Number.NaN)).toThrow('lambda is NaN');
  });
});
