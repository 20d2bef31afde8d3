/** What policies make of the price of the period before, where tables depend on it. */
import { bracket } from '../../numerics/interpolation.ts';
import { mean, standardDeviation } from '../../numerics/statistics.ts';
import { consumptionAt } from './comparison.ts';
import type { ContinuumPath } from './continuum.ts';
import { policyOfShares } from './priced-policy.ts';
import type { StructuralSetup } from './structural-core.ts';

/**
 * By how many percent consumption differs, on average over the cross-section, between two pasts whose last prices are one standard deviation apart, today's price and z the same: their means.
 * Undefined where tables do not know the past.
 */
export function lagEffect(
  setup: StructuralSetup,
  shares: Float64Array,
  { prices, population }: ContinuumPath,
): number | undefined {
  const { lagged, productivity } = setup;
  if (lagged.length === 0) return undefined;
  const price = mean(prices);
  const z = productivity.length >> 1;
  const lag = bracket(lagged, price);
  const [low, high] = [lag, lag + 1].map((at) => consumptionAt(policyOfShares(setup, shares, at), z, price));
  const scale = standardDeviation(prices) / (lagged[lag + 1] - lagged[lag]);
  let total = 0;
  for (let j = 0; j < low.length; j++) total += population[j] * Math.abs(high[j] / low[j] - 1);
  return 100 * scale * total;
}
