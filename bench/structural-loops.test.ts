import { describe, expect, it } from 'vitest';
import { jsLoops } from '../agents/structural/loops-js.ts';
import { backward, compiledLoops, forward, record } from './structural-loops.ts';

/** Of sums of order one; only the loops in C that fuse products and sums differ at all. */
const ROUNDING = 1e-12;

describe('the loops that are timed', () => {
  it('come to the same cross-section, objective and errors, in C as in JavaScript, and to the same bits in WebAssembly', () => {
    const path = record('krusell-smith-quick');
    const results = [jsLoops, path.room.loops, ...compiledLoops(path.bytes)].map((loops) => {
      forward(path, loops);
      const objective = backward(path, loops);
      return [...path.mass, objective, ...path.out.errors[0]];
    });
    const [js, wasm, ...others] = results;
    expect(js.some((x) => x !== 0)).toBe(true);
    expect(wasm).toEqual(js);
    for (const other of others) {
      const gaps = other.map((x, i) => Math.abs(x - js[i]));
      expect(gaps.reduce((most, gap) => Math.max(most, gap), 0)).toBeLessThan(ROUNDING);
    }
  });
});
