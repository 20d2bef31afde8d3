/**
 * The structural economy's arithmetic over flat arrays: what households supply and save at a wage, the wage that clears, and what households do at given
 * prices, with derivatives. Cells are (e, a), asset fastest. Hot: module-level functions.
 */
import type { StructuralResponse } from '../../core/structural.ts';
import { WAGE_BOUNDS } from './model.ts';

/** Numbers of households and of the period that they are in. */
export interface Households {
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly labourCurvature: number;
  readonly labourWeight: number;
  readonly borrowingLimit: number;
  readonly consumptionFloor: number;
  /** Rbar, and B. */
  readonly target: number;
  readonly bonds: number;
  /** [A]; y_e and what e gets of transfers, [E]. */
  readonly assets: Float64Array;
  readonly incomes: Float64Array;
  readonly incidence: Float64Array;
}

/** A period as the market sees it. */
export interface Market {
  mass: Float64Array;
  /** Share of the base that is eaten, [J]. */
  readonly shares: Float64Array;
  /** Efficiency units supplied at a wage of one, [J]; at w they are w^elasticity times as many. */
  readonly supply: Float64Array;
  /** sum m supply. */
  unitLabour: number;
  elasticity: number;
  z: number;
  /** R, and the cost of changing prices over output. */
  realReturn: number;
  cost: number;
  /** usual: the base is what could be spent if bonds paid Rbar; cash: what can be spent. */
  base: 'usual' | 'cash';
  labour: number;
  dividend: number;
  eaten: number;
}

export function newMarket(cells: number, base: Market['base']): Market {
  return {
    mass: new Float64Array(cells),
    shares: new Float64Array(cells),
    supply: new Float64Array(cells),
    unitLabour: 0,
    elasticity: 1,
    z: 1,
    realReturn: 1,
    cost: 0,
    base,
    labour: 0,
    dividend: 0,
    eaten: 0,
  };
}

/** Households who could not pay their taxes eat this. */
const LEAST = 1e-9;

/** S(w) - B. Fills labour, dividend and what is eaten. */
export function excessBonds(households: Households, market: Market, wage: number): number {
  const { assets, incidence, borrowingLimit: limit, consumptionFloor: floor, target, bonds: B } = households;
  const { mass, shares, supply, realReturn: R } = market;
  const factor = market.elasticity === 1 ? wage : wage ** market.elasticity;
  const labour = factor * market.unitLabour;
  const dividend = (1 - wage / market.z - market.cost) * market.z * labour;
  const usual = market.base === 'usual' ? target : R;
  const count = assets.length;
  const pay = wage * factor;
  let eaten = 0;
  let saved = 0;
  for (let e = 0, j = 0; e < incidence.length; e++) {
    const transfer = incidence[e] * (dividend - (R - 1) * B);
    const usualTransfer = incidence[e] * (dividend - (usual - 1) * B);
    for (let a = 0; a < count; a++, j++) {
      const earned = pay * supply[j];
      const most = R * assets[a] + earned + transfer - limit;
      let c = shares[j] * (usual * assets[a] + earned + usualTransfer);
      if (c < floor) c = floor;
      if (c > most) c = most > LEAST ? most : LEAST;
      eaten += mass[j] * c;
      saved += mass[j] * (most > c ? most - c : 0);
    }
  }
  market.labour = labour;
  market.dividend = dividend;
  market.eaten = eaten;
  return saved + limit - B;
}

/** The wage found, and whether bonds clear there: 0, or 1 where no wage in the range clears. */
export interface FoundWage {
  wage: number;
  missed: 0 | 1;
}

/** d S / d w near rest. */
const SLOPE = 1;
const HALVE_EVERY = 6;
const MOST_STEPS = 200;
const CLEARED = 1e-11;

/** The wage that clears, by a secant from `start`, kept within a bracket once there is one. Invariant: |S - B| within 1e-11 of B unless missed. */
export function clearWage(households: Households, market: Market, start: number, found: FoundWage): void {
  const near = CLEARED * Math.max(1, households.bonds);
  let low = WAGE_BOUNDS[0] * market.z;
  let high = WAGE_BOUNDS[1] * market.z;
  let wage = start < low ? low : start > high ? high : start;
  let excess = excessBonds(households, market, wage);
  let slope = SLOPE;
  // Where bonds were too few, and too many; savings may fall with the wage where people work to pay taxes.
  let [few, many] = [Number.NaN, Number.NaN];
  for (let i = 1; i < MOST_STEPS && !(Math.abs(excess) <= near); i++) {
    if (excess < 0) few = low = wage;
    else many = high = wage;
    const bracketed = !Number.isNaN(few) && !Number.isNaN(many);
    if (bracketed) {
      low = Math.min(few, many);
      high = Math.max(few, many);
    }
    let next = wage - excess / slope;
    if (bracketed && (i % HALVE_EVERY === 0 || !(next > low && next < high))) next = 0.5 * (low + high);
    next = next < low ? low : next > high ? high : next;
    if (next === wage) break;
    const before = excess;
    excess = excessBonds(households, market, next);
    const secant = (excess - before) / (next - wage);
    if (secant > 0 || (bracketed && secant < 0)) slope = secant;
    wage = next;
  }
  found.wage = wage;
  found.missed = Math.abs(excess) <= near ? 0 : 1;
}

/** Efficiency units at a wage of one from what a unit of the good is worth, [J]. Returns their mean. */
export function supplyOfWorth(
  { assets, incomes, labourWeight, labourCurvature }: Households,
  mass: Float64Array,
  worth: Float64Array,
  out: Float64Array,
): number {
  let sum = 0;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const y = incomes[e];
    for (let a = 0; a < assets.length; a++, j++) {
      const x = (worth[j] * y) / labourWeight;
      const units = y * (labourCurvature === 1 ? x : x ** (1 / labourCurvature));
      out[j] = units;
      sum += mass[j] * units;
    }
  }
  return sum;
}

/** Efficiency units from hours, [J]. Returns their mean. */
export function supplyOfHours(
  { assets, incomes }: Households,
  mass: Float64Array,
  hours: Float64Array,
  out: Float64Array,
): number {
  let sum = 0;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    for (let a = 0; a < assets.length; a++, j++) {
      out[j] = incomes[e] * hours[j];
      sum += mass[j] * out[j];
    }
  }
  return sum;
}

/** Prices that households meet. */
export interface Met {
  wage: number;
  realReturn: number;
  dividend: number;
  base: Market['base'];
  /** What the second action is: the worth of the good, from which hours follow at the wage, or hours. */
  labour: 'worth' | 'hours';
}

/**
 * Consumption, hours and next bonds with their derivatives with respect to the share and the second action x, dividends and taxes held:
 *
 *     c = share base, base = usual b + w y n + usual transfers, kept between the floor and cash - limit;     b' = cash - c.
 *
 * At the limit c is all there is, so that hours move it one to one. `actions` [2, J].
 */
export function respondAt(
  households: Households,
  met: Met,
  actions: Float64Array,
  { next, flow, flowSlope, nextSlope, unit, bound }: StructuralResponse,
): void {
  const { assets, incomes, incidence, labourWeight: chi, labourCurvature: eta } = households;
  const { borrowingLimit: limit, consumptionFloor: floor, riskAversion: sigma, bonds: B } = households;
  const { wage, realReturn: R, dividend } = met;
  const usual = met.base === 'usual' ? households.target : R;
  const scale = 1 - households.discountFactor;
  const count = assets.length;
  const cells = next.length;
  for (let e = 0, j = 0; e < incomes.length; e++) {
    const pay = wage * incomes[e];
    const transfer = incidence[e] * (dividend - (R - 1) * B);
    const usualTransfer = incidence[e] * (dividend - (usual - 1) * B);
    for (let a = 0; a < count; a++, j++) {
      const x = actions[cells + j];
      const share = actions[j];
      // n, and d n / d x.
      let n = x;
      let slope = 1;
      if (met.labour === 'worth') {
        const units = (x * pay) / chi;
        n = eta === 1 ? units : units ** (1 / eta);
        slope = n / (eta * x);
      }
      const disutility = eta === 1 ? chi * n : chi * n ** eta;
      const most = R * assets[a] + pay * n + transfer - limit;
      const base = usual * assets[a] + pay * n + usualTransfer;
      let c = share * base;
      let eating = base;
      let ofHours = share * pay;
      if (c < floor) {
        c = floor;
        eating = 0;
        ofHours = 0;
      }
      let saved = most - c;
      let savedOfHours = pay - ofHours;
      bound[j] = 0;
      if (saved <= 0) {
        c = most > LEAST ? most : LEAST;
        saved = 0;
        // The slopes of eating less.
        eating = base;
        ofHours = most > LEAST ? pay : 0;
        savedOfHours = 0;
        bound[j] = 1;
      }
      const marginal = sigma === 1 ? 1 / c : sigma === 2 ? 1 / (c * c) : c ** -sigma;
      const felt = sigma === 1 ? Math.log(c) : (c * marginal - 1) / (1 - sigma);
      next[j] = limit + saved;
      flow[j] = scale * (felt - (disutility * n) / (1 + eta));
      flowSlope[j] = scale * marginal * eating;
      nextSlope[j] = -eating;
      unit[j] = scale * marginal * (base > floor ? base : floor);
      flowSlope[cells + j] = scale * (marginal * ofHours - disutility) * slope;
      nextSlope[cells + j] = savedOfHours * slope;
      // An error of one: the good is worth twice what hours say.
      unit[cells + j] = scale * disutility * slope;
    }
  }
}
