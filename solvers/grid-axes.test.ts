import { describe, expect, it } from 'vitest';
import { corners, type GridAxis, gridPoint, gridSize, locate, stencilFor } from './grid-axes.ts';

const axes: readonly GridAxis[] = [
  { kind: 'continuous', nodes: Float64Array.of(0, 1, 3) },
  { kind: 'finite', nodes: Float64Array.of(0.8, 0.9, 1) },
  { kind: 'continuous', nodes: Float64Array.of(-1, 2) },
];

describe('corners', () => {
  it('reproduces functions that are linear in each continuous coordinate', () => {
    const f = (x: number, d: number, y: number) => (1 + 2 * x - 3 * y + 0.5 * x * y) * (d + 1);
    for (const [x, y] of [
      [0.25, 0],
      [2, 1.5],
      [3, -1],
      [1, 2],
    ]) {
      const found = corners(axes, [x, 0.9, y]);
      const sum = found.reduce((total, { index, weight }) => {
        const [a, b, c] = gridPoint(axes, index);
        return total + weight * f(a, b, c);
      }, 0);
      expect(sum).toBeCloseTo(f(x, 0.9, y), 12);
    }
  });

  it('takes the nearest value of a finite coordinate, and the end beyond the ends', () => {
    for (const [d, index] of [
      [0.7, 0],
      [0.84, 0],
      [0.86, 1],
      [0.96, 2],
      [2, 2],
    ]) {
      expect(corners([axes[1]], [d])).toEqual([{ index, weight: 1 }]);
    }
    expect(corners([axes[0]], [-4])).toEqual([{ index: 0, weight: 1 }]);
    expect(corners([axes[0]], [9])).toEqual([{ index: 2, weight: 1 }]);
    expect(corners([{ kind: 'finite', nodes: Float64Array.of(7) }], [1])).toEqual([{ index: 0, weight: 1 }]);
  });

  it('counts with the first axis fastest, and finds every node again', () => {
    expect(gridSize(axes)).toBe(18);
    expect(gridPoint(axes, 1)).toEqual([1, 0.8, -1]);
    for (let index = 0; index < 18; index++)
      expect(corners(axes, gridPoint(axes, index))).toEqual([{ index, weight: 1 }]);
    expect(corners(axes, [5, ...gridPoint(axes, 11)], 1)).toEqual([{ index: 11, weight: 1 }]);
  });
});

describe('locate', () => {
  it('reproduces cubics along every continuous axis of four nodes or more, in order of the first axis fastest', () => {
    const wide: readonly GridAxis[] = [
      { kind: 'continuous', nodes: Float64Array.of(-1, 0, 0.5, 2, 3) },
      axes[1],
      { kind: 'continuous', nodes: Float64Array.of(0, 1, 2, 4) },
    ];
    const stencil = stencilFor(wide);
    const f = (x: number, d: number, y: number) => (x ** 3 - 2 * x + 1) * (y ** 3 + y ** 2 - 3) * d;
    for (const [x, y] of [
      [-0.7, 0.3],
      [0.2, 3.5],
      [2.9, 1],
      [0, 2.5],
    ]) {
      locate(wide, [x, 1, y], stencil, { interpolation: 'cubic' });
      let [sum, weights] = [0, 0];
      for (let k = 0; k < stencil.count; k++) {
        const [a, b, c] = gridPoint(wide, stencil.indices[k]);
        sum += stencil.weights[k] * f(a, b, c);
        weights += stencil.weights[k];
      }
      expect(Math.abs(sum - f(x, 1, y))).toBeLessThan(1e-11);
      expect(weights).toBeCloseTo(1, 12);
    }
    locate(axes, [0.5, 0.9, 0.5], stencil, { interpolation: 'cubic' });
    expect(stencil.count).toBe(4);
  });
});
