// Copies of matrices as panels, in which a product runs from front to back: A four rows wide, B eight columns wide.
import { loadUpTo4 } from './vector';

@inline
export function minimum(a: i32, b: i32): i32 {
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
      const at = (<usize>k) << 2;
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
      const value: f32 = r < rows ? load<f32>(row + ((<usize>k) << 2)) : 0;
      store<f32>(to + ((<usize>k) << 4) + ((<usize>r) << 2), value);
    }
  }
}

/** A [rows, depth] to panels [depth][4]; transposed: A is stored [depth, rows]. */
export function packA(from: usize, stride: usize, transposed: bool, rows: i32, depth: i32, to: usize): void {
  const panel = (<usize>depth) << 4;
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
      const source = from + <usize>k * stride + ((<usize>i) << 2);
      let target = to + (<usize>i >> 2) * panel + ((<usize>k) << 4);
      for (let c = 0; c < width; c += 4, target += panel) {
        v128.store(target, loadUpTo4(source + ((<usize>c) << 2), width - c));
      }
    }
  }
}

/** B [depth, columns] to panels [depth][8], filled up with zeros; transposed: B is stored [columns, depth]. */
export function packB(
  from: usize,
  stride: usize,
  transposed: bool,
  columns: i32,
  depth: i32,
  to: usize,
): void {
  const panel = (<usize>depth) << 5;
  for (let j = 0; j < columns; j += 8, to += panel) {
    const width = minimum(8, columns - j);
    const source = transposed ? from + <usize>j * stride : from + ((<usize>j) << 2);
    if (transposed) packColumns(source, stride, width, depth, to);
    else if (width == 8) {
      for (let k = 0; k < depth; k++) {
        const row = source + <usize>k * stride;
        const target = to + ((<usize>k) << 5);
        v128.store(target, v128.load(row));
        v128.store(target, v128.load(row, 16), 16);
      }
    } else {
      for (let k = 0; k < depth; k++) {
        const row = source + <usize>k * stride;
        const target = to + ((<usize>k) << 5);
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
        const at = (<usize>k) << 2;
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
      const value: f32 = c < width ? load<f32>(row + ((<usize>k) << 2)) : 0;
      store<f32>(to + ((<usize>k) << 5) + ((<usize>c) << 2), value);
    }
  }
}
