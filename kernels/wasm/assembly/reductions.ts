// Copies, reductions and their derivatives.
import { loadUpTo4, putUpTo4, storeUpTo4, sumOf } from './vector';

export function fill(y: i32, size: i32, value: f32): void {
  const all = f32x4.splat(value);
  for (let i = 0; i < size; i += 4) storeUpTo4((<usize>(y + i)) << 2, all, size - i);
}

export function copyColumns(
  x: i32,
  widthX: i32,
  fromX: i32,
  y: i32,
  widthY: i32,
  toY: i32,
  rows: i32,
  width: i32,
  accumulate: i32,
): void {
  let from = (<usize>(x + fromX)) << 2;
  let to = (<usize>(y + toY)) << 2;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < width; c += 4) {
      const at = (<usize>c) << 2;
      putUpTo4(to + at, loadUpTo4(from + at, width - c), width - c, accumulate);
    }
    from += (<usize>widthX) << 2;
    to += (<usize>widthY) << 2;
  }
}

export function sumLast(x: i32, y: i32, rows: i32, width: i32, scale: f64): void {
  const from = (<usize>x) << 2;
  for (let r = 0; r < rows; r++) {
    store<f32>((<usize>(y + r)) << 2, <f32>(scale * sumOf(from + ((<usize>(r * width)) << 2), width)));
  }
}

export function spreadLast(dy: i32, dx: i32, rows: i32, width: i32, scale: f32, accumulate: i32): void {
  let to = (<usize>dx) << 2;
  for (let r = 0; r < rows; r++) {
    const term = f32x4.splat(scale * load<f32>((<usize>(dy + r)) << 2));
    for (let c = 0; c < width; c += 4) putUpTo4(to + ((<usize>c) << 2), term, width - c, accumulate);
    to += (<usize>width) << 2;
  }
}

export function sumFirst(x: i32, y: i32, members: i32, size: i32, scale: f32): void {
  for (let i = 0; i < size; i += 4) {
    let sum = f32x4.splat(0);
    for (let g = 0; g < members; g++)
      sum = f32x4.add(sum, loadUpTo4((<usize>(x + g * size + i)) << 2, size - i));
    storeUpTo4((<usize>(y + i)) << 2, f32x4.mul(sum, f32x4.splat(scale)), size - i);
  }
}

export function spreadFirst(dy: i32, dx: i32, members: i32, size: i32, scale: f32, accumulate: i32): void {
  for (let i = 0; i < size; i += 4) {
    const term = f32x4.mul(f32x4.splat(scale), loadUpTo4((<usize>(dy + i)) << 2, size - i));
    for (let g = 0; g < members; g++) putUpTo4((<usize>(dx + g * size + i)) << 2, term, size - i, accumulate);
  }
}

export function minFirst(x: i32, y: i32, members: i32, size: i32): void {
  for (let i = 0; i < size; i += 4) {
    let least = loadUpTo4((<usize>(x + i)) << 2, size - i);
    for (let g = 1; g < members; g++) {
      least = f32x4.min(least, loadUpTo4((<usize>(x + g * size + i)) << 2, size - i));
    }
    storeUpTo4((<usize>(y + i)) << 2, least, size - i);
  }
}

export function minFirstGradient(
  x: i32,
  y: i32,
  dy: i32,
  dx: i32,
  members: i32,
  size: i32,
  accumulate: i32,
): void {
  for (let i = 0; i < size; i += 4) {
    const left = size - i;
    const least = loadUpTo4((<usize>(y + i)) << 2, left);
    const slope = loadUpTo4((<usize>(dy + i)) << 2, left);
    let taken = i32x4.splat(0);
    for (let g = 0; g < members; g++) {
      const at = (<usize>(g * size + i)) << 2;
      const isFirst = v128.andnot(f32x4.eq(loadUpTo4(((<usize>x) << 2) + at, left), least), taken);
      taken = v128.or(taken, isFirst);
      putUpTo4(((<usize>dx) << 2) + at, v128.and(slope, isFirst), left, accumulate);
    }
  }
}
