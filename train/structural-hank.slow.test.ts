import { describe, expect, it } from 'vitest';
import { learnHank } from '../bench/structural-hank.ts';
import { hankCalibrations } from '../envs/hank/calibration.ts';
import { hankSteadyStateByValues } from '../envs/hank/steady-state.ts';

/** Gates of the issue: on the rate (points), on the wage, relative on slopes, over the peak on responses, of B on bonds. */
const REST = { rate: 5e-5, wage: 5e-4 } as const;
const PREDICTABLE = 0.15;
const SLOPES = { output: 0.1, consumption: 0.1, inflation: 0.15, wage: 0.2 } as const;
const RESPONSES = {
  output: 0.15,
  consumption: 0.15,
  inflation: 0.18,
  interestRate: 0.18,
  wage: 0.22,
} as const;
const BONDS = 1e-6;

describe('structural learning on hank', () => {
  it('without shocks comes to value iteration on the same nodes', () => {
    const { study } = learnHank({ economy: hankCalibrations['without-risk'], seed: 1 });
    const { rest, model, setup } = study;
    const same = hankSteadyStateByValues(model, { nodes: setup.assets.length });
    const last = rest.wage.length - 1;
    expect(Math.abs(rest.interestRate[last] - (same.R - 1))).toBeLessThan(REST.rate);
    expect(Math.abs(rest.wage[last] - same.wage)).toBeLessThan(REST.wage);
  });

  it.each([1, 2, 3, 4, 5])('learns the Phillips curve and the responses to productivity, seed %i', (seed) => {
    const { simulated, responses, setup } = learnHank({ seed }).study;
    if (simulated === undefined) throw new Error('nothing moved.');
    const { learned, linear, predictable } = simulated;
    expect(predictable.wage).toBeLessThan(PREDICTABLE);
    for (const name of ['output', 'consumption', 'inflation', 'wage'] as const) {
      const off = (learned[name].slopes.productivity ?? 0) / (linear[name].slopes.productivity ?? 0) - 1;
      expect(Math.abs(off)).toBeLessThan(SLOPES[name]);
    }
    const [toProductivity] = responses;
    for (const name of ['output', 'consumption', 'inflation', 'interestRate', 'wage'] as const) {
      expect(toProductivity.gaps[name]).toBeLessThan(RESPONSES[name]);
    }
    expect(simulated.largestBondGap).toBeLessThan(BONDS * setup.bonds);
    expect(simulated.missedShare).toBe(0);
  });
});
