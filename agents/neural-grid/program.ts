/**
 * The losses of the neural grid, written once over the op set and run by every engine. What the economy's model adds to them, targets
 * and slopes of Q, comes as inputs.
 *
 * Symbols: x a state as the networks see it, u(x) the actor's action as a share of its range, v(x) the critic, v-(x) its slow copy.
 * Shapes: B states of a batch, D coordinates, A actions, N rows of the states that are valued.
 */
import type { Ops } from '../../kernels/op-set.ts';
import { type Program, ROWS, type Symbols } from '../../nn/engine.ts';
import { mlp, mlpShapes } from '../../nn/mlp.ts';

export interface NeuralGridShape {
  readonly coordinates: number;
  readonly actions: number;
  readonly hidden: readonly number[];
  readonly activation: 'relu' | 'tanh';
  readonly batchSize: number;
  /** Rows valued together, N. */
  readonly valuedRows: number;
  readonly huberThreshold: number;
}

/** Parameter groups, the training phases, and actor and critic as functions of any number of rows. */
export function neuralGridProgram(shape: NeuralGridShape): Program {
  const { coordinates: D, actions: A, hidden, activation, batchSize: B, valuedRows: N } = shape;
  const actor = mlpShapes({ inputs: D, hidden, outputs: A });
  const critic = mlpShapes({ inputs: D, hidden, outputs: 1 });

  /** u(x) in [0, 1], [rows, A]. */
  function action<T>(ops: Ops<T>, { parameters }: Symbols<T>, name: string, x: T): T {
    const outputs = ops.reshape(mlp(ops, parameters[name], x, { activation }), [ops.shapeOf(x)[0], A]);
    return ops.affine(ops.tanh(outputs), 0.5, 0.5);
  }

  /** v(x), [rows, 1]. */
  function value<T>(ops: Ops<T>, { parameters }: Symbols<T>, name: string, x: T): T {
    return ops.reshape(mlp(ops, parameters[name], x, { activation }), [ops.shapeOf(x)[0], 1]);
  }

  return {
    // The states to value are a group, so that differentiation gives the slope of v- at each.
    groups: { actor, actorAverage: actor, critic, criticTarget: critic, valued: { x: [N, D] } },
    phases: {
      // the actor's actions, before the model is asked what follows from them
      act: {
        inputs: { x: [B, D] },
        build: (ops, symbols) => ({ outputs: { action: action(ops, symbols, 'actor', symbols.inputs.x) } }),
      },
      // v- at all rows of `valued`; the sum's gradient in row n is dv-(x_n) / dx_n
      value: {
        inputs: {},
        train: ['valued'],
        build(ops, symbols) {
          const v = value(ops, symbols, 'criticTarget', symbols.parameters.valued.x);
          return { loss: ops.sum(v), outputs: { value: v } };
        },
      },
      // minimise the mean of Huber(v(x) - y), y the right-hand side of the Bellman equation
      critic: {
        inputs: { x: [B, D], y: [B, 1] },
        train: ['critic'],
        build(ops, symbols) {
          const error = ops.sub(value(ops, symbols, 'critic', symbols.inputs.x), symbols.inputs.y);
          return {
            loss: ops.mean(ops.huber(error, shape.huberThreshold)),
            outputs: { residual: ops.mean(ops.abs(error)) },
          };
        },
      },
      // maximise mean Q(s, u(x)), whose derivative in the weights is that of mean dQ/du * u(x) at the slope dQ/du held fixed, less
      // weight * mean [max(lowest - u, 0)^2 + max(u - highest, 0)^2]
      actor: {
        inputs: { x: [B, D], slope: [B, A], lowest: [B, A], highest: [B, A], weight: [1] },
        train: ['actor'],
        build(ops, symbols) {
          const { x, slope, lowest, highest, weight } = symbols.inputs;
          const u = action(ops, symbols, 'actor', x);
          const beyond = ops.add(
            ops.square(ops.relu(ops.sub(lowest, u))),
            ops.square(ops.relu(ops.sub(u, highest))),
          );
          const penalty = ops.sum(ops.mul(weight, ops.mean(ops.sumLast(beyond))));
          const gain = ops.mean(ops.sumLast(ops.mul(slope, u)));
          return { loss: ops.sub(penalty, gain), outputs: { penalty } };
        },
      },
      // cold start: minimise the mean squared distance of the actor to a policy
      imitate: {
        inputs: { x: [B, D], target: [B, A] },
        train: ['actor'],
        build(ops, symbols) {
          const u = action(ops, symbols, 'actor', symbols.inputs.x);
          return { loss: ops.mean(ops.sumLast(ops.square(ops.sub(u, symbols.inputs.target)))) };
        },
      },
    },
    functions: {
      act: {
        inputs: { x: [ROWS, D] },
        build: (ops, symbols) => ({ action: action(ops, symbols, 'actorAverage', symbols.inputs.x) }),
      },
      value: {
        inputs: { x: [ROWS, D] },
        build: (ops, symbols) => ({ value: value(ops, symbols, 'criticTarget', symbols.inputs.x) }),
      },
    },
  };
}
