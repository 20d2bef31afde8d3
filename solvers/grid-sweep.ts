/**
 * Value iteration on a fixed grid as in the programs of Aruoba and Fernández-Villaverde (2015, JEDC 58): the choice is among the nodes
 * themselves; it rises with the state, so that the search starts where the last state's ended, and the objective is concave, so that
 * it stops at the first node that does not improve. One or two candidates a state: linear instead of quadratic work.
 *
 * What is saved here and not there: as the policy settles, a state's search starts from the same node in every sweep, and the rewards of
 * the few nodes from there on are kept. Then no logarithm is computed any more. The numbers are the same to the last bit.
 */
import {
  checkSavingProblem,
  discountedExpectation,
  exogenousStates,
  type SavingGridProblem,
  sparseRows,
} from './grid-problem.ts';

/** Value and policy on a grid, changed in place by each sweep. */
export interface GridSweep {
  /** V, [E * N], row-major by exogenous state. */
  readonly value: Float64Array;
  /** Indices of the chosen nodes, [E * N]; zeros before the first sweep, unless given. */
  readonly choice: Int32Array;
  /** V becomes T V. Returns the largest absolute change, and how many nodes a choice has moved at most. */
  sweep(): { readonly change: number; readonly moved: number };
}

/**
 * A solver of the discrete problem, at V = 0 or at given values and choices [E * N] (copied). Strict improvement keeps the first maximiser.
 *
 * Throws what `checkSavingProblem` throws, where `available` is not a number, and, in a sweep, where no node can be left. Invariants: the
 * policy rises with x at each exogenous state, and the change falls to at most beta times itself from one sweep to the next (for rows
 * that sum to one).
 */
export function gridSweep(
  problem: SavingGridProblem,
  options: { readonly value?: Float64Array; readonly choice?: Int32Array } = {},
): GridSweep {
  checkSavingProblem('gridSweep', problem);
  const { discountFactor, nodes, transition, reward } = problem;
  const n = nodes.length;
  const states = exogenousStates(problem);
  const rows = sparseRows(transition);
  const available = tabulated(problem, states);
  const value = options.value?.slice() ?? new Float64Array(states * n);
  const choice = options.choice?.slice() ?? new Int32Array(states * n);
  // Node from which the last search of a state began (-1: never yet), and (1 - beta) u of the nodes before, at and after its choice.
  const starts = new Int32Array(states * n).fill(-1);
  const rewards = new Float64Array(states * n * 3);
  // beta E V, a row for each exogenous state: -Infinity before the first node and after the last.
  const expected = new Float64Array(states * (n + 2)).fill(Number.NEGATIVE_INFINITY);
  const measured = { change: 0, moved: 0 };
  return {
    value,
    choice,
    sweep() {
      for (let e = 0; e < states; e++) {
        const row = expected.subarray(e * (n + 2) + 1);
        discountedExpectation(rows, e, value, n, discountFactor, row);
      }
      const stuck = improve(
        states,
        n,
        expected,
        nodes,
        available,
        value,
        choice,
        starts,
        rewards,
        measured,
        reward,
        1 - discountFactor,
      );
      if (stuck >= 0) throwStuck(problem, stuck);
      return { ...measured };
    },
  };
}

/** m at every node, [E * N]. Throws where it is not a number. */
function tabulated({ nodes, available }: SavingGridProblem, states: number): Float64Array {
  const n = nodes.length;
  const table = new Float64Array(states * n);
  for (let i = 0; i < n; i++) {
    for (let e = 0; e < states; e++) {
      const m = available(nodes[i], e);
      if (!Number.isFinite(m)) {
        throw new Error(
          `gridSweep: what is available at ${nodes[i]} in exogenous state ${e} is ${m}; it must be a number on the whole grid.`,
        );
      }
      table[e * n + i] = m;
    }
  }
  return table;
}

function throwStuck({ nodes, available }: SavingGridProblem, at: number): never {
  const n = nodes.length;
  const [e, i] = [Math.floor(at / n), at % n];
  throw new Error(
    `gridSweep: at ${nodes[i]} in exogenous state ${e}, where ${available(nodes[i], e)} is available, no action leaves any of the nodes ` +
      `${nodes[0]} to ${nodes[n - 1]} that are no lower than the choice at the node below; widen the grid.`,
  );
}

/**
 * All states; returns the state at which nothing can be chosen, or -1. One condition, seldom hard for a processor to foresee, says whether
 * the last sweep's search, taken again, ends where it ended.
 */
function improve(
  states: number,
  n: number,
  expected: Float64Array,
  nodes: Float64Array,
  available: Float64Array,
  value: Float64Array,
  choice: Int32Array,
  starts: Int32Array,
  rewards: Float64Array,
  measured: { change: number; moved: number },
  reward: (available: number, next: number) => number,
  weight: number,
): number {
  let change = 0;
  let moved = 0;
  for (let e = 0; e < states; e++) {
    const row = e * (n + 2) + 1;
    let start = 0;
    for (let at = e * n; at < (e + 1) * n; at++) {
      const kept = 3 * at;
      let chosen = choice[at];
      let best = rewards[kept + 1] + expected[row + chosen];
      if (
        starts[at] !== start ||
        chosen > start + 1 ||
        rewards[kept] + expected[row + chosen - 1] >= best ||
        rewards[kept + 2] + expected[row + chosen + 1] > best
      ) {
        starts[at] = start;
        chosen = search(n, at, start, row, expected, nodes, available[at], rewards, reward, weight);
        if (chosen < 0) return at;
        best = rewards[kept + 1] + expected[row + chosen];
        moved = Math.max(moved, Math.abs(choice[at] - chosen));
        choice[at] = chosen;
      }
      const difference = Math.abs(value[at] - best);
      if (difference > change) change = difference;
      value[at] = best;
      start = chosen;
    }
  }
  measured.change = change;
  measured.moved = moved;
  return -1;
}

/**
 * From `start` on to the first node that does not improve; returns the best, or -1 where no action leaves any. Keeps the rewards of the node
 * before (-Infinity where that was not tried), of the best, and of the one after.
 */
function search(
  n: number,
  at: number,
  start: number,
  row: number,
  expected: Float64Array,
  nodes: Float64Array,
  available: number,
  rewards: Float64Array,
  reward: (available: number, next: number) => number,
  weight: number,
): number {
  let chosen = start;
  let before = Number.NEGATIVE_INFINITY;
  let here = weight * reward(available, nodes[chosen]);
  // NaN, too, is no reward: the logarithm of what is below zero.
  while (!(here > Number.NEGATIVE_INFINITY)) {
    chosen++;
    if (chosen === n) return -1;
    here = weight * reward(available, nodes[chosen]);
  }
  let best = here + expected[row + chosen];
  let after = Number.NEGATIVE_INFINITY;
  while (chosen + 1 < n) {
    after = weight * reward(available, nodes[chosen + 1]);
    const candidate = after + expected[row + chosen + 1];
    if (!(candidate > best)) break;
    best = candidate;
    before = here;
    here = after;
    after = Number.NEGATIVE_INFINITY;
    chosen++;
  }
  rewards[3 * at] = before;
  rewards[3 * at + 1] = here;
  rewards[3 * at + 2] = after;
  return chosen;
}
