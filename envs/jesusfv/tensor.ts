import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import { type GrowthModel, type GrowthState, nearestLevel } from './model.ts';
import { largestFirstCapital } from './setup.ts';

/**
 * The growth family on tensors, float32, written apart from `model.ts` as a check on it and for learners that differentiate
 * through the model: for states [B, D] and quantities [B, 1],
 *
 *     c = clip(a m or a, low m, high m)     k' = m - c     Q = log c + beta sum_e P(e, e') V(k', e')
 *
 * over the E = Z, or Z times 3, exogenous successors, those of probability zero included. Q costs one call of the value on B * E
 * rows. Coordinates are (k, [d,] z). Invariant: equal to the float64 loop over `successors` up to float32 (sanity/).
 */
export function growthTensors(model: GrowthModel): TensorTwin<GrowthState> {
  const { coordinates } = model;
  const centres = coordinates.map(({ centre, scale }) => centre / scale);
  const scales = coordinates.map(({ scale }) => scale);
  const last = coordinates.length - 1;
  const width = coordinates.length;
  const twin: TensorTwin<GrowthState> = {
    coordinates: coordinates.map(({ name }) => name),
    scales: coordinates.map(({ name, low, high }) =>
      name === 'capital' ? largestFirstCapital(model) : high - low,
    ),
    toCoordinates: ({ capital, depreciation, productivity }) =>
      depreciation === undefined ? [capital, productivity] : [capital, depreciation, productivity],
    fromCoordinates: (row) =>
      width === 2
        ? { capital: row[0], productivity: Math.round(row[1]) }
        : { capital: row[0], depreciation: settled(model, row[1]), productivity: Math.round(row[2]) },
    normalise: (tensors, rows) => tensors.tidy(() => tensors.sub(tensors.div(rows, [scales]), [centres])),
    normaliseState: (row) => row.map((x, i) => x / scales[i] - centres[i]),
    denormaliseState: (row) => row.map((x, i) => (x + centres[i]) * scales[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        // The centre is added before scaling: capital near zero keeps its digits.
        const raw = tensors.mul<tf.Tensor2D>(tensors.add(states, [centres]), [scales]);
        const capital = column(raw, 0);
        const exogenous = exogenousSuccessors(tensors, model, raw);
        const output = tensors.mul(exogenous.level, tensors.pow(capital, model.capitalShare));
        const available = tensors.add(output, tensors.mul(exogenous.survival, capital));
        const asked = model.action === 'share' ? tensors.mul(actions, available) : actions;
        const least = tensors.mul(available, model.lowestShare);
        const most = tensors.mul(available, model.highestShare);
        const consumed = tensors.maximum(tensors.minimum(asked, most), least);
        // Cut like c, not taken from it: at the bounds a difference of nearly equal numbers would lose digits.
        const keptMost = tensors.mul(available, 1 - model.lowestShare);
        const keptLeast = tensors.mul(available, 1 - model.highestShare);
        const kept = tensors.maximum(tensors.minimum(tensors.sub(available, asked), keptMost), keptLeast);
        const [rows, count] = exogenous.probabilities.shape;
        const nextCapital = tensors.tile(tensors.reshape(kept, [rows, 1, 1]), [1, count, 1]);
        return {
          next: tensors.concat([nextCapital, exogenous.next], 2) as tf.Tensor3D,
          probabilities: exogenous.probabilities,
          rewards: tensors.mul(tensors.log(consumed), model.rewardScale) as tf.Tensor2D,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const [rows, count] = probabilities.shape;
        const seen = twin.normalise(tensors, tensors.reshape(next, [rows * count, last + 1]));
        const values = tensors.reshape(value(seen), [rows, count]);
        const expected = tensors.sum(tensors.mul(probabilities, values), 1, true);
        return tensors.add(rewards, tensors.mul(expected, model.discountFactor)) as tf.Tensor2D;
      }),
  };
  return twin;
}

/** A rate that went through float32 is a level of the chain again, where there is one. */
function settled({ depreciation }: GrowthModel, rate: number): number {
  return depreciation.kind === 'markov' ? depreciation.levels[nearestLevel(depreciation.levels, rate)] : rate;
}

/** Column j of a matrix, [B, 1]. */
function column(rows: tf.Tensor2D, j: number): tf.Tensor2D {
  return rows.slice([0, j], [-1, 1]);
}

interface Exogenous {
  /** Level of productivity and share 1 - d of capital that survives, [B, 1] or a number for all. */
  readonly level: tf.Tensor2D;
  readonly survival: tf.Tensor2D | number;
  /** ([d',] z'), [B, E, D - 1]. */
  readonly next: tf.Tensor3D;
  readonly probabilities: tf.Tensor2D;
}

function exogenousSuccessors(tensors: Tf, model: GrowthModel, raw: tf.Tensor2D): Exogenous {
  const { depreciation, productivity, transition } = model;
  const states = productivity.length;
  const [rows, width] = raw.shape;
  const here = oneHot(tensors, column(raw, width - 1), states);
  const level = tensors.matMul(here, tensors.tensor2d(Array.from(productivity), [states, 1])) as tf.Tensor2D;
  const toProductivity = tensors.matMul(
    here,
    tensors.tensor2d(Array.from(transition), [states, states]),
  ) as tf.Tensor2D;
  const indices = tensors.reshape(tensors.range(0, states), [1, states, 1]);
  if (depreciation.kind === 'fixed') {
    const next = tensors.tile(indices, [rows, 1, 1]) as tf.Tensor3D;
    return { level, survival: 1 - depreciation.mean, next, probabilities: toProductivity };
  }
  const rate = column(raw, 1);
  const survival = tensors.sub(1, rate) as tf.Tensor2D;
  if (depreciation.kind === 'static') {
    const kept = tensors.tile(tensors.reshape(rate, [rows, 1, 1]), [1, states, 1]);
    const next = tensors.concat([kept, tensors.tile(indices, [rows, 1, 1])], 2) as tf.Tensor3D;
    return { level, survival, next, probabilities: toProductivity };
  }
  const { levels } = depreciation;
  const count = levels.length;
  const place = tensors.div(tensors.sub(rate, levels[0]), levels[1] - levels[0]) as tf.Tensor2D;
  const toRate = tensors.matMul(
    oneHot(tensors, place, count),
    tensors.tensor2d(Array.from(depreciation.transition), [count, count]),
  );
  const both = tensors.mul(
    tensors.reshape(toRate, [rows, count, 1]),
    tensors.reshape(toProductivity, [rows, 1, states]),
  );
  const pairs = Array.from(levels).flatMap((d) => Array.from({ length: states }, (_, z) => [d, z]));
  return {
    level,
    survival,
    next: tensors.tile(tensors.tensor3d([pairs]), [rows, 1, 1]),
    probabilities: tensors.reshape(both, [rows, count * states]),
  };
}

/** [B, 1] of whole numbers, up to rounding, to [B, n]. */
function oneHot(tensors: Tf, indices: tf.Tensor2D, n: number): tf.Tensor2D {
  const whole = tensors.cast(tensors.round(tensors.reshape(indices, [-1])), 'int32') as tf.Tensor1D;
  return tensors.oneHot(whole, n) as tf.Tensor2D;
}
