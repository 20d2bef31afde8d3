import { requireFiniteArray, requireLength, requireWhole } from './checks.ts';
import type { Rng } from './random.ts';

/** A finite Markov chain. Treat as read only. */
export interface MarkovChain {
  /** The value of each state, [n]. */
  readonly levels: Float64Array;
  /** P[i, j] = probability of j next, given i now; [n, n] row-major. */
  readonly transition: Float64Array;
  readonly n: number;
}

export interface MarkovChainOptions {
  /**
   * 'stochastic' (default): every row sums to one within `rowSumTolerance`, or an error. 'as-given': a published
   * matrix is kept to the digit even where a row sums to, say, 1.0001; `drawNext`, `simulate` and `stationary` then
   * read it as weights, divided by the row's sum.
   */
  readonly rows?: 'stochastic' | 'as-given';
  /** Default 1e-9: more than rounding, less than a digit lost in a published table. */
  readonly rowSumTolerance?: number;
}

/**
 * A chain from its levels and its transition matrix, checked and copied.
 *
 * Shapes: levels [n]; rows n arrays of n, or one array [n, n] row-major. Throws on wrong lengths, entries that are
 * negative or not finite, rows that sum to nothing or to infinity, and rows that do not sum to one (see `rows`).
 * Invariant: the result shares no memory with the arguments.
 */
export function markovChain(
  levels: ArrayLike<number>,
  rows: ArrayLike<ArrayLike<number>> | ArrayLike<number>,
  options: MarkovChainOptions = {},
): MarkovChain {
  const { rows: kind = 'stochastic', rowSumTolerance = 1e-9 } = options;
  requireFiniteArray('markovChain', 'levels', levels);
  const n = levels.length;
  const transition = flatten(rows, n);
  for (let i = 0; i < n; i++) checkRow(transition, n, i, kind, rowSumTolerance);
  return { levels: Float64Array.from(levels), transition, n };
}

function flatten(rows: ArrayLike<ArrayLike<number>> | ArrayLike<number>, n: number): Float64Array {
  const flat: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (typeof row === 'number') flat.push(row);
    else {
      requireLength('markovChain', `row ${i}`, row, n, `a chain of ${n} levels`);
      for (let j = 0; j < n; j++) flat.push(row[j]);
    }
  }
  requireLength('markovChain', 'the transition matrix', flat, n * n, `a chain of ${n} levels`);
  return Float64Array.from(flat);
}

function checkRow(p: Float64Array, n: number, i: number, kind: string, tolerance: number): void {
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const entry = p[i * n + j];
    if (!(entry >= 0 && entry < Infinity)) {
      throw new Error(`markovChain: P[${i}, ${j}] is ${entry}; probabilities are finite and >= 0.`);
    }
    sum += entry;
  }
  if (!(sum > 0)) throw new Error(`markovChain: row ${i} sums to 0; some state must come next.`);
  if (sum === Infinity)
    throw new Error(`markovChain: row ${i} sums to Infinity; divide its weights by the largest.`);
  if (kind !== 'as-given' && !(Math.abs(sum - 1) <= tolerance)) {
    throw new Error(
      `markovChain: row ${i} sums to ${sum}, off one by more than ${tolerance}; ` +
        "correct it, widen rowSumTolerance, or keep it with rows: 'as-given'.",
    );
  }
}

/**
 * The chain with every row divided by its sum. Throws nothing.
 * Invariant: rows sum to one within rounding, and their proportions are kept.
 */
export function normaliseRows(chain: MarkovChain): MarkovChain {
  const { n } = chain;
  const transition = chain.transition.slice();
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += transition[i * n + j];
    for (let j = 0; j < n; j++) transition[i * n + j] /= sum;
  }
  return { levels: chain.levels.slice(), transition, n };
}

/**
 * The chain with its levels mapped by f, as from logs to levels. Throws where f gives something not finite.
 * Invariant: the transition matrix is the same.
 */
export function mapLevels(chain: MarkovChain, f: (level: number) => number): MarkovChain {
  const levels = chain.levels.map(f);
  requireFiniteArray('mapLevels', 'levels', levels);
  return { levels, transition: chain.transition.slice(), n: chain.n };
}

/**
 * From logs to levels with stationary mean one: exp(x_i) / sum_j pi_j exp(x_j), the usual form of an income process.
 *
 * Throws where `stationary` does. Invariant: sum_i pi_i level_i = 1.
 */
export function exponentiateToMeanOne(chain: MarkovChain): MarkovChain {
  const mean = stationaryMean(mapLevels(chain, Math.exp));
  return mapLevels(chain, (level) => Math.exp(level) / mean);
}

/** The stationary mean sum_i pi_i level_i. Throws where `stationary` does. Invariant: between the extreme levels. */
export function stationaryMean(chain: MarkovChain): number {
  const pi = stationary(chain);
  let mean = 0;
  for (let i = 0; i < chain.n; i++) mean += pi[i] * chain.levels[i];
  return mean;
}

/**
 * The stationary distribution pi = pi P, [n], by state reduction, which subtracts nothing and so keeps the relative
 * accuracy of the smallest probabilities. Transient states get 0.
 *
 * Source: Grassmann, Taksar and Heyman (1985), Operations Research 33(5). Rows are divided by their sums first.
 * Throws where the chain has several recurrent classes, and so no single answer, and where probabilities are too small to be divided by.
 * Invariant: non-negative, sums to one.
 */
export function stationary(chain: MarkovChain): Float64Array {
  const { n } = chain;
  const recurrent = recurrentClass(chain);
  const m = recurrent.length;
  const normalised = normaliseRows(chain).transition;
  const p = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) p[i * m + j] = normalised[recurrent[i] * n + recurrent[j]];
  }
  // Take out state k: what passed through it goes directly between the states below.
  for (let k = m - 1; k > 0; k--) {
    let out = 0;
    for (let j = 0; j < k; j++) out += p[k * m + j];
    for (let i = 0; i < k; i++) {
      p[i * m + k] /= out;
      for (let j = 0; j < k; j++) p[i * m + j] += p[i * m + k] * p[k * m + j];
    }
  }
  const mass = new Float64Array(m);
  mass[0] = 1;
  let total = 1;
  for (let k = 1; k < m; k++) {
    for (let i = 0; i < k; i++) mass[k] += mass[i] * p[i * m + k];
    total += mass[k];
  }
  // Quotients of probabilities of order 1e-300 are infinite.
  if (!(total < Infinity)) {
    throw new Error(
      'stationary: some probabilities are so small that the long run cannot be told in floating point; set them to 0.',
    );
  }
  const pi = new Float64Array(n);
  for (let k = 0; k < m; k++) pi[recurrent[k]] = mass[k] / total;
  return pi;
}

/** reaches[i * n + j] = 1 where j can follow i in any number of steps (i itself included). */
function reachability(p: Float64Array, n: number): Uint8Array {
  const reaches = new Uint8Array(n * n);
  const queue: number[] = [];
  for (let start = 0; start < n; start++) {
    reaches[start * n + start] = 1;
    queue.push(start);
    for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
      for (let j = 0; j < n; j++) {
        if (p[state * n + j] > 0 && reaches[start * n + j] === 0) {
          reaches[start * n + j] = 1;
          queue.push(j);
        }
      }
    }
  }
  return reaches;
}

/** The states of the one class that is never left. */
function recurrentClass(chain: MarkovChain): number[] {
  const { n } = chain;
  const reaches = reachability(chain.transition, n);
  const classOf = (i: number): number[] => {
    const members: number[] = [];
    for (let j = 0; j < n; j++) if (reaches[i * n + j] === 1) members.push(j);
    return members;
  };
  // A state is recurrent where all that it reaches leads back to it.
  const recurrent: number[] = [];
  for (let i = 0; i < n; i++) if (classOf(i).every((j) => reaches[j * n + i] === 1)) recurrent.push(i);
  const first = classOf(recurrent[0]);
  const other = recurrent.find((i) => !first.includes(i));
  if (other !== undefined) {
    throw new Error(
      `stationary: states ${recurrent[0]} and ${other} belong to different recurrent classes, so the long run depends ` +
        'on the start; link the classes, or take one of them as a chain of its own.',
    );
  }
  return first;
}

/** The state after `state`, drawn. Throws where the row is no row of weights. Invariant: uses one uniform. */
export function drawNext(chain: MarkovChain, state: number, rng: Rng): number {
  return rng.categorical(chain.transition, state * chain.n, chain.n);
}

export interface SimulateOptions {
  /** Transitions to make. */
  readonly steps: number;
  /** The state at the start, or 'stationary' to draw it from the stationary distribution. */
  readonly start: number | 'stationary';
  readonly rng: Rng;
}

/**
 * A path of states, [steps + 1], its first the start. Read levels with chain.levels[path[t]].
 *
 * Throws on a start that is no state, steps that are no whole number, and where `stationary` does if asked to draw.
 * Invariant: only transitions of positive probability occur.
 */
export function simulate(chain: MarkovChain, options: SimulateOptions): Int32Array {
  const { steps, start, rng } = options;
  requireWhole('simulate', 'steps', steps, 0, 2 ** 31 - 2);
  if (start !== 'stationary') requireWhole('simulate', 'start', start, 0, chain.n - 1);
  const path = new Int32Array(steps + 1);
  path[0] = start === 'stationary' ? rng.categorical(stationary(chain)) : start;
  for (let t = 1; t <= steps; t++)
    path[t] = rng.categorical(chain.transition, path[t - 1] * chain.n, chain.n);
  return path;
}
