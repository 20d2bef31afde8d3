import { jointTransition } from './chains.ts';
import { benefitsPaid, benefitTax, factorPrices } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/**
 * What a solver needs of one household in an economy of many. Z aggregate and E idiosyncratic states; a pair (z, e) has the index z E + e.
 * Everywhere z and e are indices. Treat the arrays as read only.
 *
 *     max E sum beta^t u(c)      c + k' = (1 + r) k + income(e, z, w)      k' >= borrowingLimit
 */
export interface HouseholdProblem {
  /** beta, per period. */
  readonly discountFactor: number;
  /** sigma of u(c) = (c^(1-sigma) - 1) / (1 - sigma); log at 1. */
  readonly riskAversion: number;
  /** Least k': 0. */
  readonly borrowingLimit: number;
  /** alpha and delta, where a solver wants them: `prices` knows them. */
  readonly capitalShare: number;
  readonly depreciation: number;
  /** Z and E. */
  readonly aggregateStates: number;
  readonly idiosyncraticStates: number;
  /** Levels of productivity z, [Z]. */
  readonly productivity: Float64Array;
  /** Labour that a household in e supplies, [E]: productivity, or endowment times employed; mean one where it is income. */
  readonly labourSupply: Float64Array;
  /** P[(z, e), (z', e')], row-major, [Z E * Z E]. */
  readonly transition: Float64Array;
  /** P[z, z'], row-major, [Z * Z]. */
  readonly aggregateTransition: Float64Array;
  /** P[e, e' | z, z'], [Z * Z * E * E], indexed ((z Z + z') E + e) E + e'. */
  readonly conditionalTransition: Float64Array;
  /** Long-run probabilities of z, [Z]. */
  readonly aggregateStationary: Float64Array;
  /** Share of households in e while the aggregate state is z, [Z * E]; kept by every (z, z'). */
  readonly shares: Float64Array;
  /** Effective labour L in z of a continuum of households, [Z]. */
  readonly labour: Float64Array;
  /** Prices at mean capital K: r is **net of depreciation**, alpha Y / K - delta, per period; w per unit of labour. */
  prices(capital: number, z: number): { readonly r: number; readonly w: number };
  /** Earnings after taxes, and benefits, of a household in e. */
  income(e: number, z: number, w: number): number;
}

/**
 * The household's problem in the continuum of which an economy's households are a sample. Throws nothing. Invariant: where income is
 * not raw, mean income sum_e shares[z, e] income(e, z, w) is w L(z).
 */
export function householdProblem(model: KrusellSmithModel): HouseholdProblem {
  const { exposure, expectedLabour } = model;
  const { productivity, labour, earnings, benefits, shares } = exposure;
  const incomes = labour.length;
  const tax = new Float64Array(productivity.length);
  const paid = new Float64Array(productivity.length);
  for (let z = 0; z < productivity.length; z++) {
    let [claimed, earned] = [0, 0];
    for (let e = 0; e < incomes; e++) {
      claimed += shares[z * incomes + e] * benefits[e];
      earned += shares[z * incomes + e] * earnings[e];
    }
    tax[z] = benefitTax(claimed, earned);
    paid[z] = benefitsPaid(claimed, earned);
  }
  return {
    discountFactor: model.discountFactor,
    riskAversion: model.riskAversion,
    borrowingLimit: 0,
    capitalShare: model.capitalShare,
    depreciation: model.depreciation,
    aggregateStates: productivity.length,
    idiosyncraticStates: incomes,
    productivity,
    labourSupply: labour,
    transition: jointTransition(exposure),
    aggregateTransition: exposure.aggregate,
    conditionalTransition: exposure.conditional,
    aggregateStationary: exposure.stationary,
    shares,
    labour: expectedLabour,
    prices(capital, z) {
      const { r, w } = factorPrices(model, {
        productivity: productivity[z],
        capital,
        labour: expectedLabour[z],
      });
      return { r, w };
    },
    income: (e, z, w) => w * ((1 - tax[z]) * earnings[e] + paid[z] * benefits[e]),
  };
}
