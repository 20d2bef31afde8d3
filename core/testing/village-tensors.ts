/** The village on tensors, written apart from its loop. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin } from '../capabilities.ts';
import { CHAIN, EFFICIENCY, LEVELS, TRAINING, type VillageModel, type VillageState } from './village.ts';

const COORDINATES = ['capital 0', 'capital 1', 'unskilled', 'skilled', 'productivity', 'rent', 'wage'];
const SCALES = [5, 5, 1, 1, 2, 1, 2];

export function villageTensors(model: VillageModel): TensorTwin<VillageState> {
  const { capitalShare: alpha, depreciation, net } = model;
  const twin: TensorTwin<VillageState> = {
    coordinates: COORDINATES,
    scales: SCALES,
    toCoordinates: ({ capital, groups, productivity, rent, wage }) => [
      ...capital,
      ...groups,
      productivity,
      rent,
      wage,
    ],
    fromCoordinates: (row) => ({
      capital: Float64Array.of(row[0], row[1]),
      groups: Float64Array.of(row[2], row[3]),
      productivity: Math.round(row[4]),
      rent: row[5],
      wage: row[6],
    }),
    normalise: (tensors, rows) => tensors.div(rows, [SCALES]),
    normaliseState: (row) => row.map((x, i) => x / SCALES[i]),
    denormaliseState: (row) => row.map((x, i) => x * SCALES[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const raw = tensors.mul<tf.Tensor2D>(states, [SCALES]);
        const capital = raw.slice([0, 0], [-1, 2]);
        const groups = raw.slice([0, 2], [-1, 2]);
        const index = tensors.cast(tensors.round(raw.slice([0, 4], [-1, 1])), 'int32').reshape([-1]);
        const here = tensors.oneHot(index as tf.Tensor1D, 3) as tf.Tensor2D;
        const level = tensors.matMul(here, tensors.tensor2d(LEVELS, [3, 1]));
        const mean = tensors.mean(capital, 1, true);
        const labour = tensors.matMul(groups, tensors.tensor2d(EFFICIENCY, [2, 1]));
        const output = level.mul(mean.pow(alpha)).mul(labour.pow(1 - alpha));
        const rent = output.mul(alpha).div(mean);
        const wage = output.mul(1 - alpha).div(labour);
        const income = capital.mul(rent).add(wage.mul(labour)).mul(net);
        const resources = income.add(capital.mul(1 - depreciation));
        const consumed = resources.mul(actions);
        const moved = tensors.matMul(groups, tensors.tensor2d(TRAINING));
        const rows = states.shape[0];
        const tiled = (x: tf.Tensor) => tensors.tile(x.reshape([rows, 1, x.shape[1] ?? 1]), [1, 3, 1]);
        const levels = tensors.tile(tensors.tensor3d([[[0], [1], [2]]]), [rows, 1, 1]);
        const parts = [tiled(resources.sub(consumed)), tiled(moved), levels, tiled(rent), tiled(wage)];
        return {
          next: tensors.concat(parts, 2) as tf.Tensor3D,
          probabilities: tensors.matMul(here, tensors.tensor2d(CHAIN)) as tf.Tensor2D,
          rewards: tensors.log(consumed) as tf.Tensor2D,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const [rows, count] = probabilities.shape;
        const seen = twin.normalise(tensors, next.reshape([rows * count, COORDINATES.length]));
        const values = tensors.reshape(value(seen), [rows, count]);
        return rewards.add(probabilities.mul(values).sum(1, true).mul(0.95)) as tf.Tensor2D;
      }),
  };
  return twin;
}
