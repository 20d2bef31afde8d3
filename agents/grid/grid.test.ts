import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEconomy } from '../../core/economy.ts';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { box } from '../../core/spaces.ts';
import { centralBank, optimalRule } from '../../core/testing/central-bank.ts';
import { orchard } from '../../core/testing/orchard.ts';
import { environments } from '../../envs/index.ts';
import { growthDomain } from '../../envs/jesusfv/domain.ts';
import { jesusfv } from '../../envs/jesusfv/economy.ts';
import { agentOf, solve } from './test-fixtures.ts';

type Actor = ReturnType<typeof agentOf>;

/** Quantities that an agent of one action chooses at states. */
function chosen(agent: Actor, economy: Economy, states: readonly Record<string, number>[]): Float64Array {
  const actions = new Float64Array(states.length);
  agent.act({ rows: states.length, observations: new Float32Array(), states }, actions, {
    deterministic: true,
  });
  const { low, high, quantityLow, quantityHigh } = Object.values(economy.types)[0].actionSpace;
  return actions.map(
    (x) => quantityLow[0] + ((x - low[0]) / (high[0] - low[0])) * (quantityHigh[0] - quantityLow[0]),
  );
}

/** The growth model with some of what it tells of itself changed. */
function growth(
  change: (domain: ReturnType<typeof growthDomain>) => ReturnType<typeof growthDomain> | undefined,
): Economy {
  const domain = (model: Parameters<typeof growthDomain>[0]) => change(growthDomain(model));
  return instantiate({ ...jesusfv, domain });
}

/** Of a domain all but `saving`. */
const withoutSaving = ({ axes, toCoordinates, fromCoordinates }: ReturnType<typeof growthDomain>) => ({
  axes,
  toCoordinates,
  fromCoordinates,
});

/** A share 1 - alpha beta is eaten in every state. */
const SHARE = 1 - 0.95 / 3;
const capitals = [0.1, 0.13, 0.17, 0.2, 0.24, 0.26];
const states = capitals.flatMap((capital) => [0, 2, 4].map((productivity) => ({ capital, productivity })));

describe('an economy that saves', () => {
  const economy = instantiate(jesusfv);

  it('is acted in by the policy between nodes, and by the share saved at the end beyond the ends', () => {
    const agent = agentOf(economy, { nodes: 400 });
    solve(agent);
    // Nodes 4.5e-4 apart, of resources from 0.44 to 0.66: half of it is a share of 5e-4.
    for (const share of chosen(agent, economy, states)) expect(Math.abs(share - SHARE)).toBeLessThan(7e-4);
    const far = [0.02, 0.05, 0.5, 1, 2].map((capital) => ({ capital, productivity: 1 }));
    for (const share of chosen(agent, economy, far)) expect(Math.abs(share - SHARE)).toBeLessThan(7e-4);
  });

  it.each(['sweep', 'accelerated'] as const)('goes on from a save exactly where it was (%s)', (method) => {
    const whole = agentOf(economy, { nodes: 300, method });
    const changes = solve(whole);
    for (const stop of [0, 2, changes.length - 1]) {
      const first = agentOf(economy, { nodes: 300, method });
      for (let n = 0; n < stop; n++) first.update?.();
      const resumed = agentOf(economy, { nodes: 300, method });
      resumed.load(structuredClone(first.save()));
      expect(chosen(resumed, economy, states)).toEqual(chosen(first, economy, states));
      expect(solve(resumed)).toEqual(changes.slice(stop));
      expect(resumed.save()).toEqual(whole.save());
      expect(resumed.report?.()).toEqual(whole.report?.());
    }
  });

  it('refuses what was saved on another grid', () => {
    const saved = agentOf(economy, { nodes: 300, method: 'sweep' }).save();
    expect(() => agentOf(economy, { nodes: 301, method: 'sweep' }).load(saved)).toThrow(RestoreError);
    const coarse = agentOf(economy, { nodes: 30 }).save();
    expect(() => agentOf(economy).load(coarse)).toThrow(RestoreError);
  });

  it('finds the same policy in small steps of the discount factor towards one', () => {
    const patient = instantiate(jesusfv, { set: { discountFactor: 0.999 } });
    const agent = agentOf(patient, { nodes: 2000 });
    expect(solve(agent).length).toBeLessThan(20);
    for (const share of chosen(agent, patient, states))
      expect(Math.abs(share - (1 - 0.999 / 3))).toBeLessThan(3e-4);
  });

  it('is told where what it says of its saving is not what it does', () => {
    const lying = growth((domain) => {
      const { saving } = domain;
      if (saving === undefined) throw new Error('the growth model saves');
      return { ...domain, saving: { ...saving, reward: (m, next) => 2 * saving.reward(m, next) } };
    });
    expect(() => agentOf(lying)).toThrow(
      /jesusfv: the domain's `saving` says that the reward is .* leave it out/,
    );
    const elsewhere = growth((domain) => {
      const { saving } = domain;
      if (saving === undefined) throw new Error('the growth model saves');
      return {
        ...domain,
        saving: { ...saving, quantities: (state, next, to) => saving.quantities(state, 0.9 * next, to) },
      };
    });
    expect(() => agentOf(elsewhere)).toThrow(UsageError);
  });
});

describe('an economy that does not say how it saves', () => {
  it('chooses among actions, and eats the share of the closed form', () => {
    const economy = growth(withoutSaving);
    const agent = agentOf(economy, { nodes: 41 });
    expect(solve(agent).length).toBeLessThan(20);
    for (const share of chosen(agent, economy, states)) expect(Math.abs(share - SHARE)).toBeLessThan(2e-5);
    expect(agent.report?.().json).not.toHaveProperty('check');
  });

  it('is gone on with from a save exactly', () => {
    const economy = growth(withoutSaving);
    const settings = { nodes: 12, tolerance: 1e-5 };
    const whole = agentOf(economy, settings);
    const changes = solve(whole);
    const first = agentOf(economy, settings);
    first.update?.();
    const resumed = agentOf(economy, settings);
    resumed.load(structuredClone(first.save()));
    expect(solve(resumed)).toEqual(changes.slice(1));
    expect(resumed.save()).toEqual(whole.save());
  });

  it('has a grid derived from random play where it has no domain: few values are finite, many a range', () => {
    const economy = growth(() => undefined);
    const agent = agentOf(economy, { nodes: 41 });
    solve(agent);
    const facts = Object.fromEntries(agent.report?.().facts ?? []);
    expect(facts.grid).toContain('41 capital x 5 productivity');
    expect(facts['grid of']).toContain('random play');
    for (const share of chosen(agent, economy, states)) expect(Math.abs(share - SHARE)).toBeLessThan(1e-3);
  });
});

describe('a central bank', () => {
  it('follows the rule that is known in closed form, from its own fields alone', () => {
    const economy = instantiate(centralBank);
    const agent = agentOf(economy);
    solve(agent);
    const inflations = [-1, -0.5, 0, 0.3, 1];
    const { response } = optimalRule(centralBank.calibration.parse({}));
    const rates = chosen(
      agent,
      economy,
      inflations.map((inflation) => ({ inflation })),
    );
    // Cubics reproduce a quadratic value; what is left comes from where the grid and the rates end.
    rates.forEach((rate, i) => {
      expect(Math.abs(rate - response * inflations[i])).toBeLessThan(2e-3);
    });
  });
});

/** A store sells one unit a day if it has one and a customer comes (chance 1/2), and orders up to one at a cost. */
const store = defineEconomy({
  id: 'store',
  version: 1,
  title: 'A store',
  calibration: z.strictObject({}),
  model: () => ({}),
  discountFactor: () => 0.9,
  horizon: () => 20,
  types: () => ({
    owner: { count: 1, observationSpace: box({ stock: [0, 1] }), actionSpace: box({ chance: [0, 1] }) },
  }),
  init: ({ rng }) => ({ stock: rng.integer(2) }),
  observe({ state }, { owner }) {
    owner[0] = state.stock;
  },
  step({ state, actions, rewards, rng }) {
    rewards.owner[0] = 0.5 * state.stock - 0.1 * actions.owner[0];
    if (state.stock === 1) state.stock = rng.uniform() < 0.5 ? 0 : 1;
    else state.stock = rng.uniform() < actions.owner[0] ? 1 : 0;
  },
  enumerable: () => ({
    rewards: ({ stock }, { owner: [chance] }) => ({ owner: Float64Array.of(0.5 * stock - 0.1 * chance) }),
    successors({ stock }, { owner: [chance] }) {
      const full = stock === 1 ? 0.5 : chance;
      return [
        { probability: full, state: { stock: 1 } },
        { probability: 1 - full, state: { stock: 0 } },
      ].filter(({ probability }) => probability > 0);
    },
  }),
});

describe('a store', () => {
  /**
   * Full, V1 = 0.5 + 0.9 (V0 + V1) / 2 (and it orders nothing); empty, it orders for sure, V0 = -0.1 + 0.9 V1. So
   * 0.55 V1 = 0.5 + 0.45 V0 = 0.455 + 0.405 V1, V1 = 0.455 / 0.145 = 3.13793 and V0 = 2.72414; ordering is worth 0.9 (V1 - V0) - 0.1 > 0.
   */
  it('orders when it is empty and only then', () => {
    const economy = instantiate(store);
    const agent = agentOf(economy);
    solve(agent);
    expect(
      [...chosen(agent, economy, [{ stock: 0 }, { stock: 1 }])].map((x) => Number(x.toFixed(6))),
    ).toEqual([1, 0]);
    const { solver } = agent.save() as { readonly solver: { readonly value: Float64Array } };
    // Values times 1 - beta; known to the tolerance over 1 - beta.
    expect(solver.value[0]).toBeCloseTo(0.272414, 6);
    expect(solver.value[1]).toBeCloseTo(0.313793, 6);
  });
});

/** Brock and Mirman's (1972) economy without risk, as a user might write it: k' = alpha beta k^alpha. */
const [alpha, beta] = [0.4, 0.9];
const island = defineEconomy({
  id: 'island',
  version: 1,
  title: 'An island',
  calibration: z.strictObject({}),
  model: () => ({}),
  discountFactor: () => beta,
  horizon: () => 20,
  types: () => ({
    robinson: { count: 1, observationSpace: box({ corn: [0, 1] }), actionSpace: box({ eaten: [0.001, 1] }) },
  }),
  init: () => ({ corn: 0.2 }),
  observe({ state }, { robinson }) {
    robinson[0] = state.corn;
  },
  step({ state, actions, rewards }) {
    rewards.robinson[0] = Math.log(actions.robinson[0]);
    state.corn = state.corn ** alpha - actions.robinson[0];
  },
  enumerable: () => ({
    rewards: (_, { robinson: [eaten] }) => ({ robinson: Float64Array.of(Math.log(eaten)) }),
    successors: ({ corn }, { robinson: [eaten] }) => [
      { probability: 1, state: { corn: corn ** alpha - eaten } },
    ],
  }),
  domain: () => ({
    axes: [{ kind: 'continuous', name: 'corn', low: 0.05, high: 0.4, nodes: 3501 }],
    toCoordinates: ({ corn }) => [corn],
    fromCoordinates: (row) => ({ corn: row[0] }),
    saving: {
      available: ({ corn }) => corn ** alpha,
      reward: (m, next) => (m - next >= 0.001 ? Math.log(m - next) : Number.NEGATIVE_INFINITY),
      quantities({ corn }, next, { robinson }) {
        robinson[0] = corn ** alpha - next;
      },
    },
  }),
});

describe('an island with one coordinate and no risk', () => {
  it.each(['sweep', 'accelerated'])('leaves the share alpha beta of its corn (%s)', (method) => {
    const economy = instantiate(island);
    const agent = agentOf(economy, { method });
    solve(agent);
    const corns = [0.06, 0.1, 0.2, 0.35];
    const eaten = chosen(
      agent,
      economy,
      corns.map((corn) => ({ corn })),
    );
    eaten.forEach((quantity, i) => {
      // Nodes are 1e-4 apart.
      expect(Math.abs(quantity - (1 - alpha * beta) * corns[i] ** alpha)).toBeLessThan(1e-4);
    });
    const report = agent.report?.();
    const check = report?.json.check as { readonly nextCapital: number; readonly productivityIndex: number };
    expect(check.productivityIndex).toBe(0);
    expect(Math.abs(check.nextCapital - alpha * beta * 0.1499 ** alpha)).toBeLessThan(1e-4);
  });
});

describe('values with kinks', () => {
  it('are interpolated linearly once cubics do not settle, and the report says so', () => {
    // The rod that swings up falls to one side or the other, and its speed is cut.
    const { domain: _, ...bare } = environments.economy('pendulum').definition;
    const settings = { nodes: 13, tolerance: 1e-4 };
    const agent = agentOf(instantiate(bare), settings);
    const changes = solve(agent);
    const first = agentOf(instantiate(bare), settings);
    for (let n = 0; n < changes.length - 3; n++) first.update?.();
    const resumed = agentOf(instantiate(bare), settings);
    resumed.load(structuredClone(first.save()));
    expect(solve(resumed)).toEqual(changes.slice(-3));
    expect(resumed.save()).toEqual(agent.save());
    const facts = Object.fromEntries(agent.report?.().facts ?? []);
    expect(facts.grid).toContain('values linear between nodes, since cubics did not settle');
  });
});

describe('what a grid cannot do', () => {
  it('refuses games, and economies that do not list their successors, with the remedy', () => {
    expect(() => agentOf(instantiate(orchard))).toThrow(/orchard has 3 agents.*Train a learner/);
    const { enumerable: _, ...silent } = jesusfv;
    expect(() => agentOf(instantiate(silent))).toThrow(/does not list its successors; give its definition/);
  });

  it('asks for a domain where the state holds arrays', () => {
    const shelves = defineEconomy({
      ...store,
      id: 'shelves',
      init: () => ({ stock: 0, shelves: new Float64Array(3) }),
      step: ({ rewards }) => {
        rewards.owner[0] = 0;
      },
      enumerable: () => ({ rewards: () => ({ owner: new Float64Array(1) }), successors: () => [] }),
    });
    expect(() => agentOf(instantiate(shelves))).toThrow(
      /field shelves of shelves's state is an array.*domain/,
    );
  });
});
