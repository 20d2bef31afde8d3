import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../../core/agent.ts';
import { defineEconomy } from '../../core/economy.ts';
import { instantiate } from '../../core/registry.ts';
import { box } from '../../core/spaces.ts';
import { environments } from '../../envs/index.ts';
import type { BellmanResiduals } from './residuals.ts';
import { agentOf, solve } from './test-fixtures.ts';

const R = 1.02;
const [LEAST, MOST] = [0.001, 0.9];

interface Life {
  readonly incomes: readonly number[];
  readonly low: number;
  readonly nodes: number;
}

/** Saving out of assets and an income that is drawn anew in every period, as a user might write it: some is always left, and some eaten. */
const buffer = ({ incomes, low, nodes }: Life) => {
  type State = { assets: number; income: number };
  const cash = ({ assets, income }: State) => R * assets + incomes[income];
  return defineEconomy({
    id: 'buffer',
    version: 1,
    title: 'Saving for a bad period',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => 0.9,
    horizon: () => 50,
    types: () => ({
      saver: {
        count: 1,
        observationSpace: box({ cash: [0, 100] }),
        actionSpace: box({ eaten: [LEAST, MOST] }),
      },
    }),
    init: ({ rng }): State => ({ assets: rng.between(0.1, 5), income: rng.integer(incomes.length) }),
    observe({ state }, { saver }) {
      saver[0] = cash(state);
    },
    step({ state, actions, rewards, rng }) {
      const eaten = actions.saver[0] * cash(state);
      rewards.saver[0] = Math.log(eaten);
      state.assets = cash(state) - eaten;
      state.income = rng.integer(incomes.length);
    },
    enumerable: () => ({
      rewards: (state, { saver: [eaten] }) => ({ saver: Float64Array.of(Math.log(eaten * cash(state))) }),
      successors: (state, { saver: [eaten] }) =>
        incomes.map((_, income) => ({
          probability: 1 / incomes.length,
          state: { assets: (1 - eaten) * cash(state), income },
        })),
    }),
    domain: () => ({
      axes: [
        { kind: 'continuous', name: 'assets', low, high: 8, nodes },
        { kind: 'finite', name: 'income', values: incomes.map((_, i) => i) },
      ],
      toCoordinates: ({ assets, income }) => [assets, income],
      fromCoordinates: (row) => ({ assets: row[0], income: Math.round(row[1]) }),
      saving: {
        available: cash,
        reward(available, next) {
          const eaten = 1 - next / available;
          return eaten >= LEAST && eaten <= MOST ? Math.log(eaten * available) : Number.NEGATIVE_INFINITY;
        },
        quantities(state, next, { saver }) {
          saver[0] = Math.min(MOST, Math.max(LEAST, 1 - next / cash(state)));
        },
      },
    }),
  });
};

describe('saving where little can be left', () => {
  it('is believed where the nodes that can be left are few and low', () => {
    // With nothing but an income of 0.02, nodes from 0.002 to 0.01998: the fifth to the fortieth of 16,001.
    const agent = agentOf(instantiate(buffer({ incomes: [0.02, 1.5], low: 0, nodes: 16_001 })));
    const change = agent.update?.()?.change;
    expect(Number.isFinite(change)).toBe(true);
  });

  it('is solved on the fine grid alone where a state can leave no coarse node', () => {
    // From 0.0009 to 0.00899 and no coarse one: these lie 0.0032 apart, and at 0 and beyond 0.009 with a spacing that starts at 8 / 50.
    const tight = buffer({ incomes: [0.0003, 1.5], low: 0, nodes: 800_001 });
    const agent = agentOf(instantiate(tight));
    expect(Number.isFinite(agent.update?.()?.change)).toBe(true);
    const { solver } = agent.save() as {
      readonly solver: { readonly coarse: unknown; readonly fine: object };
    };
    expect(solver.coarse).toBeNull();
    expect((solver.fine as { readonly value: Float64Array }).value.every(Number.isFinite)).toBe(true);
  });

  it('is refused where nothing can be left, saying where, and not as if `saving` were wrong', () => {
    expect(() => agentOf(instantiate(buffer({ incomes: [0], low: 0, nodes: 101 })))).toThrow(
      /buffer: where 0 is available \(assets 0, income 0\), no action leaves any of the nodes 0 to 8/,
    );
  });
});

/** Stay, with 1 a period, or take 5 and go: bankrupt, there is nothing more. */
const shop = defineEconomy({
  id: 'shop',
  version: 1,
  title: 'A shop that may close',
  calibration: z.strictObject({}),
  model: () => ({}),
  discountFactor: () => 0.9,
  horizon: () => 50,
  types: () => ({
    owner: { count: 1, observationSpace: box({ open: [0, 1] }), actionSpace: box({ sold: [0, 1] }) },
  }),
  init: () => ({ open: 1 }),
  observe({ state }, { owner }) {
    owner[0] = state.open;
  },
  terminated: ({ state }) => state.open === 0,
  step({ state, actions, rewards }) {
    rewards.owner[0] = actions.owner[0] > 0.5 ? 5 : 1;
    state.open = actions.owner[0] > 0.5 ? 0 : 1;
  },
  enumerable: () => ({
    rewards: (_, { owner: [sold] }) => ({ owner: Float64Array.of(sold > 0.5 ? 5 : 1) }),
    successors: (_, { owner: [sold] }) => [{ probability: 1, state: { open: sold > 0.5 ? 0 : 1 } }],
  }),
});

describe('an economy that ends', () => {
  it.each(['sweep', 'accelerated'])('is worth nothing from then on (%s)', (method) => {
    // Staying open is worth 1 / (1 - 0.9) = 10, twice what selling brings; if a sold shop went on, selling would bring 50.
    const agent = agentOf(instantiate(shop), { method });
    solve(agent);
    const { solver } = agent.save() as { readonly solver: { readonly value: Float64Array } };
    // Values times 1 - beta, closed and open.
    expect(solver.value[0]).toBe(0);
    expect(Math.abs(solver.value[1] - 1)).toBeLessThan(1e-5);
  });
});

/** Of an agent's report. */
function residualOf(agent: Agent): BellmanResiduals {
  const bellman = agent.report?.().json.bellman;
  if (bellman === undefined) throw new Error('no residuals');
  return bellman as BellmanResiduals;
}

describe('the Bellman residual between nodes', () => {
  it('tells a coarse grid from a fine one', () => {
    const at = (nodes: number) => {
      const agent = agentOf(environments.economy('jesusfv'), { nodes });
      solve(agent);
      return residualOf(agent).mean;
    };
    expect(at(40)).toBeGreaterThan(20 * at(400));
  });

  it('is rounding and tolerance where all coordinates are finite', () => {
    const agent = agentOf(instantiate(shop));
    solve(agent);
    // 1e-7 over 1 - beta, and the same of its successor.
    expect(residualOf(agent).max).toBeLessThan(2e-6);
  });
});
