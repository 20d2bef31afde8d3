/** The economy as it would be if productivity stayed at its middle: where capital and prices are about, and a cross-section to start from. */
import {
  type HouseholdMethod,
  type StationaryEquilibrium,
  solveStationary,
} from '../../solvers/stationary.ts';
import { householdProblem } from './household.ts';
import { factorPrices } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/** z, K, and L of the economy at rest, and its households. */
export interface Rest {
  readonly productivity: number;
  readonly capital: number;
  readonly labour: number;
  /** m(e, a), [E, A]. */
  readonly distribution: Float64Array;
  readonly converged: boolean;
}

/** The lowest net return: this share of depreciation is lost. The highest: this share below impatience. */
const LOWEST_RETURN = 0.4;
const BELOW_IMPATIENCE = 1e-3;
/** Of a start nobody asks more. */
const TOLERANCE = 1e-7;

/**
 * The stationary equilibrium with z, labour, incomes and own risk at their long-run means (of log z), on these nodes. Throws what `solveStationary` throws. Invariant:
 * mean assets of the distribution are `capital`.
 */
export function restOf(
  model: KrusellSmithModel,
  assets: Float64Array,
  method: HouseholdMethod = 'euler',
): Rest {
  const { exposure, expectedLabour, capitalShare: alpha, depreciation, discountFactor } = model;
  const { productivity, stationary, aggregate, conditional } = exposure;
  const problem = householdProblem(model);
  const [Z, E] = [productivity.length, exposure.labour.length];
  const states = Array.from({ length: Z }, (_, z) => z);
  const over = (value: (z: number) => number) => states.reduce((sum, z) => sum + stationary[z] * value(z), 0);
  const z = Math.exp(over((s) => Math.log(productivity[s])));
  const labour = over((s) => expectedLabour[s]);
  const units = Array.from({ length: E }, (_, e) => over((s) => problem.income(e, s, 1)));
  const transition = Float64Array.from({ length: E * E }, (_, i) =>
    over((s) =>
      states.reduce((sum, to) => sum + aggregate[s * Z + to] * conditional[(s * Z + to) * E * E + i], 0),
    ),
  );
  const demand = (r: number) => labour * ((alpha * z) / (r + depreciation)) ** (1 / (1 - alpha));
  const found: StationaryEquilibrium = solveStationary(
    {
      discountFactor,
      riskAversion: model.riskAversion,
      borrowingLimit: 0,
      ownStates: E,
      transition,
      grossReturn: (r) => 1 + r,
      income: (r, e) => units[e] * factorPrices(model, { productivity: z, capital: demand(r), labour }).w,
      assetSupply: demand,
    },
    {
      assets,
      method,
      lower: -LOWEST_RETURN * depreciation,
      upper: (1 - BELOW_IMPATIENCE) * (1 / discountFactor - 1),
      tolerance: TOLERANCE,
      householdTolerance: TOLERANCE,
      distributionTolerance: TOLERANCE * 1e-3,
    },
  );
  const { distribution, meanAssets: capital, converged } = found;
  return { productivity: z, capital, labour, distribution, converged };
}
