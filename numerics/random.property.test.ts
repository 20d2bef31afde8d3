import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from './random.ts';
import { holds, magnitudes, numbers } from './testing/property.ts';

/** One draw of any kind. */
const draws: fc.Arbitrary<(rng: Rng) => unknown> = fc.oneof(
  fc.constant((rng: Rng) => rng.uniform()),
  fc.constant((rng: Rng) => rng.normal()),
  fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((n) => (rng: Rng) => rng.integer(n)),
  fc.maxSafeNat().map((n) => (rng: Rng) => rng.integer(n + 1 === 2 ** 53 ? n : n + 1)),
  fc.integer({ min: 0, max: 20 }).map((n) => (rng: Rng) => Array.from(rng.permutation(n))),
  fc.constant((rng: Rng) => rng.categorical([0.2, 0, 1, 0.3])),
  fc.integer({ min: 0, max: 9 }).map((n) => (rng: Rng) => {
    const out = new Float64Array(n);
    rng.fillNormal(out);
    return Array.from(out);
  }),
);
const sequences = fc.array(draws, { maxLength: 20 });
const seeds = fc.oneof(fc.maxSafeInteger(), fc.string({ minLength: 1, maxLength: 12 }));
/** Texts that have a UTF-8 form of their own, which a lone surrogate has not. */
const names = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.maxSafeInteger());

const play = (rng: Rng, sequence: readonly ((rng: Rng) => unknown)[]) => sequence.map((draw) => draw(rng));
const fingerprint = (rng: Rng) => Array.from({ length: 4 }, () => rng.uniform());

describe('a random stream', () => {
  it('goes on from where it was saved, whatever was drawn before and after', () => {
    holds(
      fc.property(seeds, seeds, sequences, sequences, names, (seed, other, before, after, name) => {
        const rng = createRng(seed);
        play(rng, before);
        const saved = rng.save();
        const expected = [play(rng, after), rng.split(name).uniform(), rng.uniform()];
        const restored = createRng(other);
        play(restored, after);
        restored.restore(saved);
        expect([play(restored, after), restored.split(name).uniform(), restored.uniform()]).toEqual(expected);
      }),
    );
  });

  it('splits into children that depend on their names alone, not on the order, on draws or on other children', () => {
    holds(
      fc.property(
        seeds,
        fc.uniqueArray(names, { minLength: 1, maxLength: 6, selector: (name) => `${typeof name} ${name}` }),
        sequences,
        fc.nat(),
        (seed, list, draws, shuffle) => {
          const quiet = createRng(seed);
          const expected = new Map(list.map((name) => [name, fingerprint(quiet.split(name))]));
          const busy = createRng(seed);
          const order = list.slice();
          createRng(shuffle).shuffle(order);
          for (const name of order) {
            play(busy, draws);
            const child = busy.split(name);
            play(child.split('a consumer of its own'), draws);
            expect(fingerprint(child)).toEqual(expected.get(name));
          }
          // Different names, different streams.
          expect(new Set([...expected.values()].map(String)).size).toBe(list.length);
        },
      ),
    );
  });

  it('draws uniforms in [0, 1), and whole numbers below n for every n', () => {
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 53 }).map((k) => Math.min(2 ** k, Number.MAX_SAFE_INTEGER)),
      fc.integer({ min: 1, max: 2 ** 32 + 10 }),
      fc.maxSafeNat().map((n) => Math.max(1, n)),
    );
    holds(
      fc.property(seeds, sizes, (seed, n) => {
        const rng = createRng(seed);
        for (let i = 0; i < 20; i++) {
          const k = rng.integer(n);
          if (!(Number.isSafeInteger(k) && k >= 0 && k < n)) throw new Error(`${k} of ${n}`);
          const u = rng.uniform();
          if (!(u >= 0 && u < 1)) throw new Error(`uniform ${u}`);
        }
      }),
    );
  });

  it('draws between any two bounds numbers that lie between them', () => {
    const bounds = fc.oneof(
      numbers(-1e300, 1e300),
      numbers(-1, 1),
      fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
    );
    holds(
      fc.property(seeds, bounds, bounds, (seed, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const rng = createRng(seed);
        for (let i = 0; i < 20; i++) {
          const x = rng.between(low, high);
          if (!(x >= low && x <= high)) throw new Error(`${x} lies outside of [${low}, ${high}]`);
        }
      }),
    );
  });

  it('never draws a category of probability zero, however small the others are', () => {
    const weights = fc.oneof(
      fc.constant(0),
      fc.constant(Number.MIN_VALUE),
      magnitudes(-320, 300),
      numbers(0, 1),
    );
    const rows = fc
      .array(weights, { minLength: 1, maxLength: 8 })
      .filter((row) => row.some((weight) => weight > 0));
    holds(
      fc.property(seeds, rows, fc.nat(3), (seed, row, offset) => {
        const table = [...new Array<number>(offset).fill(1), ...row, 1];
        const rng = createRng(seed);
        for (let i = 0; i < 20; i++) {
          const drawn = rng.categorical(table, offset, row.length);
          if (!(row[drawn] > 0)) throw new Error(`drew ${drawn}, of weight ${row[drawn]}`);
        }
      }),
    );
  });

  it('shuffles to a permutation of what was there, the same for every kind of list', () => {
    holds(
      fc.property(seeds, fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 30 }), (seed, items) => {
        const list = items.slice();
        createRng(seed).shuffle(list);
        expect(list.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b));
        const typed = Int32Array.from(items);
        createRng(seed).shuffle(typed);
        expect(Array.from(typed)).toEqual(list);
        const order = createRng(seed).permutation(items.length);
        expect(Array.from(order, (i) => items[i])).toEqual(list);
      }),
    );
  });
});
