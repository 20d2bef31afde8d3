/**
 * Policy iteration (Howard 1960) for saving problems on a coarse grid with choices between its nodes: a start for value iteration on a fine
 * one. Values between nodes are cubics in log distance from the lowest node, in which values of saving problems are nearly straight.
 */
import {
  checkSavingProblem,
  discountedExpectation,
  exogenousStates,
  type SavingGridProblem,
  sparseRows,
} from './grid-problem.ts';

export interface HowardOptions {
  /** Distance of coarse nodes in the log of x, or of the distance from the lowest node where that is not positive; default 0.02. */
  readonly spacing?: number;
  /** V on the coarse grid, [E * C], to go on from; default 0. */
  readonly value?: Float64Array;
  readonly choice?: Float64Array;
}

/** A coarse solution in the making. */
export interface HowardGrid {
  /** Coarse nodes of x, [C]. */
  readonly nodes: Float64Array;
  /** Chosen x', [E * C]; the lowest node before the first improvement. */
  readonly choice: Float64Array;
  /** V, [E * C] row-major by exogenous state, changed in place. */
  readonly value: Float64Array;
  /** One improvement of the policy and its evaluation; returns the largest change of V by the improvement alone. */
  improve(): number;
  /** V at any nodes of x, [E * n]. */
  valueAt(nodes: Float64Array): Float64Array;
}

const SPACING = 0.02;
const FEWEST_NODES = 48;

/** Evaluation goes on until V changes by this share of what the improvement changed it by, or for so many steps. */
const EVALUATION_SHARE = 1e-2;
const MOST_EVALUATIONS = 2000;

interface Work {
  readonly nodes: Float64Array;
  readonly available: Float64Array;
  readonly value: Float64Array;
  readonly next: Float64Array;
  readonly choice: Float64Array;
  /** Rewards of the policy times 1 - beta, [E * C]. */
  readonly flow: Float64Array;
  /** The cubic at the chosen x': first of its four nodes, and their weights [E * C * 4]. */
  readonly stencil: Int32Array;
  readonly weights: Float64Array;
  /** beta E V, one row for each exogenous state. */
  readonly expected: readonly Float64Array[];
}

/**
 * The coarse solver. Throws what `checkSavingProblem` throws. Invariant: at its fixed point V solves the Bellman equation at the coarse
 * nodes up to the error of the parabola that places a choice between them.
 */
export function howardGrid(problem: SavingGridProblem, options: HowardOptions = {}): HowardGrid {
  checkSavingProblem('howardGrid', problem);
  const { discountFactor, transition, available, reward } = problem;
  const scale = logScale(problem.nodes, options.spacing ?? SPACING);
  const { n } = scale;
  const states = exogenousStates(problem);
  const nodes = Float64Array.from(
    { length: n },
    (_, i) => scale.low + scale.pivot * Math.expm1(scale.step * i),
  );
  nodes[n - 1] = problem.nodes[problem.nodes.length - 1];
  const rows = sparseRows(transition);
  const work: Work = {
    nodes,
    available: Float64Array.from({ length: states * n }, (_, i) =>
      available(nodes[i % n], Math.floor(i / n)),
    ),
    value: options.value?.slice() ?? new Float64Array(states * n),
    next: new Float64Array(states * n),
    choice: options.choice?.slice() ?? new Float64Array(states * n).fill(nodes[0]),
    flow: new Float64Array(states * n),
    stencil: new Int32Array(states * n),
    weights: new Float64Array(states * n * 4),
    expected: Array.from({ length: states }, () => new Float64Array(n)),
  };
  const expect = () => {
    for (let e = 0; e < states; e++)
      discountedExpectation(rows, e, work.value, n, discountFactor, work.expected[e]);
  };
  const gains = new Float64Array(2);
  const evaluate = () => {
    expect();
    for (let e = 0; e < states; e++) {
      evaluateRow(n, e * n, work.expected[e], work.flow, work.stencil, work.weights, work.next);
    }
    settle(work.value, work.next, gains);
  };
  return {
    nodes,
    choice: work.choice,
    value: work.value,
    improve() {
      expect();
      for (let e = 0; e < states; e++) {
        chooseRow(n, e * n, work.expected[e], nodes, work.available, scale, 1 - discountFactor, reward, work);
      }
      evaluate();
      const change = Math.max(Math.abs(gains[0]), Math.abs(gains[1]));
      for (let k = 0; k < MOST_EVALUATIONS && gains[1] - gains[0] > EVALUATION_SHARE * change; k++)
        evaluate();
      // What all states still gain alike, they gain in every later step too (MacQueen 1966).
      const rest = ((discountFactor / (1 - discountFactor)) * (gains[0] + gains[1])) / 2;
      for (let i = 0; i < work.value.length; i++) work.value[i] += rest;
      return change;
    },
    valueAt: (at) => interpolate(work.value, states, scale, at),
  };
}

/** Coordinate log1p((x - low) / pivot) / step: nodes at 0, 1, ..., n - 1. */
interface LogScale {
  readonly low: number;
  readonly pivot: number;
  readonly step: number;
  readonly n: number;
}

/** With a positive lowest node, logs of x itself; otherwise dense at the lowest node. */
function logScale(fine: Float64Array, spacing: number): LogScale {
  const low = fine[0];
  const range = fine[fine.length - 1] - low;
  const pivot = low > 0 ? low : range / 50;
  const length = Math.log1p(range / pivot);
  const n = Math.max(4, Math.min(fine.length, Math.max(FEWEST_NODES, Math.ceil(length / spacing) + 1)));
  return { low, pivot, step: length / (n - 1), n };
}

function position({ low, pivot, step }: LogScale, x: number): number {
  return Math.log1p((x - low) / pivot) / step;
}

/** Choices of one exogenous state: the best node, searched as in the sweep, and the top of the parabola through its neighbours. */
function chooseRow(
  n: number,
  offset: number,
  expected: Float64Array,
  nodes: Float64Array,
  available: Float64Array,
  scale: LogScale,
  weight: number,
  reward: (available: number, next: number) => number,
  { choice, flow, stencil, weights }: Work,
): void {
  let start = 0;
  for (let i = 0; i < n; i++) {
    const m = available[offset + i];
    let before = Number.NEGATIVE_INFINITY;
    let best = weight * reward(m, nodes[start]) + expected[start];
    while (!(best > Number.NEGATIVE_INFINITY) && start + 1 < n) {
      start++;
      best = weight * reward(m, nodes[start]) + expected[start];
    }
    if (start > 0) before = weight * reward(m, nodes[start - 1]) + expected[start - 1];
    let after = Number.NEGATIVE_INFINITY;
    while (start + 1 < n) {
      after = weight * reward(m, nodes[start + 1]) + expected[start + 1];
      if (!(after > best)) break;
      before = best;
      best = after;
      after = Number.NEGATIVE_INFINITY;
      start++;
    }
    let x = nodes[start];
    if (before > Number.NEGATIVE_INFINITY && after > Number.NEGATIVE_INFINITY && before < best) {
      x = parabolaTop(nodes[start - 1], before, x, best, nodes[start + 1], after);
    }
    choice[offset + i] = x;
    flow[offset + i] = weight * reward(m, x);
    stencil[offset + i] = place(position(scale, x), n, weights, 4 * (offset + i));
  }
}

function parabolaTop(x0: number, y0: number, x1: number, y1: number, x2: number, y2: number): number {
  const left = (y1 - y0) / (x1 - x0);
  const right = (y2 - y1) / (x2 - x1);
  const top = (x0 + x1) / 2 + (left * (x2 - x0)) / (2 * (left - right));
  return Math.min(x2, Math.max(x0, top));
}

/** Weights of the cubic through four nodes at place t; returns the first of them. */
function place(t: number, n: number, weights: Float64Array, at: number): number {
  const first = Math.min(Math.max(Math.floor(t) - 1, 0), n - 4);
  const u = Math.min(Math.max(t, 0), n - 1) - first;
  weights[at] = -((u - 1) * (u - 2) * (u - 3)) / 6;
  weights[at + 1] = (u * (u - 2) * (u - 3)) / 2;
  weights[at + 2] = -(u * (u - 1) * (u - 3)) / 2;
  weights[at + 3] = (u * (u - 1) * (u - 2)) / 6;
  return first;
}

function evaluateRow(
  n: number,
  offset: number,
  expected: Float64Array,
  flow: Float64Array,
  stencil: Int32Array,
  weights: Float64Array,
  next: Float64Array,
): void {
  for (let i = offset; i < offset + n; i++) {
    const j = stencil[i];
    const w = 4 * i;
    next[i] =
      flow[i] +
      weights[w] * expected[j] +
      weights[w + 1] * expected[j + 1] +
      weights[w + 2] * expected[j + 2] +
      weights[w + 3] * expected[j + 3];
  }
}

/** V becomes what the step gave; least and largest gain go to `gains`. */
function settle(value: Float64Array, next: Float64Array, gains: Float64Array): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < value.length; i++) {
    const gain = next[i] - value[i];
    if (gain < least) least = gain;
    if (gain > most) most = gain;
    value[i] = next[i];
  }
  gains[0] = least;
  gains[1] = most;
}

function interpolate(value: Float64Array, states: number, scale: LogScale, at: Float64Array): Float64Array {
  const { n } = scale;
  const out = new Float64Array(states * at.length);
  const weights = new Float64Array(4);
  for (let i = 0; i < at.length; i++) {
    const first = place(position(scale, at[i]), n, weights, 0);
    for (let e = 0; e < states; e++) {
      const j = e * n + first;
      out[e * at.length + i] =
        weights[0] * value[j] +
        weights[1] * value[j + 1] +
        weights[2] * value[j + 2] +
        weights[3] * value[j + 3];
    }
  }
  return out;
}
