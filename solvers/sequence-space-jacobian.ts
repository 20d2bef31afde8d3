/**
 * Jacobians of a household block by the fake-news algorithm: what a change of input i in period s, known from period 0 on, does to output o in period t,
 *
 *     J_t,s = J_(t-1),(s-1) + F_t,s,     F_0,s = sum_j D_j dy_0,s,j,     F_t,s = E_(t-1)' d D_1,s,     E_u = Lambda^u y,
 *
 * so that one walk back per input and one forward per output give all T^2 entries. dy_0,s and dD_1,s are what households do in period 0 about
 * news for period s: one step back under a changed input, s more under inputs at rest.
 * Source: Auclert, Bardoczy, Rognlie and Straub (2021), Econometrica 89, section 3, propositions 1 and 2.
 */
import { requirePositive, requireWhole } from '../numerics/checks.ts';
import { type Movement, movement, placeSavings } from './histogram.ts';
import {
  type BlockPeriod,
  blockPeriod,
  cellsOf,
  type HouseholdBlock,
  type SteadyBlock,
  weighted,
} from './sequence-space-block.ts';

/** All Jacobians of a block. */
export interface BlockJacobian {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** T. */
  readonly horizon: number;
  /** J of output o and input i at [o * I + i]: [T, T], row t of the output, column s of the input. */
  readonly matrices: readonly Float64Array[];
}

export interface JacobianOptions {
  /** T; changes must have died out by then. */
  readonly horizon: number;
  /** Half the distance of the central difference of a step back, relative to max(1, |input|); default 1e-5. */
  readonly step?: number;
}

/**
 * The Jacobians about rest, [T, T] for every output and input.
 *
 * Steps back are differenced centrally; the lotteries of the histogram are differentiated exactly. Throws on a horizon that is no whole number
 * and a step that is not positive. Invariants: no entry depends on the horizon; columns obey the budget of all households, as the block does.
 */
export function blockJacobian(
  block: HouseholdBlock,
  rest: SteadyBlock,
  options: JacobianOptions,
): BlockJacobian {
  const { horizon: T, step = 1e-5 } = options;
  requireWhole('blockJacobian', 'the horizon', T, 2, 10_000);
  requirePositive('blockJacobian', 'the step', step);
  const O = block.outputs.length;
  const I = block.inputs.length;
  const expected = block.outputs.map((_, o) => expectations(block, rest, o, T - 1));
  const matrices: Float64Array[] = Array.from({ length: O * I }, () => new Float64Array(0));
  for (let i = 0; i < I; i++) {
    const news = newsOf(block, rest, i, step * Math.max(1, Math.abs(rest.inputs[i])), T);
    for (let o = 0; o < O; o++) {
      const matrix = new Float64Array(T * T);
      matrix.set(news.impact.subarray(o * T, (o + 1) * T));
      multiplyRows(expected[o], news.moved, matrix, T, cellsOf(block));
      addAlongDiagonals(matrix, T);
      matrices[o * I + i] = matrix;
    }
  }
  return { inputs: block.inputs, outputs: block.outputs, horizon: T, matrices };
}

/** E_u, u = 0 .. count - 1: [count, cells]. */
function expectations(block: HouseholdBlock, rest: SteadyBlock, o: number, count: number): Float64Array {
  const cells = cellsOf(block);
  const place = placed(block, rest);
  const result = new Float64Array(count * cells);
  result.set(rest.outputs.subarray(o * cells, (o + 1) * cells));
  const mixed = new Float64Array(cells);
  for (let u = 1; u < count; u++) {
    expectNext(
      result,
      (u - 1) * cells,
      place,
      block.transition,
      block.assets.length,
      mixed,
      result,
      u * cells,
    );
  }
  return result;
}

function placed(block: HouseholdBlock, rest: SteadyBlock): Movement {
  const place = movement(cellsOf(block));
  placeSavings(block.assets, rest.savings, place);
  return place;
}

/** out = Lambda values: over own states by the chain, then over the two nodes that a cell's savings go to. Hot. */
function expectNext(
  values: Float64Array,
  from: number,
  { lower, upperWeight }: Movement,
  transition: Float64Array,
  count: number,
  mixed: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  const states = mixed.length / count;
  mixed.fill(0);
  for (let e = 0; e < states; e++) {
    for (let next = 0; next < states; next++) {
      const p = transition[e * states + next];
      if (p === 0) continue;
      for (let a = 0; a < count; a++) mixed[e * count + a] += p * values[from + next * count + a];
    }
  }
  for (let e = 0; e < states; e++) {
    for (let a = 0; a < count; a++) {
      const i = e * count + a;
      const node = e * count + lower[i];
      const w = upperWeight[i];
      out[offset + i] = (1 - w) * mixed[node] + w * mixed[node + 1];
    }
  }
}

/** What news about period s does in period 0: to outputs, [O, T], and to the cross-section of period 1, [T, cells]. */
interface News {
  readonly impact: Float64Array;
  readonly moved: Float64Array;
}

function newsOf(block: HouseholdBlock, rest: SteadyBlock, i: number, h: number, T: number): News {
  const O = block.outputs.length;
  const cells = cellsOf(block);
  const place = placed(block, rest);
  const impact = new Float64Array(O * T);
  const moved = new Float64Array(T * cells);
  const [up, down] = [blockPeriod(block), blockPeriod(block)];
  const [upNext, downNext] = [rest.carried.slice(), rest.carried.slice()];
  const shifted = rest.inputs.slice();
  const row = new Float64Array(block.assets.length);
  for (let s = 0; s < T; s++) {
    shifted[i] = rest.inputs[i] + (s === 0 ? h : 0);
    block.stepBack(shifted, upNext, up);
    shifted[i] = rest.inputs[i] - (s === 0 ? h : 0);
    block.stepBack(shifted, downNext, down);
    upNext.set(up.carried);
    downNext.set(down.carried);
    halveDifference(up, down, h);
    for (let o = 0; o < O; o++) impact[o * T + s] = weighted(rest.distribution, up.outputs, o * cells);
    moveMass(block, rest, place, up.savings, row, moved, s * cells);
  }
  return { impact, moved };
}

/** up = (up - down) / (2 h), of outputs and savings. */
function halveDifference(up: BlockPeriod, down: BlockPeriod, h: number): void {
  for (let j = 0; j < up.outputs.length; j++) up.outputs[j] = (up.outputs[j] - down.outputs[j]) / (2 * h);
  for (let j = 0; j < up.savings.length; j++) up.savings[j] = (up.savings[j] - down.savings[j]) / (2 * h);
}

/** d D_1 = d Lambda' D: who saves more goes from the lower node to the upper one; off the grid nobody moves. Hot. */
function moveMass(
  block: HouseholdBlock,
  rest: SteadyBlock,
  { lower }: Movement,
  saved: Float64Array,
  row: Float64Array,
  out: Float64Array,
  offset: number,
): void {
  const { assets, transition } = block;
  const count = assets.length;
  const states = Math.round(Math.sqrt(transition.length));
  for (let e = 0; e < states; e++) {
    row.fill(0);
    for (let a = 0; a < count; a++) {
      const i = e * count + a;
      const savings = rest.savings[i];
      if (savings < assets[0] || savings > assets[count - 1]) continue;
      const node = lower[i];
      const mass = (rest.distribution[i] * saved[i]) / (assets[node + 1] - assets[node]);
      row[node] -= mass;
      row[node + 1] += mass;
    }
    for (let next = 0; next < states; next++) {
      const p = transition[e * states + next];
      if (p === 0) continue;
      for (let a = 0; a < count; a++) out[offset + next * count + a] += p * row[a];
    }
  }
}

/** matrix[t, s] = expected[t - 1] . moved[s] for t >= 1, four columns at a time. Hot. */
function multiplyRows(
  expected: Float64Array,
  moved: Float64Array,
  matrix: Float64Array,
  T: number,
  cells: number,
): void {
  const whole = T - (T % 4);
  for (let t = 1; t < T; t++) {
    const x = (t - 1) * cells;
    for (let s = 0; s < whole; s += 4) {
      const y0 = s * cells;
      const y1 = y0 + cells;
      const y2 = y1 + cells;
      const y3 = y2 + cells;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let j = 0; j < cells; j++) {
        const v = expected[x + j];
        sum0 += v * moved[y0 + j];
        sum1 += v * moved[y1 + j];
        sum2 += v * moved[y2 + j];
        sum3 += v * moved[y3 + j];
      }
      matrix[t * T + s] = sum0;
      matrix[t * T + s + 1] = sum1;
      matrix[t * T + s + 2] = sum2;
      matrix[t * T + s + 3] = sum3;
    }
    for (let s = whole; s < T; s++) {
      let sum = 0;
      for (let j = 0; j < cells; j++) sum += expected[x + j] * moved[s * cells + j];
      matrix[t * T + s] = sum;
    }
  }
}

/** J_t,s = J_(t-1),(s-1) + F_t,s in place. */
function addAlongDiagonals(matrix: Float64Array, T: number): void {
  for (let t = 1; t < T; t++) {
    for (let s = 1; s < T; s++) matrix[t * T + s] += matrix[(t - 1) * T + s - 1];
  }
}
