import { describe, expect, it } from 'vitest';
import { chooseKernels } from '../kernels/choose.ts';
import { createRng } from '../numerics/random.ts';
import { arenaEngine } from './arena-engine.ts';
import { type Program, ROWS } from './engine.ts';
import { initialise, mlp, mlpShapes } from './mlp.ts';

const PROGRAM: Program = {
  groups: { net: mlpShapes({ inputs: 5, hidden: [24, 9], outputs: 2 }) },
  phases: {},
  functions: {
    policy: {
      inputs: { observations: [ROWS, 5], shift: [2] },
      build(ops, { parameters, inputs }) {
        const y = mlp(ops, parameters.net, inputs.observations);
        const [, rows, width] = ops.shapeOf(y);
        return { action: ops.tanh(ops.add(ops.reshape(y, [rows, width]), inputs.shift)) };
      },
    },
    wrong: {
      inputs: { observations: [ROWS, 5] },
      build: (ops, { inputs }) => ({ total: ops.sum(inputs.observations) }),
    },
  },
};

const net = initialise(PROGRAM.groups.net, createRng(4));
const SHIFT = Float32Array.of(0.5, -0.5);

describe.each(['js', 'wasm-simd', 'wasm'] as const)('evaluation of a policy with %s kernels', (request) => {
  const engine = arenaEngine(PROGRAM, { kernels: chooseKernels({ request }).kernels, initial: { net } });
  const observations = new Float32Array(2500 * 5);
  createRng(6).fillUniform(observations, -2, 2);
  const act = (begin: number, rows: number) => {
    const part = observations.subarray(begin * 5, (begin + rows) * 5);
    return engine.evaluate('policy', { observations: part, shift: SHIFT }, rows).action;
  };
  const all = act(0, 2500);

  it('gives each row the same bits, however many rows come with it', () => {
    expect(all.length).toBe(5000);
    for (const [begin, rows] of [
      [0, 1],
      [7, 1],
      [1023, 2],
      [1000, 37],
      [0, 1024],
      [3, 1025],
      [2499, 1],
    ]) {
      expect(act(begin, rows)).toEqual(all.slice(begin * 2, (begin + rows) * 2));
    }
  });

  it('gives what the network computes, worked out by hand for one row', () => {
    const layer = (x: number[], index: number, outputs: number) =>
      Array.from({ length: outputs }, (_, j) => {
        const sum = x.reduce((total, xk, k) => total + xk * net[`w${index}`][k * outputs + j], 0);
        return sum + net[`b${index}`][j];
      });
    const relu = (x: number[]) => x.map((value) => Math.max(value, 0));
    const row = Array.from(observations.subarray(0, 5));
    const y = layer(relu(layer(relu(layer(row, 0, 24)), 1, 9)), 2, 2);
    y.forEach((value, j) => {
      expect(all[j]).toBeCloseTo(Math.tanh(value + SHIFT[j]), 6);
    });
  });

  it('returns copies, and sees new parameters at once', () => {
    const before = act(0, 3);
    const kept = before.slice();
    engine.setParameters('net', { ...net, b2: Float32Array.of(1, 1) });
    expect(act(0, 3)).not.toEqual(kept);
    expect(before).toEqual(kept);
    engine.setParameters('net', net);
    expect(act(0, 3)).toEqual(kept);
  });

  it('refuses wrong names, sizes and outputs', () => {
    expect(() => engine.evaluate('value', {}, 1)).toThrow(
      /no function named 'value'; there are: policy, wrong/,
    );
    expect(() => engine.evaluate('policy', { observations: new Float32Array(9), shift: SHIFT }, 2)).toThrow(
      /policy: input 'observations' got 9 values; expected 10 for shape \[2, 5\]/,
    );
    expect(() => engine.evaluate('policy', { observations: new Float32Array(5) }, 1)).toThrow(
      /input 'shift' got nothing/,
    );
    expect(() => engine.evaluate('policy', {}, 0)).toThrow(/0 rows; give a whole number >= 1/);
    expect(() => engine.evaluate('wrong', { observations: new Float32Array(10) }, 2)).toThrow(
      /output 'total' has shape \[\] for 2 rows; its first axis must be the rows/,
    );
  });
});
