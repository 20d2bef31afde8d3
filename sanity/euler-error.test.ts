import { describe, expect, it } from 'vitest';
import { grid } from '../agents/grid/index.ts';
import type { StatePolicy } from '../core/capabilities.ts';
import { toQuantities } from '../core/quantities.ts';
import { environments } from '../envs/index.ts';
import { learn } from '../experiment/run/learn.ts';
import { casesOf, type EulerCase, type EulerSubject, nodeStates, SOLVERS, solved } from './euler-error.ts';

async function subjectOf(
  solver: keyof typeof SOLVERS,
  set: Readonly<Record<string, unknown>> = {},
  nodes = 500,
): Promise<EulerSubject> {
  const subject = await solved(environments.economy('jesusfv', set), SOLVERS[solver], { seed: 1, nodes });
  if (subject === undefined) throw new Error('one household saves in jesusfv');
  return subject;
}

const holds = (cases: readonly EulerCase[]) => cases.map(({ where, ok }) => `${where}: ${ok}`);
const EVERYWHERE = ['evaluation states', 'path', 'nodes'];

/** The same policy, its shares changed. */
function changed({ policy }: EulerSubject, change: (share: number, i: number) => number): StatePolicy {
  return (states) => ({ household: policy(states).household.map(change) });
}

describe('Euler errors of policies on a grid', () => {
  it('are the magnitudes derived for the benchmark: 2.2e-5 and 5.8e-5, under the normalised rows 3.7e-5 and 1.57e-4', async () => {
    const economy = environments.economy('jesusfv', { transition: 'published' });
    const { agents } = await learn({ economy, method: grid, settings: { method: 'sweep' } });
    const { actionSpace } = economy.types.household;
    // Without the batch of half a million copies that \`statePolicy\` would make.
    const policy: StatePolicy = (asked) => {
      const actions = new Float64Array(asked.length);
      const input = { rows: asked.length, observations: new Float32Array(), states: asked };
      agents.household.act(input, actions, { deterministic: true });
      const household = new Float64Array(asked.length);
      toQuantities(actions, household, 1, actionSpace);
      return { household };
    };
    const states = nodeStates(economy);
    expect(states.length).toBe(89_100);
    const normalised = environments.economy('jesusfv').oracle();
    // Each to half a unit of its last digit.
    for (const [judge, mean, meanDigit, max, maxDigit] of [
      [economy.oracle(), 2.2e-5, 1e-6, 5.8e-5, 1e-6],
      [normalised, 3.7e-5, 1e-6, 1.57e-4, 1e-6],
    ] as const) {
      const sizes = judge?.eulerResiduals?.(policy, states).map(Math.abs) ?? Float64Array.of(Number.NaN);
      const found = {
        mean: sizes.reduce((a, b) => a + b) / sizes.length,
        max: sizes.reduce((a, b) => Math.max(a, b)),
      };
      expect(Math.abs(found.mean - mean)).toBeLessThan(meanDigit / 2);
      expect(Math.abs(found.max - max)).toBeLessThan(maxDigit / 2);
    }
  });

  it('keep to the distance of nodes, swept and accelerated, in residuals of marginal utility as in consumption', async () => {
    for (const solver of ['sweep', 'accelerated'] as const) {
      const cases = casesOf(await subjectOf(solver));
      expect(holds(cases)).toEqual(EVERYWHERE.map((where) => `${where}: true`));
      for (const { mean, max, residual, gate } of cases) {
        // Nodes are 1e-5 apart, from half of 0.1782 on.
        expect(gate.max / (3e-5 / 0.0890991)).toBeCloseTo(1, 4);
        // e = eps / (1 + eps) differs from eps by its square.
        expect(Math.abs((residual?.max ?? 0) - max)).toBeLessThan(1.1 * max ** 2);
        expect(mean).toBeGreaterThan(1e-6);
      }
    }
  });

  it('fail for who eats a thousandth too much, is a little impatient, has not converged, or says no number', async () => {
    const subject = await subjectOf('accelerated');
    const failed = EVERYWHERE.map((where) => `${where}: false`);
    expect(holds(casesOf({ ...subject, policy: changed(subject, (share) => 1.001 * share) }))).toEqual(
      failed,
    );
    const impatient = await subjectOf('accelerated', { discountFactor: 0.9495 });
    expect(holds(casesOf({ ...impatient, oracle: subject.oracle }))).toEqual(failed);
    expect(holds(casesOf({ ...subject, converged: false }))).toEqual(failed);
    const silent: EulerSubject['oracle'] = {
      ...subject.oracle,
      eulerErrors: (_policy, states) => Float64Array.from(states, (_, i) => (i === 3 ? Number.NaN : 0)),
    };
    expect(holds(casesOf({ ...subject, oracle: silent }))).toEqual(failed);
  });

  it('fail where nothing is measured, and leave out the residual that an oracle does not tell', async () => {
    const subject = await subjectOf('accelerated');
    const mute = { ...subject.oracle, eulerErrors: () => new Float64Array() };
    expect(casesOf({ ...subject, oracle: mute }).some(({ ok }) => ok)).toBe(false);
    const { eulerResiduals: _, ...reticent } = subject.oracle;
    expect(casesOf({ ...subject, oracle: reticent }).map(({ residual, ok }) => [residual, ok])).toEqual(
      EVERYWHERE.map(() => [null, true]),
    );
  });

  it('are asked at nodes from end to end of the grid, and at every depreciation', () => {
    const states = nodeStates(environments.economy('jesusfv-extended'), 4500);
    const capitals = states.map(({ capital }) => Number(capital));
    expect(states.length).toBe(4500);
    expect(Math.min(...capitals)).toBeCloseTo(0.5 * 0.1781983, 6);
    // The last node at or below one and a half of 0.2444421.
    expect(1.5 * 0.2444421 - Math.max(...capitals)).toBeLessThan(1e-5);
    expect(new Set(states.map(({ depreciation }) => depreciation)).size).toBe(9);
    expect(new Set(states.map(({ productivity }) => productivity)).size).toBe(5);
  });

  it('are not asked of economies that no grid of savings solves', async () => {
    for (const id of ['pendulum', 'marl-bc'])
      expect(await solved(environments.economy(id), SOLVERS.accelerated, { seed: 1 })).toBeUndefined();
  });
});
