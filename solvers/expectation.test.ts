import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { expectation } from './expectation.ts';
import { nodeWeights, placeAmongNodes } from './node-weights.ts';
import { smallProblem } from './test-fixtures.ts';

const [Z, N, E] = [2, 5, 3];
const assets = Float64Array.of(0, 1, 2);
const A = assets.length;

function randomProblem(interpolation: 'linear' | 'cubic') {
  const rng = createRng(5).split(interpolation);
  const transition = Float64Array.from({ length: (Z * E) ** 2 }, () =>
    rng.uniform() < 0.3 ? 0 : rng.uniform(),
  );
  for (let i = 0; i < Z * E; i++) {
    const row = transition.subarray(i * Z * E, (i + 1) * Z * E);
    row[0] += 0.1;
    const sum = row.reduce((x, y) => x + y, 0);
    row.forEach((p, j) => {
      row[j] = p / sum;
    });
  }
  const next = nodeWeights(Z * N * Z, N, interpolation);
  const grid = Float64Array.of(0, 1, 2, 3, 4);
  for (let i = 0; i < Z * N * Z; i++) placeAmongNodes(next, i, grid, rng.between(0, 4));
  const values = Float64Array.from({ length: Z * N * E * A }, () => rng.normal());
  const ones = (n: number) => new Float64Array(n).fill(1);
  const problem = smallProblem({
    assets,
    aggregateStates: Z,
    nodes: N,
    ownStates: E,
    transition,
    next,
    grossReturn: ones(Z * N),
    assetPrice: ones(Z * N),
    income: ones(Z * N * E),
  });
  return { problem, values };
}

describe('expectation over aggregate and own states', () => {
  it.each(['linear', 'cubic'] as const)(
    'is the sum over next states and nodes, written out, with %s weights',
    (kind) => {
      const { problem, values } = randomProblem(kind);
      const { transition, next } = problem;
      const out = new Float64Array(values.length);
      expectation(problem, values, out, new Float64Array(A));
      for (let i = 0; i < out.length; i++) {
        const [a, e, n, z] = [
          i % A,
          Math.floor(i / A) % E,
          Math.floor(i / (A * E)) % N,
          Math.floor(i / (A * E * N)),
        ];
        let sum = 0;
        for (let to = 0; to < Z; to++) {
          for (let own = 0; own < E; own++) {
            for (let j = 0; j < next.width; j++) {
              const place = (z * N + n) * Z + to;
              const node = next.lower[place] + j;
              sum +=
                transition[(z * E + e) * Z * E + to * E + own] *
                next.weight[place * next.width + j] *
                values[((to * N + node) * E + own) * A + a];
            }
          }
        }
        expect(out[i]).toBeCloseTo(sum, 13);
      }
    },
  );

  it.each(['linear', 'cubic'] as const)(
    'is the same where z and e move independently and the sums are taken one after the other, with %s weights',
    (kind) => {
      const { problem, values } = randomProblem(kind);
      const aggregate = Float64Array.of(0.7, 0.3, 0, 1);
      const own = Float64Array.of(0.5, 0.25, 0.25, 0.1, 0.9, 0, 0, 0.4, 0.6);
      const transition = Float64Array.from({ length: (Z * E) ** 2 }, (_, i) => {
        const [from, to] = [Math.floor(i / (Z * E)), i % (Z * E)];
        return aggregate[Math.floor(from / E) * Z + Math.floor(to / E)] * own[(from % E) * E + (to % E)];
      });
      const [joint, factored] = [new Float64Array(values.length), new Float64Array(values.length)];
      expectation({ ...problem, transition }, values, joint, new Float64Array(A));
      expectation(
        { ...problem, transition, factors: { aggregate, own } },
        values,
        factored,
        new Float64Array(A),
      );
      factored.forEach((x, i) => {
        expect(x).toBeCloseTo(joint[i], 13);
      });
    },
  );

  it('leaves a constant as it is', () => {
    const { problem, values } = randomProblem('cubic');
    const out = new Float64Array(values.length);
    expectation(problem, values.fill(7), out, new Float64Array(A));
    for (const x of out) expect(x).toBeCloseTo(7, 12);
  });
});
