import { type FoundRest, type HankRest, hankAtRest, searchRest } from '../../solvers/hank.ts';
import { type WorkingValuesAtRest, workingValuesAtRest } from '../../solvers/household-labour-values.ts';
import { type HankModel, solverEconomy } from './setup.ts';

/** Where households rest, as tables [E, A], asset fastest. */
export interface HankTables {
  /** Asset grid, [A]. */
  readonly assets: Float64Array;
  readonly consumptionTable: Float64Array;
  /** n, hours. */
  readonly labourTable: Float64Array;
  readonly savingsTable: Float64Array;
  /** Sums to one. */
  readonly distribution: Float64Array;
}

/** Where the economy rests without aggregate shocks, and what it is linearised about. */
export interface HankSteadyState extends HankRest, HankTables {}

/**
 * The equilibrium at rest, z = 1 and e = 0, by the endogenous-grid method on `nodes` of bonds (default the calibration's).
 *
 * `converged` says whether prices, policies and the cross-section did; callers look at it. Throws where no real rate between .1 percent and
 * 1 / beta - 1 clears the market for bonds. Invariant: C = (1 - cost share) Y up to r times `residual` (Walras).
 */
export function hankSteadyState(
  model: HankModel,
  { nodes = model.bondNodes }: { readonly nodes?: number } = {},
): HankSteadyState {
  const economy = solverEconomy(model, nodes);
  const rest = hankAtRest(economy);
  const { assets, efficiency } = economy.household;
  const cells = assets.length * efficiency.length;
  const { outputs, distribution } = rest.households;
  const effective = outputs.slice(2 * cells, 3 * cells);
  return {
    ...rest,
    assets,
    savingsTable: outputs.slice(0, cells),
    consumptionTable: outputs.slice(cells, 2 * cells),
    labourTable: effective.map((units, i) => units / efficiency[Math.floor(i / assets.length)]),
    distribution,
  };
}

/**
 * The same by value iteration with values linear between the nodes: the problem that agents solve whose savings are lotteries between those nodes, and
 * so what they are compared with at equal nodes. Not to be linearised about. Errors and invariant as `hankSteadyState`.
 */
export function hankSteadyStateByValues(
  model: HankModel,
  { nodes = model.bondNodes }: { readonly nodes?: number } = {},
): FoundRest<WorkingValuesAtRest> & HankTables {
  const economy = solverEconomy(model, nodes);
  const rest = searchRest<WorkingValuesAtRest>(economy, {}, (inputs, last) =>
    workingValuesAtRest(economy.household, model.incidence, inputs, last),
  );
  const { consumption, labour, savings, distribution } = rest.households;
  return {
    ...rest,
    assets: economy.household.assets,
    consumptionTable: consumption,
    labourTable: labour,
    savingsTable: savings,
    distribution,
  };
}
