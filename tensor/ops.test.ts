import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ops } from '../kernels/op-set.ts';
import { chooseTensorBackend } from './backend.ts';
import { type Tensorflow, tensorOps } from './ops.ts';
import { evaluate } from './test-fixtures.ts';

/** A few roundings of float32 (6e-8 each) in a value, and wasm's own exp, log and tanh. */
const ROUNDING = 2e-6;

describe.each(['cpu', 'wasm'] as const)('the op set on tfjs %s', (request) => {
  let tf: Tensorflow;
  let ops: Ops<Tensor>;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request }));
    ops = tensorOps(tf);
  });

  it('sums the gradient of a broadcast operand over its repeats', () => {
    const a = tf.tensor3d([1, 2, 3, 4, 5, 6], [2, 3, 1]);
    const b = tf.tensor2d([10, 20, 40], [3, 1]);
    expect(evaluate(tf, (x, y) => ops.add(x, y), [a, b]).gradients[1]).toEqual([[5], [7], [9]]);
    expect(evaluate(tf, (x, y) => ops.sub(x, y), [a, b]).gradients[1]).toEqual([[-5], [-7], [-9]]);
    expect(evaluate(tf, (x, y) => ops.mul(x, y), [a, b]).gradients[1]).toEqual([
      [1 + 16],
      [4 + 25],
      [9 + 36],
    ]);
    expect(evaluate(tf, (x, y) => ops.div(y, x), [a, b]).gradients[1]).toEqual([[2], [2], [2]]);
    expect(evaluate(tf, (x, y) => ops.minimum(x, y), [b, a]).gradients).toEqual([
      [[0], [0], [0]],
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
    ]);
    expect(evaluate(tf, (x, y) => ops.maximum(x, y), [a, b]).gradients[1]).toEqual([[5], [7], [9]]);
    expect(evaluate(tf, (x, y) => ops.maximum(y, x), [tf.scalar(3.5), b]).gradients).toEqual([
      0,
      [[1], [2], [3]],
    ]);
    expect(evaluate(tf, (x, y) => ops.mul(y, x), [tf.tensor1d([2]), b]).gradients[0]).toEqual([
      10 + 40 + 120,
    ]);
  });

  it('sends the gradient of a tie to the first operand', () => {
    const [a, b] = [tf.tensor1d([1, 5, 2]), tf.tensor1d([1, 4, 3])];
    expect(evaluate(tf, (x, y) => ops.minimum(x, y), [a, b])).toEqual({
      value: [1, 4, 2],
      gradients: [
        [1, 0, 3],
        [0, 2, 0],
      ],
    });
    expect(evaluate(tf, (x, y) => ops.maximum(x, y), [a, b])).toEqual({
      value: [1, 5, 3],
      gradients: [
        [1, 2, 0],
        [0, 0, 3],
      ],
    });
    const members = tf.tensor2d([2, 7, 5, 1, 7, 5, 1, 7, 4], [3, 3]);
    expect(evaluate(tf, (x) => ops.minFirst(x), [members])).toEqual({
      value: [1, 7, 4],
      gradients: [
        [
          [0, 2, 0],
          [1, 0, 0],
          [0, 0, 3],
        ],
      ],
    });
  });

  it('takes an ensemble of one for what it is', () => {
    const one = tf.tensor2d([3, 4], [1, 2]);
    expect(evaluate(tf, (x) => ops.minFirst(x), [one])).toEqual({ value: [3, 4], gradients: [[[1, 2]]] });
    const [x, w, b] = [tf.ones([1, 1, 2]), tf.tensor3d([5, 6], [1, 2, 1]), tf.zeros([1, 1])];
    const { value, gradients } = evaluate(tf, (...xs) => ops.linear(xs[0], xs[1], xs[2], 'identity'), [
      x,
      w,
      b,
    ]);
    expect([value, gradients]).toEqual([[[[11]]], [[[[5, 6]]], [[[1], [1]]], [[1]]]]);
  });

  it('lets no gradient through stopGradient, not even where the derivative behind it is infinite', () => {
    const x = tf.tensor1d([0, 4]);
    const { value, gradients } = evaluate(tf, (a) => ops.mul(ops.stopGradient(ops.sqrt(a)), a), [x]);
    expect(value).toEqual([0, 8]);
    expect(gradients).toEqual([[0, 4]]);
  });

  it('computes an ensemble of layers as each layer by itself', () => {
    const random = (shape: number[], seed: number): Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
    const [x, w, b] = [random([5, 3], 1), random([2, 3, 4], 2), random([2, 4], 3)];
    const joint = tf.tidy(() =>
      tf.grads((...xs: Tensor[]) => ops.sum(ops.square(ops.linear(xs[0], xs[1], xs[2], 'tanh'))))([x, w, b]),
    );
    const member = (index: number): Tensor[] => {
      const [wi, bi] = [w.slice([index], [1]).reshape([3, 4]), b.slice([index], [1]).reshape([4])];
      return tf.grads((...xs: Tensor[]) => tf.add(tf.matMul(xs[0], xs[1]), xs[2]).tanh().square().sum())([
        x,
        wi,
        bi,
      ]);
    };
    const [first, second] = [member(0), member(1)];
    const expected = [
      first[0].add(second[0]),
      tf.stack([first[1], second[1]]),
      tf.stack([first[2], second[2]]),
    ];
    for (const operand of [0, 1, 2]) {
      expect(joint[operand].shape).toEqual(expected[operand].shape);
      expect(joint[operand].sub(expected[operand]).abs().max().dataSync()[0]).toBeLessThan(10 * ROUNDING);
    }
    const perMember = ops.linear(tf.stack([x, x]), w, b, 'softplus').sub(ops.linear(x, w, b, 'softplus'));
    expect(perMember.abs().max().dataSync()[0]).toBe(0);
  });

  it('reduces, joins and cuts as on paper', () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(evaluate(tf, (a) => ops.sum(a), [x])).toEqual({
      value: 21,
      gradients: [
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
      ],
    });
    expect(evaluate(tf, (a) => ops.mean(ops.affine(a, 6, 0)), [x])).toEqual({
      value: 21,
      gradients: [
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
      ],
    });
    expect(evaluate(tf, (a) => ops.sumLast(a), [x])).toEqual({
      value: [[6], [15]],
      gradients: [
        [
          [1, 1, 1],
          [2, 2, 2],
        ],
      ],
    });
    expect(evaluate(tf, (a) => ops.meanFirst(a), [x])).toEqual({
      value: [2.5, 3.5, 4.5],
      gradients: [
        [
          [0.5, 1, 1.5],
          [0.5, 1, 1.5],
        ],
      ],
    });
    expect(evaluate(tf, (a) => ops.slice(a, 1, 3), [x])).toEqual({
      value: [
        [2, 3],
        [5, 6],
      ],
      gradients: [
        [
          [0, 1, 2],
          [0, 3, 4],
        ],
      ],
    });
    expect(evaluate(tf, (a) => ops.reshape(a, [3, 2]), [x])).toEqual({
      value: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      gradients: [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
    });
    const y = tf.tensor2d([7, 8], [2, 1]);
    expect(evaluate(tf, (a, b) => ops.concat([a, b]), [x, y])).toEqual({
      value: [
        [1, 2, 3, 7],
        [4, 5, 6, 8],
      ],
      gradients: [
        [
          [1, 2, 3],
          [5, 6, 7],
        ],
        [[4], [8]],
      ],
    });
    const b = tf.tensor2d([1, 0, 2, 1, 0, 3], [3, 2]);
    expect(evaluate(tf, (p, q) => ops.matmul(p, q), [x, b])).toEqual({
      value: [
        [5, 11],
        [14, 23],
      ],
      gradients: [
        [
          [1, 4, 6],
          [3, 10, 12],
        ],
        [
          [13, 18],
          [17, 24],
          [21, 30],
        ],
      ],
    });
    expect(ops.constant([1, 2, 3], [3, 1]).arraySync()).toEqual([[1], [2], [3]]);
  });

  it('names the op and both shapes where they do not fit', () => {
    const [column, row, wide] = [tf.zeros([4, 1]), tf.zeros([3]), tf.zeros([4, 3])];
    expect(() => ops.add(column, wide)).toThrow(/add.*\[4, 1\] and \[4, 3\]/);
    expect(() => ops.minimum(wide, column)).toThrow(/minimum.*\[4, 3\] and \[4, 1\]/);
    expect(() => ops.matmul(wide, wide)).toThrow(/matmul.*\[4, 3\] and \[4, 3\]/);
    expect(() => ops.linear(wide, tf.zeros([2, 3, 5]), tf.zeros([5]), 'relu')).toThrow(
      /linear.*\[4, 3\].*\[2, 3, 5\] and b \[5\]/,
    );
    expect(() => ops.concat([wide, row])).toThrow(/concat.*\[4, 3\] and \[3\]/);
    expect(() => ops.concat([])).toThrow(/concat/);
    expect(() => ops.slice(wide, 2, 4)).toThrow(/slice.*\[2, 4\).*\[4, 3\]/);
    expect(() => ops.reshape(wide, [5])).toThrow(/reshape.*\[4, 3\].*\[5\]/);
    expect(() => ops.constant([1, 2], [3])).toThrow(/constant.*2 values.*\[3\]/);
    expect(() => ops.clip(row, 2, 1)).toThrow(/clip.*2.*1/);
    expect(() => ops.huber(row, 0)).toThrow(/huber.*0/);
    for (const reduce of [ops.sumLast, ops.meanFirst, ops.minFirst])
      expect(() => reduce(tf.scalar(1))).toThrow(/\[\] has no axis/);
  });
});
