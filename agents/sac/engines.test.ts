/** Soft actor-critic's losses and updates on every engine of this machine: the arena's kernels, and tfjs with its own gradients. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Box, unitBox } from '../../core/spaces.ts';
import { availableKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import type { Engine, Program } from '../../nn/engine.ts';
import { tensorEngine } from '../../nn/tensor-engine.ts';
import { createRng, type Rng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { Tensorflow } from '../../tensor/ops.ts';
import { sacLearner } from './learner.ts';
import { type SacShape, sacProgram } from './program.ts';
import { sacSettings } from './settings.ts';
import { fill, fillInputs, fillParameters, gap, largest, SMALL, TRAINED } from './test-fixtures.ts';

/** Of a tensor's largest gradient: float32 (6e-8) through seven layers of sums, with cancellation in the loss. */
const GRADIENT = 1e-4;
/** Of the learning rate, by which Adam's step is bounded: it divides the gradient's error by the gradient. */
const ONE_STEP = 1e-3;
const TEN_STEPS = 1e-2;
const RATE = 1e-3;

function drawShape(rng: Rng, activation: 'relu' | 'tanh', seed: number): SacShape {
  return {
    ...SMALL,
    observationSize: 1 + rng.integer(6),
    actionSize: 1 + rng.integer(3),
    hidden: Array.from({ length: 1 + rng.integer(2) }, () => 2 + rng.integer(24)),
    activation,
    batchSize: 3 + rng.integer(20),
    criticEnsemble: seed % 2 === 0 ? 'minimum' : 'mean',
  };
}

function cube(size: number): Box {
  return unitBox(Object.fromEntries(Array.from({ length: size }, (_, i) => [`x${i}`, [-1, 1]])));
}

const SETS = availableKernels();
const CASES = (['tanh', 'relu'] as const).flatMap((activation) =>
  [1, 2, 3, 4].map((seed) => ({ activation, seed })),
);

describe.each(['cpu', 'wasm'] as const)('all kernels of this machine and tfjs on %s', (request) => {
  let tf: Tensorflow;
  beforeAll(async () => {
    ({ tf } = await chooseTensorBackend({ request }));
  });

  it.each(CASES)('agree on losses and gradients of random $activation networks (seed $seed)', (one) => {
    const rng = createRng(one.seed).split(one.activation);
    const program = sacProgram(drawShape(rng.split('shape'), one.activation, one.seed));
    const tensor = tensorEngine(program, { tf });
    const arenas = SETS.map((kernels) => arenaEngine(program, { kernels }));
    for (const engine of [tensor, ...arenas]) {
      fillParameters(engine, program, rng.split('parameters'));
      fillInputs(engine, program, rng.split('inputs'));
    }
    for (const { phase, group } of TRAINED) {
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
  });

  it.each(CASES)('walk the same way with $activation networks (seed $seed): one update, then ten', (one) => {
    const rng = createRng(one.seed).split(one.activation).split('walk');
    const shape = drawShape(rng.split('shape'), one.activation, one.seed);
    const settings = sacSettings.parse({
      hidden: shape.hidden.join('x'),
      activation: shape.activation,
      batchSize: shape.batchSize,
      criticEnsemble: shape.criticEnsemble,
      learningRate: RATE,
      temperatureRate: RATE,
    });
    const learner = (engine: (program: Program) => Engine) => {
      const made = sacLearner({
        observationSpace: cube(shape.observationSize),
        actionSpace: cube(shape.actionSize),
        rows: 1,
        discountFactor: shape.discountFactor,
        steps: 10,
        settings,
        rng: rng.split('learner'),
        backend: { kind: 'test', name: 'test', refused: [], engine },
      });
      for (const [name, values] of Object.entries(made.batch())) fill(values, name, rng.split(name));
      return made;
    };
    const tensor = learner((program) => tensorEngine(program, { tf }));
    const arenas = SETS.map((kernels) => learner((program) => arenaEngine(program, { kernels })));
    const start = tensor.save().engine;
    for (let update = 1; update <= 10; update++) {
      for (const each of [tensor, ...arenas]) each.learn(0);
      if (update !== 1 && update !== 10) continue;
      const expected = tensor.save().engine;
      arenas.forEach((arena, i) => {
        const got = arena.save().engine;
        for (const [group, { parameters, steps }] of Object.entries(expected)) {
          expect(got[group].steps).toBe(steps);
          for (const [name, values] of Object.entries(parameters)) {
            const where = `${SETS[i].name} after ${update}: ${group}.${name}`;
            expect(gap(values, start[group].parameters[name]), where).toBeGreaterThan(0);
            const bound = (update === 1 ? ONE_STEP : TEN_STEPS) * RATE;
            expect(gap(got[group].parameters[name], values), where).toBeLessThan(bound);
          }
        }
      });
    }
  });
});
