/**
 * What the structural agent asks of an economy of heterogeneous agents with aggregate risk (Yang, Wang, Schaab and Moll 2025, arXiv 2512.18892):
 * agents know their own budgets and take prices, whose law they do not know, as given. Policies are tables over individual states and
 * over what is observed of the aggregate; a period's prices follow from the tables and the cross-section; and each agent's flow utility and next assets
 * follow, with their derivatives, from its own actions at those prices.
 *
 * An individual state is a node of the asset grid [A] and one of E own states: cell e A + a, J = E A cells, asset fastest. Cross-sections are [J].
 * A table over individual states is [K, J], K its aggregate nodes; one of the aggregate alone is [K].
 */
import type { AgentReport } from './agent.ts';
import type { Blocks, EconomyState } from './economy.ts';

export const STRUCTURAL_SIZES = ['quick', 'notebook', 'paper'] as const;

export const STRUCTURAL_STARTS = ['closed-form', 'clipped', 'constant'] as const;
export type StructuralStart = (typeof STRUCTURAL_STARTS)[number];

/** How fine a structural economy is to be. What is null, or left out, is the economy's own number for the size. */
export interface StructuralRequest {
  readonly size: (typeof STRUCTURAL_SIZES)[number];
  readonly assetNodes?: number | null;
  /** Nodes of every price that policies depend on. */
  readonly priceNodes?: number | null;
  /** States of every aggregate shock. */
  readonly shockNodes?: number | null;
  /** Ends of the grid of the price that clears the market. */
  readonly priceRange?: readonly [low: number, high: number] | null;
  /** Lagged prices that policies depend on; default 0. */
  readonly lags?: number | null;
}

/** One policy as a table. Treat as read only. */
export interface StructuralTable {
  /** e.g. `consumptionShare`. */
  readonly name: string;
  /** `individual`: [K, J], an action of every individual state; `aggregate`: [K], chosen by one for all (a price setter). */
  readonly over: 'individual' | 'aggregate';
  /** K. */
  readonly nodes: number;
  /** Bounds of every entry. */
  readonly low: number;
  readonly high: number;
  /**
   * Consecutive nodes at which everything but the market's price is the same, 1 for none. Given the rest such a price hardly moves, so that they are
   * learned together: the scaled step ties them, and Adam may learn the first and the steps between them.
   */
  readonly tied: number;
  /** Consecutive nodes that the scaled step learns together, groups of tied ones: what else hardly moves given the rest (a lagged price). Default `tied`. */
  readonly pooled?: number;
  /** A relative error of one in marginal utility asks for a relative change of the entry of one over this: sigma, for a consumption share. */
  readonly curvature: number;
}

/** An aggregate shock: a chain of its own. */
export interface StructuralShock {
  readonly name: string;
  readonly states: number;
  /** P, [states * states], rows summing to one. */
  readonly transition: Float64Array;
  /** Long-run probabilities, [states]. */
  readonly stationary: Float64Array;
}

/**
 * What one period of one path is like, as `settle` leaves it: frozen when policies are differentiated. Where each table is read: W entries each,
 * table by table, unused ones of weight 0.
 */
export interface StructuralPeriod {
  /** [tables * W]. */
  readonly nodes: Int32Array;
  /** [tables * W], summing to one by table. */
  readonly weights: Float64Array;
  /** Prices, aggregates, and whatever `respond` needs, [G] as `aggregates` names them. */
  readonly aggregates: Float64Array;
}

/** What individual states do at the prices of a period. Actions a: the individual tables in order. */
export interface StructuralResponse {
  /** a', [J]. */
  readonly next: Float64Array;
  /** Flow utility, times 1 - beta, [J]. */
  readonly flow: Float64Array;
  /** d flow / d action, [actions * J]. */
  readonly flowSlope: Float64Array;
  /** d a' / d action, [actions * J]. */
  readonly nextSlope: Float64Array;
  /** What an Euler error of one is worth: positive, for a consumption share d flow / d action itself, [actions * J]. */
  readonly unit: Float64Array;
  /**
   * 1 where the first action is held at the borrowing limit: the slopes are then those of less of it, and an agent may learn to leave the limit by them; 0
   * elsewhere. Where an action is held at another bound its slopes are 0.
   */
  readonly bound: Uint8Array;
}

/** A simulated path, for tables that are learned from whole paths. */
export interface StructuralPath {
  /** T. */
  readonly periods: number;
  /** By period, as in `StructuralPeriod`: [T, tables * W], [T, tables * W], [T, G]. */
  readonly nodes: Int32Array;
  readonly weights: Float64Array;
  readonly aggregates: Float64Array;
}

/** How a structural economy is made again elsewhere: a module, the name of its function, and that function's argument, as plain data. */
export interface StructuralSource {
  /** `import.meta.url` of the module. */
  readonly module: string;
  readonly name: string;
  readonly argument: unknown;
}

/** What a learned solution is to be measured and shown on. */
export interface StructuralSolution {
  readonly tables: readonly Float64Array[];
  /** The cross-section at the end of training, mean over paths, [J]. */
  readonly population: Float64Array;
}

/** One economy at one size. Its methods write into the arrays they are given; scratch makes an object serve one thread at a time. */
export interface Structural<S extends EconomyState = EconomyState, T extends string = string> {
  readonly source: StructuralSource;
  readonly request: StructuralRequest;
  readonly discountFactor: number;
  /** [A], increasing. */
  readonly assets: Float64Array;
  /** E. */
  readonly ownStates: number;
  /** P[e, e'], [E * E]; or several of them, one after the other, of which `ownPair` chooses. */
  readonly ownTransition: Float64Array;
  readonly shocks: readonly StructuralShock[];
  /** Individual ones first. */
  readonly tables: readonly StructuralTable[];
  /** W: entries of a table that a period reads at most. */
  readonly width: number;
  /** Names of a period's aggregates; those that are prices are in `prices`. */
  readonly aggregates: readonly string[];
  readonly prices: readonly string[];
  /** What a path carries from period to period beside its cross-section (a lagged price), at the start, [C]. */
  readonly carried: Float64Array;
  /** A cross-section to start from, [J], summing to one. */
  readonly population: Float64Array;
  /** Settings of the structural agent by name that suit this economy at this size, for the settings that are null. */
  readonly suggested: Readonly<Record<string, number | string>>;
  /** Tables to start from: near the optimum and inside the bounds, the same up to the bounds themselves, or constant. */
  start(kind: StructuralStart): Float64Array[];
  /**
   * The equilibrium of a period: writes `period`, and what is carried on into `carried`. `shocks[at]` and on are the states of the shocks. Returns 0 if every
   * market was cleared, 1 if a price grid did not reach far enough.
   */
  settle(
    mass: Float64Array,
    shocks: Int32Array,
    at: number,
    tables: readonly Float64Array[],
    carried: Float64Array,
    period: StructuralPeriod,
  ): 0 | 1;
  /**
   * Which own transition leads from the states of the shocks from `at` on to those from `next` on, where it depends on them (jobs are lost in recessions). Left out:
   * there is one.
   */
  ownPair?(shocks: Int32Array, at: number, next: number): number;
  /** What individuals do: `actions` [actions * J]. */
  respond(period: StructuralPeriod, actions: Float64Array, response: StructuralResponse): void;
  /** What is left of markets that should clear, from the cross-section and next assets; 0 where prices are in closed form. */
  residual(mass: Float64Array, next: Float64Array, period: StructuralPeriod): number;
  /**
   * Adds to `gradients`, by table, the derivatives of what aggregate tables maximise along a path. Left out: there is no aggregate table.
   */
  addPathGradients?(path: StructuralPath, gradients: readonly Float64Array[]): void;
  /**
   * The same in current values, for the scaled step: adds to `errors`, by table, weighted sums of what should be added to each entry, to first order, and to `visits` the
   * sums of the weights, [K] each. Left out: aggregate tables climb by their gradients.
   */
  addPathErrors?(
    path: StructuralPath,
    errors: readonly Float64Array[],
    visits: readonly Float64Array[],
  ): void;
  /**
   * What the first action of each cell is a share of at a node, [J], where consumption is that share and should rise with assets. Left out: it is not known
   * from the node.
   */
  base?(node: number, out: Float64Array): void;
  /** The same economy with a wider price grid, and tables carried over to it. Left out, or undefined: there is nothing to widen. */
  widen?(
    tables: readonly Float64Array[],
  ): { readonly request: StructuralRequest; readonly tables: Float64Array[] } | undefined;
  /** Quantities that the tables choose in a state of the environment, by type, [count, actions]. */
  act(solution: StructuralSolution, state: S, actions: Blocks<T, Float64Array>): void;
  /** Prices by state beside the oracle's, moments, pictures. Slow: it may solve for the oracle. */
  report(solution: StructuralSolution): AgentReport;
}

/** Memory for one period of an economy with these tables. */
export function newPeriod({
  width,
  tables,
  aggregates,
}: {
  readonly width: number;
  readonly tables: readonly unknown[];
  readonly aggregates: readonly string[];
}): StructuralPeriod {
  return {
    nodes: new Int32Array(tables.length * width),
    weights: new Float64Array(tables.length * width),
    aggregates: new Float64Array(aggregates.length),
  };
}

/** Memory for what J cells do, with so many actions each. */
export function newResponse(cells: number, actions: number): StructuralResponse {
  return {
    next: new Float64Array(cells),
    flow: new Float64Array(cells),
    flowSlope: new Float64Array(actions * cells),
    nextSlope: new Float64Array(actions * cells),
    unit: new Float64Array(actions * cells),
    bound: new Uint8Array(cells),
  };
}
