/**
 * The market of a sample of households that bid shares: each consumes the share s_i of what it could spend at most at the price, g b_i + z y_i - p limit, and
 * buys bonds for the rest. What they buy together, as a function of the price, meets the supply at one price, in closed form:
 *
 *     'price':  q = sum (1 - s_i) x_i / (n B - limit sum s_i),  x_i = b_i + z y_i
 *     'rate':   1 + r = (n B - limit sum s_i - sum (1 - s_i) z y_i) / sum (1 - s_i) b_i
 *
 * The price is thus found from all bids at once, and no household sees it when it bids. Nothing here allocates.
 */
import { bondPrice, bondWorth } from './model.ts';
import type { HuggettModel } from './setup.ts';
import type { HuggettState } from './state.ts';

/** Who bids one holds the limit next. */
export const SHARE_BOUNDS = [1e-4, 1] as const;

/** z y_i of household i. */
export function incomeOf(
  { incomeLevels, productivityLevels }: HuggettModel,
  state: HuggettState,
  i: number,
): number {
  return productivityLevels.levels[state.productivity] * incomeLevels.levels[state.status[i]];
}

/** g b_i + z y_i at a price. */
export function cashOf(model: HuggettModel, state: HuggettState, price: number, i: number): number {
  return bondWorth(model.timing, price) * state.bonds[i] + incomeOf(model, state, i);
}

/** The share within its bounds. */
export function limited(share: number): number {
  return share < SHARE_BOUNDS[0] ? SHARE_BOUNDS[0] : share > SHARE_BOUNDS[1] ? SHARE_BOUNDS[1] : share;
}

/** Consumption of a share: s_i (g b_i + z y_i - p limit). Invariant: 0 < c <= that, so that next bonds are at least the limit. */
export function eaten(
  model: HuggettModel,
  state: HuggettState,
  price: number,
  share: number,
  i: number,
): number {
  const { borrowingLimit, timing } = model;
  return limited(share) * (cashOf(model, state, price, i) - bondPrice(timing, price) * borrowingLimit);
}

/** The price of the period: given, or what clears the market for the shares [n], cut to `priceBounds`. */
export function priceOf(model: HuggettModel, state: HuggettState, shares: Float64Array): number {
  if (model.market !== 'clearing') return state.price;
  const [low, high] = model.priceBounds;
  const price = clearingPrice(model, state, shares);
  // NaN where nobody saves and nobody is to hold anything.
  return price >= high ? high : price > low ? price : low;
}

/** Without bounds: may be infinite. */
export function clearingPrice(model: HuggettModel, state: HuggettState, shares: Float64Array): number {
  const { borrowingLimit: limit, bondSupply, timing } = model;
  const n = state.bonds.length;
  let spent = 0;
  let saved = 0;
  let savedBonds = 0;
  for (let i = 0; i < n; i++) {
    const s = limited(shares[i]);
    spent += s;
    saved += (1 - s) * incomeOf(model, state, i);
    savedBonds += (1 - s) * state.bonds[i];
  }
  const wanted = n * bondSupply - limit * spent;
  return timing === 'price' ? (saved + savedBonds) / wanted : (wanted - saved) / savedBonds - 1;
}

/** Everyone eats and buys: fills rewards [n] and replaces bonds. Returns the price. */
export function trade(
  model: HuggettModel,
  state: HuggettState,
  shares: Float64Array,
  rewards: Float64Array,
  utility: (riskAversion: number, floor: number, c: number) => number,
): number {
  const price = priceOf(model, state, shares);
  const p = bondPrice(model.timing, price);
  const { bonds } = state;
  for (let i = 0; i < bonds.length; i++) {
    const c = eaten(model, state, price, shares[i], i);
    rewards[i] = utility(model.riskAversion, model.consumptionFloor, c);
    bonds[i] = Math.max(model.borrowingLimit, (cashOf(model, state, price, i) - c) / p);
  }
  return price;
}
