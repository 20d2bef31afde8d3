/**
 * The losses of deep deterministic policy gradient and of TD3, written once over the op set and run by every engine.
 *
 * Symbols: s observation, a action in [-1, 1], r reward, s' next observation, d 1 where the future counts, beta the discount factor, mu
 * the actor, Q a critic; mu- and Q- are their slow copies, Q- the minimum where there are two critics. eps is standard normal.
 * Shapes: B batch, D observations, A actions; the critics are one ensemble of G members, values [G, B, 1].
 */
import type { Ops } from '../../kernels/op-set.ts';
import { type Program, ROWS, type Symbols } from '../../nn/engine.ts';
import { mlp, mlpShapes } from '../../nn/mlp.ts';

export interface DdpgShape {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hidden: readonly number[];
  readonly activation: 'relu' | 'tanh';
  readonly batchSize: number;
  /** G: 1 (DDPG), or 2 (TD3). */
  readonly critics: number;
  /** Standard deviations of the noise in the target's action, in the action at which the actor climbs, and in exploration. */
  readonly targetSmoothing: number;
  readonly actorSmoothing: number;
  readonly explorationNoise: number;
  /** Bound of the noise in both smoothings. */
  readonly smoothingClip: number;
  /** kappa, of the square by which |u| is beyond 3, where the actor is mu = tanh u. */
  readonly saturationPenalty: number;
  readonly huberThreshold: number;
  readonly discountFactor: number;
}

/**
 * Beyond this |u| the actor is called back, for there tanh is so flat that it does not come back by itself. It reaches 0.995 of the
 * range freely; an optimum within is not moved.
 */
const SATURATION = 3;

/** Parameter groups, the two training phases, and the policy as a function of any number of rows. */
export function ddpgProgram(shape: DdpgShape): Program {
  const { observationSize: D, actionSize: A, hidden, activation, batchSize: B, critics: G } = shape;
  const { huberThreshold, smoothingClip, discountFactor: beta } = shape;
  const actor = mlpShapes({ inputs: D, hidden, outputs: A, members: 1 });
  const critic = mlpShapes({ inputs: D + A, hidden, outputs: 1, members: G });

  /** u(s), [rows, A], of the actor named: its action before the bounds, mu = tanh u. */
  function unbounded<T>(ops: Ops<T>, { parameters }: Symbols<T>, name: string, s: T): T {
    const rows = ops.shapeOf(s)[0];
    return ops.reshape(mlp(ops, parameters[name], s, { activation }), [rows, A]);
  }

  /** mu(s), [rows, A]. */
  function policy<T>(ops: Ops<T>, symbols: Symbols<T>, name: string, s: T): T {
    return ops.tanh(unbounded(ops, symbols, name, s));
  }

  /** All values Q_i(s, a), [G, B, 1], of the ensemble named. */
  function values<T>(ops: Ops<T>, { parameters }: Symbols<T>, ensemble: string, s: T, a: T): T {
    return mlp(ops, parameters[ensemble], ops.concat([s, a]), { activation });
  }

  /** clip(a + clip(std eps, -c, c), -1, 1). */
  function smoothed<T>(ops: Ops<T>, a: T, std: number, eps: T): T {
    const noise = ops.clip(ops.affine(eps, std, 0), -smoothingClip, smoothingClip);
    return ops.clip(ops.add(a, noise), -1, 1);
  }

  return {
    groups: {
      actor,
      actorTarget: actor,
      actorAverage: actor,
      critic,
      criticTarget: critic,
    },
    phases: {
      // minimise the mean over critics and batch of Huber(Q_i(s, a) - y),
      // y = r + beta d Q-(s', a'), a' = mu-(s') with noise  (Lillicrap et al. 2016, algorithm 1; Fujimoto et al. 2018, eqs. 10 and 14)
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
          const { inputs } = symbols;
          const { observations, actions, nextObservations, nextNoise } = inputs;
          const intended = policy(ops, symbols, 'actorTarget', nextObservations);
          const next = smoothed(ops, intended, shape.targetSmoothing, nextNoise);
          const nextValue = ops.minFirst(values(ops, symbols, 'criticTarget', nextObservations, next));
          const future = ops.affine(ops.mul(inputs.continues, nextValue), beta, 0);
          const y = ops.stopGradient(ops.add(inputs.rewards, future));
          const q = values(ops, symbols, 'critic', observations, actions);
          return {
            loss: ops.mean(ops.huber(ops.sub(q, y), huberThreshold)),
            outputs: { meanValue: ops.mean(q) },
          };
        },
      },
      // minimise E[-Q_1(s, a) + kappa max(|u(s)| - 3, 0)^2], a = mu(s) with noise, over the actor  (Lillicrap et al. 2016, eq. 6, there -Q alone)
      actor: {
        inputs: { observations: [B, D], noise: [B, A] },
        train: ['actor'],
        build(ops, symbols) {
          const { observations, noise } = symbols.inputs;
          const u = unbounded(ops, symbols, 'actor', observations);
          const action = smoothed(ops, ops.tanh(u), shape.actorSmoothing, noise);
          const all = values(ops, symbols, 'critic', observations, action);
          const first = ops.slice(ops.reshape(all, [1, G * B]), 0, B);
          const saturation = ops.square(ops.relu(ops.affine(ops.abs(u), 1, -SATURATION)));
          const penalty = ops.affine(ops.mean(saturation), shape.saturationPenalty, 0);
          return { loss: ops.sub(penalty, ops.mean(first)) };
        },
      },
    },
    functions: {
      explore: {
        inputs: { observations: [ROWS, D], noise: [ROWS, A] },
        build(ops, symbols) {
          const intended = policy(ops, symbols, 'actor', symbols.inputs.observations);
          const noise = ops.affine(symbols.inputs.noise, shape.explorationNoise, 0);
          return { action: ops.clip(ops.add(intended, noise), -1, 1) };
        },
      },
      exploit: {
        inputs: { observations: [ROWS, D] },
        build: (ops, symbols) => ({
          action: policy(ops, symbols, 'actorAverage', symbols.inputs.observations),
        }),
      },
    },
  };
}
