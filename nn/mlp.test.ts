import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { referenceEngine } from './arena-engine.ts';
import type { Program } from './engine.ts';
import { initialise, mlp, mlpShapes } from './mlp.ts';

const toFloat64 = (values: Record<string, Float32Array>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float64Array.from(value)]));

function network(options: Parameters<typeof mlpShapes>[0], batch: number): Program {
  return {
    groups: { net: mlpShapes(options) },
    phases: {
      forward: {
        inputs: { x: [batch, options.inputs] },
        build: (ops, { parameters, inputs }) => ({ outputs: { y: mlp(ops, parameters.net, inputs.x) } }),
      },
    },
  };
}

describe('the multilayer perceptron', () => {
  it('has one weight matrix and one bias per layer and member', () => {
    expect(mlpShapes({ inputs: 3, hidden: [8, 5], outputs: 2, members: 4 })).toEqual({
      w0: [4, 3, 8],
      b0: [4, 8],
      w1: [4, 8, 5],
      b1: [4, 5],
      w2: [4, 5, 2],
      b2: [4, 2],
    });
  });

  it('computes max(x w0 + b0, 0) w1 + b1, worked out by hand', () => {
    const engine = referenceEngine(network({ inputs: 2, hidden: [2], outputs: 1 }, 1), {
      initial: {
        net: {
          w0: Float64Array.of(1, -1, 2, 1),
          b0: Float64Array.of(0.5, -3),
          w1: Float64Array.of(2, 10),
          b1: Float64Array.of(-10),
        },
      },
    });
    engine.input('x').set([1, 1]);
    engine.run('forward');
    // Hidden: 1 + 2 + 0.5 = 3.5, and -1 + 1 - 3 < 0; output 2 * 3.5 - 10, negative since the last layer is not rectified.
    expect(engine.output('forward', 'y')[0]).toBe(-3);
  });

  it('as an ensemble computes what its members compute one by one', () => {
    const options = { inputs: 3, hidden: [6, 4], outputs: 2 };
    const both = toFloat64(initialise(mlpShapes({ ...options, members: 2 }), createRng(1)));
    const x = Float64Array.from({ length: 15 }, (_, i) => Math.sin(i));
    const run = (program: Program, net: Record<string, Float64Array>) => {
      const engine = referenceEngine(program, { initial: { net } });
      engine.input('x').set(x);
      engine.run('forward');
      return engine.output('forward', 'y').slice();
    };
    const together = run(network({ ...options, members: 2 }, 5), both);
    for (const member of [0, 1]) {
      const part = (value: Float64Array) =>
        value.slice((member * value.length) / 2, ((member + 1) * value.length) / 2);
      const own = Object.fromEntries(Object.entries(both).map(([name, value]) => [name, part(value)]));
      expect(run(network(options, 5), own)).toEqual(together.slice(member * 10, member * 10 + 10));
    }
  });

  it('starts uniform within 1/sqrt(fan in), the output layer scaled', () => {
    const shapes = mlpShapes({ inputs: 100, hidden: [400], outputs: 50 });
    const values = initialise(shapes, createRng(2), { outputScale: 0.1 });
    for (const [name, bound] of [
      ['w0', 0.1],
      ['b0', 0.1],
      ['w1', 0.1 / 20],
      ['b1', 0.1 / 20],
    ] as const) {
      const largest = Math.max(...values[name].map(Math.abs));
      expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
      // Of 50 or more draws the largest misses the upper fifth with probability 0.8^50 = 1e-5; the seed is fixed.
      expect(largest).toBeGreaterThan(0.8 * bound);
    }
    // Uniform on +-0.1 has standard deviation 0.1/sqrt(3); 40,000 draws estimate it to 0.5 %.
    const variance = values.w0.reduce((sum, w) => sum + w * w, 0) / values.w0.length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.1 / Math.sqrt(3), 3);
  });

  it('refuses widths and parameters that make no network', () => {
    expect(() => mlpShapes({ inputs: 0, hidden: [], outputs: 1 })).toThrow(/widths 0, 1/);
    expect(() => initialise({ gain: [3] }, createRng(1))).toThrow(/'gain' is no parameter of an mlp/);
  });
});
