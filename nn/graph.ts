/** Records a phase, written over the op set, as a graph: one node per operation, in the order of execution. */

import type { BinaryName, UnaryName } from '../kernels/codes.ts';
import type { Activation, Ops, Shape } from '../kernels/op-set.ts';
import {
  broadcastShape,
  checkClip,
  checkHuber,
  concatShape,
  constantShape,
  dropFirstShape,
  linearShape,
  matmulShape,
  reshapeShape,
  sizeOf,
  sliceShape,
  sumLastShape,
} from '../kernels/shapes.ts';

/** What a node computes from its operands. */
export type Operation =
  | { readonly kind: 'parameter'; readonly group: string; readonly name: string }
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly values: ArrayLike<number> }
  | { readonly kind: 'linear'; readonly activation: Activation }
  | { readonly kind: 'matmul' }
  | { readonly kind: 'binary'; readonly name: BinaryName }
  | { readonly kind: 'unary'; readonly name: UnaryName; readonly p: number; readonly q: number }
  | { readonly kind: 'concat' }
  | { readonly kind: 'slice'; readonly begin: number }
  | { readonly kind: 'reshape' }
  | { readonly kind: 'stopGradient' }
  | { readonly kind: 'sum'; readonly scale: number }
  | { readonly kind: 'sumLast' }
  | { readonly kind: 'meanFirst' }
  | { readonly kind: 'minFirst' };

export interface Node {
  readonly operation: Operation;
  readonly operands: readonly Node[];
  readonly shape: Shape;
  readonly size: number;
}

/**
 * The op set as a recorder: each call appends a node to `nodes`, so operands come before their users.
 *
 * Every method throws, naming the op and the shapes, on operands that do not go together.
 */
export class GraphOps implements Ops<Node> {
  readonly nodes: Node[] = [];

  /** A parameter or an input of the program: a leaf. */
  leaf(operation: Operation & { kind: 'parameter' | 'input' }, shape: Shape): Node {
    return this.record(operation, [], shape);
  }

  private record(operation: Operation, operands: readonly Node[], shape: Shape): Node {
    const node: Node = { operation, operands, shape, size: sizeOf(shape) };
    this.nodes.push(node);
    return node;
  }

  private binary(name: BinaryName, a: Node, b: Node): Node {
    return this.record({ kind: 'binary', name }, [a, b], broadcastShape(name, a.shape, b.shape));
  }

  private unary(name: UnaryName, x: Node, p = 0, q = 0): Node {
    return this.record({ kind: 'unary', name, p, q }, [x], x.shape);
  }

  shapeOf(x: Node): Shape {
    return x.shape;
  }

  constant(values: ArrayLike<number>, shape: Shape): Node {
    const checked = constantShape(values, shape);
    return this.record({ kind: 'constant', values: Float64Array.from(values) }, [], checked);
  }

  linear(x: Node, w: Node, b: Node, activation: Activation): Node {
    return this.record({ kind: 'linear', activation }, [x, w, b], linearShape(x.shape, w.shape, b.shape));
  }

  matmul(a: Node, b: Node): Node {
    return this.record({ kind: 'matmul' }, [a, b], matmulShape(a.shape, b.shape));
  }

  add(a: Node, b: Node): Node {
    return this.binary('add', a, b);
  }

  sub(a: Node, b: Node): Node {
    return this.binary('sub', a, b);
  }

  mul(a: Node, b: Node): Node {
    return this.binary('mul', a, b);
  }

  div(a: Node, b: Node): Node {
    return this.binary('div', a, b);
  }

  minimum(a: Node, b: Node): Node {
    return this.binary('minimum', a, b);
  }

  maximum(a: Node, b: Node): Node {
    return this.binary('maximum', a, b);
  }

  affine(x: Node, scale: number, shift: number): Node {
    return this.unary('affine', x, scale, shift);
  }

  exp(x: Node): Node {
    return this.unary('exp', x);
  }

  log(x: Node): Node {
    return this.unary('log', x);
  }

  tanh(x: Node): Node {
    return this.unary('tanh', x);
  }

  sigmoid(x: Node): Node {
    return this.unary('sigmoid', x);
  }

  relu(x: Node): Node {
    return this.unary('relu', x);
  }

  softplus(x: Node): Node {
    return this.unary('softplus', x);
  }

  square(x: Node): Node {
    return this.unary('square', x);
  }

  sqrt(x: Node): Node {
    return this.unary('sqrt', x);
  }

  abs(x: Node): Node {
    return this.unary('abs', x);
  }

  clip(x: Node, low: number, high: number): Node {
    checkClip(low, high);
    return this.unary('clip', x, low, high);
  }

  huber(x: Node, threshold: number): Node {
    checkHuber(threshold);
    return this.unary('huber', x, threshold);
  }

  concat(parts: readonly Node[]): Node {
    return this.record({ kind: 'concat' }, parts, concatShape(parts.map((part) => part.shape)));
  }

  slice(x: Node, begin: number, end: number): Node {
    return this.record({ kind: 'slice', begin }, [x], sliceShape(x.shape, begin, end));
  }

  reshape(x: Node, shape: Shape): Node {
    return this.record({ kind: 'reshape' }, [x], reshapeShape(x.shape, shape));
  }

  sum(x: Node): Node {
    return this.record({ kind: 'sum', scale: 1 }, [x], []);
  }

  mean(x: Node): Node {
    return this.record({ kind: 'sum', scale: 1 / x.size }, [x], []);
  }

  sumLast(x: Node): Node {
    return this.record({ kind: 'sumLast' }, [x], sumLastShape(x.shape));
  }

  meanFirst(x: Node): Node {
    return this.record({ kind: 'meanFirst' }, [x], dropFirstShape('meanFirst', x.shape));
  }

  minFirst(x: Node): Node {
    return this.record({ kind: 'minFirst' }, [x], dropFirstShape('minFirst', x.shape));
  }

  stopGradient(x: Node): Node {
    return this.record({ kind: 'stopGradient' }, [x], x.shape);
  }
}
