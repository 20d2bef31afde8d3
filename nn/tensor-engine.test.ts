import { beforeAll, describe, expect, it } from 'vitest';
import type { Ops } from '../kernels/op-set.ts';
import { createRng } from '../numerics/random.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { referenceEngine } from './arena-engine.ts';
import { centralDifferences } from './central-differences.ts';
import { type Program, ROWS } from './engine.ts';
import { NonFiniteError } from './errors.ts';
import { mlp, mlpShapes } from './mlp.ts';
import { OP_CASES, opOperands, opProgram } from './op-cases.ts';
import { tensorEngine } from './tensor-engine.ts';

/** Relative to the largest entry: float32 sums of up to 33 products, and wasm's exp, log and tanh. */
const ROUNDING = 5e-6;
/** Of an Adam step: a handful of float32 roundings. */
const ADAM_ROUNDING = 1e-6;

type Named<V> = Readonly<Record<string, V>>;

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length ? largest(Array.from(a).map((value, index) => value - b[index])) : Number.NaN;
}

/** (x w + b)^2 in the mean over rows, plus a group that this phase only reads, and a parameter that the loss never reaches. */
const REGRESSION: Program = {
  groups: {
    line: { w: [1, 2, 1], b: [1, 1], idle: [3] },
    copy: { w: [1, 2, 1], b: [1, 1], idle: [3] },
    scale: { s: [1] },
  },
  phases: {
    fit: { inputs: { x: [4, 2], y: [4, 1] }, train: ['line'], build: fit },
    both: { inputs: { x: [4, 2], y: [4, 1] }, train: ['line', 'scale'], build: fit },
    look: {
      inputs: { x: [4, 2] },
      build: (ops, { inputs }) => ({ outputs: { same: inputs.x, twice: ops.affine(inputs.x, 2, 0) } }),
    },
    lost: {
      inputs: {},
      train: ['scale'],
      build: (ops, { parameters }) => ({ loss: ops.sum(parameters.line.w) }),
    },
    half: {
      inputs: {},
      train: ['line', 'scale'],
      build: (ops, { parameters }) => ({ loss: ops.sum(parameters.line.w) }),
    },
    silent: { inputs: {}, train: ['scale'], build: () => ({}) },
    vector: { inputs: {}, train: ['line'], build: (_, { parameters }) => ({ loss: parameters.line.w }) },
  },
  functions: {
    predict: {
      inputs: { x: [ROWS, 2], shift: [1] },
      build: (ops, { parameters, inputs }) => ({
        y: ops.add(predict(ops, parameters.line, inputs.x), inputs.shift),
      }),
    },
    average: { inputs: { x: [ROWS, 2] }, build: (ops, { inputs }) => ({ y: ops.mean(inputs.x) }) },
  },
};

function predict<T>(ops: Ops<T>, line: Named<T>, x: T): T {
  return ops.reshape(ops.linear(x, line.w, line.b, 'identity'), [ops.shapeOf(x)[0], 1]);
}

function fit<T>(ops: Ops<T>, symbols: { parameters: Named<Named<T>>; inputs: Named<T> }) {
  const { parameters, inputs } = symbols;
  const prediction = ops.mul(predict(ops, parameters.line, inputs.x), parameters.scale.s);
  const error = ops.sub(prediction, inputs.y);
  return { loss: ops.mean(ops.square(error)), outputs: { prediction, error } };
}

const START = {
  line: { w: Float32Array.of(1, -1), b: Float32Array.of(0.5), idle: Float32Array.of(1, 2, 3) },
  scale: { s: Float32Array.of(2) },
};

describe.each(['cpu', 'wasm'] as const)('the tensor engine on %s', (request) => {
  let tf: Tensorflow;
  beforeAll(async () => {
    await chooseTensorBackend({ request: 'wasm' });
    ({ tf } = await chooseTensorBackend({ request }));
  });

  function regression() {
    const engine = tensorEngine(REGRESSION, { tf, initial: START });
    engine.input('x').set([1, 2, 0, 1, -1, 1, 3, 0]);
    engine.input('y').set([0, 1, 0, 5]);
    return engine;
  }

  it.each(OP_CASES)('computes $name and its derivative as float64 does', (opCase) => {
    const program = opProgram(opCase);
    const operands = opOperands(opCase, createRng(3));
    const rounded = Object.fromEntries(
      Object.entries(operands).map(([name, values]) => [name, Float32Array.from(values)]),
    );
    const reference = referenceEngine(program, {
      initial: {
        x: Object.fromEntries(
          Object.entries(rounded).map(([name, values]) => [name, Float64Array.from(values)]),
        ),
      },
    });
    const numeric = centralDifferences(reference, { program, phase: 'phase', group: 'x' });
    reference.run('phase');
    const engine = tensorEngine(program, { tf, initial: { x: rounded } });
    engine.run('phase');
    const value = reference.output('phase', 'y');
    expect(gap(engine.output('phase', 'y'), value)).toBeLessThan(ROUNDING * Math.max(1, largest(value)));
    const gradients = engine.gradients('x');
    for (const name of Object.keys(numeric)) {
      expect(gap(gradients[name], numeric[name])).toBeLessThan(
        ROUNDING * Math.max(1, largest(numeric[name])),
      );
    }
    engine.dispose();
  });

  it('has the gradient of least squares, 0 for what the loss does not reach, in the trained groups alone', () => {
    const engine = regression();
    // prediction 2 (x1 - x2 + 0.5) = -1, -1, -3, 7 and errors e = -1, -2, -3, 2.
    expect(engine.run('fit')).toBe((1 + 4 + 9 + 4) / 4);
    expect(Array.from(engine.output('fit', 'error'))).toEqual([-1, -2, -3, 2]);
    const { w, b, idle } = engine.gradients('line');
    expect([Array.from(w), Array.from(b), Array.from(idle)]).toEqual([[8, -7], [-4], [0, 0, 0]]);
    expect(Array.from(engine.gradients('scale').s)).toEqual([0]);
    engine.run('both');
    expect(Array.from(engine.gradients('line').w)).toEqual([8, -7]);
    // d/ds mean (s p - y)^2 = mean 2 e p with p = -0.5, -0.5, -1.5, 3.5.
    expect(Array.from(engine.gradients('scale').s)).toEqual([(2 * (0.5 + 1 + 4.5 + 7)) / 4]);
    engine.dispose();
  });

  it('takes the Adam steps of the textbook', () => {
    const engine = regression();
    const { rate, beta1, beta2, epsilon } = { rate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 0.5 };
    const [m, v, theta] = [
      [0, 0],
      [0, 0],
      [1, -1],
    ];
    for (let t = 1; t <= 5; t++) {
      engine.run('fit');
      const g = engine.gradients('line').w;
      engine.adam('line', { rate, beta1, beta2, epsilon });
      for (const i of [0, 1]) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
        theta[i] -= (rate * (m[i] / (1 - beta1 ** t))) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon);
      }
      expect(gap(engine.parameters('line').w, theta)).toBeLessThan(t * ADAM_ROUNDING);
    }
    expect(engine.save().line.steps).toBe(5);
    expect(Array.from(engine.parameters('line').idle)).toEqual([1, 2, 3]);
    engine.dispose();
  });

  it('moves a target towards its source by the given share', () => {
    const engine = regression();
    engine.setParameters('copy', {
      w: Float32Array.of(5, 5),
      b: Float32Array.of(0.5),
      idle: new Float32Array(3),
    });
    engine.softUpdate('copy', 'line', 0.25);
    expect(Array.from(engine.parameters('copy').w)).toEqual([4, 3.5]);
    expect(Array.from(engine.parameters('copy').idle)).toEqual([0.25, 0.5, 0.75]);
    expect(Array.from(engine.parameters('line').w)).toEqual([1, -1]);
    engine.softUpdate('copy', 'line', 1);
    expect(engine.parameters('copy')).toEqual(engine.parameters('line'));
    expect(() => engine.softUpdate('line', 'scale', 0.5)).toThrow(/line and scale/);
    expect(() => engine.softUpdate('copy', 'line', 1.5)).toThrow(/mix is 1.5/);
    engine.dispose();
  });

  it('goes on from a saved state as if it had not stopped', () => {
    const [engine, resumed] = [regression(), regression()];
    const update = (one: typeof engine): void => {
      one.run('both');
      for (const group of ['line', 'scale']) one.adam(group, { rate: 0.05 });
    };
    for (let i = 0; i < 3; i++) update(engine);
    const saved = engine.save();
    resumed.load(structuredClone(saved));
    for (let i = 0; i < 3; i++) for (const one of [engine, resumed]) update(one);
    expect(resumed.save()).toEqual(engine.save());
    expect(resumed.save()).not.toEqual(saved);
    for (const one of [engine, resumed]) one.dispose();
  });

  it('loads nothing of a state that does not fit', () => {
    const engine = regression();
    const before = engine.save();
    const { line } = before;
    expect(() => engine.load({ line })).toThrow(/missing \[copy, scale\]/);
    const short = {
      ...before,
      scale: { ...before.scale, v: new Float32Array(2) },
      line: { ...line, m: line.m.map(() => 9) },
    };
    expect(() => engine.load(short)).toThrow(/second moment of scale/);
    expect(engine.save()).toEqual(before);
    expect(() => engine.setParameters('scale', { s: Float32Array.of(1, 2) })).toThrow(/scale\.s/);
    engine.dispose();
  });

  it('hands out copies of parameters and gradients, and keeps none of what it is given', () => {
    const engine = regression();
    const given = Float32Array.of(3);
    engine.setParameters('scale', { s: given });
    given[0] = 100;
    engine.parameters('scale').s[0] = 100;
    engine.run('both');
    engine.gradients('scale').s[0] = 100;
    expect(engine.parameters('scale').s[0]).toBe(3);
    expect(engine.gradients('scale').s[0]).not.toBe(100);
    engine.run('look');
    engine.input('x')[0] = 100;
    expect(engine.output('look', 'same')[0]).toBe(1);
    expect(engine.output('look', 'twice')[0]).toBe(2);
    engine.dispose();
  });

  it('evaluates a function of rows for any number of rows, each row by itself', () => {
    const engine = regression();
    const shift = Float32Array.of(10);
    const x = Float32Array.from({ length: 2 * 33 }, (_, i) => Math.sin(i));
    const { y } = engine.evaluate('predict', { x, shift }, 33);
    expect(y.length).toBe(33);
    for (const row of [0, 7, 32]) {
      const alone = engine.evaluate('predict', { x: x.slice(2 * row, 2 * row + 2), shift }, 1).y;
      expect(gap(alone, [x[2 * row] - x[2 * row + 1] + 10.5])).toBeLessThan(10 * ROUNDING);
      expect(gap(alone, [y[row]])).toBeLessThan(10 * ROUNDING);
    }
    expect(() => engine.evaluate('predict', { x, shift }, 32)).toThrow(
      /predict.*'x' got 66 values; expected 64/,
    );
    expect(() => engine.evaluate('predict', { x }, 33)).toThrow(/shift/);
    expect(() => engine.evaluate('average', { x }, 33)).toThrow(/average.*first axis/);
    engine.dispose();
  });

  it('has the same number of live tensors after every update, and frees them all', () => {
    const before = tf.memory().numTensors;
    const inputs = 2;
    const shapes = mlpShapes({ inputs, hidden: [4], outputs: 1, members: 2 });
    const program: Program = {
      groups: { critic: shapes, target: shapes },
      phases: {
        critic: {
          inputs: { x: [3, inputs] },
          train: ['critic'],
          build(ops, { parameters, inputs: { x } }) {
            const goal = ops.stopGradient(
              ops.minFirst(mlp(ops, parameters.target, x, { activation: 'softplus' })),
            );
            const error = ops.sub(mlp(ops, parameters.critic, x, { activation: 'tanh' }), ops.abs(goal));
            return { loss: ops.mean(ops.huber(error, 1)), outputs: { error } };
          },
        },
      },
      functions: {
        value: { inputs: { x: [ROWS, inputs] }, build: (ops, { inputs: { x } }) => ({ x: ops.tanh(x) }) },
      },
    };
    const engine = tensorEngine(program, { tf });
    const update = (): number => {
      engine.run('critic');
      engine.output('critic', 'error');
      engine.gradients('critic');
      engine.adam('critic', { rate: 1e-3 });
      engine.softUpdate('target', 'critic', 0.1);
      engine.evaluate('value', { x: new Float32Array(inputs) }, 1);
      engine.load(engine.save());
      return tf.memory().numTensors;
    };
    const first = update();
    for (let i = 1; i < 30; i++) expect(update()).toBe(first);
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('throws on a loss that is not finite, and frees what it had made', () => {
    const engine = regression();
    engine.run('fit');
    const live = tf.memory().numTensors;
    engine.input('y')[0] = Number.POSITIVE_INFINITY;
    expect(() => engine.run('fit')).toThrow(NonFiniteError);
    expect(tf.memory().numTensors).toBe(live);
    engine.dispose();
  });

  it('says what is wrong with a phase, a name or a moment', () => {
    const engine = regression();
    expect(() => engine.run('fits')).toThrow(/'fits'; there are: fit, both/);
    expect(() => engine.input('z')).toThrow(/'z'/);
    expect(() => engine.adam('lines', { rate: 0.1 })).toThrow(/'lines'/);
    expect(() => engine.adam('line', { rate: Number.NaN })).toThrow(/rate NaN/);
    expect(() => engine.output('fit', 'error')).toThrow(/before its first run/);
    expect(() => engine.run('lost')).toThrow(/^lost: .*connection/);
    expect(() => engine.run('half')).toThrow(/^half: .*'scale'/);
    expect(() => engine.run('silent')).toThrow(/^silent: no loss.*scale/);
    expect(() => engine.run('vector')).toThrow(/^vector: .*\[1, 2, 1\]/);
    const { fit: phase } = REGRESSION.phases;
    expect(() => tensorEngine({ groups: {}, phases: { phase } }, { tf })).toThrow(/'line'/);
    const other = { ...phase, inputs: { x: [5, 2] } };
    expect(() => tensorEngine({ ...REGRESSION, phases: { phase, other } }, { tf })).toThrow(
      /\[5, 2\].*\[4, 2\]/,
    );
    engine.dispose();
    engine.dispose();
    expect(() => engine.run('fit')).toThrow(/disposed/);
  });

  it('says on which backend it runs, and runs on no other', async () => {
    const engine = regression();
    expect(engine.description).toBe(`tensor:${request}`);
    await tf.setBackend(request === 'cpu' ? 'wasm' : 'cpu');
    expect(() => engine.run('fit')).toThrow(new RegExp(`made on backend ${request}`));
    await tf.setBackend(request);
    expect(engine.run('fit')).toBe(4.5);
    engine.dispose();
  });
});
