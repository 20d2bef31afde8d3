import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import { solveByEuler } from './household-euler.ts';
import {
  type LabourSupply,
  solveWorking,
  type WorkingHousehold,
  type WorkingPrices,
  workingPeriod,
  workingScratch,
  workingStep,
} from './household-labour.ts';
import { incomes, smallProblem } from './test-fixtures.ts';

/** Conditions that hold at every node by construction: rounding. */
const ROUNDING = 1e-12;
/** Steps stop at 1e-11 and contract by about .97: fifty times that. */
const CONVERGED = 5e-10;

const chain = incomes();
const assets = geometricGrid({ low: 0, high: 60, n: 120 });

function household(changes: Partial<WorkingHousehold> = {}): WorkingHousehold {
  return {
    discountFactor: 0.97,
    riskAversion: 2,
    labour: { kind: 'chosen', weight: 0.8, curvature: 2.5 },
    assets,
    transition: chain.transition,
    efficiency: chain.levels,
    ...changes,
  };
}

const prices: WorkingPrices = { grossReturn: 1.02, wage: 0.9, transfers: Float64Array.of(0.05, 0.02, -0.03) };

const supplies: readonly { readonly sigma: number; readonly labour: LabourSupply }[] = [
  { sigma: 1, labour: { kind: 'chosen', weight: 1, curvature: 1 } },
  { sigma: 2, labour: { kind: 'chosen', weight: 0.8, curvature: 2.5 } },
  { sigma: 3.3, labour: { kind: 'chosen', weight: 2, curvature: 0.7 } },
];

describe('households that work', () => {
  it.each(supplies)(
    'keep within their budget and limit, and work until it is no longer worth it, at sigma $sigma',
    ({ sigma, labour }) => {
      const who = household({ riskAversion: sigma, labour });
      const policy = solveWorking(who, prices);
      expect(policy.converged).toBe(true);
      if (labour.kind === 'fixed') throw new Error('labour is chosen here');
      let constrained = 0;
      for (let i = 0; i < policy.consumption.length; i++) {
        const e = Math.floor(i / assets.length);
        const [c, n, a] = [policy.consumption[i], policy.labour[i], policy.savings[i]];
        const pay = prices.wage * chain.levels[e];
        const have = prices.grossReturn * assets[i % assets.length] + pay * n + prices.transfers[e];
        expect(Math.abs(c + a - have)).toBeLessThan(ROUNDING * (1 + have));
        expect(a).toBeGreaterThanOrEqual(0);
        const worth = pay * c ** -sigma;
        expect(Math.abs((labour.weight * n ** labour.curvature) / worth - 1)).toBeLessThan(ROUNDING);
        if (a === 0) constrained++;
      }
      expect(constrained).toBeGreaterThan(0);
      expect(constrained).toBeLessThan(0.3 * policy.consumption.length);
    },
  );

  it('stay at the limit where labour bends so much between nodes that savings would fall below it', () => {
    const elastic = household({
      riskAversion: 3,
      labour: { kind: 'chosen', weight: 1, curvature: 0.4 },
      assets: Float64Array.of(0, 10),
      transition: Float64Array.of(1),
      efficiency: Float64Array.of(1),
    });
    // Tomorrow is such that .5 is eaten by who goes to the first node, and 5 by who goes to the second.
    const next = Float64Array.of(0.5 ** -3 / 0.97, 5 ** -3 / 0.97);
    const hours = (c: number) => (0.9 * c ** -3) ** 2.5;
    // Who has nothing is just above the first endogenous node.
    const transfers = Float64Array.of(0.5 - 0.9 * hours(0.5) + 0.05);
    const period = workingPeriod(2);
    const given = { grossReturn: 1, wage: 0.9, transfers };
    workingStep(elastic, given, next, period, workingScratch(elastic));
    const [c] = period.consumption;
    expect(period.savings[0]).toBe(0);
    expect(Math.abs(c - transfers[0] - 0.9 * hours(c))).toBeLessThan(ROUNDING * 200);
    expect(c).toBeGreaterThan(0.5);
  });

  it('satisfy the Euler equation where they save, between the nodes to what interpolation costs', () => {
    const who = household();
    const policy = solveWorking(who, prices);
    const count = assets.length;
    let free = 0;
    for (let i = 0; i < policy.savings.length; i++) {
      const a = policy.savings[i];
      if (a === 0) {
        continue;
      }
      let node = 0;
      while (node < count - 2 && assets[node + 1] <= a) node++;
      const weight = (a - assets[node]) / (assets[node + 1] - assets[node]);
      const e = Math.floor(i / count);
      let expected = 0;
      for (let to = 0; to < 3; to++) {
        const j = to * count + node;
        const c = (1 - weight) * policy.consumption[j] + weight * policy.consumption[j + 1];
        expected += chain.transition[e * 3 + to] * c ** -2;
      }
      const gap = (0.97 * prices.grossReturn * expected) / policy.consumption[i] ** -2 - 1;
      // Segments are a twentieth of assets: c'' h^2 / 8 over c.
      if (assets[i % count] > 0.2) expect(Math.abs(gap)).toBeLessThan(2e-3);
      free++;
    }
    expect(free).toBeGreaterThan(200);
  });

  it('with labour fixed are the households of the Euler solver', () => {
    const small = smallProblem();
    const who: WorkingHousehold = {
      discountFactor: small.discountFactor,
      riskAversion: small.riskAversion,
      labour: { kind: 'fixed' },
      assets: small.assets,
      transition: small.transition,
      efficiency: Float64Array.of(0.5, 1.5),
    };
    const transfers = Float64Array.of(0, 0);
    // Income .4 and 1.2, in two ways.
    const ours = solveWorking(who, { grossReturn: 1.03, wage: 0.8, transfers });
    const lump = solveWorking(who, {
      grossReturn: 1.03,
      wage: 0.4,
      transfers: Float64Array.of(0.2, 0.6),
    });
    const theirs = solveByEuler(small, { tolerance: 1e-12 });
    theirs.consumption.forEach((c, i) => {
      expect(Math.abs(ours.consumption[i] / c - 1)).toBeLessThan(CONVERGED);
      expect(Math.abs(lump.consumption[i] / c - 1)).toBeLessThan(CONVERGED);
      expect(ours.labour[i]).toBe(1);
    });
  });

  it('react to next period alone through what assets are worth there', () => {
    const who = household();
    const policy = solveWorking(who, prices);
    const [first, second] = [workingPeriod(360), workingPeriod(360)];
    // R' c'^-sigma doubled is the discount factor doubled.
    workingStep(who, prices, policy.marginalValue, first, workingScratch(who));
    const patient = { ...who, discountFactor: 2 * who.discountFactor };
    workingStep(
      patient,
      prices,
      policy.marginalValue.map((v) => v / 2),
      second,
      workingScratch(who),
    );
    expect(second.consumption).toEqual(first.consumption);
    first.consumption.forEach((c, i) => {
      expect(Math.abs(c / policy.consumption[i] - 1)).toBeLessThan(CONVERGED);
    });
  });

  it('find the same policy from another start, and say so when cut off', () => {
    const who = household();
    const policy = solveWorking(who, prices);
    const again = solveWorking(who, prices, { marginalValue: new Float64Array(360).fill(3) });
    again.consumption.forEach((c, i) => {
      expect(Math.abs(c / policy.consumption[i] - 1)).toBeLessThan(CONVERGED);
    });
    expect(solveWorking(who, prices, { maxIterations: 3 })).toMatchObject({
      converged: false,
      iterations: 3,
    });
  });

  it('work less the richer they are, and, where they can draw on wealth, more the better they are paid', () => {
    const { labour } = solveWorking(household(), prices);
    for (let e = 0; e < 3; e++) {
      for (let a = 1; a < 120; a++) {
        expect(labour[e * 120 + a]).toBeLessThan(labour[e * 120 + a - 1]);
        // At the limit who earns little works to eat.
        if (e > 0 && assets[a] > 10) expect(labour[e * 120 + a]).toBeGreaterThan(labour[(e - 1) * 120 + a]);
      }
    }
  });

  it('name what is wrong with them', () => {
    expect(() => solveWorking(household({ discountFactor: 1 }), prices)).toThrow(/discount factor is 1/);
    const free = household({ labour: { kind: 'chosen', weight: 0, curvature: 1 } });
    expect(() => solveWorking(free, prices)).toThrow(/the weight of labour is 0/);
    expect(() => solveWorking(household({ efficiency: Float64Array.of(1, 0, 1) }), prices)).toThrow(
      /efficiency 1 is 0/,
    );
    expect(() => solveWorking(household(), { ...prices, transfers: new Float64Array(2) })).toThrow(
      /the transfers has 2 entries/,
    );
    expect(() => solveWorking(household(), { ...prices, wage: 0 })).toThrow(/the wage is 0/);
    expect(() => solveWorking(household(), prices, { marginalValue: new Float64Array(2) })).toThrow(
      /the start has 2 entries/,
    );
  });
});
