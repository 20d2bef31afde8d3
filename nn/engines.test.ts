/** The arena engine, with derivatives written by hand, against tfjs and its automatic differentiation. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CANDIDATES, chooseKernels } from '../kernels/choose.ts';
import { jsKernels } from '../kernels/js/index.ts';
import type { KernelSet } from '../kernels/kernels.ts';
import type { Activation, Ops } from '../kernels/op-set.ts';
import { createRng, type Rng } from '../numerics/random.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { arenaEngine } from './arena-engine.ts';
import { type Engine, type Program, ROWS, type Symbols } from './engine.ts';
import { gaussianHeads, type SquashedSample, squashedSample } from './gaussian.ts';
import { initialise, mlp, mlpShapes } from './mlp.ts';
import { OP_CASES, opOperands, opProgram } from './op-cases.ts';
import { tensorEngine } from './tensor-engine.ts';

/** Of a tensor's largest gradient: float32 (6e-8) through five layers of sums, with room for cancellation in the loss. */
const GRADIENT = 1e-4;
/** Of the learning rate, by which Adam's step is bounded: it divides the gradient's error by the gradient. */
const ONE_STEP = 1e-3;
const TEN_STEPS = 1e-2;
const RATE = 1e-3;

type Named<V> = Readonly<Record<string, V>>;

interface Extents {
  readonly batch: number;
  readonly observations: number;
  readonly actions: number;
  readonly hidden: readonly number[];
}

function drawExtents(rng: Rng): Extents {
  const layers = 1 + rng.integer(2);
  return {
    batch: 3 + rng.integer(20),
    observations: 1 + rng.integer(6),
    actions: 1 + rng.integer(3),
    hidden: Array.from({ length: layers }, () => 2 + rng.integer(24)),
  };
}

/** A soft actor-critic with the given activation: the losses of nn/sac-program.ts, on networks of any smoothness. */
function sac({ batch, observations, actions, hidden }: Extents, activation: Activation): Program {
  const critic = mlpShapes({ inputs: observations + actions, hidden, outputs: 1, members: 2 });
  const draw = <T>(ops: Ops<T>, { parameters }: Symbols<T>, x: T, noise: T): SquashedSample<T> => {
    const outputs = mlp(ops, parameters.actor, x, { activation });
    const [, rows, width] = ops.shapeOf(outputs);
    return squashedSample(ops, gaussianHeads(ops, ops.reshape(outputs, [rows, width])), noise);
  };
  const value = <T>(ops: Ops<T>, group: Named<T>, x: T, a: T): T =>
    mlp(ops, group, ops.concat([x, a]), { activation });
  const rows = (width: number): readonly number[] => [batch, width];
  return {
    groups: {
      actor: mlpShapes({ inputs: observations, hidden, outputs: 2 * actions }),
      critic,
      target: critic,
      log: { t: [1] },
    },
    phases: {
      critic: {
        inputs: {
          x: rows(observations),
          a: rows(actions),
          r: rows(1),
          next: rows(observations),
          noise: rows(actions),
        },
        train: ['critic'],
        build(ops, symbols) {
          const { parameters, inputs } = symbols;
          const { action, logProbability } = draw(ops, symbols, inputs.next, inputs.noise);
          // Both networks in the goal, so that the trained one stands behind a stopGradient too.
          const behind = [parameters.target, parameters.critic].map((group) =>
            value(ops, group, inputs.next, action),
          );
          const future = ops.minFirst(ops.minimum(behind[0], behind[1]));
          const soft = ops.sub(future, ops.mul(ops.exp(parameters.log.t), logProbability));
          const goal = ops.stopGradient(ops.add(inputs.r, ops.affine(soft, 0.9, 0)));
          const error = ops.sub(value(ops, parameters.critic, inputs.x, inputs.a), goal);
          return { loss: ops.mean(ops.huber(error, 1)), outputs: { error } };
        },
      },
      actor: {
        inputs: { x: rows(observations), noise: rows(actions) },
        train: ['actor'],
        build(ops, symbols) {
          const { parameters, inputs } = symbols;
          const { action, logProbability } = draw(ops, symbols, inputs.x, inputs.noise);
          const least = ops.minFirst(value(ops, parameters.critic, inputs.x, action));
          const cost = ops.mul(ops.stopGradient(ops.exp(parameters.log.t)), logProbability);
          return { loss: ops.mean(ops.sub(cost, least)), outputs: { logProbability } };
        },
      },
      temperature: {
        inputs: { x: rows(observations), noise: rows(actions) },
        train: ['log'],
        build(ops, symbols) {
          const { logProbability } = draw(ops, symbols, symbols.inputs.x, symbols.inputs.noise);
          const surplus = ops.affine(ops.stopGradient(logProbability), -1, 0.5 * actions);
          return { loss: ops.mean(ops.mul(surplus, ops.exp(symbols.parameters.log.t))) };
        },
      },
    },
    functions: {
      policy: {
        inputs: { x: [ROWS, observations] },
        build(ops, symbols) {
          const outputs = mlp(ops, symbols.parameters.actor, symbols.inputs.x, { activation });
          return { mean: gaussianHeads(ops, ops.reshape(outputs, ops.shapeOf(outputs).slice(1))).mean };
        },
      },
    },
  };
}

const TRAINED = { critic: 'critic', actor: 'actor', temperature: 'log' } as const;

function initialValues(program: Program, rng: Rng): Record<string, Record<string, Float32Array>> {
  const networks = ['actor', 'critic', 'target'].map((name) => [
    name,
    initialise(program.groups[name], rng.split(name)),
  ]);
  return { ...Object.fromEntries(networks), log: { t: Float32Array.of(-1.2) } };
}

function fillInputs(engine: Engine, rng: Rng): void {
  for (const name of ['x', 'a', 'r', 'next', 'noise']) rng.split(name).fillNormal(engine.input(name));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length ? largest(Array.from(a).map((value, index) => value - b[index])) : Number.NaN;
}

function update(engine: Engine): void {
  for (const [phase, group] of Object.entries(TRAINED)) {
    engine.run(phase);
    engine.adam(group, { rate: RATE });
  }
  engine.softUpdate('target', 'critic', 0.05);
}

/** Kernel sets that this machine has. */
function kernelSets(): KernelSet[] {
  return CANDIDATES.flatMap(({ name }) => {
    try {
      return [chooseKernels({ request: name as 'js' }).kernels];
    } catch {
      return [];
    }
  });
}

const SETS = kernelSets();
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

  function engines(seed: number, activation: Activation): [Engine, Engine] {
    const rng = createRng(seed).split(activation);
    const program = sac(drawExtents(rng.split('extents')), activation);
    const initial = initialValues(program, rng.split('initial'));
    const both: [Engine, Engine] = [
      arenaEngine(program, { kernels, initial }),
      tensorEngine(program, { tf, initial }),
    ];
    for (const engine of both) fillInputs(engine, rng.split('inputs'));
    return both;
  }

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

  const seeds = [1, 2, 3, 4, 5, 6];
  const programs = (['tanh', 'softplus', 'relu'] as const).flatMap((activation) =>
    seeds.map((seed) => ({ activation, seed })),
  );

  it.each(programs)(
    'agree on the losses of a random $activation actor-critic (seed $seed) and their gradients',
    ({ activation, seed }) => {
      const [arena, tensor] = engines(seed, activation);
      for (const [phase, group] of Object.entries(TRAINED)) {
        const loss = tensor.run(phase);
        expect(Math.abs(arena.run(phase) - loss)).toBeLessThan(1e-5 * Math.max(1, Math.abs(loss)));
        const [got, expected] = [arena.gradients(group), tensor.gradients(group)];
        for (const name of Object.keys(expected)) {
          expect(largest(expected[name])).toBeGreaterThan(0);
          expect(gap(got[name], expected[name])).toBeLessThanOrEqual(GRADIENT * largest(expected[name]));
        }
      }
      tensor.dispose();
    },
  );

  it.each(programs)(
    'walk the same way with a $activation actor-critic (seed $seed): one step, then ten',
    ({ activation, seed }) => {
      const [arena, tensor] = engines(seed, activation);
      const start = tensor.save();
      for (let step = 1; step <= 10; step++) {
        for (const engine of [arena, tensor]) update(engine);
        if (step !== 1 && step !== 10) continue;
        const [got, expected] = [arena.save(), tensor.save()];
        for (const group of ['actor', 'critic', 'target', 'log']) {
          expect(got[group].steps).toBe(expected[group].steps);
          for (const [name, values] of Object.entries(expected[group].parameters)) {
            expect(gap(values, start[group].parameters[name])).toBeGreaterThan(0);
            const bound = (step === 1 ? ONE_STEP : TEN_STEPS) * RATE;
            expect(gap(got[group].parameters[name], values)).toBeLessThan(bound);
          }
        }
      }
      tensor.dispose();
    },
  );

  it('act alike, and each goes on from what the other has saved', () => {
    const [arena, tensor] = engines(7, 'tanh');
    for (const engine of [arena, tensor]) update(engine);
    const width = arena.input('x').length / arena.input('r').length;
    const x = new Float32Array(19 * width);
    createRng(8).fillNormal(x);
    const act = (engine: Engine): Float32Array => engine.evaluate('policy', { x }, 19).mean;
    expect(gap(act(arena), act(tensor))).toBeLessThan(1e-5);
    const [fromArena, fromTensor] = [arena.save(), tensor.save()];
    arena.load(fromTensor);
    tensor.load(fromArena);
    expect(arena.save()).toEqual(fromTensor);
    expect(tensor.save()).toEqual(fromArena);
    tensor.dispose();
  });
});
