import { describe, expect, it } from 'vitest';
import { DIMENSIONS } from './dimensions.ts';
import { growthOf, reasonOf } from './scaling.ts';

describe('how cost grows', () => {
  it('is the power that a power law has, over all sizes and between the last two', () => {
    const points = [1, 2, 4, 8].map((size) => ({ size, milliseconds: 3 * size ** 1.5 }));
    const { exponent, lastExponent } = growthOf('x', points);
    expect(exponent).toBeCloseTo(1.5, 12);
    expect(lastExponent).toBeCloseTo(1.5, 12);
  });

  it('is seen late where small sizes cost the same', () => {
    const points = [1, 2, 4, 8, 16, 32].map((size) => ({ size, milliseconds: 10 + size }));
    const { exponent, lastExponent } = growthOf('x', points);
    expect(exponent).toBeLessThan(lastExponent);
    expect(() => growthOf('x', points.slice(0, 1))).toThrow('x: an exponent wants two sizes');
  });

  it('ends for a reason: what a schema refuses, an error, or how the process ended', () => {
    const refused =
      '[\n  {\n    "code": "too_big",\n    "message": "Too big: expected number to be <=5000"\n  }\n]\n';
    expect(reasonOf(refused, null)).toBe('Too big: expected number to be <=5000');
    expect(reasonOf('a remark\nRangeError: Array buffer allocation failed\n    at x\n', null)).toContain(
      'RangeError',
    );
    expect(reasonOf('', 'SIGKILL')).toBe('SIGKILL');
  });

  it.each(DIMENSIONS.map((one) => [one.name, one] as const))(
    'is measured for %s',
    async (_, { prepare, sizes }) => {
      const one = await prepare(sizes[0]);
      expect(await one.milliseconds()).toBeGreaterThan(0);
      one.close?.();
    },
  );
});
