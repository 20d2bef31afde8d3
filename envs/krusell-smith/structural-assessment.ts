/** Learned tables in the form of the classical solution, measured by what measures that: the law of motion they amount to, Euler errors, wealth, spending. */
import { logspace } from '../../numerics/grids.ts';
import { mean } from '../../numerics/statistics.ts';
import { capitalProblem, chainsOf } from '../../solvers/capital-tables.ts';
import { type CapitalPolicy, simulateCapital } from '../../solvers/capital-walk.ts';
import { type EulerErrors, eulerAccuracy } from '../../solvers/euler-accuracy.ts';
import { aggregatePath } from '../../solvers/krusell-smith.ts';
import {
  dynamicForecastError,
  type ForecastError,
  fitLaw,
  type LawFit,
} from '../../solvers/law-of-motion.ts';
import {
  type LorenzCurve,
  lorenzCurve,
  type MarginalPropensities,
  marginalPropensities,
  type WealthMeasures,
  wealthMeasures,
} from '../../solvers/wealth.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy } from './solver-inputs.ts';
import { RATE, type StructuralSetup, settleAt, structuralCore, WAGE } from './structural-core.ts';
import { newPeriod, newResponse, sharesAt, simulateTables } from './structural-path.ts';

/** What is known of learned tables. */
export interface LearnedAssessment {
  /** At nodes of capital. */
  readonly policy: CapitalPolicy;
  /** c(z, n, e, a), [Z, N, E, A]. */
  readonly consumption: Float64Array;
  /** Of a path of the learned economy. */
  readonly fit: LawFit;
  /** Of that law on another path, in percent. */
  readonly denHaan: ForecastError;
  readonly eulerErrors: EulerErrors;
  readonly meanCapital: number;
  readonly capitalRange: { readonly low: number; readonly high: number };
  readonly meanNetReturn: number;
  readonly meanConsumption: number;
  readonly meanOutput: number;
  /** Of the mean cross-section. */
  readonly wealth: WealthMeasures;
  readonly lorenz: LorenzCurve;
  /** At mean capital in the middle state. */
  readonly propensities: MarginalPropensities;
}

const PERIODS = 4_000;
const DISCARD = 500;
const FITTED_SEED = 0;
const ASSESSED_SEED = 1;
/** Policies are put on so many nodes of capital, linear between: the tables themselves are bilinear in prices. */
const CAPITAL_NODES = 40;
/** Nodes go on so far beyond the path. */
const MARGIN = 0.05;
/** A windfall is this share of mean output. */
const WINDFALL = 0.01;

/**
 * Simulates the tables from `start` [E, A], fits a law of motion to the path, and tries law and policies on another path. Throws what the solvers throw; needs aggregate
 * risk. Invariant: deterministic.
 */
export function assessTables(
  model: KrusellSmithModel,
  setup: StructuralSetup,
  table: Float64Array,
  start: Float64Array,
): LearnedAssessment {
  const economy = capitalEconomy(model);
  const chains = chainsOf(economy);
  const { assets } = setup;
  const states = aggregatePath(economy, chains, { periods: DISCARD + PERIODS, seed: FITTED_SEED });
  const path = simulateTables(setup, table, states, start);
  const logProductivity = economy.productivity.map(Math.log);
  const fit = fitLaw(
    model.risk === 'employment' ? 'by-state' : 'log-linear',
    { logCapital: path.capital.map(Math.log), states, logProductivity },
    DISCARD,
  );
  const [low, high] = [Math.min, Math.max].map((pick) => path.capital.reduce((a, b) => pick(a, b)));
  const capital = logspace(low * (1 - MARGIN), high * (1 + MARGIN), CAPITAL_NODES);
  const grids = { assets, capital, interpolation: 'linear' as const };
  const problem = capitalProblem(economy, chains, grids, fit.law);
  const { savings, consumption } = policyOfTables(setup, table, capital);
  const policy = { problem, savings, logCapital: capital.map(Math.log) };
  const trial = aggregatePath(economy, chains, { periods: DISCARD + PERIODS, seed: ASSESSED_SEED });
  const tried = { states: trial, start };
  const found = eulerAccuracy(economy, policy, chains, { ...tried, discard: DISCARD });
  const walked = simulateCapital(economy, policy, chains, tried);
  const counted = walked.capital.subarray(DISCARD);
  const meanCapital = mean(counted);
  const meanOutput = mean(walked.output.subarray(DISCARD));
  const section = { assets, distribution: found.distribution };
  const trials = { logCapital: walked.capital.map(Math.log), states: trial, logProductivity };
  const middle = (setup.productivity.length - 1) >> 1;
  const spent = policyOfTables(setup, table, Float64Array.of(meanCapital)).consumption;
  return {
    policy,
    consumption,
    fit,
    denHaan: dynamicForecastError(fit.law, trials, DISCARD),
    eulerErrors: found.errors,
    meanCapital,
    capitalRange: {
      low: counted.reduce((a, b) => Math.min(a, b)),
      high: counted.reduce((a, b) => Math.max(a, b)),
    },
    meanNetReturn: mean(walked.netReturn.subarray(DISCARD)),
    meanConsumption: mean(walked.consumption.subarray(DISCARD)),
    meanOutput,
    wealth: wealthMeasures(section),
    lorenz: lorenzCurve(section),
    propensities: marginalPropensities(
      section,
      spent.subarray(middle * start.length, (middle + 1) * start.length),
      { windfall: WINDFALL * meanOutput, grossReturn: economy.grossReturn(meanCapital, middle) },
    ),
  };
}

/** a' and c at nodes of capital, [Z, N, E, A]. */
function policyOfTables(setup: StructuralSetup, table: Float64Array, capital: Float64Array) {
  const core = structuralCore(setup);
  const { productivity, assets, units } = setup;
  const cells = setup.population.length;
  const period = newPeriod(core);
  const response = newResponse(cells);
  const shares = new Float64Array(cells);
  const savings = new Float64Array(productivity.length * capital.length * cells);
  const consumption = new Float64Array(savings.length);
  for (let z = 0; z < productivity.length; z++) {
    for (let n = 0; n < capital.length; n++) {
      settleAt(setup, capital[n], z, period);
      const [r, w] = [period.aggregates[RATE], period.aggregates[WAGE]];
      sharesAt(table, period, shares);
      core.respond(period, shares, response);
      const at = (z * capital.length + n) * cells;
      savings.set(response.next, at);
      for (let j = 0; j < cells; j++) {
        const income = w * units[z * core.ownStates + Math.floor(j / assets.length)];
        consumption[at + j] = (1 + r) * assets[j % assets.length] + income - response.next[j];
      }
    }
  }
  return { savings, consumption };
}
