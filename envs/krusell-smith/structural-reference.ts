/**
 * The classical path that learned tables are held against: the same start and the same shocks, households who forecast capital by a law of motion. On fine grids, and, the yardstick of
 * learning, on the structural agent's own nodes with values linear between them: the lottery that moves a cross-section is that very interpolation.
 */

import { assetGrid } from '../../solvers/asset-grids.ts';
import { simulateCapital } from '../../solvers/capital-walk.ts';
import { lawOfMotionOptions } from '../../solvers/classical.ts';
import type { LawOfMotionSolution } from '../../solvers/krusell-smith.ts';
import { aggregatePath, solveLawOfMotion } from '../../solvers/krusell-smith.ts';
import { dynamicForecastError, type ForecastError, type LawFit } from '../../solvers/law-of-motion.ts';
import { krusellSmithClassical } from './classical.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy } from './solver-inputs.ts';
import type { StructuralSetup } from './structural-core.ts';
import { carryOver } from './structural-path.ts';
import { restOf } from './structural-rest.ts';
import {
  STORED_CAPITAL,
  STORED_CAPITAL_FINE,
  STORED_CAPITAL_QUICK,
  STORED_CONSUMPTION,
  STORED_STATES,
} from './structural-stored.ts';

/** One classical solution's capital along the path. */
export interface ReferencePath {
  /** [T]. */
  readonly capital: Float64Array;
  /** Where the solution is at hand; otherwise empty. */
  readonly consumption: Float64Array;
  /** How it was found, in words. */
  readonly method: string;
  readonly converged: boolean;
  /** The law of motion that its households go by, where the solution is at hand, tried on the path that learned laws are tried on. */
  readonly law?: ClassicalLaw;
}

export interface ClassicalLaw {
  readonly fit: LawFit;
  readonly denHaan: ForecastError;
}

/** The test: where to start, what happens, and what is right. */
export interface PathTest {
  /** Indices of z, [T]. */
  readonly states: Int32Array;
  /** On the setup's nodes, [E, A]. */
  readonly start: Float64Array;
  /** First period that counts. */
  readonly from: number;
  readonly fine: ReferencePath;
  readonly sameGrid: ReferencePath;
}

const PERIODS = 400;
const SEED = 11;
/** Rules are fitted to so many periods. */
const LAW = { periods: 4_000, discard: 500, tolerance: 1e-5 } as const;
/** Laws are tried on so many periods of this draw. */
export const TRIED = { periods: 4_000, discard: 500, seed: 1 } as const;
const STORED_METHOD = 'endogenous grid, 200 nodes, quadratic law of motion (stored)';

/**
 * In the annual economy the stored path; elsewhere both solutions are computed, which takes seconds. Without aggregate risk the path stands still, and its second half counts.
 * Throws what the solvers throw.
 */
export function pathTest(model: KrusellSmithModel, setup: StructuralSetup): PathTest {
  const { low, high, nodes } = krusellSmithClassical(model).assets;
  const fineAssets = assetGrid({ low, high, n: nodes });
  if (setup.productivity.length === 1) return restingTest(model, setup, fineAssets);
  const rest = restOf(model, fineAssets);
  const start = carryOver(rest.distribution, fineAssets, setup.assets);
  if (isStored(model)) {
    const states = Int32Array.from(STORED_STATES);
    const fine = {
      capital: STORED_CAPITAL,
      consumption: STORED_CONSUMPTION,
      method: STORED_METHOD,
      converged: true,
    };
    return {
      states,
      start,
      from: 0,
      fine,
      sameGrid: storedSameGrid(setup) ?? sameGrid(model, setup, states, start),
    };
  }
  const economy = capitalEconomy(model);
  const solution = solveFine(model);
  const states = aggregatePath(economy, solution.chains, { periods: PERIODS - 1, seed: SEED });
  return {
    states,
    start,
    from: 0,
    fine: {
      ...walk(model, solution, states, rest.distribution, `endogenous grid, ${fineAssets.length} nodes`),
      law: tryLaw(model, solution, rest.distribution),
    },
    sameGrid: sameGrid(model, setup, states, start),
  };
}

/** The classical solution on its own grids. */
export function solveFine(model: KrusellSmithModel): LawOfMotionSolution {
  const options = lawOfMotionOptions(capitalOf(model), { ...LAW, form: formOf(model), method: 'euler' });
  return solveLawOfMotion(capitalEconomy(model), options);
}

/** On the structural nodes, by values linear between them; by the Euler equation where the poorest have nothing to eat, whose value is not finite. */
export function solveSameGrid(model: KrusellSmithModel, assets: Float64Array): LawOfMotionSolution {
  const method = sameGridMethod(model);
  const options = lawOfMotionOptions(capitalOf(model), { ...LAW, form: formOf(model), method });
  return solveLawOfMotion(capitalEconomy(model), { ...options, assets });
}

function sameGridMethod({ exposure }: KrusellSmithModel): 'values' | 'euler' {
  return exposure.earnings.every((x, e) => x + exposure.benefits[e] > 0) ? 'values' : 'euler';
}

function formOf({ risk }: KrusellSmithModel): 'by-state' | 'quadratic' {
  return risk === 'employment' ? 'by-state' : 'quadratic';
}

function capitalOf(model: KrusellSmithModel) {
  const classical = krusellSmithClassical(model);
  if (classical.kind !== 'law-of-motion')
    throw new Error('krusell-smith: without aggregate risk there is no law of motion.');
  return classical;
}

function sameGrid(
  model: KrusellSmithModel,
  setup: StructuralSetup,
  states: Int32Array,
  start: Float64Array,
): ReferencePath {
  const solution = solveSameGrid(model, setup.assets);
  const how = sameGridMethod(model) === 'values' ? 'values linear between' : 'endogenous grid,';
  return walk(model, solution, states, start, `${how} ${setup.assets.length} nodes`);
}

function walk(
  model: KrusellSmithModel,
  solution: LawOfMotionSolution,
  states: Int32Array,
  start: Float64Array,
  method: string,
): ReferencePath {
  const { capital, consumption } = simulateCapital(capitalEconomy(model), solution.policy, solution.chains, {
    states: Int32Array.from([...states, states[states.length - 1]]),
    start,
  });
  return {
    capital: capital.slice(0, states.length),
    consumption,
    method: `${method}, ${solution.law.form} law of motion`,
    converged: solution.converged,
  };
}

/** Den Haan's error of a classical law on the path of `structural-assessment.ts`. */
function tryLaw(model: KrusellSmithModel, solution: LawOfMotionSolution, start: Float64Array): ClassicalLaw {
  const economy = capitalEconomy(model);
  const { chains, policy, law, fit } = solution;
  const states = aggregatePath(economy, chains, { periods: TRIED.discard + TRIED.periods, seed: TRIED.seed });
  const { capital } = simulateCapital(economy, policy, chains, { states, start });
  const path = {
    logCapital: capital.map(Math.log),
    states,
    logProductivity: economy.productivity.map(Math.log),
  };
  return { fit: { ...fit, law }, denHaan: dynamicForecastError(law, path, TRIED.discard) };
}

function restingTest(model: KrusellSmithModel, setup: StructuralSetup, fineAssets: Float64Array): PathTest {
  const fine = restOf(model, fineAssets);
  const same = restOf(model, setup.assets, 'values');
  const flat = (K: number, method: string, converged: boolean): ReferencePath => ({
    capital: new Float64Array(PERIODS).fill(K),
    consumption: new Float64Array(0),
    method,
    converged,
  });
  return {
    states: new Int32Array(PERIODS),
    start: carryOver(fine.distribution, fineAssets, setup.assets),
    from: PERIODS >> 1,
    fine: flat(
      fine.capital,
      `stationary equilibrium, endogenous grid, ${fineAssets.length} nodes`,
      fine.converged,
    ),
    sameGrid: flat(
      same.capital,
      `stationary equilibrium, values linear between ${setup.assets.length} nodes`,
      same.converged,
    ),
  };
}

/** Whether this is the economy of the stored path, to rounding. */
function isStored(model: KrusellSmithModel): boolean {
  const { exposure, capitalShare, depreciation, discountFactor, riskAversion } = model;
  const { productivity, aggregate, earnings, conditional } = exposure;
  if (productivity.length !== 11 || earnings.length !== 3) return false;
  const found = [capitalShare, depreciation, discountFactor, riskAversion, productivity[0], aggregate[0]];
  const stored = [0.36, 0.08, 0.95, 3, 0.81344728027, 0.453949181036];
  return [...found, earnings[0], conditional[0]].every(
    (x, i) => Math.abs(x - [...stored, 0.5342865906, 0.6460391273][i]) < 1e-9,
  );
}

function storedSameGrid({ assets }: StructuralSetup): ReferencePath | undefined {
  const top = assets[assets.length - 1];
  const isQuick = assets.length === 80 && Math.abs(top - 50) < 1e-9;
  const isFine = assets.length === 200 && Math.abs(top - 100) < 1e-9;
  if (!isQuick && !isFine) return undefined;
  return {
    capital: isQuick ? STORED_CAPITAL_QUICK : STORED_CAPITAL_FINE,
    consumption: new Float64Array(0),
    method: `values linear between ${assets.length} nodes, quadratic law of motion (stored)`,
    converged: true,
  };
}
