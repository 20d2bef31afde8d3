/**
 * Is the tensor Q of a state and an action the reward plus the discounted expectation over all successors? For every economy that has
 * both, Q of the tensor twin against a float64 loop over `successors`, with a small random network as the value of the next state.
 * Every coordinate of the state enters the network, so one that Q forgot would show.
 *
 *   npx tsx sanity/tensor-q.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--backend NAME] [--json]
 */
import { fileURLToPath } from 'node:url';
import type { TensorValue } from '../core/capabilities.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
import { createRng } from '../numerics/random.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { chosenEconomies, conclude, type TensorCheckOptions, tensorCheckOptions } from './check-command.ts';
import {
  BATCHES,
  flatRewards,
  GapRecord,
  type Probe,
  probe,
  TENSOR_COLUMNS,
  type TensorCase,
  type TensorSubject,
  tensorSubject,
  tensorTitle,
} from './tensor-probe.ts';

/** Values of states are well away from zero, so that a forgotten term or a wrong sign cannot hide. */
const OUTPUT_BIASES = [-2, 1] as const;

const HIDDEN = 8;

/** V(x) = b + w tanh(W x + v): D inputs, float32 weights. */
export interface ValueNetwork {
  readonly inputs: number;
  /** W, [D, hidden] row-major. */
  readonly inner: Float32Array;
  readonly innerBias: Float32Array;
  readonly outer: Float32Array;
  readonly outerBias: number;
}

export function randomNetwork(inputs: number, outerBias: number, seed: number): ValueNetwork {
  const rng = createRng(seed).split('value network').split(String(outerBias));
  const normal = (n: number) => Float32Array.from({ length: n }, () => rng.normal());
  return {
    inputs,
    inner: normal(inputs * HIDDEN),
    innerBias: normal(HIDDEN),
    outer: normal(HIDDEN),
    outerBias,
  };
}

export function tensorValue(tf: Tensorflow, network: ValueNetwork): TensorValue {
  const { inputs, inner, innerBias, outer, outerBias } = network;
  return (x) =>
    tf.tidy(() => {
      const hidden = tf.tanh(
        tf.add(tf.matMul(x, tf.tensor2d(inner, [inputs, HIDDEN])), tf.tensor1d(innerBias)),
      );
      return tf.add(tf.matMul(hidden, tf.tensor2d(outer, [HIDDEN, 1])), outerBias);
    });
}

export function scalarValue(network: ValueNetwork, x: readonly number[]): number {
  const { inputs, inner, innerBias, outer, outerBias } = network;
  let value = outerBias;
  for (let h = 0; h < HIDDEN; h++) {
    let sum = innerBias[h];
    for (let d = 0; d < inputs; d++) sum += x[d] * inner[d * HIDDEN + h];
    value += outer[h] * Math.tanh(sum);
  }
  return value;
}

/** Q in float64: reward + beta sum of p V(normalised next); for several agents, their own rewards and the same value. */
function scalarQ(
  subject: TensorSubject,
  probed: Probe,
  row: number,
  network: ValueNetwork,
): readonly number[] {
  const { economy, twin, enumerable } = subject;
  let expected = 0;
  for (const { probability, state } of enumerable.successors(probed.states[row], probed.actions[row])) {
    expected += probability * scalarValue(network, twin.normaliseState(twin.toCoordinates(state)));
  }
  const [discountFactor] = Object.values(economy.discountFactors);
  return flatRewards(subject, probed, row).map((reward) => reward + discountFactor * expected);
}

/** One gap for each network. */
export function qCases(
  subject: TensorSubject,
  tf: Tensorflow,
  batch: number,
  seed: number,
): readonly TensorCase[] {
  const { economy, twin } = subject;
  const probed = probe(subject, batch, seed);
  return OUTPUT_BIASES.map((bias) => {
    const network = randomNetwork(twin.coordinates.length, bias, seed);
    const found = tf.tidy(() => {
      const states = tf.tensor2d(probed.coordinates, [batch, probed.coordinates.length / batch]);
      const actions = tf.tensor2d(probed.quantities, [batch, probed.quantities.length / batch]);
      return Float32Array.from(twin.q(tf, states, actions, tensorValue(tf, network)).dataSync());
    });
    const gap = new GapRecord(1);
    for (let row = 0; row < batch; row++) {
      const expected = scalarQ(subject, probed, row, network);
      expected.forEach((q, i) => {
        gap.add(found[row * expected.length + i], q);
      });
    }
    return gap.toCase({ env: economy.id, quantity: `Q, bias ${bias}`, batch });
  });
}

export const tensorQCheck: CommandDefinition<TensorCheckOptions> = {
  name: 'tensor-q',
  summary: 'Compares Q on tensors with a loop over successors, for every economy.',
  options: tensorCheckOptions,
  async main(options, terminal) {
    const economies = await chosenEconomies(options);
    const { tf, backend } = await requestedTensorBackend({ request: options.backend });
    const subjects = economies.map((economy) => ({ id: economy.id, subject: tensorSubject(economy) }));
    const cases = subjects.flatMap(({ subject }) =>
      subject === undefined ? [] : BATCHES.flatMap((batch) => qCases(subject, tf, batch, options.seed)),
    );
    return conclude({
      terminal,
      cases,
      columns: TENSOR_COLUMNS,
      title: tensorTitle('Q', backend),
      needs: 'tensor twin with an enumeration of successors',
      skipped: subjects.filter(({ subject }) => subject === undefined).map(({ id }) => id),
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(tensorQCheck);
