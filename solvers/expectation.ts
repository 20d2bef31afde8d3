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
  const { aggregateStates, nodes, ownStates, transition, next } = problem;
  const assets = problem.assets.length;
  out.fill(0);
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
