/**
 * One small program per operation, kinks and broadcasting included: what the tests of derivatives and of kernel sets run through.
 * Each has a phase 'phase' that trains the group 'x', and gives the op's value as output 'y'.
 */
import type { Activation, Ops, Shape } from '../kernels/op-set.ts';
import { sizeOf } from '../kernels/shapes.ts';
import type { Program } from './engine.ts';

export interface OpCase {
  readonly name: string;
  /** Shapes of the operands. */
  readonly shapes: readonly Shape[];
  /** Operands are drawn uniformly from this range. */
  readonly range: readonly [number, number];
  build<T>(ops: Ops<T>, operands: readonly T[]): T;
}

const ANY: readonly [number, number] = [-2, 2];
const POSITIVE: readonly [number, number] = [0.2, 3];

type Build = <T>(ops: Ops<T>, operands: readonly T[]) => T;

function opCase(name: string, shapes: readonly Shape[], build: Build, range = ANY): OpCase {
  return { name, shapes, range, build };
}

function linearCases(): OpCase[] {
  const extents: readonly (readonly [number, number, number, number])[] = [
    [1, 1, 1, 1],
    [1, 5, 9, 1],
    [2, 7, 3, 2],
    [2, 6, 9, 17],
    [3, 13, 16, 8],
    [1, 33, 31, 5],
    [2, 18, 5, 3],
  ];
  const activations: readonly Activation[] = ['identity', 'relu', 'tanh', 'softplus'];
  return extents.flatMap(([members, rows, inputs, outputs], i) =>
    [true, false].map((shared) => {
      const activation = activations[(2 * i + (shared ? 0 : 1)) % 4];
      const x = shared ? [rows, inputs] : [members, rows, inputs];
      const name = `linear ${activation}, x [${x}], w [${[members, inputs, outputs]}]`;
      const shapes = [x, [members, inputs, outputs], [members, outputs]];
      return opCase(name, shapes, (ops, [a, w, b]) => ops.linear(a, w, b, activation));
    }),
  );
}

const PAIRS: readonly (readonly [Shape, Shape])[] = [
  [
    [3, 7],
    [3, 7],
  ],
  [
    [2, 5, 1],
    [5, 1],
  ],
  [[9], [4, 9]],
  [[], [6, 3]],
  [[3, 11], [1]],
];

const BINARY_BUILDS: Readonly<Record<string, Build>> = {
  add: (ops, [a, b]) => ops.add(a, b),
  sub: (ops, [a, b]) => ops.sub(a, b),
  mul: (ops, [a, b]) => ops.mul(a, b),
  div: (ops, [a, b]) => ops.div(a, b),
  minimum: (ops, [a, b]) => ops.minimum(a, b),
  maximum: (ops, [a, b]) => ops.maximum(a, b),
};

const UNARY_BUILDS: Readonly<Record<string, Build>> = {
  affine: (ops, [x]) => ops.affine(x, -1.5, 0.25),
  exp: (ops, [x]) => ops.exp(x),
  tanh: (ops, [x]) => ops.tanh(x),
  sigmoid: (ops, [x]) => ops.sigmoid(x),
  relu: (ops, [x]) => ops.relu(x),
  softplus: (ops, [x]) => ops.softplus(x),
  square: (ops, [x]) => ops.square(x),
  abs: (ops, [x]) => ops.abs(x),
  clip: (ops, [x]) => ops.clip(x, -0.7, 1.1),
  huber: (ops, [x]) => ops.huber(x, 0.8),
};

const SHAPED: readonly OpCase[] = [
  opCase(
    'matmul',
    [
      [5, 9],
      [9, 11],
    ],
    (ops, [a, b]) => ops.matmul(a, b),
  ),
  opCase(
    'matmul to one column',
    [
      [6, 10],
      [10, 1],
    ],
    (ops, [a, b]) => ops.matmul(a, b),
  ),
  opCase('log', [[4, 5]], (ops, [x]) => ops.log(x), POSITIVE),
  opCase('sqrt', [[4, 5]], (ops, [x]) => ops.sqrt(x), POSITIVE),
  opCase(
    'concat',
    [
      [3, 2],
      [3, 5],
      [3, 1],
    ],
    (ops, parts) => ops.concat(parts),
  ),
  opCase('concat of a tensor with itself', [[3, 2]], (ops, [x]) => ops.concat([x, x])),
  opCase('slice', [[4, 6]], (ops, [x]) => ops.slice(x, 1, 4)),
  opCase('overlapping slices', [[4, 6]], (ops, [x]) => ops.mul(ops.slice(x, 0, 4), ops.slice(x, 2, 6))),
  opCase('reshape', [[4, 6]], (ops, [x]) => ops.mul(ops.reshape(x, [8, 3]), ops.reshape(x, [8, 3]))),
  opCase('sum', [[4, 7]], (ops, [x]) => ops.sum(x)),
  opCase('mean', [[4, 7]], (ops, [x]) => ops.mean(x)),
  opCase('sumLast', [[2, 3, 7]], (ops, [x]) => ops.sumLast(x)),
  opCase('meanFirst', [[3, 5, 2]], (ops, [x]) => ops.meanFirst(x)),
  opCase('minFirst', [[3, 9, 1]], (ops, [x]) => ops.minFirst(x)),
];

/** Every operation of the set but stopGradient, whose derivative is not that of its value. */
export const OP_CASES: readonly OpCase[] = [
  ...linearCases(),
  ...Object.entries(BINARY_BUILDS).flatMap(([name, build]) =>
    PAIRS.map(([a, b]) => opCase(`${name} [${a}] [${b}]`, [a, b], build, name === 'div' ? POSITIVE : ANY)),
  ),
  ...Object.entries(UNARY_BUILDS).map(([name, build]) => opCase(name, [[5, 7]], build)),
  ...SHAPED,
];

/** Number of elements of the op's value, from which the weights of the loss are made. */
function weightsFor(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Math.cos(1 + 1.7 * i));
}

/**
 * The op as a program: group 'x' holds the operands x0, x1, ..., and the loss is a weighted sum of the op's value, with a different
 * weight for each element, so that no two elements can be mistaken for each other.
 */
export function opProgram({ shapes, build }: OpCase): Program {
  const names = shapes.map((_, i) => `x${i}`);
  return {
    groups: { x: Object.fromEntries(names.map((name, i) => [name, shapes[i]])) },
    phases: {
      phase: {
        inputs: {},
        train: ['x'],
        build(ops, { parameters }) {
          const y = build(
            ops,
            names.map((name) => parameters.x[name]),
          );
          const shape = ops.shapeOf(y);
          const weights = ops.constant(weightsFor(sizeOf(shape)), shape);
          return { loss: ops.sum(ops.mul(y, weights)), outputs: { y } };
        },
      },
    },
  };
}

/** Operands of a case from a generator of uniforms on [0, 1). */
export function opOperands(
  { shapes, range: [low, high] }: OpCase,
  rng: { uniform(): number },
): Record<string, Float64Array> {
  const draw = (shape: Shape) =>
    Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * rng.uniform());
  return Object.fromEntries(shapes.map((shape, i) => [`x${i}`, draw(shape)]));
}
