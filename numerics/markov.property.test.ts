import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MarkovChain, markovChain, normaliseRows, simulate, stationary } from './markov.ts';
import { createRng } from './random.ts';
import { holds, magnitudes, numbers } from './testing/property.ts';

/** Sums of up to eight products, relative; state reduction subtracts nothing, so that errors do not grow with small entries. */
const ROUNDING = 1e-13;

/** Weights that are not even: many zeros, and probabilities down to 1e-30. */
const weights = fc.oneof(fc.constant(0), numbers(0.001, 1), magnitudes(-30, 0));

/** Rows of weights, [n][n], with a positive one at `link(i)` in each row i. */
function rowsWith(n: number, link: (i: number) => number): fc.Arbitrary<number[][]> {
  const row = fc.array(weights, { minLength: n, maxLength: n });
  return fc
    .tuple(
      fc.array(row, { minLength: n, maxLength: n }),
      fc.array(magnitudes(-30, 0), { minLength: n, maxLength: n }),
    )
    .map(([rows, links]) =>
      rows.map((entries, i) =>
        entries.map((weight, j) => (j === link(i) && weight === 0 ? links[i] : weight)),
      ),
    );
}

function chainOf(rows: readonly (readonly number[])[]): MarkovChain {
  return markovChain(
    rows.map((_, i) => i),
    rows,
    { rows: 'as-given' },
  );
}

/** Chains in which every state leads to every other, by a cycle if not otherwise. */
const irreducible = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => rowsWith(n, (i) => (i + 1) % n))
  .map(chainOf);

/** Chains without a row of zeros. */
const any = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.nat(n - 1).chain((to) => rowsWith(n, () => to)))
  .map(chainOf);

describe('any Markov chain', () => {
  it('has rows that sum to one after normalising, in the proportions of the weights', () => {
    holds(
      fc.property(any, magnitudes(-200, 200), (chain, scale) => {
        const { n } = chain;
        const { transition } = normaliseRows({
          ...chain,
          transition: chain.transition.map((p) => p * scale),
        });
        for (let i = 0; i < n; i++) {
          const row = transition.subarray(i * n, i * n + n);
          expect(Math.abs(row.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(ROUNDING);
          const largest = row.indexOf(Math.max(...row));
          row.forEach((p, j) => {
            const expected = chain.transition[i * n + j] / chain.transition[i * n + largest];
            // Scaled by 1e-200, the smallest of the weights still is a normal number.
            expect(Math.abs(p / row[largest] - expected)).toBeLessThanOrEqual(ROUNDING * expected);
          });
        }
      }),
    );
  });

  it('makes moves of positive probability only, from every start', () => {
    holds(
      fc.property(any, fc.nat(), fc.nat(), (chain, seed, first) => {
        const { n, transition } = chain;
        const path = simulate(chain, { steps: 30, start: first % n, rng: createRng(seed) });
        expect(path[0]).toBe(first % n);
        for (let t = 1; t < path.length; t++) {
          if (!(transition[path[t - 1] * n + path[t]] > 0)) throw new Error(`${path[t - 1]} to ${path[t]}`);
        }
      }),
    );
  });

  it('that is irreducible has one stationary distribution: positive, of sum one, and a fixed point entry by entry', () => {
    holds(
      fc.property(irreducible, (chain) => {
        const { n } = chain;
        const { transition } = normaliseRows(chain);
        const pi = stationary(chain);
        expect(Math.abs(pi.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(ROUNDING);
        for (let j = 0; j < n; j++) {
          let next = 0;
          for (let i = 0; i < n; i++) next += pi[i] * transition[i * n + j];
          expect(pi[j]).toBeGreaterThan(0);
          expect(Math.abs(next - pi[j]), `state ${j}`).toBeLessThanOrEqual(ROUNDING * pi[j]);
        }
      }),
    );
  });

  it('starts where its long run says when asked to, and otherwise says which classes there are', () => {
    holds(
      fc.property(any, fc.nat(), (chain, seed) => {
        let pi: Float64Array;
        try {
          pi = stationary(chain);
        } catch (error) {
          expect(String(error)).toMatch(/states \d and \d belong to different recurrent classes/);
          return;
        }
        const [state] = simulate(chain, { steps: 0, start: 'stationary', rng: createRng(seed) });
        expect(pi[state]).toBeGreaterThan(0);
        // What is left for ever holds nothing: from a state with mass, one gets to states with mass only.
        for (let k = 0; k < pi.length ** 2; k++) {
          const [i, j] = [Math.floor(k / pi.length), k % pi.length];
          if (pi[i] > 0 && chain.transition[k] > 0) expect(pi[j], `${i} to ${j}`).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('a chain whose numbers leave the range of floating point', () => {
  it('is refused: weights whose sum is infinite', () => {
    expect(() =>
      chainOf([
        [1e308, 1e308],
        [1, 1],
      ]),
    ).toThrow(/row 0 sums to Infinity/);
  });

  it('has no stationary distribution that could be written down, and says so', () => {
    expect(() =>
      stationary(
        chainOf([
          [0.5, 0.5],
          [1e-320, 1],
        ]),
      ),
    ).toThrow(/stationary: .* cannot be told/);
  });
});
