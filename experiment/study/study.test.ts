import { describe, expect, it } from 'vitest';
import { defineEconomy, type Economy, instantiate, type Oracle, UsageError } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { toy } from '../test-fixtures.ts';
import { baselineActors } from './baselines.ts';
import { csvText } from './csv.ts';
import { filterOf, filterText } from './filter.ts';
import { type StudyOptions, studyPolicy } from './study.ts';
import { frail } from './test-fixtures.ts';

const SMALL = { seed: 1, periods: 40, paths: 30, burnIn: 50, horizon: 12 };

/** A study of the constant half, or of the best constant where there is an oracle. */
function studied(economy: Economy, changes: Partial<StudyOptions> = {}) {
  const oracle = economy.oracle();
  const constants = oracle === undefined ? { spending: 0.5 } : {};
  return studyPolicy({
    economy,
    actors: baselineActors({ baseline: 'constant', economy, oracle, seed: 1, constants }),
    name: 'constant',
    oracle,
    ...SMALL,
    ...changes,
  });
}

const ALL_TABLES = ['paths', 'moments', 'responses', 'distribution', 'policy'];
const tablesOf = ({ tables }: ReturnType<typeof studied>) => tables.map(({ name }) => name);
const chartsOf = ({ charts }: ReturnType<typeof studied>) => charts.map(({ name }) => name);
const notesOf = ({ notes }: ReturnType<typeof studied>) => notes.join('\n');

function oracleOf(economy: Economy): Oracle {
  const oracle = economy.oracle();
  if (oracle === undefined) throw new Error(`${economy.id} has an oracle`);
  return oracle;
}

describe('a study of an economy that ends', () => {
  const mortal = studied(instantiate(frail), { periods: 200, paths: 100, burnIn: 200, horizon: 40 });

  it('has all its tables and pictures though no path lives to the end', () => {
    expect(mortal.failures).toEqual([]);
    expect(tablesOf(mortal)).toEqual(ALL_TABLES);
    expect(chartsOf(mortal)).toEqual(['paths', 'response-wealth', 'distribution', 'policy']);
    for (const table of mortal.tables) expect(csvText(table).split('\r\n').length).toBeGreaterThan(4);
    const wealth = mortal.moments?.variables.find(({ name }) => name === 'wealth');
    expect(wealth).toMatchObject({ remark: null, measure: 'log' });
    expect(wealth?.standardDeviation?.mean).toBeGreaterThan(5);
    expect(mortal.tables[4].columns[0].values).toHaveLength(100);
    expect(mortal.charts[0].caption).toContain('the first that last longest');
  });

  it('says how many ended, which of them count, and how many were born again', () => {
    const notes = notesOf(mortal);
    const count = mortal.moments?.paths;
    // 100 * 0.95^19 = 38, a standard deviation of 5; tolerance of four.
    expect(Math.abs((count ?? 0) - 38)).toBeLessThan(20);
    expect(notes).toMatch(
      /The economy ended on 100 of 100 paths, whose mean length is (1|2)\d[.\d]* periods/,
    );
    expect(notes).toContain(`Moments are of the ${count} paths of at least 20 periods, each until its end.`);
    expect(notes).toContain('The economy ended in the burn-in of 100 of 100 paths, and began anew there.');
    expect(notes).toMatch(/Responses to wealth: The economy ended on \d+ of 100 paths within 40 periods/);
    expect(mortal.charts[1].caption).toMatch(/ended on \d+ of 100 paths within 40 periods/);
    expect(mortal.charts[2].caption).toContain('each as long as the economy lasts');
  });

  it('says so too where none lives long enough for moments', () => {
    const brief = studied(instantiate(frail, { set: { hazard: 0.6 } }));
    expect(tablesOf(brief)).toEqual(ALL_TABLES);
    expect(brief.moments?.paths).toBe(0);
    expect(notesOf(brief)).toContain('No path lasts 20 periods: there are no moments but means.');
  });

  it('says nothing of ends where there are none', () => {
    const immortal = studied(instantiate(frail, { set: { hazard: 0 } }));
    expect(notesOf(immortal)).not.toContain('ended');
    expect(immortal.charts[0].caption).toContain('The first 2 of 30 paths under constant');
  });

  it('refuses a shock that ends it at once', () => {
    expect(() => studied(instantiate(frail), { shocks: [{ name: 'alive', size: -1 }] })).toThrow(
      /alive=-1 leads where the economy cannot go: frail ends at once on 30 of 30 paths\. Give a smaller one\./,
    );
  });
});

describe('a study of an economy that leaves the bounds it declares', () => {
  it('leaves out the visited states that cannot be given, with a note, and keeps the rest', () => {
    const study = studied(instantiate(frail, { set: { hazard: 0, highestSeen: 1.2 } }), {
      shocks: [{ name: 'wealth', size: -0.1 }],
    });
    expect(study.failures).toEqual([]);
    expect(tablesOf(study)).toEqual(ALL_TABLES);
    const policy = study.tables[4].columns[0].values;
    expect(policy.length).toBeGreaterThan(10);
    expect(policy.length).toBeLessThan(30);
    expect(Math.max(...Array.from(policy, Number))).toBeLessThanOrEqual(1.2);
    expect(notesOf(study)).toContain(
      `The policy is looked at in ${policy.length} of 30 visited states; the others are outside`,
    );
    expect(notesOf(study)).toMatch(/would see "wealth" at 1\.\d+, outside of \[0, 1\.2\]/);
    const [{ own }] = study.responses;
    expect(own.leftOut).toBeGreaterThan(0);
    expect(own.paths + own.leftOut).toBe(30);
    expect(notesOf(study)).toContain(`Responses to wealth: ${own.leftOut} of 30 visited states are left out`);
  });

  it('goes without policy and responses where no visited state can be given', () => {
    const study = studied(instantiate(frail, { set: { highestSeen: 1e-6 } }));
    expect(tablesOf(study)).toEqual(['paths', 'moments', 'distribution']);
    expect(study.failures.map(({ part }) => part)).toEqual(['responses to wealth', 'policy by state']);
    expect(notesOf(study)).toContain(
      'The policy by state could not be made: no visited state can be looked at',
    );
    expect(notesOf(study)).not.toContain('declares no shocks');
  });
});

/** The toy, whose reward is no number in periods after the `age`-th of a life. */
function ageing(age: number) {
  return instantiate(
    defineEconomy({
      ...toy,
      init: (context) => ({ ...toy.init(context), age: 0 }),
      step(context) {
        toy.step(context);
        context.state.age += 1;
        if (context.state.age > age) context.rewards.household[0] = Number.NaN;
      },
      oracle: (model) => {
        const oracle = toy.oracle?.(model);
        if (oracle === undefined) return undefined;
        const born = (state: object) => ({ wealth: 0, ...state, age: 0 });
        return { ...oracle, steadyState: born({}), evaluationStates: oracle.evaluationStates.map(born) };
      },
    }),
  );
}

describe('the parts of a study', () => {
  it('fail alone: without paths there are responses and the policy, and a note says why', () => {
    const study = studied(ageing(60), { shocks: [{ name: 'wealth', size: 1 }] });
    expect(tablesOf(study)).toEqual(['responses', 'policy']);
    expect(study.failures.map(({ part }) => part)).toEqual(['paths', "optimum's paths"]);
    expect(notesOf(study)).toMatch(
      /The paths could not be made, and with them moments and distribution: toy: reward of household_0 is NaN at step 61/,
    );
  });

  it('fail alone: an oracle that cannot be asked costs the policy and what is beside the actors', () => {
    const economy = instantiate(toy);
    const oracle = oracleOf(economy);
    const unable = {
      ...oracle,
      act(state: { wealth: number }) {
        throw new UsageError(`the grid ends at ${state.wealth > 0 ? 1 : -1}`);
      },
    } as unknown as Oracle;
    const study = studied(economy, { oracle: unable, shocks: [{ name: 'wealth', size: 1 }] });
    expect(tablesOf(study)).toEqual(['paths', 'moments', 'responses', 'distribution']);
    expect(study.optimalPaths).toBe(undefined);
    expect(study.responses[0].optimal).toBe(undefined);
    expect(notesOf(study)).toMatch(/The optimum's paths could not be made: the grid ends at -?1\./);
  });

  it('fail alone: a declared shock that cannot be is told of, one that was asked for is refused', () => {
    const broken = {
      ...frail,
      shocks: () => ({
        ...frail.shocks?.({ hazard: 0, highestSeen: 1 }),
        ruin: { label: 'ruin', unit: '', size: 1, apply: (state: { wealth: number }) => (state.wealth = 0) },
      }),
    } as typeof frail;
    const economy = instantiate(broken, { set: { hazard: 0 } });
    const study = studied(economy);
    expect(study.responses.map(({ own }) => own.impulse.name)).toEqual(['wealth']);
    expect(notesOf(study)).toMatch(
      /The responses to ruin could not be made: the shock ruin=1 leads where the economy cannot go: frail: reward of household_0 is -Infinity/,
    );
    expect(() => studied(economy, { shocks: [{ name: 'ruin' }] })).toThrow(UsageError);
    expect(() => studied(economy, { shocks: [{ name: 'ruin' }] })).toThrow(/Give a smaller one\.$/);
  });

  it('do not hide mistakes in a program', () => {
    const mistaken = instantiate({
      ...frail,
      info: () => {
        throw new TypeError('undefined is not a function');
      },
    });
    expect(() => studied(mistaken)).toThrow(TypeError);
  });

  it('are not begun for what was asked for and cannot be', () => {
    const economy = instantiate(frail);
    const refused = (changes: Partial<StudyOptions>) => () => studied(economy, changes);
    expect(refused({ from: 'steady' })).toThrow('no steady state is known');
    expect(refused({ paths: 0 })).toThrow('paths is 0');
    expect(refused({ reference: 'welth' })).toThrow('Did you mean "wealth"?');
    expect(refused({ shocks: [{ name: 'health' }] })).toThrow('there is no shock "health"');
  });
});

describe('the filter of moments', () => {
  const lasting = (periodsPerYear: number) => instantiate({ ...toy, periodsPerYear: () => periodsPerYear });

  it('follows the length of the period as Ravn and Uhlig (2002) find: 6.25 for years, 129600 for months', () => {
    expect([1, 4, 12].map((n) => filterOf(lasting(n), undefined).lambda)).toEqual([6.25, 1600, 129600]);
    expect(filterText(filterOf(lasting(12), undefined))).toBe(
      'HP filter, lambda 129600, for months: 1600 (12 / 4)^4, Ravn and Uhlig 2002',
    );
    for (const id of environments.ids) {
      const economy = environments.economy(id);
      const { periodsPerYear } = economy;
      // A pendulum knows no years.
      if (periodsPerYear === undefined) expect(economy.accounts()).toBeUndefined();
      else expect(filterOf(economy, undefined).lambda).toBe(1600 * (periodsPerYear / 4) ** 4);
    }
  });

  it('is that of quarters where the economy does not say, and the reader is told', () => {
    const filter = filterOf(instantiate(toy), undefined);
    expect(filter.lambda).toBe(1600);
    expect(filterText(filter)).toContain('as for quarters: toy does not say how long a period is');
    const shocks = [{ name: 'wealth', size: 1 }];
    expect(notesOf(studied(instantiate(toy), { shocks }))).toContain('toy does not say how long a period is');
    expect(notesOf(studied(lasting(1), { shocks }))).not.toContain('does not say');
    expect(studied(lasting(1), { shocks }).tables[1].title).toContain('lambda 6.25, for years');
  });

  it('is the one asked for, or none', () => {
    expect(filterText(filterOf(lasting(1), 100))).toBe('HP filter, lambda 100');
    expect(filterText(filterOf(lasting(1), 0))).toBe('no filter');
  });
});

describe('the size of a shock', () => {
  const annual = environments.economy('jesusfv/annual');

  it('is told as it was where states have no room for it, in caption, table and note', () => {
    const oracle = oracleOf(annual);
    const study = studyPolicy({
      economy: annual,
      actors: baselineActors({ baseline: 'oracle', economy: annual, oracle, seed: 1 }),
      name: 'optimal',
      oracle,
      ...SMALL,
      shocks: [{ name: 'productivity' }],
      from: 'ergodic',
      paths: 60,
    });
    const [{ own }] = study.responses;
    expect(own.unchanged).toBeGreaterThan(0);
    expect(own.applied).toBeCloseTo(1 - own.unchanged / 60, 12);
    const text = `The shock is +${Number(own.applied.toPrecision(4))} in the mean, as states had no room for +1; on ${own.unchanged} of 60 paths it changed nothing.`;
    expect(notesOf(study)).toContain(`Responses to productivity: ${text}`);
    expect(study.charts.find(({ name }) => name === 'response-productivity')?.caption).toContain(text);
    const { columns } = study.tables[2];
    expect(columns[2]).toMatchObject({ name: 'applied' });
    expect(columns[2].values[0]).toBe(own.applied);
    expect(columns[3].values[0]).toBe(own.unchanged / 60);
  });

  it('is the one asked for where all states have room', () => {
    const [{ own }] = studied(annual, {
      shocks: [{ name: 'capital', size: -0.1 }],
      from: 'ergodic',
    }).responses;
    expect(own).toMatchObject({ applied: -0.1, unchanged: 0 });
  });
});
