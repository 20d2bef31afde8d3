/** E9: tensor dynamics against the loop over an economy's own successors. tfjs is passed in, never loaded here. */
import type { Tf } from '../capabilities.ts';
import { show } from '../errors.ts';
import type { EconomyLog } from './economy-log.ts';
import { BRACKET_SHARE, ECONOMY_CHECKS } from './economy-names.ts';
import {
  flatRewards,
  GapRecord,
  type Probe,
  probe,
  type Reach,
  TENSOR_TOLERANCE,
  type TensorCase,
  type TensorSubject,
} from './economy-tensor-probe.ts';

/** One row, and enough for every row of the chain and every kind of action. */
const BATCHES: readonly number[] = [1, 128];

/** Compares both dynamics in states along random paths, with actions within and at their bounds. */
export function checkTensors(
  subject: TensorSubject,
  options: { readonly tf: Tf; readonly seed: number; readonly log: EconomyLog },
): void {
  const { tf, seed, log } = options;
  for (const one of BATCHES.flatMap((batch) => transitionCases(subject, tf, batch, seed, 'bounds'))) {
    const { quantity, maxAbs, maxRel, scale, n, batch, ok } = one;
    const isBracket = quantity === 'bracket';
    const tolerance = isBracket ? BRACKET_SHARE : TENSOR_TOLERANCE;
    log.record({ check: ECONOMY_CHECKS.tensors, quantity, maxAbs, maxRel, scale, tolerance, n });
    if (ok) {
      log.pass(ECONOMY_CHECKS.tensors);
      continue;
    }
    log.fail(ECONOMY_CHECKS.tensors, {
      expected: isBracket
        ? `the same brackets of prices in all but a share ${BRACKET_SHARE} of ${batch} rows, or one`
        : `${quantity} as the loop has it, to ${tolerance.toExponential()} of max(|value|, ${show(scale)})`,
      actual: isBracket
        ? `another bracket in a share ${show(maxAbs)} of rows`
        : `off by ${maxAbs.toExponential(1)}, ${maxRel.toExponential(1)} relative, in a batch of ${batch}`,
      hint: 'Are the parameters and the order of coordinates the same on both sides? `sanity/tensor-transition.ts` compares more rows.',
    });
  }
}

/**
 * One gap per coordinate of the next state, and for probabilities and rewards; where both sides tell the brackets of their prices,
 * rows that took different ones are counted, not compared.
 */
export function transitionCases(
  subject: TensorSubject,
  tf: Tf,
  batch: number,
  seed: number,
  reach: Reach = 'beyond',
): readonly TensorCase[] {
  const { economy, twin } = subject;
  const probed = probe(subject, batch, seed, reach);
  const found = tensorTransition(subject, tf, probed);
  const gaps = {
    coordinates: twin.scales.map((scale) => new GapRecord(scale)),
    probability: new GapRecord(1),
    reward: new GapRecord(1),
  };
  let elsewhere = 0;
  for (let row = 0; row < batch; row++) {
    if (!sameBrackets(subject, probed, found, row)) {
      elsewhere += 1;
      continue;
    }
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
  const cases = named.map(([quantity, gap]) => gap.toCase({ env: economy.id, quantity, batch }));
  if (found.brackets === undefined) return cases;
  const share = elsewhere / batch;
  const ok = elsewhere <= Math.max(1, BRACKET_SHARE * batch);
  const brackets = { env: economy.id, quantity: 'bracket', batch, scale: 1, n: batch, ok };
  return [{ ...brackets, maxAbs: share, maxRel: share }, ...(elsewhere < batch ? cases : [])];
}

function sameBrackets(
  { enumerable }: TensorSubject,
  probed: Probe,
  found: TensorResult,
  row: number,
): boolean {
  const expected = enumerable.brackets?.(probed.states[row], probed.actions[row]);
  if (expected === undefined || found.brackets === undefined) return true;
  const { brackets } = found;
  return expected.every((bracket, i) => Math.round(brackets[row * expected.length + i]) === bracket);
}

interface TensorResult {
  /** [B, E, D]. */
  readonly next: Float32Array;
  /** [B, E]. */
  readonly probabilities: Float32Array;
  readonly rewards: Float32Array;
  /** [B, markets]. */
  readonly brackets: Float32Array | undefined;
  readonly successors: number;
}

function tensorTransition({ twin }: TensorSubject, tf: Tf, probed: Probe): TensorResult {
  const { rows, coordinates, quantities } = probed;
  return tf.tidy(() => {
    const states = tf.tensor2d(coordinates, [rows, coordinates.length / rows]);
    const actions = tf.tensor2d(quantities, [rows, quantities.length / rows]);
    const { next, probabilities, rewards, brackets } = twin.transition(tf, states, actions);
    const read = (tensor: { dataSync(): unknown }) => Float32Array.from(tensor.dataSync() as Float32Array);
    return {
      next: read(next),
      probabilities: read(probabilities),
      rewards: read(rewards),
      brackets: brackets === undefined ? undefined : read(brackets),
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
