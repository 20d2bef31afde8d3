/** Turns a recorded graph into a plan: forward, then backward towards the trained parameters, and nothing that neither needs. */

import { shapeText } from '../kernels/shapes.ts';
import { backward, type Context, forward, type Target } from './gradients.ts';
import type { Node } from './graph.ts';
import { type Buffer, Plan } from './plan.ts';

/** Where the owner of the memory keeps what outlives a run. */
export interface Storage {
  parameter(group: string, name: string): Buffer;
  gradient(group: string, name: string): Buffer;
  input(name: string): Buffer;
  constant(values: ArrayLike<number>): Buffer;
}

export interface Recorded {
  /** In the order of execution. */
  readonly nodes: readonly Node[];
  readonly loss?: Node;
  readonly outputs: Readonly<Record<string, Node>>;
  readonly train: readonly string[];
}

export interface Compiled {
  readonly plan: Plan;
  readonly loss: Buffer | undefined;
  readonly outputs: Readonly<Record<string, Buffer>>;
}

/** Nodes that loss or outputs depend on. */
function reachable({ nodes, loss, outputs }: Recorded): ReadonlySet<Node> {
  const needed = new Set<Node>(Object.values(outputs));
  if (loss) needed.add(loss);
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (needed.has(nodes[i])) for (const operand of nodes[i].operands) needed.add(operand);
  }
  return needed;
}

/** Nodes that depend on a trained parameter in the eyes of differentiation. */
function differentiable({ nodes, train }: Recorded): ReadonlySet<Node> {
  const active = new Set<Node>();
  for (const node of nodes) {
    const { operation, operands } = node;
    if (operation.kind === 'stopGradient') continue;
    const trained = operation.kind === 'parameter' && train.includes(operation.group);
    if (trained || operands.some((operand) => active.has(operand))) active.add(node);
  }
  return active;
}

/** The node whose gradient buffer this node shares: a reshape shows its operand. */
function gradientOwner(node: Node): Node {
  return node.operation.kind === 'reshape' ? gradientOwner(node.operands[0]) : node;
}

class Compiler implements Context {
  readonly plan = new Plan();
  private readonly values = new Map<Node, Buffer>();
  private readonly targets = new Map<Node, Buffer>();
  private readonly working: Buffer = this.plan.temporary(0);
  private readonly active: ReadonlySet<Node>;
  private readonly storage: Storage;

  constructor(recorded: Recorded, storage: Storage) {
    this.storage = storage;
    this.active = differentiable(recorded);
  }

  scratch(size: number): Buffer {
    this.working.size = Math.max(this.working.size, size);
    return this.working;
  }

  readonly value = (node: Node): Buffer => {
    let buffer = this.values.get(node);
    if (buffer === undefined) {
      buffer = this.place(node);
      this.values.set(node, buffer);
    }
    return buffer;
  };

  private place(node: Node): Buffer {
    const { operation } = node;
    switch (operation.kind) {
      case 'parameter':
        return this.storage.parameter(operation.group, operation.name);
      case 'input':
        return this.storage.input(operation.name);
      case 'constant':
        return this.storage.constant(operation.values);
      case 'reshape':
      case 'stopGradient':
        return this.value(node.operands[0]);
      default:
        return this.plan.temporary(node.size);
    }
  }

  target(node: Node): Target | undefined {
    if (!this.active.has(node)) return undefined;
    const owner = gradientOwner(node);
    const known = this.targets.get(owner);
    if (known) return { buffer: known, accumulate: 1 };
    const { operation } = owner;
    const buffer =
      operation.kind === 'parameter'
        ? this.storage.gradient(operation.group, operation.name)
        : this.plan.temporary(owner.size);
    this.targets.set(owner, buffer);
    return { buffer, accumulate: 0 };
  }

  /** The gradient of a node once all its users have added their terms; undefined if there was none. */
  gradient(node: Node): Buffer | undefined {
    return this.targets.get(node);
  }
}

/** Backward from the loss; gradients of trained parameters that the loss does not reach are set to zero. */
function differentiate(recorded: Recorded, loss: Node, compiler: Compiler): void {
  const seed = compiler.target(loss);
  if (seed) compiler.plan.emit('fill', seed.buffer, 1, 1);
  for (let i = recorded.nodes.length - 1; i >= 0; i--) {
    const dy = compiler.gradient(recorded.nodes[i]);
    if (dy) backward(recorded.nodes[i], dy, compiler);
  }
  for (const group of recorded.train) {
    const own = recorded.nodes.filter(
      ({ operation }) => operation.kind === 'parameter' && operation.group === group,
    );
    const missed = own.filter((node) => compiler.gradient(node) === undefined);
    if (missed.length === own.length) {
      throw new Error(
        `the loss does not depend on any parameter of the group '${group}', which is to be trained. Remove it from \`train\`, or look for a stopGradient too many.`,
      );
    }
    for (const node of missed) {
      const target = compiler.target(node);
      if (target) compiler.plan.emit('fill', target.buffer, node.size, 0);
    }
  }
}

/**
 * The plan of one phase. Throws if the loss is not a single number, or does not depend on a group that is to be trained.
 *
 * Invariant: an instruction is there only if the loss, an output, or the gradient of a trained parameter depends on it.
 */
export function compile(recorded: Recorded, storage: Storage): Compiled {
  const { nodes, loss, outputs, train } = recorded;
  if (loss && loss.size !== 1) {
    throw new Error(
      `the loss has shape ${shapeText(loss.shape)}; it must be one number. Take its mean or sum.`,
    );
  }
  if (!loss && train.length > 0) {
    throw new Error(
      `no loss, but groups to train: ${train.join(', ')}. Return a loss, or leave out \`train\`.`,
    );
  }
  const compiler = new Compiler(recorded, storage);
  const needed = reachable(recorded);
  for (const node of nodes) if (needed.has(node)) forward(node, compiler);
  const results = Object.values(outputs);
  for (const node of loss ? [loss, ...results] : results) compiler.plan.keep(compiler.value(node));
  if (loss && train.length > 0) differentiate(recorded, loss, compiler);
  return {
    plan: compiler.plan,
    loss: loss && compiler.value(loss),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, node]) => [name, compiler.value(node)])),
  };
}
