/**
 * What else may be known about an economy, each optional and asked for by a type guard: its successors with probabilities, its
 * dynamics on tensors, the truth to measure a learner against, its national accounts.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Blocks, EconomyState } from './economy.ts';

export interface Successor<S> {
  readonly probability: number;
  readonly state: S;
}

/** Every successor of a state with its probability, and the rewards on the way (which do not depend on the draw). */
export interface Enumerable<S extends EconomyState = EconomyState, T extends string = string> {
  /** Rewards by type, [count], for economic quantities [count, actions]. */
  rewards(state: S, actions: Blocks<T, Float64Array>): Blocks<T, Float64Array>;
  /** Successors with positive probability; the probabilities are the economy's own, even if they do not sum to one. */
  successors(state: S, actions: Blocks<T, Float64Array>): readonly Successor<S>[];
  /**
   * `as-given` says that the probabilities of a state need not sum to one (a published table kept to the digit): they are weights
   * then, and `step` draws with each divided by their sum. Left out: `stochastic`, they sum to one, and `checkEconomy` insists.
   */
  readonly rows?: 'stochastic' | 'as-given';
  /**
   * Where prices are sought between nodes: which interval each market took, e.g. [7]. Twins that give them too are compared only
   * where both took the same, since a price next to a node may round to either side.
   */
  brackets?(state: S, actions: Blocks<T, Float64Array>): readonly number[];
}

export type Tf = typeof tf;
/** Value of states given as normalised coordinates: [n, D] to [n, 1]. */
export type TensorValue = (coordinates: tf.Tensor2D) => tf.Tensor2D;

/**
 * The same dynamics batched on tensors, written independently of `step`. States are rows of coordinates, in the order of
 * `coordinates`; D is their number, A the number of action quantities, E the number of successors of every state.
 */
export interface TensorTwin<S extends EconomyState = EconomyState> {
  readonly coordinates: readonly string[];
  /** Range of each raw coordinate, the scale of relative gaps. */
  readonly scales: readonly number[];
  /** Raw coordinates of a state, and back. */
  toCoordinates(state: S): readonly number[];
  fromCoordinates(coordinates: ArrayLike<number>): S;
  /** Raw coordinates to order one, as a network sees them: [n, D] to [n, D], and the same for one state in float64. */
  normalise(tensors: Tf, coordinates: tf.Tensor2D): tf.Tensor2D;
  normaliseState(coordinates: readonly number[]): readonly number[];
  /** The inverse of `normaliseState`: the state that normalised, perhaps rounded, coordinates stand for. */
  denormaliseState(coordinates: readonly number[]): readonly number[];
  /** Normalised states [B, D] and quantities [B, A]: raw next coordinates [B, E, D], probabilities [B, E], rewards [B, 1]. */
  transition(
    tensors: Tf,
    states: tf.Tensor2D,
    actions: tf.Tensor2D,
  ): {
    readonly next: tf.Tensor3D;
    readonly probabilities: tf.Tensor2D;
    readonly rewards: tf.Tensor2D;
    /** The interval that each market took, [B, markets], where `Enumerable.brackets` tells it too. */
    readonly brackets?: tf.Tensor2D;
  };
  /** Q(s, a) = reward + discountFactor * sum over successors of probability * value(normalised next): [B, 1]. */
  q(tensors: Tf, states: tf.Tensor2D, actions: tf.Tensor2D, value: TensorValue): tf.Tensor2D;
}

/** A policy as economists see it: quantities by type, [n, count, actions], for n states. */
export type StatePolicy<S extends EconomyState = EconomyState, T extends string = string> = (
  states: readonly S[],
) => Blocks<T, Float64Array>;

/** The truth, or a numerical solution accurate far beyond what is learned. */
export interface Oracle<S extends EconomyState = EconomyState, T extends string = string> {
  /** How it was found, e.g. "closed form" or "endogenous grid, 1000 nodes". */
  readonly method: string;
  /** Whether the solver reached its tolerance, in how many iterations, and the last change. */
  readonly solution: { readonly converged: boolean; readonly iterations: number; readonly residual: number };
  /** Writes the optimal quantities at a state, by type, [count, actions]. */
  act(state: S, actions: Blocks<T, Float64Array>): void;
  /** Where policies are compared. */
  readonly evaluationStates: readonly S[];
  /** Where the economy rests while shocks keep their means: a fixed point of one such step under `act`. */
  readonly steadyState: S;
  /**
   * Where `steadyState` is that of the economy without risk and `act` answers to risk, or is found numerically: the most that a field
   * may move away in one such step, relative to its size. Infinity: no such step exists. Left out: none but rounding.
   */
  readonly steadyStateDrift?: number;
  /** Analytical values of `prices` of the accounts in the steady state, by name. */
  readonly steadyStatePrices?: Readonly<Record<string, number>>;
  /** Value of a state under the optimal policy, in utility as `rewards` measures it; where known. */
  value?(state: S): number;
  /**
   * Percent of consumption for ever that someone would give up to follow the optimum instead, from expected discounted
   * sums of rewards of an agent of each type under both. The economy says whose consumption counts.
   */
  welfareLossPercent(values: {
    readonly policy: Blocks<T, number>;
    readonly optimum: Blocks<T, number>;
  }): number;
  /** Unit-free Euler errors |1 - implied consumption / consumption| at the given states (Judd 1992). */
  eulerErrors?(policy: StatePolicy<S, T>, states: readonly S[]): Float64Array;
  /**
   * Residuals eps = beta E[u'(c') R'] / u'(c) - 1 of the same equation, signed: the marginal utility of saving over that of eating, less one.
   * With log utility an Euler error is |eps / (1 + eps)|.
   */
  eulerResiduals?(policy: StatePolicy<S, T>, states: readonly S[]): Float64Array;
}

/** One market in one step. */
export interface Market {
  readonly supply: number;
  readonly demand: number;
  /** In units of the good; Walras' law is checked where every market has one (1 for goods). */
  readonly price?: number;
  /** What a gap is measured against, in the market's own units; left out: the larger of supply, demand and output. */
  readonly scale?: number;
  /** Largest gap that the search for the price leaves, relative to the scale; left out: none but rounding. */
  readonly tolerance?: number;
  /** `at-bound`: the price stands at an end of its range and cannot clear. Counted, and neither passed nor failed. */
  readonly clearing?: 'free' | 'at-bound';
}

/**
 * Named quantities of one step from which identities are checked: in units of the good, and totals or means alike over all, unless
 * said otherwise. An economy gives what it has; a check whose quantities are missing does not apply.
 */
export interface AccountsEntry {
  /** What is produced in the period; output = consumption + investment + government + adjustmentCost, a use left out being none. */
  readonly output?: number;
  readonly consumption?: number;
  /** Gross: nextCapital = (1 - depreciation) capital + investment. */
  readonly investment?: number;
  readonly government?: number;
  /** Output that adjusting prices or capital costs. */
  readonly adjustmentCost?: number;
  readonly capital?: number;
  readonly nextCapital?: number;
  /** Share of capital per period. */
  readonly depreciation?: number;
  /** Utility recomputed from consumption (and labour) per agent type, [count], as `rewards` measures it. */
  readonly utility?: Readonly<Record<string, readonly number[]>>;
  /** What each individual consumes, by type or group: agents, or the nodes of a distribution. */
  readonly consumptions?: Readonly<Record<string, ArrayLike<number>>>;
  /** Assets of each individual at the end of the period, by type or group, and the least that they may be. */
  readonly borrowing?: Readonly<
    Record<string, { readonly assets: ArrayLike<number>; readonly limit: number }>
  >;
  /** Masses at the end of the period, by name, each list summing to one. */
  readonly distributions?: Readonly<Record<string, ArrayLike<number>>>;
  /** Payments to capital and labour where factors are paid, and what is left to owners of firms before adjustment costs; all output. */
  readonly factorPayments?: { readonly capital: number; readonly labour: number; readonly profits?: number };
  /** Supply and demand by market: assets, bonds, goods, labour. */
  readonly markets?: Readonly<Record<string, Market>>;
  /** Prices of the period by name: returns per period, wages in units of the good. */
  readonly prices?: Readonly<Record<string, number>>;
}

/** Who holds what in an economy of many households: what its inequality and the law by which its capital moves are read from. */
export interface CrossSection<S extends EconomyState = EconomyState> {
  /** Capital of every household in a state, [n]; read only. */
  capital(state: S): Float64Array;
  /** Where times are one of a few: which, and productivity by their index. Left out: there is no law of motion for each. */
  readonly times?: { index(state: S): number; readonly productivity: Float64Array };
}

/** The accounts of the step from `before` to `after` under the given quantities. */
export interface Accounts<S extends EconomyState = EconomyState, T extends string = string> {
  entry(before: S, actions: Blocks<T, Float64Array>, after: S): AccountsEntry;
}
