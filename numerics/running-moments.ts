import { requireFiniteArray, requireLength, requireWhole } from './checks.ts';

/** Running moments as plain data that survives msgpack: count of vectors, their mean [D], sum of squares about it [D]. */
export interface RunningMomentsState {
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

export interface StandardiseOptions {
  /** Results are clipped to [-clip, clip]. Default 10. */
  readonly clip?: number;
  /** Added to the variance before the root, in squared units. Default 1e-8. */
  readonly epsilon?: number;
}

/** Adds one row. Throws before it changes anything, so that one NaN does not spoil what was gathered. */
function addRow(
  rows: Float32Array | Float64Array,
  offset: number,
  count: number,
  mean: Float64Array,
  squares: Float64Array,
): void {
  for (let d = 0; d < mean.length; d++) {
    if (!Number.isFinite(rows[offset + d])) {
      throw new Error(`RunningMoments: coordinate ${d} is ${rows[offset + d]}; give finite numbers.`);
    }
  }
  for (let d = 0; d < mean.length; d++) {
    const x = rows[offset + d];
    const delta = x - mean[d];
    mean[d] += delta / count;
    squares[d] += delta * (x - mean[d]);
  }
}

/**
 * Mean and variance of a stream of vectors, coordinate by coordinate, kept without storing them: for scaling
 * observations.
 *
 * Source: Welford (1962), Technometrics 4(3); merging by Chan, Golub and LeVeque (1983), American Statistician 37(3),
 * eq. 2.1. Invariant: adding a stream in any split, and merging, gives the moments of the whole stream.
 */
export class RunningMoments {
  readonly dimension: number;
  private seen = 0;
  private readonly center: Float64Array;
  private readonly squares: Float64Array;
  private readonly spread: Float64Array;

  /** Moments of vectors of that many coordinates, none seen yet. Throws unless a whole number of at least 1. */
  constructor(dimension: number) {
    requireWhole('RunningMoments', 'dimension', dimension, 1, 2 ** 31 - 1);
    this.dimension = dimension;
    this.center = new Float64Array(dimension);
    this.squares = new Float64Array(dimension);
    this.spread = new Float64Array(dimension);
  }

  /** Vectors seen. */
  get count(): number {
    return this.seen;
  }

  /** Adds vectors, [B, D] row-major ([D] is one). Throws on a length that is no multiple of D and on NaN. */
  push(rows: Float32Array | Float64Array): void {
    if (rows.length % this.dimension !== 0) {
      throw new Error(
        `RunningMoments: ${rows.length} numbers are no whole vectors of ${this.dimension}; give them row by row.`,
      );
    }
    for (let offset = 0; offset < rows.length; offset += this.dimension) {
      addRow(rows, offset, this.seen + 1, this.center, this.squares);
      this.seen += 1;
    }
  }

  /** Takes in what another has seen; the other is not changed. Throws on another dimension. */
  merge(other: RunningMoments): void {
    this.requireDimension(other.dimension);
    const total = this.seen + other.seen;
    if (total === 0) return;
    for (let d = 0; d < this.dimension; d++) {
      const delta = other.center[d] - this.center[d];
      this.squares[d] += other.squares[d] + delta * delta * ((this.seen * other.seen) / total);
      this.center[d] += delta * (other.seen / total);
    }
    this.seen = total;
  }

  /** The mean, [D]: a view that moves with `push`, not to be written to. 0 before the first vector. */
  get mean(): Float64Array {
    return this.center;
  }

  /**
   * The population variance, sum (x - mean)^2 / count, [D]: a view, right until the next `push`, not to be written to.
   * 1 before the first vector, so that scaling by it does nothing.
   */
  get variance(): Float64Array {
    for (let d = 0; d < this.dimension; d++) this.spread[d] = this.seen > 0 ? this.squares[d] / this.seen : 1;
    return this.spread;
  }

  /**
   * out = clip((x - mean) / sqrt(variance + epsilon)), [B, D]; out may be x itself. With nothing seen, only clips.
   * Throws on unequal lengths and on a length that is no multiple of D. Invariant: |out| <= clip.
   */
  standardise(
    x: Float32Array | Float64Array,
    out: Float32Array | Float64Array,
    options: StandardiseOptions = {},
  ): void {
    const { clip = 10, epsilon = 1e-8 } = options;
    requireLength('RunningMoments', 'out', out, x.length, 'x');
    if (x.length % this.dimension !== 0) {
      throw new Error(
        `RunningMoments: ${x.length} numbers are no whole vectors of ${this.dimension}; give them row by row.`,
      );
    }
    for (let d = 0; d < this.dimension; d++) {
      const center = this.center[d];
      const scale = this.seen > 0 ? 1 / Math.sqrt(this.squares[d] / this.seen + epsilon) : 1;
      for (let i = d; i < x.length; i += this.dimension) {
        out[i] = Math.max(-clip, Math.min(clip, (x[i] - center) * scale));
      }
    }
  }

  /** A copy of the state. */
  save(): RunningMomentsState {
    return { count: this.seen, mean: this.center.slice(), squares: this.squares.slice() };
  }

  /** Replaces the state by a saved one. Throws on anything `save` would not have written for this dimension. */
  restore(state: RunningMomentsState): void {
    requireWhole('RunningMoments', 'saved count', state.count, 0, Number.MAX_SAFE_INTEGER);
    for (const name of ['mean', 'squares'] as const) {
      if (!(state[name] instanceof Float64Array)) {
        throw new Error(`RunningMoments: saved ${name} is no Float64Array; give what save() returned.`);
      }
      this.requireDimension(state[name].length);
      requireFiniteArray('RunningMoments', `saved ${name}`, state[name]);
    }
    if (state.squares.some((s) => s < 0)) {
      throw new Error('RunningMoments: a saved sum of squares is negative; give what save() returned.');
    }
    this.seen = state.count;
    this.center.set(state.mean);
    this.squares.set(state.squares);
  }

  private requireDimension(dimension: number): void {
    if (dimension !== this.dimension) {
      throw new Error(
        `RunningMoments: dimension ${dimension} does not match this one's ${this.dimension}; give equal ones.`,
      );
    }
  }
}
