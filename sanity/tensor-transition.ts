/**
 * Are tensor dynamics the iterative ones? For every economy with both, the next states, their probabilities and the rewards
 * of the tensor twin against a float64 loop over `successors`, in batches of 1 and 4096, with repeated states and with actions
 * inside, at and beyond their bounds.
 *
 *   npx tsx sanity/tensor-transition.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--backend NAME] [--json]
 */
import { fileURLToPath } from 'node:url';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
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

/** One gap per coordinate of the next state, and for probabilities and rewards. */
export function transitionCases(
  subject: TensorSubject,
  tf: Tensorflow,
  batch: number,
  seed: number,
): readonly TensorCase[] {
  const { economy, twin } = subject;
  const probed = probe(subject, batch, seed);
  const found = tensorTransition(subject, tf, probed);
  const gaps = {
    coordinates: twin.scales.map((scale) => new GapRecord(scale)),
    probability: new GapRecord(1),
    reward: new GapRecord(1),
  };
  for (let row = 0; row < batch; row++) {
    compareSuccessors(subject, probed, found, row, gaps);
    const rewards = flatRewards(subject, probed, row);
    rewards.forEach((reward, i) => {
      gaps.reward.add(found.rewards[row * rewards.length + i], reward);
    });
  }
  const named = [
    ...twin.coordinates.map((name, d) => [`next ${name}`, gaps.coordinates[d]] as const),
    ['probability', gaps.probability] as const,
    ['reward', gaps.reward] as const,
  ];
  return named.map(([quantity, gap]) => gap.toCase({ env: economy.id, quantity, batch }));
}

interface TensorResult {
  /** [B, E, D]. */
  readonly next: Float32Array;
  /** [B, E]. */
  readonly probabilities: Float32Array;
  readonly rewards: Float32Array;
  readonly successors: number;
}

function tensorTransition({ twin }: TensorSubject, tf: Tensorflow, probed: Probe): TensorResult {
  const { rows, coordinates, quantities } = probed;
  return tf.tidy(() => {
    const states = tf.tensor2d(coordinates, [rows, coordinates.length / rows]);
    const actions = tf.tensor2d(quantities, [rows, quantities.length / rows]);
    const { next, probabilities, rewards } = twin.transition(tf, states, actions);
    const read = (tensor: { dataSync(): unknown }) => Float32Array.from(tensor.dataSync() as Float32Array);
    return {
      next: read(next),
      probabilities: read(probabilities),
      rewards: read(rewards),
      successors: probabilities.shape[1],
    };
  });
}

/** Each successor of the loop takes the nearest tensor row that is free; rows that stay free must have probability zero. */
function compareSuccessors(
  { twin, enumerable }: TensorSubject,
  probed: Probe,
  found: TensorResult,
  row: number,
  gaps: { readonly coordinates: readonly GapRecord[]; readonly probability: GapRecord },
): void {
  const width = twin.coordinates.length;
  const free = new Set(Array.from({ length: found.successors }, (_, e) => row * found.successors + e));
  for (const { probability, state } of enumerable.successors(probed.states[row], probed.actions[row])) {
    const expected = twin.toCoordinates(state);
    let best = -1;
    let least = Infinity;
    for (const e of free) {
      let distance = 0;
      for (let d = 0; d < width; d++) {
        distance += Math.abs(found.next[e * width + d] - expected[d]) / twin.scales[d];
      }
      if (!(distance >= least)) [best, least] = [e, distance];
    }
    free.delete(best);
    gaps.probability.add(best < 0 ? Number.NaN : found.probabilities[best], probability);
    for (let d = 0; d < width; d++) {
      gaps.coordinates[d].add(best < 0 ? Number.NaN : found.next[best * width + d], expected[d]);
    }
  }
  for (const e of free) gaps.probability.add(found.probabilities[e], 0);
}

export const tensorTransitionCheck: CommandDefinition<TensorCheckOptions> = {
  name: 'tensor-transition',
  summary: 'Compares the tensor dynamics of every economy with its iterative dynamics.',
  options: tensorCheckOptions,
  async main(options, terminal) {
    const economies = await chosenEconomies(options);
    const { tf, backend } = await requestedTensorBackend({ request: options.backend });
    const subjects = economies.map((economy) => ({ id: economy.id, subject: tensorSubject(economy) }));
    const cases = subjects.flatMap(({ subject }) =>
      subject === undefined
        ? []
        : BATCHES.flatMap((batch) => transitionCases(subject, tf, batch, options.seed)),
    );
    return conclude({
      terminal,
      cases,
      columns: TENSOR_COLUMNS,
      title: tensorTitle('Next states, probabilities and rewards', backend),
      needs: 'tensor twin with an enumeration of successors',
      skipped: subjects.filter(({ subject }) => subject === undefined).map(({ id }) => id),
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(tensorTransitionCheck);
