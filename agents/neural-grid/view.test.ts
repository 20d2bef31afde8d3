import { describe, expect, it } from 'vitest';
import type { StateAxis } from '../../core/domain.ts';
import { createRng } from '../../numerics/random.ts';
import { drawStates, seeInto, seenAxes, toRawSlopes } from './view.ts';

const AXES: readonly StateAxis[] = [
  { kind: 'continuous', name: 'capital', low: 0.1, high: 0.3, nodes: 10, wide: [0.04, 1] },
  { kind: 'continuous', name: 'debt', low: -3, high: 1, nodes: 10 },
  { kind: 'finite', name: 'productivity', values: [0, 1, 2, 3, 4] },
  { kind: 'finite', name: 'technology', values: [7] },
];

/** Float32. */
const SINGLE = 1e-6;

function seen(raw: readonly number[], inputs: 'logs' | 'levels'): readonly number[] {
  const out = new Float32Array(raw.length);
  seeInto(seenAxes(AXES, inputs), raw, out);
  return [...out];
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(found[i] - x)).toBeLessThan(SINGLE);
  });
}

describe('what the networks see', () => {
  it('runs from -1 to 1 over the range from which states are drawn, and is 0 where there is but one value', () => {
    for (const inputs of ['logs', 'levels'] as const) {
      expectClose(seen([0.04, -3, 0, 7], inputs), [-1, -1, -1, 0]);
      expectClose(seen([1, 1, 4, 7], inputs), [1, 1, 1, 0]);
    }
  });

  it('is halfway at the geometric mean of a range above zero, in logs, and else at the middle', () => {
    expectClose(seen([0.2, -1, 2, 7], 'logs'), [0, 0, 0, 0]); // 0.2 = sqrt(0.04 * 1)
    expectClose(seen([0.52, -1, 2, 7], 'levels'), [0, 0, 0, 0]);
  });

  it('has a logarithm where capital is lost altogether', () => {
    expect(seen([0, 0, 0, 7], 'logs').every(Number.isFinite)).toBe(true);
  });

  it('turns a slope in what is seen into the slope in the coordinate itself', () => {
    // f = sum of w_d seen_d: df / draw_d is a difference quotient of f.
    const weights = [2, -1, 0.5, 3];
    const f = (raw: readonly number[], inputs: 'logs' | 'levels') =>
      seen(raw, inputs).reduce((sum, x, d) => sum + weights[d] * x, 0);
    const raw = [0.3, -2, 1, 7];
    const step = 1e-2;
    for (const inputs of ['logs', 'levels'] as const) {
      const slopes = Float32Array.from(weights);
      toRawSlopes(seenAxes(AXES, inputs), raw, slopes);
      raw.forEach((_, d) => {
        const moved = (by: number) => raw.map((x, i) => (i === d ? x + by : x));
        const quotient = (f(moved(step), inputs) - f(moved(-step), inputs)) / (2 * step);
        // Of the logarithm: step^2 / (3 k^2) = 4e-4 of the slope.
        expect(Math.abs(slopes[d] - quotient)).toBeLessThan(1e-3 * Math.abs(quotient));
      });
    }
    const lost = Float32Array.of(1, 1, 1, 1);
    toRawSlopes(seenAxes(AXES, 'logs'), [1e-6, 0, 0, 7], lost);
    expect(lost[0]).toBe(0);
  });
});

describe('states drawn', () => {
  const N = 20_000;
  function draw(sampling: 'uniform' | 'log-uniform') {
    const raw = new Float64Array(N * AXES.length);
    drawStates(AXES, { rng: createRng(3), sampling, raw });
    return AXES.map((_, d) => raw.filter((_x, i) => i % AXES.length === d));
  }

  it('fill the wide range of capital and take every value of a finite coordinate as often', () => {
    const [capital, debt, productivity, technology] = draw('uniform');
    for (const [x, low, high] of [
      [capital, 0.04, 1],
      [debt, -3, 1],
    ] as const) {
      expect(x.every((value) => value >= low && value <= high)).toBe(true);
      // Mean of a uniform variable, within five standard errors.
      const mean = x.reduce((a, b) => a + b) / N;
      expect(Math.abs(mean - (low + high) / 2)).toBeLessThan((5 * (high - low)) / Math.sqrt(12 * N));
    }
    for (const value of [0, 1, 2, 3, 4]) {
      const share = productivity.filter((z) => z === value).length / N;
      expect(Math.abs(share - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / N));
    }
    expect(new Set(technology)).toEqual(new Set([7]));
  });

  it('are uniform in logs above zero if so asked, and in levels elsewhere', () => {
    const [capital, debt] = draw('log-uniform');
    const below = capital.filter((k) => k < 0.2).length / N;
    expect(Math.abs(below - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / N));
    expect(capital.every((k) => k >= 0.04 * (1 - 1e-12) && k <= 1)).toBe(true);
    const low = debt.filter((b) => b < -1).length / N;
    expect(Math.abs(low - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / N));
  });
});
