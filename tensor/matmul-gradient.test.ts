import { beforeAll, describe, expect, it } from 'vitest';
import { chooseTensorBackend } from './backend.ts';
import { repairMatMulGradient, transposedMatMulGradient } from './matmul-gradient.ts';
import type { Tensorflow } from './ops.ts';

/** The same products summed in float32 over at most 7 terms of size about 1. */
const ROUNDING = 2e-6;

let tf: Tensorflow;
let stock: ReturnType<Tensorflow['getGradient']>;

beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'cpu' }));
  stock = tf.getGradient('BatchMatMul');
});

interface Product {
  readonly batch: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const PRODUCTS: Product[] = [[], [3], [2, 3]].flatMap((batch) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({ batch, transposeA, transposeB })),
  ),
);

/** dA and dB of sum(C * C) for op(A) [.., 5, 4] and op(B) [.., 4, 7]. */
function gradients({ batch, transposeA, transposeB }: Product): Float32Array[] {
  const shapeA = [...batch, ...(transposeA ? [4, 5] : [5, 4])];
  const shapeB = [...batch, ...(transposeB ? [7, 4] : [4, 7])];
  return tf.tidy(() => {
    const operands = [
      tf.randomNormal(shapeA, 0, 1, 'float32', 1),
      tf.randomNormal(shapeB, 0, 1, 'float32', 2),
    ];
    const both = tf.grads((a, b) => tf.matMul(a, b, transposeA, transposeB).square().mean())(operands);
    return both.map((gradient) => gradient.dataSync<'float32'>().slice());
  });
}

function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index])), 0);
}

describe('the gradient of the matrix product with explicit transposes', () => {
  it('is not there before wasm is chosen', () => {
    expect(stock).not.toBe(transposedMatMulGradient);
  });

  it.each(PRODUCTS)('equals the one that tfjs ships, for %j', (product) => {
    tf.registerGradient(stock);
    const expected = gradients(product);
    tf.registerGradient(transposedMatMulGradient);
    const repaired = gradients(product);
    tf.registerGradient(stock);
    for (const operand of [0, 1]) {
      expect(repaired[operand].length).toBe(expected[operand].length);
      expect(difference(repaired[operand], expected[operand])).toBeLessThan(ROUNDING);
      expect(Math.max(...expected[operand])).toBeGreaterThan(1000 * ROUNDING);
    }
  });

  it('is put in place by the choice of wasm, and once', async () => {
    ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
    expect(tf.getGradient('BatchMatMul')).toBe(transposedMatMulGradient);
    repairMatMulGradient(tf);
    expect(tf.getGradient('BatchMatMul')).toBe(transposedMatMulGradient);
  });
});
