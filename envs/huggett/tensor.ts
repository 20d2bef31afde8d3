/** The economy on tensors, [B, N] for N households, written apart from the loop. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin, Tf } from '../../core/capabilities.ts';
import { SHARE_BOUNDS } from './market.ts';
import type { HuggettModel, KnownChain } from './setup.ts';
import { type HuggettState, usualPrice } from './state.ts';
import { shockCounts, successorCount } from './successors.ts';

/** No price is a ratio to less than this; a division that skips zeros would have no gradient. */
const LEAST = 1e-30;
/** What prices are seen in. */
const PRICE_SCALE = 0.25;
const BONDS_SCALE = 4;

/** Of B economies of N households. */
export interface PeriodInputs {
  /** b, [B, N]. */
  readonly bonds: tf.Tensor2D;
  /** Indices of y, [B, N], of z, [B, 1], and of a given price, [B, 1], up to rounding. */
  readonly status: tf.Tensor2D;
  readonly productivity: tf.Tensor2D;
  readonly priceState: tf.Tensor2D;
  /** Shares bid, [B, N]. */
  readonly shares: tf.Tensor2D;
}

export interface PeriodOutputs {
  /** [B, 1]. */
  readonly price: tf.Tensor2D;
  /** [B, N]. */
  readonly consumption: tf.Tensor2D;
  readonly nextBonds: tf.Tensor2D;
  readonly rewards: tf.Tensor2D;
}

/**
 * All of a period but its draws: the price that clears the market of the bids, or is given, budgets, next bonds and rewards of any number of households, differentiable in bonds and shares.
 * Equations as in market.ts. The caller disposes (or tidies). Invariant: mean next bonds are the supply wherever the price is not at a bound.
 */
export function tensorPeriod(tensors: Tf, model: HuggettModel, inputs: PeriodInputs): PeriodOutputs {
  const { borrowingLimit: limit, bondSupply, timing, riskAversion: sigma, consumptionFloor } = model;
  const { bonds, status, productivity, priceState, shares } = inputs;
  const N = bonds.shape[1];
  const share = tensors.minimum(tensors.maximum(shares, SHARE_BOUNDS[0]), SHARE_BOUNDS[1]) as tf.Tensor2D;
  const kept = tensors.sub(1, share) as tf.Tensor2D;
  const income = tensors.mul(
    read(tensors, model.productivityLevels, productivity),
    read(tensors, model.incomeLevels, status),
  ) as tf.Tensor2D;
  const sum = (x: tf.Tensor) => tensors.sum(x, 1, true) as tf.Tensor2D;
  const clearing = (): tf.Tensor2D => {
    const [low, high] = model.priceBounds;
    const saved = sum(tensors.mul(kept, income));
    const savedBonds = sum(tensors.mul(kept, bonds));
    const wanted = tensors.sub(N * bondSupply, tensors.mul(limit, sum(share)));
    const found =
      timing === 'price'
        ? tensors.div(tensors.add(saved, savedBonds), tensors.maximum(wanted, LEAST))
        : tensors.sub(tensors.div(tensors.sub(wanted, saved), savedBonds), 1);
    return tensors.minimum(tensors.maximum(found, low), high) as tf.Tensor2D;
  };
  const price = model.priceLevels === undefined ? clearing() : read(tensors, model.priceLevels, priceState);
  const [p, g] = timing === 'price' ? [price, tensors.scalar(1)] : [tensors.scalar(1), tensors.add(price, 1)];
  const cash = tensors.add(tensors.mul(g, bonds), income);
  const consumption = tensors.mul(share, tensors.sub(cash, tensors.mul(p, limit))) as tf.Tensor2D;
  const nextBonds = tensors.maximum(tensors.div(tensors.sub(cash, consumption), p), limit) as tf.Tensor2D;
  const felt = tensors.maximum(consumption, consumptionFloor);
  const rewards = (
    sigma === 1 ? tensors.log(felt) : tensors.div(tensors.sub(tensors.pow(felt, 1 - sigma), 1), 1 - sigma)
  ) as tf.Tensor2D;
  return { price, consumption, nextBonds, rewards };
}

/** Levels of a chain at indices, [B, n]. */
function read(tensors: Tf, { levels }: KnownChain, at: tf.Tensor2D): tf.Tensor2D {
  return tensors.reshape<tf.Rank.R2>(
    tensors.gather(tensors.tensor1d(Array.from(levels)), whole(tensors, at)),
    at.shape,
  );
}

/** Rows of a chain at indices, [B, n] to [B, n, states]. */
function rows(tensors: Tf, { transition, n }: KnownChain, at: tf.Tensor2D): tf.Tensor3D {
  const table = tensors.tensor2d(Array.from(transition), [n, n]);
  const flat = tensors.reshape(whole(tensors, at), [at.size]) as tf.Tensor1D;
  return tensors.reshape<tf.Rank.R3>(tensors.gather(table, flat), [at.shape[0], at.shape[1], n]);
}

function whole(tensors: Tf, indices: tf.Tensor2D): tf.Tensor2D {
  return tensors.cast(tensors.round(indices), 'int32') as tf.Tensor2D;
}

/**
 * The dynamics of states (b_0, ..., e_0, ..., z, price, state of a given price) with every successor, for few households: undefined where successors are too many, and where a rate clears
 * the market, which is a ratio to a sum that may be nearly zero, too rough for single precision. Rewards and Q are [B, N]. Throws nothing. Invariant: `normalise` and `normaliseState` are one map.
 */
export function huggettTensors(model: HuggettModel): TensorTwin<HuggettState> | undefined {
  const count = successorCount(model);
  if (count === undefined || (model.timing === 'rate' && model.market === 'clearing')) return undefined;
  const { households: N, borrowingLimit, productivityLevels, priceLevels, incomeLevels } = model;
  const { productivity: Z, price: P, income: E } = shockCounts(model);
  const perHousehold = (name: string) => Array.from({ length: N }, (_, i) => `${name}_${i}`);
  const repeat = (value: number) => new Array<number>(N).fill(value);
  const half = (states: number) => Math.max(states - 1, 1) / 2;
  const scales = [...repeat(BONDS_SCALE), ...repeat(half(E)), half(Z), PRICE_SCALE, half(P)];
  const usual = usualPrice(model);
  const centres = [...repeat(borrowingLimit / BONDS_SCALE + 1), ...repeat(1), 1, usual / PRICE_SCALE, 1];
  const D = 2 * N + 3;
  const twin: TensorTwin<HuggettState> = {
    coordinates: [...perHousehold('bonds'), ...perHousehold('status'), 'productivity', 'price', 'priceState'],
    scales,
    toCoordinates: ({ bonds, status, productivity, price, priceState }) => [
      ...bonds,
      ...status,
      productivity,
      price,
      priceState,
    ],
    fromCoordinates(row) {
      const priceState = Math.round(row[2 * N + 2]);
      return {
        bonds: Float64Array.from({ length: N }, (_, i) => Math.max(borrowingLimit, row[i])),
        status: Uint8Array.from({ length: N }, (_, i) => Math.round(row[N + i])),
        turn: Int32Array.from({ length: N }, (_, i) => i),
        productivity: Math.round(row[2 * N]),
        price: priceLevels === undefined ? row[2 * N + 1] : priceLevels.levels[priceState],
        priceState,
      };
    },
    normalise: (tensors, raw) => tensors.tidy(() => tensors.sub(tensors.div(raw, [scales]), [centres])),
    normaliseState: (row) => row.map((x, i) => x / scales[i] - centres[i]),
    denormaliseState: (row) => row.map((x, i) => (x + centres[i]) * scales[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const B = states.shape[0];
        const raw = tensors.mul<tf.Tensor2D>(tensors.add(states, [centres]), [scales]);
        const part = (from: number, size: number) => raw.slice([0, from], [B, size]);
        const status = part(N, N);
        const [productivity, priceState] = [part(2 * N, 1), part(2 * N + 2, 1)];
        const { nextBonds, price, rewards } = tensorPeriod(tensors, model, {
          bonds: tensors.maximum(part(0, N), borrowingLimit),
          status,
          productivity,
          priceState,
          shares: actions,
        });
        // z' first, then the given price, then e_0', e_1', ...: the last household's income moves fastest.
        let probabilities: tf.Tensor = tensors.reshape(rows(tensors, productivityLevels, productivity), [
          B,
          Z,
          1,
        ]);
        const times = (next: tf.Tensor3D, states: number) => {
          const size = probabilities.size / B;
          const joint = tensors.mul(tensors.reshape(probabilities, [B, size, 1]), next);
          probabilities = tensors.reshape(joint, [B, size * states, 1]);
        };
        if (priceLevels !== undefined) times(rows(tensors, priceLevels, priceState), P);
        const incomes = rows(tensors, incomeLevels, status);
        for (let i = 0; i < N; i++) times(incomes.slice([0, i, 0], [B, 1, E]), E);
        const exogenous = tensors.tile(tensors.tensor3d([successorIndices(N, Z, P, E)]), [B, 1, 1]);
        const taken = (from: number, size: number) => exogenous.slice([0, 0, from], [B, count, size]);
        const tiled = (x: tf.Tensor2D) =>
          tensors.tile(tensors.reshape<tf.Rank.R3>(x, [B, 1, x.shape[1]]), [1, count, 1]);
        const nextPrice =
          priceLevels === undefined
            ? tiled(price)
            : tensors.reshape<tf.Rank.R3>(
                read(tensors, priceLevels, tensors.reshape(taken(N + 1, 1), [B, count])),
                [B, count, 1],
              );
        return {
          next: tensors.concat([tiled(nextBonds), taken(0, N + 1), nextPrice, taken(N + 1, 1)], 2),
          probabilities: tensors.reshape(probabilities, [B, count]) as tf.Tensor2D,
          rewards,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, probabilities, rewards } = twin.transition(tensors, states, actions);
        const [B, size] = probabilities.shape;
        const seen = twin.normalise(tensors, tensors.reshape(next, [B * size, D]));
        const values = tensors.reshape(value(seen), [B, size]);
        const expected = tensors.sum(tensors.mul(probabilities, values), 1, true);
        return tensors.add(rewards, tensors.mul(expected, model.discountFactor)) as tf.Tensor2D;
      }),
  };
  return twin;
}

/** (e_0', ..., e_(N-1)', z', price') of every successor, in the order of the probabilities. */
function successorIndices(N: number, Z: number, P: number, E: number): number[][] {
  return Array.from({ length: Z * P * E ** N }, (_, at) => {
    const status = Array.from({ length: N }, (_, i) => Math.floor(at / E ** (N - 1 - i)) % E);
    const common = Math.floor(at / E ** N);
    return [...status, Math.floor(common / P), common % P];
  });
}
