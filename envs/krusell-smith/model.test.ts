import { describe, expect, it } from 'vitest';
import {
  benefitsPaid,
  benefitTax,
  factorPrices,
  HIGHEST_TAX,
  production,
  steadyStateCapital,
  utility,
} from './model.ts';
import { reference } from './reference/read.ts';

/** Identities of float64 arithmetic. */
const IDENTITY = 1e-13;
const annual = { capitalShare: 0.36, depreciation: 0.08 };

describe('factor prices', () => {
  it('are those of the reference rollout, from capital and productivity', () => {
    const { z, K, r, w } = reference.prices;
    z.forEach((productivity, t) => {
      const found = factorPrices(annual, { productivity, capital: K[t], labour: 1 });
      expect(found.r).toBeCloseTo(r[t], 12);
      expect(found.w).toBeCloseTo(w[t], 12);
    });
  });

  it('and the use of output are those of the reference path: C = Y + (1 - delta) K - K next', () => {
    const { zIndex, K, C, r, w } = reference.path;
    for (let t = 0; t + 1 < K.length; t++) {
      const productivity = reference.productivity.levels[zIndex[t]];
      const found = factorPrices(annual, { productivity, capital: K[t], labour: 1 });
      expect(found.r).toBeCloseTo(r[t], 9);
      expect(found.w).toBeCloseTo(w[t], 9);
      // K and C are printed to nine digits.
      expect(found.output + 0.92 * K[t] - K[t + 1]).toBeCloseTo(C[t], 7);
    }
  });

  it('exhaust output: (r + delta) K + w L = Y', () => {
    for (const [productivity, capital, labour] of [
      [1, 5, 1],
      [0.8, 1e-6, 0.3],
      [1.2, 300, 2],
    ]) {
      const { output, r, w } = factorPrices(annual, { productivity, capital, labour });
      expect(Math.abs((r + 0.08) * capital + w * labour - output)).toBeLessThan(IDENTITY * output);
    }
  });

  it('do not depend on scale, and output does: twice the capital and labour give twice the output', () => {
    const one = factorPrices(annual, { productivity: 1, capital: 5, labour: 1 });
    const two = factorPrices(annual, { productivity: 1, capital: 10, labour: 2 });
    expect(two.r).toBeCloseTo(one.r, 13);
    expect(two.w).toBeCloseTo(one.w, 13);
    expect(production(0.36, 1, 10, 2)).toBeCloseTo(2 * one.output, 12);
  });

  it('where nobody works: no output, no wage, and capital that only wears out', () => {
    const idle = factorPrices(annual, { productivity: 1, capital: 5, labour: 0 });
    expect(idle).toEqual({ output: 0, r: -0.08, w: 0 });
  });

  it('without risk bring capital to where beta (1 + r) = 1', () => {
    const capital = steadyStateCapital({ ...annual, discountFactor: 0.95, labour: 1.3 });
    const { r } = factorPrices(annual, { productivity: 1, capital, labour: 1.3 });
    expect(0.95 * (1 + r)).toBeCloseTo(1, 13);
  });
});

describe('unemployment insurance', () => {
  it('costs workers mu u / (l (1 - u)) of their wages, as in the comparison of 2010', () => {
    const [mu, u, l] = [0.15, 0.1, 1 / 0.9];
    const tax = benefitTax(mu * u, l * (1 - u));
    expect(tax).toBeCloseTo((mu * u) / (l * (1 - u)), 15);
    expect(benefitsPaid(mu * u, l * (1 - u))).toBe(1);
  });

  it('pays out what it takes in, even where almost nobody works', () => {
    for (const u of [0, 0.04, 0.5, 0.95, 1]) {
      const [claimed, earned] = [0.5 * u, 1 - u];
      const tax = benefitTax(claimed, earned);
      expect(tax).toBeLessThanOrEqual(HIGHEST_TAX);
      expect(benefitsPaid(claimed, earned) * claimed).toBeCloseTo(tax * earned, 15);
    }
  });
});

describe('utility', () => {
  it('by products and by powers are one function', () => {
    for (const sigma of [2, 3, 5, 10]) {
      for (const c of [0.01, 0.7, 1, 3]) {
        const general = (c ** (1 - sigma) - 1) / (1 - sigma);
        expect(Math.abs(utility(sigma, 1e-3, c) - general)).toBeLessThan(IDENTITY * Math.max(1, -general));
        expect(utility(sigma + 1e-9, 1e-3, c)).toBeCloseTo(general, 4 - Math.log10(Math.max(1, -general)));
      }
    }
  });

  it('is zero at one unit, log c as risk aversion goes to one, and finite at nothing', () => {
    for (const sigma of [0.5, 1, 2, 3.7]) expect(utility(sigma, 1e-3, 1)).toBeCloseTo(0, 15);
    expect(utility(1 + 1e-9, 1e-3, 2)).toBeCloseTo(Math.log(2), 7);
    expect(utility(3, 1e-3, 0)).toBe(utility(3, 1e-3, 1e-3));
  });
});
