import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { type Crossing, crossing, rootBetween } from './clearing.ts';

function scheduleOf(values: readonly number[], direction: -1 | 1) {
  let looks = 0;
  const excess = (node: number) => {
    looks += 1;
    return values[node];
  };
  return {
    schedule: { excess, nodes: values.length, direction, values: new Float64Array(values.length) },
    looks: () => looks,
  };
}

const nowhere = (): Crossing => ({ lower: 0, upper: 1, upperWeight: 0, missed: 0 });

describe('a market with a monotone schedule', () => {
  it('clears between the same nodes by bisection from anywhere as by a look at all of them', () => {
    const rng = createRng(3);
    for (const direction of [-1, 1] as const) {
      for (let trial = 0; trial < 200; trial++) {
        const nodes = 2 + rng.integer(30);
        const zero = rng.uniform();
        const values = Array.from({ length: nodes }, () => rng.uniform() - zero).sort(
          (a, b) => direction * (a - b),
        );
        const { schedule } = scheduleOf(values, direction);
        const [quick, all] = [nowhere(), nowhere()];
        crossing(schedule, rng.integer(nodes), 'bisect', quick);
        crossing(schedule, 0, 'scan', all);
        expect(quick).toEqual(all);
        expect(quick.missed).toBe(values[0] < 0 === values[nodes - 1] < 0 ? 1 : 0);
      }
    }
  });

  it('is looked at two nodes where it clears again, and at few of many otherwise', () => {
    const values = Array.from({ length: 80 }, (_, k) => 60.5 - k);
    const near = scheduleOf(values, -1);
    crossing(near.schedule, 60, 'bisect', nowhere());
    expect(near.looks()).toBe(2);
    const far = scheduleOf(values, -1);
    crossing(far.schedule, 0, 'bisect', nowhere());
    expect(far.looks()).toBeLessThan(16);
  });
});

describe('a market whose schedule is not monotone', () => {
  it('takes the node nearest to clearing, and on the other side the nearest to it', () => {
    const { schedule } = scheduleOf([3, -2, 1, -0.5], -1);
    const found = nowhere();
    crossing(schedule, 0, 'scan', found);
    expect([found.lower, found.upper]).toEqual([2, 3]);
    expect(found.upperWeight).toBeCloseTo(1 / 1.5, 14);
  });
});

describe('the price between two nodes', () => {
  it('clears to rounding in a few looks, whatever the curve', () => {
    for (const root of [1e-6, 0.2, 0.7, 1 - 1e-6]) {
      for (const power of [1, 2, 5]) {
        const values = Float64Array.of(root ** power, root ** power - 1);
        let looks = 0;
        const excess = (w: number) => {
          looks += 1;
          return root ** power - w ** power;
        };
        const schedule = { excess, nodes: 2, direction: -1 as const, values };
        const found = { lower: 0, upper: 1, upperWeight: values[0], missed: 0 as const };
        const weight = rootBetween(excess, schedule, found, 1e-7);
        expect(Math.abs(excess(weight))).toBeLessThan(1e-9);
        expect(looks).toBeLessThan(30);
      }
    }
  });

  it('stays at the nearest node where nothing clears', () => {
    const schedule = {
      excess: (k: number) => k,
      nodes: 2,
      direction: -1 as const,
      values: Float64Array.of(2, 1),
    };
    const found = { lower: 1, upper: 1, upperWeight: 0, missed: 1 as const };
    expect(rootBetween(() => 1, schedule, found, 1e-7)).toBe(0);
  });
});
