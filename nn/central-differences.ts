/** The gradient of a phase's loss by central differences: what every hand-written derivative is measured against. */
import type { Ops, Shape } from '../kernels/op-set.ts';
import { referenceEngine } from './arena-engine.ts';
import type { Engine, Phase, Program, Symbols } from './engine.ts';
import { lookUp } from './errors.ts';
import { record } from './replay.ts';

type Reference = Engine<Float64Array>;

/**
 * dL/dp ~ (L(p + h) - L(p - h)) / 2h for every parameter p of a group, with h = step max(1, |p|), at the parameters and inputs
 * of `engine`. What stands behind a stopGradient is held at its value there, as differentiation holds it.
 *
 * In float64 with the default step 1e-5 the error is about 1e-10 of the loss's third derivative, plus 1e-11 |L| of rounding.
 * Returns tensors by name, shaped as the parameters. Throws on an unknown phase or group, and what `run` throws.
 * Invariant: the engine is only read.
 */
export function centralDifferences(
  engine: Reference,
  options: {
    readonly program: Program;
    readonly phase: string;
    readonly group: string;
    readonly step?: number;
  },
): Record<string, Float64Array> {
  const { program, phase, group, step = 1e-5 } = options;
  const held = heldEngine(engine, program, phase);
  const values = held.parameters(group);
  const lossWith = (tensor: Float64Array, i: number, value: number) => {
    tensor[i] = value;
    held.setParameters(group, values);
    return held.run(phase);
  };
  const gradient: Record<string, Float64Array> = {};
  for (const [name, tensor] of Object.entries(values)) {
    gradient[name] = tensor.map((value, i) => {
      const h = step * Math.max(1, Math.abs(value));
      const above = lossWith(tensor, i, value + h);
      const below = lossWith(tensor, i, value - h);
      tensor[i] = value;
      return (above - below) / (2 * h);
    });
  }
  held.dispose();
  return gradient;
}

/** An engine of this phase alone, in which the tensors behind stopGradient are inputs, set to what they are in `engine` now. */
function heldEngine(engine: Reference, program: Program, name: string): Reference {
  const phase = lookUp('phase', new Map(Object.entries(program.phases)), name);
  const stopped = stoppedShapes(program, phase);
  const values = stoppedValues(engine, program, phase, Object.keys(stopped));
  const held: Phase = {
    inputs: { ...phase.inputs, ...stopped },
    build: (ops, symbols) =>
      phase.build(
        withStop(ops, (key) => symbols.inputs[key]),
        symbols,
      ),
  };
  const result = copyOf(engine, program, phase, { [name]: held });
  for (const [key, value] of Object.entries(values)) result.input(key).set(value);
  return result;
}

/** Shapes of the phase's stopGradients, by name, in the order of the calls. */
function stoppedShapes(program: Program, phase: Phase): Record<string, Shape> {
  const { nodes } = record(program.groups, phase.inputs, (ops, symbols) => phase.build(ops, symbols));
  const stops = nodes.filter(({ operation }) => operation.kind === 'stopGradient');
  return Object.fromEntries(stops.map(({ shape }, i) => [stopName(i), shape]));
}

function stoppedValues(
  engine: Reference,
  program: Program,
  phase: Phase,
  names: readonly string[],
): Record<string, Float64Array> {
  if (names.length === 0) return {};
  const observed: Phase = {
    inputs: phase.inputs,
    build<T>(ops: Ops<T>, symbols: Symbols<T>) {
      const outputs: Record<string, T> = {};
      const keep = (key: string, x: T) => {
        outputs[key] = x;
        return x;
      };
      phase.build(withStop(ops, keep), symbols);
      return { outputs };
    },
  };
  const observer = copyOf(engine, program, phase, { observed });
  observer.run('observed');
  const values = names.map((key) => [key, observer.output('observed', key).slice()]);
  observer.dispose();
  return Object.fromEntries(values);
}

/** A reference engine of other phases with the parameters of `engine` and its inputs of `phase`. */
function copyOf(engine: Reference, { groups }: Program, phase: Phase, phases: Program['phases']): Reference {
  const initial = Object.fromEntries(Object.keys(groups).map((group) => [group, engine.parameters(group)]));
  const copy = referenceEngine({ groups, phases }, { initial });
  for (const input of Object.keys(phase.inputs)) copy.input(input).set(engine.input(input));
  return copy;
}

function stopName(index: number): string {
  return `stopped ${index}`;
}

/** The op set, but for stopGradient: `stop` is given the name of each call in turn, and its operand. */
function withStop<T>(ops: Ops<T>, stop: (name: string, x: T) => T): Ops<T> {
  let calls = 0;
  const stopGradient = (x: T) => stop(stopName(calls++), x);
  return Object.create(ops, { stopGradient: { value: stopGradient } });
}
