/**
 * The household of Huggett (1993, J. Economic Dynamics and Control 17) with aggregate shocks, on plain numbers: no state, no randomness. With bonds b, own income y,
 * aggregate productivity z, and a price that clears the market for bonds,
 *
 *     'price':  c + q b' = b + z y            'rate':  c + b' = (1 + r) b + z y            b' >= limit.
 *
 * Both are c + p b' = g b + z y: (p, g) = (q, 1), or (1, 1 + r).
 */

export type Timing = 'price' | 'rate';

/** p: what a bond for the next period costs. */
export function bondPrice(timing: Timing, price: number): number {
  return timing === 'price' ? price : 1;
}

/** g: what a bond held is worth. */
export function bondWorth(timing: Timing, price: number): number {
  return timing === 'price' ? 1 : 1 + price;
}

/** The net return on bonds that a price means, per period. Invariant: `netReturn('price', 1 / (1 + r)) = r`. */
export function netReturn(timing: Timing, price: number): number {
  return timing === 'price' ? 1 / price - 1 : price;
}

/** The price that a net return means: undoes `netReturn`. */
export function priceOfReturn(timing: Timing, r: number): number {
  return timing === 'price' ? 1 / (1 + r) : r;
}

/** u(c) = (max(c, floor)^(1 - sigma) - 1) / (1 - sigma), log at sigma = 1. */
export function utility(riskAversion: number, floor: number, consumption: number): number {
  const c = consumption > floor ? consumption : floor;
  if (riskAversion === 1) return Math.log(c);
  if (riskAversion === 2) return 1 - 1 / c;
  return (c ** (1 - riskAversion) - 1) / (1 - riskAversion);
}

/**
 * Consumption if all later prices, incomes and z were as now is a share of wealth at market value: c = (R - (beta R)^(1/sigma)) wealth, R = 1 + r the gross return. Wealth is, in the 'price' timing,
 * that of the tutorial's notebook 5, W + 1 / r with W = b + z y - limit; in the 'rate' timing that of the paper's footnote, b + z y / r. The share is Infinity where r is not positive: what is earned for
 * ever is worth more than anything then. Source: Yang et al. (2025), section 3 and its tutorial.
 */
export function frozenPriceShare(options: {
  readonly timing: Timing;
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly price: number;
}): number {
  const { timing, discountFactor, riskAversion, price } = options;
  const r = netReturn(timing, price);
  return r > SMALLEST_RETURN ? 1 + r - (discountFactor * (1 + r)) ** (1 / riskAversion) : Infinity;
}

const SMALLEST_RETURN = 1e-9;
