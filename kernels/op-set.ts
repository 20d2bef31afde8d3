/**
 * The op set: every operation an agent's loss may use. A loss is written once, as a function of `Ops<T>`, and runs on two
 * engines: the arena engine (`nn/`), where T is a node of a recorded graph replayed by the kernels, and tfjs (`tensor/`), where
 * T is a tensor and the gradient comes from automatic differentiation.
 *
 * Tensors are row-major. Binary elementwise ops broadcast by *suffix*: the shape of the smaller operand is a suffix of the
 * larger one's ([B, 1] against [G, B, 1], or a scalar [] or [1] against anything); the result has the larger shape.
 */

export type Shape = readonly number[];

export type Activation = 'identity' | 'relu' | 'tanh' | 'softplus';

export interface Ops<T> {
  shapeOf(x: T): Shape;
  /** A constant, outside differentiation. */
  constant(values: ArrayLike<number>, shape: Shape): T;

  /**
   * activation(x w + b), G independent layers at once (an ensemble).
   * x [B, K], shared by all members, or [G, B, K]; w [G, K, N]; b [G, N]; result [G, B, N].
   */
  linear(x: T, w: T, b: T, activation: Activation): T;
  /** a [M, K] times b [K, N]. */
  matmul(a: T, b: T): T;

  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  /** At a tie the gradient goes to `a` (both operands are equal there). */
  minimum(a: T, b: T): T;
  maximum(a: T, b: T): T;

  /** scale x + shift, with numbers fixed when the graph is recorded. */
  affine(x: T, scale: number, shift: number): T;
  exp(x: T): T;
  log(x: T): T;
  tanh(x: T): T;
  sigmoid(x: T): T;
  relu(x: T): T;
  /** log(1 + e^x), without overflow. */
  softplus(x: T): T;
  square(x: T): T;
  sqrt(x: T): T;
  abs(x: T): T;
  /** Limits x to [low, high]; the gradient is 1 on the closed interval and 0 outside. */
  clip(x: T, low: number, high: number): T;
  /** x^2/2 for |x| <= threshold, threshold (|x| - threshold/2) beyond (Huber 1964). */
  huber(x: T, threshold: number): T;

  /** Joins along the last axis; the leading axes agree. */
  concat(parts: readonly T[]): T;
  /** Columns [begin, end) of the last axis. */
  slice(x: T, begin: number, end: number): T;
  reshape(x: T, shape: Shape): T;

  /** Sum of all elements; shape []. */
  sum(x: T): T;
  /** Mean of all elements; shape []. */
  mean(x: T): T;
  /** Sum over the last axis, which stays with length 1: [..., D] to [..., 1]. */
  sumLast(x: T): T;
  /** Mean over the first axis, which goes: [G, ...] to [...]. */
  meanFirst(x: T): T;
  /** Minimum over the first axis, which goes; at a tie the gradient goes to the first. */
  minFirst(x: T): T;

  /** The same values, treated as constants by differentiation. */
  stopGradient(x: T): T;
}
