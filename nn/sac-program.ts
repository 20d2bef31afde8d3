/**
 * Soft actor-critic as a program (Haarnoja et al. 2018), used here as the composite loss of tests and of the benchmark: twin
 * critics as one ensemble, target critics, a squashed Gaussian actor and a learned temperature.
 */
import type { Ops } from '../kernels/op-set.ts';
import type { Engine, Program, Symbols } from './engine.ts';
import { gaussianHeads, type SquashedSample, squashedSample } from './gaussian.ts';
import { initialise, mlp, mlpShapes } from './mlp.ts';

export interface SacExtents {
  readonly batch: number;
  readonly observations: number;
  readonly actions: number;
  readonly hidden: readonly number[];
}

export const DISCOUNT_FACTOR = 0.99;
const HUBER_THRESHOLD = 1;

function sample<T>(ops: Ops<T>, symbols: Symbols<T>, observations: T, noise: T): SquashedSample<T> {
  const outputs = mlp(ops, symbols.parameters.actor, observations);
  const [, rows, width] = ops.shapeOf(outputs);
  return squashedSample(ops, gaussianHeads(ops, ops.reshape(outputs, [rows, width])), noise);
}

/** Q(s, a) of both members, [2, B, 1]. */
function values<T>(ops: Ops<T>, critic: Readonly<Record<string, T>>, observations: T, actions: T): T {
  return mlp(ops, critic, ops.concat([observations, actions]));
}

/** J(Q) = sum over members of mean Huber(Q - y), y = r + discount (1 - terminated) (min Q'(s', a') - temperature log pi(a')). */
function criticLoss<T>(ops: Ops<T>, symbols: Symbols<T>): { loss: T } {
  const { observations, actions, rewards, nextObservations, terminated, noise } = symbols.inputs;
  const next = sample(ops, symbols, nextObservations, noise);
  const future = ops.minFirst(values(ops, symbols.parameters.target, nextObservations, next.action));
  const temperature = ops.exp(symbols.parameters.temperature.log);
  const soft = ops.sub(future, ops.mul(temperature, next.logProbability));
  const going = ops.affine(terminated, -DISCOUNT_FACTOR, DISCOUNT_FACTOR);
  const y = ops.stopGradient(ops.add(rewards, ops.mul(going, soft)));
  const errors = ops.sub(values(ops, symbols.parameters.critic, observations, actions), y);
  return { loss: ops.affine(ops.mean(ops.huber(errors, HUBER_THRESHOLD)), 2, 0) };
}

/** J(pi) = mean(temperature log pi(a) - min Q(s, a)). */
function actorLoss<T>(ops: Ops<T>, symbols: Symbols<T>): { loss: T; outputs: Record<string, T> } {
  const { observations, noise } = symbols.inputs;
  const { action, logProbability } = sample(ops, symbols, observations, noise);
  const least = ops.minFirst(values(ops, symbols.parameters.critic, observations, action));
  const temperature = ops.stopGradient(ops.exp(symbols.parameters.temperature.log));
  const loss = ops.mean(ops.sub(ops.mul(temperature, logProbability), least));
  return { loss, outputs: { logProbability } };
}

/** J(temperature) = -log temperature mean(log pi(a) + target entropy); with `entropyGap` the mean, computed outside. */
function temperatureLoss<T>(ops: Ops<T>, symbols: Symbols<T>): { loss: T } {
  return {
    loss: ops.sum(ops.mul(ops.affine(symbols.parameters.temperature.log, -1, 0), symbols.inputs.entropyGap)),
  };
}

/** The program: groups actor, critic, target, temperature; phases critic, actor, temperature. */
export function sacProgram({ batch, observations, actions, hidden }: SacExtents): Program {
  const critic = mlpShapes({ inputs: observations + actions, hidden, outputs: 1, members: 2 });
  return {
    groups: {
      actor: mlpShapes({ inputs: observations, hidden, outputs: 2 * actions }),
      critic,
      target: critic,
      temperature: { log: [1] },
    },
    phases: {
      critic: {
        inputs: {
          observations: [batch, observations],
          actions: [batch, actions],
          rewards: [batch, 1],
          nextObservations: [batch, observations],
          terminated: [batch, 1],
          noise: [batch, actions],
        },
        train: ['critic'],
        build: criticLoss,
      },
      actor: {
        inputs: { observations: [batch, observations], noise: [batch, actions] },
        train: ['actor'],
        build: actorLoss,
      },
      temperature: { inputs: { entropyGap: [1] }, train: ['temperature'], build: temperatureLoss },
    },
  };
}

/** One update of everything, inputs being in place: the unit that the benchmark times. */
export function sacUpdate(engine: Engine, batch: number): void {
  engine.run('critic');
  engine.adam('critic', { rate: 3e-4 });
  engine.run('actor');
  engine.adam('actor', { rate: 3e-4 });
  const logProbability = engine.output('actor', 'logProbability');
  let sum = 0;
  for (let i = 0; i < batch; i++) sum += logProbability[i];
  engine.input('entropyGap')[0] = sum / batch - 1;
  engine.run('temperature');
  engine.adam('temperature', { rate: 3e-4 });
  engine.softUpdate('target', 'critic', 0.005);
}

/** Initial parameters of the program, drawn from `rng`; the target critics start as the critics. */
export function sacInitial(
  program: Program,
  rng: { uniform(): number },
): Record<string, Record<string, Float32Array>> {
  const critic = initialise(program.groups.critic, rng);
  return {
    actor: initialise(program.groups.actor, rng, { outputScale: 0.1 }),
    critic,
    target: critic,
    temperature: { log: Float32Array.of(Math.log(0.2)) },
  };
}
