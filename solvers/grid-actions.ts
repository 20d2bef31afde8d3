/**
 * Value iteration on a grid of states for anyone whose successors can be enumerated:
 *
 *     V(s) = max_a (1 - beta) r(s, a) + beta sum_s' p(s' | s, a) V(s').
 *
 * Actions are sought on a grid over their box and then by golden sections, one coordinate after the other; one that leads out of the grid is taken only
 * where all do. Values between nodes are cubics through four nodes, or linear; beyond the ends they are as at the ends. Values are in units of r, as if received in every period.
 */
import { type GridAxis, gridPoint, gridSize, type Interpolation, locate, stencilFor } from './grid-axes.ts';

/** What follows from an action. */
export interface Outlook {
  readonly reward: number;
  /** Coordinates of each successor, and its probability; these need not sum to one, and are used as they are. */
  readonly successors: readonly { readonly probability: number; readonly coordinates: ArrayLike<number> }[];
}

export interface ActionGridProblem {
  readonly discountFactor: number;
  readonly axes: readonly GridAxis[];
  /** Ends of the actions' ranges, [A]. */
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** At a state's coordinates [D], under an action [A]. A reward of -Infinity says that it is not possible. */
  readonly outlook: (coordinates: readonly number[], action: Float64Array) => Outlook;
  /** Of values along continuous axes; default cubic, which is exact to more digits where values are smooth. */
  readonly interpolation?: Interpolation;
}

/** Value and policy on a grid of states, changed in place. */
export interface ActionGrid {
  /** V, [S]. */
  readonly value: Float64Array;
  /** Best actions found, [S * A]; the middle of the box before the first improvement. */
  readonly actions: Float64Array;
  /** V becomes T V. Returns the largest absolute change. */
  improve(): number;
  /**
   * Howard's steps: V under the policy of the last improvement, until the gains of all states are alike or `change` has shrunk enough. Leaves V as it
   * was where gains grow instead, as they may between cubics.
   */
  evaluate(change: number): void;
}

/** Points of the action grid along each coordinate, by the number of coordinates. */
const ACTION_POINTS: readonly number[] = [25, 9, 5];
const FEWEST_ACTION_POINTS = 3;
/** Widths, relative to the range of an action, at which golden sections end: in the last round, and before. */
const ACTION_WIDTH = 1e-7;
const EARLY_WIDTH = 1e-3;
/** Times that every coordinate of an action has its turn. */
const ROUNDS = 3;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** What leads beyond the ends by the length of an axis counts like a loss so many times as large as the largest reward. */
const OUTSIDE = 1e6;
/** Steps beyond the ends that are rounding, relative to the axis. */
const ROUNDING = 1e-9;

/** As in `howardGrid`. */
const EVALUATION_SHARE = 1e-2;
const MOST_EVALUATIONS = 500;
/** Gains that have grown to so many times the change are no evaluation. */
const GROWTH = 10;

/** Nodes on which successors lie, and their probabilities: entries from[s] .. from[s + 1] - 1. */
interface Successions {
  readonly from: Int32Array;
  readonly indices: number[];
  readonly weights: number[];
}

/**
 * A solver at V = 0, or at given values [S] and actions [S * A] (copied). Throws on a discount factor outside (0, 1), and where an outlook is not
 * of numbers. Invariant: an improvement never takes an action worse than the last one.
 */
export function actionGrid(
  problem: ActionGridProblem,
  options: { readonly value?: Float64Array; readonly actions?: Float64Array } = {},
): ActionGrid {
  const { discountFactor, axes, interpolation = 'cubic' } = problem;
  if (!(discountFactor > 0 && discountFactor < 1)) {
    throw new Error(
      `actionGrid: the discount factor is ${discountFactor}; it lies strictly between 0 and 1.`,
    );
  }
  const low = Float64Array.from(problem.low);
  const high = Float64Array.from(problem.high);
  const width = low.length;
  const size = gridSize(axes);
  const value = options.value?.slice() ?? new Float64Array(size);
  const actions =
    options.actions?.slice() ??
    Float64Array.from({ length: size * width }, (_, i) => (low[i % width] + high[i % width]) / 2);
  const next = new Float64Array(size);
  const flow = new Float64Array(size);
  const candidates = actionCandidates(low, high);
  const stencil = stencilFor(axes);
  const how = { interpolation };
  let policy = noSuccessions(size);

  let largest = 0;
  /** What an action is worth, less, to choose by, what leads out of the grid. */
  const worth = (point: readonly number[], action: Float64Array, losses: 'counted' | 'left out') => {
    const { reward, successors } = problem.outlook(point, action);
    if (reward === Number.NEGATIVE_INFINITY) return reward;
    largest = Math.max(largest, Math.abs(reward));
    let expected = 0;
    let outside = 0;
    for (const { probability, coordinates } of successors) {
      if (losses === 'counted') outside += probability * beyond(axes, coordinates);
      locate(axes, coordinates, stencil, how);
      for (let k = 0; k < stencil.count; k++)
        expected += probability * stencil.weights[k] * value[stencil.indices[k]];
    }
    const total = (1 - discountFactor) * reward + discountFactor * expected;
    if (Number.isNaN(total)) {
      throw new Error(
        `actionGrid: what follows from action ${action} at ${point} is worth ${total} (reward ${reward}); give numbers.`,
      );
    }
    return outside > 0 ? total - OUTSIDE * (1 + largest) * outside : total;
  };
  return {
    value,
    actions,
    improve() {
      const found = noSuccessions(size);
      let change = 0;
      largest = 0;
      for (let s = 0; s < size; s++) {
        const point = gridPoint(axes, s);
        const own = actions.subarray(s * width, (s + 1) * width);
        const best = bestAction((action) => worth(point, action, 'counted'), candidates, low, high, own);
        next[s] = worth(point, own, 'left out');
        if (best === Number.NEGATIVE_INFINITY)
          throw new Error(`actionGrid: no action is possible at ${point}.`);
        const { reward, successors } = problem.outlook(point, own);
        flow[s] = (1 - discountFactor) * reward;
        for (const { probability, coordinates } of successors) {
          locate(axes, coordinates, stencil, how);
          for (let k = 0; k < stencil.count; k++) {
            found.indices.push(stencil.indices[k]);
            found.weights.push(discountFactor * probability * stencil.weights[k]);
          }
        }
        found.from[s + 1] = found.indices.length;
        change = Math.max(change, Math.abs(next[s] - value[s]));
      }
      policy = found;
      value.set(next);
      return change;
    },
    evaluate(change) {
      let [least, most] = [0, 0];
      let steps = 0;
      const before = value.slice();
      do {
        follow(policy, flow, value, next);
        least = Number.POSITIVE_INFINITY;
        most = Number.NEGATIVE_INFINITY;
        for (let s = 0; s < size; s++) {
          least = Math.min(least, next[s] - value[s]);
          most = Math.max(most, next[s] - value[s]);
        }
        value.set(next);
        steps++;
        if (!(most - least <= GROWTH * change)) {
          value.set(before);
          return;
        }
      } while (most - least > EVALUATION_SHARE * change && steps < MOST_EVALUATIONS);
      // What all states still gain alike, they gain in every later step too (MacQueen 1966).
      const rest = ((discountFactor / (1 - discountFactor)) * (least + most)) / 2;
      for (let s = 0; s < size; s++) value[s] += rest;
    },
  };
}

/** How far a point lies beyond the ends of continuous axes, in their lengths. */
function beyond(axes: readonly GridAxis[], coordinates: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < axes.length; d++) {
    const { kind, nodes } = axes[d];
    if (kind === 'finite') continue;
    const [low, high] = [nodes[0], nodes[nodes.length - 1]];
    const distance = Math.max(low - coordinates[d], coordinates[d] - high) / (high - low);
    if (distance > ROUNDING) sum += distance;
  }
  return sum;
}

function noSuccessions(size: number): Successions {
  return { from: new Int32Array(size + 1), indices: [], weights: [] };
}

/** One step under the policy. */
function follow(
  { from, indices, weights }: Successions,
  flow: Float64Array,
  value: Float64Array,
  next: Float64Array,
): void {
  for (let s = 0; s < flow.length; s++) {
    let sum = flow[s];
    for (let k = from[s]; k < from[s + 1]; k++) sum += weights[k] * value[indices[k]];
    next[s] = sum;
  }
}

/** The grid over the box of actions, ends included. */
function actionCandidates(low: Float64Array, high: Float64Array): readonly Float64Array[] {
  const points = ACTION_POINTS[low.length - 1] ?? FEWEST_ACTION_POINTS;
  return Array.from({ length: points ** low.length }, (_, index) => {
    let rest = index;
    return low.map((from, d) => {
      const i = rest % points;
      rest = Math.floor(rest / points);
      return from + ((high[d] - from) * i) / (points - 1);
    });
  });
}

/** Puts the best action found into `own`, which is tried too, and returns what it is worth. */
function bestAction(
  worth: (action: Float64Array) => number,
  candidates: readonly Float64Array[],
  low: Float64Array,
  high: Float64Array,
  own: Float64Array,
): number {
  let best = worth(own);
  const trial = own.slice();
  for (const candidate of candidates) {
    const found = worth(candidate);
    if (found > best) {
      best = found;
      trial.set(candidate);
    }
  }
  own.set(trial);
  const points = ACTION_POINTS[low.length - 1] ?? FEWEST_ACTION_POINTS;
  const rounds = low.length === 1 ? 1 : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    for (let d = 0; d < low.length; d++) {
      const reach = (high[d] - low[d]) / (points - 1) / 2 ** round;
      best = goldenSection(worth, own, d, best, {
        from: Math.max(low[d], own[d] - reach),
        to: Math.min(high[d], own[d] + reach),
        width: (round === rounds - 1 ? ACTION_WIDTH : EARLY_WIDTH) * (high[d] - low[d]),
      });
    }
  }
  return best;
}

/** The best place of one coordinate within a range, if better than what there is. */
function goldenSection(
  worth: (action: Float64Array) => number,
  own: Float64Array,
  d: number,
  before: number,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): number {
  const trial = own.slice();
  const at = (x: number) => {
    trial[d] = x;
    const found = worth(trial);
    if (found > best) {
      best = found;
      own[d] = x;
    }
    return found;
  };
  let best = before;
  let [a, b] = [from, to];
  let [x, y] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [left, right] = [at(x), at(y)];
  while (b - a > width) {
    if (left > right) {
      b = y;
      [y, right] = [x, left];
      x = b - GOLDEN * (b - a);
      left = at(x);
    } else {
      a = x;
      [x, left] = [y, right];
      y = a + GOLDEN * (b - a);
      right = at(y);
    }
  }
  return best;
}
