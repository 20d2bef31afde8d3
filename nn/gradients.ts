/** One rule per operation: how it is computed, and how its derivative reaches its operands (reverse mode). */
import { ACTIVATION, BINARY, UNARY } from '../kernels/codes.ts';
import { NONE, scratchSize } from '../kernels/kernels.ts';
import type { Node } from './graph.ts';
import type { Buffer, Plan } from './plan.ts';

/** Where a term of a node's gradient goes, and whether it adds to terms already there. */
export interface Target {
  readonly buffer: Buffer;
  readonly accumulate: 0 | 1;
}

/** What a rule may ask for while it writes instructions. */
export interface Context {
  readonly plan: Plan;
  /** Working memory of the products, at least that many elements. */
  scratch(size: number): Buffer;
  /** Where a node's values lie. */
  readonly value: (node: Node) => Buffer;
  /** Where to put a term of the node's gradient; undefined if no trained parameter lies behind the node. */
  target(node: Node): Target | undefined;
}

interface Extents {
  readonly members: number;
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly strideX: number;
}

function linearExtents(x: Node, w: Node): Extents {
  const [members, inputs, outputs] = w.shape.length === 3 ? w.shape : [1, ...w.shape];
  const rows = x.shape[x.shape.length - 2];
  return { members, rows, inputs, outputs, strideX: x.shape.length === 3 ? rows * inputs : 0 };
}

/** Rows and columns where all axes but the last are taken together. */
function columns(node: Node): { rows: number; width: number } {
  const width = node.shape.length === 0 ? 1 : node.shape[node.shape.length - 1];
  return { rows: node.size / width, width };
}

/** Writes the instruction that computes `node` into its buffer. Leaves and views have none. */
export function forward(node: Node, context: Context): void {
  const { plan, value } = context;
  const { operation, operands } = node;
  const y = () => value(node);
  switch (operation.kind) {
    case 'linear':
    case 'matmul': {
      const [x, w, b] = operands;
      const { members, rows, inputs, outputs, strideX } = linearExtents(x, w);
      const bias = b ? value(b) : NONE;
      const code = operation.kind === 'linear' ? ACTIVATION[operation.activation] : ACTIVATION.identity;
      const scratch = context.scratch(scratchSize(rows, inputs, outputs));
      plan.emit(
        'linear',
        value(x),
        value(w),
        bias,
        y(),
        members,
        rows,
        inputs,
        outputs,
        strideX,
        code,
        scratch,
      );
      return;
    }
    case 'binary': {
      const [a, b] = operands;
      plan.emit('binary', BINARY[operation.name], value(a), a.size, value(b), b.size, y(), node.size);
      return;
    }
    case 'unary':
      plan.emit('unary', UNARY[operation.name], value(operands[0]), y(), node.size, operation.p, operation.q);
      return;
    case 'concat': {
      const { rows, width } = columns(node);
      let begin = 0;
      for (const part of operands) {
        const own = columns(part).width;
        plan.emit('copyColumns', value(part), own, 0, y(), width, begin, rows, own, 0);
        begin += own;
      }
      return;
    }
    case 'slice': {
      const { rows, width } = columns(node);
      const whole = columns(operands[0]).width;
      plan.emit('copyColumns', value(operands[0]), whole, operation.begin, y(), width, 0, rows, width, 0);
      return;
    }
    case 'sum':
      plan.emit('sumLast', value(operands[0]), y(), 1, operands[0].size, operation.scale);
      return;
    case 'sumLast': {
      const { rows, width } = columns(operands[0]);
      plan.emit('sumLast', value(operands[0]), y(), rows, width, 1);
      return;
    }
    case 'meanFirst': {
      const members = operands[0].shape[0];
      plan.emit('sumFirst', value(operands[0]), y(), members, node.size, 1 / members);
      return;
    }
    case 'minFirst':
      plan.emit('minFirst', value(operands[0]), y(), operands[0].shape[0], node.size);
      return;
    default: // leaves and views
      return;
  }
}

/** Writes the instructions that pass the complete gradient `dy` of `node` on to its operands. May overwrite dy. */
export function backward(node: Node, dy: Buffer, context: Context): void {
  const { operation, operands } = node;
  switch (operation.kind) {
    case 'linear':
    case 'matmul':
      backwardProduct(node, dy, context);
      return;
    case 'binary':
      backwardBinary(node, BINARY[operation.name], dy, context);
      return;
    case 'concat':
      backwardConcat(node, dy, context);
      return;
    default: {
      if (operands.length !== 1) return;
      const target = context.target(operands[0]);
      if (target) backwardSingle(node, operands[0], dy, target, context);
    }
  }
}

/** y = f(x w + b): dz = dy f', db = sum over rows of dz, dw = x^T dz, dx = dz w^T. */
function backwardProduct(node: Node, dy: Buffer, context: Context): void {
  const { plan, value } = context;
  const [x, w, b] = node.operands;
  const { members, rows, inputs, outputs, strideX } = linearExtents(x, w);
  const code = node.operation.kind === 'linear' ? ACTIVATION[node.operation.activation] : 0;
  const db = b && context.target(b);
  if (code !== ACTIVATION.identity || db) {
    const bias = db ? db.buffer : NONE;
    const adds = db ? db.accumulate : 0;
    plan.emit('activationGradient', value(node), dy, bias, members, rows, outputs, code, adds);
  }
  const scratch = context.scratch(scratchSize(rows, inputs, outputs));
  const dw = context.target(w);
  if (dw) {
    plan.emit(
      'weightGradient',
      value(x),
      dy,
      dw.buffer,
      members,
      rows,
      inputs,
      outputs,
      strideX,
      dw.accumulate,
      scratch,
    );
  }
  const dx = context.target(x);
  if (dx) {
    plan.emit(
      'inputGradient',
      dy,
      value(w),
      dx.buffer,
      members,
      rows,
      inputs,
      outputs,
      strideX,
      dx.accumulate,
      scratch,
    );
  }
}

function backwardBinary(node: Node, code: number, dy: Buffer, context: Context): void {
  const [a, b] = node.operands;
  for (const side of [0, 1]) {
    const target = context.target(node.operands[side]);
    if (!target) continue;
    context.plan.emit(
      'binaryGradient',
      code,
      side,
      context.value(a),
      a.size,
      context.value(b),
      b.size,
      dy,
      target.buffer,
      node.size,
      target.accumulate,
    );
  }
}

function backwardConcat(node: Node, dy: Buffer, context: Context): void {
  const { rows, width } = columns(node);
  let begin = 0;
  for (const part of node.operands) {
    const own = columns(part).width;
    const target = context.target(part);
    if (target) {
      context.plan.emit('copyColumns', dy, width, begin, target.buffer, own, 0, rows, own, target.accumulate);
    }
    begin += own;
  }
}

/** Operations of one operand. */
function backwardSingle(node: Node, x: Node, dy: Buffer, target: Target, context: Context): void {
  const { plan, value } = context;
  const { operation } = node;
  const { buffer: dx, accumulate } = target;
  switch (operation.kind) {
    case 'unary': {
      const { p, q } = operation;
      plan.emit(
        'unaryGradient',
        UNARY[operation.name],
        value(x),
        value(node),
        dy,
        dx,
        x.size,
        p,
        q,
        accumulate,
      );
      return;
    }
    case 'slice': {
      const { rows, width } = columns(node);
      if (accumulate === 0) plan.emit('fill', dx, x.size, 0);
      plan.emit('copyColumns', dy, width, 0, dx, columns(x).width, operation.begin, rows, width, accumulate);
      return;
    }
    case 'sum':
      plan.emit('spreadLast', dy, dx, 1, x.size, operation.scale, accumulate);
      return;
    case 'sumLast': {
      const { rows, width } = columns(x);
      plan.emit('spreadLast', dy, dx, rows, width, 1, accumulate);
      return;
    }
    case 'meanFirst':
      plan.emit('spreadFirst', dy, dx, x.shape[0], node.size, 1 / x.shape[0], accumulate);
      return;
    case 'minFirst':
      plan.emit('minFirstGradient', value(x), value(node), dy, dx, x.shape[0], node.size, accumulate);
      return;
    default: // leaves, and views, which share the gradient of what they show
      return;
  }
}
