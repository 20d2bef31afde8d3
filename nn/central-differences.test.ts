import { describe, expect, it } from 'vitest';
import type { Ops } from '../kernels/op-set.ts';
import { referenceEngine } from './arena-engine.ts';
import { centralDifferences } from './central-differences.ts';
import type { Engine, Program } from './engine.ts';

/** Quotients of sums near 10 over 2e-5: 1e-15 rounding each makes 1e-9, and half a digit on top. */
const ROUNDING = 5e-9;

/** A loss of p = (3, -2), q = (5, 7) and the input x = (2, 10). */
function lossOf(build: <T>(ops: Ops<T>, p: T, q: T, x: T) => T): {
  program: Program;
  engine: Engine<Float64Array>;
} {
  const program: Program = {
    groups: { p: { value: [2] }, q: { value: [2] } },
    phases: {
      phase: {
        inputs: { x: [2] },
        build: (ops, { parameters: { p, q }, inputs: { x } }) => ({ loss: build(ops, p.value, q.value, x) }),
      },
      other: { inputs: { y: [3] }, build: (ops, { inputs: { y } }) => ({ loss: ops.sum(y) }) },
    },
  };
  const initial = { p: { value: Float64Array.of(3, -2) }, q: { value: Float64Array.of(5, 7) } };
  const engine = referenceEngine(program, { initial });
  engine.input('x').set([2, 10]);
  return { program, engine };
}

function slopes(
  { program, engine }: ReturnType<typeof lossOf>,
  { group = 'p' }: { group?: string } = {},
): number[] {
  return [...centralDifferences(engine, { program, phase: 'phase', group }).value];
}

function expectClose(got: readonly number[], expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(ROUNDING * Math.max(1, Math.abs(expected[i])));
  });
}

describe('central differences', () => {
  it('have no truncation error in a quadratic', () => {
    const square = lossOf((ops, p, _q, x) => ops.sum(ops.mul(ops.square(p), x)));
    expectClose(slopes(square), [2 * 3 * 2, 2 * -2 * 10]);
  });

  it('hold what stands behind a stopGradient: of p stop(p) they are p, and of stop(p) q nothing', () => {
    const product = lossOf((ops, p) => ops.sum(ops.mul(p, ops.stopGradient(p))));
    expectClose(slopes(product), [3, -2]);
    const passed = lossOf((ops, p, q) => ops.sum(ops.mul(ops.stopGradient(ops.square(p)), q)));
    expect(slopes(passed)).toEqual([0, 0]);
    expectClose(slopes(passed, { group: 'q' }), [9, 4]);
  });

  it('hold each of several stopped tensors, one behind another too, at its own value', () => {
    // p stop(q + stop(p x)) + stop(x): the factor is q + p x = (11, -13).
    const nested = lossOf((ops, p, q, x) => {
      const factor = ops.stopGradient(ops.add(q, ops.stopGradient(ops.mul(p, x))));
      return ops.sum(ops.add(ops.mul(p, factor), ops.stopGradient(x)));
    });
    expectClose(slopes(nested), [11, -13]);
  });

  it('only read the engine, in which they leave parameters and inputs as they were', () => {
    const { program, engine } = lossOf((ops, p, _q, x) => ops.sum(ops.mul(ops.square(p), x)));
    engine.input('y').set([1, 2, 3]);
    engine.run('phase');
    const state = () => ({ saved: engine.save(), x: [...engine.input('x')], y: [...engine.input('y')] });
    const before = state();
    slopes({ program, engine });
    expect(state()).toEqual(before);
  });

  it('name what there is when asked for what is not', () => {
    const { program, engine } = lossOf((ops, p) => ops.sum(p));
    expect(() => centralDifferences(engine, { program, phase: 'phases', group: 'p' })).toThrow(
      /no phase named 'phases'; there are: phase, other/,
    );
    expect(() => centralDifferences(engine, { program, phase: 'phase', group: 'r' })).toThrow(
      /no group named 'r'/,
    );
  });
});
