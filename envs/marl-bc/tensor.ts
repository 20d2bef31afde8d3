/** The economies on tensors, [B, N] for N households, written apart from the loop. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import { gaussHermite } from '../../numerics/quadrature.ts';
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import { krusellSmithTensors } from '../krusell-smith/tensor.ts';
import type { ChosenState } from './part.ts';
import type { ChosenModel, EmploymentModel, MarlBcModel } from './setup.ts';

/** No output over this little capital or labour is no price; a division that skips zeros would have no gradient. */
const LEAST = 1e-30;

/** Of B economies of N households. */
export interface PeriodInputs {
  /** k, [B, N]. */
  readonly capital: tf.Tensor2D;
  /** l, [B, N], within what households can supply. */
  readonly labour: tf.Tensor2D;
  /** A of the period, [B, 1]. */
  readonly productivity: tf.Tensor2D;
  /** Shares of wealth, [B, N]. */
  readonly shares: tf.Tensor2D;
}

export interface PeriodOutputs {
  /** [B, 1]. */
  readonly output: tf.Tensor2D;
  readonly rent: tf.Tensor2D;
  readonly wage: tf.Tensor2D;
  /** [B, N]. */
  readonly wealth: tf.Tensor2D;
  readonly consumption: tf.Tensor2D;
  readonly nextCapital: tf.Tensor2D;
  readonly rewards: tf.Tensor2D;
}

/**
 * All of a period but its draws: production, prices, budgets, next capital and rewards of any number of households, differentiable in
 * capital, labour and shares. Equations as in model.ts. The caller disposes (or tidies). Prices are zero where nobody works or saves.
 * Invariant: mean next capital + mean consumption = Y + (1 - delta) mean k.
 */
export function tensorPeriod(tensors: Tf, model: MarlBcModel, inputs: PeriodInputs): PeriodOutputs {
  const { capitalShare: alpha, depreciation: delta, riskAversion: sigma, productivities } = model;
  const { capital: k, labour: l, productivity: A } = inputs;
  const kappa = tensors.tensor2d(Array.from(productivities.capital), [1, model.households]);
  const lambda = tensors.tensor2d(Array.from(productivities.labour), [1, model.households]);
  const mean = (x: tf.Tensor) => tensors.mean(x, 1, true);
  const [K, L] = [mean(tensors.mul(kappa, k)), mean(tensors.mul(lambda, l))];
  const output = tensors.mul(A, tensors.mul(tensors.pow(K, alpha), tensors.pow(L, 1 - alpha))) as tf.Tensor2D;
  const rent = tensors.div(tensors.mul(output, alpha), tensors.maximum(K, LEAST)) as tf.Tensor2D;
  const wage = tensors.div(tensors.mul(output, 1 - alpha), tensors.maximum(L, LEAST)) as tf.Tensor2D;
  const fromCapital = tensors.mul(tensors.add(tensors.mul(rent, kappa), 1 - delta), k);
  const wealth = tensors.add(fromCapital, tensors.mul(wage, tensors.mul(lambda, l))) as tf.Tensor2D;
  const share = tensors.clipByValue(inputs.shares, model.lowest, model.highest);
  const consumption = tensors.mul(share, wealth) as tf.Tensor2D;
  const nextCapital = tensors.mul(tensors.sub(1, share), wealth) as tf.Tensor2D;
  const felt = tensors.maximum(consumption, model.consumptionFloor);
  const fromGoods =
    sigma === 1 ? tensors.log(felt) : tensors.div(tensors.sub(tensors.pow(felt, 1 - sigma), 1), 1 - sigma);
  const rewards = (
    model.kind === 'chosen'
      ? tensors.add(fromGoods, tensors.mul(tensors.log(tensors.sub(1, l)), model.leisureWeight))
      : fromGoods
  ) as tf.Tensor2D;
  return { output, rent, wage, wealth, consumption, nextCapital, rewards };
}

/** Nodes of the expectation over the next log A. */
const NODES = 7;

/**
 * Households that choose their labour, states (k_0, ..., l_0 of the last period, ..., log A). Successors stand for a normal draw by
 * Gauss-Hermite nodes, seven, or the one there is where nothing is drawn; Q is exact for values that are polynomials of degree 13 in it. Undefined
 * under `act-first`, where rewards depend on the draw, unless nothing is drawn. Actions are (share, labour) by household, [B, 2 N]; rewards and
 * Q [B, N]. Throws nothing. Invariant: `normalise` and `normaliseState` are one map.
 */
export function chosenTensors(model: ChosenModel): TensorTwin<ChosenState> | undefined {
  const isDrawn = model.deviation > 0;
  if (model.timing === 'act-first' && isDrawn) return undefined;
  const { households: N, usual, persistence, deviation } = model;
  const rule = gaussHermite(isDrawn ? NODES : 1);
  const E = rule.nodes.length;
  const perHousehold = (name: string) => Array.from({ length: N }, (_, i) => `${name}_${i}`);
  const repeat = (value: number) => new Array<number>(N).fill(value);
  const unit = isDrawn ? model.stationaryDeviation : 0.01;
  const scales = [...repeat(usual.capital), ...repeat(usual.labour), unit];
  const centres = [...repeat(1), ...repeat(1), 0];
  const coordinates = [...perHousehold('capital'), ...perHousehold('lastLabour'), 'logProductivity'];
  return withQ(model, {
    coordinates,
    scales,
    toCoordinates: ({ capital, lastLabour, logProductivity }) => [...capital, ...lastLabour, logProductivity],
    fromCoordinates: (row) => ({
      capital: Float64Array.from({ length: N }, (_, i) => row[i]),
      lastLabour: Float64Array.from({ length: N }, (_, i) => row[N + i]),
      logProductivity: row[2 * N],
    }),
    normalise: (tensors, rows) => tensors.tidy(() => tensors.sub(tensors.div(rows, [scales]), [centres])),
    normaliseState: (row) => row.map((x, i) => x / scales[i] - centres[i]),
    denormaliseState: (row) => row.map((x, i) => (x + centres[i]) * scales[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const B = states.shape[0];
        // The centre is added before scaling: capital near zero keeps its digits.
        const raw = tensors.mul<tf.Tensor2D>(tensors.add(states, [centres]), [scales]);
        const chosen = tensors.reshape(actions, [B, N, 2]);
        const column = (j: number) => tensors.reshape<tf.Rank.R2>(chosen.slice([0, 0, j], [B, N, 1]), [B, N]);
        const labour = tensors.clipByValue(column(1), model.lowest, model.highest);
        const x = raw.slice([0, 2 * N], [B, 1]);
        const fading = tensors.mul(x, persistence) as tf.Tensor2D;
        const { nextCapital, rewards } = tensorPeriod(tensors, model, {
          capital: raw.slice([0, 0], [B, N]),
          labour,
          productivity: tensors.exp(model.timing === 'act-first' ? fading : x),
          shares: column(0),
        });
        const draws = tensors.tensor3d(
          Array.from(rule.nodes, (node) => deviation * node),
          [1, E, 1],
        );
        const nextX = tensors.add(tensors.reshape(fading, [B, 1, 1]), draws);
        const spread = (rows: tf.Tensor2D) => tensors.tile(tensors.reshape(rows, [B, 1, N]), [1, E, 1]);
        const weights = tensors.tensor2d(Array.from(rule.weights), [1, E]);
        return {
          next: tensors.concat([spread(nextCapital), spread(labour), nextX], 2) as tf.Tensor3D,
          probabilities: tensors.tile(weights, [B, 1]) as tf.Tensor2D,
          rewards,
        };
      }),
  });
}

/**
 * Households with jobs: the twin of krusell-smith, which draws times and jobs, with the capital and the rewards of these budgets. Undefined
 * where that is, and under `act-first`. Rewards and Q [B, N]. Throws nothing.
 */
export function employmentTensors(model: EmploymentModel): TensorTwin<KrusellSmithState> | undefined {
  const exogenous = krusellSmithTensors(model.base);
  if (exogenous === undefined || model.timing === 'act-first') return undefined;
  const { households: N, base } = model;
  const { labour: supply, productivity } = base.exposure;
  return withQ(model, {
    ...exogenous,
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const B = states.shape[0];
        const drawn = exogenous.transition(tensors, states, actions);
        const E = drawn.probabilities.shape[1];
        const { scales } = exogenous;
        const raw = tensors.mul<tf.Tensor2D>(tensors.add(states, 1), [[...scales]]);
        const read = (table: Float64Array, from: number, width: number) => {
          const at = tensors.cast(tensors.round(raw.slice([0, from], [B, width])), 'int32');
          const values = tensors.gather(
            tensors.tensor1d(Array.from(table)),
            tensors.reshape(at, [B * width]),
          );
          return tensors.reshape<tf.Rank.R2>(values, [B, width]);
        };
        const { nextCapital, rewards } = tensorPeriod(tensors, model, {
          capital: raw.slice([0, 0], [B, N]),
          labour: read(supply, N, N),
          productivity: read(productivity, 2 * N, 1),
          shares: actions,
        });
        const capital = tensors.tile(tensors.reshape(nextCapital, [B, 1, N]), [1, E, 1]);
        const rest = drawn.next.slice([0, 0, N], [B, E, N + 1]);
        return { ...drawn, next: tensors.concat([capital, rest], 2) as tf.Tensor3D, rewards };
      }),
  });
}

/** Q(s, a) = reward + beta sum of probability times value, by the twin's own transition. */
function withQ<S extends ChosenState | KrusellSmithState>(
  { discountFactor }: MarlBcModel,
  twin: Omit<TensorTwin<S>, 'q'>,
): TensorTwin<S> {
  return {
    ...twin,
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const [B, E, D] = next.shape;
        const seen = twin.normalise(tensors, tensors.reshape(next, [B * E, D]));
        const values = tensors.reshape(value(seen), [B, E]);
        const expected = tensors.sum(tensors.mul(probabilities, values), 1, true);
        return tensors.add(rewards, tensors.mul(expected, discountFactor)) as tf.Tensor2D;
      }),
  };
}
