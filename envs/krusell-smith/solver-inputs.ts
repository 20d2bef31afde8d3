import { UsageError } from '../../core/errors.ts';
import type { CapitalEconomy, StationaryEconomy } from '../../solvers/household.ts';
import { householdProblem } from './household.ts';
import { factorPrices, production } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/** The economy of the continuum, as `solvers/krusell-smith.ts` takes it. Throws nothing. Invariant: prices are those of `householdProblem`. */
export function capitalEconomy(model: KrusellSmithModel): CapitalEconomy {
  const problem = householdProblem(model);
  return {
    discountFactor: problem.discountFactor,
    riskAversion: problem.riskAversion,
    borrowingLimit: problem.borrowingLimit,
    ownStates: problem.idiosyncraticStates,
    productivity: problem.productivity,
    transition: problem.transition,
    grossReturn: (capital, z) => 1 + problem.prices(capital, z).r,
    income: (capital, z, e) => problem.income(e, z, problem.prices(capital, z).w),
    output: (capital, z) =>
      production(problem.capitalShare, problem.productivity[z], capital, problem.labour[z]),
  };
}

/**
 * The economy without aggregate risk, as `solvers/stationary.ts` takes it: the price is the net return r, at which firms hire
 * K = L (alpha z / (r + delta))^(1/(1-alpha)) (Aiyagari 1994, section III). Throws a UsageError where productivity moves; set
 * `productivityDeviation` to 0.
 */
export function stationaryEconomy(model: KrusellSmithModel): StationaryEconomy {
  const problem = householdProblem(model);
  if (problem.aggregateStates !== 1) {
    throw new UsageError(
      `krusell-smith: productivity has ${problem.aggregateStates} states; a stationary equilibrium needs risk "income" with ` +
        'productivityDeviation 0.',
    );
  }
  const { capitalShare: alpha, depreciation } = problem;
  const [labour, productivity] = [problem.labour[0], problem.productivity[0]];
  const demand = (r: number) => labour * ((alpha * productivity) / (r + depreciation)) ** (1 / (1 - alpha));
  return {
    discountFactor: problem.discountFactor,
    riskAversion: problem.riskAversion,
    borrowingLimit: problem.borrowingLimit,
    ownStates: problem.idiosyncraticStates,
    transition: problem.transition,
    grossReturn: (r) => 1 + r,
    income: (r, e) =>
      problem.income(e, 0, factorPrices(problem, { productivity, capital: demand(r), labour }).w),
    assetSupply: demand,
  };
}
