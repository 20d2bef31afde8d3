import { describe, expect, it } from 'vitest';
import {
  constantAgent,
  createRegistry,
  defineEconomy,
  instantiate,
  oracleAgents,
  Simulation,
} from '../../core/index.ts';
import { orchard } from '../../core/testing/orchard.ts';
import { environments } from '../../envs/index.ts';
import { toy } from '../test-fixtures.ts';
import { batchFactory, optimalActors } from './actors.ts';
import { baselineActors } from './baselines.ts';
import { livesOf, type Paths, pathOf, simulatePaths, variableOf, visitedStates } from './paths.ts';
import { frail } from './test-fixtures.ts';
import { byImportance, meanOf, quantityOf, wordsOf } from './variables.ts';

const growth = environments.economy('jesusfv/annual');
const oracle = growth.oracle();
if (oracle === undefined) throw new Error('jesusfv/annual has an oracle');
const optimum = optimalActors(growth, oracle);

function values(paths: Paths, name: string): Float64Array {
  const variable = variableOf(paths, name);
  if (variable === undefined) throw new Error(`no ${name}`);
  return variable.values;
}

const ended = defineEconomy({
  ...toy,
  id: 'bankruptcy',
  terminated: ({ state }) => state.wealth < -0.2,
});

const frailEconomy = instantiate(frail);
const frailty = {
  economy: frailEconomy,
  actors: baselineActors({
    baseline: 'constant',
    economy: frailEconomy,
    oracle: undefined,
    seed: 1,
    constants: { spending: 0.5 },
  }),
};

describe('simulated paths', () => {
  it('obey the accounts row by row: output is eaten or invested, and capital is what is left of it', () => {
    const periods = 80;
    const paths = simulatePaths({ economy: growth, actors: optimum, paths: 3, periods, burnIn: 5, seed: 1 });
    const [k, y, c, i, d] = ['capital', 'output', 'consumption', 'investment', 'depreciation'].map((name) =>
      values(paths, name),
    );
    for (let at = 0; at < k.length; at++) {
      expect(c[at] + i[at]).toBeCloseTo(y[at], 12);
      if ((at + 1) % periods !== 0) expect(k[at + 1]).toBeCloseTo((1 - d[at]) * k[at] + i[at], 12);
    }
  });

  it('go on past the episodes of learners without a reset', () => {
    const periods = 4 * growth.horizon;
    const paths = simulatePaths({
      economy: growth,
      actors: optimum,
      paths: 2,
      periods,
      burnIn: 200,
      seed: 2,
    });
    const steady = Number(oracle.steadyState.capital);
    // A reset would throw capital to somewhere between 0.5 and 1.5 times its steady state.
    expect(values(paths, 'capital').every((k) => Math.abs(k / steady - 1) < 0.1)).toBe(true);
    expect(paths.ended).toEqual([null, null]);
  });

  it('are the same for the same seed, path by path, and others for another', () => {
    const run = (seed: number, paths: number) =>
      simulatePaths({ economy: growth, actors: optimum, paths, periods: 30, burnIn: 10, seed });
    expect(run(1, 4)).toEqual(run(1, 4));
    const [all, second] = [run(1, 4), run(2, 1)].map((paths) => variableOf(paths, 'productivity'));
    if (all === undefined || second === undefined) throw new Error('no productivity');
    expect(pathOf(all, 1, 30)).toEqual(second.values);
    expect(values(run(1, 4), 'capital')).not.toEqual(values(run(9, 4), 'capital'));
  });

  it('begin where a burn-in ends', () => {
    const options = { economy: growth, actors: optimum, paths: 2, seed: 3 };
    const late = simulatePaths({ ...options, periods: 10, burnIn: 20 });
    const whole = simulatePaths({ ...options, periods: 30 });
    expect(pathOf({ ...late.variables[0] }, 1, 10)).toEqual(pathOf(whole.variables[0], 1, 30).slice(20));
    expect(late.states).toEqual(whole.states);
    expect(visitedStates({ ...options, periods: 30 })).toEqual(whole.states);
  });

  it('show a state variable as info tells it, and every name once', () => {
    const paths = simulatePaths({ economy: growth, actors: optimum, paths: 4, periods: 50, seed: 1 });
    const names = paths.variables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['capital', 'productivity', 'output', 'consumptionShare', 'reward']),
    );
    expect(Math.min(...values(paths, 'productivity'))).toBeGreaterThan(0.97);
    expect(variableOf(paths, 'productivity')).toMatchObject({
      role: 'state',
      label: 'productivity',
      unit: 'level',
    });
    expect(variableOf(paths, 'reward')).toMatchObject({ role: 'reward', label: 'reward', unit: '' });
  });

  it('take the means over the agents of each type, and leave typed arrays of the state alone', () => {
    const economy = createRegistry([orchard]).economy('orchard/stormy');
    const actors = baselineActors({
      baseline: 'constant',
      economy,
      oracle: undefined,
      seed: 1,
      constants: { 'grower.picked': 0.5, 'trader.fee': 0.1 },
    });
    const paths = simulatePaths({ economy, actors, paths: 2, periods: 7, seed: 1 });
    expect(paths.variables.map(({ name, role }) => `${role} ${name}`)).toEqual([
      'state fruit',
      'info picked',
      'action grower.picked',
      'reward grower.reward',
      'action trader.fee',
      'reward trader.reward',
    ]);
    expect(values(paths, 'grower.reward').every((x) => Math.abs(x - 0.5 * 0.9) < 1e-12)).toBe(true);
    expect(values(paths, 'trader.reward').every((x) => Math.abs(x - 0.1) < 1e-12)).toBe(true);
    // Nothing was picked before the first period.
    expect(pathOf(paths.variables[1], 0, 7).slice(0, 2)).toEqual(Float64Array.of(0, 1));
  });

  it('average over agents and not over their actions', () => {
    const block = Float64Array.of(1, 10, 3, 30);
    expect([meanOf(block, 0, 2), meanOf(block, 1, 2), meanOf(block, 0, 1)]).toEqual([2, 20, 11]);
  });

  it('say when an economy ends, and hold no values after that', () => {
    const economy = instantiate(ended);
    const actors = baselineActors({ baseline: 'random', economy, oracle: undefined, seed: 1 });
    const paths = simulatePaths({ economy, actors, paths: 40, periods: 30, burnIn: 3, seed: 1 });
    expect(paths.ended.filter((end) => end !== null).length).toBeGreaterThan(5);
    expect(livesOf(paths)).toEqual(paths.ended.map((end) => (end === null ? 30 : end + 1)));
    paths.ended.forEach((end, b) => {
      const lastRow = end ?? 29;
      for (const variable of paths.variables) {
        pathOf(variable, b, 30).forEach((x, t) => {
          expect(Number.isFinite(x)).toBe(t <= lastRow);
        });
      }
    });
  });

  it('all live when their record begins, however many ended before, as those are born again', () => {
    const burnt = simulatePaths({ ...frailty, paths: 60, periods: 5, burnIn: 100, seed: 1 });
    // 0.95^100 of them lived on.
    expect(burnt.reborn).toBeGreaterThan(50);
    expect(
      values(burnt, 'wealth')
        .filter((_, at) => at % 5 === 0)
        .every(Number.isFinite),
    ).toBe(true);
    const ends = burnt.ended.filter((end) => end !== null);
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(0);
    // 60 (1 - 0.95^5) = 13.6, a standard deviation of 3.2; tolerance of four.
    expect(Math.abs(ends.length - 13.6)).toBeLessThan(12.8);
    expect(simulatePaths({ ...frailty, paths: 3, periods: 5, seed: 1 }).reborn).toBe(0);
  });

  it('end in states that live, one for each path, which for one that ended is the last before', () => {
    const {
      ended: ends,
      states,
      variables,
    } = simulatePaths({
      ...frailty,
      ...{ paths: 50, periods: 30, burnIn: 40, seed: 2 },
    });
    expect(states).toHaveLength(50);
    expect(states.every(({ alive }) => alive === 1)).toBe(true);
    ends.forEach((end, b) => {
      if (end !== null) expect(states[b].wealth).toBe(pathOf(variables[0], b, 30)[end]);
    });
    const visited = visitedStates({ ...frailty, paths: 80, periods: 60, seed: 3 });
    expect(visited).toHaveLength(80);
    expect(visited.every(({ alive }) => alive === 1)).toBe(true);
  });

  it('hold the accounts of the period of the end, in its own last state', () => {
    const economy = instantiate({
      ...frail,
      accounts: () => ({
        entry: (before, _, after) => ({ capital: before.alive, consumption: after.alive }),
      }),
    });
    const { actors } = frailty;
    const paths = simulatePaths({ economy, actors, paths: 20, periods: 40, burnIn: 9, seed: 4 });
    paths.ended.forEach((end, b) => {
      if (end === null) return;
      expect(pathOf(paths.variables[0], b, 40)[end]).toBeGreaterThan(0);
      expect(values(paths, 'capital')[b * 40 + end]).toBe(1);
      expect(values(paths, 'consumption')[b * 40 + end]).toBe(0);
    });
    expect(paths.ended.some((end) => end !== null)).toBe(true);
  });

  it('show no agent a state in which the economy has ended', () => {
    const seen: unknown[] = [];
    const agent = constantAgent({
      actionSpace: frailty.economy.types.household.actionSpace,
      quantities: [0.5],
    });
    const household = {
      ...agent,
      act(...[input, ...rest]: Parameters<typeof agent.act>) {
        seen.push(...input.states.map(({ alive }) => alive));
        agent.act(input, ...rest);
      },
    };
    simulatePaths({
      ...frailty,
      actors: { agents: { household } },
      paths: 40,
      periods: 20,
      burnIn: 20,
      seed: 5,
    });
    expect(seen).toHaveLength(40 * 40);
    expect(seen.every((alive) => alive === 1)).toBe(true);
  });

  it('leave agents that draw as they were, with the same draws in each simulation', () => {
    const economy = instantiate(toy);
    const actors = baselineActors({ baseline: 'random', economy, oracle: undefined, seed: 4 });
    const before = actors.agents.household.save();
    const run = () => simulatePaths({ economy, actors, paths: 3, periods: 9, seed: 1 });
    const first = run();
    expect(actors.agents.household.save()).toEqual(before);
    expect(run()).toEqual(first);
    expect(new Set(values(first, 'spending')).size).toBe(27);
  });

  it('refuse sizes that are no sizes', () => {
    const run = (changes: object) => () =>
      simulatePaths({ economy: growth, actors: optimum, paths: 1, periods: 1, seed: 1, ...changes });
    expect(run({ paths: 0 })).toThrow('paths is 0; give a whole number of at least 1');
    expect(run({ periods: 1.5 })).toThrow('periods is 1.5');
    expect(run({ burnIn: -1 })).toThrow('burn-in is -1');
    expect(run({ paths: 1e5, periods: 1e5 })).toThrow('more than 10000000 rows');
  });

  it('act through the wrappers that come with the agents', () => {
    const agents = oracleAgents(growth, oracle);
    let made = 0;
    const actors = {
      agents,
      makeBatch: (options: object) => {
        made += 1;
        return new Simulation(growth, options);
      },
    };
    simulatePaths({ economy: growth, actors, paths: 1, periods: 2, seed: 1 });
    expect(made).toBe(1);
    expect(batchFactory(growth, { agents })({ copies: 2 }).copies).toBe(2);
  });
});

describe('the names of variables', () => {
  it('are the words of the name where an author gives no others', () => {
    expect(wordsOf('nextCapital')).toBe('next capital');
    expect(wordsOf('household.taxRateGDP')).toBe('household: tax rate GDP');
    expect(quantityOf(growth, 'consumptionShare')).toEqual({
      label: 'consumption share',
      unit: 'of resources',
    });
    expect(quantityOf(growth, 'firm.capital')).toEqual({ label: 'firm: capital', unit: 'units of the good' });
  });

  it('come in the order in which one looks at them', () => {
    const names = [
      ['reward', 'reward'],
      ['wages', 'info'],
      ['capital', 'state'],
      ['hours', 'action'],
      ['age', 'state'],
      ['output', 'info'],
    ] as const;
    expect(byImportance(names.map(([name, role]) => ({ name, role }))).map(({ name }) => name)).toEqual([
      'output',
      'capital',
      'age',
      'hours',
      'wages',
      'reward',
    ]);
  });
});
