/** The market along a path of aggregate states, and the rule that its prices follow: the two halves of an iteration of `forecast-rule.ts`. */
import { type Movement, movement, normalise, placeSavings, pushDistribution } from './histogram.ts';
import { stochasticRows } from './household.ts';

/** What the market is simulated from. Tables [Z, N, E, A]. */
export interface PathEconomy {
  readonly assets: Float64Array;
  /** The price at every node, [Z, N]. */
  readonly prices: Float64Array;
  readonly nodes: number;
  readonly savings: Float64Array;
  /** P[e, e'], [E * E]. */
  readonly ownTransition: Float64Array;
  /** Long-run shares of own states, [E]. */
  readonly ownShares: Float64Array;
  /** What there is to hold, per household. */
  readonly assetSupply: number;
}

const BURN_IN = 0.1;
/** Fewer visits tell nothing about a state's mean price; it is continued from its neighbours. */
const FEWEST_VISITS = 5;

/** Prices along a path of states, [T], and the cross-section after it, [E, A]. */
export interface PricePath {
  readonly path: Float64Array;
  readonly distribution: Float64Array;
}

/**
 * Prices along the path: where the excess savings of the cross-section, linear between nodes, vanish. `start` is not changed; without it everyone holds the same.
 * Invariant: the market clears exactly where the price lies between the nodes.
 */
export function simulatePrices(
  economy: PathEconomy,
  states: Int32Array,
  start: Float64Array | undefined,
): PricePath {
  const { assets, nodes: N, prices, savings } = economy;
  const E = economy.ownShares.length;
  const cells = E * assets.length;
  const own = stochasticRows('solveForecastRule', economy.ownTransition, E);
  let mass = start?.slice() ?? allHold(assets, economy.assetSupply, economy.ownShares);
  let next = new Float64Array(cells);
  const mixed = new Float64Array(cells);
  const moved = new Float64Array(assets.length);
  const by: Movement = movement(cells);
  const excess = new Float64Array(N);
  const path = new Float64Array(states.length);
  for (let t = 0; t < states.length; t++) {
    const row = states[t] * N;
    for (let n = 0; n < N; n++) excess[n] = held(mass, savings, (row + n) * cells) - economy.assetSupply;
    const { node, weight } = rootAmong(excess);
    const first = (row + node) * cells;
    mix(savings, first, first + cells, Math.max(0, Math.min(1, weight)), mixed);
    path[t] = (1 - weight) * prices[row + node] + weight * prices[row + node + 1];
    placeSavings(assets, mixed, by);
    pushDistribution(mass, by, own, 0, moved, next);
    normalise(next);
    [mass, next] = [next, mass];
  }
  return { path, distribution: mass };
}

/** sum_j mass[j] savings[at + j]. Hot. */
function held(mass: Float64Array, savings: Float64Array, at: number): number {
  let total = 0;
  for (let j = 0; j < mass.length; j++) total += mass[j] * savings[at + j];
  return total;
}

/** The segment in which excess changes sign, or the nearest end one, and the place of zero in it (continued beyond the ends). */
function rootAmong(excess: Float64Array): { readonly node: number; readonly weight: number } {
  const last = excess.length - 2;
  let node = 0;
  while (node < last && excess[node + 1] < 0 === excess[0] < 0) node++;
  if (excess[last + 1] < 0 === excess[0] < 0) {
    node = Math.abs(excess[0]) < Math.abs(excess[last + 1]) ? 0 : last;
  }
  const rise = excess[node + 1] - excess[node];
  const weight = rise === 0 ? 0 : -excess[node] / rise;
  return { node, weight: Math.max(-1, Math.min(2, weight)) };
}

function mix(table: Float64Array, first: number, second: number, weight: number, out: Float64Array): void {
  for (let j = 0; j < out.length; j++) out[j] = (1 - weight) * table[first + j] + weight * table[second + j];
}

/** A rule as it fits a path. */
export interface FittedRule {
  readonly levels: Float64Array<ArrayBuffer>;
  readonly persistence: number;
  /** Largest change of a visited level. */
  readonly change: number;
  /** Largest deviation from the levels on the path. */
  readonly largest: number;
  readonly rSquaredOfLevels: number;
  readonly rSquared: number;
}

/** Mean prices by state, and how deviations from them persist, on all but the first tenth of a path. */
export function fitRule(
  path: Float64Array,
  states: Int32Array,
  before: Float64Array,
  rule: 'both' | 'next',
): FittedRule {
  const Z = before.length;
  const from = Math.floor(BURN_IN * path.length);
  const sums = new Float64Array(Z);
  const visits = new Float64Array(Z);
  let total = 0;
  for (let t = from; t < path.length; t++) {
    sums[states[t]] += path[t];
    visits[states[t]] += 1;
    total += path[t];
  }
  const levels = continued(sums, visits, before);
  const mean = total / (path.length - from);
  let [products, squares, largest, variance, errors] = [0, 0, 0, 0, 0];
  const deviation = (t: number) => path[t] - levels[states[t]];
  for (let t = from + 1; t < path.length; t++) {
    products += deviation(t) * deviation(t - 1);
    squares += deviation(t - 1) ** 2;
    largest = Math.max(largest, Math.abs(deviation(t)));
  }
  const persistence = rule === 'next' || squares === 0 ? 0 : Math.max(0, Math.min(0.999, products / squares));
  for (let t = from + 1; t < path.length; t++) {
    variance += (path[t] - mean) ** 2;
    errors += (deviation(t) - persistence * deviation(t - 1)) ** 2;
  }
  let change = 0;
  for (let z = 0; z < Z; z++) {
    if (visits[z] >= FEWEST_VISITS) change = Math.max(change, Math.abs(levels[z] - before[z]));
  }
  return {
    levels,
    persistence,
    change,
    largest,
    rSquaredOfLevels: variance > 0 ? 1 - squares / variance : 1,
    rSquared: variance > 0 ? 1 - errors / variance : 1,
  };
}

/** Means by state; states hardly visited go on along the line of the two nearest others. */
function continued(
  sums: Float64Array,
  visits: Float64Array,
  before: Float64Array,
): Float64Array<ArrayBuffer> {
  const known: number[] = [];
  for (let z = 0; z < sums.length; z++) if (visits[z] >= FEWEST_VISITS) known.push(z);
  const levels = Float64Array.from(before);
  for (const z of known) levels[z] = sums[z] / visits[z];
  if (known.length < 2) return levels;
  for (let z = 0; z < levels.length; z++) {
    if (visits[z] >= FEWEST_VISITS) continue;
    const right = known.findIndex((k) => k > z);
    const [a, b] =
      right === -1
        ? [known[known.length - 2], known[known.length - 1]]
        : right === 0
          ? [known[0], known[1]]
          : [known[right - 1], known[right]];
    levels[z] = levels[a] + ((levels[b] - levels[a]) * (z - a)) / (b - a);
  }
  return levels;
}

function allHold(assets: Float64Array, supply: number, shares: Float64Array): Float64Array<ArrayBuffer> {
  const cells = new Float64Array(shares.length * assets.length);
  const by = movement(1);
  placeSavings(assets, Float64Array.of(supply), by);
  for (let e = 0; e < shares.length; e++) {
    cells[e * assets.length + by.lower[0]] = shares[e] * (1 - by.upperWeight[0]);
    cells[e * assets.length + by.lower[0] + 1] = shares[e] * by.upperWeight[0];
  }
  return cells;
}
