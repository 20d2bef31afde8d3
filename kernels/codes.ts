/**
 * Numbers by which instructions name an elementwise function. The same numbers stand in kernels/wasm/assembly/codes.ts;
 * a test of each kernel set against the reference would fail at once if they differed.
 */
import type { Activation } from './op-set.ts';

export const ACTIVATION: Readonly<Record<Activation, number>> = {
  identity: 0,
  relu: 1,
  tanh: 2,
  softplus: 3,
};

/** y = f(a, b) with suffix broadcasting. */
export const BINARY = { add: 0, sub: 1, mul: 2, div: 3, minimum: 4, maximum: 5 } as const;
export type BinaryName = keyof typeof BINARY;

/** y = f(x; p, q): affine p x + q, clip to [p, q], Huber with threshold p; the others ignore p and q. */
export const UNARY = {
  affine: 0,
  exp: 1,
  log: 2,
  tanh: 3,
  sigmoid: 4,
  relu: 5,
  softplus: 6,
  square: 7,
  sqrt: 8,
  abs: 9,
  clip: 10,
  huber: 11,
} as const;
export type UnaryName = keyof typeof UNARY;
