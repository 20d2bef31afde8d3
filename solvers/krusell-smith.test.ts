import { describe, expect, it } from 'vitest';
import { logspace } from '../numerics/grids.ts';
import { mean } from '../numerics/statistics.ts';
import { assessLawOfMotion } from './assessment.ts';
import { assetGrid } from './asset-grids.ts';
import {
  advanceLawOfMotion,
  finishLawOfMotion,
  type LawOfMotionOptions,
  solveLawOfMotion,
  startLawOfMotion,
} from './krusell-smith.ts';
import { readReference } from './reference/read.ts';
import {
  type AnnualReference,
  annualEconomy,
  type QuarterlyReference,
  quarterlyEconomy,
} from './test-fixtures.ts';

const small: LawOfMotionOptions = {
  assets: assetGrid({ low: 0, high: 100, n: 30 }),
  capital: logspace(2.8, 10, 4),
  periods: 300,
  discard: 50,
};

describe('annual Krusell-Smith economy on 80 asset nodes', () => {
  const economy = annualEconomy();
  const reference = readReference<AnnualReference>('krusell-smith-annual');
  const options = { assets: assetGrid({ low: 0, high: 100, n: 80 }), capital: logspace(2.8, 10, 8) };
  const found = solveLawOfMotion(economy, options);
  const report = assessLawOfMotion(economy, found, { lambda: 6.25 });

  it('has the law of motion that another program found', () => {
    expect(found.converged).toBe(true);
    expect(found.residual).toBeLessThan(1e-6);
    // Tolerances of the specification: another draw of z, and 10 capital nodes mixed linearly there.
    [0.003, 0.002, 0.002].forEach((tolerance, i) => {
      expect(Math.abs(found.law.coefficients[i] - reference.coef[i])).toBeLessThan(tolerance);
    });
    expect(found.fit.rSquared).toBeGreaterThan(0.9999);
    expect(Math.abs(found.fit.rSquared - reference.R2)).toBeLessThan(1e-5);
  });

  it('forecasts as well as the reference does on a draw that it was not fitted to, though R2 says little of it', () => {
    // The reference: .40 percent on average, 3.9 at most, over another 10,000 periods.
    expect(report.denHaan.mean).toBeGreaterThan(0.3);
    expect(report.denHaan.mean).toBeLessThan(0.5);
    expect(report.denHaan.max).toBeLessThan(5);
    expect(report.outside).toBe(0);
    expect(report.wealth.shareAtTop).toBeLessThan(1e-6);
  });

  it('has the means of 100,000 periods of a refined solution, within the sampling error of 10,000', () => {
    expect(Math.abs(report.meanCapital - 5.226)).toBeLessThan(0.1);
    expect(Math.abs(report.meanConsumption - 1.4008)).toBeLessThan(0.02);
    expect(Math.abs(report.meanNetReturn - 0.04621)).toBeLessThan(0.002);
  });

  it('reports capital as the mean of wealth, spending that falls with wealth, and smooth consumption', () => {
    // Both are means over the same periods; capital after the last one counts in one of them.
    expect(Math.abs(report.wealth.mean - report.meanCapital)).toBeLessThan(1e-3);
    // Without aggregate risk the Gini coefficient is .415.
    expect(Math.abs(report.wealth.gini - 0.415)).toBeLessThan(0.02);
    const propensities = report.propensities.groups.map(({ propensity }) => propensity);
    for (let g = 1; g < 5; g++) expect(propensities[g]).toBeLessThan(propensities[g - 1]);
    const [output, consumption, investment] = report.moments;
    expect(output.relative).toBe(1);
    expect(consumption.relative).toBeLessThan(0.7);
    expect(investment.relative).toBeGreaterThan(2);
    const last = report.lorenz.wealth.length - 1;
    expect([report.lorenz.wealth[0], report.lorenz.wealth[last]]).toEqual([0, 1]);
  });

  it('has small Euler errors, which on average cannot be told from none', () => {
    expect(report.eulerErrors.mean).toBeLessThan(1e-3);
    expect(report.denHaanMarcet.degreesOfFreedom).toBe(3);
    // The .1 percent point of chi-squared(3).
    expect(report.denHaanMarcet.statistic).toBeLessThan(16.27);
  });

  it('in every period spends output on consumption and investment, which becomes capital', () => {
    const { capital, investment } = report.path;
    for (let t = 0; t < 10_000; t += 97) {
      // One household in ten million stands on the last node, and loses what it saves beyond.
      expect(Math.abs(capital[t + 1] - 0.92 * capital[t] - investment[t])).toBeLessThan(1e-5);
    }
  });
});

describe('quarterly Krusell-Smith economy on 100 asset nodes', () => {
  const reference = readReference<QuarterlyReference>('krusell-smith-quarterly');
  const options = {
    assets: assetGrid({ low: 0, high: 1000, n: 100 }),
    capital: logspace(30, 50, 5),
    periods: 5_000,
    tolerance: 1e-5,
  };

  it.each([0, 0.15])('has a law within the spread of the published ones with a benefit of %d', (benefit) => {
    const found = solveLawOfMotion(quarterlyEconomy({ benefit }), options);
    expect(found.converged).toBe(true);
    expect(found.fit.rSquared).toBeGreaterThan(0.99999);
    const [badConstant, badSlope, goodConstant, goodSlope] = found.law.coefficients;
    const inSpread = (x: number, pick: (law: QuarterlyReference['laws_of_motion'][number]) => number) => {
      const published = reference.laws_of_motion.map(pick);
      expect(x).toBeGreaterThan(Math.min(...published));
      expect(x).toBeLessThan(Math.max(...published));
    };
    inSpread(goodConstant, ({ good }) => good[0]);
    inSpread(goodSlope, ({ good }) => good[1]);
    inSpread(badConstant, ({ bad }) => bad[0]);
    inSpread(badSlope, ({ bad }) => bad[1]);
    // Published means of simulated capital lie between 39.9 and 40.7 without benefits, which save less.
    expect(Math.abs(mean(found.path.capital.subarray(found.from)) - 39.8)).toBeLessThan(1);
  });
});

describe('outer iteration', () => {
  const economy = annualEconomy();

  it('goes on from a saved state as if it had not been cut off', () => {
    let state = startLawOfMotion(economy, small);
    for (let i = 0; i < 2; i++) state = advanceLawOfMotion(economy, small, state);
    const saved = structuredClone(state);
    const whole = solveLawOfMotion(economy, small);
    const resumed = solveLawOfMotion(economy, small, saved);
    expect(whole.iterations).toBeGreaterThan(3);
    expect(resumed.iterations).toBe(whole.iterations);
    expect(resumed.law).toEqual(whole.law);
    expect(resumed.consumption).toEqual(whole.consumption);
  });

  it('values instead of policies give nearly the same law', () => {
    const options = {
      ...small,
      assets: assetGrid({ low: 0, high: 100, n: 60 }),
      capital: logspace(2.8, 10, 6),
      tolerance: 1e-4,
    };
    const euler = solveLawOfMotion(economy, options);
    const values = solveLawOfMotion(economy, { ...options, method: 'values' });
    expect(values.converged).toBe(true);
    // Two discretisations: on 80 nodes capital differs by up to 1.2 percent (reference file, refined).
    expect(Math.abs(values.law.coefficients[1] - euler.law.coefficients[1])).toBeLessThan(0.015);
    expect(Math.abs(values.law.coefficients[2] - euler.law.coefficients[2])).toBeLessThan(0.015);
  });

  it('halves its steps when the law moves away, and still arrives', () => {
    const quarterly = quarterlyEconomy({ benefit: 0.15 });
    const options = {
      assets: assetGrid({ low: 0, high: 500, n: 60 }),
      capital: logspace(30, 50, 4),
      periods: 2_000,
      relaxation: 1,
    };
    let state = startLawOfMotion(quarterly, options);
    while (!state.converged && state.iteration < 60) state = advanceLawOfMotion(quarterly, options, state);
    expect(state.converged).toBe(true);
    expect(state.relaxation).toBeLessThan(0.6);
    expect(finishLawOfMotion(quarterly, options, state).residual).toBeLessThan(2e-6);
  });

  it('says when it was cut off, draws another path from another seed, and names bad options', () => {
    expect(solveLawOfMotion(economy, { ...small, maxIterations: 1 })).toMatchObject({
      converged: false,
      iterations: 1,
    });
    const other = solveLawOfMotion(economy, { ...small, seed: 9 });
    expect(other.path.states).not.toEqual(solveLawOfMotion(economy, small).path.states);
    expect(() => solveLawOfMotion(economy, { ...small, relaxation: 0 })).toThrow(/relaxation is 0/);
    expect(() => solveLawOfMotion(economy, { ...small, periods: 0 })).toThrow(/periods is 0/);
    expect(() => solveLawOfMotion({ ...economy, discountFactor: 1.1 }, small)).toThrow(
      /discount factor is 1.1/,
    );
  });
});
