/** Where a market clears: the two nodes of a price grid between which excess savings change sign, and the place in between. Hot: nothing allocates. */

/** Where a market cleared among the nodes of its price grid. Written in place. */
export interface Crossing {
  lower: number;
  upper: number;
  upperWeight: number;
  /** 1 where the grid does not reach far enough. */
  missed: 0 | 1;
}

/** What `crossing` works with. */
export interface Schedule {
  /** Excess savings at a node, evaluated when asked for. */
  readonly excess: (node: number) => number;
  readonly nodes: number;
  /** -1 where excess savings fall in the price, 1 where they rise. */
  readonly direction: -1 | 1;
  /** Scratch, [nodes]. */
  readonly values: Float64Array;
}

/** Not evaluated yet. */
const UNKNOWN = Number.NaN;

/**
 * The nodes between which excess savings change sign, and the weight of the upper one at which they are zero in between.
 *
 * A monotone schedule is bisected, from `guess` on in strides that double until they have passed the crossing; where what was seen is not monotone, or nothing is bracketed, all nodes are
 * looked at, and of those the nearest to zero and, on the other side, the nearest to it are taken (Yang et al. 2025, Appendix A). `search: 'scan'` always looks at all.
 * Invariant: for a monotone schedule both find the same.
 */
export function crossing(
  schedule: Schedule,
  guess: number,
  search: 'bisect' | 'scan',
  found: Crossing,
): void {
  const { excess, nodes, values } = schedule;
  values.fill(UNKNOWN);
  if (search === 'bisect' && bisect(schedule, Math.max(0, Math.min(nodes - 2, guess)), found)) return;
  for (let k = 0; k < nodes; k++) evaluate(values, excess, k);
  scan(values, found);
}

/** Whether a bracket was found. Excess is signed so that it falls in the node, whichever way the price works. */
function bisect({ excess, nodes, direction, values }: Schedule, guess: number, found: Crossing): boolean {
  const last = nodes - 1;
  let low = guess;
  let high = guess + 1;
  let below = -direction * evaluate(values, excess, low);
  let above = -direction * evaluate(values, excess, high);
  for (let stride = 1; below < 0 && low > 0; stride *= 2) {
    high = low;
    above = below;
    low = Math.max(0, low - stride);
    below = -direction * evaluate(values, excess, low);
  }
  for (let stride = 1; above > 0 && high < last; stride *= 2) {
    low = high;
    below = above;
    high = Math.min(last, high + stride);
    above = -direction * evaluate(values, excess, high);
  }
  if (!(below >= 0 && above <= 0)) return false;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const value = -direction * evaluate(values, excess, middle);
    if (value > below || value < above) return false;
    if (value >= 0) {
      low = middle;
      below = value;
    } else {
      high = middle;
      above = value;
    }
  }
  found.lower = low;
  found.upper = high;
  found.upperWeight = above === below ? 0 : below / (below - above);
  found.missed = 0;
  return true;
}

function evaluate(values: Float64Array, excess: (node: number) => number, node: number): number {
  if (Number.isNaN(values[node])) values[node] = excess(node);
  return values[node];
}

function scan(values: Float64Array, found: Crossing): void {
  let nearest = 0;
  for (let k = 1; k < values.length; k++) if (Math.abs(values[k]) < Math.abs(values[nearest])) nearest = k;
  let other = -1;
  for (let k = 0; k < values.length; k++) {
    const isOther = values[nearest] > 0 ? values[k] < 0 : values[k] > 0;
    if (isOther && (other < 0 || Math.abs(values[k]) < Math.abs(values[other]))) other = k;
  }
  found.missed = other < 0 && values[nearest] !== 0 ? 1 : 0;
  found.lower = other < 0 ? nearest : Math.min(nearest, other);
  found.upper = other < 0 ? nearest : Math.max(nearest, other);
  const low = values[found.lower];
  const high = values[found.upper];
  found.upperWeight = low === high ? 0 : Math.max(0, Math.min(1, low / (low - high)));
}

const MOST_STEPS = 40;

/**
 * The weight at which excess savings vanish between the two nodes of a crossing, by secants that stay within the bracket. Once they are within `tolerance` one more step is gone, not looked at:
 * what is left is then smaller by orders of magnitude. Invariant: the weight lies in [0, 1].
 */
export function rootBetween(
  excess: (weight: number) => number,
  { values }: Schedule,
  { lower, upper, upperWeight, missed }: Crossing,
  tolerance: number,
): number {
  const atLower = values[lower];
  const atUpper = values[upper];
  if (lower === upper || atLower === atUpper || missed === 1) return upperWeight;
  let low = 0;
  let high = 1;
  const isNearLower = Math.abs(atLower) < Math.abs(atUpper);
  let before = isNearLower ? 0 : 1;
  let valueBefore = isNearLower ? atLower : atUpper;
  let weight = upperWeight;
  for (let look = 0; look < MOST_STEPS; look++) {
    const value = excess(weight);
    if (value === 0) break;
    if (value < 0 === atLower < 0) low = weight;
    else high = weight;
    const step = (value * (weight - before)) / (value - valueBefore);
    const next = weight - step;
    const isInside = next > low && next < high;
    // A last step that is longer than the one before trusts a slope too far.
    if (Math.abs(value) <= tolerance)
      return isInside && Math.abs(step) <= Math.abs(weight - before) ? next : weight;
    before = weight;
    valueBefore = value;
    // Also where the secant is flat.
    weight = isInside ? next : 0.5 * (low + high);
  }
  return weight;
}
