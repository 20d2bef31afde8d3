/**
 * Draws of households' next states such that as many are in each as expected, up to rounding: the idiosyncratic risk of every household
 * is as before, that of their mean is gone, as in a continuum.
 */
import type { Rng } from '../../numerics/random.ts';

export interface Flows {
  /** P[e, e'] at `offset` of `conditional`, [E * E]. */
  readonly conditional: Float64Array;
  readonly offset: number;
  /** Households that are to be in e', [E] at `at` of `counts`. */
  readonly counts: Int32Array;
  readonly at: number;
}

/** Memory to work in, rewritten in every call. */
export interface CountingMemory {
  /** Households in e that are still to draw, [E]. */
  readonly left: Int32Array;
  /** Places in e' that are still free, [E]. */
  readonly free: Int32Array;
  /** Households to move from e to e', [E * E]. */
  readonly moves: Int32Array;
}

/** Throws nothing. */
export function countingMemory(states: number): CountingMemory {
  return {
    left: new Int32Array(states),
    free: new Int32Array(states),
    moves: new Int32Array(states * states),
  };
}

/**
 * Moves the households' states on, in place, in the order of `turn`. How many go from e to e' is n_e P[e, e'] rounded at random, up or
 * down, so that the counts of e' are met; who goes is drawn without replacement, one uniform for each (Knuth's algorithm S).
 * Invariant: afterwards counts[e'] households are in e'.
 */
export function moveInCounts(
  status: Uint8Array,
  turn: Int32Array,
  flows: Flows,
  memory: CountingMemory,
  rng: Rng,
): void {
  const { left, free, moves } = memory;
  const states = left.length;
  left.fill(0);
  for (let i = 0; i < status.length; i++) left[status[i]] += 1;
  for (let e = 0; e < states; e++) free[e] = flows.counts[flows.at + e];
  roundDown(left, free, moves, flows.conditional, flows.offset);
  for (let e = 0; e < states; e++) roundUp(e, left, free, moves, flows.conditional, flows.offset, rng);
  settle(free, moves, flows.conditional, flows.offset);
  select(status, turn, left, moves, rng);
}

/** The whole part of every expected flow. */
function roundDown(
  left: Int32Array,
  free: Int32Array,
  moves: Int32Array,
  conditional: Float64Array,
  offset: number,
): void {
  const states = left.length;
  for (let e = 0; e < states; e++) {
    for (let to = 0; to < states; to++) {
      const at = e * states + to;
      // A whole number that rounding has put just below itself.
      moves[at] = Math.floor(left[e] * conditional[offset + at] + 1e-9);
      free[to] -= moves[at];
    }
  }
}

/** The households of e beyond the whole parts: one more for states drawn by the rests, where there is room. */
function roundUp(
  e: number,
  left: Int32Array,
  free: Int32Array,
  moves: Int32Array,
  conditional: Float64Array,
  offset: number,
  rng: Rng,
): void {
  const states = left.length;
  const row = e * states;
  let rest = left[e];
  for (let to = 0; to < states; to++) rest -= moves[row + to];
  for (; rest > 0; rest--) {
    let total = 0;
    for (let to = 0; to < states; to++) total += weight(to, left[e], row, free, moves, conditional, offset);
    let target = rng.uniform() * total;
    let chosen = total > 0 ? -1 : likeliest(row, states, conditional, offset);
    for (let to = 0; to < states && total > 0; to++) {
      const one = weight(to, left[e], row, free, moves, conditional, offset);
      if (one > 0 && (chosen < 0 || target >= 0)) chosen = to;
      target -= one;
    }
    moves[row + chosen] += 1;
    free[chosen] -= 1;
  }
}

/** What of an expected flow is not yet in the moves, where the state has room. */
function weight(
  to: number,
  households: number,
  row: number,
  free: Int32Array,
  moves: Int32Array,
  conditional: Float64Array,
  offset: number,
): number {
  if (free[to] <= 0) return 0;
  return Math.max(0, households * conditional[offset + row + to] - moves[row + to]);
}

function likeliest(row: number, states: number, conditional: Float64Array, offset: number): number {
  let best = 0;
  for (let to = 1; to < states; to++) {
    if (conditional[offset + row + to] > conditional[offset + row + best]) best = to;
  }
  return best;
}

/** Counts that cannot be met from there: takes one from a state with too many to one with too few, from where that is likeliest. */
function settle(free: Int32Array, moves: Int32Array, conditional: Float64Array, offset: number): void {
  const states = free.length;
  for (;;) {
    const full = free.findIndex((room) => room < 0);
    const empty = free.findIndex((room) => room > 0);
    if (full < 0 || empty < 0) return;
    let from = -1;
    for (let e = 0; e < states; e++) {
      if (moves[e * states + full] === 0) continue;
      const p = conditional[offset + e * states + empty];
      if (from < 0 || p > conditional[offset + from * states + empty]) from = e;
    }
    moves[from * states + full] -= 1;
    moves[from * states + empty] += 1;
    free[full] += 1;
    free[empty] -= 1;
  }
}

/** Each in turn goes to e' with the probability moves[e, e'] / left[e] of what is still to be moved. */
function select(status: Uint8Array, turn: Int32Array, left: Int32Array, moves: Int32Array, rng: Rng): void {
  const states = left.length;
  for (let j = 0; j < turn.length; j++) {
    const i = turn[j];
    const row = status[i] * states;
    let target = rng.uniform() * left[status[i]];
    let to = 0;
    while (target >= moves[row + to]) {
      target -= moves[row + to];
      to += 1;
    }
    left[status[i]] -= 1;
    moves[row + to] -= 1;
    status[i] = to;
  }
}
