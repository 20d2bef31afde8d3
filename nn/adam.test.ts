import { beforeAll, describe, expect, it } from 'vitest';
import { availableKernels, chooseKernels } from '../kernels/choose.ts';
import { createRng } from '../numerics/random.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { arenaEngine, referenceEngine } from './arena-engine.ts';
import type { Engine, Program, Values } from './engine.ts';
import { tensorEngine } from './tensor-engine.ts';

/** The two are the same formula up to the order of a few float64 operations, over 200 steps. */
const FLOAT64_TOLERANCE = 1e-12;
/** 200 steps in float32, each rounding p, m and v by 2^-24 = 6e-8; 1 - beta2 taken in float32 would make 1e-5. */
const FLOAT32_TOLERANCE = 3e-6;

const SIZE = 37;

/** L(p) = sum of c p, so that the gradient is the input c. */
const LINEAR: Program = {
  groups: { x: { p: [SIZE] }, copy: { p: [SIZE] } },
  phases: {
    phase: {
      inputs: { c: [SIZE] },
      train: ['x'],
      build: (ops, { parameters, inputs }) => ({ loss: ops.sum(ops.mul(parameters.x.p, inputs.c)) }),
    },
  },
};

/** Kingma and Ba (2015), algorithm 1, one parameter, line by line. */
function textbookAdam(start: number, gradients: readonly number[], rate: number): number {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  let [theta, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    const t = i + 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g ** 2;
    const mHat = m / (1 - beta1 ** t);
    const vHat = v / (1 - beta2 ** t);
    theta -= (rate * mHat) / (Math.sqrt(vHat) + epsilon);
  });
  return theta;
}

/** Parameters whose gradient is always the same. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [5, 0],
  [6, 1],
]);

let tf: Tensorflow;
beforeAll(async () => {
  ({ tf } = await chooseTensorBackend({ request: 'wasm' }));
});

/** What is worked out by hand is rounded to seven decimals; float32 rounds numbers below 4 by up to 2.4e-7. */
const SUBJECTS: readonly { name: string; rounding: number; make(): Engine<Values> }[] = [
  { name: 'the reference', rounding: 6e-8, make: () => referenceEngine(LINEAR) as Engine<Values> },
  ...availableKernels().map((kernels) => ({
    name: kernels.name,
    rounding: 5e-7,
    make: () => arenaEngine(LINEAR, { kernels }) as Engine<Values>,
  })),
  { name: 'tfjs', rounding: 5e-7, make: () => tensorEngine(LINEAR, { tf }) as Engine<Values> },
];

/** 200 gradients per parameter, many of them tiny. */
function drawGradients(): Float64Array[] {
  const rng = createRng(3);
  return Array.from({ length: 200 }, () =>
    Float64Array.from({ length: SIZE }, (_, i) => FIXED.get(i) ?? rng.normal() * 10 ** -(i % 7)),
  );
}

describe('Adam', () => {
  const gradients = drawGradients();
  const start = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i));
  const expected = start.map((p, i) =>
    textbookAdam(
      p,
      gradients.map((g) => g[i]),
      0.01,
    ),
  );

  it('takes the steps of the textbook to 1e-12 in float64', () => {
    const engine = referenceEngine(LINEAR, { initial: { x: { p: start } } });
    for (const g of gradients) {
      engine.input('c').set(g);
      engine.run('phase');
      engine.adam('x', { rate: 0.01 });
    }
    engine.parameters('x').p.forEach((p, i) => {
      expect(Math.abs(p - expected[i])).toBeLessThan(FLOAT64_TOLERANCE);
    });
  });

  it.each(['js', 'wasm-simd', 'wasm'] as const)(
    'takes the steps of the textbook up to rounding with %s kernels',
    (request) => {
      const { kernels } = chooseKernels({ request });
      const engine = arenaEngine(LINEAR, { kernels, initial: { x: { p: Float32Array.from(start) } } });
      for (const g of gradients) {
        engine.input('c').set(g);
        engine.run('phase');
        engine.adam('x', { rate: 0.01 });
      }
      engine.parameters('x').p.forEach((p, i) => {
        expect(Math.abs(p - expected[i])).toBeLessThan(FLOAT32_TOLERANCE);
      });
    },
  );

  it.each(SUBJECTS)('takes two steps as they are worked out by hand on $name', ({ make, rounding }) => {
    // p = 0, rate 0.1, beta1 0.9, beta2 0.999. Gradient 1, then -2.
    // Step 1: m = 0.1, v = 0.001; without the bias m / 0.1 = 1, v / 0.001 = 1; p = 0 - 0.1 * 1 / 1 = -0.1.
    // Step 2: m = 0.9 * 0.1 - 0.1 * 2 = -0.11, v = 0.999 * 0.001 + 0.001 * 4 = 0.004999; without the bias m / 0.19 = -0.5789474,
    // v / 0.001999 = 2.5007504, its root 1.5813761; p = -0.1 + 0.1 * 0.5789474 / 1.5813761 = -0.1 + 0.0366104 = -0.0633896.
    const engine = make();
    const step = (gradient: number) => {
      engine.input('c').fill(gradient);
      engine.run('phase');
      engine.adam('x', { rate: 0.1 });
      return engine.save().x;
    };
    const first = step(1);
    expect(Math.abs(first.parameters.p[36] + 0.1)).toBeLessThan(rounding);
    const second = step(-2);
    expect(Math.abs(second.m[36] + 0.11)).toBeLessThan(rounding);
    expect(Math.abs(second.v[36] - 0.004999)).toBeLessThan(rounding);
    expect(Math.abs(second.parameters.p[36] + 0.0633896)).toBeLessThan(rounding);
    expect(second.steps).toBe(2);
    engine.dispose();
  });

  it('moves each parameter by the rate at the first step, whatever the size of its gradient', () => {
    const engine = referenceEngine(LINEAR);
    engine.input('c').fill(123);
    engine.run('phase');
    engine.adam('x', { rate: 0.01 });
    for (const p of engine.parameters('x').p) expect(p).toBeCloseTo(-0.01, 9);
  });

  it('refuses settings that make no sense', () => {
    const engine = referenceEngine(LINEAR);
    expect(() => engine.adam('x', { rate: Number.NaN })).toThrow(/adam of x: rate NaN/);
    expect(() => engine.adam('x', { rate: 0.1, beta2: 1 })).toThrow(/beta2 1/);
  });
});

describe('the soft update', () => {
  it.each(SUBJECTS)('takes two steps as they are worked out by hand on $name', ({ make, rounding }) => {
    // Target 2, source 4, a quarter each time: 0.75 * 2 + 0.25 * 4 = 2.5, then 0.75 * 2.5 + 0.25 * 4 = 2.875.
    const engine = make();
    const fill = (group: string, value: number) => {
      const { p } = engine.parameters(group);
      engine.setParameters(group, { p: p.fill(value) });
    };
    fill('copy', 2);
    fill('x', 4);
    for (const expected of [2.5, 2.875]) {
      engine.softUpdate('copy', 'x', 0.25);
      for (const p of engine.parameters('copy').p) expect(Math.abs(p - expected)).toBeLessThan(rounding);
    }
    expect(engine.parameters('x').p.every((p) => p === 4)).toBe(true);
    engine.dispose();
  });

  it.each(['js', 'wasm-simd', 'wasm'] as const)(
    'is a convex combination of target and source with %s kernels',
    (request) => {
      const { kernels } = chooseKernels({ request });
      const target = Float32Array.from({ length: SIZE }, (_, i) => Math.sin(i));
      const source = Float32Array.from({ length: SIZE }, (_, i) => Math.cos(3 * i));
      const engine = arenaEngine(LINEAR, { kernels, initial: { copy: { p: target }, x: { p: source } } });
      engine.softUpdate('copy', 'x', 0.25);
      engine.parameters('copy').p.forEach((p, i) => {
        expect(p).toBeCloseTo(0.75 * target[i] + 0.25 * source[i], 6);
      });
      expect(engine.parameters('x').p).toEqual(source);
      engine.softUpdate('copy', 'x', 1);
      expect(engine.parameters('copy').p).toEqual(source);
    },
  );
});
