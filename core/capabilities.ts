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
  ): { readonly next: tf.Tensor3D; readonly probabilities: tf.Tensor2D; readonly rewards: tf.Tensor2D };
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
  readonly steadyState: S;
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
}

/**
 * Named quantities of one step, in units of the good, from which identities are checked. An economy gives what it has; a check
 * whose quantities are missing does not apply.
 */
export interface AccountsEntry {
  readonly output?: number;
  readonly consumption?: number;
  readonly investment?: number;
  readonly government?: number;
  /** Output that adjusting prices or capital costs. */
  readonly adjustmentCost?: number;
  readonly capital?: number;
  readonly nextCapital?: number;
  readonly depreciation?: number;
  /** Utility recomputed from consumption (and labour) per agent type, [count]. */
  readonly utility?: Readonly<Record<string, readonly number[]>>;
  /** Payments to capital and labour, where factors are paid. */
  readonly factorPayments?: { readonly capital: number; readonly labour: number };
  /** Supply and demand by market: assets, bonds, goods, labour. */
  readonly markets?: Readonly<Record<string, { readonly supply: number; readonly demand: number }>>;
}

/** The accounts of the step from `before` to `after` under the given quantities. */
export interface Accounts<S extends EconomyState = EconomyState, T extends string = string> {
  entry(before: S, actions: Blocks<T, Float64Array>, after: S): AccountsEntry;
}
