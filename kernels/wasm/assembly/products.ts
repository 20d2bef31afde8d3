// Matrix products: both factors are copied into panels (A four rows wide, B eight columns wide, each running along the reduction),
// and 4 x 8 tiles of the result are summed in registers, in the order of the reduction. A row's result depends on no other row.
import { Activation } from './codes';
import { softplus, softplusSlope, tanh } from './maths';
import { loadUpTo4, madd, putUpTo4, storeUpTo4, sumOf } from './vector';

/** Rows of A packed at a time: with a reduction of 256 they take 64 KiB. */
const BLOCK_ROWS: i32 = 64;
/** Length of the reduction handled at a time: a panel of B then takes 16 KiB of the 32 KiB of first-level cache. */
const BLOCK_DEPTH: i32 = 512;
/** Up to this many columns, dot products beat tiles that are mostly padding. */
const FEW_COLUMNS: i32 = 3;

const FLOAT: usize = 4;

// @ts-ignore: decorator
@inline
function minimum(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

/** Four rows of a row-major matrix (fewer are filled up with zeros) to [depth][4]. */
function packRows(from: usize, stride: usize, rows: i32, depth: i32, to: usize): void {
  if (rows == 4) {
    const whole = depth & ~3;
    const r1 = from + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    for (let k = 0; k < whole; k += 4) {
      const at = <usize>k << 2;
      const a = v128.load(from + at);
      const b = v128.load(r1 + at);
      const c = v128.load(r2 + at);
      const d = v128.load(r3 + at);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const target = to + (at << 2);
      v128.store(target, v128.shuffle<f64>(ab0, cd0, 0, 2));
      v128.store(target, v128.shuffle<f64>(ab0, cd0, 1, 3), 16);
      v128.store(target, v128.shuffle<f64>(ab1, cd1, 0, 2), 32);
      v128.store(target, v128.shuffle<f64>(ab1, cd1, 1, 3), 48);
    }
    packRest(from, stride, rows, whole, depth, to);
  } else packRest(from, stride, rows, 0, depth, to);
}

function packRest(from: usize, stride: usize, rows: i32, begin: i32, depth: i32, to: usize): void {
  for (let r = 0; r < 4; r++) {
    const row = from + <usize>r * stride;
    for (let k = begin; k < depth; k++) {
      const value: f32 = r < rows ? load<f32>(row + (<usize>k << 2)) : 0;
      store<f32>(to + (<usize>k << 4) + (<usize>r << 2), value);
    }
  }
}

/** A [rows, depth] to panels [depth][4]; transposed: A is stored [depth, rows]. */
function packA(from: usize, stride: usize, transposed: bool, rows: i32, depth: i32, to: usize): void {
  const panel = <usize>depth << 4;
  if (!transposed) {
    for (let i = 0; i < rows; i += 4, to += panel) {
      packRows(from + <usize>i * stride, stride, minimum(4, rows - i), depth, to);
    }
    return;
  }
  // Sixteen columns (one cache line) at a time.
  for (let i = 0; i < rows; i += 16) {
    const width = minimum(16, rows - i);
    for (let k = 0; k < depth; k++) {
      const source = from + <usize>k * stride + (<usize>i << 2);
      let target = to + (<usize>i >> 2) * panel + (<usize>k << 4);
      for (let c = 0; c < width; c += 4, target += panel) {
        v128.store(target, loadUpTo4(source + (<usize>c << 2), width - c));
      }
    }
  }
}

/** B [depth, columns] to panels [depth][8], filled up with zeros; transposed: B is stored [columns, depth]. */
function packB(from: usize, stride: usize, transposed: bool, columns: i32, depth: i32, to: usize): void {
  const panel = <usize>depth << 5;
  for (let j = 0; j < columns; j += 8, to += panel) {
    const width = minimum(8, columns - j);
    const source = transposed ? from + <usize>j * stride : from + (<usize>j << 2);
    if (transposed) packColumns(source, stride, width, depth, to);
    else if (width == 8) {
      for (let k = 0; k < depth; k++) {
        const row = source + <usize>k * stride;
        const target = to + (<usize>k << 5);
        v128.store(target, v128.load(row));
        v128.store(target, v128.load(row, 16), 16);
      }
    } else {
      for (let k = 0; k < depth; k++) {
        const row = source + <usize>k * stride;
        const target = to + (<usize>k << 5);
        v128.store(target, loadUpTo4(row, width));
        v128.store(target, width > 4 ? loadUpTo4(row + 16, width - 4) : f32x4.splat(0), 16);
      }
    }
  }
}

/** Up to eight rows of a row-major matrix to [depth][8]. */
function packColumns(from: usize, stride: usize, width: i32, depth: i32, to: usize): void {
  if (width == 8) {
    const whole = depth & ~3;
    for (let half: usize = 0; half < 2; half++) {
      const r0 = from + 4 * half * stride;
      const r1 = r0 + stride;
      const r2 = r1 + stride;
      const r3 = r2 + stride;
      for (let k = 0; k < whole; k += 4) {
        const at = <usize>k << 2;
        const a = v128.load(r0 + at);
        const b = v128.load(r1 + at);
        const c = v128.load(r2 + at);
        const d = v128.load(r3 + at);
        const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
        const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
        const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        const target = to + (at << 3) + (half << 4);
        v128.store(target, v128.shuffle<f64>(ab0, cd0, 0, 2));
        v128.store(target, v128.shuffle<f64>(ab0, cd0, 1, 3), 32);
        v128.store(target, v128.shuffle<f64>(ab1, cd1, 0, 2), 64);
        v128.store(target, v128.shuffle<f64>(ab1, cd1, 1, 3), 96);
      }
    }
    packColumnsRest(from, stride, width, whole, depth, to);
  } else packColumnsRest(from, stride, width, 0, depth, to);
}

function packColumnsRest(from: usize, stride: usize, width: i32, begin: i32, depth: i32, to: usize): void {
  for (let c = 0; c < 8; c++) {
    const row = from + <usize>c * stride;
    for (let k = begin; k < depth; k++) {
      const value: f32 = c < width ? load<f32>(row + (<usize>k << 2)) : 0;
      store<f32>(to + (<usize>k << 5) + (<usize>c << 2), value);
    }
  }
}

// @ts-ignore: decorator
@inline
function activate(value: v128, activation: i32): v128 {
  if (activation == Activation.identity) return value;
  if (activation == Activation.relu) return f32x4.pmax(value, f32x4.splat(0)); // lets NaN through
  return activation == Activation.tanh ? tanh(value) : softplus(value);
}

/** Four finished entries: add to what is there or to the bias, apply the activation, store as many as there are. */
// @ts-ignore: decorator
@inline
function finish(value: v128, c: usize, bias: usize, left: i32, activation: i32, accumulate: i32): void {
  if (accumulate) value = f32x4.add(loadUpTo4(c, left), value);
  if (bias) value = f32x4.add(value, loadUpTo4(bias, left));
  storeUpTo4(c, activate(value, activation), left);
}

function finishRow(low: v128, high: v128, c: usize, bias: usize, columns: i32, activation: i32, accumulate: i32): void {
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
  const end = a + (<usize>depth << 4);
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
function multiply(
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
  const strideC = <usize>columns * FLOAT;
  for (let k = 0; k < depth; k += BLOCK_DEPTH) {
    const length = minimum(BLOCK_DEPTH, depth - k);
    const isLast = k + length == depth;
    const adds = k > 0 ? 1 : accumulate;
    const fromB = b + <usize>k * (transposedB ? FLOAT : strideB);
    const panelsA = scratch + (<usize>((columns + 7) & ~7) * <usize>length << 2);
    packB(fromB, strideB, transposedB, columns, length, scratch);
    for (let i = 0; i < rows; i += BLOCK_ROWS) {
      const height = minimum(BLOCK_ROWS, rows - i);
      const fromA = a + <usize>i * (transposedA ? FLOAT : strideA) + <usize>k * (transposedA ? strideA : FLOAT);
      packA(fromA, strideA, transposedA, height, length, panelsA);
      for (let j = 0; j < columns; j += 8) {
        const panelB = scratch + (<usize>j * <usize>length << 2);
        const biasAt = bias && isLast ? bias + (<usize>j << 2) : 0;
        let panelA = panelsA;
        let target = c + <usize>i * strideC + (<usize>j << 2);
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
          panelA += <usize>length << 4;
          target += strideC << 2;
        }
      }
    }
  }
}

/** Sum of x[k] w[k]: sixteen running sums, in the same order whatever the row. */
function dot(x: usize, w: usize, size: i32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const end = x + (<usize>size << 2);
  while (x + 64 <= end) {
    s0 = madd(v128.load(x), v128.load(w), s0);
    s1 = madd(v128.load(x, 16), v128.load(w, 16), s1);
    s2 = madd(v128.load(x, 32), v128.load(w, 32), s2);
    s3 = madd(v128.load(x, 48), v128.load(w, 48), s3);
    x += 64;
    w += 64;
  }
  for (; x < end; x += 16, w += 16) {
    const left = <i32>(end - x) >> 2;
    s0 = madd(loadUpTo4(x, left), loadUpTo4(w, left), s0);
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (
    f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  );
}

/** y [rows, outputs] for one to three outputs: a dot product each. */
function linearFew(x: usize, w: usize, b: usize, y: usize, rows: i32, inputs: i32, outputs: i32, activation: i32, scratch: usize): void {
  let columns = w;
  const length = <usize>inputs * FLOAT;
  if (outputs > 1) {
    columns = scratch;
    for (let k = 0; k < inputs; k++) {
      for (let n = 0; n < outputs; n++) {
        store<f32>(scratch + <usize>n * length + (<usize>k << 2), load<f32>(w + (<usize>(k * outputs + n) << 2)));
      }
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let n = 0; n < outputs; n++) {
      const bias: f32 = b ? load<f32>(b + (<usize>n << 2)) : 0;
      const sum = dot(x, columns + <usize>n * length, inputs) + bias;
      const value = activate(f32x4.splat(sum), activation);
      store<f32>(y, f32x4.extract_lane(value, 0));
      y += FLOAT;
    }
    x += length;
  }
}

export function linear(x: i32, w: i32, b: i32, y: i32, members: i32, rows: i32, inputs: i32, outputs: i32, strideX: i32, activation: i32, scratch: i32): void {
  const stride = <usize>outputs * FLOAT;
  const working = <usize>scratch << 2;
  for (let g = 0; g < members; g++) {
    const from = <usize>(x + g * strideX) << 2;
    const weights = <usize>(w + g * inputs * outputs) << 2;
    const bias = b < 0 ? 0 : <usize>(b + g * outputs) << 2;
    const to = <usize>(y + g * rows * outputs) << 2;
    if (outputs <= FEW_COLUMNS) linearFew(from, weights, bias, to, rows, inputs, outputs, activation, working);
    else multiply(from, <usize>inputs * FLOAT, false, weights, stride, false, to, rows, outputs, inputs, bias, activation, 0, working);
  }
}

/** dw [inputs, outputs] for one to three outputs: columns of x weighted by dy, sixteen at a time. */
function weightGradientFew(x: usize, dy: usize, dw: usize, rows: i32, inputs: i32, outputs: i32, accumulate: i32, scratch: usize): void {
  const stride = <usize>inputs * FLOAT;
  const step = <usize>outputs * FLOAT;
  for (let n = 0; n < outputs; n++) {
    const to = outputs == 1 ? dw : scratch;
    const weights = dy + (<usize>n << 2);
    const adds = outputs == 1 ? accumulate : 0;
    let k = 0;
    for (; k + 16 <= inputs; k += 16) {
      let from = x + (<usize>k << 2);
      let at = weights;
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      for (let r = 0; r < rows; r++) {
        const d = v128.load32_splat(at);
        s0 = madd(v128.load(from), d, s0);
        s1 = madd(v128.load(from, 16), d, s1);
        s2 = madd(v128.load(from, 32), d, s2);
        s3 = madd(v128.load(from, 48), d, s3);
        from += stride;
        at += step;
      }
      const target = to + (<usize>k << 2);
      putUpTo4(target, s0, 4, adds);
      putUpTo4(target + 16, s1, 4, adds);
      putUpTo4(target + 32, s2, 4, adds);
      putUpTo4(target + 48, s3, 4, adds);
    }
    for (; k < inputs; k += 4) {
      let from = x + (<usize>k << 2);
      let at = weights;
      let s = f32x4.splat(0);
      for (let r = 0; r < rows; r++) {
        s = madd(loadUpTo4(from, inputs - k), v128.load32_splat(at), s);
        from += stride;
        at += step;
      }
      putUpTo4(to + (<usize>k << 2), s, inputs - k, adds);
    }
    if (outputs > 1) {
      for (let i = 0; i < inputs; i++) {
        const target = dw + <usize>i * step + (<usize>n << 2);
        const value = load<f32>(scratch + (<usize>i << 2));
        store<f32>(target, accumulate ? load<f32>(target) + value : value);
      }
    }
  }
}

export function weightGradient(x: i32, dy: i32, dw: i32, members: i32, rows: i32, inputs: i32, outputs: i32, strideX: i32, accumulate: i32, scratch: i32): void {
  const working = <usize>scratch << 2;
  for (let g = 0; g < members; g++) {
    const from = <usize>(x + g * strideX) << 2;
    const slopes = <usize>(dy + g * rows * outputs) << 2;
    const to = <usize>(dw + g * inputs * outputs) << 2;
    if (outputs <= FEW_COLUMNS) weightGradientFew(from, slopes, to, rows, inputs, outputs, accumulate, working);
    else multiply(from, <usize>inputs * FLOAT, true, slopes, <usize>outputs * FLOAT, false, to, inputs, outputs, rows, 0, Activation.identity, accumulate, working);
  }
}

export function inputGradient(dy: i32, w: i32, dx: i32, members: i32, rows: i32, inputs: i32, outputs: i32, strideX: i32, accumulate: i32, scratch: i32): void {
  const stride = <usize>outputs * FLOAT;
  for (let g = 0; g < members; g++) {
    const slopes = <usize>(dy + g * rows * outputs) << 2;
    const weights = <usize>(w + g * inputs * outputs) << 2;
    const to = <usize>(dx + g * strideX) << 2;
    const adds = accumulate || (strideX == 0 && g > 0) ? 1 : 0;
    multiply(slopes, stride, false, weights, stride, true, to, rows, inputs, outputs, 0, Activation.identity, adds, <usize>scratch << 2);
  }
}

// @ts-ignore: decorator
@inline
function activationSlope(y: v128, activation: i32): v128 {
  const one = f32x4.splat(1);
  if (activation == Activation.relu) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (activation == Activation.tanh) return f32x4.sub(one, f32x4.mul(y, y));
  return activation == Activation.softplus ? softplusSlope(y) : one;
}

export function activationGradient(y: i32, dy: i32, db: i32, members: i32, rows: i32, outputs: i32, activation: i32, accumulate: i32): void {
  const size = members * rows * outputs;
  const values = <usize>y << 2;
  const slopes = <usize>dy << 2;
  if (db < 0 || outputs == 1) {
    if (activation != Activation.identity) {
      for (let i = 0; i < size; i += 4) {
        const at = <usize>i << 2;
        const slope = activationSlope(loadUpTo4(values + at, size - i), activation);
        storeUpTo4(slopes + at, f32x4.mul(loadUpTo4(slopes + at, size - i), slope), size - i);
      }
    }
    if (db < 0) return;
    for (let g = 0; g < members; g++) {
      const at = <usize>(db + g) << 2;
      const sum = <f32>sumOf(slopes + (<usize>(g * rows) << 2), rows);
      store<f32>(at, accumulate ? load<f32>(at) + sum : sum);
    }
    return;
  }
  // Row by row, the sums in db itself.
  const sums = <usize>db << 2;
  if (!accumulate) memory.fill(sums, 0, <usize>(members * outputs) << 2);
  for (let r = 0; r < members * rows; r++) {
    const row = <usize>(r * outputs) << 2;
    const bias = sums + (<usize>(r / rows * outputs) << 2);
    for (let j = 0; j < outputs; j += 4) {
      const at = <usize>j << 2;
      const left = outputs - j;
      let slope = loadUpTo4(slopes + row + at, left);
      if (activation != Activation.identity) {
        slope = f32x4.mul(slope, activationSlope(loadUpTo4(values + row + at, left), activation));
        storeUpTo4(slopes + row + at, slope, left);
      }
      storeUpTo4(bias + at, f32x4.add(loadUpTo4(bias + at, left), slope), left);
    }
  }
}
