/** The small structural rollout on tensors, written on its own: what tfjs differentiates. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tensorflow } from '../tensor/ops.ts';
import type { Rollout } from './structural-gradient.ts';

/**
 * The gradient of a path's objective with respect to the shares [K, J], with prices held as numbers, or as functions of the shares. Float32. Shapes as in `Rollout`.
 */
export function tensorRollout(tf: Tensorflow, rollout: Rollout, prices: 'held' | 'free'): Float32Array {
  const { table, mass } = rollout;
  const cells = mass.length;
  const nodes = table.length / cells;
  const gradient = tf.grad((shares: tfjs.Tensor) =>
    objective(tf, rollout, tf.reshape(shares, [nodes, cells]), prices),
  );
  const result = tf.tidy(() => gradient(tf.tensor2d(Float32Array.from(table), [nodes, cells])));
  const values = result.dataSync() as Float32Array;
  result.dispose();
  return values;
}

function objective(
  tf: Tensorflow,
  { setup, mass, shocks, periods }: Rollout,
  shares: tfjs.Tensor,
  prices: 'held' | 'free',
): tfjs.Scalar {
  const {
    assets,
    incomes,
    productivity,
    discountFactor,
    riskAversion,
    borrowingLimit,
    stop,
    consumptionFloor,
  } = setup;
  const cells = mass.length;
  const count = assets.length;
  const nodes = setup.prices.length;
  const bonds = tf.tensor1d(Float32Array.from({ length: cells }, (_, j) => assets[j % count]));
  const mixing = ownMixing(tf, setup.incomeTransition, incomes.length, count);
  let m: tfjs.Tensor1D = tf.tensor1d(Float32Array.from(mass));
  let d: tfjs.Tensor1D = tf.fill([cells], 1 / cells);
  let total: tfjs.Scalar = tf.scalar(0);
  for (let t = 0; t < periods; t++) {
    const z = productivity[shocks[t]];
    const cash = tf.add(
      bonds,
      tf.tensor1d(Float32Array.from({ length: cells }, (_, j) => z * incomes[Math.floor(j / count)])),
    );
    const base = tf.sub(cash, borrowingLimit);
    const eat = (row: tfjs.Tensor, q: tfjs.Tensor | number) =>
      tf.maximum(tf.minimum(tf.mul(row, base), tf.sub(cash, tf.mul(q, stop))), consumptionFloor);
    const rowOf = (k: number) =>
      tf.reshape(tf.slice(shares, [shocks[t] * nodes + k, 0], [1, cells]), [cells]);
    const excess = Array.from(setup.prices, (q, k) =>
      tf.div(tf.sum(tf.mul(m, tf.sub(cash, eat(rowOf(k), q)))), q),
    );
    const { lower, upper } = bracketOf(excess.map((x) => x.dataSync()[0] - setup.bondSupply));
    const [low, high] = [excess[lower], excess[upper]];
    const exact =
      lower === upper
        ? tf.scalar(0)
        : tf.clipByValue(tf.div(tf.sub(setup.bondSupply, low), tf.sub(high, low)), 0, 1);
    const weight: tfjs.Tensor = prices === 'held' ? tf.scalar(exact.dataSync()[0]) : exact;
    const other = tf.sub(1, weight);
    const q = tf.add(tf.mul(other, setup.prices[lower]), tf.mul(weight, setup.prices[upper]));
    const c = eat(tf.add(tf.mul(other, rowOf(lower)), tf.mul(weight, rowOf(upper))), q);
    const next = tf.div(tf.sub(cash, c), q);
    const flow = tf.mul(1 - discountFactor, tf.div(tf.sub(tf.pow(c, 1 - riskAversion), 1), 1 - riskAversion));
    total = tf.add(total, tf.mul(discountFactor ** t, tf.sum(tf.mul(d, flow))));
    const push = pusher(tf, assets, next, mixing);
    d = push(d);
    m = push(m);
  }
  return total;
}

/** The node nearest to zero, and on the other side the nearest to it; numbers only. */
function bracketOf(excess: readonly number[]): { readonly lower: number; readonly upper: number } {
  const nearest = excess.reduce((best, x, k) => (Math.abs(x) < Math.abs(excess[best]) ? k : best), 0);
  const others = excess.flatMap((x, k) => (x * excess[nearest] < 0 ? [k] : []));
  if (others.length === 0) return { lower: nearest, upper: nearest };
  const other = others.reduce((best, k) => (Math.abs(excess[k]) < Math.abs(excess[best]) ? k : best));
  return { lower: Math.min(nearest, other), upper: Math.max(nearest, other) };
}

/** [J, J]: from (e, a) to (e', a) with P[e, e']. */
function ownMixing(tf: Tensorflow, transition: Float64Array, incomes: number, count: number): tfjs.Tensor2D {
  const cells = incomes * count;
  const entries = new Float32Array(cells * cells);
  for (let e = 0; e < incomes; e++) {
    for (let to = 0; to < incomes; to++) {
      for (let a = 0; a < count; a++)
        entries[(e * count + a) * cells + to * count + a] = transition[e * incomes + to];
    }
  }
  return tf.tensor2d(entries, [cells, cells]);
}

/** The lottery between neighbouring nodes, differentiable in next bonds where they lie between two. */
function pusher(
  tf: Tensorflow,
  assets: Float64Array,
  next: tfjs.Tensor,
  mixing: tfjs.Tensor2D,
): (mass: tfjs.Tensor1D) => tfjs.Tensor1D {
  const values = next.dataSync();
  const count = assets.length;
  const cells = values.length;
  const lower = Array.from(values, (x) => {
    let i = 0;
    while (i < count - 2 && assets[i + 1] <= x) i++;
    return i;
  });
  const indicator = (shift: number) => {
    const entries = new Float32Array(cells * cells);
    lower.forEach((i, j) => {
      entries[j * cells + (j - (j % count)) + i + shift] = 1;
    });
    return tf.tensor2d(entries, [cells, cells]);
  };
  const lows = tf.tensor1d(lower.map((i) => assets[i]));
  const steps = tf.tensor1d(lower.map((i) => assets[i + 1] - assets[i]));
  const weight = tf.clipByValue(tf.div(tf.sub(next, lows), steps), 0, 1);
  const [down, up] = [indicator(0), indicator(1)];
  return (mass) => {
    const row = (x: tfjs.Tensor) => tf.reshape(x, [1, cells]) as tfjs.Tensor2D;
    const moved = tf.add(
      tf.matMul(row(tf.mul(mass, tf.sub(1, weight))), down),
      tf.matMul(row(tf.mul(mass, weight)), up),
    ) as tfjs.Tensor2D;
    return tf.reshape(tf.matMul(moved, mixing), [cells]);
  };
}
