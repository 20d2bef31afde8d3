import type { Enumerable } from '../../core/capabilities.ts';
import type { Blocks, EconomyState } from '../../core/economy.ts';
import { UsageError } from '../../core/errors.ts';
import type { Economy } from '../../core/registry.ts';
import type { Box } from '../../core/spaces.ts';

/** The one agent of an economy whose successors are known. */
export interface Player {
  readonly economy: Economy;
  readonly type: string;
  readonly enumerable: Enumerable;
  readonly actionSpace: Box;
  readonly discountFactor: number;
  /** Whether the economy ends in a state, from which nothing follows; left out by economies that go on for ever. */
  readonly ends?: ((state: EconomyState) => boolean) | undefined;
  /** Room for quantities, by type. */
  block(): Blocks<string, Float64Array>;
}

/**
 * The player of a decision problem. Throws a UsageError for an economy that does not list its successors, and for one of several agents, where what is
 * best depends on what the others do.
 */
export function playerOf(economy: Economy): Player {
  const types = Object.entries(economy.types);
  const agents = types.reduce((sum, [, { count }]) => sum + count, 0);
  if (agents !== 1) {
    throw new UsageError(
      `grid: ${economy.id} has ${agents} agents; value iteration is for one, since among several what is best depends on what the ` +
        'others do. Train a learner instead, e.g. sac.',
    );
  }
  const enumerable = economy.enumerable();
  if (enumerable === undefined) {
    throw new UsageError(
      `grid: ${economy.id} does not list its successors; give its definition \`enumerable\` (rewards and successors with their ` +
        'probabilities), or train a learner from experience, e.g. sac.',
    );
  }
  const [type, { actionSpace }] = types[0];
  const { definition, model } = economy;
  return {
    economy,
    type,
    enumerable,
    actionSpace,
    discountFactor: economy.discountFactors[type],
    ends: definition.terminated && ((state) => definition.terminated?.({ model, state }) ?? false),
    block: () => ({ [type]: new Float64Array(actionSpace.size) }),
  };
}
