/** The arena engine, with derivatives written by hand, against tfjs and its automatic differentiation. */
import { beforeAll, describe, expect, it } from 'vitest';
import { availableKernels } from '../kernels/choose.ts';
import { jsKernels } from '../kernels/js/index.ts';
import type { Ops } from '../kernels/op-set.ts';
import { createRng } from '../numerics/random.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { arenaEngine } from './arena-engine.ts';
import type { Engine, Program } from './engine.ts';
import { OP_CASES, opOperands, opProgram } from './op-cases.ts';
import { tensorEngine } from './tensor-engine.ts';
import { steeringInitial, steeringInputs, steeringProgram, steeringUpdate } from './test-fixtures.ts';

/** Of a tensor's largest gradient: float32 (6e-8) in sums of up to some hundred terms. */
const GRADIENT = 1e-5;
function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length ? largest(Array.from(a).map((value, index) => value - b[index])) : Number.NaN;
}

const SETS = availableKernels();
const CASES = (['cpu', 'wasm'] as const).flatMap((backend) =>
  SETS.map((kernels) => ({ backend, kernels, name: kernels.name })),
);

it('has at least the reference kernels to compare', () => {
  expect(SETS).toContain(jsKernels);
});

describe.each(CASES)('the arena engine with $name kernels and tfjs on $backend', ({ backend, kernels }) => {
  let tf: Tensorflow;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request: backend }));
  });

  it.each(OP_CASES)('agree on the gradient of $name', (opCase) => {
    const program = opProgram(opCase);
    const operands = Object.entries(opOperands(opCase, createRng(11)));
    const initial = {
      x: Object.fromEntries(operands.map(([name, values]) => [name, Float32Array.from(values)])),
    };
    const [arena, tensor] = [
      arenaEngine(program, { kernels, initial }),
      tensorEngine(program, { tf, initial }),
    ];
    for (const engine of [arena, tensor]) engine.run('phase');
    const [got, expected] = [arena.gradients('x'), tensor.gradients('x')];
    for (const name of Object.keys(expected)) {
      expect(gap(got[name], expected[name])).toBeLessThanOrEqual(GRADIENT * largest(expected[name]));
    }
    tensor.dispose();
  });

  it('act alike, and each goes on from what the other has saved', () => {
    const program = steeringProgram({ batch: 5, observations: 3, controls: 2, hidden: [9, 6] });
    const initial = steeringInitial(program, createRng(7));
    const [arena, tensor] = [
      arenaEngine(program, { kernels, initial }),
      tensorEngine(program, { tf, initial }),
    ];
    for (const engine of [arena, tensor]) {
      steeringInputs(engine, createRng(8));
      steeringUpdate(engine);
    }
    const x = new Float32Array(19 * 3);
    createRng(9).fillNormal(x);
    const act = (engine: Engine): Float32Array => engine.evaluate('steer', { x }, 19).u;
    expect(gap(act(arena), act(tensor))).toBeLessThan(1e-5);
    const [fromArena, fromTensor] = [arena.save(), tensor.save()];
    expect(fromArena).not.toEqual(fromTensor);
    arena.load(fromTensor);
    tensor.load(fromArena);
    expect(arena.save()).toEqual(fromTensor);
    expect(tensor.save()).toEqual(fromArena);
    tensor.dispose();
  });

  const misfits: readonly { op: string; build: <T>(ops: Ops<T>, p: T) => T }[] = [
    { op: 'add', build: (ops, p) => ops.add(p, ops.constant([1, 2], [2])) },
    { op: 'sub', build: (ops, p) => ops.sub(p, ops.constant([1, 2, 3, 4], [4, 1])) },
    { op: 'mul', build: (ops, p) => ops.mul(ops.constant([1, 2, 3, 4], [4, 1]), p) },
    { op: 'div', build: (ops, p) => ops.div(p, ops.constant([1, 2], [2])) },
    { op: 'minimum', build: (ops, p) => ops.minimum(p, ops.slice(p, 0, 1)) },
    { op: 'maximum', build: (ops, p) => ops.maximum(ops.slice(p, 0, 2), p) },
    { op: 'linear', build: (ops, p) => ops.linear(p, p, p, 'relu') },
    { op: 'matmul', build: (ops, p) => ops.matmul(p, p) },
    { op: 'concat', build: (ops, p) => ops.concat([p, ops.sum(p)]) },
    { op: 'slice', build: (ops, p) => ops.slice(p, 1, 4) },
    { op: 'reshape', build: (ops, p) => ops.reshape(p, [5]) },
    { op: 'constant', build: (ops) => ops.constant([1, 2], [3]) },
    { op: 'clip', build: (ops, p) => ops.clip(p, 1, -1) },
    { op: 'huber', build: (ops, p) => ops.huber(p, 0) },
    { op: 'sumLast', build: (ops, p) => ops.sumLast(ops.sum(p)) },
    { op: 'meanFirst', build: (ops, p) => ops.meanFirst(ops.sum(p)) },
    { op: 'minFirst', build: (ops, p) => ops.minFirst(ops.sum(p)) },
  ];
  it.each(misfits)('refuse operands that $op cannot take, in the same words', ({ op, build }) => {
    const program: Program = {
      groups: { x: { p: [4, 3] } },
      phases: {
        phase: {
          inputs: {},
          train: ['x'],
          build: (ops, { parameters }) => ({ loss: ops.sum(build(ops, parameters.x.p)) }),
        },
      },
    };
    const words = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        return String(error);
      }
      return 'accepted';
    };
    const engine = tensorEngine(program, { tf });
    const said = words(() => engine.run('phase'));
    expect(said).toMatch(new RegExp(`^Error: phase: ${op}: `));
    expect(words(() => arenaEngine(program, { kernels }))).toBe(said);
    engine.dispose();
  });
});
