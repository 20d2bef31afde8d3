/** What solvers on grids work on: one agent that leaves something to the next period, and a chain of exogenous states. */
import { requireFiniteArray, requireIncreasing, requireLength } from '../numerics/checks.ts';

/**
 * The Bellman equation of someone who leaves x' out of what there is, m:
 *
 *     V(x, e) = max_x' (1 - beta) u(m(x, e), x') + beta sum_e' P(e, e') V(x', e').
 *
 * Values are in the units of u, as if received in every period: sums of discounted rewards times 1 - beta.
 */
export interface SavingGridProblem {
  readonly discountFactor: number;
  /** Nodes of x, [N], increasing. */
  readonly nodes: Float64Array;
  /** P(e, e'), row-major, [E * E]; rows need not sum to one, and are used as they are. */
  readonly transition: Float64Array;
  /** m(x, e), increasing in x. */
  readonly available: (x: number, exogenous: number) => number;
  /** u of leaving `next` out of `available`, concave in `next`; -Infinity where that cannot be. */
  readonly reward: (available: number, next: number) => number;
}

/** P without its zeros: of row e the entries from[e] .. from[e + 1] - 1. */
export interface SparseRows {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weights: Float64Array;
}

/** Number of exogenous states, E. */
export function exogenousStates({ transition }: Pick<SavingGridProblem, 'transition'>): number {
  return Math.round(Math.sqrt(transition.length));
}

/** Throws on a discount factor outside (0, 1), nodes that do not increase and a matrix that is not square or not of numbers. */
export function checkSavingProblem(
  where: string,
  problem: Pick<SavingGridProblem, 'discountFactor' | 'nodes' | 'transition'>,
): void {
  const { discountFactor, nodes, transition } = problem;
  if (!(discountFactor > 0 && discountFactor < 1)) {
    throw new Error(`${where}: the discount factor is ${discountFactor}; it lies strictly between 0 and 1.`);
  }
  requireIncreasing(where, 'the nodes', nodes);
  requireFiniteArray(where, 'the transition', transition);
  requireLength(where, 'the transition', transition, exogenousStates(problem) ** 2, 'a square matrix');
}

/** The rows of a dense matrix [E * E] without zeros, in the order of columns. */
export function sparseRows(transition: Float64Array): SparseRows {
  const states = Math.round(Math.sqrt(transition.length));
  const from = new Int32Array(states + 1);
  const to: number[] = [];
  const weights: number[] = [];
  transition.forEach((p, i) => {
    if (p !== 0) {
      to.push(i % states);
      weights.push(p);
    }
    from[Math.floor(i / states) + 1] = to.length;
  });
  return { from, to: Int32Array.from(to), weights: Float64Array.from(weights) };
}

/**
 * out_j = scale * sum_e' P(e, e') values(e', j) for j = 0 .. n - 1, terms added in the order of e'. Hot: lengths are not checked.
 * Shapes: values [E * n] row-major by e'; out [>= n], what lies beyond is left as it is.
 */
export function discountedExpectation(
  rows: SparseRows,
  e: number,
  values: Float64Array,
  n: number,
  scale: number,
  out: Float64Array,
): void {
  const { from, to, weights } = rows;
  const [first, end] = [from[e], from[e + 1]];
  let at = first;
  if (end - first === 2) {
    twoTerms(values, to[at] * n, weights[at], to[at + 1] * n, weights[at + 1], n, scale, out);
    return;
  }
  if (end - first === 3) {
    const [a, b, c] = [to[at] * n, to[at + 1] * n, to[at + 2] * n];
    threeTerms(values, a, weights[at], b, weights[at + 1], c, weights[at + 2], n, scale, out);
    return;
  }
  out.fill(0, 0, n);
  for (; at < end; at++) addTerm(values, to[at] * n, weights[at], n, out);
  for (let j = 0; j < n; j++) out[j] *= scale;
}

function addTerm(values: Float64Array, offset: number, weight: number, n: number, out: Float64Array): void {
  for (let j = 0; j < n; j++) out[j] += weight * values[offset + j];
}

function twoTerms(
  values: Float64Array,
  a: number,
  weightA: number,
  b: number,
  weightB: number,
  n: number,
  scale: number,
  out: Float64Array,
): void {
  for (let j = 0; j < n; j++) out[j] = scale * (weightA * values[a + j] + weightB * values[b + j]);
}

function threeTerms(
  values: Float64Array,
  a: number,
  weightA: number,
  b: number,
  weightB: number,
  c: number,
  weightC: number,
  n: number,
  scale: number,
  out: Float64Array,
): void {
  for (let j = 0; j < n; j++) {
    out[j] = scale * (weightA * values[a + j] + weightB * values[b + j] + weightC * values[c + j]);
  }
}
