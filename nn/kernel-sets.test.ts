import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { jsKernels } from '../kernels/js/index.ts';
import type { KernelSet } from '../kernels/kernels.ts';
import type { Ops } from '../kernels/op-set.ts';
import { comparedSets } from '../kernels/test-fixtures.ts';
import { createRng } from '../numerics/random.ts';
import { arenaEngine } from './arena-engine.ts';
import type { Engine, Program, Values } from './engine.ts';
import { OP_CASES, opOperands, opProgram } from './op-cases.ts';
import { steeringInitial, steeringInputs, steeringProgram } from './test-fixtures.ts';

const SETS = comparedSets();

/** Of the largest value: float32 rounds at 6e-8, sums here have at most a few hundred terms. */
const FLOAT32_TOLERANCE = 1e-5;

/** A few boxed numbers from code not optimised yet; one small object per instruction would be 6,000 bytes. */
const BYTES_PER_ROUND = 150;
/** Code and feedback of the test itself; 10,000 rounds that kept 50 bytes each would take 500,000. */
const HEAP_GROWTH = 300_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

type Tensors = Record<string, Values>;

/** The largest |a - b| over all tensors, relative to the largest |b|. */
function relativeGap(a: Tensors, b: Tensors): number {
  let [gap, scale] = [0, 1e-30];
  for (const [name, values] of Object.entries(b)) {
    values.forEach((value, i) => {
      gap = Math.max(gap, Math.abs(a[name][i] - value)); // NaN stays
      scale = Math.max(scale, Math.abs(value));
    });
  }
  return gap / scale;
}

const toFloat32 = (tensors: Record<string, Values>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, Float32Array.from(value)]));
/** The gradient of sum f(p) at p = (2, 2). */
function slopesAtTie(kernels: KernelSet, build: <T>(ops: Ops<T>, p: T) => T): number[] {
  const program: Program = {
    groups: { x: { p: [2] } },
    phases: {
      phase: {
        inputs: {},
        train: ['x'],
        build: (ops, { parameters }) => ({ loss: ops.sum(build(ops, parameters.x.p)) }),
      },
    },
  };
  const engine = arenaEngine(program, { kernels, initial: { x: { p: Float32Array.of(2, 2) } } });
  engine.run('phase');
  return [...engine.gradients('x').p];
}

describe.each([jsKernels, ...SETS])('$name', (set) => {
  it('gives a tie of minimum, maximum and minFirst to the first, and a bound of clip to the inside', () => {
    const [first, second] = [
      <T>(ops: Ops<T>, p: T) => ops.slice(p, 0, 1),
      <T>(ops: Ops<T>, p: T) => ops.slice(p, 1, 2),
    ];
    expect(slopesAtTie(set, (ops, p) => ops.minimum(first(ops, p), second(ops, p)))).toEqual([1, 0]);
    expect(slopesAtTie(set, (ops, p) => ops.maximum(first(ops, p), second(ops, p)))).toEqual([1, 0]);
    expect(slopesAtTie(set, (ops, p) => ops.minFirst(ops.reshape(p, [2, 1])))).toEqual([1, 0]);
    expect(slopesAtTie(set, (ops, p) => ops.clip(p, -1, 2))).toEqual([1, 1]);
    expect(slopesAtTie(set, (ops, p) => ops.clip(p, 2, 3))).toEqual([1, 1]);
  });
});

describe.each(SETS)('$name', (set) => {
  it.each(OP_CASES)('$name: value and derivative equal the reference', (opCase) => {
    const program = opProgram(opCase);
    const x = toFloat32(opOperands(opCase, createRng(11)));
    const reference = arenaEngine(program, { kernels: jsKernels, initial: { x } });
    const tested = arenaEngine(program, { kernels: set, initial: { x } });
    reference.run('phase');
    tested.run('phase');
    const value = (engine: Engine) => ({ y: engine.output('phase', 'y') });
    expect(relativeGap(value(tested), value(reference))).toBeLessThan(FLOAT32_TOLERANCE);
    expect(relativeGap(tested.gradients('x'), reference.gradients('x'))).toBeLessThan(FLOAT32_TOLERANCE);
  });
});

describe('a program of three networks', () => {
  const program = steeringProgram({ batch: 6, observations: 3, controls: 2, hidden: [7, 5] });
  const initial = steeringInitial(program, createRng(8));

  it.each([jsKernels, ...SETS])('$name: 10,000 replays leave the heap as it was', (kernels) => {
    const engine = arenaEngine(program, { kernels, initial });
    steeringInputs(engine, createRng(21));
    const replay = (times: number) => {
      for (let i = 0; i < times; i++) {
        engine.run('judge');
        engine.run('steer');
        engine.softUpdate('copies', 'judges', 0.005);
      }
    };
    replay(2000);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    let allocated = 0;
    for (let window = 0; window < 20; window++) {
      const start = process.memoryUsage().heapUsed;
      replay(500);
      allocated += Math.max(0, process.memoryUsage().heapUsed - start);
    }
    collectGarbage();
    // Of the js kernels V8 boxes the numbers that they hand to each other (some 400 bytes a round), and collects them again.
    if (kernels !== jsKernels) expect(allocated / 10_000).toBeLessThan(BYTES_PER_ROUND);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(HEAP_GROWTH);
  });
});
