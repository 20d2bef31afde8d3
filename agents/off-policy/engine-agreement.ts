/** For tests: losses, gradients and updates of one program or learner on every engine of this machine, against those on tfjs. */
import { expect } from 'vitest';
import { availableKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import type { Engine, Program } from '../../nn/engine.ts';
import { tensorEngine } from '../../nn/tensor-engine.ts';
import type { Rng } from '../../numerics/random.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import type { Learner } from './agent.ts';
import { fill, fillInputs, fillParameters, gap, largest } from './test-fixtures.ts';

/** Of a tensor's largest gradient: float32 (6e-8) through seven layers of sums, with cancellation in the loss. */
const GRADIENT = 1e-4;
/** Of the learning rate, by which Adam's step is bounded: it divides the gradient's error by the gradient. */
const ONE_STEP = 1e-3;
const TEN_STEPS = 1e-2;
const UPDATES = 10;

const SETS = availableKernels();

/** Expects the losses and gradients of tfjs, with its automatic differentiation, from every kernel set, and none to be 0 throughout. */
export function expectSameGradients(options: {
  readonly program: Program;
  readonly trained: readonly { readonly phase: string; readonly group: string }[];
  readonly rng: Rng;
  readonly tf: Tensorflow;
}): void {
  const { program, trained, rng, tf } = options;
  const tensor = tensorEngine(program, { tf });
  const arenas = SETS.map((kernels) => arenaEngine(program, { kernels }));
  for (const engine of [tensor, ...arenas]) {
    fillParameters(engine, program, rng.split('parameters'));
    fillInputs(engine, program, rng.split('inputs'));
  }
  for (const { phase, group } of trained) {
    const loss = tensor.run(phase);
    const expected = tensor.gradients(group);
    for (const arena of arenas) {
      expect(Math.abs(arena.run(phase) - loss)).toBeLessThan(1e-5 * Math.max(1, Math.abs(loss)));
      const got = arena.gradients(group);
      for (const [name, values] of Object.entries(expected)) {
        const where = `${arena.description}: ${group}.${name}`;
        expect(largest(values), where).toBeGreaterThan(0);
        expect(gap(got[name], values), where).toBeLessThanOrEqual(GRADIENT * largest(values));
      }
    }
  }
  tensor.dispose();
}

/**
 * Expects learners on all engines to walk the same way from one drawn batch: after one update and after ten, every parameter is where
 * tfjs has it, up to a part of `rate`, that of all groups; and every tensor of every group has moved.
 */
export function expectSameWalk(options: {
  readonly learner: (engine: (program: Program) => Engine) => Learner;
  readonly rate: number;
  readonly rng: Rng;
  readonly tf: Tensorflow;
}): void {
  const { rate, rng, tf } = options;
  const learner: typeof options.learner = (engine) => {
    const made = options.learner(engine);
    for (const [name, values] of Object.entries(made.batch())) fill(values, name, rng.split(name));
    return made;
  };
  const tensor = learner((program) => tensorEngine(program, { tf }));
  const arenas = SETS.map((kernels) => learner((program) => arenaEngine(program, { kernels })));
  const start = tensor.save().engine;
  for (let update = 1; update <= UPDATES; update++) {
    for (const each of [tensor, ...arenas]) each.learn(0);
    if (update !== 1 && update !== UPDATES) continue;
    const expected = tensor.save().engine;
    arenas.forEach((arena, i) => {
      const got = arena.save().engine;
      for (const [group, { parameters, steps }] of Object.entries(expected)) {
        expect(got[group].steps).toBe(steps);
        for (const [name, values] of Object.entries(parameters)) {
          const where = `${SETS[i].name} after ${update}: ${group}.${name}`;
          if (update === UPDATES)
            expect(gap(values, start[group].parameters[name]), where).toBeGreaterThan(0);
          const bound = (update === 1 ? ONE_STEP : TEN_STEPS) * rate;
          expect(gap(got[group].parameters[name], values), where).toBeLessThan(bound);
        }
      }
    });
  }
}
