// Elementwise functions and their derivatives.
import { Binary, Unary } from './codes';
import { exp, log, sigmoid, softplus, tanh } from './maths';
import {
  highAsDouble,
  loadTail,
  loadUpTo4,
  lowAsDouble,
  madd,
  putUpTo4,
  storeTail,
  storeUpTo4,
  sumDoubles,
} from './vector';

function binaryValue(code: i32, a: v128, b: v128): v128 {
  switch (code) {
    case Binary.add:
      return f32x4.add(a, b);
    case Binary.sub:
      return f32x4.sub(a, b);
    case Binary.mul:
      return f32x4.mul(a, b);
    case Binary.div:
      return f32x4.div(a, b);
    case Binary.minimum:
      return f32x4.min(a, b);
    default:
      return f32x4.max(a, b);
  }
}

/** The derivative with respect to a (side 0) or b (side 1); at a tie min and max are functions of a. */
function binarySlope(code: i32, side: i32, a: v128, b: v128): v128 {
  const one = f32x4.splat(1);
  switch (code) {
    case Binary.add:
      return one;
    case Binary.sub:
      return side == 0 ? one : f32x4.splat(-1);
    case Binary.mul:
      return side == 0 ? b : a;
    case Binary.div:
      return side == 0 ? f32x4.div(one, b) : f32x4.neg(f32x4.div(f32x4.div(a, b), b));
    default: {
      const isOfA = code == Binary.minimum ? f32x4.le(a, b) : f32x4.ge(a, b);
      return v128.and(side == 0 ? isOfA : v128.not(isOfA), one);
    }
  }
}

/** Elements i.. of an operand, `single` if it is one number. */
@inline
function operand(p: usize, i: i32, left: i32, single: bool): v128 {
  return single ? v128.load32_splat(p) : loadUpTo4(p + ((<usize>i) << 2), left);
}

export function binary(code: i32, a: i32, sizeA: i32, b: i32, sizeB: i32, y: i32, size: i32): void {
  const smaller = sizeA < sizeB ? sizeA : sizeB;
  const span = smaller == 1 ? size : smaller;
  const singleA = sizeA == 1;
  const singleB = sizeB == 1;
  for (let start = 0; start < size; start += span) {
    const pa = (<usize>(sizeA == size ? a + start : a)) << 2;
    const pb = (<usize>(sizeB == size ? b + start : b)) << 2;
    const py = (<usize>(y + start)) << 2;
    const whole = span & ~3;
    for (let i = 0; i < whole; i += 4) {
      const value = binaryValue(code, operand(pa, i, 4, singleA), operand(pb, i, 4, singleB));
      v128.store(py + ((<usize>i) << 2), value);
    }
    for (let i = whole; i < span; i += 4) {
      const value = binaryValue(code, operand(pa, i, span - i, singleA), operand(pb, i, span - i, singleB));
      storeUpTo4(py + ((<usize>i) << 2), value, span - i);
    }
  }
}

export function binaryGradient(
  code: i32,
  side: i32,
  a: i32,
  sizeA: i32,
  b: i32,
  sizeB: i32,
  dy: i32,
  target: i32,
  size: i32,
  accumulate: i32,
): void {
  const own = side == 0 ? sizeA : sizeB;
  const other = side == 0 ? sizeB : sizeA;
  const singleA = sizeA == 1;
  const singleB = sizeB == 1;
  const pd = (<usize>dy) << 2;
  const to = (<usize>target) << 2;
  if (own == size) {
    const span = other == 1 ? size : other;
    for (let start = 0; start < size; start += span) {
      const pa = (<usize>(sizeA == size ? a + start : a)) << 2;
      const pb = (<usize>(sizeB == size ? b + start : b)) << 2;
      const shift = (<usize>start) << 2;
      for (let i = 0; i < span; i += 4) {
        const at = shift + ((<usize>i) << 2);
        const left = span - i;
        const slope = binarySlope(code, side, operand(pa, i, left, singleA), operand(pb, i, left, singleB));
        putUpTo4(to + at, f32x4.mul(loadUpTo4(pd + at, left), slope), left, accumulate);
      }
    }
    return;
  }
  // A repeated operand: its terms are summed in float64, along the other operand where it is one number, else over the repeats.
  const step = own == 1 ? 4 : own;
  const last = own == 1 ? 1 : own;
  for (let i = 0; i < last; i += 4) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let start = 0; start < size; start += step) {
      const left = own == 1 ? size - start : own - i;
      const pa = (<usize>(sizeA == size ? a + start : a)) << 2;
      const pb = (<usize>(sizeB == size ? b + start : b)) << 2;
      const slope = binarySlope(code, side, operand(pa, i, left, singleA), operand(pb, i, left, singleB));
      const dying = loadUpTo4(pd + ((<usize>(start + i)) << 2), left);
      // Padding has slopes such as 1/0: only the elements that are there count.
      const term = masked(f32x4.mul(dying, slope), left);
      low = f64x2.add(low, lowAsDouble(term));
      high = f64x2.add(high, highAsDouble(term));
    }
    const at = to + ((<usize>i) << 2);
    if (own == 1) putUpTo4(at, f32x4.splat(<f32>sumDoubles(low, high)), 1, accumulate);
    else {
      const sums = v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
      putUpTo4(at, sums, own - i, accumulate);
    }
  }
}

/** The first `left` lanes, then zeros. */
@inline
function masked(value: v128, left: i32): v128 {
  return v128.and(value, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)));
}

function unaryValue(code: i32, x: v128, p: v128, q: v128): v128 {
  switch (code) {
    case Unary.affine:
      return madd(p, x, q);
    case Unary.exp:
      return exp(x);
    case Unary.log:
      return log(x);
    case Unary.tanh:
      return tanh(x);
    case Unary.sigmoid:
      return sigmoid(x);
    case Unary.relu:
      return f32x4.pmax(x, f32x4.splat(0)); // lets NaN through
    case Unary.softplus:
      return softplus(x);
    case Unary.square:
      return f32x4.mul(x, x);
    case Unary.sqrt:
      return f32x4.sqrt(x);
    case Unary.abs:
      return f32x4.abs(x);
    case Unary.clip:
      return f32x4.min(f32x4.max(x, p), q);
    default: {
      const size = f32x4.abs(x);
      const inside = f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), x);
      const outside = f32x4.mul(p, f32x4.sub(size, f32x4.mul(f32x4.splat(0.5), p)));
      return v128.bitselect(inside, outside, f32x4.le(size, p));
    }
  }
}

function unarySlope(code: i32, x: v128, y: v128, p: v128, q: v128): v128 {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  switch (code) {
    case Unary.affine:
      return p;
    case Unary.exp:
      return y;
    case Unary.log:
      return f32x4.div(one, x);
    case Unary.tanh:
      return f32x4.sub(one, f32x4.mul(y, y));
    case Unary.sigmoid:
      return f32x4.mul(y, f32x4.sub(one, y));
    case Unary.relu:
      return v128.and(f32x4.gt(x, zero), one);
    case Unary.softplus:
      return sigmoid(x);
    case Unary.square:
      return f32x4.add(x, x);
    case Unary.sqrt:
      return f32x4.div(f32x4.splat(0.5), y);
    case Unary.abs: {
      const isPositive = v128.and(f32x4.gt(x, zero), one);
      return f32x4.sub(isPositive, v128.and(f32x4.lt(x, zero), one));
    }
    case Unary.clip:
      return v128.and(v128.and(f32x4.ge(x, p), f32x4.le(x, q)), one);
    default:
      return f32x4.min(f32x4.max(x, f32x4.neg(p)), p);
  }
}

export function unary(code: i32, x: i32, y: i32, size: i32, p: f32, q: f32): void {
  const px = (<usize>x) << 2;
  const py = (<usize>y) << 2;
  const pp = f32x4.splat(p);
  const qq = f32x4.splat(q);
  const whole = (<usize>(size & ~3)) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(py + at, unaryValue(code, v128.load(px + at), pp, qq));
  }
  const left = size & 3;
  if (left) storeTail(py + whole, unaryValue(code, loadTail(px + whole, left), pp, qq), left);
}

export function unaryGradient(
  code: i32,
  x: i32,
  y: i32,
  dy: i32,
  dx: i32,
  size: i32,
  p: f32,
  q: f32,
  accumulate: i32,
): void {
  const px = (<usize>x) << 2;
  const py = (<usize>y) << 2;
  const pd = (<usize>dy) << 2;
  const to = (<usize>dx) << 2;
  for (let i = 0; i < size; i += 4) {
    const at = (<usize>i) << 2;
    const left = size - i;
    const slope = unarySlope(
      code,
      loadUpTo4(px + at, left),
      loadUpTo4(py + at, left),
      f32x4.splat(p),
      f32x4.splat(q),
    );
    putUpTo4(to + at, f32x4.mul(loadUpTo4(pd + at, left), slope), left, accumulate);
  }
}
