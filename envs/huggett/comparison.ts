/** How far learned prices and policies are from a reference solution. */
import { correlation, mean, standardDeviation } from '../../numerics/statistics.ts';
import type { PricedPolicy } from './priced-policy.ts';

/** |q - q*| along one path, without its first tenth. */
export interface PriceGaps {
  readonly mean: number;
  readonly max: number;
  /** Where |log z| is at most `centre`; null where that does not occur. */
  readonly centre: number;
  readonly centralMean: number | null;
  readonly centralMax: number | null;
  /** Where |log z| is above .04; null where that does not occur. */
  readonly tailMean: number | null;
  /** Learned less reference. */
  readonly bias: number;
  readonly correlation: number;
}

const BURN_IN = 0.1;
const TAIL = 0.04;
/** Rounding of levels that lie on the edge. */
const EDGE = 1e-9;

/** Shapes: prices [T], logs of z [T]. */
export function priceGaps(
  learned: Float64Array,
  reference: Float64Array,
  logs: Float64Array,
  centre: number,
): PriceGaps {
  const from = Math.floor(BURN_IN * learned.length);
  const [own, best, levels] = [learned.slice(from), reference.slice(from), logs.slice(from)];
  const gaps = own.map((q, t) => Math.abs(q - best[t]));
  const among = (isIn: (log: number) => boolean) => gaps.filter((_, t) => isIn(Math.abs(levels[t])));
  const central = among((log) => log <= centre + EDGE);
  const tail = among((log) => log > TAIL + EDGE);
  const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b), 0);
  return {
    mean: mean(gaps),
    max: largest(gaps),
    centre,
    centralMean: central.length === 0 ? null : mean(central),
    centralMax: central.length === 0 ? null : largest(central),
    tailMean: tail.length === 0 ? null : mean(tail),
    bias: mean(own) - mean(best),
    correlation: standardDeviation(own) > 0 && standardDeviation(best) > 0 ? correlation(own, best) : 1,
  };
}

/** Mean price of each state that occurs, [Z]; NaN otherwise. */
export function meansByState(prices: Float64Array, states: Int32Array, count: number): Float64Array {
  const from = Math.floor(BURN_IN * prices.length);
  const sums = new Float64Array(count);
  const visits = new Float64Array(count);
  for (let t = from; t < prices.length; t++) {
    sums[states[t]] += prices[t];
    visits[states[t]] += 1;
  }
  return sums.map((sum, z) => (visits[z] === 0 ? Number.NaN : sum / visits[z]));
}

/** c(z, price, e, a), [E, A], linear in the price between a policy's nodes. */
export function consumptionAt(policy: PricedPolicy, z: number, price: number): Float64Array {
  const { prices, nodes, consumption, productivity } = policy;
  const cells = consumption.length / (productivity.length * nodes);
  let k = 0;
  while (k < nodes - 2 && prices[z * nodes + k + 1] <= price) k++;
  const low = prices[z * nodes + k];
  const weight = nodes === 1 ? 0 : (price - low) / (prices[z * nodes + k + 1] - low);
  const w = Math.max(0, Math.min(1, weight));
  const first = (z * nodes + k) * cells;
  return Float64Array.from({ length: cells }, (_, j) =>
    w === 0 ? consumption[first + j] : (1 - w) * consumption[first + j] + w * consumption[first + cells + j],
  );
}

/** Largest and mean |c - c*| over cells with bonds up to a bound, and where largest: [income, bonds]. */
export function policyGaps(
  learned: Float64Array,
  reference: Float64Array,
  assets: Float64Array,
  most: number,
): { readonly max: number; readonly mean: number; readonly at: readonly [number, number] } {
  let [max, sum, count, where] = [0, 0, 0, 0];
  for (let j = 0; j < learned.length; j++) {
    if (assets[j % assets.length] > most) continue;
    const gap = Math.abs(learned[j] - reference[j]);
    sum += gap;
    count += 1;
    if (gap > max) {
      max = gap;
      where = j;
    }
  }
  return { max, mean: sum / count, at: [Math.floor(where / assets.length), assets[where % assets.length]] };
}
