/**
 * The scaled step: every entry moves by its mean relative Euler error where it was visited,
 *
 *     x *= 1 + clip( (rate / sigma) * sum W e / sum W, -0.1, 0.1 ),       e = 1 - M / u1,
 *
 * M the discounted marginal value of saving and u1 the marginal utility of consumption (for a consumption share). In a tabular policy the condition of an entry does not depend on the positive
 * weight that it is visited with, so that this has the fixed point of gradient ascent, without its slow entries. Nodes of a price that clears a market
 * are tied: given everything else the price hardly moves, and what is learned at one node is news for all.
 */

export interface ScaledStepOptions {
  /** [K, J], changed in place. */
  readonly table: Float64Array;
  /** Sums of W e, [K, J], and of W, [K, J] or [K]. */
  readonly errors: Float64Array;
  readonly visits: Float64Array;
  readonly nodes: number;
  readonly cells: number;
  readonly tied: number;
  /** Learning rate over the table's curvature. */
  readonly rate: number;
  readonly ownShare: number;
  readonly low: number;
  readonly high: number;
}

const LARGEST_STEP = 0.1;
/** A node visited less than this share of its group has no errors of its own to speak of. */
const TOO_FEW = 0.02;

/** Returns the mean of |sum W e / sum W| over groups of tied nodes, weighted by visits. Invariant: what was not visited stays. */
export function scaledStep(options: ScaledStepOptions): number {
  const { table, errors, visits, nodes, cells, tied, rate, ownShare, low, high } = options;
  const perCell = visits.length === nodes * cells;
  const pooled = new Float64Array(cells);
  const seen = new Float64Array(cells);
  let errorSum = 0;
  let visitSum = 0;
  for (let group = 0; group < nodes; group += tied) {
    pooled.fill(0);
    seen.fill(0);
    for (let k = group; k < group + tied; k++) {
      if (!perCell && visits[k] === 0) continue;
      for (let j = 0; j < cells; j++) {
        pooled[j] += errors[k * cells + j];
        seen[j] += perCell ? visits[k * cells + j] : visits[k];
      }
    }
    for (let j = 0; j < cells; j++) {
      if (seen[j] === 0) continue;
      errorSum += Math.abs(pooled[j]);
      visitSum += seen[j];
      pooled[j] /= seen[j];
    }
    for (let k = group; k < group + tied; k++) {
      for (let j = 0; j < cells; j++) {
        if (seen[j] === 0) continue;
        const count = perCell ? visits[k * cells + j] : visits[k];
        const own = count < TOO_FEW * seen[j] ? pooled[j] : errors[k * cells + j] / count;
        const step = rate * ((1 - ownShare) * pooled[j] + ownShare * own);
        const bounded = step < -LARGEST_STEP ? -LARGEST_STEP : step > LARGEST_STEP ? LARGEST_STEP : step;
        const moved = table[k * cells + j] * (1 + bounded);
        table[k * cells + j] = moved < low ? low : moved > high ? high : moved;
      }
    }
  }
  return visitSum > 0 ? errorSum / visitSum : 0;
}

/** An aggregate table's entries, [K]: x += rate * (what should be added where it was visited). */
export interface AggregateStepOptions {
  readonly table: Float64Array;
  /** Weighted sums of what should be added, and of the weights, [K]. */
  readonly errors: Float64Array;
  readonly visits: Float64Array;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Added to the visits of an entry, as a share of the mean: what was hardly visited hardly moves. */
const RESERVE = 0.05;

/** Invariant: what was not visited stays, and nothing moves by more than its whole range. */
export function aggregateStep({ table, errors, visits, rate, low, high }: AggregateStepOptions): void {
  let sum = 0;
  for (let k = 0; k < visits.length; k++) sum += visits[k];
  const reserve = (RESERVE * sum) / visits.length;
  for (let k = 0; k < table.length; k++) {
    if (!(visits[k] > 0)) continue;
    const moved = table[k] + (rate * errors[k]) / (visits[k] + reserve);
    table[k] = moved < low ? low : moved > high ? high : moved;
  }
}

/**
 * Cuts shares so that share times base rises with assets in every row of A cells: from the rich to the poor, nobody eats more than the next richer. It frees cells near
 * the limit that nobody visits and whose value the simulated policy makes convex. Invariant: shares only fall.
 */
export function keepRising(table: Float64Array, at: number, base: Float64Array, count: number): void {
  for (let row = base.length - count; row >= 0; row -= count) {
    let least = Infinity;
    for (let j = row + count - 1; j >= row; j--) {
      const eaten = table[at + j] * base[j];
      if (eaten > least) table[at + j] = least / base[j];
      else least = eaten;
    }
  }
}

/** The same measure without a step, for methods that climb by the gradient. */
export function meanEulerError(
  errors: Float64Array,
  visits: Float64Array,
  nodes: number,
  cells: number,
  tied: number,
): number {
  return scaledStep({
    table: new Float64Array(nodes * cells),
    errors,
    visits,
    nodes,
    cells,
    tied,
    rate: 0,
    ownShare: 0,
    low: 0,
    high: 0,
  });
}
