import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { cycleMoments } from './cycle-moments.ts';

const T = 4000;
const rng = createRng(12);
const cycle = new Float64Array(T);
for (let t = 1; t < T; t++) cycle[t] = 0.8 * cycle[t - 1] + 0.01 * rng.normal();
const output = cycle.map((x, t) => Math.exp(x + 0.002 * t));
const investment = cycle.map((x, t) => 0.2 * Math.exp(3 * x + 0.002 * t));

describe('business-cycle moments', () => {
  it('a series three times as volatile in logs has a relative deviation of three and moves along, whatever its trend and units', () => {
    const [base, moved] = cycleMoments({ output, investment }, { lambda: 1600, reference: 'output' });
    expect(base).toMatchObject({ name: 'output', relative: 1, correlation: expect.closeTo(1, 12) });
    expect(moved.relative).toBeCloseTo(3, 10);
    expect(moved.correlation).toBeCloseTo(1, 12);
    expect(moved.standardDeviation).toBeCloseTo(3 * base.standardDeviation, 10);
  });

  it('without a filter they are moments of logarithms', () => {
    const flat = cycle.map(Math.exp);
    const [found] = cycleMoments({ flat }, { lambda: 0, reference: 'flat' });
    // Standard error of a correlation of .8 over 4,000 periods: .01; of the deviation 1.7 percent.
    expect(Math.abs(found.autocorrelation - 0.8)).toBeLessThan(0.04);
    expect(Math.abs(found.standardDeviation / (1 / 0.6) - 1)).toBeLessThan(0.08);
  });

  it('names a missing reference, a value without a logarithm, and unequal lengths', () => {
    expect(() => cycleMoments({ output }, { lambda: 0, reference: 'y' })).toThrow(
      /no series y; give one of output/,
    );
    const options = { lambda: 0, reference: 'output' };
    expect(() => cycleMoments({ output, c: cycle }, options)).toThrow(/c is 0 in period 0/);
    expect(() => cycleMoments({ output, c: output.subarray(1) }, options)).toThrow(/c has 3999 entries/);
  });
});
