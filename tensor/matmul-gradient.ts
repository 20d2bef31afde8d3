/**
 * The gradient of tfjs's matrix product, without transpose flags. The wasm backend takes 7 to 13 times longer for a product with
 * a transpose flag than without, and every gradient that tfjs ships for BatchMatMul uses one; transposing first makes
 * a whole update two to four times faster.
 */
import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs';
import type { Tensorflow } from './ops.ts';

/**
 * For C = op(A) op(B), with op the identity or the transpose and the batch axes in front: dA = dC B' and dB = A' dC, each
 * transposed once more where the operand was. Shapes [..., M, K] and [..., K, N]; A and B have the same batch axes.
 * Equal to tfjs's own gradient up to rounding. Throws nothing of its own.
 */
export const transposedMatMulGradient: GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc(dy: Tensor | Tensor[], saved: Tensor[], attrs: NamedAttrMap) {
    const dC = Array.isArray(dy) ? dy[0] : dy;
    const [a, b] = saved;
    const { transposeA, transposeB } = attrs;
    return {
      a: () => {
        const bT = transposeB ? b : swapLast(b);
        return transposeA ? swapLast(dC.matMul(bT)) : dC.matMul(bT);
      },
      b: () => {
        const aT = transposeA ? a : swapLast(a);
        return transposeB ? swapLast(aT.matMul(dC)) : aT.matMul(dC);
      },
    };
  },
};

/**
 * Puts `transposedMatMulGradient` in the place of tfjs's own, once: a second call changes nothing. tfjs keeps one
 * gradient per op for all its backends, so a later switch to another backend in the same process has it too, with the same
 * numbers.
 */
export function repairMatMulGradient(tf: Tensorflow): void {
  if (tf.getGradient('BatchMatMul') !== transposedMatMulGradient)
    tf.registerGradient(transposedMatMulGradient);
}

/** The last two axes exchanged. */
function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  const [row, column] = axes.splice(-2);
  return x.transpose([...axes, column, row]);
}
