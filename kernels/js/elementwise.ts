/** Elementwise functions of the reference kernels, and their derivatives. */
import type { FloatArray } from '../arena.ts';
import { BINARY, UNARY } from '../codes.ts';
import { softplus } from './products.ts';

function binaryValue(code: number, a: number, b: number): number {
  switch (code) {
    case BINARY.add:
      return a + b;
    case BINARY.sub:
      return a - b;
    case BINARY.mul:
      return a * b;
    case BINARY.div:
      return a / b;
    case BINARY.minimum:
      return Math.min(a, b);
    default:
      return Math.max(a, b);
  }
}

/** The derivative with respect to a (side 0) or b (side 1); at a tie min and max are functions of a. */
function binarySlope(code: number, side: number, a: number, b: number): number {
  switch (code) {
    case BINARY.add:
      return 1;
    case BINARY.sub:
      return side === 0 ? 1 : -1;
    case BINARY.mul:
      return side === 0 ? b : a;
    case BINARY.div:
      return side === 0 ? 1 / b : -a / (b * b);
    case BINARY.minimum:
      return a <= b === (side === 0) ? 1 : 0;
    default:
      return a >= b === (side === 0) ? 1 : 0;
  }
}

export function binary(
  data: FloatArray,
  code: number,
  a: number,
  sizeA: number,
  b: number,
  sizeB: number,
  y: number,
  size: number,
): void {
  const small = Math.min(sizeA, sizeB);
  for (let start = 0; start < size; start += small) {
    const ai = sizeA === size ? a + start : a;
    const bi = sizeB === size ? b + start : b;
    for (let i = 0; i < small; i++) data[y + start + i] = binaryValue(code, data[ai + i], data[bi + i]);
  }
}

export function binaryGradient(
  data: FloatArray,
  code: number,
  side: number,
  a: number,
  sizeA: number,
  b: number,
  sizeB: number,
  dy: number,
  target: number,
  size: number,
  accumulate: number,
): void {
  const own = side === 0 ? sizeA : sizeB;
  for (let i = 0; i < own; i++) {
    let sum = accumulate === 0 ? 0 : data[target + i];
    for (let at = i; at < size; at += own) {
      sum += data[dy + at] * binarySlope(code, side, data[a + (at % sizeA)], data[b + (at % sizeB)]);
    }
    data[target + i] = sum;
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function unaryValue(code: number, x: number, p: number, q: number): number {
  switch (code) {
    case UNARY.affine:
      return p * x + q;
    case UNARY.exp:
      return Math.exp(x);
    case UNARY.log:
      return Math.log(x);
    case UNARY.tanh:
      return Math.tanh(x);
    case UNARY.sigmoid:
      return sigmoid(x);
    case UNARY.relu:
      return Math.max(x, 0);
    case UNARY.softplus:
      return softplus(x);
    case UNARY.square:
      return x * x;
    case UNARY.sqrt:
      return Math.sqrt(x);
    case UNARY.abs:
      return Math.abs(x);
    case UNARY.clip:
      return Math.min(Math.max(x, p), q);
    default:
      return Math.abs(x) <= p ? 0.5 * x * x : p * (Math.abs(x) - 0.5 * p);
  }
}

function unarySlope(code: number, x: number, y: number, p: number, q: number): number {
  switch (code) {
    case UNARY.affine:
      return p;
    case UNARY.exp:
      return y;
    case UNARY.log:
      return 1 / x;
    case UNARY.tanh:
      return 1 - y * y;
    case UNARY.sigmoid:
      return y * (1 - y);
    case UNARY.relu:
      return x > 0 ? 1 : 0;
    case UNARY.softplus:
      return sigmoid(x);
    case UNARY.square:
      return 2 * x;
    case UNARY.sqrt:
      return 0.5 / y;
    case UNARY.abs:
      return Math.sign(x);
    case UNARY.clip:
      return x >= p && x <= q ? 1 : 0;
    default:
      return Math.min(Math.max(x, -p), p);
  }
}

export function unary(
  data: FloatArray,
  code: number,
  x: number,
  y: number,
  size: number,
  p: number,
  q: number,
): void {
  for (let i = 0; i < size; i++) data[y + i] = unaryValue(code, data[x + i], p, q);
}

export function unaryGradient(
  data: FloatArray,
  code: number,
  x: number,
  y: number,
  dy: number,
  dx: number,
  size: number,
  p: number,
  q: number,
  accumulate: number,
): void {
  for (let i = 0; i < size; i++) {
    const term = data[dy + i] * unarySlope(code, data[x + i], data[y + i], p, q);
    data[dx + i] = accumulate === 0 ? term : data[dx + i] + term;
  }
}
