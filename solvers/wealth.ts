/** The distribution of wealth of a cross-section over (e, a): Lorenz curve, Gini coefficient, quantiles, and what a windfall is spent on. */
import { requireFiniteArray, requireIncreasing, requireLength, requirePositive } from '../numerics/checks.ts';
import { gini } from '../numerics/statistics.ts';

/** A cross-section: households by own state and asset node, [E, A], summing to one; the nodes [A]. */
export interface CrossSection {
  readonly assets: Float64Array;
  readonly distribution: Float64Array;
}

/** Points of a curve, from (0, 0) to (1, 1), [A + 1] each. */
export interface LorenzCurve {
  /** Share of households, the poorest first. */
  readonly households: Float64Array;
  /** Share of wealth that they hold. */
  readonly wealth: Float64Array;
}

export interface WealthMeasures {
  readonly mean: number;
  readonly standardDeviation: number;
  readonly gini: number;
  /** Households on the lowest node. */
  readonly shareAtLimit: number;
  /** Households on the last node: if there are many, the grid ends too early. */
  readonly shareAtTop: number;
  /** Assets of the household with this share of households below it. */
  readonly quantiles: readonly { readonly share: number; readonly assets: number }[];
  /** Share of wealth of the richest. */
  readonly top: readonly { readonly households: number; readonly wealth: number }[];
}

/**
 * Households at each node, [A], whatever their own state. Throws on an E A that is no multiple of A and on negative mass.
 * Invariant: keeps the sum.
 */
export function wealthDistribution({ assets, distribution }: CrossSection): Float64Array {
  requireIncreasing('wealthDistribution', 'the assets', assets);
  requireFiniteArray('wealthDistribution', 'the distribution', distribution);
  const states = Math.max(1, Math.round(distribution.length / assets.length));
  requireLength(
    'wealthDistribution',
    'the distribution',
    distribution,
    states * assets.length,
    'whole states',
  );
  const households = new Float64Array(assets.length);
  for (let i = 0; i < distribution.length; i++) {
    if (distribution[i] < 0) {
      throw new Error(`wealthDistribution: cell ${i} holds ${distribution[i]} households; give at least 0.`);
    }
    households[i % assets.length] += distribution[i];
  }
  return households;
}

/**
 * The Lorenz curve, straight between nodes. Throws what `wealthDistribution` throws, and where mean wealth is not positive.
 * Invariants: convex, and its area is that of `gini`.
 */
export function lorenzCurve(section: CrossSection): LorenzCurve {
  const { assets } = section;
  const at = wealthDistribution(section);
  const households = new Float64Array(assets.length + 1);
  const wealth = new Float64Array(assets.length + 1);
  for (let a = 0; a < assets.length; a++) {
    households[a + 1] = households[a] + at[a];
    wealth[a + 1] = wealth[a] + at[a] * assets[a];
  }
  const [people, total] = [households[assets.length], wealth[assets.length]];
  requirePositive('lorenzCurve', 'mean wealth', total / people);
  return { households: households.map((h) => h / people), wealth: wealth.map((w) => w / total) };
}

/**
 * The usual measures. Quantiles are linear in the cumulated distribution between nodes; top shares are read off the Lorenz curve.
 * Throws what `lorenzCurve` throws. Invariant: all but the mean, the deviation and the quantiles are free of units.
 */
export function wealthMeasures(
  section: CrossSection,
  {
    shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99],
    top = [0.01, 0.05, 0.1, 0.2],
  }: { readonly shares?: readonly number[]; readonly top?: readonly number[] } = {},
): WealthMeasures {
  const { assets } = section;
  const at = wealthDistribution(section);
  const curve = lorenzCurve(section);
  let people = 0;
  let mean = 0;
  let squares = 0;
  for (let a = 0; a < assets.length; a++) people += at[a];
  for (let a = 0; a < assets.length; a++) mean += (at[a] * assets[a]) / people;
  for (let a = 0; a < assets.length; a++) squares += (at[a] * (assets[a] - mean) ** 2) / people;
  const cumulated = curve.households.subarray(1);
  return {
    mean,
    standardDeviation: Math.sqrt(squares),
    gini: gini(assets, at),
    shareAtLimit: at[0] / people,
    shareAtTop: at[assets.length - 1] / people,
    quantiles: shares.map((share) => ({ share, assets: readCurve(cumulated, assets, share) })),
    top: top.map((households) => ({
      households,
      wealth: 1 - readCurve(curve.households, curve.wealth, 1 - households),
    })),
  };
}

/** y at x on a curve whose x never falls but may stand still; its ends beyond. */
function readCurve(xs: Float64Array, ys: Float64Array, x: number): number {
  if (x <= xs[0]) return ys[0];
  for (let i = 1; i < xs.length; i++) {
    if (xs[i] >= x) return ys[i - 1] + ((x - xs[i - 1]) / (xs[i] - xs[i - 1])) * (ys[i] - ys[i - 1]);
  }
  return ys[ys.length - 1];
}

/** A group of households by wealth. */
export interface SpendingGroup {
  /** From this share of households, the poorest first, to this. */
  readonly from: number;
  readonly to: number;
  readonly meanAssets: number;
  readonly propensity: number;
}

export interface MarginalPropensities {
  /** Mean over households. */
  readonly mean: number;
  readonly groups: readonly SpendingGroup[];
  /** By cell, [E, A]. */
  readonly propensity: Float64Array;
}

export interface PropensityOptions {
  /** The windfall, in units of the good. */
  readonly windfall: number;
  /** What a unit of assets is worth: a windfall x is like x / R more assets. */
  readonly grossReturn: number;
  /** Groups of equal size; default 5. */
  readonly groups?: number;
}

/**
 * Marginal propensities to consume out of a windfall x, (c(a + x / R, e) - c(a, e)) / x, by cell and by groups of wealth.
 *
 * Source: Kaplan and Violante (2014), Econometrica 82. Shapes: consumption [E, A], linear between nodes and beyond the last.
 * Households on a node are spread over groups in proportion. Throws what `wealthDistribution` throws, on another length, and on a windfall that
 * is not positive. Invariant: the groups' propensities average to the mean.
 */
export function marginalPropensities(
  section: CrossSection,
  consumption: Float64Array,
  { windfall, grossReturn, groups = 5 }: PropensityOptions,
): MarginalPropensities {
  const { assets, distribution } = section;
  const where = 'marginalPropensities';
  requirePositive(where, 'the windfall', windfall);
  requirePositive(where, 'the gross return', grossReturn);
  requireLength(where, 'consumption', consumption, distribution.length, 'the distribution');
  const count = assets.length;
  const at = wealthDistribution(section);
  const propensity = new Float64Array(distribution.length);
  const spent = new Float64Array(count);
  let people = 0;
  let mean = 0;
  for (let i = 0; i < distribution.length; i++) {
    const a = i % count;
    const x = assets[a] + windfall / grossReturn;
    let j = Math.min(a, count - 2);
    while (j < count - 2 && assets[j + 1] <= x) j++;
    const low = i - a + j;
    const slope = (consumption[low + 1] - consumption[low]) / (assets[j + 1] - assets[j]);
    propensity[i] = (consumption[low] + slope * (x - assets[j]) - consumption[i]) / windfall;
    spent[a] += distribution[i] * propensity[i];
    people += distribution[i];
    mean += distribution[i] * propensity[i];
  }
  return {
    mean: mean / people,
    groups: Array.from({ length: groups }, (_, g) =>
      group(assets, at, spent, people, g / groups, (g + 1) / groups),
    ),
    propensity,
  };
}

function group(
  assets: Float64Array,
  at: Float64Array,
  spent: Float64Array,
  people: number,
  from: number,
  to: number,
): SpendingGroup {
  let below = 0;
  let inside = 0;
  let held = 0;
  let consumed = 0;
  for (let a = 0; a < assets.length; a++) {
    const share = at[a] / people;
    const overlap = Math.min(below + share, to) - Math.max(below, from);
    if (overlap > 0 && share > 0) {
      inside += overlap;
      held += overlap * assets[a];
      consumed += (overlap / share) * (spent[a] / people);
    }
    below += share;
  }
  return { from, to, meanAssets: held / inside, propensity: consumed / inside };
}
