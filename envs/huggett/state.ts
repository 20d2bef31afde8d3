import { z } from 'zod';
import { show, UsageError } from '../../core/errors.ts';
import type { Rng } from '../../numerics/random.ts';
import { priceOfReturn } from './model.ts';
import type { HuggettModel } from './setup.ts';

export type HuggettState = {
  /** b_i at the start of the period, [n]. */
  bonds: Float64Array;
  /** Index of y_i, [n]. */
  status: Uint8Array;
  /** The household that draws j-th, [n]: draws belong to households, not to places, so that places may be exchanged. */
  turn: Int32Array;
  /** Index of z. */
  productivity: number;
  /** The price that is given now; where the market clears, the last one. */
  price: number;
  /** Index of a given price; 0 where the market clears. */
  priceState: number;
};

/** What `reset({ options })` accepts: the index of productivity. */
export const resetOptions = z.strictObject({ productivity: z.int().min(0).optional() });

/** Mean distance of first bonds from the limit where prices are given, units of the good. */
const FIRST_WEALTH = 4;

/** Price at which patience alone would rest: 1 + r = 1 / beta. */
export function usualPrice(model: HuggettModel): number {
  return model.priceLevels === undefined
    ? priceOfReturn(model.timing, 1 / model.discountFactor - 1)
    : model.priceLevels.levels[model.priceLevels.n >> 1];
}

/** First states are drawn: bonds unequal, with mean `bondSupply` where the market clears. Throws a UsageError for a productivity that is no state. */
export function firstState(
  model: HuggettModel,
  rng: Rng,
  options: z.output<typeof resetOptions>,
): HuggettState {
  const { incomeLevels, productivityLevels, priceLevels, households: n } = model;
  const drawn = rng.categorical(productivityLevels.stationary);
  const productivity = options.productivity ?? drawn;
  if (productivity >= productivityLevels.n) {
    throw new UsageError(
      `huggett: reset got productivity ${show(productivity)}; this calibration has the states 0 to ${productivityLevels.n - 1}.`,
    );
  }
  const priceState = priceLevels === undefined ? 0 : rng.categorical(priceLevels.stationary);
  return {
    bonds: firstBonds(model, rng),
    status: Uint8Array.from({ length: n }, () => rng.categorical(incomeLevels.stationary)),
    turn: Int32Array.from({ length: n }, (_, i) => i),
    productivity,
    price: priceLevels === undefined ? usualPrice(model) : priceLevels.levels[priceState],
    priceState,
  };
}

/** Exponential distances from the limit. */
function firstBonds(
  { market, borrowingLimit, bondSupply, households: n }: HuggettModel,
  rng: Rng,
): Float64Array {
  const drawn = Float64Array.from({ length: n }, () => -Math.log(1 - rng.uniform()));
  const mean = drawn.reduce((sum, x) => sum + x, 0) / n;
  if (market !== 'clearing') return drawn.map((x) => borrowingLimit + FIRST_WEALTH * x);
  if (!(mean > 0)) return drawn.fill(bondSupply);
  return drawn.map((x) => borrowingLimit + ((bondSupply - borrowingLimit) * x) / mean);
}

/** The next z and a given price, one draw each for all, then every y_i, one draw each. */
export function drawShocks(model: HuggettModel, state: HuggettState, rng: Rng): void {
  const { productivityLevels, incomeLevels, priceLevels, productivitySums, incomeSums, priceSums } = model;
  const { status, turn } = state;
  state.productivity = lookUp(productivitySums, state.productivity * productivityLevels.n, rng.uniform());
  if (priceLevels !== undefined) {
    state.priceState = lookUp(priceSums, state.priceState * priceLevels.n, rng.uniform());
    state.price = priceLevels.levels[state.priceState];
  }
  const incomes = incomeLevels.n;
  for (let j = 0; j < turn.length; j++) {
    const i = turn[j];
    status[i] = lookUp(incomeSums, status[i] * incomes, rng.uniform());
  }
}

/** The first state whose sum, at `offset` on, exceeds a uniform draw; sums end with 1. */
function lookUp(sums: Float64Array, offset: number, uniform: number): number {
  let at = 0;
  while (uniform >= sums[offset + at]) at += 1;
  return at;
}
