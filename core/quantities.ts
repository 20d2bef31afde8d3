/** Between actions, in an action space's own coordinates, and the economic quantities that they stand for. */
import type { Box } from './spaces.ts';

/** An action may exceed its bound by this much, as rounding does, and is then clipped; beyond it is an error. */
export const ACTION_SLACK = 1e-6;

/** Converts actions to quantities, clipping within the slack; returns the index of the first bad action, or -1. */
export function toQuantities(
  actions: Float64Array,
  quantities: Float64Array,
  size: number,
  space: Box,
): number {
  const low = space.low;
  const high = space.high;
  const quantityLow = space.quantityLow;
  const quantityHigh = space.quantityHigh;
  for (let i = 0; i < actions.length; i++) {
    const j = i % size;
    const x = actions[i];
    if (!(x >= low[j] - ACTION_SLACK && x <= high[j] + ACTION_SLACK)) return i;
    if (x <= low[j]) quantities[i] = quantityLow[j];
    else if (x >= high[j]) quantities[i] = quantityHigh[j];
    else if (low[j] === quantityLow[j] && high[j] === quantityHigh[j]) quantities[i] = x;
    else {
      const quantity =
        quantityLow[j] + ((quantityHigh[j] - quantityLow[j]) * (x - low[j])) / (high[j] - low[j]);
      // Rounding may pass the end by a digit.
      quantities[i] = Math.min(quantityHigh[j], quantity);
    }
  }
  return -1;
}

/** Actions that stand for the quantities, limited to the action space. */
export function fromQuantities(quantities: Float64Array, actions: Float64Array, space: Box): void {
  for (let i = 0; i < quantities.length; i++) {
    const j = i % space.size;
    const share = (quantities[i] - space.quantityLow[j]) / (space.quantityHigh[j] - space.quantityLow[j]);
    const action = space.low[j] + (space.high[j] - space.low[j]) * share;
    actions[i] = Math.min(space.high[j], Math.max(space.low[j], action));
  }
}
