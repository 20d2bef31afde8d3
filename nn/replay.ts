/** A compiled phase made ready to run: bound instructions, and where to read the results. */
import type { Kernels } from '../kernels/kernels.ts';
import type { Shape } from '../kernels/op-set.ts';
import type { Compiled } from './compile.ts';
import type { GroupShapes, Symbols } from './engine.ts';
import { GraphOps, type Node } from './graph.ts';
import { ownedBuffer } from './memory.ts';
import type { Buffer, Step } from './plan.ts';

export interface Replay {
  readonly steps: readonly Step[];
  readonly loss: Buffer | undefined;
  readonly outputs: ReadonlyMap<string, Buffer>;
}

/** Records parameters and inputs as leaves, then whatever `build` does with them. */
export function record<Result>(
  groups: Readonly<Record<string, GroupShapes>>,
  inputs: Readonly<Record<string, Shape>>,
  build: (ops: GraphOps, symbols: Symbols<Node>) => Result,
): { nodes: readonly Node[]; result: Result } {
  const ops = new GraphOps();
  const parameters: Record<string, Record<string, Node>> = {};
  for (const [group, shapes] of Object.entries(groups)) {
    parameters[group] = {};
    for (const [name, shape] of Object.entries(shapes)) {
      parameters[group][name] = ops.leaf({ kind: 'parameter', group, name }, shape);
    }
  }
  const given: Record<string, Node> = {};
  for (const [name, shape] of Object.entries(inputs)) given[name] = ops.leaf({ kind: 'input', name }, shape);
  return { result: build(ops, { parameters, inputs: given }), nodes: ops.nodes };
}

/** Resolves a plan, already laid out, to that workspace. */
export function prepare(compiled: Compiled, kernels: Kernels, workspace: number): Replay {
  const steps = compiled.plan.bind(kernels, workspace);
  const read = (buffer: Buffer) =>
    buffer.placed === 'by-plan' ? ownedBuffer(workspace + buffer.offset, buffer.size) : buffer;
  const outputs = new Map(Object.entries(compiled.outputs).map(([name, buffer]) => [name, read(buffer)]));
  return { steps, loss: compiled.loss && read(compiled.loss), outputs };
}

/** Runs the instructions in order. */
export function replay(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]();
}
