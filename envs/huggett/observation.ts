import { type Box, box } from '../../core/spaces.ts';
import { netReturn } from './model.ts';
import type { HuggettModel } from './setup.ts';
import { type HuggettState, usualPrice } from './state.ts';

/** Returns move by about this much, per period. */
const RETURN_SCALE = 0.01;

/** What a household sees: itself (log distance of its bonds from the limit, income), then productivity and the price: given, or the last one. */
export function observationSpace({ productivityLevels, market }: HuggettModel): Box {
  return box({
    bonds: [0, Infinity],
    income: [-1, 1],
    ...(productivityLevels.n > 1 ? { productivity: [-1, 1] as const } : {}),
    ...(market === 'fixed' ? {} : { return: [-Infinity, Infinity] as const }),
  });
}

/** Fills observations, [n, features], in the order of `observationSpace`. */
export function observe(model: HuggettModel, state: HuggettState, observations: Float32Array): void {
  const { borrowingLimit, incomeLevels, productivityLevels, timing, market } = model;
  const deviation = (netReturn(timing, state.price) - netReturn(timing, usualPrice(model))) / RETURN_SCALE;
  let at = 0;
  for (let i = 0; i < state.bonds.length; i++) {
    observations[at++] = Math.log1p(Math.max(0, state.bonds[i] - borrowingLimit));
    observations[at++] = (2 * state.status[i]) / (incomeLevels.n - 1) - 1;
    if (productivityLevels.n > 1) {
      observations[at++] = (2 * state.productivity) / (productivityLevels.n - 1) - 1;
    }
    if (market !== 'fixed') observations[at++] = deviation;
  }
}
