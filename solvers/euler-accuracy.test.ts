import { describe, expect, it } from 'vitest';
import { logspace } from '../numerics/grids.ts';
import { createRng } from '../numerics/random.ts';
import { assetGrid } from './asset-grids.ts';
import { capitalProblem, chainsOf } from './capital-tables.ts';
import { chiSquaredTail, denHaanMarcet, eulerAccuracy } from './euler-accuracy.ts';
import type { CapitalEconomy } from './household.ts';
import { aggregatePath, type LawOfMotionSolution, solveLawOfMotion } from './krusell-smith.ts';
import { type LawForm, standingStill } from './law-of-motion.ts';
import { annualEconomy } from './test-fixtures.ts';

describe('chi-squared', () => {
  it('has the tails of printed tables', () => {
    // Abramowitz and Stegun, table 26.8: upper 5 and 1 percent points.
    const points = [
      [1, 3.84146, 6.6349],
      [2, 5.99146, 9.21034],
      [3, 7.81473, 11.3449],
      [4, 9.48773, 13.2767],
      [7, 14.0671, 18.4753],
    ];
    for (const [degrees, five, one] of points) {
      expect(chiSquaredTail(five, degrees)).toBeCloseTo(0.05, 5);
      expect(chiSquaredTail(one, degrees)).toBeCloseTo(0.01, 5);
      expect(chiSquaredTail(0, degrees)).toBe(1);
    }
  });
});

describe('statistic of Den Haan and Marcet', () => {
  const rng = createRng(2);
  const instruments = Array.from({ length: 5000 }, () => [1, rng.normal()]);
  const noise = instruments.map(() => rng.normal());

  it('does not reject residuals that nothing forecasts, and rejects those that an instrument does', () => {
    const { pValue, degreesOfFreedom, periods } = denHaanMarcet(noise, instruments);
    expect([degreesOfFreedom, periods]).toEqual([2, 5000]);
    expect(pValue).toBeGreaterThan(0.01);
    const forecast = noise.map((u, t) => u + 0.1 * instruments[t][1]);
    // A slope of .1 with a standard error of .014.
    expect(denHaanMarcet(forecast, instruments).pValue).toBeLessThan(1e-6);
  });

  it('with one instrument is the squared t ratio', () => {
    const { statistic } = denHaanMarcet([1, 2, 4], [[1], [1], [1]]);
    expect(statistic).toBeCloseTo((3 * (7 / 3) ** 2) / (21 / 3), 12);
  });

  it('does not change when instruments are combined', () => {
    const combined = instruments.map(([a, b]) => [a + b, 2 * b]);
    expect(denHaanMarcet(noise, combined).statistic).toBeCloseTo(
      denHaanMarcet(noise, instruments).statistic,
      8,
    );
  });
});

describe('Euler errors along a path', () => {
  const economy = annualEconomy();
  const solve = (n: number, form: LawForm) => {
    const options = { assets: assetGrid({ low: 0, high: 60, n }), capital: logspace(2.8, 10, 6), form };
    return solveLawOfMotion(economy, { ...options, periods: 1000, discard: 200, tolerance: 1e-4 });
  };
  const accuracy = ({ policy, chains, path }: LawOfMotionSolution, spoil = 0) => {
    const spoilt = { ...policy, savings: policy.savings.map((s) => s * (1 - spoil)) };
    const states = aggregatePath(economy, chains, { periods: 600, seed: 3 });
    const start = path.distribution;
    return eulerAccuracy(economy, spoilt, chains, { states, start, discard: 100, every: 20 });
  };
  const solution = solve(70, 'quadratic');
  const fine = accuracy(solution);

  it('fall as nodes are added, and with a law that has more terms', () => {
    const coarse = accuracy(solve(20, 'quadratic'));
    expect(fine.errors.periods).toBe(25);
    expect(fine.errors.mean).toBeLessThan(coarse.errors.mean / 2);
    expect(fine.errors.max).toBeGreaterThan(fine.errors.mean);
    expect(fine.errors.meanLog10).toBeCloseTo(Math.log10(fine.errors.mean), 12);
    expect(accuracy(solve(70, 'log-linear')).errors.mean).toBeGreaterThan(1.2 * fine.errors.mean);
  });

  it('rise when households save a percent too little, and then are forecast', () => {
    const spoilt = accuracy(solution, 0.01);
    expect(spoilt.errors.mean).toBeGreaterThan(5 * fine.errors.mean);
    expect(spoilt.denHaanMarcet.pValue).toBeLessThan(1e-6);
    expect(fine.denHaanMarcet.pValue).toBeGreaterThan(1e-3);
  });

  it('average the cross-sections of the periods that count', () => {
    expect(fine.distribution.reduce((x, y) => x + y)).toBeCloseTo(1, 12);
  });

  it('are those of a rule that is known: out of wealth alone, log utility and a share s saved, every error is s / beta - 1', () => {
    const share = 0.94;
    const returns = [1, 1.01, 1.04];
    const simple: CapitalEconomy = {
      discountFactor: 0.96,
      riskAversion: 1,
      borrowingLimit: 0,
      ownStates: 1,
      productivity: Float64Array.of(0.9, 1, 1.2),
      transition: Float64Array.of(0.5, 0.3, 0.2, 0.2, 0.6, 0.2, 0.1, 0.5, 0.4),
      grossReturn: (_, z) => returns[z],
      income: () => 0,
      output: () => 1,
    };
    const chains = chainsOf(simple);
    const grids = { assets: assetGrid({ low: 0, high: 60, n: 200 }), capital: logspace(5, 60, 3) };
    const law = standingStill('log-linear', 3);
    const problem = capitalProblem(simple, chains, { ...grids, interpolation: 'linear' }, law);
    const savings = Float64Array.from(
      { length: 9 * 200 },
      (_, i) => share * returns[Math.floor(i / 600)] * grids.assets[i % 200],
    );
    const policy = { problem, savings, logCapital: grids.capital.map(Math.log) };
    const states = Int32Array.from({ length: 21 }, (_, t) => (t * t + Math.floor(t / 3)) % 3);
    // Rich enough that nobody comes near the limit in twenty periods.
    const start = new Float64Array(200);
    start[190] = 1;
    const found = eulerAccuracy(simple, policy, chains, { states, start, discard: 0, every: 1 });
    expect(found.errors.mean).toBeCloseTo(1 - share / 0.96, 10);
    expect(found.errors.max).toBeCloseTo(1 - share / 0.96, 10);
    // A residual that is constant is wholly forecast by the constant: T.
    expect(found.denHaanMarcet.statistic).toBeCloseTo(20, 8);
  });

  it('refuse a path that is passed over', () => {
    const options = { assets: assetGrid({ low: 0, high: 60, n: 10 }), capital: logspace(2.8, 10, 2) };
    const { policy, chains, path } = solveLawOfMotion(economy, {
      ...options,
      maxIterations: 1,
      periods: 200,
    });
    const start = path.distribution;
    const states = new Int32Array(21);
    expect(() => eulerAccuracy(economy, policy, chains, { states, start, discard: 15 })).toThrow(
      /passed over is 15/,
    );
  });
});
