/**
 * The op set on tfjs tensors (contract: `kernels/op-set.ts`). The forward pass is tfjs's own; so is the gradient, by automatic
 * differentiation, which makes this engine the independent check on the hand-written gradients of `nn/`. A gradient is
 * given by hand only where tfjs has another one than the contract: stop-gradient, |x| at 0, softplus.
 *
 * Kept to kernels that the wasm backend has a gradient for: no gather, no einsum, no `where` on a variable condition.
 */
import type * as Tf from '@tensorflow/tfjs';
import type { Activation, Ops, Shape } from '../kernels/op-set.ts';
import {
  broadcastShape,
  checkClip,
  checkHuber,
  concatShape,
  constantShape,
  dropFirstShape,
  linearShape,
  matmulShape,
  reshapeShape,
  sameShape,
  sliceShape,
  sumLastShape,
} from '../kernels/shapes.ts';

/** The tfjs module, as a value to be passed around: the suite never imports it before it is asked for. */
export type Tensorflow = typeof Tf;
type Tensor = Tf.Tensor;

/**
 * The op set over tensors of the given tfjs instance. Call it inside `tf.tidy`: intermediate tensors are not disposed here.
 * Shapes, ties and broadcasting are the contract's; float32 throughout. Every op throws on shapes that do not fit, naming the
 * op and the shapes. Invariant: each op computes the same on every backend up to float32 rounding.
 */
export function tensorOps(tf: Tensorflow): Ops<Tensor> {
  const activate = (x: Tensor, activation: Activation): Tensor => {
    switch (activation) {
      case 'identity':
        return x;
      case 'relu':
        return tf.relu(x);
      case 'tanh':
        return tf.tanh(x);
      case 'softplus':
        return softplus(tf, x);
    }
  };
  const paired = (op: string, a: Tensor, b: Tensor): [Tensor, Tensor] => {
    const shape = broadcastShape(op, a.shape, b.shape);
    return [expand(tf, a, shape), expand(tf, b, shape)];
  };

  return {
    shapeOf: (x) => x.shape,
    constant(values, shape) {
      return tf.tensor(Float32Array.from(values), [...constantShape(values, shape)], 'float32');
    },

    linear(x, w, b, activation) {
      const [members, , outputs] = linearShape(x.shape, w.shape, b.shape);
      // One product per member: with a batch axis above 1, tfjs wasm leaves its fast product for one some 15 times slower.
      const inputsOfEach = x.rank === 3 ? membersOf(tf, x) : Array.from({ length: members }, () => x);
      const products = membersOf(tf, w).map((weights, member) => tf.matMul(inputsOfEach[member], weights));
      return activate(tf.add(tf.stack(products), tf.reshape(b, [members, 1, outputs])), activation);
    },
    matmul(a, b) {
      matmulShape(a.shape, b.shape);
      return tf.matMul(a, b);
    },

    add(a, b) {
      broadcastShape('add', a.shape, b.shape);
      return tf.add(a, b);
    },
    sub(a, b) {
      broadcastShape('sub', a.shape, b.shape);
      return tf.sub(a, b);
    },
    mul(a, b) {
      broadcastShape('mul', a.shape, b.shape);
      return tf.mul(a, b);
    },
    div(a, b) {
      broadcastShape('div', a.shape, b.shape);
      return tf.div(a, b);
    },
    // tfjs sends the gradient of both to `a` at a tie, as the contract has it, but does not sum it over broadcast axes.
    minimum: (a, b) => tf.minimum(...paired('minimum', a, b)),
    maximum: (a, b) => tf.maximum(...paired('maximum', a, b)),

    affine(x, scale, shift) {
      const scaled = scale === 1 ? x : tf.mul(x, scale);
      return shift === 0 ? scaled : tf.add(scaled, shift);
    },
    exp: (x) => tf.exp(x),
    log: (x) => tf.log(x),
    tanh: (x) => tf.tanh(x),
    sigmoid: (x) => tf.sigmoid(x),
    relu: (x) => tf.relu(x),
    softplus: (x) => softplus(tf, x),
    square: (x) => tf.square(x),
    sqrt: (x) => tf.sqrt(x),
    abs: (x) => absolute(tf, x),
    clip(x, low, high) {
      checkClip(low, high);
      return tf.clipByValue(x, low, high);
    },
    huber(x, threshold) {
      checkHuber(threshold);
      // With c = clip(x, -t, t): c (x - c/2) is x^2/2 inside and t (|x| - t/2) outside, and so are the gradients x and +-t.
      const c = tf.clipByValue(x, -threshold, threshold);
      return tf.mul(c, tf.sub(x, tf.mul(c, 0.5)));
    },

    concat(parts) {
      concatShape(parts.map((part) => part.shape));
      return tf.concat([...parts], -1);
    },
    slice(x, begin, end) {
      const extent = sliceShape(x.shape, begin, end);
      return tf.slice(x, [...extent.slice(0, -1).map(() => 0), begin], [...extent]);
    },
    reshape: (x, shape) => tf.reshape(x, [...reshapeShape(x.shape, shape)]),

    sum: (x) => tf.sum(x),
    mean: (x) => tf.mean(x),
    sumLast(x) {
      sumLastShape(x.shape);
      return tf.sum(x, -1, true);
    },
    meanFirst(x) {
      dropFirstShape('meanFirst', x.shape);
      return tf.mean(x, 0);
    },
    minFirst(x) {
      dropFirstShape('minFirst', x.shape);
      // Not tf.min: its gradient goes to every element of a tie. A chain of `minimum` sends it to the first.
      const members = membersOf(tf, x);
      return members.reduce((least, member) => tf.minimum(least, member));
    },

    // A custom op without inputs: nothing to send a gradient to, so the tape ends here. (A zero gradient sent further
    // would become NaN where a derivative behind it is infinite, as at sqrt(0).)
    stopGradient: (x) => tf.customGrad(() => ({ value: tf.clone(x), gradFunc: () => [] }))(),
  };
}

/** [G, ...] as G tensors [...]. The gradient of tf.unstack fails where there is one only. */
function membersOf(tf: Tensorflow, x: Tensor): Tensor[] {
  return x.shape[0] === 1 ? [tf.reshape(x, x.shape.slice(1))] : tf.unstack(x);
}

/** x repeated over the axes it lacks; adding zeros does it with a gradient that sums over them. */
function expand(tf: Tensorflow, x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : tf.add(x, tf.zeros([...shape]));
}

/** max(x, 0) + log(1 + e^-|x|): no overflow; the absolute error is float32's at 1 (wasm's log1p is no better). */
function softplus(tf: Tensorflow, x: Tensor): Tensor {
  return tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, Tf.GradSaveFunc];
    save([input]);
    const value = tf.add(tf.relu(input), tf.log1p(tf.exp(tf.neg(tf.abs(input)))));
    return { value, gradFunc: (dy, [saved]) => tf.mul(dy, tf.sigmoid(saved)) };
  })(x);
}

/** tfjs has the gradient of |x| at 0 as -1; here it is 0, the middle of the subdifferential. */
function absolute(tf: Tensorflow, x: Tensor): Tensor {
  return tf.customGrad((...args) => {
    const [input, save] = args as [Tensor, Tf.GradSaveFunc];
    save([input]);
    return { value: tf.abs(input), gradFunc: (dy, [saved]) => tf.mul(dy, tf.sign(saved)) };
  })(x);
}
