/** The states of an economy as coordinates over a region: what solvers on grids, and learners that draw states at will, are told. */
import type { Blocks, EconomyState } from './economy.ts';

/** A coordinate that takes any value in a range. */
export interface ContinuousAxis {
  readonly kind: 'continuous';
  readonly name: string;
  /** Ends of a solver's grid. The optimum must lead from both into the grid. */
  readonly low: number;
  readonly high: number;
  /** Nodes of a grid that is as fine as the literature's, equally spaced from `low` to `high`. */
  readonly nodes: number;
  /** Range from which learners draw states, where it is not the grid's. */
  readonly wide?: readonly [low: number, high: number];
}

/** A coordinate with a few values, e.g. the index of a chain's state. */
export interface FiniteAxis {
  readonly kind: 'finite';
  readonly name: string;
  readonly values: readonly number[];
}

export type StateAxis = ContinuousAxis | FiniteAxis;

/**
 * One agent saves: from what there is, m, it leaves x' to the next period, which is the first coordinate then, for certain. Solvers may
 * choose among the nodes of that coordinate instead of among actions.
 */
export interface Saving<S extends EconomyState = EconomyState, T extends string = string> {
  /** m of a state; increasing in the first coordinate. */
  available(state: S): number;
  /**
   * Reward of leaving `next` out of `available`, as `Enumerable.rewards` measures it; -Infinity where no action does that. Concave in
   * `next`, and the more is available the less another unit left costs, so that more is left of more.
   */
  reward(available: number, next: number): number;
  /** Writes the quantities that leave `next` to the next period, or the nearest to it that actions reach. */
  quantities(state: S, next: number, actions: Blocks<T, Float64Array>): void;
}

/**
 * A region of states, the first coordinate the one that agents move. Invariant: `fromCoordinates` undoes `toCoordinates`. Coordinates are
 * raw, in the units of the state. Where they are those of the tensor twin, in its order, states drawn from the region can be given to
 * the twin.
 */
export interface Domain<S extends EconomyState = EconomyState, T extends string = string> {
  readonly axes: readonly StateAxis[];
  toCoordinates(state: S): readonly number[];
  fromCoordinates(coordinates: ArrayLike<number>): S;
  /** Left out where the next first coordinate does not follow from the action alone. */
  readonly saving?: Saving<S, T>;
}
