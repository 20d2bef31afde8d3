/** No engine goes on with NaN or infinity, and each says where it first was. */
import { beforeAll, describe, expect, it } from 'vitest';
import { availableKernels } from '../kernels/choose.ts';
import { jsKernels } from '../kernels/js/index.ts';
import type { Ops } from '../kernels/op-set.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { arenaEngine, referenceEngine } from './arena-engine.ts';
import type { Engine, Program, Values } from './engine.ts';
import { NonFiniteError } from './errors.ts';
import { tensorEngine } from './tensor-engine.ts';
import { faultyKernels } from './test-fixtures.ts';

/** The sum of f(p) over a matrix p [2, 3], next to a group that no loss reads. */
function sumOf(f: <T>(ops: Ops<T>, p: T, x: T) => T): Program {
  return {
    groups: { net: { b: [2], p: [2, 3] }, idle: { b: [2], p: [2, 3] } },
    phases: {
      fit: {
        inputs: { x: [2, 3] },
        train: ['net'],
        build: (ops, { parameters, inputs }) => ({ loss: ops.sum(f(ops, parameters.net.p, inputs.x)) }),
      },
    },
  };
}

const ROOTS = sumOf((ops, p) => ops.sqrt(p));
const PRODUCTS = sumOf((ops, p, x) => ops.mul(p, x));

/** Of 2^-24, twice. */
const FLOAT32_ROUNDING = 1.2e-7;

/** Any engine, whatever it computes in. */
interface Subject {
  readonly name: string;
  /** About the largest number that it holds. */
  readonly most: number;
  make(program: Program): Engine<Values>;
}

let tf: Tensorflow;
beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
});

const SUBJECTS: readonly Subject[] = [
  ...availableKernels().map((kernels) => ({
    name: kernels.name,
    most: 3.4e38,
    make: (program: Program) => arenaEngine(program, { kernels }) as Engine<Values>,
  })),
  { name: 'the reference', most: 1.79e308, make: (program) => referenceEngine(program) as Engine<Values> },
  { name: 'tfjs', most: 3.4e38, make: (program) => tensorEngine(program, { tf }) as Engine<Values> },
];

describe.each(SUBJECTS)('$name', ({ make, most }) => {
  /** An engine whose parameters p and inputs x are these. */
  function started(program: Program, p: readonly number[], x: readonly number[] = []): Engine<Values> {
    const engine = make(program);
    const { b, p: values } = engine.parameters('net');
    values.set(p);
    engine.setParameters('net', { b, p: values });
    engine.input('x').set(x);
    return engine;
  }

  it('names the element whose gradient is infinite though the loss is a number', () => {
    // The root of 0 is 0, its slope infinite: p[1, 1] is number 4 of 6.
    const engine = started(ROOTS, [1, 4, 9, 16, 0, 25]);
    expect(engine.run('fit')).toBeCloseTo(1 + 2 + 3 + 4 + 5, 5);
    expect(() => engine.adam('net', { rate: 0.1 })).toThrow(NonFiniteError);
    const again = started(ROOTS, [1, 4, 9, 16, 0, 25]);
    again.run('fit');
    expect(() => again.adam('net', { rate: 0.1 })).toThrow(
      /^adam: the gradient of net\.p\[1, 1\] is (NaN|Infinity) in the group's step 1, though the loss was finite/,
    );
  });

  it('names a gradient whose square, which Adam takes, overflows: its parameter would never move again', () => {
    const large = 1000 * Math.sqrt(most);
    const engine = started(PRODUCTS, [0, 0, 0, 0, 0, 0], [1, 1, 1, large, 1, 1]);
    expect(engine.run('fit')).toBe(0);
    expect(() => engine.adam('net', { rate: 0.1 })).toThrow(
      /^adam: the gradient of net\.p\[1, 0\] is .*e\+\d+, too large to be squared in the group's step 1,/,
    );
  });

  it('names the parameter that a step of an excessive rate makes infinite, and the rate', () => {
    const engine = started(PRODUCTS, [0, 0, -0.75 * most, 0, 0, 0], [0, 0, 1, 1, 1, 1]);
    engine.run('fit');
    // The step is the rate; the vector kernels have rate / (1 - beta1) in float32, infinite already, and NaN where the gradient is 0.
    expect(() => engine.adam('net', { rate: 0.75 * most })).toThrow(
      /^adam: the parameter net\.(b\[0\]|p\[0, 2\]) is (NaN|-Infinity) after the group's step 1 at rate [\d.]+e\+\d+; it must be finite/,
    );
  });

  it('takes finite numbers whose sum overflows for what they are', () => {
    const engine = started(PRODUCTS, Array(6).fill(0.5 * most), [0, 0, 0, 0, 1, -1]);
    engine.run('fit');
    engine.adam('net', { rate: 0.1 });
    expect(Math.abs(engine.parameters('net').p[0] / (0.5 * most) - 1)).toBeLessThan(FLOAT32_ROUNDING);
    expect(engine.save().net.steps).toBe(1);
  });

  it('names the input that makes a loss NaN', () => {
    const engine = started(PRODUCTS, [1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, Number.NaN]);
    expect(() => engine.run('fit')).toThrow(NonFiniteError);
    expect(() => engine.run('fit')).toThrow(
      /^fit: the loss is NaN; it must be finite\. Its input x\[1, 2\] is NaN\. Look at what the learner is given/,
    );
  });

  it('names the largest parameter where finite numbers have overflowed', () => {
    const engine = started(PRODUCTS, [1, 1, -0.01 * most, 1, 1, 1], [0, 0, 0.01 * most, 0, 0, 0]);
    expect(() => engine.run('fit')).toThrow(
      /^fit: the loss is -Infinity; .* the largest parameter being net\.p\[0, 2\] = -\S*e\+\d+: a product overflowed/,
    );
  });

  it('takes no parameter or moment that is not finite, and keeps what it had', () => {
    const engine = started(PRODUCTS, [1, 2, 3, 4, 5, 6]);
    const before = engine.save();
    const { b, p } = engine.parameters('net');
    p[4] = Number.NaN;
    expect(() => engine.setParameters('net', { b, p })).toThrow(NonFiniteError);
    expect(() => engine.setParameters('net', { b, p })).toThrow(/parameter net\.p\[1, 1\] is NaN/);
    const { v } = engine.save().net;
    v[7] = Number.POSITIVE_INFINITY;
    // The vector b comes first: number 7 is the last of p.
    expect(() => engine.load({ ...before, net: { ...before.net, v } })).toThrow(
      /^load: the second moment of net\.p\[1, 2\] is Infinity; it must be finite\. Go on from a checkpoint before/,
    );
    expect(engine.save()).toEqual(before);
  });
});

describe.each(availableKernels())('a fault in memory under $name kernels', (kernels) => {
  it('of a parameter that a loss reads is named with the loss', () => {
    let isStruck = false;
    const faulty = faultyKernels(kernels, {
      kernel: 'softUpdate',
      isStruck: () => isStruck,
      strike: (data, [target]) => void data.fill(Number.NaN, target + 2, target + 3),
    });
    const engine = arenaEngine(PRODUCTS, { kernels: faulty });
    isStruck = true;
    engine.softUpdate('net', 'idle', 0.5);
    expect(() => engine.run('fit')).toThrow(
      /^fit: the loss is NaN; .* The parameter net\.p\[0, 0\] is NaN\. Go on from a checkpoint before/,
    );
  });

  it('of a parameter that no loss reads gets into no saved state', () => {
    const faulty = faultyKernels(kernels, {
      kernel: 'softUpdate',
      isStruck: () => true,
      strike: (data, [target]) => void data.fill(Number.NaN, target + 1, target + 2),
    });
    const engine = arenaEngine(PRODUCTS, { kernels: faulty });
    engine.softUpdate('idle', 'net', 0.5);
    expect(() => engine.save()).toThrow(NonFiniteError);
    expect(() => engine.save()).toThrow(/^save: the parameter idle\.b\[1\] is NaN/);
  });

  it('of a gradient or of a parameter is found by the next step of Adam', () => {
    const struckIn = (kernel: 'adam' | 'fill', at: number, offset: number) => {
      const faulty = faultyKernels(kernels, {
        kernel,
        isStruck: () => true,
        strike: (data, args) => void data.fill(Number.NaN, args[at] + offset, args[at] + offset + 1),
      });
      const engine = arenaEngine(PRODUCTS, { kernels: faulty });
      engine.run('fit');
      return () => engine.adam('net', { rate: 0.1 });
    };
    // The gradient of b, which the loss does not reach, is filled with zeros.
    expect(struckIn('fill', 0, 0)).toThrow(/the gradient of net\.(b\[[01]\]|p\[\d, \d\]) is NaN/);
    expect(struckIn('adam', 0, 3)).toThrow(
      /^adam: the parameter net\.p\[0, 1\] is NaN after the group's step 1/,
    );
    expect(struckIn('adam', 3, 0)).toThrow(
      /^adam: the second moment of net\.b\[0\] is NaN after the group's step 1/,
    );
  });
});

it('the fixture strikes only when it is told to', () => {
  const faulty = faultyKernels(jsKernels, { kernel: 'adam', isStruck: () => false, strike: () => {} });
  const engine = arenaEngine(PRODUCTS, { kernels: faulty });
  engine.run('fit');
  expect(() => engine.adam('net', { rate: 0.1 })).not.toThrow();
});
