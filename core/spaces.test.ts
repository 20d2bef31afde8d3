import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { Box, box, Dict, Discrete, MultiDiscrete, unitBox } from './spaces.ts';

describe('spaces', () => {
  it('contain what they sample, and repeat their samples after the same seed', () => {
    const spaces = [
      box({ a: [0, 1], b: [-2, Infinity], c: [-Infinity, Infinity], d: [-Infinity, 3] }),
      unitBox({ share: [0.01, 0.99], time: [0.01, 0.99, 'log'] }),
      new Discrete({ n: 4, start: -1 }),
      new MultiDiscrete({ sizes: [2, 5] }),
      new Dict({ k: box({ k: [0, 1] }), z: new Discrete({ n: 5 }) }),
    ];
    for (const space of spaces) {
      space.seed(3);
      const first = Array.from({ length: 50 }, () => space.sample());
      for (const sample of first) expect(space.contains(sample)).toBe(true);
      space.seed(3);
      expect(Array.from({ length: 50 }, () => space.sample())).toEqual(first);
      space.seed(4);
      expect(Array.from({ length: 50 }, () => space.sample())).not.toEqual(first);
    }
  });

  it('take arrays, typed arrays and ndarrays, and refuse NaN, wrong lengths and other things', () => {
    const space = box({ a: [0, 1], b: [0, 1] });
    for (const inside of [[0, 1], Float32Array.of(0.5, 1), ndarray(Float64Array.of(0, 0), [2])]) {
      expect(space.contains(inside)).toBe(true);
    }
    for (const outside of [[0, 1.1], [Number.NaN, 0], [0], [0, 0, 0], 'ab', null, undefined, {}, [0, '1']]) {
      expect(space.contains(outside)).toBe(false);
    }
  });

  it('compare float32 observations with bounds rounded to float32', () => {
    expect(box({ a: [0, 0.1] }).contains(Float32Array.of(0.1))).toBe(true);
    expect(box({ a: [0, 0.1] }).contains(Float32Array.of(0.1000001))).toBe(false);
    expect(box({ a: [0, 0.1] }).contains(ndarray(Float32Array.of(0.1), [1]))).toBe(true);
    expect(box({ a: [0, 0.1] }).contains(ndarray(Float64Array.of(Math.fround(0.1)), [1]))).toBe(false);
  });

  it('refuse bounds that enclose nothing', () => {
    expect(() => box({ capital: [1, 1] })).toThrow(/"capital" has bounds \[1, 1\]/);
    expect(() => unitBox({ share: [0, 0.99, 'log'] })).toThrow(
      /"share" stands for quantities from 0 on a log scale; they must be positive/,
    );
    expect(() => new Box({ coordinates: {} })).toThrow(/no coordinates/);
    expect(() => new Discrete({ n: 0 })).toThrow(/n is 0/);
    expect(() => new MultiDiscrete({ sizes: [2, 0] })).toThrow(/2,0/);
  });

  it('sample a discrete space evenly', () => {
    const space = new Discrete({ n: 3 });
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[space.sample()] += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(130); // five standard deviations
  });
});
