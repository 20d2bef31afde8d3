import { describe, expect, it } from 'vitest';
import { Arena } from './arena.ts';
import { UNARY, type UnaryName } from './codes.ts';
import { jsKernels } from './js/index.ts';
import { comparedSets } from './test-fixtures.ts';

/** Of the value: the polynomials are good to about 1e-7, one unit in the last place of float32 is 1.2e-7. */
const TOLERANCE = 1e-6;

const SETS = comparedSets();

/** Points of both signs and all magnitudes from 1e-6 to 85, and special ones. */
const POINTS = Float32Array.from(
  [0, -0, 0.625, -0.625, 88.7, -87, Math.SQRT1_2, 1, 20, -20, 1e-30, 3e38],
  (x) => x,
);
const GRID = Float32Array.from({ length: 4001 }, (_, i) => {
  const t = (i - 2000) / 2000;
  return Math.sign(t) * 1e-6 * (85e6 ** Math.abs(t) - 1);
});
const ALL = Float32Array.of(...POINTS, ...GRID);

const EXACT: Readonly<Partial<Record<UnaryName, (x: number) => number>>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

function evaluate(set: typeof jsKernels, name: UnaryName, x: Float32Array): Float32Array {
  const arena = new Arena({ precision: 'float32' });
  const kernels = set.over(arena);
  const [from, to] = [arena.allocate(x.length), arena.allocate(x.length)];
  arena.data.set(x, from);
  kernels.unary(UNARY[name], from, to, x.length, 0, 0);
  return Float32Array.from(arena.data.subarray(to, to + x.length));
}

describe.each(SETS)('$name elementary functions', (set) => {
  it.each(Object.entries(EXACT))(
    '%s is exact to 1e-6 of its value over the range of float32',
    (name, exact) => {
      const found = evaluate(set, name as UnaryName, ALL);
      ALL.forEach((x, i) => {
        const expected = Math.fround(exact(x));
        // Below the smallest normal float32 digits are lost one by one.
        if (Number.isFinite(expected) && Math.abs(expected) > 1.2e-38) {
          const gap = Math.abs(found[i] - expected) / Math.abs(expected);
          expect(gap, `${name}(${x}) = ${found[i]}, not ${expected}`).toBeLessThan(TOLERANCE);
        } else if (Math.abs(expected) <= 1.2e-38) expect(Math.abs(found[i])).toBeLessThanOrEqual(1.2e-38);
        else expect(found[i]).toBe(expected);
      });
    },
  );

  it.each(Object.keys(EXACT))(
    '%s agrees with the reference at the ends: infinities, zero and NaN',
    (name) => {
      const ends = Float32Array.of(Infinity, -Infinity, 0, Number.NaN, 89, -110, 1e-40);
      const found = evaluate(set, name as UnaryName, ends);
      const expected = evaluate(jsKernels, name as UnaryName, ends);
      expected.forEach((value, i) => {
        if (Number.isFinite(value)) expect(found[i]).toBeCloseTo(value, 5);
        else expect(found[i]).toBe(value);
      });
    },
  );
});
