/**
 * What a kernel set computes: the op set's arithmetic, and its derivatives, over one arena. Every argument is a number.
 * Tensor arguments (lower-case names of tensors) are offsets into the arena in elements; NONE stands for "left out".
 * Flags are 0 or 1: `accumulate` 1 adds to what the target holds, 0 overwrites it.
 * Targets never overlap sources unless the comment says "in place".
 */
import type { Arena } from './arena.ts';

/** Offset of a tensor that is left out. */
export const NONE = -1;

export interface Kernels {
  /**
   * y = activation(x w + b) for each of `members` independent layers. x [members, rows, inputs], or [rows, inputs] shared by
   * all members where strideX is 0 (else strideX = rows inputs); w [members, inputs, outputs]; b [members, outputs] or NONE;
   * y [members, rows, outputs]. Row i of y does not depend on `rows`: each entry is summed over inputs in order.
   */
  linear(
    x: number,
    w: number,
    b: number,
    y: number,
    members: number,
    rows: number,
    inputs: number,
    outputs: number,
    strideX: number,
    activation: number,
    scratch: number,
  ): void;
  /** dw (+)= x^T dy, shapes as in `linear`. */
  weightGradient(
    x: number,
    dy: number,
    dw: number,
    members: number,
    rows: number,
    inputs: number,
    outputs: number,
    strideX: number,
    accumulate: number,
    scratch: number,
  ): void;
  /** dx (+)= dy w^T, shapes as in `linear`; where strideX is 0 the members add up in dx [rows, inputs]. */
  inputGradient(
    dy: number,
    w: number,
    dx: number,
    members: number,
    rows: number,
    inputs: number,
    outputs: number,
    strideX: number,
    accumulate: number,
    scratch: number,
  ): void;
  /** In place: dy *= activation'(.), written by means of y = activation(.); then db (+)= sum over rows of dy, unless NONE. */
  activationGradient(
    y: number,
    dy: number,
    db: number,
    members: number,
    rows: number,
    outputs: number,
    activation: number,
    accumulate: number,
  ): void;

  /** y[i] = f(a[i mod sizeA], b[i mod sizeB]), size = max(sizeA, sizeB), a multiple of both; `code` from BINARY. */
  binary(code: number, a: number, sizeA: number, b: number, sizeB: number, y: number, size: number): void;
  /** da (side 0, [sizeA]) or db (side 1, [sizeB]) (+)= dy f', summed over the repeats of a broadcast operand. */
  binaryGradient(
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
  ): void;
  /** y = f(x; p, q), `code` from UNARY. */
  unary(code: number, x: number, y: number, size: number, p: number, q: number): void;
  /** dx (+)= dy f'(x), with y = f(x) at hand. */
  unaryGradient(
    code: number,
    x: number,
    y: number,
    dy: number,
    dx: number,
    size: number,
    p: number,
    q: number,
    accumulate: number,
  ): void;

  /** y[i] = value. */
  fill(y: number, size: number, value: number): void;
  /** y[r, toY + c] (+)= x[r, fromX + c] for c < width: concat, slice and their derivatives. */
  copyColumns(
    x: number,
    widthX: number,
    fromX: number,
    y: number,
    widthY: number,
    toY: number,
    rows: number,
    width: number,
    accumulate: number,
  ): void;
  /** y[r] = scale sum_c x[r, c]. */
  sumLast(x: number, y: number, rows: number, width: number, scale: number): void;
  /** dx[r, c] (+)= scale dy[r]. */
  spreadLast(dy: number, dx: number, rows: number, width: number, scale: number, accumulate: number): void;
  /** y[i] = scale sum_g x[g, i]. */
  sumFirst(x: number, y: number, members: number, size: number, scale: number): void;
  /** dx[g, i] (+)= scale dy[i]. */
  spreadFirst(dy: number, dx: number, members: number, size: number, scale: number, accumulate: number): void;
  /** y[i] = min_g x[g, i]. */
  minFirst(x: number, y: number, members: number, size: number): void;
  /** dx[g, i] (+)= dy[i] for the first g with x[g, i] = y[i], and 0 for the others. */
  minFirstGradient(
    x: number,
    y: number,
    dy: number,
    dx: number,
    members: number,
    size: number,
    accumulate: number,
  ): void;

  /**
   * One Adam step, in place on p, m and v: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
   * p -= step m / (sqrt(v) scale + epsilon), where step = rate / (1 - beta1^t) and scale = 1 / sqrt(1 - beta2^t).
   */
  adam(
    p: number,
    g: number,
    m: number,
    v: number,
    size: number,
    step: number,
    scale: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;
  /** In place: target = (1 - mix) target + mix source. */
  softUpdate(target: number, source: number, size: number, mix: number): void;
}

/** Elements of scratch that `linear`, `weightGradient` and `inputGradient` may use for a product of these extents. */
export function scratchSize(rows: number, inputs: number, outputs: number): number {
  const padded = (n: number) => (n + 15) & ~15;
  return Math.max(padded(rows), padded(inputs), padded(outputs)) * (padded(inputs) + padded(outputs));
}

/** A kernel set before it is tied to an arena. */
export interface KernelSet {
  /** What a run records: 'js', 'wasm-simd', 'wasm-relaxed' or 'native'. */
  readonly name: string;
  /** Whether it also works on an arena of float64 (the reference does, for gradient checks). */
  readonly float64: boolean;
  /** Kernels over that arena. Throws if the arena's precision is not one it works on. */
  over(arena: Arena): Kernels;
}
