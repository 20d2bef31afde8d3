import { describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { settle, work } from './budgets.ts';
import {
  closedForm,
  hire,
  newFactors,
  steadyState,
  steadyStateWith,
  type Tastes,
  wealth,
  weightedMean,
} from './model.ts';
import { reference, referenceTable } from './reference/read.ts';

/** The file holds twelve digits. */
const GOLDEN = 1e-10;
/** Identities of float64 arithmetic, relative. */
const IDENTITY = 1e-12;

const tastes: Tastes = {
  capitalShare: 0.36,
  depreciation: 0.025,
  discountFactor: 0.95,
  riskAversion: 1,
  leisureWeight: 5,
};

const rules = { depreciation: 0.025, riskAversion: 1, consumptionFloor: 1e-6, lowest: 0.01, highest: 0.99 };

function expectNear(found: number, expected: number, tolerance = GOLDEN) {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(expected), 1e-3));
}

/** A period of the loop: who has what at its end. */
function period(input: {
  readonly A: number;
  readonly delta?: number;
  readonly riskAversion?: number;
  readonly leisureWeight?: number;
  readonly capital: readonly number[];
  readonly kappa: readonly number[];
  readonly lambda: readonly number[];
  readonly actions: readonly (readonly [share: number, labour: number])[];
}) {
  const { A, delta = 0.025, riskAversion = 1, leisureWeight = 5 } = input;
  const [kappa, lambda] = [Float64Array.from(input.kappa), Float64Array.from(input.lambda)];
  const capital = Float64Array.from(input.capital);
  const actions = Float64Array.from(input.actions.flat());
  const labour = new Float64Array(capital.length);
  const rewards = new Float64Array(capital.length);
  const L = work(lambda, actions, 0.01, 0.99, labour);
  const factors = hire(
    { ...tastes, depreciation: delta },
    A,
    weightedMean(kappa, capital, 0, 1),
    L,
    newFactors(),
  );
  const before = capital.slice();
  const all = before.map((k, i) => wealth(factors, delta, kappa[i], k, lambda[i] * labour[i]));
  settle(
    capital,
    labour,
    actions,
    2,
    kappa,
    lambda,
    factors,
    { ...rules, depreciation: delta, riskAversion },
    leisureWeight,
    rewards,
  );
  return { factors, labour, before, wealth: all, nextCapital: capital, rewards };
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('a period of MARL-BC', () => {
  it('moves every household as the golden transitions say', () => {
    const rows = referenceTable('transition_golden.csv');
    const cases = [...new Set(rows.map(({ text }) => text.case))];
    expect(cases).toHaveLength(4);
    for (const name of cases) {
      const own = rows.filter(({ text }) => text.case === name).map(({ numbers }) => numbers);
      const found = period({
        A: own[0].A,
        delta: own[0].delta,
        capital: own.map(({ k }) => k),
        kappa: own.map(({ kappa }) => kappa),
        lambda: own.map(({ lambda }) => lambda),
        actions: own.map(({ c_frac, labour }) => [c_frac, labour] as const),
      });
      own.forEach((row, i) => {
        const { factors } = found;
        expectNear(factors.capital, row.K);
        expectNear(factors.labour, row.L);
        expectNear(factors.output, row.Y);
        expectNear(factors.rent * row.kappa, row.r_i);
        expectNear(factors.wage * row.lambda, row.w_i);
        expectNear(found.wealth[i], row.wealth);
        expectNear(found.wealth[i] - found.nextCapital[i], row.consumption);
        expectNear(found.nextCapital[i], row.k_next);
        expectNear(found.rewards[i], row.reward);
      });
    }
  });

  it.each([0.5, 1, 5, 5.5, 12])(
    'pays log c + b log(1 - l), b %s, whole or not, to the ends of what actions reach',
    (b) => {
      const actions = [0.01, 0.2, 0.99].flatMap((share) => [0.01, 0.3, 0.99].map((l) => [share, l] as const));
      const alike = new Array(actions.length).fill(1);
      for (const capital of [1e-9, 1, 100]) {
        const found = period({
          A: 1,
          leisureWeight: b,
          capital: alike.map(() => capital),
          kappa: alike,
          lambda: alike,
          actions,
        });
        actions.forEach(([share, l], i) => {
          const eaten = Math.max(share * found.wealth[i], 1e-6);
          expectNear(found.rewards[i], Math.log(eaten) + b * Math.log(1 - l), IDENTITY);
        });
      }
    },
  );

  it('pays out what there is: mean wealth is Y + (1 - delta) mean k for any productivities and number of households', () => {
    const rng = createRng(1);
    for (const n of [1, 2, 9, 100]) {
      for (let draw = 0; draw < 20; draw++) {
        const list = (low: number, high: number) => Array.from({ length: n }, () => rng.between(low, high));
        const [shares, labour] = [list(0.01, 0.99), list(0.01, 0.99)];
        const found = period({
          A: rng.between(0.8, 1.2),
          capital: list(0.01, 5),
          kappa: list(0, 2),
          lambda: list(0.5, 1.5),
          actions: shares.map((share, i) => [share, labour[i]] as const),
        });
        const all = found.factors.output + 0.975 * mean(found.before);
        expectNear(mean(found.wealth), all, IDENTITY);
        const eaten = mean(found.wealth.map((a, i) => a * shares[i]));
        expectNear(eaten + mean(found.nextCapital), all, IDENTITY);
      }
    }
  });

  it('has finite rewards at the corners of actions, for any risk aversion', () => {
    for (const riskAversion of [1, 2, 3.5]) {
      for (const corner of [
        [0.01, 0.01],
        [0.01, 0.99],
        [0.99, 0.01],
        [0.99, 0.99],
      ] as const) {
        const found = period({
          A: 1,
          riskAversion,
          capital: [1e-6, 1],
          kappa: [1, 1],
          lambda: [1, 1],
          actions: [corner, corner],
        });
        for (const reward of found.rewards) expect(Number.isFinite(reward)).toBe(true);
      }
    }
  });

  it('treats households alike: in another order, outputs are in that order', () => {
    const rng = createRng(5);
    const n = 7;
    const order = rng.permutation(n);
    const list = () => Array.from({ length: n }, () => rng.between(0.1, 0.9));
    const [capital, kappa, lambda, shares, labour] = [list(), list(), list(), list(), list()];
    const run = (places: ArrayLike<number>) => {
      const at = (values: readonly number[]) => Array.from(places, (place) => values[place]);
      return period({
        A: 1,
        capital: at(capital),
        kappa: at(kappa),
        lambda: at(lambda),
        actions: Array.from(places, (place) => [shares[place], labour[place]] as const),
      });
    };
    const [plain, moved] = [run(Array.from({ length: n }, (_, i) => i)), run(order)];
    Array.from(order).forEach((place, i) => {
      expectNear(moved.nextCapital[i], plain.nextCapital[place], IDENTITY);
      expectNear(moved.rewards[i], plain.rewards[place], IDENTITY);
    });
  });

  it('pays no number for what is none: NaN is not taken for the least that may be eaten', () => {
    const both = [[0.2, 0.2] as const, [0.2, 0.2] as const];
    const found = period({ A: 1, capital: [Number.NaN, 1], kappa: [1, 1], lambda: [1, 1], actions: both });
    expect(found.rewards[0]).toBeNaN();
  });

  it('produces nothing where nobody works or saves, and pays nothing then', () => {
    expect(hire(tastes, 1, 2, 0, newFactors())).toEqual({
      capital: 2,
      labour: 0,
      output: 0,
      rent: 0,
      wage: 0,
    });
  });
});

describe('steady states of MARL-BC', () => {
  it('are those computed apart from this suite, to the last printed digits', () => {
    const table = reference.deterministic_steady_states;
    for (const [name, changes] of [
      ['KL delta=.025 beta=0.95', {}],
      ['KL_TH delta=1 beta=0.95', { depreciation: 1 }],
      ['KL delta=.025 beta=0.99', { discountFactor: 0.99 }],
      ['KL_TH delta=1 beta=0.99', { depreciation: 1, discountFactor: 0.99 }],
      ['seed, log leisure b=1', { discountFactor: 0.99, leisureWeight: 1, capitalShare: 0.33 }],
    ] as const) {
      const found = steadyState({ ...tastes, ...changes });
      const { K, L, Y, C, r, w, a, c_frac } = table[name];
      const expected = [K, L, Y, C, r, w, a, c_frac];
      const own = [found.capital, found.labour, found.output, found.consumption];
      [...own, found.rent, found.wage, found.wealth, found.share].forEach((value, i) => {
        expectNear(value, expected[i], IDENTITY);
      });
    }
    for (const [name, beta] of [
      ['KS L=1.11*.93 beta=0.95', 0.95],
      ['KS L=1.11*.93 beta=0.99', 0.99],
    ] as const) {
      const found = steadyStateWith(1.11 * 0.93, { ...tastes, discountFactor: beta });
      expectNear(found.capital, table[name].K, IDENTITY);
      expectNear(found.share, table[name].c_frac, IDENTITY);
    }
  });

  it('satisfy the condition of labour for any risk aversion, b / (1 - l) = w c^-sigma', () => {
    for (const riskAversion of [0.5, 1, 2, 5]) {
      const { labour, wage, consumption } = steadyState({ ...tastes, riskAversion });
      expectNear(5 / (1 - labour), wage * consumption ** -riskAversion, 1e-10);
    }
  });

  it('stay where they are: one period with their share and labour leaves capital unchanged', () => {
    for (const delta of [0.025, 1]) {
      const rest = steadyState({ ...tastes, depreciation: delta });
      const found = period({
        A: 1,
        delta,
        capital: [rest.capital, rest.capital],
        kappa: [1, 1],
        lambda: [1, 1],
        actions: [
          [rest.share, rest.labour],
          [rest.share, rest.labour],
        ],
      });
      expectNear(found.nextCapital[1], rest.capital, 1e-12);
    }
  });

  it('are eaten and worked for as the closed form says with full depreciation, not as the paper prints labour', () => {
    const { share, labour } = closedForm({ ...tastes, depreciation: 1 });
    const rest = steadyState({ ...tastes, depreciation: 1 });
    expectNear(share, rest.share, IDENTITY);
    expectNear(labour, rest.labour, IDENTITY);
    expectNear(labour, reference.closed_form_delta1.labour, IDENTITY);
    expect(Math.abs(labour - 0.15517)).toBeGreaterThan(0.007);
  });
});
