/**
 * One period of a sample of households and firms, found from all their choices at once. Firms choose their price changes pi_j, which make inflation,
 *
 *     (1 + Pi)^(1 - eps) = mean (p_j (1 + pi_j))^(1 - eps),    p_j' = p_j (1 + pi_j) / (1 + Pi),    D = mean p_j'^(-eps) >= 1,
 *
 * and with it the real return R. Households choose a share of a base that they eat and what a unit of the good is worth to them, which makes hours at every
 * wage; the wage clears the market for bonds:
 *
 *     L(w) = mean y n(w),  Y = z L / D,  d = (1 - D w / z - mean cost_j) Y,   S(w) = mean (R b + w y n + tau - c) = B.
 *
 * The base is what could be spent if bonds paid the target rate and taxes were those on it, so that a surprise in R moves savings, not
 * consumption. Who could not pay taxes works enough to do so. Nothing here allocates after `periodWork`.
 */
import { costShare, hoursOf, realReturn, type Tastes, WAGE_BOUNDS } from './model.ts';
import type { HankModel } from './setup.ts';
import type { HankState } from './state.ts';

export const SHARE_BOUNDS = [1e-4, 0.9999] as const;
/** What a unit of the good may be worth, in utility. */
export const WORTH_BOUNDS = [0.1, 5] as const;
/** Excess bonds that the search for the wage leaves, relative to B. */
export const CLEARING_TOLERANCE = 1e-11;
const MOST_STEPS = 200;

/** A period as it comes out. Treat as read only. */
export interface PeriodWork {
  readonly consumption: Float64Array;
  readonly hours: Float64Array;
  readonly savings: Float64Array;
  /** What each own state gets of a unit of transfers per household of this sample, [E]. */
  readonly incidence: Float64Array;
  /** p_j' and the cost share of each firm, [firms]. */
  readonly prices: Float64Array;
  readonly costs: Float64Array;
  inflation: number;
  /** R. */
  realReturn: number;
  wage: number;
  labour: number;
  output: number;
  dividend: number;
  /** D. */
  dispersion: number;
  /** Mean cost of changing prices over output. */
  cost: number;
  meanConsumption: number;
  meanSavings: number;
  /** 1 where no wage clears: it stands at an end of its range, or where savings jump, or firms lose more than anybody can earn. */
  atBound: number;
  /** What the poorest lack to eat at all; 0 but where firms lose more than can be earned. */
  lacking: number;
}

/** Room for a period of this economy. */
export function periodWork({
  households,
  firms,
  incomes,
}: Pick<HankModel, 'households' | 'firms' | 'incomes'>): PeriodWork {
  const [consumption, hours, savings] = [0, 1, 2].map(() => new Float64Array(households));
  const [prices, costs] = [0, 1].map(() => new Float64Array(firms));
  return {
    consumption,
    hours,
    savings,
    incidence: new Float64Array(incomes.n),
    prices,
    costs,
    inflation: 0,
    realReturn: 1,
    wage: 1,
    labour: 0,
    output: 0,
    dividend: 0,
    dispersion: 1,
    cost: 0,
    meanConsumption: 0,
    meanSavings: 0,
    atBound: 0,
    lacking: 0,
  };
}

/**
 * Fills `work` with the period that follows from `state` and the choices: households' (share, worth), [n, 2], and firms' price changes, [firms].
 *
 * Invariants: c > 0 and b' >= limit; C + S = R mean b + w L + d - (R - 1) B; and S = B within the tolerance unless `atBound`. Hot.
 */
export function clearPeriod(
  model: HankModel,
  state: HankState,
  choices: Float64Array,
  changes: Float64Array,
  work: PeriodWork,
): void {
  setPrices(model, state.relativePrices, changes, work);
  shareTransfers(model.incidence, state.status, work.incidence);
  work.realReturn = realReturn(state.nominalRate, work.inflation);
  const z = model.productivities.levels[state.productivity];
  const near = CLEARING_TOLERANCE * Math.max(1, model.bonds);
  let low = WAGE_BOUNDS[0] * z;
  let high = WAGE_BOUNDS[1] * z;
  let wage = Math.min(high, Math.max(low, state.wage));
  let excess = excessAt(model, state, choices, z, wage, work);
  let slope = SLOPE;
  // Where bonds were too few, and too many; savings may fall with the wage where people work to pay taxes.
  let [few, many] = [Number.NaN, Number.NaN];
  for (let i = 1; i < MOST_STEPS && Math.abs(excess) > near; i++) {
    if (excess < 0) few = low = wage;
    else many = high = wage;
    const bracketed = !Number.isNaN(few) && !Number.isNaN(many);
    if (bracketed) {
      low = Math.min(few, many);
      high = Math.max(few, many);
    }
    let next = wage - excess / slope;
    if (bracketed && (i % HALVE_EVERY === 0 || !(next > low && next < high))) next = 0.5 * (low + high);
    next = Math.min(high, Math.max(low, next));
    if (next === wage) break;
    const before = excess;
    excess = excessAt(model, state, choices, z, next, work);
    const secant = (excess - before) / (next - wage);
    // Savings rise with the wage near what households would choose; where they do not, a known slope leads on to a crossing or an end.
    if (secant > 0 || (bracketed && secant < 0)) slope = secant;
    wage = next;
  }
  work.atBound = Math.abs(excess) <= near && work.lacking <= near ? 0 : 1;
}

/** d S / d w near rest: .9 to 1.1 in the paper's calibration. */
const SLOPE = 1;
/** Every so many steps a bracket is halved, whatever the secant. */
const HALVE_EVERY = 6;

/** Inflation, relative prices, their dispersion, and what changing them costs. */
function setPrices(model: HankModel, before: Float64Array, changes: Float64Array, work: PeriodWork): void {
  const { elasticity } = model;
  const { prices, costs } = work;
  const firms = prices.length;
  let index = 0;
  for (let j = 0; j < firms; j++) {
    prices[j] = before[j] * (1 + changes[j]);
    index += prices[j] ** (1 - elasticity);
  }
  // One firm is the index.
  const level = firms === 1 ? prices[0] : (index / firms) ** (1 / (1 - elasticity));
  work.inflation = level - 1;
  let dispersion = 0;
  let cost = 0;
  for (let j = 0; j < firms; j++) {
    prices[j] = firms === 1 ? 1 : prices[j] / level;
    dispersion += firms === 1 ? 1 : prices[j] ** -elasticity;
    costs[j] = costShare(model, changes[j]);
    cost += costs[j];
  }
  work.dispersion = dispersion / firms;
  work.cost = cost / firms;
}

/** Shares of transfers that add up to one per household in this sample. */
function shareTransfers(incidence: Float64Array, status: Uint8Array, out: Float64Array): void {
  let total = 0;
  for (let i = 0; i < status.length; i++) total += incidence[status[i]];
  for (let e = 0; e < out.length; e++) out[e] = (incidence[e] * status.length) / total;
}

/** S(w) - B; fills the rest of `work` at this wage. */
function excessAt(
  model: HankModel,
  state: HankState,
  choices: Float64Array,
  z: number,
  wage: number,
  work: PeriodWork,
): number {
  const labour = supplyLabour(model, state, choices, z, wage, work);
  const { bonds } = state;
  const { incomes, borrowingLimit, consumptionFloor, target, bonds: B } = model;
  const { incidence, consumption, hours, savings, realReturn: R, dispersion } = work;
  work.wage = wage;
  work.labour = labour;
  work.output = (z * labour) / dispersion;
  work.dividend = dividendOfLabour(z, wage, work) * labour;
  const transfer = work.dividend - (R - 1) * B;
  const usual = work.dividend - (target - 1) * B;
  let eaten = 0;
  let saved = 0;
  let least = 0;
  for (let i = 0; i < bonds.length; i++) {
    const e = state.status[i];
    const earned = wage * incomes.levels[e] * hours[i];
    const cash = R * bonds[i] + earned + incidence[e] * transfer;
    const base = target * bonds[i] + earned + incidence[e] * usual;
    const most = cash - borrowingLimit;
    if (most < least) least = most;
    const wanted = Math.max(consumptionFloor, choices[2 * i] * base);
    // Large incomes and taxes may leave nothing but their rounding.
    const c = Math.max(SMALLEST * consumptionFloor, Math.min(wanted, most));
    consumption[i] = c;
    savings[i] = c >= most ? borrowingLimit : Math.max(borrowingLimit, cash - c);
    eaten += c;
    saved += savings[i];
  }
  work.lacking = -least;
  work.meanConsumption = eaten / bonds.length;
  work.meanSavings = saved / bonds.length;
  return work.meanSavings - B;
}

/**
 * Hours at a wage: what is chosen, or what it takes to pay taxes and eat. The latter depends on dividends, those on labour; the fixed point is the root
 * of a convex, falling, piecewise linear function, which Newton's steps from the left reach in a few.
 */
function supplyLabour(
  model: HankModel,
  state: HankState,
  choices: Float64Array,
  z: number,
  wage: number,
  work: PeriodWork,
): number {
  const { incomes } = model;
  const { hours } = work;
  const n = hours.length;
  let chosen = 0;
  for (let i = 0; i < n; i++) {
    const y = incomes.levels[state.status[i]];
    hours[i] = hoursOf(model as Tastes, choices[2 * i + 1], wage * y);
    chosen += y * hours[i];
  }
  let labour = chosen / n;
  const perLabour = dividendOfLabour(z, wage, work);
  for (let k = 0; k < MOST_NEWTON; k++) {
    const transfer = perLabour * labour - (work.realReturn - 1) * model.bonds;
    let needed = chosen;
    let slope = 0;
    for (let i = 0; i < n; i++) {
      const e = state.status[i];
      const missing = lackOf(model, state, work, e, i, transfer, wage);
      if (missing <= 0) continue;
      needed += missing / wage;
      slope += work.incidence[e];
    }
    const gap = needed / n - labour;
    if (gap <= ROUNDING * labour) break;
    labour += gap / (1 + ((slope / n) * perLabour) / wage);
  }
  const transfer = perLabour * labour - (work.realReturn - 1) * model.bonds;
  let supplied = 0;
  for (let i = 0; i < n; i++) {
    const e = state.status[i];
    const pay = wage * incomes.levels[e];
    const missing = lackOf(model, state, work, e, i, transfer, wage);
    if (missing > 0) hours[i] += missing / pay;
    supplied += incomes.levels[e] * hours[i];
  }
  return supplied / n;
}

const MOST_NEWTON = 60;
const SMALLEST = 1e-3;
const ROUNDING = 1e-15;

/** d / L: what firms keep of an efficiency unit of labour. */
function dividendOfLabour(z: number, wage: number, { cost, dispersion }: PeriodWork): number {
  return (z * (1 - cost)) / dispersion - wage;
}

/** What household i would lack to eat twice the floor at the hours that it chooses. */
function lackOf(
  model: HankModel,
  state: HankState,
  work: PeriodWork,
  e: number,
  i: number,
  transfer: number,
  wage: number,
): number {
  const has =
    work.realReturn * state.bonds[i] +
    wage * model.incomes.levels[e] * work.hours[i] +
    work.incidence[e] * transfer;
  return 2 * model.consumptionFloor + model.borrowingLimit - has;
}

/** The real profit of firm j: (p_j' - w / z) p_j'^(-eps) Y - cost_j Y. Invariant: its mean is the dividend. */
export function profitOf(model: HankModel, state: HankState, work: PeriodWork, j: number): number {
  const z = model.productivities.levels[state.productivity];
  const p = work.prices[j];
  const sold = model.firms === 1 ? 1 : p ** -model.elasticity;
  return ((p - work.wage / z) * sold - work.costs[j]) * work.output;
}
