/** The economy on tensors, [B, N] for N households, written apart from the loop. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import type { KrusellSmithState } from './dynamics.ts';
import { HIGHEST_TAX } from './model.ts';
import { type KrusellSmithModel, SHARE_BOUNDS } from './setup.ts';
import { MOST_SUCCESSORS, successorCount } from './successors.ts';

/** No output over this little capital or labour is no price, and no tax on so little is none; a division that skips zeros would have no gradient. */
const LEAST = 1e-30;

/** Of B economies of N households. */
export interface PeriodInputs {
  /** k, [B, N]. */
  readonly capital: tf.Tensor2D;
  /** Indices e, [B, N], and z, [B, 1], up to rounding. */
  readonly status: tf.Tensor2D;
  readonly productivity: tf.Tensor2D;
  /** Shares of cash on hand, [B, N]. */
  readonly shares: tf.Tensor2D;
}

export interface PeriodOutputs {
  /** [B, 1]. */
  readonly output: tf.Tensor2D;
  readonly r: tf.Tensor2D;
  readonly w: tf.Tensor2D;
  /** [B, N]. */
  readonly consumption: tf.Tensor2D;
  readonly nextCapital: tf.Tensor2D;
  readonly rewards: tf.Tensor2D;
}

/**
 * All of a period but its draws: production, prices, budgets, next capital and rewards of any number of households, differentiable in
 * capital and shares. Equations as in model.ts. The caller disposes (or tidies). Where nobody works or saves nothing is produced, r = -delta, w = 0.
 * Invariant: mean next capital + mean consumption = Y + (1 - delta) K, where incomes are not raw.
 */
export function tensorPeriod(tensors: Tf, model: KrusellSmithModel, inputs: PeriodInputs): PeriodOutputs {
  const { capitalShare: alpha, depreciation, riskAversion: sigma, consumptionFloor, exposure } = model;
  const { capital, status, productivity, shares } = inputs;
  const read = (table: Float64Array, at: tf.Tensor2D) =>
    tensors.reshape<tf.Rank.R2>(tensors.gather(tensors.tensor1d(Array.from(table)), whole(tensors, at)), [
      at.shape[0],
      at.shape[1],
    ]);
  const mean = (x: tf.Tensor) => tensors.mean(x, 1, true) as tf.Tensor2D;
  const [K, L] = [mean(capital), mean(read(exposure.labour, status))];
  const output = tensors.mul(
    read(exposure.productivity, productivity),
    tensors.mul(tensors.pow(K, alpha), tensors.pow(L, 1 - alpha)),
  ) as tf.Tensor2D;
  const over = (x: tf.Tensor, y: tf.Tensor) => tensors.div(x, tensors.maximum(y, LEAST));
  const r = tensors.sub(over(tensors.mul(output, alpha), K), depreciation) as tf.Tensor2D;
  const w = over(tensors.mul(output, 1 - alpha), L) as tf.Tensor2D;
  const [earnings, benefits] = [read(exposure.earnings, status), read(exposure.benefits, status)];
  const [earned, claimed] = [mean(earnings), mean(benefits)];
  // tax N = paid B, the tax no more than its highest.
  const raised = tensors.minimum(claimed, tensors.mul(earned, HIGHEST_TAX));
  const tax = over(raised, earned);
  const paid = tensors.divNoNan(raised, claimed);
  const perWage = tensors.add(tensors.mul(tensors.sub(1, tax), earnings), tensors.mul(paid, benefits));
  const cash = tensors.add(tensors.mul(tensors.add(r, 1), capital), tensors.mul(w, perWage));
  const [low, high] = SHARE_BOUNDS;
  const share = tensors.minimum(tensors.maximum(shares, low), high);
  const consumption = tensors.mul(share, cash) as tf.Tensor2D;
  const nextCapital = tensors.mul(tensors.sub(1, share), cash) as tf.Tensor2D;
  const felt = tensors.maximum(consumption, consumptionFloor);
  const rewards = (
    sigma === 1 ? tensors.log(felt) : tensors.div(tensors.sub(tensors.pow(felt, 1 - sigma), 1), 1 - sigma)
  ) as tf.Tensor2D;
  return { output, r, w, consumption, nextCapital, rewards };
}

/**
 * Probabilities of a household's next state for every next z, P[e, e' | z, z'], [B, N, Z, E], and of z', [B, Z].
 * Invariant: both sum to one over their last dimension.
 */
export function tensorRows(
  tensors: Tf,
  { exposure }: KrusellSmithModel,
  { status, productivity }: Pick<PeriodInputs, 'status' | 'productivity'>,
): { readonly status: tf.Tensor4D; readonly productivity: tf.Tensor2D } {
  const { aggregate, conditional, productivity: levels, labour } = exposure;
  const [Z, E] = [levels.length, labour.length];
  const [B, N] = status.shape;
  const z = tensors.reshape(whole(tensors, productivity), [B]);
  const e = whole(tensors, status);
  // [Z, Z, E, E] to [Z, E, Z, E]: a row for every pair (z, e).
  const byPair = tensors.reshape(
    tensors.transpose(tensors.tensor(Array.from(conditional), [Z, Z, E, E]), [0, 2, 1, 3]),
    [Z * E, Z, E],
  );
  const pair = tensors.add(tensors.mul(tensors.reshape(z, [B, 1]), tensors.scalar(E, 'int32')), e);
  const rows = tensors.gather(byPair, tensors.reshape(tensors.cast(pair, 'int32'), [B * N]) as tf.Tensor1D);
  return {
    status: tensors.reshape(rows, [B, N, Z, E]),
    productivity: tensors.gather(tensors.tensor2d(Array.from(aggregate), [Z, Z]), z) as tf.Tensor2D,
  };
}

function whole(tensors: Tf, indices: tf.Tensor2D): tf.Tensor2D {
  return tensors.cast(tensors.round(indices), 'int32') as tf.Tensor2D;
}

/**
 * The dynamics of states (k_0, ..., e_0, ..., z) with every successor, so for few households only: undefined where `successorCount` is
 * above `MOST_SUCCESSORS` or counts are exact. Rewards and Q are [B, N]. Throws nothing.
 * Invariant: `normalise` and `normaliseState` are one map.
 */
export function krusellSmithTensors(model: KrusellSmithModel): TensorTwin<KrusellSmithState> | undefined {
  if (model.counts === 'exact' || successorCount(model) > MOST_SUCCESSORS) return undefined;
  const { households: N, usualCapital, exposure } = model;
  const { productivity, labour } = exposure;
  const [Z, E] = [productivity.length, labour.length];
  const perHousehold = (name: string) => Array.from({ length: N }, (_, i) => `${name}_${i}`);
  const repeat = (value: number) => new Array<number>(N).fill(value);
  const [halfE, halfZ] = [Math.max(E - 1, 1) / 2, Math.max(Z - 1, 1) / 2];
  const scales = [...repeat(usualCapital), ...repeat(halfE), halfZ];
  const centres = new Array<number>(2 * N + 1).fill(1);
  const twin: TensorTwin<KrusellSmithState> = {
    coordinates: [...perHousehold('capital'), ...perHousehold('status'), 'productivity'],
    scales,
    toCoordinates: (state) => [...state.capital, ...state.status, state.productivity],
    fromCoordinates: (row) => ({
      capital: Float64Array.from({ length: N }, (_, i) => row[i]),
      status: Uint8Array.from({ length: N }, (_, i) => Math.round(row[N + i])),
      turn: Int32Array.from({ length: N }, (_, i) => i),
      productivity: Math.round(row[2 * N]),
    }),
    normalise: (tensors, rows) => tensors.tidy(() => tensors.sub(tensors.div(rows, [scales]), [centres])),
    normaliseState: (row) => row.map((x, i) => x / scales[i] - centres[i]),
    denormaliseState: (row) => row.map((x, i) => (x + centres[i]) * scales[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const B = states.shape[0];
        // The centre is added before scaling: capital near zero keeps its digits.
        const raw = tensors.mul<tf.Tensor2D>(tensors.add(states, [centres]), [scales]);
        const status = raw.slice([0, N], [B, N]);
        const index = raw.slice([0, 2 * N], [B, 1]);
        const { nextCapital, rewards } = tensorPeriod(tensors, model, {
          capital: raw.slice([0, 0], [B, N]),
          status,
          productivity: index,
          shares: actions,
        });
        const rows = tensorRows(tensors, model, { status, productivity: index });
        // z' first, then e_0', e_1', ...: the last household's state moves fastest.
        let probabilities: tf.Tensor = tensors.reshape(rows.productivity, [B, Z, 1]);
        for (let i = 0; i < N; i++) {
          const own = tensors.reshape(rows.status.slice([0, i, 0, 0], [B, 1, Z, E]), [B, Z, 1, E]);
          const before = tensors.expandDims(probabilities, 3);
          probabilities = tensors.reshape(tensors.mul(before, own), [B, Z, E ** (i + 1)]);
        }
        const count = Z * E ** N;
        const exogenous = tensors.tensor3d([successorIndices(N, Z, E)]);
        const capital = tensors.tile(tensors.reshape(nextCapital, [B, 1, N]), [1, count, 1]);
        return {
          next: tensors.concat([capital, tensors.tile(exogenous, [B, 1, 1])], 2) as tf.Tensor3D,
          probabilities: tensors.reshape(probabilities, [B, count]) as tf.Tensor2D,
          rewards,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const [B, count] = probabilities.shape;
        const seen = twin.normalise(tensors, tensors.reshape(next, [B * count, 2 * N + 1]));
        const values = tensors.reshape(value(seen), [B, count]);
        const expected = tensors.sum(tensors.mul(probabilities, values), 1, true);
        return tensors.add(rewards, tensors.mul(expected, model.discountFactor)) as tf.Tensor2D;
      }),
  };
  return twin;
}

/** (e_0', ..., e_(N-1)', z') of every successor, in the order of the probabilities. */
function successorIndices(N: number, Z: number, E: number): number[][] {
  return Array.from({ length: Z * E ** N }, (_, at) => {
    const status = Array.from({ length: N }, (_, i) => Math.floor(at / E ** (N - 1 - i)) % E);
    return [...status, Math.floor(at / E ** N)];
  });
}
