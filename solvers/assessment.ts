/** Everything that is reported of a solved economy with capital: how accurate the law is, how good the policies, who holds what, and how it moves. */
import { requireWhole } from '../numerics/checks.ts';
import { mean } from '../numerics/statistics.ts';
import { savingsAt, simulateCapital } from './capital-walk.ts';
import { type CycleMoments, cycleMoments } from './cycle-moments.ts';
import { type DenHaanMarcet, type EulerErrors, eulerAccuracy } from './euler-accuracy.ts';
import type { CapitalEconomy } from './household.ts';
import { aggregatePath, type LawOfMotionSolution } from './krusell-smith.ts';
import { dynamicForecastError, type ForecastError, fitLaw, type LawFit } from './law-of-motion.ts';
import { nodeWeights } from './node-weights.ts';
import {
  type LorenzCurve,
  lorenzCurve,
  type MarginalPropensities,
  marginalPropensities,
  type WealthMeasures,
  wealthMeasures,
} from './wealth.ts';

export interface AssessmentOptions {
  /** Periods assessed; default 10,000 (Den Haan 2010). */
  readonly periods?: number;
  /** Periods before them; default 1,000. */
  readonly discard?: number;
  /** Of the aggregate states: not the one of the solution, so that the law is tried on what it was not fitted to. Default 1. */
  readonly seed?: number;
  /** Of the Hodrick-Prescott filter: 1600 for quarters, 6.25 for years (default). */
  readonly lambda?: number;
  /** Windfall out of which propensities to consume are measured, as a share of mean output; default 0.01. */
  readonly windfall?: number;
}

/** The report as plain data. */
export interface Assessment {
  readonly meanCapital: number;
  readonly capitalRange: { readonly low: number; readonly high: number };
  readonly meanNetReturn: number;
  readonly meanConsumption: number;
  readonly meanOutput: number;
  /** Periods in which capital lay beyond the nodes: if there are any, widen them. */
  readonly outside: number;
  /** The law's dynamic forecast error, in percent. */
  readonly denHaan: ForecastError;
  /** A law fitted to the assessed path: how far sampling moves the coefficients. */
  readonly refit: LawFit;
  readonly eulerErrors: EulerErrors;
  readonly denHaanMarcet: DenHaanMarcet;
  /** Of the mean cross-section over the periods assessed. */
  readonly wealth: WealthMeasures;
  readonly lorenz: LorenzCurve;
  /** At mean capital in the middle aggregate state. */
  readonly propensities: MarginalPropensities;
  /** Of the series that stay positive: poor policies may eat capital up faster than it wears out. */
  readonly moments: readonly CycleMoments[];
  /** The assessed path, [T + 1] and [T], without the periods before it. */
  readonly path: {
    readonly states: Int32Array;
    readonly capital: Float64Array;
    readonly output: Float64Array;
    readonly consumption: Float64Array;
    readonly investment: Float64Array;
    readonly netReturn: Float64Array;
  };
}

/** What is assessed: policies and a law that says what they add up to, and a cross-section to start from. */
export type AssessedSolution = Pick<LawOfMotionSolution, 'policy' | 'chains' | 'law'> & {
  readonly path: Pick<LawOfMotionSolution['path'], 'distribution'>;
};

/**
 * Assesses a solution on a fresh draw of aggregate states.
 *
 * Throws what its parts throw: on too few periods, and on capital that is not positive. Invariant: deterministic; changes nothing.
 */
export function assessLawOfMotion(
  economy: CapitalEconomy,
  solution: AssessedSolution,
  options: AssessmentOptions = {},
): Assessment {
  const { periods = 10_000, discard = 1_000, seed = 1, lambda = 6.25, windfall = 0.01 } = options;
  requireWhole('assessLawOfMotion', 'periods', periods, 10, 1e8);
  requireWhole('assessLawOfMotion', 'discard', discard, 0, 1e8);
  const { policy, chains, law } = solution;
  const { assets } = policy.problem;
  const states = aggregatePath(economy, chains, { periods: discard + periods, seed });
  const start = solution.path.distribution;
  const whole = simulateCapital(economy, policy, chains, { states, start });
  const { errors, denHaanMarcet, distribution } = eulerAccuracy(economy, policy, chains, {
    states,
    start,
    discard,
  });
  const path = {
    states: states.subarray(discard),
    capital: whole.capital.subarray(discard),
    output: whole.output.subarray(discard),
    consumption: whole.consumption.subarray(discard),
    investment: whole.investment.subarray(discard),
    netReturn: whole.netReturn.subarray(discard),
  };
  const logs = {
    logCapital: path.capital.map(Math.log),
    states: path.states,
    logProductivity: economy.productivity.map(Math.log),
  };
  const { output, consumption, investment } = path;
  const meanCapital = mean(path.capital);
  const section = { assets, distribution };
  return {
    meanCapital,
    capitalRange: {
      low: path.capital.reduce((a, b) => Math.min(a, b)),
      high: path.capital.reduce((a, b) => Math.max(a, b)),
    },
    meanNetReturn: mean(path.netReturn),
    meanConsumption: mean(consumption),
    meanOutput: mean(output),
    outside: whole.outside,
    denHaan: dynamicForecastError(law, logs, 0),
    refit: fitLaw(law.form, logs, 0),
    eulerErrors: errors,
    denHaanMarcet,
    wealth: wealthMeasures(section),
    lorenz: lorenzCurve(section),
    propensities: propensitiesAt(economy, solution, distribution, meanCapital, windfall * mean(output)),
    moments: cycleMoments(
      positive({ output, consumption, investment, capital: path.capital.subarray(0, output.length) }),
      { lambda, reference: 'output' },
    ),
    path,
  };
}

function positive(series: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(series).filter(([, values]) => values.every((x) => x > 0)));
}

function propensitiesAt(
  economy: CapitalEconomy,
  { policy }: AssessedSolution,
  distribution: Float64Array,
  capital: number,
  windfall: number,
): MarginalPropensities {
  const { assets, nodes, next } = policy.problem;
  const z = Math.floor((economy.productivity.length - 1) / 2);
  const savings = new Float64Array(distribution.length);
  const at = nodeWeights(1, nodes, next.width === 4 ? 'cubic' : 'linear');
  savingsAt(policy, z, Math.log(capital), at, savings);
  const grossReturn = economy.grossReturn(capital, z);
  const consumption = savings.map((saving, i) => {
    const income = economy.income(capital, z, Math.floor(i / assets.length));
    return grossReturn * assets[i % assets.length] + income - saving;
  });
  return marginalPropensities({ assets, distribution }, consumption, { windfall, grossReturn });
}
