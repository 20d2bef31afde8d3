/** A small program for the engines' tests, with what the losses of agents have and no more, and kernels that go wrong. */
import type { FloatArray } from '../kernels/arena.ts';
import type { KernelSet, Kernels } from '../kernels/kernels.ts';
import type { Ops, Shape } from '../kernels/op-set.ts';
import { type Engine, type Program, ROWS, type Symbols } from './engine.ts';
import { initialise, mlp, mlpShapes } from './mlp.ts';

export interface SteeringExtents {
  readonly batch: number;
  readonly observations: number;
  readonly controls: number;
  readonly hidden: readonly number[];
}

/** Two judges of a control u at x, an ensemble [2, B, 1]. */
function judge<T>(ops: Ops<T>, judges: Readonly<Record<string, T>>, x: T, u: T): T {
  return mlp(ops, judges, ops.concat([x, u]));
}

/** u = tanh(net(x)), [B, controls]. */
function steer<T>(ops: Ops<T>, { parameters }: Symbols<T>, x: T): T {
  const u = mlp(ops, parameters.pilot, x);
  return ops.tanh(ops.reshape(u, ops.shapeOf(u).slice(1)));
}

/**
 * A pilot and two judges with slow copies. Phase `judge` fits the judges to y plus half of what their copies say, phase `steer`
 * moves the pilot towards what the lower judge likes; function `steer` is the pilot's control for any number of rows.
 */
export function steeringProgram({ batch, observations, controls, hidden }: SteeringExtents): Program {
  const judges = mlpShapes({ inputs: observations + controls, hidden, outputs: 1, members: 2 });
  const rows = (width: number): Shape => [batch, width];
  return {
    groups: { pilot: mlpShapes({ inputs: observations, hidden, outputs: controls }), judges, copies: judges },
    phases: {
      judge: {
        inputs: { x: rows(observations), u: rows(controls), y: rows(1) },
        train: ['judges'],
        build(ops, { parameters, inputs: { x, u, y } }) {
          const later = ops.affine(ops.minFirst(judge(ops, parameters.copies, x, u)), 0.5, 0);
          const goal = ops.stopGradient(ops.add(y, later));
          const error = ops.sub(judge(ops, parameters.judges, x, u), goal);
          return { loss: ops.mean(ops.huber(error, 1)), outputs: { error } };
        },
      },
      steer: {
        inputs: { x: rows(observations) },
        train: ['pilot'],
        build(ops, symbols) {
          const { x } = symbols.inputs;
          const liked = ops.minFirst(judge(ops, symbols.parameters.judges, x, steer(ops, symbols, x)));
          return { loss: ops.affine(ops.mean(liked), -1, 0) };
        },
      },
    },
    functions: {
      steer: {
        inputs: { x: [ROWS, observations] },
        build: (ops, symbols) => ({ u: steer(ops, symbols, symbols.inputs.x) }),
      },
    },
  };
}

/** Parameters drawn from `rng`; the copies start as the judges. */
export function steeringInitial(
  { groups }: Program,
  rng: { uniform(): number },
): Record<string, Record<string, Float32Array>> {
  const judges = initialise(groups.judges, rng);
  return { pilot: initialise(groups.pilot, rng), judges, copies: judges };
}

/** One step of each phase and a soft update. */
export function steeringUpdate(engine: Engine): void {
  engine.run('judge');
  engine.adam('judges', { rate: 1e-3 });
  engine.run('steer');
  engine.adam('pilot', { rate: 1e-3 });
  engine.softUpdate('copies', 'judges', 0.05);
}

/** Standard normal inputs. */
export function steeringInputs(engine: Engine, rng: { fillNormal(values: Float32Array): void }): void {
  for (const name of ['x', 'u', 'y']) rng.fillNormal(engine.input(name));
}

/** A kernel set of which one kernel goes wrong: after a call for which `isStruck`, `strike` may write what it likes. */
export function faultyKernels(
  set: KernelSet,
  fault: {
    readonly kernel: keyof Kernels;
    isStruck(): boolean;
    strike(data: FloatArray, args: readonly number[]): void;
  },
): KernelSet {
  return {
    ...set,
    over(arena) {
      const kernels = set.over(arena);
      const sound: (...args: number[]) => void = kernels[fault.kernel];
      const faulty = (...args: number[]): void => {
        sound(...args);
        if (fault.isStruck()) fault.strike(arena.data, args);
      };
      return { ...kernels, [fault.kernel]: faulty };
    },
  };
}
