/**
 * The equations of one period of the one-account HANK (Yang, Wang, Schaab and Moll 2025, arXiv 2512.18892), on plain numbers: no state, no randomness.
 *
 *     max E sum beta^t [ u(c) - chi n^(1 + eta) / (1 + eta) ],     c + b' = R b + w y n + tau_e,     b' >= limit,
 *     Y = z L,  L = mean of y n,     d = (1 - w / z - cost(Pi)) Y,     R = (1 + i) / (1 + Pi),     tau = d - (R - 1) B.
 *
 * The rule for the next nominal rate and the cost of adjusting prices are those of the solver (solvers/hank.ts).
 */
import { costShare, costSlope, nominalRate, type StickyPrices } from '../../solvers/hank.ts';

export { costShare, costSlope, nominalRate };

/** Wages lie between these parts of productivity. */
export const WAGE_BOUNDS = [0.3, 4] as const;

export interface Tastes {
  readonly riskAversion: number;
  readonly labourCurvature: number;
  readonly labourWeight: number;
}

/** u(c) - chi n^(1 + eta) / (1 + eta), u(1) = 0. Hot. */
export function utility(
  { riskAversion, labourCurvature, labourWeight }: Tastes,
  c: number,
  n: number,
): number {
  const felt = riskAversion === 1 ? Math.log(c) : (c ** (1 - riskAversion) - 1) / (1 - riskAversion);
  const worked = labourCurvature === 1 ? 0.5 * n * n : n ** (1 + labourCurvature) / (1 + labourCurvature);
  return felt - labourWeight * worked;
}

/**
 * Hours of who values a unit of the good at `worth`: chi n^eta = worth w y. At the optimum worth is u'(c). Hot.
 * Invariant: with eta = chi = 1 hours are worth w y.
 */
export function hoursOf({ labourCurvature, labourWeight }: Tastes, worth: number, pay: number): number {
  const x = (worth * pay) / labourWeight;
  return labourCurvature === 1 ? x : x ** (1 / labourCurvature);
}

/** R: what a bond bought in the last period, at the gross nominal rate, is worth now. */
export function realReturn(nominal: number, inflation: number): number {
  return nominal / (1 + inflation);
}

/** d per household: what firms keep of output after wages and the cost of changing prices. May be negative. */
export function dividendOf(
  prices: StickyPrices,
  at: { readonly wage: number; readonly z: number; readonly inflation: number; readonly output: number },
): number {
  return (1 - at.wage / at.z - costShare(prices, at.inflation)) * at.output;
}

/**
 * What is left of the Phillips curve, 0 in expectation where firms set prices optimally:
 *
 *     (1 + Pi) g g'(Pi) - (eps / theta) (w / z - (eps - 1) / eps) - (Y' / Y) (1 + Pi') g g'(Pi') / R'.
 *
 * Along a path it contains the surprise in the next period.
 */
export function phillipsResidual(
  prices: StickyPrices,
  now: { readonly wage: number; readonly z: number; readonly inflation: number; readonly output: number },
  next: { readonly inflation: number; readonly output: number; readonly realReturn: number },
): number {
  const { elasticity, adjustmentCost } = prices;
  const margin = now.wage / now.z - (elasticity - 1) / elasticity;
  const ahead = ((next.output / now.output) * costSlope(prices, next.inflation)) / next.realReturn;
  return costSlope(prices, now.inflation) - (elasticity / adjustmentCost) * margin - ahead;
}
