import { describe, expect, it } from 'vitest';
import type { StatePolicy } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { referenceTable } from '../../envs/marl-bc/reference/read.ts';
import { optimalActors } from '../../experiment/study/actors.ts';
import { lawOfPath, lorenz, samplePath } from '../../experiment/study/sample-path.ts';
import { gini } from '../../numerics/statistics.ts';
import { quietResponse } from './quiet-response.ts';

describe('the responses of a policy', () => {
  it('are those computed apart from this suite, if the policy is the optimum', () => {
    const economy = environments.economy('marl-bc/rbc-typical', { households: 2 });
    const oracle = economy.oracle();
    if (oracle === undefined) throw new Error('it has an oracle');
    const policy: StatePolicy = (states) => {
      const household = new Float64Array(4 * states.length);
      states.forEach((state, s) => {
        oracle.act(state, { household: household.subarray(4 * s, 4 * s + 4) });
      });
      return { household };
    };
    const { learned, optimal } = quietResponse({
      economy,
      policy,
      name: 'optimum',
      title: '',
      shock: 0.01,
      periods: 40,
    });
    expect(learned).toEqual(optimal);
    referenceTable('rbc_n1_irf_delta0p025_shock0p01.csv')
      .slice(0, 40)
      .forEach(({ numbers }, t) => {
        // Theirs and ours rest 2e-4 apart, which hardly moves the responses: a few thousandths of a percent.
        expect(Math.abs(learned.capital[t] - numbers.K_logdev_pct)).toBeLessThan(0.01);
        expect(Math.abs(learned.output[t] - numbers.Y_logdev_pct)).toBeLessThan(0.01);
        expect(Math.abs(learned.consumption[t] - numbers.C_logdev_pct)).toBeLessThan(0.01);
        expect(Math.abs(learned.labour[t] - numbers.L_logdev_pct)).toBeLessThan(0.01);
      });
  });
});

describe('a sample of households', () => {
  it('that goes by the classical policy follows nearly its law, the more so the larger it is', () => {
    const gaps = [20, 500].map((households) => {
      const economy = environments.economy('marl-bc/ks', { households });
      const oracle = economy.oracle();
      if (oracle === undefined) throw new Error('it has an oracle');
      const path = samplePath({
        economy,
        actors: optimalActors(economy, oracle),
        seed: 1,
        periods: 600,
        burnIn: 100,
        every: 50,
      });
      expect(path.capital).toHaveLength(601);
      expect(path.snapshots.map(({ period }) => period).slice(0, 3)).toEqual([0, 50, 100]);
      expect(path.saturatedShare).toBeLessThan(0.01);
      const { law, rSquared } = lawOfPath(path, Float64Array.of(0.98, 1.02));
      const { coefficients } = law;
      // log K' in good times at log K = 2.45, .1902 + .9252 x 2.45 in the continuum.
      expect(Math.abs(coefficients[2] + coefficients[3] * 2.45 - 2.4569)).toBeLessThan(0.005);
      return 1 - rSquared;
    });
    expect(gaps[1]).toBeLessThan(gaps[0] / 4);
  });

  it('has a Lorenz curve whose area is its Gini index', () => {
    const values = Float64Array.of(3, 1, 0, 2, 10);
    const { people, share } = lorenz(values);
    expect([share[0], share[5]]).toEqual([0, 1]);
    let area = 0;
    for (let i = 1; i <= 5; i++) area += (people[i] - people[i - 1]) * (share[i] + share[i - 1]);
    expect(1 - area).toBeCloseTo(gini(values), 14);
  });
});
