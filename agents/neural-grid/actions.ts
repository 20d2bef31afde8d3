/** Actions between what the actor says, shares of their range, and what the economy takes; and which of them are possible. */
import type { Domain } from '../../core/domain.ts';
import type { Box } from '../../core/spaces.ts';

/** Shares in [0, 1] of the range of each action's quantity, [n, A], to quantities. */
export function toQuantities(shares: ArrayLike<number>, space: Box, quantities: Float32Array): void {
  const { size, quantityLow: low, quantityHigh: high } = space;
  for (let i = 0; i < quantities.length; i++) {
    const j = i % size;
    quantities[i] = low[j] + (high[j] - low[j]) * shares[i];
  }
}

/** One quantity of every action to shares of its range, limited to [0, 1]. */
export function toShares(quantities: ArrayLike<number>, space: Box, shares: Float32Array): void {
  const { size, quantityLow: low, quantityHigh: high } = space;
  for (let i = 0; i < shares.length; i++) {
    const j = i % size;
    shares[i] = Math.min(1, Math.max(0, (quantities[i] - low[j]) / (high[j] - low[j])));
  }
}

/** What to do in a state, as shares of the actions' ranges; writes [A]. */
export type Rule = (raw: ArrayLike<number>, shares: Float32Array) => void;

/**
 * Leaves a share of what is available to the next period; in economies where nobody saves, the point at `otherwise` of every range.
 * With shares 0.95 and 0.05 these are the ends of the actions that are not penalised, and with 0.5 the middle from which learning starts.
 */
export function savingRule(options: {
  readonly domain: Domain;
  readonly space: Box;
  readonly type: string;
  readonly saved: number;
  readonly otherwise: number;
}): Rule {
  const { domain, space, type, saved, otherwise } = options;
  const { saving } = domain;
  if (saving === undefined) return (_raw, shares) => void shares.fill(otherwise);
  const actions = { [type]: new Float64Array(space.size) };
  return (raw, shares) => {
    const state = domain.fromCoordinates(raw);
    saving.quantities(state, saved * saving.available(state), actions);
    toShares(actions[type], space, shares);
  };
}
