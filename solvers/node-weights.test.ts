import { describe, expect, it } from 'vitest';
import { logNodes, nodeWeights, placeAmongNodes } from './node-weights.ts';

const nodes = Float64Array.of(0, 0.4, 1, 1.7, 2, 3.1);

function read(interpolation: 'linear' | 'cubic', x: number, f: (x: number) => number, at = nodes): number {
  const weights = nodeWeights(1, at.length, interpolation);
  placeAmongNodes(weights, 0, at, x);
  let sum = 0;
  for (let j = 0; j < weights.width; j++) sum += weights.weight[j] * f(at[weights.lower[0] + j]);
  return sum;
}

describe('weights of aggregate nodes', () => {
  it('four nodes reproduce a cubic, two a line, and neither more', () => {
    const cubic = (x: number) => 1 - 2 * x + 0.5 * x ** 2 - 0.3 * x ** 3;
    for (const x of [0, 0.1, 0.4, 1.3, 1.9, 2.7, 3.1]) {
      expect(read('cubic', x, cubic)).toBeCloseTo(cubic(x), 12);
      expect(read('linear', x, (y) => 3 - 2 * y)).toBeCloseTo(3 - 2 * x, 12);
    }
    expect(Math.abs(read('linear', 2.6, cubic) - cubic(2.6))).toBeGreaterThan(0.1);
  });

  it('beyond the ends stands the end', () => {
    for (const kind of ['linear', 'cubic'] as const) {
      expect(read(kind, -5, (y) => y)).toBeCloseTo(0, 14);
      expect(read(kind, 9, (y) => y)).toBeCloseTo(3.1, 14);
    }
  });

  it('falls back to a line with fewer than four nodes, and to the node with one', () => {
    expect(nodeWeights(1, 3, 'cubic').width).toBe(2);
    expect(nodeWeights(1, 1, 'cubic').width).toBe(1);
    expect(read('cubic', 7, (y) => y, Float64Array.of(2))).toBe(2);
  });

  it('refuses nodes without a logarithm', () => {
    expect(() => logNodes('here', 'capital', Float64Array.of(0, 1))).toThrow(/here: capital starts at 0/);
    expect(() => logNodes('here', 'capital', Float64Array.of(2, 1))).toThrow(/falls or stands still/);
  });
});
