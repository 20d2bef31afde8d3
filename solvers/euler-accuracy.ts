/**
 * How well households' policies satisfy the Euler equation along the economy's own path, where capital next period is what it turns out to be
 * and not what the law of motion forecasts: errors in consumption, and the test of Den Haan and Marcet.
 */
import { requireWhole } from '../numerics/checks.ts';
import { solve } from '../numerics/linear-algebra.ts';
import { normalCdf } from '../numerics/normal.ts';
import type { Chains } from './capital-tables.ts';
import {
  type CapitalPolicy,
  type CapitalWalk,
  capitalWalk,
  carry,
  decide,
  savingsAt,
} from './capital-walk.ts';
import type { CapitalEconomy } from './household.ts';
import { nodeWeights } from './node-weights.ts';
import { consumptionAt, marginalUtility } from './preferences.ts';

/** The path along which accuracy is looked at. */
export interface AccuracyPath {
  /** Aggregate states [T + 1]. */
  readonly states: Int32Array;
  /** Cross-section [E, A] in period 0. */
  readonly start: Float64Array;
  /** Periods passed over. */
  readonly discard: number;
  /** Euler errors are taken in every so many periods; default 50. */
  readonly every?: number;
}

/** |c* / c - 1|, c* what the Euler equation asks for, over households whose limit does not bind. */
export interface EulerErrors {
  /** Weighted by households. */
  readonly mean: number;
  /** Over cells with at least one household in a million. */
  readonly max: number;
  /** The same in powers of ten, as usually printed. */
  readonly meanLog10: number;
  readonly maxLog10: number;
  readonly periods: number;
}

/** A statistic that is chi-squared if the Euler equation holds on average and cannot be forecast. */
export interface DenHaanMarcet {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Chance of a larger statistic. */
  readonly pValue: number;
  readonly periods: number;
}

export interface EulerAccuracy {
  readonly errors: EulerErrors;
  readonly denHaanMarcet: DenHaanMarcet;
  /** [T + 1]. */
  readonly capital: Float64Array;
  /** The mean cross-section of the periods that count, [E, A], summing to one. */
  readonly distribution: Float64Array;
}

/** Fewer households than this do not enter the largest error. */
const RARE = 1e-6;

/**
 * Walks along a path and measures both.
 *
 * Errors are taken half-way between asset nodes, where policies are interpolated, in expectation over z' and e'. The statistic of Den Haan and
 * Marcet (1994, Review of Economic Studies 61) is T g' S^-1 g with g the mean of u_{t+1} h_t and S that of its square, where
 *
 *     u_{t+1} = sum_(e, a) m_t [ beta R_{t+1} sum_e' P(e' | e, z, z') c_{t+1}^-sigma / c_t^-sigma - 1 ]  over cells whose limit does not bind,
 *
 * and the instruments h_t are 1, log K_t and log z_t. Own shocks are averaged out, which leaves a test much sharper than one household's history.
 * Shapes: see `AccuracyPath`. Throws where fewer than ten periods are left, and where instruments depend on each other.
 * Invariant: deterministic; errors vanish as the grids get finer and the law exact.
 */
export function eulerAccuracy(
  economy: CapitalEconomy,
  policy: CapitalPolicy,
  chains: Chains,
  { states, start, discard, every = 50 }: AccuracyPath,
): EulerAccuracy {
  const T = states.length - 1;
  requireWhole('eulerAccuracy', 'the periods passed over', discard, 0, T - 10);
  requireWhole('eulerAccuracy', 'every', every, 1, T);
  const walk = capitalWalk(policy, chains, start);
  const work = accuracyWork(economy, policy);
  const capital = new Float64Array(T + 1);
  const distribution = new Float64Array(start.length);
  const residuals = new Float64Array(T - discard);
  const sampled: Errors = { total: 0, weight: 0, max: 0, periods: 0 };
  for (let t = 0; t < T; t++) {
    const z = states[t];
    capital[t] = decide(walk, z);
    capital[t + 1] = 0;
    for (let i = 0; i < start.length; i++) capital[t + 1] += walk.mass[i] * walk.savings[i];
    if (t >= discard) {
      consumptionNow(economy, walk, work, z, capital[t]);
      consumptionNext(work, states[t + 1], capital[t + 1]);
      residuals[t - discard] = aggregateResidual(walk, work, z, states[t + 1], capital[t + 1]);
      if ((t - discard) % every === 0) addErrors(walk, work, z, capital[t], capital[t + 1], sampled);
      for (let i = 0; i < start.length; i++) distribution[i] += walk.mass[i] / (T - discard);
    }
    carry(walk, z, states[t + 1]);
  }
  const instruments = Array.from({ length: T - discard }, (_, i) => [
    1,
    Math.log(capital[discard + i]),
    Math.log(economy.productivity[states[discard + i]]),
  ]);
  const mean = sampled.total / sampled.weight;
  return {
    errors: {
      mean,
      max: sampled.max,
      meanLog10: Math.log10(mean),
      maxLog10: Math.log10(sampled.max),
      periods: sampled.periods,
    },
    denHaanMarcet: denHaanMarcet(residuals, instruments),
    capital,
    distribution,
  };
}

interface AccuracyWork {
  readonly economy: CapitalEconomy;
  readonly policy: CapitalPolicy;
  readonly at: ReturnType<typeof nodeWeights>;
  readonly savings: Float64Array;
  /** c now and c next in the state last asked for, [E, A]. */
  readonly now: Float64Array;
  readonly next: Float64Array;
  /** Expected R' u'(c') at the points looked at, [E, A]. */
  readonly expected: Float64Array;
}

function accuracyWork(economy: CapitalEconomy, policy: CapitalPolicy): AccuracyWork {
  const { ownStates, assets, nodes, next } = policy.problem;
  const table = () => new Float64Array(ownStates * assets.length);
  const at = nodeWeights(1, nodes, next.width === 4 ? 'cubic' : 'linear');
  return { economy, policy, at, savings: table(), now: table(), next: table(), expected: table() };
}

function consumptionNow(
  economy: CapitalEconomy,
  walk: CapitalWalk,
  work: AccuracyWork,
  z: number,
  K: number,
): void {
  fillConsumption(economy, walk.policy.problem.assets, walk.savings, z, K, work.now);
}

function consumptionNext(work: AccuracyWork, z: number, K: number): void {
  const { economy, policy, at, savings, next } = work;
  savingsAt(policy, z, Math.log(K), at, savings);
  fillConsumption(economy, policy.problem.assets, savings, z, K, next);
}

function fillConsumption(
  economy: CapitalEconomy,
  assets: Float64Array,
  savings: Float64Array,
  z: number,
  K: number,
  out: Float64Array,
): void {
  const grossReturn = economy.grossReturn(K, z);
  for (let e = 0; e < economy.ownStates; e++) {
    const income = economy.income(K, z, e);
    for (let a = 0; a < assets.length; a++) {
      const i = e * assets.length + a;
      out[i] = Math.max(grossReturn * assets[a] + income - savings[i], SMALLEST);
    }
  }
}

/** As in `household-euler.ts`: a household without income at the limit. */
const SMALLEST = 1e-10;

function aggregateResidual(
  walk: CapitalWalk,
  work: AccuracyWork,
  z: number,
  to: number,
  nextCapital: number,
): number {
  const { mass, savings, place, chains } = walk;
  const { assets, ownStates: E, aggregateStates: Z, discountFactor, riskAversion } = work.policy.problem;
  const count = assets.length;
  const factor = discountFactor * work.economy.grossReturn(nextCapital, to);
  let total = 0;
  for (let i = 0; i < mass.length; i++) {
    if (mass[i] === 0 || savings[i] <= assets[0]) continue;
    const e = Math.floor(i / count);
    let expected = 0;
    for (let next = 0; next < E; next++) {
      const p = chains.own[((z * Z + to) * E + e) * E + next];
      if (p === 0) continue;
      const node = next * count + place.lower[i];
      const c = work.next[node] + place.upperWeight[i] * (work.next[node + 1] - work.next[node]);
      expected += p * marginalUtility(c, riskAversion);
    }
    total += mass[i] * ((factor * expected) / marginalUtility(work.now[i], riskAversion) - 1);
  }
  return total;
}

interface Errors {
  total: number;
  weight: number;
  max: number;
  periods: number;
}

/** Errors half-way between nodes of the period's cross-section, added to `to`. */
function addErrors(
  walk: CapitalWalk,
  work: AccuracyWork,
  z: number,
  capital: number,
  nextCapital: number,
  to: Errors,
): void {
  const { economy, expected } = work;
  const { assets, ownStates: E, aggregateStates: Z, discountFactor, riskAversion } = work.policy.problem;
  const count = assets.length;
  const { joint } = walk.chains;
  expected.fill(0);
  for (let next = 0; next < Z; next++) {
    if (walk.chains.aggregate[z * Z + next] === 0) continue;
    consumptionNext(work, next, nextCapital);
    const grossReturn = economy.grossReturn(nextCapital, next);
    for (let e = 0; e < E; e++) {
      const row = (z * E + e) * Z * E + next * E;
      for (let a = 0; a < count - 1; a++) {
        const x = middle(walk.savings, e * count + a);
        for (let own = 0; own < E; own++) {
          const p = joint[row + own];
          if (p === 0) continue;
          const c = interpolate(assets, work.next, own * count, x);
          expected[e * count + a] += p * grossReturn * marginalUtility(c, riskAversion);
        }
      }
    }
  }
  const grossReturn = economy.grossReturn(capital, z);
  for (let e = 0; e < E; e++) {
    for (let a = 0; a < count - 1; a++) {
      const i = e * count + a;
      const x = middle(walk.savings, i);
      const households = middle(walk.mass, i);
      if (x <= assets[0] || households === 0) continue;
      const c = grossReturn * middle(assets, a) + economy.income(capital, z, e) - x;
      const error = Math.abs(consumptionAt(discountFactor * expected[i], riskAversion) / c - 1);
      to.total += households * error;
      to.weight += households;
      if (households > RARE) to.max = Math.max(to.max, error);
    }
  }
  to.periods++;
}

function middle(values: Float64Array, i: number): number {
  return 0.5 * (values[i] + values[i + 1]);
}

/** Linear, the end's value beyond the grid, where households go nowhere else. */
function interpolate(assets: Float64Array, values: Float64Array, offset: number, x: number): number {
  let low = 0;
  let high = assets.length - 1;
  while (high - low > 1) {
    const half = (low + high) >>> 1;
    if (assets[half] <= x) low = half;
    else high = half;
  }
  const weight = Math.min(1, (x - assets[low]) / (assets[low + 1] - assets[low]));
  return values[offset + low] + weight * (values[offset + low + 1] - values[offset + low]);
}

/**
 * T g' S^-1 g of residuals u [T] that should not be forecast by instruments h [T][m], and its chance under chi-squared(m).
 *
 * Source: Den Haan and Marcet (1994), Review of Economic Studies 61. Throws where the instruments depend on each other.
 * Invariant: unchanged by a linear change of instruments.
 */
export function denHaanMarcet(
  residuals: ArrayLike<number>,
  instruments: readonly (readonly number[])[],
): DenHaanMarcet {
  const T = residuals.length;
  const m = instruments[0].length;
  const g = new Float64Array(m);
  const S = new Float64Array(m * m);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < m; i++) {
      g[i] += (residuals[t] * instruments[t][i]) / T;
      for (let j = 0; j < m; j++) {
        S[i * m + j] += (residuals[t] ** 2 * instruments[t][i] * instruments[t][j]) / T;
      }
    }
  }
  const x = solve(S, g);
  let statistic = 0;
  for (let i = 0; i < m; i++) statistic += T * g[i] * x[i];
  return { statistic, degreesOfFreedom: m, pValue: chiSquaredTail(statistic, m), periods: T };
}

/**
 * P(X > x) for X chi-squared with whole degrees of freedom, by the recurrence of the incomplete gamma function
 * Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a + 1) (Abramowitz and Stegun 26.4.8). Invariant: 1 at 0, decreasing.
 */
export function chiSquaredTail(x: number, degreesOfFreedom: number): number {
  const y = 0.5 * Math.max(x, 0);
  const isOdd = degreesOfFreedom % 2 === 1;
  let tail = isOdd ? 2 * normalCdf(-Math.sqrt(2 * y)) : Math.exp(-y);
  // y^a e^-y / Gamma(a + 1), from a = 1/2 or 1 on.
  let term = Math.exp(-y) * (isOdd ? 2 * Math.sqrt(y / Math.PI) : y);
  for (let a = isOdd ? 0.5 : 1; a < degreesOfFreedom / 2; a++) {
    tail += term;
    term *= y / (a + 1);
  }
  return Math.min(1, tail);
}
