import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import { lotteries } from '../numerics/interpolation.ts';
import { createRng } from '../numerics/random.ts';
import { meanOver, movement, placeSavings, pushDistribution, stationaryDistribution } from './histogram.ts';

const assets = geometricGrid({ low: -1, high: 20, n: 30 });
const E = 2;
const cells = E * assets.length;
const chain = Float64Array.of(0.9, 0.1, 0.4, 0.6);

/** Sums of 60 numbers of order one: rounding. */
const ROUNDING = 1e-14;

function randomSavings(low: number, high: number): Float64Array {
  const rng = createRng(3).split(high);
  return Float64Array.from({ length: cells }, () => rng.between(low, high));
}

describe('histogram', () => {
  it('places savings as lotteries do, in any order', () => {
    const savings = randomSavings(-2, 25);
    const place = movement(cells);
    const [lower, upperWeight] = [new Int32Array(cells), new Float64Array(cells)];
    placeSavings(assets, savings, place);
    lotteries(assets, savings, lower, upperWeight);
    expect(place.lower).toEqual(lower);
    for (let i = 0; i < cells; i++) expect(place.upperWeight[i]).toBeCloseTo(upperWeight[i], 14);
  });

  it('keeps everybody, keeps mean savings, and moves own states by the chain', () => {
    const savings = randomSavings(-1, 20);
    const rng = createRng(4);
    const mass = Float64Array.from({ length: cells }, () => rng.uniform());
    const total = mass.reduce((x, y) => x + y);
    mass.forEach((m, i) => {
      mass[i] = m / total;
    });
    const place = movement(cells);
    placeSavings(assets, savings, place);
    const out = new Float64Array(cells);
    pushDistribution(mass, place, chain, 0, new Float64Array(assets.length), out);
    const share = (m: Float64Array) => m.subarray(assets.length).reduce((x, y) => x + y);
    expect(Math.abs(out.reduce((x, y) => x + y) - 1)).toBeLessThan(ROUNDING);
    expect(share(out)).toBeCloseTo((1 - share(mass)) * 0.1 + share(mass) * 0.6, 14);
    let saved = 0;
    for (let i = 0; i < cells; i++) saved += mass[i] * savings[i];
    expect(meanOver(out, assets)).toBeCloseTo(saved, 12);
  });

  it('finds the long run of a policy with a known one: assets follow own states, one period behind', () => {
    const grid = Float64Array.of(0, 1, 2);
    // In state 0 all go to 0, in state 1 to 2; so who holds 2 was in state 1, whose long-run share is .1 / .5.
    const savings = Float64Array.of(0, 0, 0, 2, 2, 2);
    const { distribution, converged } = stationaryDistribution(grid, savings, chain);
    expect(converged).toBe(true);
    const expected = [0.8 * 0.9, 0, 0.2 * 0.4, 0.8 * 0.1, 0, 0.2 * 0.6];
    expected.forEach((p, i) => {
      expect(distribution[i]).toBeCloseTo(p, 12);
    });
  });

  it('leaps end where small steps end, on a policy that settles slowly', () => {
    const savings = Float64Array.from({ length: cells }, (_, i) => {
      const a = assets[i % assets.length];
      return Math.min(20, 0.995 * a + (i < assets.length ? -0.004 : 0.09));
    });
    const { distribution, iterations, converged } = stationaryDistribution(assets, savings, chain, {
      tolerance: 1e-14,
    });
    expect(converged).toBe(true);
    const place = movement(cells);
    placeSavings(assets, savings, place);
    let mass = new Float64Array(cells).fill(1 / cells);
    let next = new Float64Array(cells);
    const moved = new Float64Array(assets.length);
    let steps = 0;
    for (; steps < 30 * iterations; steps++) {
      pushDistribution(mass, place, chain, 0, moved, next);
      [mass, next] = [next, mass];
    }
    expect(Math.abs(meanOver(distribution, assets) - meanOver(mass, assets))).toBeLessThan(1e-9);
    for (const m of distribution) expect(m).toBeGreaterThanOrEqual(0);
  });

  it('says when it was cut off, and names wrong lengths', () => {
    const savings = randomSavings(-1, 20);
    expect(stationaryDistribution(assets, savings, chain, { maxIterations: 2 }).converged).toBe(false);
    expect(() => stationaryDistribution(assets, savings.subarray(1), chain)).toThrow(
      /savings has 59 entries/,
    );
    expect(() => stationaryDistribution(assets, savings, chain, { start: new Float64Array(3) })).toThrow(
      /the start has 3 entries/,
    );
  });
});
