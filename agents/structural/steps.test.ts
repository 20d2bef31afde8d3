import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { adamStep, addRisingPenalty, clipScale, keepWithin } from './adam-step.ts';
import { isWithin, largestChange, quantileOfChange } from './convergence.ts';
import { keepRising, scaledStep } from './scaled-step.ts';

const common = { nodes: 2, cells: 1, rate: 0.5, low: 0, high: 1 };

describe('the scaled step', () => {
  it('moves an entry by its mean relative error, whatever the weight it was visited with', () => {
    for (const weight of [1, 1000]) {
      const table = Float64Array.of(0.5, 0.5);
      const errors = Float64Array.of(0.1 * weight, 0);
      scaledStep({ ...common, table, errors, visits: Float64Array.of(weight, weight), tied: 1, ownShare: 1 });
      expect(table[0]).toBeCloseTo(0.5 * 1.05, 14);
      expect(table[1]).toBe(0.5);
    }
  });

  it('leaves alone what nobody visited, unless it is tied to what somebody did', () => {
    const visits = Float64Array.of(1, 0);
    const errors = Float64Array.of(0.1, 0);
    const alone = Float64Array.of(0.5, 0.5);
    scaledStep({ ...common, table: alone, errors, visits, tied: 1, ownShare: 0.1 });
    expect(alone[1]).toBe(0.5);
    const tied = Float64Array.of(0.5, 0.5);
    scaledStep({ ...common, table: tied, errors, visits, tied: 2, ownShare: 0.1 });
    expect(tied[1]).toBeCloseTo(tied[0], 14);
    expect(tied[1]).toBeGreaterThan(0.5);
  });

  it('goes a tenth at most, and stays within bounds', () => {
    const table = Float64Array.of(0.5, 0.99);
    const visits = Float64Array.of(1, 1);
    scaledStep({ ...common, table, errors: Float64Array.of(-50, 50), visits, tied: 1, ownShare: 1 });
    expect(table[0]).toBeCloseTo(0.45, 14);
    expect(table[1]).toBe(1);
  });

  it('gives the mean error where visits are, by their weight', () => {
    const table = Float64Array.of(0.5, 0.5);
    const visits = Float64Array.of(3, 1);
    const error = scaledStep({
      ...common,
      table,
      errors: Float64Array.of(0.3, -0.3),
      visits,
      tied: 1,
      ownShare: 1,
    });
    expect(error).toBeCloseTo((0.3 + 0.3) / 4, 14);
  });
});

describe('consumption that must rise with assets', () => {
  it('is cut where a poorer household eats more than a richer one', () => {
    const table = Float64Array.of(0.9, 0.5, 0.5, 0.2, 0.3, 0.4);
    const base = Float64Array.of(1, 1.5, 2, 1, 1.5, 2);
    keepRising(table, 0, base, 3);
    expect([...table.slice(3)]).toEqual([0.2, 0.3, 0.4]);
    const eaten = table.map((share, j) => share * base[j]);
    expect(eaten[0]).toBeCloseTo(0.75, 14);
    expect([...eaten.slice(1, 3)]).toEqual([0.75, 1]);
  });

  it('is asked for by a penalty whose gradient points the same way', () => {
    const table = Float64Array.of(0.9, 0.5);
    const gradient = new Float64Array(2);
    const value = addRisingPenalty(table, 0, Float64Array.of(1, 1), 2, 1, gradient);
    expect(value).toBeCloseTo(-0.4, 14);
    expect([...gradient]).toEqual([-1, 1]);
  });
});

describe('Adam', () => {
  it('first goes by its rate in the direction of the gradient, however long that is', () => {
    const parameters = Float64Array.of(0, 0);
    const moments = { first: new Float64Array(2), second: new Float64Array(2) };
    adamStep({ parameters, gradient: Float64Array.of(1e-3, -20), moments, steps: 1, rate: 0.01, scale: 1 });
    expect(parameters[0]).toBeCloseTo(0.01, 6);
    expect(parameters[1]).toBeCloseTo(-0.01, 6);
  });

  it('shrinks all gradients together where their norm is too large', () => {
    expect(clipScale([Float64Array.of(3), Float64Array.of(4)], 1)).toBeCloseTo(0.2, 14);
    expect(clipScale([Float64Array.of(3), Float64Array.of(4)], 10)).toBe(1);
  });

  it('keeps steps between prices within the tutorial bounds and first shares within the table bounds', () => {
    const values = Float64Array.of(2, 0.5, -3, 0.1);
    keepWithin(values, { low: 0.001, high: 1, tied: 2, cells: 1, parameters: 'increments' });
    expect([...values]).toEqual([1, 0.2, 0.001, 0.1]);
  });
});

describe('the change of an epoch', () => {
  it('is by quantile what sorting gives, and by maximum the largest', () => {
    const rng = createRng(3);
    const changes = Float64Array.from({ length: 997 }, () => rng.uniform());
    const sorted = changes.slice().sort();
    const position = 0.999 * 996;
    const low = Math.floor(position);
    const expected = sorted[low] + (position - low) * (sorted[low + 1] - sorted[low]);
    expect(quantileOfChange(changes.slice(), 0.999)).toBeCloseTo(expected, 14);
    expect(largestChange(changes, new Float64Array(997))).toBe(sorted[996]);
  });

  it('is within the tolerance up to the half digit that the tutorial rounds away', () => {
    expect(isWithin(1.04e-4, 1e-4)).toBe(true);
    expect(isWithin(1.06e-4, 1e-4)).toBe(false);
  });
});
