/**
 * The losses of soft actor-critic, written once over the op set and run by every engine.
 *
 * Symbols: s observation, a action in [-1, 1], r reward, s' next observation, d 1 where the future counts, T temperature, beta
 * the discount factor, Q the mean (or minimum) of two critics, Q- that of their slow copies.
 * Shapes: B batch, D observations, A actions; the two critics are one ensemble of two members, values [2, B, 1].
 */
import type { Ops } from '../../kernels/op-set.ts';
import { type Program, ROWS, type Symbols } from '../../nn/engine.ts';
import { deterministicAction, gaussianHeads, squashedSample } from '../../nn/gaussian.ts';
import { mlp, mlpShapes } from '../../nn/mlp.ts';

export interface SacShape {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hidden: readonly number[];
  readonly activation: 'relu' | 'tanh';
  readonly batchSize: number;
  readonly criticEnsemble: 'mean' | 'minimum';
  readonly futureActions: 'drawn' | 'mean';
  readonly huberThreshold: number;
  readonly discountFactor: number;
}

const CRITICS = 2;

/** Parameter groups, the two training phases, and the policy as a function of any number of rows. */
export function sacProgram(shape: SacShape): Program {
  const { observationSize: D, actionSize: A, hidden, activation, batchSize: B } = shape;
  const { huberThreshold, discountFactor: beta } = shape;
  const actor = mlpShapes({ inputs: D, hidden, outputs: 2 * A, members: 1 });
  const critic = mlpShapes({ inputs: D + A, hidden, outputs: 1, members: CRITICS });

  /** Q(s, a) over the ensemble named, [B, 1]. */
  function value<T>(ops: Ops<T>, { parameters }: Symbols<T>, ensemble: string, s: T, a: T): T {
    const members = mlp(ops, parameters[ensemble], ops.concat([s, a]), { activation });
    return shape.criticEnsemble === 'mean' ? ops.meanFirst(members) : ops.minFirst(members);
  }

  /** Mean and spread of the actor named, at rows s. */
  function policy<T>(ops: Ops<T>, { parameters }: Symbols<T>, name: string, s: T) {
    const rows = ops.shapeOf(s)[0];
    return gaussianHeads(ops, ops.reshape(mlp(ops, parameters[name], s, { activation }), [rows, 2 * A]));
  }

  /** What rows s of the next period are worth, [B, 1]: Q-(s, a) - T log pi(a|s) at a drawn action, or Q- at the mean one. */
  function futureValue<T>(ops: Ops<T>, symbols: Symbols<T>, s: T, noise: T): T {
    const heads = policy(ops, symbols, 'actor', s);
    if (shape.futureActions === 'mean')
      return value(ops, symbols, 'criticTarget', s, deterministicAction(ops, heads));
    const { action, logProbability } = squashedSample(ops, heads, noise);
    const entropyCost = ops.mul(logProbability, ops.exp(symbols.parameters.temperature.log));
    return ops.sub(value(ops, symbols, 'criticTarget', s, action), entropyCost);
  }

  return {
    groups: { actor, actorAverage: actor, critic, criticTarget: critic, temperature: { log: [1] } },
    phases: {
      // minimise the mean over members and batch of Huber(Q_i(s, a) - y),
      // y = r + beta d (Q-(s', a') - T log pi(a'|s')), a' drawn from the actor at s'  (Haarnoja et al. 2018, eqs. 5 and 6),
      // or y = r + beta d Q-(s', a') with a' the actor's mean
      critic: {
        inputs: {
          observations: [B, D],
          actions: [B, A],
          rewards: [B, 1],
          nextObservations: [B, D],
          continues: [B, 1],
          nextNoise: [B, A],
        },
        train: ['critic'],
        build(ops, symbols) {
          const { parameters, inputs } = symbols;
          const worth = futureValue(ops, symbols, inputs.nextObservations, inputs.nextNoise);
          const future = ops.affine(ops.mul(inputs.continues, worth), beta, 0);
          const y = ops.stopGradient(ops.add(inputs.rewards, future));
          const q = mlp(ops, parameters.critic, ops.concat([inputs.observations, inputs.actions]), {
            activation,
          });
          return {
            loss: ops.mean(ops.huber(ops.sub(q, y), huberThreshold)),
            outputs: { meanValue: ops.mean(q) },
          };
        },
      },
      // minimise E[T log pi(a|s) - Q(s, a)] over the actor  (eq. 7)
      // and -log T (log pi(a|s) + target entropy) over the temperature  (section 5 and its appendix, on log T)
      actor: {
        inputs: { observations: [B, D], noise: [B, A], targetEntropy: [1] },
        train: ['actor', 'temperature'],
        build(ops, symbols) {
          const { parameters, inputs } = symbols;
          const heads = policy(ops, symbols, 'actor', inputs.observations);
          const { action, logProbability } = squashedSample(ops, heads, inputs.noise);
          const q = value(ops, symbols, 'critic', inputs.observations, action);
          const temperature = ops.stopGradient(ops.exp(parameters.temperature.log));
          const actorLoss = ops.mean(ops.sub(ops.mul(logProbability, temperature), q));
          const excess = ops.stopGradient(ops.mean(ops.add(logProbability, inputs.targetEntropy)));
          const temperatureLoss = ops.affine(ops.mul(parameters.temperature.log, excess), -1, 0);
          return {
            loss: ops.add(actorLoss, ops.sum(temperatureLoss)),
            outputs: { entropy: ops.affine(ops.mean(logProbability), -1, 0), actorLoss },
          };
        },
      },
    },
    functions: {
      explore: {
        inputs: { observations: [ROWS, D], noise: [ROWS, A] },
        build(ops, symbols) {
          const heads = policy(ops, symbols, 'actor', symbols.inputs.observations);
          return { action: squashedSample(ops, heads, symbols.inputs.noise).action };
        },
      },
      exploit: {
        inputs: { observations: [ROWS, D] },
        build: (ops, symbols) => ({
          action: deterministicAction(ops, policy(ops, symbols, 'actorAverage', symbols.inputs.observations)),
        }),
      },
    },
  };
}
