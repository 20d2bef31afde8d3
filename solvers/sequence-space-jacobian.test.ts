import { describe, expect, it } from 'vitest';
import { geometricGrid } from '../numerics/grids.ts';
import type { WorkingHousehold } from './household-labour.ts';
import { blockPath } from './sequence-space-block.ts';
import { blockJacobian } from './sequence-space-jacobian.ts';
import { workingAtRest, workingBlock } from './sequence-space-working.ts';
import { incomes } from './test-fixtures.ts';

const chain = incomes();
const T = 60;

function who(labour: WorkingHousehold['labour']): WorkingHousehold {
  return {
    discountFactor: 0.95,
    riskAversion: 2,
    labour,
    assets: geometricGrid({ low: 0, high: 40, n: 80 }),
    transition: chain.transition,
    efficiency: chain.levels,
  };
}

const incidence = Float64Array.of(0.2, 1, 1.8);
const cases = [
  { name: 'who choose their labour', labour: { kind: 'chosen', weight: 1, curvature: 2 } },
  { name: 'whose labour is fixed', labour: { kind: 'fixed' } },
] as const;

const solved = cases.map(({ name, labour }) => {
  const household = who(labour);
  const block = workingBlock(household, { incidence });
  const rest = workingAtRest(household, block, Float64Array.of(1.03, 0.9, 0.05), { incidence });
  const jacobian = blockJacobian(block, rest, { horizon: T });
  const path = (change: (i: number, t: number) => number): Float64Array =>
    blockPath(
      block,
      rest,
      Float64Array.from(
        { length: 3 * T },
        (_, k) => rest.inputs[Math.floor(k / T)] + change(Math.floor(k / T), k % T),
      ),
    );
  return { name, block, rest, jacobian, path };
});

/** Central differences of 1e-5 of paths of order ten: rounding of 1e-15 over 1e-5, times hundreds of cells. */
const DIFFERENCED = 1e-8;

describe.each(solved)('Jacobians of households $name', ({ block, rest, jacobian, path }) => {
  it('are what a small change of one input in one period does, at every lead and lag', () => {
    const h = 1e-5;
    for (let i = 0; i < 3; i++) {
      for (const s of [0, 1, 13]) {
        const up = path((k, t) => (k === i && t === s ? h : 0));
        const down = path((k, t) => (k === i && t === s ? -h : 0));
        for (let o = 0; o < 3; o++) {
          const matrix = jacobian.matrices[o * 3 + i];
          for (let t = 0; t < T; t++) {
            const direct = (up[o * T + t] - down[o * T + t]) / (2 * h);
            expect(Math.abs(matrix[t * T + s] - direct)).toBeLessThan(DIFFERENCED);
          }
        }
      }
    }
  });

  it('obey the budget of all households in every period', () => {
    const [a, c, l] = [0, 1, 2].map((o) => rest.aggregates[o]);
    const [R, w] = [rest.inputs[0], rest.inputs[1]];
    // What a unit more of each input gives: assets held, labour, and the mean incidence.
    const mean = rest.distribution.reduce((sum, m, i) => sum + m * incidence[Math.floor(i / 80)], 0);
    const gives = [a, l, mean];
    expect(Math.abs(a + c - (R * a + w * l + rest.inputs[2] * mean))).toBeLessThan(1e-10);
    for (let i = 0; i < 3; i++) {
      const [A, C, L] = [0, 1, 2].map((o) => jacobian.matrices[o * 3 + i]);
      for (let t = 0; t < T; t++) {
        for (let s = 0; s < T; s++) {
          const before = t === 0 ? 0 : A[(t - 1) * T + s];
          const spent = A[t * T + s] + C[t * T + s];
          const got = R * before + w * L[t * T + s] + (t === s ? gives[i] : 0);
          expect(Math.abs(spent - got)).toBeLessThan(1e-7);
        }
      }
    }
  });

  it('do not depend on the horizon', () => {
    const short = blockJacobian(block, rest, { horizon: 20 });
    for (let k = 0; k < 9; k++) {
      for (let t = 0; t < 20; t++) {
        for (let s = 0; s < 20; s++) {
          expect(Math.abs(short.matrices[k][t * 20 + s] - jacobian.matrices[k][t * T + s])).toBeLessThan(
            1e-11,
          );
        }
      }
    }
  });

  it('leave households at rest where prices are', () => {
    const still = path(() => 0);
    for (let k = 0; k < 3 * T; k++) {
      expect(Math.abs(still[k] - rest.aggregates[Math.floor(k / T)])).toBeLessThan(1e-9);
    }
  });
});

describe('Jacobians', () => {
  const [{ block, rest, jacobian }] = solved;

  it('a gift is eaten at once in part, announced gifts before they come, and all of it in the end', () => {
    // Fixed labour: consumption is all there is to spend on.
    const fixed = solved[1];
    const C = fixed.jacobian.matrices[3 + 2];
    expect(C[0]).toBeGreaterThan(0.05);
    expect(C[0]).toBeLessThan(0.9);
    expect(C[5]).toBeGreaterThan(0);
    const A = fixed.jacobian.matrices[2];
    const mean = fixed.rest.distribution.reduce((sum, m, i) => sum + m * incidence[Math.floor(i / 80)], 0);
    for (const s of [0, 10]) {
      let worth = 1.03 ** -(T - 1) * A[(T - 1) * T + s];
      for (let t = 0; t < T; t++) worth += 1.03 ** -t * C[t * T + s];
      expect(Math.abs(worth - mean * 1.03 ** -s)).toBeLessThan(1e-7);
    }
  });

  it('name a horizon that is none, and a step', () => {
    expect(() => blockJacobian(block, rest, { horizon: 1 })).toThrow(/horizon is 1/);
    expect(() => blockJacobian(block, rest, { horizon: 10, step: 0 })).toThrow(/step is 0/);
    expect(jacobian.matrices).toHaveLength(9);
    expect(() => workingBlock(who({ kind: 'fixed' }), { incidence: new Float64Array(2) })).toThrow(
      /the incidence has 2 entries/,
    );
    expect(() => blockPath(block, rest, new Float64Array(10))).toThrow(/number of periods/);
  });
});
