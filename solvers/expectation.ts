/** Expectations over next period's aggregate state, own state and aggregate variable, of tables over (z, n, e, a). */
import type { HouseholdProblem } from './household.ts';
import type { NodeWeights } from './node-weights.ts';

/**
 * E[v(z', X', e', a) | z, n, e], for every asset a chosen: out[z, n, e, a] = sum_z' sum_e' P[(z, e), (z', e')] sum_j w_j v[z', l + j, e', a],
 * where w and l place X'(z, n, z') among the nodes. Hot: `row` [A] is scratch.
 *
 * Shapes: values and out [Z, N, E, A], not the same array. Invariant: a constant is its own expectation.
 */
export function expectation(
  problem: HouseholdProblem,
  values: Float64Array,
  out: Float64Array,
  row: Float64Array,
): void {
  const { aggregateStates, nodes, ownStates, transition, next, factors } = problem;
  const assets = problem.assets.length;
  out.fill(0);
  if (factors !== undefined) {
    factoredExpectation(problem, factors.aggregate, factors.own, values, out);
    return;
  }
  for (let z = 0; z < aggregateStates; z++) {
    for (let n = 0; n < nodes; n++) {
      for (let to = 0; to < aggregateStates; to++) {
        const place = (z * nodes + n) * aggregateStates + to;
        const first = (to * nodes + next.lower[place]) * ownStates * assets;
        for (let e = 0; e < ownStates; e++) {
          if (!isReached(transition, aggregateStates * ownStates, z, to, e, ownStates)) continue;
          mixNodes(next, place, values, first + e * assets, ownStates * assets, row);
          const column = to * ownStates + e;
          for (let from = 0; from < ownStates; from++) {
            const p = transition[(z * ownStates + from) * aggregateStates * ownStates + column];
            if (p > 0) addScaled(out, ((z * nodes + n) * ownStates + from) * assets, p, row);
          }
        }
      }
    }
  }
}

/** The same where z and e move independently: over z' first, for all own states at once, then over e'. */
function factoredExpectation(
  { aggregateStates, nodes, ownStates, next, assets }: HouseholdProblem,
  aggregate: Float64Array,
  own: Float64Array,
  values: Float64Array,
  out: Float64Array,
): void {
  const block = ownStates * assets.length;
  const column = new Float64Array(ownStates);
  const { lower, weight, width } = next;
  for (let z = 0, start = 0; z < aggregateStates; z++) {
    for (let n = 0; n < nodes; n++, start += block) {
      for (let to = 0; to < aggregateStates; to++) {
        const p = aggregate[z * aggregateStates + to];
        if (p === 0) continue;
        const place = (z * nodes + n) * aggregateStates + to;
        const from = (to * nodes + lower[place]) * block;
        const w = place * width;
        if (width === 4) addMixedFour(out, start, values, from, block, p, weight, w);
        else if (width === 2) addMixed(out, start, values, from, block, p * weight[w], p * weight[w + 1]);
        else addTimes(out, start, values, from, block, p * weight[w]);
      }
      mixOwn(out, start, assets.length, ownStates, own, column);
    }
  }
}

function addTimes(
  out: Float64Array,
  at: number,
  values: Float64Array,
  from: number,
  block: number,
  p: number,
): void {
  for (let i = 0; i < block; i++) out[at + i] += p * values[from + i];
}

function addMixed(
  out: Float64Array,
  at: number,
  values: Float64Array,
  from: number,
  block: number,
  w0: number,
  w1: number,
): void {
  for (let i = 0; i < block; i++) out[at + i] += w0 * values[from + i] + w1 * values[from + block + i];
}

function addMixedFour(
  out: Float64Array,
  at: number,
  values: Float64Array,
  from: number,
  block: number,
  p: number,
  weight: Float64Array,
  w: number,
): void {
  const w0 = p * weight[w];
  const w1 = p * weight[w + 1];
  const w2 = p * weight[w + 2];
  const w3 = p * weight[w + 3];
  for (let i = 0; i < block; i++) {
    const j = from + i;
    out[at + i] +=
      w0 * values[j] + w1 * values[j + block] + w2 * values[j + 2 * block] + w3 * values[j + 3 * block];
  }
}

/** out[at + e A + a] becomes sum_e' P[e, e'] out[at + e' A + a]. */
function mixOwn(
  out: Float64Array,
  at: number,
  count: number,
  ownStates: number,
  own: Float64Array,
  column: Float64Array,
): void {
  for (let a = 0; a < count; a++) {
    for (let e = 0; e < ownStates; e++) column[e] = out[at + e * count + a];
    for (let e = 0; e < ownStates; e++) {
      let sum = 0;
      for (let to = 0; to < ownStates; to++) sum += own[e * ownStates + to] * column[to];
      out[at + e * count + a] = sum;
    }
  }
}

function isReached(
  transition: Float64Array,
  states: number,
  z: number,
  to: number,
  e: number,
  ownStates: number,
): boolean {
  for (let from = 0; from < ownStates; from++) {
    if (transition[(z * ownStates + from) * states + to * ownStates + e] > 0) return true;
  }
  return false;
}

/** row = sum_j weight_j values[start + j * stride + .]. Hot. */
export function mixNodes(
  weights: NodeWeights,
  place: number,
  values: Float64Array,
  start: number,
  stride: number,
  row: Float64Array,
): void {
  const { width, weight } = weights;
  if (width === 4) {
    const w0 = weight[place * 4];
    const w1 = weight[place * 4 + 1];
    const w2 = weight[place * 4 + 2];
    const w3 = weight[place * 4 + 3];
    for (let a = 0; a < row.length; a++) {
      const i = start + a;
      row[a] =
        w0 * values[i] + w1 * values[i + stride] + w2 * values[i + 2 * stride] + w3 * values[i + 3 * stride];
    }
  } else if (width === 2) {
    const w0 = weight[place * 2];
    const w1 = weight[place * 2 + 1];
    for (let a = 0; a < row.length; a++) row[a] = w0 * values[start + a] + w1 * values[start + a + stride];
  } else {
    for (let a = 0; a < row.length; a++) row[a] = values[start + a];
  }
}

function addScaled(out: Float64Array, start: number, p: number, row: Float64Array): void {
  for (let a = 0; a < row.length; a++) out[start + a] += p * row[a];
}
