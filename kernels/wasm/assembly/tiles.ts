// The product of two matrices in panels: 4 x 8 tiles of the result are summed in registers, in the order of the
// reduction. A row of the result depends on no other row.
import { activate } from './activations';
import { Activation } from './codes';
import { minimum, packA, packB } from './panels';
import { loadUpTo4, madd, storeUpTo4 } from './vector';

/** Rows of A packed at a time: with a reduction of 256 they take 64 KiB. */
const BLOCK_ROWS: i32 = 64;
/** Length of the reduction handled at a time: a panel of B then takes 16 KiB of the 32 KiB of first-level cache. */
const BLOCK_DEPTH: i32 = 512;

/** Four finished entries: add to what is there or to the bias, apply the activation, store as many as there are. */
@inline
function finish(value: v128, c: usize, bias: usize, left: i32, activation: i32, accumulate: i32): void {
  if (accumulate) value = f32x4.add(loadUpTo4(c, left), value);
  if (bias) value = f32x4.add(value, loadUpTo4(bias, left));
  storeUpTo4(c, activate(value, activation), left);
}

function finishRow(
  low: v128,
  high: v128,
  c: usize,
  bias: usize,
  columns: i32,
  activation: i32,
  accumulate: i32,
): void {
  finish(low, c, bias, columns, activation, accumulate);
  if (columns > 4) finish(high, c + 16, bias ? bias + 16 : 0, columns - 4, activation, accumulate);
}

/** One 4 x 8 tile of C from a panel of A and a panel of B; stores its first `rows` rows and `columns` columns. */
function tile(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  strideC: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  activation: i32,
  accumulate: i32,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + ((<usize>depth) << 4);
  // One step a turn: of two, V8 would load both steps' operands first and run out of its fifteen registers.
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    const a1 = v128.load32_splat(a, 4);
    const a2 = v128.load32_splat(a, 8);
    const a3 = v128.load32_splat(a, 12);
    c00 = madd(a0, b0, c00);
    c01 = madd(a0, b1, c01);
    c10 = madd(a1, b0, c10);
    c11 = madd(a1, b1, c11);
    c20 = madd(a2, b0, c20);
    c21 = madd(a2, b1, c21);
    c30 = madd(a3, b0, c30);
    c31 = madd(a3, b1, c31);
    a += 16;
    b += 32;
  }
  finishRow(c00, c01, c, bias, columns, activation, accumulate);
  if (rows > 1) finishRow(c10, c11, c + strideC, bias, columns, activation, accumulate);
  if (rows > 2) finishRow(c20, c21, c + 2 * strideC, bias, columns, activation, accumulate);
  if (rows > 3) finishRow(c30, c31, c + 3 * strideC, bias, columns, activation, accumulate);
}

/** C [rows, columns] (+)= A [rows, depth] B [depth, columns], then bias and activation. Strides in bytes; bias 0 for none. */
export function multiply(
  a: usize,
  strideA: usize,
  transposedA: bool,
  b: usize,
  strideB: usize,
  transposedB: bool,
  c: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  bias: usize,
  activation: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const strideC = (<usize>columns) << 2;
  for (let k = 0; k < depth; k += BLOCK_DEPTH) {
    const length = minimum(BLOCK_DEPTH, depth - k);
    const isLast = k + length == depth;
    const adds = k > 0 ? 1 : accumulate;
    const fromB = b + <usize>k * (transposedB ? 4 : strideB);
    const panelsA = scratch + ((<usize>((columns + 7) & ~7) * <usize>length) << 2);
    packB(fromB, strideB, transposedB, columns, length, scratch);
    for (let i = 0; i < rows; i += BLOCK_ROWS) {
      const height = minimum(BLOCK_ROWS, rows - i);
      const fromA = a + <usize>i * (transposedA ? 4 : strideA) + <usize>k * (transposedA ? strideA : 4);
      packA(fromA, strideA, transposedA, height, length, panelsA);
      for (let j = 0; j < columns; j += 8) {
        const panelB = scratch + ((<usize>j * <usize>length) << 2);
        const biasAt = bias && isLast ? bias + ((<usize>j) << 2) : 0;
        let panelA = panelsA;
        let target = c + <usize>i * strideC + ((<usize>j) << 2);
        for (let r = 0; r < height; r += 4) {
          tile(
            panelA,
            panelB,
            length,
            target,
            strideC,
            height - r,
            minimum(8, columns - j),
            biasAt,
            isLast ? activation : Activation.identity,
            adds,
          );
          panelA += (<usize>length) << 4;
          target += strideC << 2;
        }
      }
    }
  }
}
