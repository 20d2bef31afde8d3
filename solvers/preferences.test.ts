import { describe, expect, it } from 'vitest';
import { consumptionAt, marginalUtility, utility } from './preferences.ts';

/** Central differences of step 1e-5: error of order 1e-10, rounding of order 1e-11. */
const DIFFERENCE = 1e-8;

describe('preferences', () => {
  it.each([0.5, 1, 1.7, 2, 3, 5])(
    'marginal utility is the slope of utility, and is undone, at sigma %d',
    (sigma) => {
      for (const c of [0.3, 1, 2.5]) {
        const slope = (utility(c + 1e-5, sigma) - utility(c - 1e-5, sigma)) / 2e-5;
        expect(Math.abs(slope / marginalUtility(c, sigma) - 1)).toBeLessThan(DIFFERENCE);
        expect(consumptionAt(marginalUtility(c, sigma), sigma)).toBeCloseTo(c, 12);
      }
      expect(utility(1, sigma)).toBeCloseTo(0, 15);
    },
  );
});
