/**
 * The stochastic growth model with state (k, [d,] z): capital, rate of depreciation, index of productivity.
 *
 *     y = z k^alpha            m = y + (1 - d) k            k' = m - c            u = log c
 *
 * Source: Aruoba and Fernández-Villaverde (2015), section 2, where d = 1. Capital k is installed at the start of the
 * period, and the d of the period depreciates it. Everything here is in units of the good.
 */

/** Productivity is an index into the chain's levels; `depreciation` is there where it is a coordinate of the state. */
export type GrowthState = { capital: number; depreciation?: number; productivity: number };

/** How depreciation moves. */
export type Depreciation =
  | { readonly kind: 'fixed'; readonly mean: number; readonly low: number; readonly high: number }
  /** Drawn once, uniform on [low, high], and kept for ever: d' = d. */
  | { readonly kind: 'static'; readonly mean: number; readonly low: number; readonly high: number }
  /** A chain on `levels`, independent of productivity. */
  | {
      readonly kind: 'markov';
      readonly mean: number;
      readonly low: number;
      readonly high: number;
      readonly levels: Float64Array;
      /** Row-major, [3 * 3]. */
      readonly transition: Float64Array;
      readonly stationary: Float64Array;
    };

/** One coordinate of the state: its reachable range, and how it is observed: (value - centre) / scale. */
export interface Coordinate {
  readonly name: 'capital' | 'depreciation' | 'productivity';
  readonly low: number;
  readonly high: number;
  readonly centre: number;
  readonly scale: number;
}

/** What the equations need, computed once from the calibration by `growthModel`. */
export interface GrowthModel {
  readonly capitalShare: number;
  readonly discountFactor: number;
  /** 1, or 1 - beta where rewards are scaled. */
  readonly rewardScale: number;
  readonly horizon: number;
  readonly action: 'share' | 'level';
  /** Consumption lies between these shares of resources, whatever is asked for. */
  readonly lowestShare: number;
  readonly highestShare: number;
  readonly reset: 'default' | 'wide';
  /** Levels of productivity, [Z]. */
  readonly productivity: Float64Array;
  /** P(z, z'), row-major, [Z * Z]; the published third row sums to 1.0001. */
  readonly transition: Float64Array;
  /** Whether rows of P sum to one, or are kept as published. */
  readonly transitionRows: 'stochastic' | 'as-given';
  /** Weights from which the first productivity is drawn, [Z]. */
  readonly firstProductivity: Float64Array;
  readonly depreciation: Depreciation;
  /** In the order of observations: capital, [depreciation,] productivity. */
  readonly coordinates: readonly Coordinate[];
}

/** The rate d that depreciates the state's own capital: its coordinate, or the calibration's. Zero is a rate like any other. */
export function depreciationRate(model: GrowthModel, state: GrowthState): number {
  return state.depreciation ?? model.depreciation.mean;
}

/** Place of a rate in a chain's levels, the nearest one, so that rounding does no harm. */
export function nearestLevel(levels: Float64Array, rate: number): number {
  let best = 0;
  for (let i = 1; i < levels.length; i++) {
    if (Math.abs(levels[i] - rate) < Math.abs(levels[best] - rate)) best = i;
  }
  return best;
}

/** y = z k^alpha. */
export function output(model: GrowthModel, state: GrowthState): number {
  return model.productivity[state.productivity] * state.capital ** model.capitalShare;
}

/** m = z k^alpha + (1 - d) k: all that can be eaten or kept. Increasing in k. */
export function resources(model: GrowthModel, state: GrowthState): number {
  return output(model, state) + (1 - depreciationRate(model, state)) * state.capital;
}

/** R = alpha z k^(alpha - 1) + 1 - d: what one more unit of the state's capital adds to its resources. */
export function grossReturn(model: GrowthModel, state: GrowthState): number {
  const marginal = (model.capitalShare * output(model, state)) / state.capital;
  return marginal + 1 - depreciationRate(model, state);
}

/**
 * Consumption out of `available` resources for what the household asks, a share or a level: c = min(max(c, low m), high m), with
 * (low, high) = (0.01, 0.99) for shares and (0.0001, 0.9999) for levels. Upstream cuts at m alone; then c = 0, or no
 * capital next period, makes the utility infinite. Invariant: c > 0 and m - c > 0 for m > 0.
 */
export function consumption(model: GrowthModel, available: number, quantity: number): number {
  const asked = model.action === 'share' ? quantity * available : quantity;
  return Math.min(Math.max(asked, model.lowestShare * available), model.highestShare * available);
}

/** The quantity that stands for eating a share of `available` resources: the share itself, or the level. */
export function quantityOf(model: GrowthModel, available: number, share: number): number {
  return model.action === 'share' ? share : share * available;
}

/**
 * k = (alpha z / (1/beta - 1 + d))^(1/(1 - alpha)), the steady state at z = 1 and constant d, from beta R = 1
 * (Aruoba and Fernández-Villaverde 2015, section 2, for d = 1). Units of the good.
 */
export function steadyStateCapital(options: {
  readonly capitalShare: number;
  readonly discountFactor: number;
  readonly depreciation: number;
}): number {
  const { capitalShare: alpha, discountFactor: beta, depreciation: d } = options;
  return (alpha / (1 / beta - 1 + d)) ** (1 / (1 - alpha));
}

/** Steady-state capital for the depreciation of a state if it lasts (fixed, static), for the chain's mean if it moves. */
export function referenceCapital(model: GrowthModel, depreciation: number): number {
  const d = model.depreciation.kind === 'markov' ? model.depreciation.mean : depreciation;
  return steadyStateCapital({ ...model, depreciation: d });
}
