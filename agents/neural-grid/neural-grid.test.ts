import { beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../core/agent.ts';
import { NonFiniteError, UsageError } from '../../core/errors.ts';
import type { Backend } from '../../core/method.ts';
import { type Economy, instantiate } from '../../core/registry.ts';
import { centralBank, optimalRule } from '../../core/testing/central-bank.ts';
import { village } from '../../core/testing/village.ts';
import { environments } from '../../envs/index.ts';
import { neuralGrid } from './index.ts';
import type { NeuralGridSettings } from './settings.ts';
import { backends, bank, optionsFor } from './test-fixtures.ts';

let all: Awaited<ReturnType<typeof backends>>;
beforeAll(async () => {
  all = await backends();
});

const SMALL: Readonly<Partial<NeuralGridSettings>> = { hidden: '8', batchSize: 16 };

function agentOf(
  economy: Economy,
  own: Parameters<typeof optionsFor>[2] & { readonly backend?: Backend } = {},
): Agent {
  const { backend = all.kernels, ...rest } = own;
  return neuralGrid.create(optionsFor(economy, backend, rest));
}

function learn(agent: Agent, updates: number): Agent {
  for (let i = 0; i < updates; i++) agent.update?.();
  return agent;
}

/** Quantities at states of an economy with one agent and one action. */
function quantitiesAt(
  economy: Economy,
  agent: Agent,
  raw: readonly (readonly number[])[],
): readonly number[] {
  const states = raw.map((row) => economy.domain()?.fromCoordinates(row) ?? {});
  const [{ actionSpace }] = Object.values(economy.types);
  const actions = new Float64Array(states.length);
  agent.act({ rows: states.length, observations: new Float32Array(0), states }, actions, {
    deterministic: true,
  });
  const [low, high] = [actionSpace.low[0], actionSpace.high[0]];
  const [from, to] = [actionSpace.quantityLow[0], actionSpace.quantityHigh[0]];
  return [...actions].map((a) => from + ((to - from) * (a - low)) / (high - low));
}

describe('a neural grid', () => {
  it.each(['kernels', 'tensor'] as const)(
    'goes on from a checkpoint as if it had not stopped, through every stage, and repeats itself with its seed (%s)',
    (kind) => {
      const backend = all[kind];
      const settings = { ...SMALL, coldStartActor: 3, coldStartCritic: 3 };
      const make = (seed: number) => agentOf(bank, { backend, settings, steps: 10, seed });
      for (const stop of [2, 5, 8]) {
        const whole = learn(make(1), stop);
        const resumed = make(2);
        resumed.load(structuredClone(whole.save()));
        expect(learn(resumed, 3).save()).toEqual(learn(whole, 3).save());
      }
      expect(learn(make(1), 8).save()).toEqual(learn(make(1), 8).save());
      expect(learn(make(1), 8).save()).not.toEqual(learn(make(2), 8).save());
    },
  );

  it.each([
    ['share', 0.5],
    ['level', 0.5],
  ] as const)('that has been started cold eats half of what there is, asked for as a %s', (action, share) => {
    const economy = environments.economy('jesusfv', { action });
    const settings = { hidden: '32x32', coldStartActor: 300, coldStartCritic: 0, learningRate: 0.01 };
    const agent = learn(agentOf(economy, { settings, steps: 300 }), 300);
    const capital = [0.05, 0.1, 0.2, 0.5, 1];
    const found = quantitiesAt(
      economy,
      agent,
      capital.map((k) => [k, 2]),
    );
    // At z = 1 and full depreciation there is k^(1/3) to eat.
    const expected = capital.map((k) => (action === 'share' ? share : share * Math.cbrt(k)));
    // In level mode a curve is fitted in 300 updates.
    expected.forEach((quantity, i) => {
      expect(Math.abs(found[i] - quantity)).toBeLessThan(0.02);
    });
  });

  it('may start at the optimum', () => {
    const settings = { hidden: '16', coldStart: 'oracle', coldStartActor: 200, learningRate: 0.02 } as const;
    const agent = learn(agentOf(bank, { settings, steps: 200 }), 200);
    const { response } = optimalRule(centralBank.calibration.parse({}));
    const found = quantitiesAt(bank, agent, [[-1], [1]]);
    expect(Math.abs(found[0] + response)).toBeLessThan(0.05);
    expect(Math.abs(found[1] - response)).toBeLessThan(0.05);
  });

  it('without a cold start learns from the first update, as it was drawn', () => {
    const metrics = agentOf(bank, { settings: { ...SMALL, coldStart: 'none' } }).update?.();
    expect(Object.keys(metrics ?? {})).toEqual(
      expect.arrayContaining(['criticLoss', 'meanQ', 'penalty', 'bellmanResidual']),
    );
    const cold = agentOf(bank, { settings: SMALL }).update?.();
    expect(Object.keys(cold ?? {})).toEqual(['imitationLoss']);
  });

  it('finds the saving share of full depreciation from levels as well as from shares', () => {
    const economy = environments.economy('jesusfv', { action: 'level' });
    const settings = {
      hidden: '16x16',
      batchSize: 64,
      learningRate: 0.01,
      coldStartActor: 50,
      coldStartCritic: 25,
    };
    const agent = learn(agentOf(economy, { settings, steps: 300 }), 300);
    const found = quantitiesAt(economy, agent, [
      [0.1, 2],
      [0.5, 2],
    ]);
    // c = (1 - alpha beta) k^alpha; half of that to begin with would be off by 0.085 and 0.145.
    expect(Math.abs(found[0] - (1 - 0.95 / 3) * Math.cbrt(0.1))).toBeLessThan(0.03);
    expect(Math.abs(found[1] - (1 - 0.95 / 3) * Math.cbrt(0.5))).toBeLessThan(0.03);
  });

  it('tells its distance to the oracle over all states drawn, and how well its value solves the Bellman equation', () => {
    const { json, tables = [] } = agentOf(bank, { settings: { ...SMALL, coldStart: 'none' } }).report?.() ?? {
      json: {},
    };
    // As drawn it hardly responds to inflation. The mean of k |p| over 97 equally spaced p in [-2, 2] is k 49/48.5 = 1.0103 k = 0.560.
    const { response } = optimalRule(centralBank.calibration.parse({}));
    const { wide, bellman } = json as Record<'wide' | 'bellman', Record<string, unknown>>;
    expect(Math.abs(Number(wide.policyGap) - response * (49 / 48.5))).toBeLessThan(0.1);
    expect(wide.range).toEqual({ inflation: [-2, 2] });
    expect(Number(bellman.max)).toBeGreaterThan(Number(bellman.mean));
    const columns = tables[0].columns.map(({ name, values }) => `${name} ${values.length}`);
    expect(columns).toEqual(['inflation 97', 'rate 97', 'optimal.rate 97', 'value 97', 'bellmanResidual 97']);
  });
});

describe('a neural grid that cannot be', () => {
  const message = (economy: Economy, own: Parameters<typeof agentOf>[1] = {}) => {
    try {
      agentOf(economy, own);
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
    return 'none';
  };

  it('says what the economy lacks', () => {
    const without = (...names: readonly string[]) =>
      instantiate(
        Object.fromEntries(
          Object.entries(centralBank).filter(([name]) => !names.includes(name)),
        ) as unknown as typeof centralBank,
      ) as unknown as Economy;
    expect(message(without('tensor'))).toMatch(/central-bank has no `tensor`/);
    expect(message(without('domain'))).toMatch(/central-bank has no `domain`/);
    const mortal = { ...centralBank, terminated: () => false } as typeof centralBank;
    expect(message(instantiate(mortal) as unknown as Economy)).toMatch(/can end.*use grid/);
    const renamed = {
      ...centralBank,
      domain: () => ({
        axes: [{ kind: 'finite' as const, name: 'prices', values: [0] }],
        toCoordinates: () => [0],
        fromCoordinates: () => ({ inflation: 0 }),
      }),
    } as unknown as typeof centralBank;
    expect(message(instantiate(renamed) as unknown as Economy)).toMatch(
      /domain` are prices, those of its `tensor` twin inflation/,
    );
    expect(message(without('oracle'), { settings: { coldStart: 'oracle' } })).toMatch(/use "half"/);
    expect(message(instantiate(village) as unknown as Economy)).toMatch(/several agents/);
    const { tensors: _, ...backend } = all.kernels;
    expect(message(bank, { backend })).toMatch(/no tfjs/);
  });

  it('stops where the model gives no number, and names the state', () => {
    const wide = instantiate({
      ...centralBank,
      domain: (model) => ({
        ...centralBank.domain?.(model),
        axes: [{ kind: 'finite', name: 'inflation', values: [1e30] }],
        toCoordinates: ({ inflation }) => [inflation],
        fromCoordinates: (row) => ({ inflation: row[0] }),
      }),
    }) as unknown as Economy;
    const agent = agentOf(wide, { settings: { ...SMALL, coldStart: 'none' } });
    // The square of 1e30 is beyond float32.
    expect(() => agent.update?.()).toThrow(NonFiniteError);
    expect(() => agent.update?.()).toThrow(/rewards is -Infinity at inflation 1e\+30 under rate/);
  });

  it('does not act where the state is no number', () => {
    const agent = agentOf(bank, { settings: SMALL });
    expect(() => quantitiesAt(bank, agent, [[0], [Number.NaN]])).toThrow(/"rate" of row 1 is NaN/);
  });
});
