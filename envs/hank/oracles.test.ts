import { describe, expect, it } from 'vitest';
import { hankCalibration, hankCalibrations } from './calibration.ts';
import { hankForesight, hankResponse, solveHankLinear } from './linear.ts';
import { costShare, dividendOf, hoursOf, phillipsResidual, realReturn, utility } from './model.ts';
import { hankSetup, solverEconomy } from './setup.ts';
import { hankSteadyState, hankSteadyStateByValues } from './steady-state.ts';

/** Printed with six digits or so by another program that solves the same discretised problem. */
const PRINTED = 1e-7;

function setup(changes: object = {}) {
  return hankSetup(hankCalibration.parse(changes));
}

describe('one period', () => {
  const model = setup();
  const prices = solverEconomy(model);

  it('utility is that of consumption less the pains of work, and hours are where they balance', () => {
    const tastes = { riskAversion: 2, labourCurvature: 2, labourWeight: 0.8 };
    expect(utility(tastes, 1, 0)).toBeCloseTo(0, 15);
    expect(utility(tastes, 2, 1)).toBeCloseTo(0.5 - 0.8 / 3, 12);
    const [c, pay] = [0.7, 0.9];
    const n = hoursOf(tastes, c ** -2, pay);
    // At the optimum an hour more, eaten, changes nothing.
    const slope = (utility(tastes, c + 1e-6 * pay, n + 1e-6) - utility(tastes, c, n)) / 1e-6;
    expect(Math.abs(slope)).toBeLessThan(1e-5);
    expect(hoursOf({ riskAversion: 1, labourCurvature: 1, labourWeight: 1 }, 2, 0.4)).toBeCloseTo(0.8, 14);
  });

  it('dividends, wages and what changing prices costs make up output', () => {
    const at = { wage: 0.8, z: 1.1, inflation: 0.02, output: 1.3 };
    const paid = dividendOf(prices, at) + (at.wage * at.output) / at.z;
    expect(paid + costShare(prices, 0.02) * at.output).toBeCloseTo(at.output, 14);
    expect(costShare(prices, 0.02)).toBeCloseTo(50 * 0.02 ** 2, 14);
    expect(realReturn(1.05, 0.05)).toBeCloseTo(1, 14);
  });

  it('the Phillips curve holds at rest, and prices rise more where the wage is higher', () => {
    const still = { wage: 0.9, z: 1, inflation: 0, output: 1 };
    const next = { inflation: 0, output: 1, realReturn: 1.02 };
    expect(Math.abs(phillipsResidual(prices, still, next))).toBeLessThan(1e-15);
    expect(phillipsResidual(prices, { ...still, wage: 0.95 }, next)).toBeCloseTo(-0.005, 12);
  });

  it('names bonds that do not fit', () => {
    expect(() => setup({ bonds: 60 })).toThrow(/bonds are 60 per household and the grid ends at 100/);
  });
});

describe('rest of the paper with its own incomes, of mean 1.027', () => {
  const found = hankSteadyState(setup(hankCalibrations.raw));

  it('pays 2.35252 percent at a wage of .8993410, with output .996371', () => {
    expect(found.converged).toBe(true);
    expect(Math.abs(found.R - 1.0235252)).toBeLessThan(PRINTED);
    expect(Math.abs(found.inflation + 0.00287558)).toBeLessThan(PRINTED);
    expect(Math.abs(found.wage - 0.899341)).toBeLessThan(PRINTED);
    expect(Math.abs(found.output - 0.996371)).toBeLessThan(1e-6);
    expect(Math.abs(found.consumption - 0.995959)).toBeLessThan(1e-6);
  });

  it('the middle household eats .8379, 1.0169 and 1.2922 of bonds 0, 5 and 20, and works 1.0734, .8844 and .6960 hours', () => {
    const at = (table: Float64Array, b: number): number => {
      const { assets } = found;
      let i = 0;
      while (i < assets.length - 2 && assets[i + 1] <= b) i++;
      const weight = (b - assets[i]) / (assets[i + 1] - assets[i]);
      return (1 - weight) * table[200 + i] + weight * table[201 + i];
    };
    const printed = [
      [0, 0.8379, 1.0734],
      [5, 1.0169, 0.8844],
      [20, 1.2922, 0.696],
    ];
    for (const [b, c, n] of printed) {
      // Four digits.
      expect(Math.abs(at(found.consumptionTable, b) - c)).toBeLessThan(6e-5);
      expect(Math.abs(at(found.labourTable, b) - n)).toBeLessThan(6e-5);
    }
    // n = w y / c with log utility and eta = 1, at the limit too.
    found.labourTable.forEach((n, i) => {
      const y = [Math.exp(-0.6), 1, Math.exp(0.6)][Math.floor(i / 200)];
      expect(Math.abs((n * found.consumptionTable[i]) / (found.wage * y) - 1)).toBeLessThan(1e-12);
    });
  });
});

describe('rest and responses at the default calibration', () => {
  const model = setup();
  const found = hankSteadyState(model, { nodes: 120 });
  const linear = solveHankLinear({ ...model, bondNodes: 120 }, found, { horizon: 200 });

  it('is near the finer one with 120 nodes, and uses all goods', () => {
    expect(found.converged).toBe(true);
    expect(Math.abs(found.R - 1.0235905)).toBeLessThan(1e-4);
    const used = found.consumption + costShare(solverEconomy(model), found.inflation) * found.output;
    expect(Math.abs(found.output - used)).toBeLessThan(1e-8);
    expect(found.distribution.reduce((sum, m) => sum + m, 0)).toBeCloseTo(1, 12);
  });

  it('productivity raises output and lowers inflation; a higher rate lowers both', () => {
    const z = hankResponse(linear, model, 'productivity');
    const e = hankResponse(linear, model, 'monetary');
    expect(z.Y[0]).toBeCloseTo(0.884, 2);
    expect(z.Pi[0]).toBeCloseTo(-0.146, 2);
    expect(e.Y[0]).toBeLessThan(-0.5);
    expect(e.Pi[0]).toBeLessThan(-1);
    expect(z.z[1]).toBeCloseTo(0.9, 14);
    for (const paths of [z, e]) {
      for (const left of paths.goods) expect(Math.abs(left)).toBeLessThan(1e-8);
    }
  });

  it.each([
    ['productivity', 0.07],
    ['monetary', 0.002],
  ] as const)(
    'the Phillips curve and Walras hold along the path with curvature after a %s shock',
    (shock, size) => {
      const { converged, paths } = hankForesight(linear, model, shock, { size });
      expect(converged).toBe(true);
      const prices = solverEconomy(model);
      const level = (name: string, rest: number, t: number) => rest + paths[name][t];
      for (let t = 0; t < 20; t++) {
        const [z, e] = shock === 'productivity' ? [Math.exp(size * 0.9 ** t), 0] : [1, size * 0.9 ** t];
        expect(level('z', 1, t)).toBeCloseTo(z, 12);
        const at = (s: number) => ({
          wage: level('w', found.wage, s),
          z: level('z', 1, s),
          inflation: level('Pi', found.inflation, s),
          output: level('Y', found.output, s),
        });
        // The rule, and the Fisher equation.
        const R = (1.025 * (1 + at(t).inflation) ** 1.5 * Math.exp(e)) / (1 + at(t + 1).inflation);
        expect(level('r', found.R, t + 1)).toBeCloseTo(R, 12);
        const next = { ...at(t + 1), realReturn: R };
        expect(Math.abs(phillipsResidual(prices, at(t), next))).toBeLessThan(1e-8);
        expect(Math.abs(paths.goods[t])).toBeLessThan(1e-7);
        const { wage, output, inflation } = at(t);
        const d = (1 - wage / z - 50 * inflation ** 2) * output;
        expect(level('d', found.dividend, t)).toBeCloseTo(d, 12);
      }
    },
  );
});

describe('rest by values', () => {
  it('is 2.34914 percent on 60 nodes, as far from the policies of the Euler equation as nodes are coarse', () => {
    const model = setup();
    const found = hankSteadyStateByValues(model, { nodes: 60 });
    expect(found.converged).toBe(true);
    expect(Math.abs(100 * (found.R - 1) - 2.34914)).toBeLessThan(6e-6);
    const finer = hankSteadyState(model, { nodes: 60 });
    let most = 0;
    found.consumptionTable.forEach((c, i) => {
      // At the last node values hold savings back.
      if (found.assets[i % 60] < 20) most = Math.max(most, Math.abs(c - finer.consumptionTable[i]));
    });
    expect(most).toBeGreaterThan(1e-3);
    expect(most).toBeLessThan(0.05);
  });
});
