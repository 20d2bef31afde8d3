/**
 * A one-asset economy with sticky prices and incomplete markets (HANK): households that save in government bonds and work, monopolistic firms that pay for
 * changing prices, a nominal rate that answers to inflation, and constant government debt.
 *
 *     Y = z L,     d = (1 - w / z) Y - (theta / 2) g(Pi)^2 Y,     tau = d - (R - 1) B,
 *     (1 + Pi) g g'(Pi) = (eps / theta) (w / z - (eps - 1) / eps) + (Y' / Y) (1 + Pi') g g'(Pi') / R',
 *     1 + i' = rule(Pi, e),     R = (1 + i) / (1 + Pi),     sum m a' = B,     C = (1 - (theta / 2) g(Pi)^2) Y.
 *
 * Sources: Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892, section 5 (g = Pi, rule Rbar (1 + Pi)^phi exp(e)); Auclert, Bardoczy, Rognlie and
 * Straub (2021), Econometrica 89, appendix B.2 (g = log(1 + Pi), rule Rbar + phi Pi + e, with eps = mu / (mu - 1) and theta = eps / kappa).
 */
import { requireLength, requirePositive } from '../numerics/checks.ts';
import { brent } from '../numerics/roots.ts';
import type { Convergence } from './household.ts';
import type { WorkingHousehold } from './household-labour.ts';
import type { HouseholdBlock, SteadyBlock } from './sequence-space-block.ts';
import type { SequenceModel, Surroundings } from './sequence-space-model.ts';
import { workingAtRest, workingBlock } from './sequence-space-working.ts';

/** Firms, the monetary rule, and government debt. */
export interface StickyPrices {
  /** eps > 1, between firms' goods. */
  readonly elasticity: number;
  /** theta > 0, of adjusting prices. */
  readonly adjustmentCost: number;
  /** g: the cost is quadratic in Pi, or in log(1 + Pi). */
  readonly costOf: 'inflation' | 'log-inflation';
  /** Rbar, the gross nominal rate at zero inflation. */
  readonly target: number;
  /** phi > 1. */
  readonly reaction: number;
  /** power: Rbar (1 + Pi)^phi exp(e); linear: Rbar + phi Pi + e. */
  readonly rule: 'power' | 'linear';
  /** B, per household. */
  readonly bonds: number;
}

export interface HankEconomy extends StickyPrices {
  readonly household: WorkingHousehold;
  /** What own state e gets of dividends less taxes, [E], with mean 1 over households. Default 1 for all. */
  readonly incidence?: Float64Array;
}

/** R and Pi are gross and net; i is the nominal rate that they imply. Per household. */
export interface HankRest extends Convergence {
  readonly R: number;
  readonly inflation: number;
  readonly wage: number;
  readonly output: number;
  readonly consumption: number;
  readonly dividend: number;
  /** Dividends less taxes. */
  readonly transfer: number;
  readonly block: HouseholdBlock;
  /** Households at rest; outputs assets, consumption, labour. */
  readonly households: SteadyBlock;
}

/** (1 + Pi) g(Pi) g'(Pi): what the Phillips curve is linear in. */
export function costSlope({ costOf }: StickyPrices, inflation: number): number {
  return costOf === 'inflation' ? inflation * (1 + inflation) : Math.log1p(inflation);
}

/** (theta / 2) g(Pi)^2: the share of output that adjusting prices uses up. */
export function costShare({ costOf, adjustmentCost }: StickyPrices, inflation: number): number {
  const g = costOf === 'inflation' ? inflation : Math.log1p(inflation);
  return 0.5 * adjustmentCost * g * g;
}

/** 1 + i of the next period. */
export function nominalRate(prices: StickyPrices, inflation: number, shock: number): number {
  const { rule, target, reaction } = prices;
  if (rule === 'power') return target * (1 + inflation) ** reaction * Math.exp(shock);
  return target + reaction * inflation + shock;
}

/** The inflation at which the rule gives the real return R: R (1 + Pi) = rule(Pi, 0). */
export function inflationAtRest({ rule, target, reaction }: StickyPrices, R: number): number {
  return rule === 'power' ? (R / target) ** (1 / (reaction - 1)) - 1 : (target - R) / (R - reaction);
}

/** The wage at which firms want that inflation for ever, z = 1. */
export function wageAtRest(prices: StickyPrices, R: number, inflation: number): number {
  const { elasticity, adjustmentCost } = prices;
  const kept = (costSlope(prices, inflation) * (1 - 1 / R) * adjustmentCost) / elasticity;
  return (elasticity - 1) / elasticity + kept;
}

export interface HankRestOptions {
  /** Net real rates between which the bond market changes sides. Default 1e-3 and 1 / beta - 1 - 2e-4. */
  readonly lower?: number;
  readonly upper?: number;
  /** Of the rate; default 1e-12. */
  readonly tolerance?: number;
  /** Of households' consumption; default 1e-11. */
  readonly householdTolerance?: number;
}

/**
 * The equilibrium at rest, z = 1 and e = 0: Brent's method on the rate, and for each rate the output at which labour supplied is labour used.
 *
 * `converged` says that rates, policies and the cross-section all did, `residual` is sum m a' - B. Throws what `solveWorking` throws, and where the
 * bond market does not change sides between the rates. Invariant: C = (1 - cost share) Y within the residual (Walras).
 */
export function hankAtRest(economy: HankEconomy, options: HankRestOptions = {}): HankRest {
  const { household } = economy;
  const incidence = economy.incidence ?? new Float64Array(household.efficiency.length).fill(1);
  const block = workingBlock(household, { incidence });
  const solve = (inputs: Float64Array, last: SteadyBlock | undefined): SteadyBlock =>
    workingAtRest(household, block, inputs, {
      incidence,
      ...(options.householdTolerance !== undefined && { tolerance: options.householdTolerance }),
      ...(last && { marginalValue: last.carried, start: last.distribution }),
    });
  return { ...searchRest(economy, options, solve), block };
}

/** A rest without its block: households however they are solved. */
export type FoundRest<H> = Omit<HankRest, 'block' | 'households'> & { readonly households: H };

/**
 * The search for rest, whatever solves the households: `solve` gives them under inputs (R, w, tau), from the last ones, with aggregates
 * assets, consumption, labour. Errors and invariant as `hankAtRest`.
 */
export function searchRest<H extends { readonly aggregates: Float64Array; readonly converged: boolean }>(
  economy: HankEconomy,
  options: HankRestOptions,
  solve: (inputs: Float64Array, last: H | undefined) => H,
): FoundRest<H> {
  const { household, bonds } = economy;
  const { lower = 1e-3, upper = 1 / household.discountFactor - 1 - 2e-4, tolerance = 1e-12 } = options;
  checkStickyPrices('hankAtRest', economy);
  let last: H | undefined;
  let guess = 1;
  const at = (R: number, output: number): H => {
    const { wage, transfer } = firmsAtRest(economy, R, output);
    last = solve(Float64Array.of(R, wage, transfer), last);
    return last;
  };
  const atRate = (rate: number): H => {
    guess = secant((output) => at(1 + rate, output).aggregates[2] - output, guess);
    return last ?? at(1 + rate, guess);
  };
  const root = brent((rate) => atRate(rate).aggregates[0] - bonds, { lower, upper, tolerance });
  const households = atRate(root.root);
  const R = 1 + root.root;
  return {
    converged: root.converged && households.converged,
    iterations: root.iterations,
    residual: Math.abs(households.aggregates[0] - bonds),
    R,
    ...firmsAtRest(economy, R, guess),
    output: guess,
    consumption: households.aggregates[1],
    households,
  };
}

function firmsAtRest(
  economy: HankEconomy,
  R: number,
  output: number,
): Record<'inflation' | 'wage' | 'dividend' | 'transfer', number> {
  const inflation = inflationAtRest(economy, R);
  const wage = wageAtRest(economy, R, inflation);
  const dividend = (1 - wage - costShare(economy, inflation)) * output;
  return { inflation, wage, dividend, transfer: dividend - (R - 1) * economy.bonds };
}

/** A zero of a falling function near `start`; its last evaluation is at the zero. */
function secant(f: (x: number) => number, start: number): number {
  let x = start;
  let value = f(x);
  // Labour falls a little as dividends grow, so that the gap falls by somewhat more than output grows.
  let slope = -1.3;
  for (let i = 0; i < 30 && Math.abs(value) > 1e-12; i++) {
    const next = x - value / slope;
    const nextValue = f(next);
    if (next !== x && nextValue !== value) slope = (nextValue - value) / (next - x);
    x = next;
    value = nextValue;
  }
  return x;
}

/** Throws unless elasticity and reaction are above one, costs and the target positive, bonds finite and not negative. */
export function checkStickyPrices(where: string, prices: StickyPrices): void {
  requirePositive(where, 'the elasticity less one', prices.elasticity - 1);
  requirePositive(where, 'the adjustment cost', prices.adjustmentCost);
  requirePositive(where, 'the target', prices.target);
  requirePositive(where, 'the reaction less one', prices.reaction - 1);
  if (!(prices.bonds >= 0 && prices.bonds < Infinity)) {
    throw new Error(`${where}: bonds are ${prices.bonds}; give a number of at least 0.`);
  }
}

/** Positions in X. */
const [WAGE, INFLATION, OUTPUT, PRODUCTIVITY, MONETARY] = [0, 1, 2, 3, 4];

/**
 * The equations in sequence space: unknowns `w`, `Pi`, `Y`; shocks `z` (levels, 1 at rest) and `e`; bonds, labour and the Phillips curve clear.
 *
 * Reports `C`, `r` (paid in t on bonds bought in t - 1), `d`, and `goods`, the residual of the goods market. Meant for `linearise`.
 * Throws on a rest of other households. Invariant: `goods` is zero by Walras' law wherever the residuals are.
 */
export function hankModel(prices: StickyPrices, rest: HankRest): SequenceModel {
  requireLength('hankModel', 'the aggregates', rest.households.aggregates, 3, 'the block');
  const { elasticity, adjustmentCost, bonds } = prices;
  const realReturn = (around: Surroundings): number =>
    nominalRate(prices, around.before[INFLATION], around.before[MONETARY]) / (1 + around.now[INFLATION]);
  const nextReturn = ({ now, after }: Surroundings): number =>
    nominalRate(prices, now[INFLATION], now[MONETARY]) / (1 + after[INFLATION]);
  const dividend = ({ now }: Surroundings): number =>
    (1 - now[WAGE] / now[PRODUCTIVITY] - costShare(prices, now[INFLATION])) * now[OUTPUT];
  return {
    unknowns: ['w', 'Pi', 'Y'],
    shocks: ['z', 'e'],
    reports: ['C', 'r', 'd', 'goods'],
    rest: Float64Array.of(rest.wage, rest.inflation, rest.output, 1, 0),
    inputs(around, out) {
      const R = realReturn(around);
      out[0] = R;
      out[1] = around.now[WAGE];
      out[2] = dividend(around) - (R - 1) * bonds;
    },
    residuals(around, out) {
      const { now, after, households } = around;
      out[0] = households[0] - bonds;
      out[1] = households[2] - now[OUTPUT] / now[PRODUCTIVITY];
      const margin = now[WAGE] / now[PRODUCTIVITY] - (elasticity - 1) / elasticity;
      const ahead =
        ((after[OUTPUT] / now[OUTPUT]) * costSlope(prices, after[INFLATION])) / nextReturn(around);
      out[2] = costSlope(prices, now[INFLATION]) - (elasticity / adjustmentCost) * margin - ahead;
    },
    report(around, out) {
      const { now, households } = around;
      out[0] = households[1];
      out[1] = realReturn(around) - 1;
      out[2] = dividend(around);
      out[3] = (1 - costShare(prices, now[INFLATION])) * now[OUTPUT] - households[1];
    },
  };
}
