import { murmur128 } from './murmur.ts';
import { LAYERS, ZIGGURAT_TAIL, ziggurat } from './ziggurat.ts';

/**
 * A generator's place in its stream, as plain data that survives msgpack.
 * key [4]: the stream's identity, from which its children are named; state [4]: the four words of xoshiro128**.
 */
export interface RngState {
  readonly key: Uint32Array;
  readonly state: Uint32Array;
}

/** Anything of fixed length whose elements can be exchanged: an array or a typed array. */
export interface Shufflable<T> {
  readonly length: number;
  [index: number]: T;
}

/** A seeded stream of random numbers, split by name. Made by `createRng`. */
export interface Rng {
  /**
   * The child stream of that name. It depends on this stream's identity and the name only, never on how much was
   * drawn, so a new consumer moves no other stream. The same name gives the same child; 1 and '1' are different
   * names. Throws on a number that is not a safe integer.
   */
  split(name: string | number): Rng;
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform on [low, high) up to rounding. Throws unless low <= high, both finite. */
  between(low: number, high: number): number;
  /** Uniform on 0..n-1, without bias. Throws unless n is a whole number in 1..2^53-1. */
  integer(n: number): number;
  /** Standard normal, by the ziggurat (Marsaglia and Tsang 2000): mean 0, variance 1. */
  normal(): number;
  /**
   * An index 0..count-1, i with probability p_i / sum p over the row probabilities[offset .. offset + count): the
   * first i whose cumulative sum exceeds u sum p. A published row that sums to 1.0001 is thus well defined.
   * Default: the whole array. Throws on a negative or NaN entry, a sum that is 0 or infinite, a row out of range.
   * Invariant: an index of probability 0 is never drawn.
   */
  categorical(probabilities: ArrayLike<number>, offset?: number, count?: number): number;
  /** Fills out [n] with standard normals, in order: the same draws as n calls of `normal`. */
  fillNormal(out: Float32Array | Float64Array): void;
  /** Fills out [n] with uniforms on [low, high), in order: the same draws as n calls of `between`. */
  fillUniform(out: Float32Array | Float64Array, low: number, high: number): void;
  /** Permutes the items in place, each order equally likely (Fisher and Yates; Durstenfeld 1964). */
  shuffle<T>(items: Shufflable<T>): void;
  /** A random order of 0..n-1, [n]. Throws unless n is a whole number in 0..2^32-1. */
  permutation(n: number): Uint32Array;
  /** A copy of where the stream stands; `restore` goes on from there bit for bit. */
  save(): RngState;
  /** Takes over identity and place from a saved state. Throws on anything `save` would not have written. */
  restore(state: RngState): void;
}

// Local names: an imported binding read in a hot loop costs up to four times the draw under a bundler.
const { edges: EDGES, heights: HEIGHTS } = ziggurat();
const LAYER_MASK = LAYERS - 1;
const TAIL_START = ZIGGURAT_TAIL;

const TWO_26 = 2 ** 26;
const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;
const TWO_M53 = 2 ** -53;
const TWO_M31 = 2 ** -31;
const TWO_M52 = 2 ** -52;

/** Fractional digits of pi (the first Blowfish words): a start that hides nothing. */
const ROOT_KEY: Uint32Array = Uint32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);

// The first byte hashed says what follows, so that a number, a string and a stream's own state never meet.
const TAG_STRING = 1;
const TAG_NUMBER = 2;
const STATE_BYTES: Uint8Array = Uint8Array.of(3);

function nameBytes(name: string | number, where: string): Uint8Array {
  if (typeof name === 'string') {
    const text = new TextEncoder().encode(name);
    const bytes = new Uint8Array(text.length + 1);
    bytes[0] = TAG_STRING;
    bytes.set(text, 1);
    return bytes;
  }
  if (!Number.isSafeInteger(name)) {
    throw new Error(
      `random: ${where} is ${String(name)}; give a string or a whole number within +-(2^53 - 1).`,
    );
  }
  const bytes = new Uint8Array(9);
  bytes[0] = TAG_NUMBER;
  // + 0 turns -0 into 0.
  new DataView(bytes.buffer).setFloat64(1, name + 0, true);
  return bytes;
}

/** xoshiro128** 1.1 (Blackman and Vigna 2018, public domain, prng.di.unimi.it/xoshiro128starstar.c). */
class Stream implements Rng {
  private key: Uint32Array;
  // Four int32 fields: small integers on 64-bit V8, so that a draw neither allocates nor checks bounds.
  private s0 = 0;
  private s1 = 0;
  private s2 = 0;
  private s3 = 0;

  constructor(key: Uint32Array) {
    this.key = key;
    this.setState(murmur128(STATE_BYTES, key));
  }

  private setState(state: Uint32Array): void {
    this.s0 = state[0] | 0;
    this.s1 = state[1] | 0;
    this.s2 = state[2] | 0;
    this.s3 = state[3] | 0;
    // The one state from which xoshiro never moves.
    if ((this.s0 | this.s1 | this.s2 | this.s3) === 0) this.s0 = 1;
  }

  /** 32 bits, as an int32. */
  private next(): number {
    const s1 = this.s1;
    const x = Math.imul(s1, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    const s2 = this.s2 ^ this.s0;
    const s3 = this.s3 ^ s1;
    this.s1 = s1 ^ s2;
    this.s0 = this.s0 ^ s3;
    this.s2 = s2 ^ (s1 << 9);
    this.s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  split(name: string | number): Rng {
    return new Stream(murmur128(nameBytes(name, 'name of the split'), this.key));
  }

  uniform(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * TWO_26 + low) * TWO_M53;
  }

  between(low: number, high: number): number {
    checkBounds(low, high);
    return low + (high - low) * this.uniform();
  }

  integer(n: number): number {
    if (!(n >= 1 && n < TWO_53 && Math.floor(n) === n)) {
      throw new Error(`random: integer(n) got n = ${String(n)}; n is a whole number in 1..2^53 - 1.`);
    }
    // Multiples of n fill [0, limit) evenly; what lies above is drawn again.
    if (n <= TWO_32) {
      // Quotients of 32-bit numbers are far enough from whole ones for `floor` to be exact; % would call fmod, which is slower.
      const limit = Math.floor(TWO_32 / n) * n;
      let u = this.next() >>> 0;
      while (u >= limit) u = this.next() >>> 0;
      return u - Math.floor(u / n) * n;
    }
    const limit = TWO_53 - (TWO_53 % n);
    let u = this.uniform() * TWO_53;
    while (u >= limit) u = this.uniform() * TWO_53;
    return u % n;
  }

  normal(): number {
    for (;;) {
      const high = this.next();
      const low = this.next();
      // The layer and the place in it come from disjoint bits: sharing them is the flaw of the 2000 code.
      const layer = low & LAYER_MASK;
      const x = (high * TWO_M31 + (low >>> 11) * TWO_M52) * EDGES[layer];
      if (Math.abs(x) < EDGES[layer + 1]) return x;
      if (layer === 0) return this.normalTail(high);
      const top = HEIGHTS[layer + 1];
      const y = top + (HEIGHTS[layer] - top) * this.uniform();
      if (y < Math.exp(-0.5 * x * x)) return x;
    }
  }

  /** Beyond TAIL_START (Marsaglia 1964), on the side of `side`'s sign. */
  private normalTail(side: number): number {
    for (;;) {
      const x = -Math.log(1 - this.uniform()) / TAIL_START;
      const y = -Math.log(1 - this.uniform());
      if (y + y > x * x) return side < 0 ? -(TAIL_START + x) : TAIL_START + x;
    }
  }

  categorical(probabilities: ArrayLike<number>, offset = 0, count = probabilities.length - offset): number {
    const total = rowSum(probabilities, offset, count);
    return cumulativeSearch(probabilities, offset, count, this.uniform() * total);
  }

  fillNormal(out: Float32Array | Float64Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
  }

  fillUniform(out: Float32Array | Float64Array, low: number, high: number): void {
    checkBounds(low, high);
    const width = high - low;
    for (let i = 0; i < out.length; i++) out[i] = low + width * this.uniform();
  }

  shuffle<T>(items: Shufflable<T>): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
  }

  permutation(n: number): Uint32Array {
    if (!(n >= 0 && n < TWO_32 && Math.floor(n) === n)) {
      throw new Error(`random: permutation(n) got n = ${String(n)}; n is a whole number in 0..2^32 - 1.`);
    }
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  save(): RngState {
    return { key: this.key.slice(), state: Uint32Array.of(this.s0, this.s1, this.s2, this.s3) };
  }

  restore(state: RngState): void {
    checkState(state);
    this.key = state.key.slice();
    this.setState(state.state);
  }
}

function checkBounds(low: number, high: number): void {
  if (!(low <= high && high - low < Infinity)) {
    throw new Error(`random: bounds are ${low} and ${high}; give finite numbers with low <= high.`);
  }
}

function rowSum(probabilities: ArrayLike<number>, offset: number, count: number): number {
  if (!(Number.isInteger(offset) && Number.isInteger(count) && offset >= 0 && count >= 1)) {
    throw new Error(
      `random: categorical got offset ${offset} and count ${count}; give a row of at least one entry.`,
    );
  }
  if (offset + count > probabilities.length) {
    const size = probabilities.length;
    throw new Error(
      `random: categorical got the row ${offset}..${offset + count - 1} of an array of ${size}.`,
    );
  }
  let total = 0;
  for (let i = offset; i < offset + count; i++) {
    const p = probabilities[i];
    if (!(p >= 0)) {
      throw new Error(
        `random: probability ${i - offset} of categorical is ${p}; weights are >= 0 and not NaN.`,
      );
    }
    total += p;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new Error(
      `random: the weights of categorical sum to ${total}; at least one is positive, all are finite.`,
    );
  }
  return total;
}

function cumulativeSearch(
  probabilities: ArrayLike<number>,
  offset: number,
  count: number,
  target: number,
): number {
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const p = probabilities[offset + i];
    if (p > 0) last = i;
    cumulative += p;
    if (target < cumulative) return i;
  }
  // Only when u * total rounds up to total.
  return last;
}

function checkState(saved: unknown): void {
  const remedy = 'give what save() returned: { key, state }, two Uint32Array of length 4';
  if (typeof saved !== 'object' || saved === null) {
    throw new Error(`random: restore got ${saved === null ? 'null' : typeof saved}; ${remedy}.`);
  }
  const words: Record<string, unknown> = { ...saved };
  const names = Object.keys(words).sort().join(', ');
  if (names !== 'key, state') throw new Error(`random: restore got the fields {${names}}; ${remedy}.`);
  for (const name of ['key', 'state']) {
    const value = words[name];
    if (!(value instanceof Uint32Array) || value.length !== 4) {
      throw new Error(`random: restore got a ${name} that is no Uint32Array of length 4; ${remedy}.`);
    }
  }
  if (words.state instanceof Uint32Array && words.state.every((w) => w === 0)) {
    throw new Error(`random: restore got a state of zeros, which save() never writes; ${remedy}.`);
  }
}

/**
 * The root stream of a seed. Equal seeds give equal streams, on every machine; 1 and '1' are different seeds.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna 2018), period 2^128 - 1. Streams are keyed by MurmurHash3_x86_128
 * of the path of names from the seed. Throws on a number that is not a safe integer, and on an empty string.
 * Invariant: `split` draws nothing, and draws change no child.
 */
export function createRng(seed: number | string): Rng {
  if (seed === '') throw new Error('random: the seed is an empty string; give a whole number or a name.');
  return new Stream(murmur128(nameBytes(seed, 'seed'), ROOT_KEY));
}
