import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../numerics/testing/property.ts';
import { UsageError } from './errors.ts';
import { Box, Dict, Discrete, MultiDiscrete, type Space } from './spaces.ts';

/** Any two bounds that enclose something: infinite, next to one another, huge, tiny. */
const bound = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1, 0, 1),
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE),
  fc.integer({ min: -10, max: 10 }),
);
const ranges = fc
  .tuple(bound, bound)
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))
  .filter(({ low, high }) => low < high);
/** Names that objects have anyway, too. */
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 5 }),
  fc.constantFrom('constructor', 'toString', '1', '0'),
);
const coordinates = fc.dictionary(
  names.filter((name) => name !== '__proto__'),
  ranges,
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);
const boxes = coordinates.map((record) => new Box({ coordinates: record }));

const sizes = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2 ** 31 }));
const discretes = fc.oneof(
  fc.record({ n: sizes, start: fc.integer() }),
  fc.record({ n: fc.maxSafeNat().map((n) => Math.max(1, n)) }),
);
const simple: fc.Arbitrary<Space<unknown>> = fc.oneof(
  boxes,
  discretes.map((options) => new Discrete(options)),
  fc.array(sizes, { minLength: 1, maxLength: 4 }).map((list) => new MultiDiscrete({ sizes: list })),
);
const spaces: fc.Arbitrary<Space<unknown>> = fc.oneof(
  simple,
  fc
    .dictionary(
      names.filter((name) => name !== '__proto__'),
      simple,
      { maxKeys: 3, noNullPrototype: true },
    )
    .map((record) => new Dict(record)),
);

describe('any space', () => {
  it('contains what it samples, and samples the same after the same seed', () => {
    holds(
      fc.property(spaces, fc.maxSafeNat(), (space, seed) => {
        // A record of spaces seeds its last one with a little more.
        const first = Math.min(seed, Number.MAX_SAFE_INTEGER - 10);
        space.seed(first);
        const samples = Array.from({ length: 5 }, () => space.sample());
        for (const sample of samples) {
          if (!space.contains(sample))
            throw new Error(`${fc.stringify(sample)} is sampled and not contained`);
        }
        space.seed(first);
        expect(Array.from({ length: 5 }, () => space.sample())).toEqual(samples);
      }),
    );
  });

  it('contains nothing of another kind, and never fails on anything', () => {
    holds(
      fc.property(spaces, fc.anything({ withTypedArray: true, withNullPrototype: true }), (space, thing) => {
        const contained = space.contains(thing);
        expect(typeof contained).toBe('boolean');
        if (thing === null || thing === undefined || typeof thing === 'string') expect(contained).toBe(false);
      }),
    );
  });
});

describe('any box', () => {
  it('contains its bounds where they are finite, and what lies between, also as float32', () => {
    holds(
      fc.property(boxes, fc.nat(), (box, seed) => {
        box.seed(seed);
        const sample = box.sample();
        expect(box.contains(Float32Array.from(sample))).toBe(true);
        for (const ends of [box.low, box.high]) {
          expect(box.contains(ends.map((end, i) => (Number.isFinite(end) ? end : sample[i])))).toBe(true);
        }
      }),
    );
  });

  it('refuses NaN, what is beyond a bound by one rounding, and another number of coordinates', () => {
    holds(
      fc.property(boxes, fc.nat(), (box, at) => {
        const inside = box.sample();
        const i = at % box.size;
        const changed = (x: number) => inside.map((value, j) => (j === i ? x : value));
        expect(box.contains(changed(Number.NaN))).toBe(false);
        if (box.high[i] < Infinity) expect(box.contains(changed(next(box.high[i])))).toBe(false);
        if (box.low[i] > -Infinity) expect(box.contains(changed(-next(-box.low[i])))).toBe(false);
        expect(box.contains(inside.slice(1))).toBe(false);
        expect(box.contains([...inside, inside[0]])).toBe(false);
      }),
    );
  });
});

describe('options of a space', () => {
  it('make one, or a UsageError that says what is wrong', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(2 ** 53, 2 ** 40, 2 ** 31, 2 ** 31 + 1, 0, 0.5),
    );
    const makers: readonly ((a: number, b: number) => Space<unknown>)[] = [
      (n, start) => new Discrete({ n, start }),
      (n) => new Discrete({ n }),
      (a, b) => new MultiDiscrete({ sizes: [a, b] }),
      (low, high) => new Box({ coordinates: { capital: { low, high } } }),
      (low, high) =>
        new Box({ coordinates: { capital: { low: -1, high: 1 } }, quantities: { capital: { low, high } } }),
    ];
    holds(
      fc.property(fc.constantFrom(...makers), number, number, (make, a, b) => {
        let space: Space<unknown>;
        try {
          space = make(a, b);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect(String(error)).toMatch(/Discrete: |MultiDiscrete: sizes|Box: coordinate "capital"/);
          return;
        }
        expect(space.contains(space.sample())).toBe(true);
      }),
    );
  });
});

/** The next larger number. */
function next(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] += x > 0 ? 1n : -1n;
  return new Float64Array(bits.buffer)[0];
}
