/** The growth model on the grid of Aruoba and Fernández-Villaverde (2015), and on its relatives' grids. */
import { describe, expect, it } from 'vitest';
import type { Economy } from '../../core/registry.ts';
import { environments } from '../../envs/index.ts';
import { readTable } from '../../envs/jesusfv/reference/read.ts';
import { agentOf, solve } from './test-fixtures.ts';

/** Of the benchmark's public C++ program, as envs/jesusfv/reference/README.md says; changes by iteration are printed to six digits. */
const PATH: readonly (readonly [iteration: number, change: number])[] = [
  [1, 5.27416e-2],
  [10, 3.13469e-2],
  [20, 1.87035e-2],
  [50, 3.98429e-3],
  [100, 3.04623e-4],
  [150, 2.33881e-5],
  [200, 1.80355e-6],
  [250, 1.39087e-7],
  [257, 9.716035653806188e-8],
];
/** Half a unit of the sixth digit. */
const PRINTED = 5.1e-6;

const reference = readTable(new URL('../../envs/jesusfv/reference/value-iteration.csv', import.meta.url));

function economyOf(id: string, set: Readonly<Record<string, unknown>> = {}): Economy {
  return environments.economy(id, set);
}

/** Indices of the chosen nodes, and values. */
function solution(economy: Economy, method: 'sweep' | 'accelerated') {
  const agent = agentOf(economy, { method });
  const changes = solve(agent);
  const { solver } = agent.save() as {
    readonly solver: { readonly fine: { readonly value: Float64Array; readonly choice: Int32Array } };
  };
  return { agent, changes, ...solver.fine };
}

describe('the sweep on the benchmark as published', () => {
  const economy = economyOf('jesusfv', { transition: 'published' });
  const { agent, changes, value, choice } = solution(economy, 'sweep');
  const nodes = 17_820;
  const low = reference[0].k;

  it('takes 257 iterations on 17,820 points along the published path, and finds the printed check value', () => {
    const report = agent.report?.();
    expect(changes.length).toBe(257);
    for (const [iteration, change] of PATH)
      expect(Math.abs(changes[iteration - 1] / change - 1)).toBeLessThan(PRINTED);
    expect(value.length).toBe(5 * nodes);
    expect(report?.json).toMatchObject({
      iterations: 257,
      lastChange: changes[256],
      check: { capitalIndex: 999, productivityIndex: 2 },
    });
    const check = report?.json.check as { readonly nextCapital: number } | undefined;
    expect(Math.abs((check?.nextCapital ?? 0) - 0.146549143696)).toBeLessThan(1e-9);
  });

  it('has the values and policies of the public C++ program at all 190 stored points', () => {
    expect(reference.length).toBe(190);
    for (const row of reference) {
      const at = row.z_index * nodes + row.capital_index;
      // The program's capital share has eleven digits; the sum of 257 rewards differs by no more.
      expect(Math.abs(value[at] - row.value)).toBeLessThan(1e-9);
      expect(Math.abs(low + 1e-5 * choice[at] - row.policy_kprime)).toBeLessThan(1e-9);
    }
  });
});

describe('the accelerated method', () => {
  it.each([
    ['jesusfv', { transition: 'published' }],
    ['jesusfv', {}],
    ['jesusfv/annual', {}],
    ['jesusfv-extended', {}],
    ['jesusfv-extended/markov', {}],
  ])('chooses the same nodes as the sweep, or their neighbours, on %s %o', (id, set) => {
    const economy = economyOf(id, set);
    const swept = solution(economy, 'sweep');
    const { agent, changes, choice, value } = solution(economy, 'accelerated');
    expect(agent.converged).toBe(true);
    expect(changes.length).toBeLessThan(15);
    let apart = 0;
    let gap = 0;
    choice.forEach((node, i) => {
      apart = Math.max(apart, Math.abs(node - swept.choice[i]));
      gap = Math.max(gap, Math.abs(value[i] - swept.value[i]));
    });
    expect(apart).toBeLessThanOrEqual(1);
    // The sweep stops 1e-7 beta / (1 - beta) = 1.9e-6 short of its limit, a little more with rows that sum to 1.0001.
    expect(gap).toBeLessThan(2e-6);
  });

  it.each(['jesusfv', 'jesusfv/annual', 'jesusfv-extended', 'jesusfv-extended/markov'])(
    'is as far from the oracle as nodes are apart, on %s',
    (id) => {
      const economy = economyOf(id);
      const agent = agentOf(economy, { method: 'accelerated' });
      solve(agent);
      const oracle = economy.oracle();
      if (oracle === undefined) throw new Error(`${id} has an oracle`);
      const states = oracle.evaluationStates;
      const actions = new Float64Array(states.length);
      agent.act({ rows: states.length, observations: new Float32Array(), states }, actions, {
        deterministic: true,
      });
      const { low, high, quantityLow, quantityHigh } = economy.types.household.actionSpace;
      const optimal = { household: new Float64Array(1) };
      const gaps = states.map((state, i) => {
        oracle.act(state, optimal);
        const share =
          quantityLow[0] + ((actions[i] - low[0]) / (high[0] - low[0])) * (quantityHigh[0] - quantityLow[0]);
        return Math.abs(share - optimal.household[0]);
      });
      // Nodes are 1e-5 of some 0.4 to 0.6 apart (annual: 1e-4 of 5); half of it, and what values on nodes add. In d, nine nodes bend the share by 3e-5.
      expect(Math.max(...gaps)).toBeLessThan(5e-5);
    },
  );

  it('uses rows as given: published ones lead to s(2) = 0.3166981 in the middle, not to alpha beta = 0.3166667', () => {
    const economy = economyOf('jesusfv', { transition: 'published' });
    const agent = agentOf(economy, { method: 'accelerated' });
    solve(agent);
    const states = Array.from({ length: 400 }, (_, i) => ({ capital: 0.1 + 0.0004 * i, productivity: 2 }));
    const actions = new Float64Array(states.length);
    agent.act({ rows: 400, observations: new Float32Array(), states }, actions, { deterministic: true });
    const { quantityLow, quantityHigh } = economy.types.household.actionSpace;
    const saved = actions.map(
      (x) => 1 - (quantityLow[0] + ((x + 1) / 2) * (quantityHigh[0] - quantityLow[0])),
    );
    const mean = saved.reduce((a, b) => a + b) / saved.length;
    // Over 400 states the distance to nodes averages out, to a twentieth of half a node or so.
    expect(Math.abs(mean - 0.3166981)).toBeLessThan(4e-6);
    expect(Math.abs(mean - 0.3166667)).toBeGreaterThan(2e-5);
  });
});
