import { describe, expect, it } from 'vitest';
import { lorenzCurve, marginalPropensities, wealthDistribution, wealthMeasures } from './wealth.ts';

/** Half own nothing, a quarter 1, a quarter 3; own states hold equal shares. */
const section = {
  assets: Float64Array.of(0, 1, 3),
  distribution: Float64Array.of(0.25, 0.125, 0.125, 0.25, 0.125, 0.125),
};

describe('wealth', () => {
  it('the Lorenz curve and the Gini coefficient of half with nothing, a quarter with 1 and a quarter with 3', () => {
    const { households, wealth } = lorenzCurve(section);
    expect([...households]).toEqual([0, 0.5, 0.75, 1]);
    expect([...wealth]).toEqual([0, 0, 0.25, 1]);
    const { mean, gini, shareAtLimit, shareAtTop, standardDeviation } = wealthMeasures(section);
    expect(mean).toBe(1);
    expect([shareAtLimit, shareAtTop]).toEqual([0.5, 0.25]);
    expect(standardDeviation).toBeCloseTo(Math.sqrt(1.5), 14);
    // One less twice the area below: 1 - 2 (.25 .125 + .25 .625).
    expect(gini).toBeCloseTo(0.625, 14);
  });

  it('the richest tenth hold what lies beyond nine tenths of the curve, and the median is at the node that reaches it', () => {
    const { top, quantiles } = wealthMeasures(section, { shares: [0.5, 0.625, 1], top: [0.1, 0.25, 0.5] });
    expect(top.map(({ wealth }) => wealth)).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.75, 12), 1]);
    expect(quantiles.map(({ assets }) => assets)).toEqual([0, 0.5, 3]);
  });

  it('spends a windfall along the consumption function, and groups average to the mean', () => {
    // c = 1 + .8 a up to 1, .1 more per unit beyond; state 1 spends half of everything.
    const consumption = Float64Array.of(1, 1.8, 2, 1, 1.5, 2.5);
    const spent = marginalPropensities(section, consumption, { windfall: 0.5, grossReturn: 1.25, groups: 4 });
    const expected = [(0.8 * 0.4) / 0.5, (0.1 * 0.4) / 0.5, (0.1 * 0.4) / 0.5, 0.4, 0.4, 0.4];
    expected.forEach((mpc, i) => {
      expect(spent.propensity[i]).toBeCloseTo(mpc, 14);
    });
    const groups = spent.groups.map(({ propensity }) => propensity);
    expect(groups.reduce((x, y) => x + y) / 4).toBeCloseTo(spent.mean, 14);
    expect(groups[0]).toBeCloseTo((0.64 + 0.4) / 2, 14);
    expect(groups[3]).toBeCloseTo((0.08 + 0.4) / 2, 14);
    expect(spent.groups.map(({ meanAssets }) => meanAssets)).toEqual([0, 0, 1, 3]);
    // A windfall that leads beyond the next node bends on the way.
    const large = marginalPropensities(section, consumption, { windfall: 2.5, grossReturn: 1.25 });
    expect(large.propensity[0]).toBeCloseTo((1.8 + 0.1 * 1 - 1) / 2.5, 14);
  });

  it('refuses negative households, wealth that is not positive, and a windfall of nothing', () => {
    const { assets } = section;
    expect(() => wealthDistribution({ assets, distribution: Float64Array.of(-1, 1, 1) })).toThrow(
      /cell 0 holds -1/,
    );
    expect(() => wealthDistribution({ assets, distribution: new Float64Array(4) })).toThrow(/4 entries/);
    expect(() => lorenzCurve({ assets, distribution: Float64Array.of(1, 0, 0) })).toThrow(/mean wealth is 0/);
    const none = { windfall: 0, grossReturn: 1 };
    expect(() => marginalPropensities(section, new Float64Array(6), none)).toThrow(/windfall is 0/);
  });
});
