/** Learned tables in the form of the classical solution, measured by what measures that: the law of motion they amount to, Euler errors, wealth, spending. */
import { newPeriod, newResponse } from '../../core/structural.ts';
import { logspace } from '../../numerics/grids.ts';
import { type Assessment, assessLawOfMotion } from '../../solvers/assessment.ts';
import { capitalProblem, chainsOf } from '../../solvers/capital-tables.ts';
import { filterOf } from '../../solvers/cycle-moments.ts';
import { aggregatePath, type LawOfMotionSolution } from '../../solvers/krusell-smith.ts';
import { fitLaw } from '../../solvers/law-of-motion.ts';
import {
  type CrossSection,
  lorenzCurve,
  marginalPropensities,
  wealthMeasures,
} from '../../solvers/wealth.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy } from './solver-inputs.ts';
import { RATE, type StructuralSetup, settleAt, structuralCore, WAGE } from './structural-core.ts';
import { sharesAt, simulateTables } from './structural-path.ts';
import { TRIED } from './structural-reference.ts';

/** Learned tables as a solution: policies at nodes of capital, and the law of motion of a path of the learned economy. */
export type LearnedSolution = Pick<LawOfMotionSolution, 'law' | 'fit' | 'policy' | 'consumption' | 'chains'>;

/** What is known of learned tables: the law is tried on a path that it was not fitted to. */
export interface LearnedAssessment {
  readonly solution: LearnedSolution;
  readonly assessment: Assessment;
}

/** Of the path that the law is fitted to. */
const FITTED_SEED = 0;
/** Policies are put on so many nodes of capital, linear between: the tables themselves are bilinear in prices. */
const CAPITAL_NODES = 60;
/** Nodes go on so far beyond the path. */
const MARGIN = 0.15;
/** A windfall is this share of mean consumption, where nothing moves. */
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
  const states = aggregatePath(economy, chains, {
    periods: TRIED.discard + TRIED.periods,
    seed: FITTED_SEED,
  });
  const path = simulateTables(setup, table, states, start);
  const fit = fitLaw(
    model.risk === 'employment' ? 'by-state' : 'log-linear',
    { logCapital: path.capital.map(Math.log), states, logProductivity: economy.productivity.map(Math.log) },
    TRIED.discard,
  );
  const [low, high] = [Math.min, Math.max].map((pick) => path.capital.reduce((a, b) => pick(a, b)));
  const capital = logspace(low * (1 - MARGIN), high * (1 + MARGIN), CAPITAL_NODES);
  const grids = { assets, capital, interpolation: 'linear' as const };
  const problem = capitalProblem(economy, chains, grids, fit.law);
  const { savings, consumption } = policyOfTables(setup, table, capital);
  const policy = { problem, savings, logCapital: capital.map(Math.log) };
  const solution = { law: fit.law, fit, policy, consumption, chains };
  return {
    solution,
    assessment: assessLawOfMotion(
      economy,
      { ...solution, path: { distribution: start } },
      {
        ...TRIED,
        lambda: filterOf(model.periodsPerYear),
      },
    ),
  };
}

/** Who holds and who spends what without aggregate risk, where the path of the tables has come to rest. */
export function assessRest(
  setup: StructuralSetup,
  table: Float64Array,
  section: CrossSection & { readonly capital: number },
) {
  const { assets, distribution, capital } = section;
  const { consumption } = policyOfTables(setup, table, Float64Array.of(capital));
  const period = newPeriod(structuralCore(setup));
  settleAt(setup, capital, 0, period);
  const eaten = consumption.reduce((sum, c, j) => sum + distribution[j] * c, 0);
  return {
    consumption,
    wealth: wealthMeasures({ assets, distribution }),
    lorenz: lorenzCurve({ assets, distribution }),
    propensities: marginalPropensities({ assets, distribution }, consumption, {
      windfall: WINDFALL * eaten,
      grossReturn: 1 + period.aggregates[RATE],
    }),
    incomes: Array.from(
      setup.units.subarray(0, distribution.length / assets.length),
      (unit) => unit * period.aggregates[WAGE],
    ),
  };
}

/** a' and c at nodes of capital, [Z, N, E, A]. */
function policyOfTables(setup: StructuralSetup, table: Float64Array, capital: Float64Array) {
  const core = structuralCore(setup);
  const { productivity, assets, units } = setup;
  const cells = setup.population.length;
  const period = newPeriod(core);
  const response = newResponse(cells, 1);
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
