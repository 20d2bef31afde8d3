/** Shocks that economies have in common. */
import type { EconomyState, Shock } from './economy.ts';
import { show, UsageError } from './errors.ts';

/**
 * The shock that moves the level of a chain, by whole levels and no further than its ends: state[name] = clamp(state[name] + size, 0, last).
 * A size that is not whole is a UsageError. Invariant: what `applied` says is what the level has moved.
 */
export function levelShock<Name extends string>(
  name: Name,
  /** Index of the highest level. */
  last: number,
  label: string = name,
): Shock<EconomyState & Record<Name, number>> {
  return {
    label,
    unit: 'levels of its chain',
    size: 1,
    apply(state, size) {
      if (!Number.isInteger(size)) {
        throw new UsageError(
          `${name} moves by whole levels of its chain, not by ${show(size)}; give e.g. 1, -1 or 2.`,
        );
      }
      const levels: Record<Name, number> = state;
      levels[name] = Math.max(0, Math.min(last, levels[name] + size));
    },
    applied: (before, after) => after[name] - before[name],
  };
}
