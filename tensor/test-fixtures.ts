/** What the tests of the op set on tfjs share. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Tensorflow } from './ops.ts';

/** Value of f and gradient of its weighted sum, with weights 1, 2, 3, ... in the order of the elements. */
export function evaluate(tf: Tensorflow, f: (...operands: Tensor[]) => Tensor, operands: readonly Tensor[]) {
  return tf.tidy(() => {
    const value = f(...operands);
    const weights = tf.range(1, value.size + 1).reshape(value.shape);
    const gradients = tf.grads((...args: Tensor[]) =>
      f(...args)
        .mul(weights)
        .sum(),
    )([...operands]);
    return { value: value.arraySync(), gradients: gradients.map((gradient) => gradient.arraySync()) };
  });
}
