import { describe, expect, it } from 'vitest';
import { methods } from '../agents/index.ts';
import { execute } from '../experiment/cli/command.ts';
import { closedFormCases, closedFormCheck, solverAnswers, worldOf } from './closed-form.ts';
import {
  type Answer,
  BUDGETS,
  endogenousAnswer,
  gridAnswer,
  learnedAnswer,
  neuralAnswer,
  oracleAnswer,
  QUICK_SWEEP,
} from './closed-form-solvers.ts';

const SETTINGS = [
  {},
  { transition: 'published' },
  { discountFactor: 0.9, capitalShare: 0.5, reward: 'scaled', action: 'level' },
] as const;

/** Of an answer, the quantities that are off. */
const failing = (set: Readonly<Record<string, unknown>>, answer: Answer) =>
  closedFormCases(worldOf(set), answer)
    .filter(({ ok }) => !ok)
    .map(({ quantity }) => quantity);

const shifted = (values: Float64Array | undefined, by: number) => values?.map((value) => value + by);

describe('the check against the closed form', () => {
  it.each(SETTINGS)('holds for the oracle, the endogenous grid and both grids under %o', async (set) => {
    for (const answer of await solverAnswers(worldOf(set), { full: false })) {
      expect([answer.solver, ...failing(set, answer)]).toEqual([answer.solver]);
      expect(answer.values?.length).toBe(505);
    }
  });

  it('finds a share off by the hundred-millionth that the endogenous grid promises, and a value as far off', () => {
    const answer = endogenousAnswer(worldOf({}));
    const states = answer.states.length;
    const one = (values: Float64Array | undefined) =>
      values?.map((value, i) => value + (i === states - 1 ? 1e-8 : 0));
    expect(failing({}, { ...answer, shares: one(answer.shares) ?? answer.shares })).toEqual(['share']);
    // V is twenty times what counts in a period.
    const values = shifted(answer.values, 20e-8);
    expect(failing({}, { ...answer, ...(values && { values }) })).toEqual(['value']);
    expect(failing({}, { ...answer, converged: false })).toEqual(['share', 'value']);
    const nothing = { ...answer, states: [], shares: new Float64Array(), values: new Float64Array() };
    expect(failing({}, nothing)).toEqual(['share', 'value']);
  });

  it('finds an oracle of other rows: 0.3166981 is saved in the middle of the published chain, 0.3166667 in the other', () => {
    const published = worldOf({ transition: 'published' });
    const [share] = closedFormCases(worldOf({}), oracleAnswer(published));
    expect(share.ok).toBe(false);
    expect(Math.abs(share.max - (0.3166981 - 0.95 / 3))).toBeLessThan(5e-8);
  });

  it('finds a grid whose choices are half a node too high, and one whose value stopped ten times earlier', async () => {
    const world = worldOf({});
    const answer = await gridAnswer(world, QUICK_SWEEP);
    const [{ gate }] = closedFormCases(world, answer);
    // Half a node, over the least there is to eat: what is allowed on average is 0.35 of one.
    const half = (0.5 / 0.35) * gate.mean;
    expect(failing({}, { ...answer, shares: answer.shares.map((share) => share - half) })).toEqual(['share']);
    const early = await gridAnswer(world, { ...QUICK_SWEEP, tolerance: 1e-6 });
    expect(failing({}, early)).toEqual([]);
    expect(failing({}, { ...early, valueGate: answer.valueGate })).toContain('value');
  });

  it('reads rewards in their scale: a value of scaled rewards taken for one of logs is far off', () => {
    const answer = oracleAnswer(worldOf({ reward: 'scaled' }));
    expect(failing({}, answer)).toEqual(['value']);
    expect(failing({ reward: 'scaled' }, answer)).toEqual([]);
  });

  it('holds for everything that learns, in a second each, and fails for who has hardly begun', async () => {
    const world = worldOf({ discountFactor: 0.9 });
    const set = { discountFactor: 0.9 };
    for (const name of ['sac', 'ddpg'] as const) {
      const { quick } = BUDGETS[name];
      expect(failing(set, await learnedAnswer(world, name, quick, 1))).toEqual([]);
      const beginner = await learnedAnswer(world, name, { ...quick, steps: 50 }, 1);
      expect(failing(set, beginner)).toEqual(['share', 'value']);
    }
    const { quick } = BUDGETS['neural-grid'];
    expect(failing(set, await neuralAnswer(world, quick, 1))).toEqual([]);
    expect(failing(set, await neuralAnswer(world, { ...quick, steps: 75 }, 1))).toContain('share');
  });

  it('fails for an agent that learned under another discount factor', async () => {
    const { quick } = BUDGETS.sac;
    const settings = { ...quick.settings, discountFactor: 0.9 };
    const impatient = await learnedAnswer(worldOf({}), 'sac', { ...quick, settings }, 1);
    expect(failing({}, impatient)).toEqual(['share', 'value']);
  });

  it('knows every method but those for economies of many households', () => {
    const known = ['grid', ...Object.keys(BUDGETS)].sort();
    expect(
      Object.keys(methods)
        .filter((name) => !['classical', 'structural'].includes(name))
        .sort(),
    ).toEqual(known);
  });

  it('is a command that refuses a depreciation without a closed form, with exit code 2', async () => {
    const text = { out: '', err: '' };
    const stream = (name: 'out' | 'err') => ({
      write(part: string) {
        text[name] += part;
      },
    });
    const code = await execute(closedFormCheck, ['--set', 'depreciation=0.1'], {
      out: stream('out'),
      err: stream('err'),
    });
    expect(code).toBe(2);
    expect(text.err).toContain('there is a closed form at 1 only');
  });
});
