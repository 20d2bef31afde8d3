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
  let bad = -1;
  for (let j = 0; j < size; j++) {
    const found = convertColumn(actions, quantities, size, j, space);
    if (found >= 0 && (bad < 0 || found < bad)) bad = found;
  }
  return bad;
}

/** One coordinate of all agents: its bounds are read once. Hot. */
function convertColumn(
  actions: Float64Array,
  quantities: Float64Array,
  size: number,
  j: number,
  space: Box,
): number {
  const low = space.low[j];
  const high = space.high[j];
  const quantityLow = space.quantityLow[j];
  const quantityHigh = space.quantityHigh[j];
  const isLog = space.scales[j] === 'log';
  const isSame = !isLog && low === quantityLow && high === quantityHigh;
  const logRange = isLog ? Math.log(quantityHigh / quantityLow) : 0;
  const lowest = low - ACTION_SLACK;
  const highest = high + ACTION_SLACK;
  for (let i = j; i < actions.length; i += size) {
    const x = actions[i];
    if (!(x >= lowest && x <= highest)) return i;
    if (x <= low) quantities[i] = quantityLow;
    else if (x >= high) quantities[i] = quantityHigh;
    else if (isSame) quantities[i] = x;
    else {
      const quantity = isLog
        ? quantityLow * Math.exp((logRange * (x - low)) / (high - low))
        : quantityLow + ((quantityHigh - quantityLow) * (x - low)) / (high - low);
      // Rounding may pass the end by a digit.
      quantities[i] = quantity > quantityHigh ? quantityHigh : quantity;
    }
  }
  return -1;
}

/** Actions that stand for the quantities, limited to the action space. */
export function fromQuantities(quantities: Float64Array, actions: Float64Array, space: Box): void {
  for (let i = 0; i < quantities.length; i++) {
    const j = i % space.size;
    const [low, high] = [space.quantityLow[j], space.quantityHigh[j]];
    const share =
      space.scales[j] === 'log'
        ? Math.log(Math.max(quantities[i], low) / low) / Math.log(high / low)
        : (quantities[i] - low) / (high - low);
    const action = space.low[j] + (space.high[j] - space.low[j]) * share;
    actions[i] = Math.min(space.high[j], Math.max(space.low[j], action));
  }
}
