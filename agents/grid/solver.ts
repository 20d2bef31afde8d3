import type { Saved } from '../../core/agent.ts';
import type { Domain } from '../../core/domain.ts';
import type { Blocks, EconomyState } from '../../core/economy.ts';
import type { GridAxis } from '../../solvers/grid-axes.ts';

/** A solution in the making, whichever way it is made. */
export interface GridSolver {
  /** In words, e.g. `17,820 nodes of capital, 5 exogenous states`. */
  readonly description: string;
  readonly axes: readonly GridAxis[];
  readonly domain: Pick<Domain, 'axes' | 'fromCoordinates'>;
  /** One iteration. `change` is the largest of the value times 1 - beta; `solved`: it says how far the final value is from the truth. */
  iterate(): { readonly change: number; readonly solved: boolean };
  /** Writes the quantities chosen at a state. */
  act(state: EconomyState, actions: Blocks<string, Float64Array>): void;
  /** Value of a state, in discounted sums of rewards. */
  value(state: EconomyState): number;
  /** The number that the benchmark's programs print; undefined where the agent does not choose its next state. */
  check?(): {
    readonly capitalIndex: number;
    readonly productivityIndex: number;
    readonly nextCapital: number;
  };
  save(): Saved;
  /** Throws a RestoreError for arrays of another grid. */
  load(saved: Saved): void;
}
