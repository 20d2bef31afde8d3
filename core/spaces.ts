import { createRng, type Rng } from '../numerics/random.ts';
import { show, UsageError } from './errors.ts';

/** Actions and observations may come as arrays of numbers, typed arrays or ndarrays; this reads any of them by index. */
export type Vector =
  | ArrayLike<number>
  | { readonly shape: readonly number[]; get(...index: number[]): number };

interface Range {
  readonly low: number;
  readonly high: number;
}

/** How a coordinate runs through the range of its quantity: in equal steps, or by equal factors, low (high / low)^t. */
export type Scale = 'linear' | 'log';

/** A range of quantities; `log` needs a positive one. Default `linear`. */
export interface QuantityRange extends Range {
  readonly scale?: Scale;
}

/** What every space can do. `sample` draws from the space's own generator, which starts at seed 0 until `seed` is called. */
export interface Space<X> {
  sample(): X;
  contains(x: unknown): boolean;
  seed(seed: number): void;
}

export interface BoxOptions {
  /** Coordinate names and bounds, in order; a bound may be infinite in observations, not in actions. */
  readonly coordinates: Readonly<Record<string, Range>>;
  /**
   * What the coordinates stand for, where they are rescaled: the economic quantity at `low` and at `high`, and how it runs between them. An
   * economy's step and its oracle see quantities; agents and users see the space's own coordinates. Default: the coordinates themselves.
   */
  readonly quantities?: Readonly<Record<string, QuantityRange>>;
}

/** A product of intervals with named coordinates, as in Gymnasium's `Box` of rank one. */
export class Box implements Space<Float64Array> {
  readonly names: readonly string[];
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Range of the economic quantity that each coordinate stands for; equal to `low` and `high` if it is the quantity. */
  readonly quantityLow: Float64Array;
  readonly quantityHigh: Float64Array;
  /** How each coordinate runs through that range. */
  readonly scales: readonly Scale[];
  #rng: Rng = createRng(0);

  constructor(options: BoxOptions) {
    this.names = Object.keys(options.coordinates);
    if (this.names.length === 0)
      throw new UsageError('Box: no coordinates; give at least one, e.g. { capital: { low: 0, high: 1 } }.');
    const ranges = Object.values(options.coordinates);
    this.low = Float64Array.from(ranges, (r) => r.low);
    this.high = Float64Array.from(ranges, (r) => r.high);
    const given = options.quantities ?? {};
    const quantities = this.names.map(
      (name, i): QuantityRange => (Object.hasOwn(given, name) ? given[name] : ranges[i]),
    );
    this.quantityLow = Float64Array.from(quantities, (r) => r.low);
    this.quantityHigh = Float64Array.from(quantities, (r) => r.high);
    this.scales = quantities.map(({ scale = 'linear' }) => scale);
    this.names.forEach((name, i) => {
      for (const [low, high] of [
        [this.low[i], this.high[i]],
        [this.quantityLow[i], this.quantityHigh[i]],
      ]) {
        if (!(low < high))
          throw new UsageError(
            `Box: coordinate "${name}" has bounds [${low}, ${high}]; low must be below high.`,
          );
      }
      if (this.scales[i] === 'log' && !(this.quantityLow[i] > 0))
        throw new UsageError(
          `Box: coordinate "${name}" stands for quantities from ${this.quantityLow[i]} on a log scale; they must be positive.`,
        );
    });
  }

  /** Number of coordinates. */
  get size(): number {
    return this.names.length;
  }

  get shape(): readonly number[] {
    return [this.size];
  }

  /** Whether every range, of coordinates and of quantities, has a finite length, as an action's must have. */
  get bounded(): boolean {
    const { low, high, quantityLow, quantityHigh } = this;
    return low.every((_, i) => high[i] - low[i] < Infinity && quantityHigh[i] - quantityLow[i] < Infinity);
  }

  seed(seed: number): void {
    this.#rng = createRng(seed);
  }

  /** Uniform between finite bounds; exponential beyond one finite bound; standard normal where there is none. */
  sample(): Float64Array {
    return Float64Array.from(this.low, (low, i) => {
      const high = this.high[i];
      if (high - low < Infinity) return this.#rng.between(low, high);
      // Finite bounds so far apart that their distance is not.
      if (Number.isFinite(low) && Number.isFinite(high)) return 2 * this.#rng.between(low / 2, high / 2);
      if (Number.isFinite(low)) return low - Math.log(1 - this.#rng.uniform());
      if (Number.isFinite(high)) return high + Math.log(1 - this.#rng.uniform());
      return this.#rng.normal();
    });
  }

  /** Float32 observations, arrays and ndarrays, are compared with the bounds as float32 numbers. */
  contains(x: unknown): boolean {
    const values = vectorOf(x);
    if (values === undefined || values.length !== this.size) return false;
    const data: unknown = typeof x === 'object' && x !== null && 'data' in x ? x.data : x;
    const rounded = data instanceof Float32Array ? Math.fround : (bound: number) => bound;
    return values.every((v, i) => v >= rounded(this.low[i]) && v <= rounded(this.high[i]));
  }
}

/** A box of natural coordinates: `box({ capital: [0, Infinity] })`. */
export function box(coordinates: Readonly<Record<string, readonly [low: number, high: number]>>): Box {
  return new Box({ coordinates: ranges(coordinates) });
}

/**
 * A box of coordinates in [-1, 1], each standing for a quantity in its own range:
 * `unitBox({ consumptionShare: [0.01, 0.99] })`; quantity = low + (high - low) (x + 1) / 2, or low (high / low)^((x + 1) / 2) with
 * `[0.01, 0.99, 'log']`.
 */
export function unitBox(
  quantities: Readonly<Record<string, readonly [low: number, high: number, scale?: Scale]>>,
): Box {
  const coordinates = Object.fromEntries(Object.keys(quantities).map((name) => [name, { low: -1, high: 1 }]));
  return new Box({ coordinates, quantities: ranges(quantities) });
}

function ranges(
  bounds: Readonly<Record<string, readonly [low: number, high: number, scale?: Scale]>>,
): Record<string, QuantityRange> {
  return Object.fromEntries(
    Object.entries(bounds).map(([name, [low, high, scale]]) => [
      name,
      scale === undefined ? { low, high } : { low, high, scale },
    ]),
  );
}

/** {start, ..., start + n - 1}, all of them safe integers. Throws a UsageError otherwise. */
export class Discrete implements Space<number> {
  readonly n: number;
  readonly start: number;
  #rng: Rng = createRng(0);

  constructor(options: { readonly n: number; readonly start?: number }) {
    const { n, start = 0 } = options;
    if (!Number.isSafeInteger(n) || n < 1)
      throw new UsageError(`Discrete: n is ${show(n)}; it must be a positive integer below 2^53.`);
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(start + n - 1))
      throw new UsageError(
        `Discrete: start is ${show(start)}; it and start + n - 1 must be whole numbers within 2^53 - 1.`,
      );
    this.n = n;
    this.start = start;
  }

  seed(seed: number): void {
    this.#rng = createRng(seed);
  }

  sample(): number {
    return this.start + this.#rng.integer(this.n);
  }

  contains(x: unknown): boolean {
    return typeof x === 'number' && Number.isInteger(x) && x >= this.start && x < this.start + this.n;
  }
}

/** Values are int32. */
const LARGEST_SIZE = 2 ** 31;

/** A product of discrete spaces that start at zero, of at most 2^31 values each. Throws a UsageError otherwise. */
export class MultiDiscrete implements Space<Int32Array> {
  readonly sizes: readonly number[];
  #rng: Rng = createRng(0);

  constructor(options: { readonly sizes: readonly number[] }) {
    const wrong = options.sizes.find((n) => !Number.isInteger(n) || n < 1 || n > LARGEST_SIZE);
    if (wrong !== undefined || options.sizes.length === 0) {
      throw new UsageError(
        `MultiDiscrete: sizes are [${options.sizes}]; each must be a positive integer up to 2^31.`,
      );
    }
    this.sizes = [...options.sizes];
  }

  seed(seed: number): void {
    this.#rng = createRng(seed);
  }

  sample(): Int32Array {
    return Int32Array.from(this.sizes, (n) => this.#rng.integer(n));
  }

  contains(x: unknown): boolean {
    const values = vectorOf(x);
    if (values === undefined || values.length !== this.sizes.length) return false;
    return values.every((v, i) => Number.isInteger(v) && v >= 0 && v < this.sizes[i]);
  }
}

/** A record of spaces by name. */
export class Dict<R extends Record<string, unknown>> implements Space<R> {
  readonly spaces: { readonly [K in keyof R]: Space<R[K]> };

  constructor(spaces: { readonly [K in keyof R]: Space<R[K]> }) {
    this.spaces = spaces;
  }

  /** Each space gets a seed of its own, `seed` plus its place. */
  seed(seed: number): void {
    Object.values(this.spaces).forEach((space, i) => {
      space.seed(seed + i);
    });
  }

  sample(): R {
    return Object.fromEntries(
      Object.entries(this.spaces).map(([name, space]) => [name, space.sample()]),
    ) as R;
  }

  contains(x: unknown): boolean {
    if (typeof x !== 'object' || x === null) return false;
    const names = Object.keys(this.spaces);
    if (Object.keys(x).length !== names.length) return false;
    const record = x as Readonly<Record<string, unknown>>;
    return names.every((name) => Object.hasOwn(record, name) && this.spaces[name].contains(record[name]));
  }
}

/** The numbers of an array, typed array or rank-one ndarray; undefined for anything else. */
export function vectorOf(x: unknown): readonly number[] | undefined {
  if (Array.isArray(x)) return x.every((v) => typeof v === 'number') ? x : undefined;
  if (ArrayBuffer.isView(x) && !(x instanceof DataView))
    return Array.from(x as unknown as ArrayLike<number>, Number);
  if (typeof x === 'object' && x !== null && 'shape' in x && 'get' in x) {
    const { shape } = x as { shape: readonly number[] };
    const get = (x as { get: unknown }).get;
    if (!Array.isArray(shape) || shape.length !== 1 || typeof get !== 'function') return undefined;
    return Array.from({ length: shape[0] }, (_, i) => Number(get.call(x, i)));
  }
  return undefined;
}
