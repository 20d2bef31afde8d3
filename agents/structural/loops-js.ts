/** The loops of `loops.ts` in JavaScript, over any arrays. */
import type { LimitRule } from './adjoint.ts';
import { AT_LIMIT, BEYOND, INSIDE, type Loops } from './loops.ts';

function mixTable(
  table: Float64Array,
  nodes: Int32Array,
  weights: Float64Array,
  at: number,
  width: number,
  cells: number,
  out: Float64Array,
  to: number,
): void {
  let first = 0;
  if (width > 1) {
    const [p, q] = [weights[at], weights[at + 1]];
    const [low, high] = [nodes[at] * cells, nodes[at + 1] * cells];
    for (let j = 0; j < cells; j++) out[to + j] = p * table[low + j] + q * table[high + j];
    first = 2;
  }
  for (let w = first; w < width; w++) {
    const weight = weights[at + w];
    const start = nodes[at + w] * cells;
    if (w === 0) for (let j = 0; j < cells; j++) out[to + j] = weight * table[start + j];
    else if (weight !== 0) for (let j = 0; j < cells; j++) out[to + j] += weight * table[start + j];
  }
}

function mixOwnStates(
  source: Float64Array,
  transition: Float64Array,
  at: number,
  rowStride: number,
  columnStride: number,
  ownStates: number,
  count: number,
  out: Float64Array,
): void {
  for (let r = 0; r < ownStates; r++) {
    const row = r * count;
    const first = at + r * rowStride;
    if (ownStates === 3) {
      const p = transition[first];
      const q = transition[first + columnStride];
      const u = transition[first + 2 * columnStride];
      mixThree(source, count, p, q, u, out, row);
      continue;
    }
    for (let s = 0; s < ownStates; s++) {
      const p = transition[first + s * columnStride];
      const start = s * count;
      if (s === 0) for (let i = 0; i < count; i++) out[row + i] = p * source[start + i];
      else for (let i = 0; i < count; i++) out[row + i] += p * source[start + i];
    }
  }
}

/** The number of own states that most economies have, in one pass. */
function mixThree(
  source: Float64Array,
  count: number,
  p: number,
  q: number,
  u: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < count; i++)
    out[at + i] = p * source[i] + q * source[count + i] + u * source[2 * count + i];
}

function placeNext(
  assets: Float64Array,
  inverseStep: Float64Array,
  next: Float64Array,
  bound: Uint8Array,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  place: Uint8Array,
): void {
  const count = assets.length;
  const last = count - 2;
  for (let begin = 0; begin < next.length; begin += count) {
    // Rows rise: from the first node again.
    let i = 0;
    let low = assets[0];
    let high = assets[1];
    for (let j = begin; j < begin + count; j++) {
      const x = next[j];
      while (i < last && high <= x) {
        i++;
        low = high;
        high = assets[i + 1];
      }
      while (i > 0 && low > x) {
        i--;
        high = low;
        low = assets[i];
      }
      const weight = (x - low) * inverseStep[i];
      lower[at + j] = i;
      upperWeight[at + j] = weight < 0 ? 0 : weight > 1 ? 1 : weight;
      place[at + j] = bound[j] === 1 ? AT_LIMIT : weight > 0 && weight < 1 ? INSIDE : BEYOND;
    }
  }
}

function push(
  mass: Float64Array,
  from: number,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  transition: Float64Array,
  transitionAt: number,
  ownStates: number,
  moved: Float64Array,
  pushed: Float64Array,
): void {
  const cells = pushed.length;
  const count = cells / ownStates;
  moved.fill(0);
  for (let e = 0, j = 0; e < ownStates; e++) {
    const row = e * count;
    for (let a = 0; a < count; a++, j++) {
      const m = mass[from + j];
      const up = m * upperWeight[at + j];
      const node = row + lower[at + j];
      moved[node] += m - up;
      moved[node + 1] += up;
    }
  }
  mixOwnStates(moved, transition, transitionAt, 1, ownStates, ownStates, count, pushed);
}

function slopes(
  expected: Float64Array,
  inverseStep: Float64Array,
  discountFactor: number,
  at: number,
  slopeAt: number,
  lower: Int32Array,
  place: Uint8Array,
  flowSlope: Float64Array,
  nextSlope: Float64Array,
  unit: Float64Array,
  out: Float64Array,
  relative: Float64Array,
  outAt: number,
  cells: number,
  limit: LimitRule | 'free',
): void {
  const count = inverseStep.length + 1;
  const hasUnit = unit.length > 0;
  for (let j = 0, row = 0, end = count; j < cells; j++) {
    if (j === end) {
      row = end;
      end += count;
    }
    const how = place[at + j];
    const i = lower[at + j];
    const slope = (expected[row + i + 1] - expected[row + i]) * inverseStep[i];
    const ahead = how === BEYOND ? 0 : discountFactor * slope * nextSlope[slopeAt + j];
    const total = flowSlope[slopeAt + j] + ahead;
    const kept = how !== AT_LIMIT || limit === 'free' || (limit === 'one-sided' && total < 0) ? total : 0;
    out[outAt + j] = kept;
    if (hasUnit) relative[outAt + j] = kept / unit[slopeAt + j];
  }
}

function values(
  expected: Float64Array,
  count: number,
  discountFactor: number,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  flow: Float64Array,
  lambda: Float64Array,
): void {
  const cells = lambda.length;
  for (let j = 0, row = 0, end = count; j < cells; j++) {
    if (j === end) {
      row = end;
      end += count;
    }
    const node = row + lower[at + j];
    const low = expected[node];
    lambda[j] = flow[at + j] + discountFactor * (low + upperWeight[at + j] * (expected[node + 1] - low));
  }
}

function times(x: Float64Array, at: number, weight: Float64Array, weightAt: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = weight[weightAt + j] * x[at + j];
}

function addToNodes(
  x: Float64Array,
  at: number,
  nodes: Int32Array,
  weights: Float64Array,
  first: number,
  width: number,
  scale: number,
  to: Float64Array,
  cells: number,
): void {
  for (let w = first; w < first + width; w++) {
    const p = weights[w] * scale;
    if (p === 0) continue;
    const start = nodes[w] * cells;
    for (let j = 0; j < cells; j++) to[start + j] += p * x[at + j];
  }
}

function normalise(x: Float64Array): void {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j];
  const scale = 1 / sum;
  for (let j = 0; j < x.length; j++) x[j] *= scale;
}

function add(x: Float64Array, to: Float64Array): void {
  for (let j = 0; j < to.length; j++) to[j] += x[j];
}

export const jsLoops: Loops = {
  name: 'js',
  mixTable,
  mixOwnStates,
  placeNext,
  push,
  slopes,
  values,
  times,
  addToNodes,
  normalise,
  add,
};
