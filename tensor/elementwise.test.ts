import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ops } from '../kernels/op-set.ts';
import { chooseTensorBackend } from './backend.ts';
import { type Tensorflow, tensorOps } from './ops.ts';
import { evaluate } from './test-fixtures.ts';

/** A few roundings of float32 (6e-8 each) in a value, and wasm's own exp, log and tanh. */
const ROUNDING = 2e-6;

const POINTS = [-3, -1.3, -0.4, 0.2, 0.9, 2.5];
const POSITIVE = [0.05, 0.3, 1, 2.7, 9];

interface ClosedForm {
  readonly name: string;
  readonly points: readonly number[];
  readonly op: (ops: Ops<Tensor>, x: Tensor) => Tensor;
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const CLOSED_FORMS: readonly ClosedForm[] = [
  {
    name: 'affine',
    points: POINTS,
    op: (ops, x) => ops.affine(x, -1.5, 0.25),
    value: (x) => 0.25 - 1.5 * x,
    slope: () => -1.5,
  },
  { name: 'exp', points: POINTS, op: (ops, x) => ops.exp(x), value: Math.exp, slope: Math.exp },
  { name: 'log', points: POSITIVE, op: (ops, x) => ops.log(x), value: Math.log, slope: (x) => 1 / x },
  {
    name: 'tanh',
    points: POINTS,
    op: (ops, x) => ops.tanh(x),
    value: Math.tanh,
    slope: (x) => 1 / Math.cosh(x) ** 2,
  },
  {
    name: 'sigmoid',
    points: POINTS,
    op: (ops, x) => ops.sigmoid(x),
    value: sigmoid,
    slope: (x) => sigmoid(x) * sigmoid(-x),
  },
  {
    name: 'relu',
    points: [...POINTS, 0],
    op: (ops, x) => ops.relu(x),
    value: (x) => Math.max(x, 0),
    slope: (x) => (x > 0 ? 1 : 0),
  },
  {
    name: 'softplus',
    points: [...POINTS, 0, -80, 80],
    op: (ops, x) => ops.softplus(x),
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: sigmoid,
  },
  { name: 'square', points: POINTS, op: (ops, x) => ops.square(x), value: (x) => x * x, slope: (x) => 2 * x },
  {
    name: 'sqrt',
    points: POSITIVE,
    op: (ops, x) => ops.sqrt(x),
    value: Math.sqrt,
    slope: (x) => 0.5 / Math.sqrt(x),
  },
  { name: 'abs', points: [...POINTS, 0], op: (ops, x) => ops.abs(x), value: Math.abs, slope: Math.sign },
  {
    name: 'clip to [-1, 0.5], the bounds included',
    points: [-3, -1, -0.4, 0.2, 0.5, 2.5],
    op: (ops, x) => ops.clip(x, -1, 0.5),
    value: (x) => Math.min(Math.max(x, -1), 0.5),
    slope: (x) => (x >= -1 && x <= 0.5 ? 1 : 0),
  },
  {
    name: 'huber with threshold 0.9',
    points: [...POINTS, 0],
    op: (ops, x) => ops.huber(x, 0.9),
    value: (x) => (Math.abs(x) <= 0.9 ? x * x : 0.9 * (2 * Math.abs(x) - 0.9)) / 2,
    slope: (x) => Math.min(Math.max(x, -0.9), 0.9),
  },
];

describe.each(['cpu', 'wasm'] as const)('an elementwise op on tfjs %s', (request) => {
  let tf: Tensorflow;
  let ops: Ops<Tensor>;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request }));
    ops = tensorOps(tf);
  });

  it.each(CLOSED_FORMS)(
    '$name has the value and the derivative of the textbook',
    ({ points, op, value, slope }) => {
      const x = tf.tensor1d([...points]);
      const result = evaluate(tf, (a) => op(ops, a), [x]);
      const exact = Array.from(x.dataSync());
      exact.forEach((point, index) => {
        const [got, wanted] = [(result.value as number[])[index], value(point)];
        expect(Math.abs(got - wanted)).toBeLessThan(ROUNDING * Math.max(1, Math.abs(wanted)));
        const weight = index + 1;
        const gap = (result.gradients[0] as number[])[index] / weight - slope(point);
        expect(Math.abs(gap)).toBeLessThan(ROUNDING * Math.max(1, Math.abs(slope(point))));
      });
    },
  );
});
