import { describe, expect, it } from 'vitest';
import { chooseKernels } from '../kernels/choose.ts';
import { jsKernels } from '../kernels/js/index.ts';
import type { KernelSet } from '../kernels/kernels.ts';
import type { Ops } from '../kernels/op-set.ts';
import { createRng } from '../numerics/random.ts';
import { arenaEngine, referenceEngine } from './arena-engine.ts';
import type { Program } from './engine.ts';
import { NonFiniteError } from './errors.ts';
import { steeringInitial, steeringInputs, steeringProgram, steeringUpdate } from './test-fixtures.ts';

/** Two parameters [2] and a loss of them. */
function lossOf(build: <T>(ops: Ops<T>, p: T, q: T) => T): Program {
  return {
    groups: { p: { value: [2] }, q: { value: [2] } },
    phases: {
      phase: {
        inputs: {},
        train: ['p'],
        build: (ops, { parameters }) => ({ loss: build(ops, parameters.p.value, parameters.q.value) }),
      },
    },
  };
}

const INITIAL = { p: { value: Float64Array.of(3, -2) }, q: { value: Float64Array.of(5, 7) } };

/** The reference kernels, counting calls by name. */
function counting(): { set: KernelSet; calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const set: KernelSet = {
    ...jsKernels,
    over(arena) {
      return new Proxy(jsKernels.over(arena), {
        get(kernels, name, receiver) {
          const kernel: unknown = Reflect.get(kernels, name, receiver);
          if (typeof kernel !== 'function') return kernel;
          return (...values: number[]) => {
            calls[String(name)] = (calls[String(name)] ?? 0) + 1;
            return kernel(...values);
          };
        },
      });
    },
  };
  return { set, calls };
}

describe('differentiation', () => {
  it('of p stop(p) gives p, not 2p', () => {
    const engine = referenceEngine(
      lossOf((ops, p) => ops.sum(ops.mul(p, ops.stopGradient(p)))),
      { initial: INITIAL },
    );
    expect(engine.run('phase')).toBe(13);
    expect([...engine.gradients('p').value]).toEqual([3, -2]);
  });

  it('adds up over all uses of a parameter', () => {
    const engine = referenceEngine(
      lossOf((ops, p, q) => ops.sum(ops.add(ops.add(ops.mul(p, q), ops.square(p)), p))),
      { initial: INITIAL },
    );
    engine.run('phase');
    expect([...engine.gradients('p').value]).toEqual([5 + 6 + 1, 7 - 4 + 1]);
  });

  it('sets the gradient of a parameter that the loss does not reach to zero, after another phase has set it', () => {
    const program: Program = {
      groups: { p: { a: [1], b: [1] } },
      phases: {
        both: {
          inputs: {},
          train: ['p'],
          build: (ops, { parameters: { p } }) => ({ loss: ops.sum(ops.mul(p.a, p.b)) }),
        },
        one: {
          inputs: {},
          train: ['p'],
          build: (ops, { parameters: { p } }) => ({ loss: ops.sum(p.a) }),
        },
      },
    };
    const engine = referenceEngine(program, {
      initial: { p: { a: Float64Array.of(2), b: Float64Array.of(3) } },
    });
    engine.run('both');
    expect(engine.gradients('p')).toEqual({ a: Float64Array.of(3), b: Float64Array.of(2) });
    engine.run('one');
    expect(engine.gradients('p')).toEqual({ a: Float64Array.of(1), b: Float64Array.of(0) });
  });

  it('computes no gradient that no trained parameter needs', () => {
    const { set, calls } = counting();
    const program = steeringProgram({ batch: 4, observations: 3, controls: 1, hidden: [8, 8] });
    const engine = arenaEngine(program, { kernels: set });
    engine.run('steer');
    // Three layers of pilot and judges forward; weights of the pilot only; inputs of all judges' layers, of two of the pilot's.
    expect(calls).toMatchObject({ linear: 6, weightGradient: 3, inputGradient: 5 });
    for (const name of Object.keys(calls)) delete calls[name];
    engine.run('judge');
    // Copies and judges forward; only the judges backward, not down to their inputs.
    expect(calls).toMatchObject({ linear: 6, weightGradient: 3, inputGradient: 2 });
  });
});

describe('phases', () => {
  const TWO: Program = {
    groups: { p: { value: [2] }, q: { value: [2] } },
    phases: {
      first: {
        inputs: { x: [2] },
        train: ['p'],
        build: (ops, { parameters: { p, q }, inputs: { x } }) => ({
          loss: ops.sum(ops.mul(ops.mul(p.value, q.value), x)),
          outputs: { twice: ops.affine(x, 2, 0) },
        }),
      },
      second: {
        inputs: { x: [2] },
        train: ['q'],
        build: (ops, { parameters: { p, q }, inputs: { x } }) => ({
          loss: ops.sum(ops.mul(ops.square(p.value), ops.mul(q.value, x))),
        }),
      },
    },
  };

  it("share inputs and parameters, and keep each group's gradient until the group is trained again", () => {
    const engine = referenceEngine(TWO, { initial: INITIAL });
    engine.input('x').set([10, 100]);
    expect(engine.run('first')).toBe(3 * 5 * 10 - 2 * 7 * 100);
    expect([...engine.output('first', 'twice')]).toEqual([20, 200]);
    expect(engine.run('second')).toBe(9 * 5 * 10 + 4 * 7 * 100);
    expect([...engine.gradients('p').value]).toEqual([50, 700]);
    expect([...engine.gradients('q').value]).toEqual([90, 400]);
  });

  it('refuse to go on with a loss that is no number, and say in which phase', () => {
    const engine = referenceEngine(TWO, { initial: INITIAL });
    engine.input('x').set([Number.NaN, 1]);
    expect(() => engine.run('first')).toThrow(NonFiniteError);
    expect(() => engine.run('first')).toThrow(/^first: the loss is NaN; it must be finite/);
    engine.input('x').set([Infinity, 1]);
    expect(() => engine.run('second')).toThrow(/^second: the loss is Infinity/);
  });

  it('say which phase, op and shapes do not go together', () => {
    expect(() => referenceEngine(lossOf((ops, p) => ops.add(p, ops.constant([1, 2, 3], [3]))))).toThrow(
      /^phase: add: shapes \[2\] and \[3\] do not go together/,
    );
    expect(() =>
      referenceEngine(lossOf((ops, p) => ops.linear(ops.reshape(p, [1, 2]), p, p, 'relu'))),
    ).toThrow(/linear: x \[1, 2\], w \[2\] and b \[2\] do not go together/);
    expect(() => referenceEngine(lossOf((_ops, p) => p))).toThrow(/phase: the loss has shape \[2\]/);
    expect(() => referenceEngine(lossOf((ops, p) => ops.sum(ops.stopGradient(p))))).toThrow(
      /does not depend on any parameter of the group 'p'/,
    );
  });

  it('refuse an input that has another shape in another phase', () => {
    const phases = { ...TWO.phases, second: { ...TWO.phases.second, inputs: { x: [3] } } };
    expect(() => referenceEngine({ ...TWO, phases })).toThrow(
      /second: input 'x' has shape \[3\] here and \[2\] in an earlier phase/,
    );
  });

  it('name what there is when asked for what is not', () => {
    const engine = referenceEngine(TWO);
    expect(() => engine.run('third')).toThrow(/no phase named 'third'; there are: first, second/);
    expect(() => engine.input('y')).toThrow(/no input named 'y'; there are: x/);
    expect(() => engine.output('first', 'thrice')).toThrow(
      /no output of first named 'thrice'; there are: twice/,
    );
  });
});

describe('a saved state', () => {
  const program = steeringProgram({ batch: 4, observations: 3, controls: 1, hidden: [8] });
  const kernels = jsKernels;
  const initial = steeringInitial(program, createRng(1));

  it('continues exactly where it was taken, moments and step counts included', () => {
    const engine = arenaEngine(program, { kernels, initial });
    const twin = arenaEngine(program, { kernels });
    for (const one of [engine, twin]) steeringInputs(one, createRng(2));
    steeringUpdate(engine);
    steeringUpdate(engine);
    const state = engine.save();
    twin.load(state);
    steeringUpdate(engine);
    steeringUpdate(twin);
    expect(twin.save()).toEqual(engine.save());
    expect(twin.save().judges.steps).toBe(3);
    expect(twin.save().judges.parameters).not.toEqual(state.judges.parameters);
  });

  it("is refused, and nothing overwritten, unless names, sizes and counts are the program's", () => {
    const engine = arenaEngine(program, { kernels, initial });
    const state = engine.save();
    const { pilot, ...others } = state;
    expect(() => engine.load(others)).toThrow(/missing \[pilot\], unknown \[\]/);
    expect(() => engine.load({ ...state, extra: pilot })).toThrow(/unknown \[extra\]/);
    const shorter = { ...pilot, parameters: { ...pilot.parameters, w0: new Float32Array(5) } };
    expect(() => engine.load({ ...state, pilot: shorter })).toThrow(
      /parameter pilot\.w0: got 5 values, expected a typed array of 24 floats for its shape \[1, 3, 8\]/,
    );
    expect(() => engine.load({ ...state, pilot: { ...pilot, m: new Float32Array(1) } })).toThrow(
      /first moment of pilot: got 1 values/,
    );
    expect(() => engine.load({ ...state, pilot: { ...pilot, steps: 1.5 } })).toThrow(
      /steps of pilot: got 1.5/,
    );
    expect(engine.save()).toEqual(state);
  });

  it('and soft updates need groups of one shape', () => {
    const engine = arenaEngine(program, { kernels, initial });
    expect(() => engine.softUpdate('copies', 'pilot', 0.1)).toThrow(
      /softUpdate: copies\.w0 is \[2, 4, 8\], pilot\.w0 is \[1, 3, 8\]/,
    );
    expect(() => engine.softUpdate('copies', 'judges', 1.5)).toThrow(/mix is 1.5/);
  });
});

describe('kernel sets', () => {
  it('are named by the engine', () => {
    const { kernels } = chooseKernels({ request: 'wasm-simd' });
    expect(
      arenaEngine(
        lossOf((ops, p) => ops.sum(p)),
        { kernels },
      ).description,
    ).toBe('wasm-simd');
  });
});
