/** E1 to E6 and E11: what an economy's accounts of one step must add up to. */
import type { AccountsEntry, Market } from '../capabilities.ts';
import { show } from '../errors.ts';
import type { EconomyLog } from './economy-log.ts';
import { ECONOMY_CHECKS, IDENTITY_TOLERANCE, LARGEST_CLEARING_GAP } from './economy-names.ts';
import type { EconomyStep } from './economy-paths.ts';

/** Holds every law whose quantities the entry has against it. */
export function checkAccounts(entry: AccountsEntry, step: EconomyStep, log: EconomyLog): void {
  resourceConstraint(entry, step, log);
  capitalAccumulation(entry, step, log);
  clearing(entry, step, log);
  walrasLaw(entry, step, log);
  distributions(entry, step, log);
  positiveConsumption(entry, step, log);
  borrowingLimits(entry, step, log);
  factorPayments(entry, step, log);
  utility(entry, step, log);
}

/** E1: y = c + i + g + adjustment cost; a use that is not named is none. */
function resourceConstraint(entry: AccountsEntry, { step, under }: EconomyStep, log: EconomyLog): void {
  const { output, consumption } = entry;
  if (output === undefined || consumption === undefined) return;
  const uses = ['consumption', 'investment', 'government', 'adjustmentCost'] as const;
  const named = uses.filter((name) => entry[name] !== undefined);
  log.compare({
    check: ECONOMY_CHECKS.resources,
    quantity: 'output',
    found: named.reduce((sum, name) => sum + (entry[name] ?? 0), 0),
    expected: output,
    scale: largest([output, ...named.map((name) => entry[name] ?? 0)]),
    tolerance: IDENTITY_TOLERANCE,
    law: `${named.join(' + ')} = output`,
    step,
    under,
    hint: 'Something is eaten, invested or lost that was not produced, or a use of output is not in the accounts.',
  });
}

/** E2: k' = (1 - d) k + i. */
function capitalAccumulation(entry: AccountsEntry, { step, under }: EconomyStep, log: EconomyLog): void {
  const { capital, nextCapital, investment, depreciation, output = 0, consumption = 0 } = entry;
  if (capital === undefined || nextCapital === undefined) return;
  if (investment === undefined || depreciation === undefined) return;
  const expected = (1 - depreciation) * capital + investment;
  log.compare({
    check: ECONOMY_CHECKS.capital,
    quantity: "next period's capital",
    found: nextCapital,
    expected,
    // Capital is what is left of resources: a small rest keeps their rounding.
    scale: largest([capital, nextCapital, investment, output, consumption]),
    tolerance: IDENTITY_TOLERANCE,
    law: '(1 - depreciation) capital + investment = nextCapital',
    step,
    under,
    hint: 'Is depreciation applied once, to the stock of the start of the period? Is the state in float64, and all of it moved on?',
  });
}

/** E3: supply = demand in every market whose price is free. */
function clearing(
  { markets, output = 0 }: AccountsEntry,
  { step, under }: EconomyStep,
  log: EconomyLog,
): void {
  for (const [name, market] of Object.entries(markets ?? {})) {
    if (market.clearing === 'at-bound') {
      log.skip(ECONOMY_CHECKS.markets);
      continue;
    }
    const { supply, demand, tolerance = IDENTITY_TOLERANCE } = market;
    log.compare({
      check: ECONOMY_CHECKS.markets,
      quantity: `demand for ${name}`,
      found: demand,
      expected: supply,
      scale: market.scale ?? largest([supply, demand, output]),
      tolerance: Math.min(tolerance, LARGEST_CLEARING_GAP),
      law: 'demand = supply',
      step,
      under,
      hint:
        'Does the price solve this market, for these agents, in this period? A search that stops early says so by ' +
        '`tolerance`, a price at an end of its range by `clearing`.',
    });
  }
}

/** E3: sum of price (demand - supply) = 0, whether or not prices clear. */
function walrasLaw({ markets }: AccountsEntry, { step, under }: EconomyStep, log: EconomyLog): void {
  const priced = Object.values(markets ?? {}).filter(hasPrice);
  if (markets === undefined || priced.length === 0 || priced.length < Object.keys(markets).length) return;
  log.compare({
    check: ECONOMY_CHECKS.walras,
    quantity: 'value of excess demands',
    found: priced.reduce((sum, { price, supply, demand }) => sum + price * (demand - supply), 0),
    expected: 0,
    scale: largest(priced.flatMap(({ price, supply, demand }) => [price * supply, price * demand])),
    tolerance: IDENTITY_TOLERANCE,
    law: 'sum of price (demand - supply) = 0',
    step,
    under,
    hint: 'The budgets do not add up: someone receives what nobody pays, or spends what nobody receives.',
  });
}

function hasPrice(market: Market): market is Market & { readonly price: number } {
  return market.price !== undefined;
}

/** E4: masses are not negative and sum to one. */
function distributions(entry: AccountsEntry, { step, under }: EconomyStep, log: EconomyLog): void {
  for (const [name, masses] of Object.entries(entry.distributions ?? {})) {
    const at = indexOf(masses, (mass) => !(mass >= 0));
    if (at >= 0) {
      log.fail(ECONOMY_CHECKS.distributions, {
        step,
        expected: `masses of ${name} that are not negative`,
        actual: `mass ${at} is ${masses[at]}, ${under}`,
        hint: 'Are the weights of the lottery between two nodes cut to [0, 1]?',
      });
      continue;
    }
    log.compare({
      check: ECONOMY_CHECKS.distributions,
      quantity: `sum of ${name}`,
      found: total(masses),
      expected: 1,
      scale: 1,
      tolerance: IDENTITY_TOLERANCE,
      law: 'masses sum to one',
      step,
      under,
      hint: 'Is mass lost at the ends of the grid, or by a transition whose rows do not sum to one?',
    });
  }
}

/** E5: c > 0, of everyone. */
function positiveConsumption(entry: AccountsEntry, step: EconomyStep, log: EconomyLog): void {
  const { consumption, consumptions = {} } = entry;
  const groups = Object.entries(consumptions);
  const all: readonly (readonly [string, ArrayLike<number>])[] =
    consumption === undefined ? groups : [['all', [consumption]], ...groups];
  for (const [name, values] of all) {
    const at = indexOf(values, (c) => !(c > 0 && c < Infinity));
    if (at < 0) {
      log.pass(ECONOMY_CHECKS.consumption);
      continue;
    }
    log.fail(ECONOMY_CHECKS.consumption, {
      ...individual(step, name, at),
      expected: `consumption of ${name} above zero`,
      actual: `${values[at]}${values.length > 1 ? ` at place ${at}` : ''}, ${step.under}`,
      hint: 'Cut consumption to what resources allow at every bound of the actions, and leave a positive rest to eat.',
    });
  }
}

/** E5: b' >= limit, up to the rounding of what was subtracted to stay there. */
function borrowingLimits(entry: AccountsEntry, step: EconomyStep, log: EconomyLog): void {
  for (const [name, { assets, limit }] of Object.entries(entry.borrowing ?? {})) {
    const slack = IDENTITY_TOLERANCE * largest([limit, ...Array.from(assets)]);
    const at = indexOf(assets, (b) => !(b >= limit - slack && b < Infinity));
    if (at < 0) {
      log.pass(ECONOMY_CHECKS.borrowing);
      continue;
    }
    log.fail(ECONOMY_CHECKS.borrowing, {
      ...individual(step, name, at),
      expected: `assets of ${name} of at least ${show(limit)}`,
      actual: `${assets[at]} at place ${at}, ${step.under}`,
      hint: 'Cut consumption where it would leave less than the limit.',
    });
  }
}

/** E6: r k + w l + profits = y. */
function factorPayments(entry: AccountsEntry, { step, under }: EconomyStep, log: EconomyLog): void {
  const { output, factorPayments: paid } = entry;
  if (output === undefined || paid === undefined) return;
  const { capital, labour, profits = 0 } = paid;
  log.compare({
    check: ECONOMY_CHECKS.factors,
    quantity: 'output',
    found: capital + labour + profits,
    expected: output,
    scale: largest([output, capital, labour, profits]),
    tolerance: IDENTITY_TOLERANCE,
    law: 'capital + labour + profits = output',
    step,
    under,
    hint: 'Prices and quantities must be means, or totals, alike; a factor 1/n in one of them shows here. With markups, give the profits.',
  });
}

/** E11: reward = utility, agent by agent. */
function utility(entry: AccountsEntry, { step, under, rewards }: EconomyStep, log: EconomyLog): void {
  for (const [type, values] of Object.entries(entry.utility ?? {})) {
    const own = rewards[type] ?? [];
    if (own.length !== values.length) {
      log.fail(ECONOMY_CHECKS.utility, {
        step,
        expected: `utility of the ${own.length} agents of type ${type}`,
        actual: `${values.length} numbers in the accounts`,
        hint: 'Give one utility for each agent, under the name of its type.',
      });
      continue;
    }
    values.forEach((expected, i) => {
      log.compare({
        check: ECONOMY_CHECKS.utility,
        quantity: `reward of ${type}`,
        found: own[i],
        expected,
        // Utility near zero is a difference of logarithms or powers of order one.
        scale: Math.max(1, Math.abs(expected)),
        tolerance: IDENTITY_TOLERANCE,
        law: 'reward = u(consumption)',
        agent: `${type}_${i}`,
        step,
        under,
        hint: 'Is the reward paid for the consumption that the accounts report, in the same scale?',
      });
    });
  }
}

/** The agent at a place, where the group is a type of agents. */
function individual({ step, rewards }: EconomyStep, name: string, at: number) {
  return Object.hasOwn(rewards, name) && at < rewards[name].length
    ? { step, agent: `${name}_${at}` }
    : { step };
}

/** Largest absolute value; one that is not a number does not count, since its comparison fails by itself. */
function largest(values: readonly number[]): number {
  return values.reduce((most, x) => (Math.abs(x) > most ? Math.abs(x) : most), 0);
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

function indexOf(values: ArrayLike<number>, wrong: (x: number) => boolean): number {
  for (let i = 0; i < values.length; i++) if (wrong(values[i])) return i;
  return -1;
}
