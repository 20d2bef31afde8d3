import { type HankRest, hankModel } from '../../solvers/hank.ts';
import { type LinearEconomy, linearise, type Paths, respond } from '../../solvers/sequence-space.ts';
import {
  type ForesightOptions,
  type ForesightPath,
  perfectForesight,
} from '../../solvers/sequence-space-path.ts';
import { type HankModel, solverEconomy } from './setup.ts';

/** Periods of the linear solution: responses of an AR(1) of .9 are the same to ten digits with 200. */
const HORIZON = 300;

export type HankShock = 'productivity' | 'monetary';

/**
 * The economy to first order about rest. One for all responses; Jacobians of 300 periods take about half a second of CPU time at 200 nodes.
 * Throws where the equilibrium is not determined. Shapes: `solveHankLinear(...).factors` [3 T, 3 T].
 */
export function solveHankLinear(
  model: HankModel,
  rest: HankRest,
  { horizon = HORIZON }: { readonly horizon?: number } = {},
): LinearEconomy {
  return linearise(hankModel(solverEconomy(model), rest), rest.block, rest.households, { horizon });
}

/** A unit shock in period 0 that dies out at its persistence: log z_0 = 1, or e_0 = 1. [2, T]. */
export function shockPath(model: HankModel, shock: HankShock, horizon: number): Float64Array {
  const rho = shock === 'productivity' ? model.productivityPersistence : model.monetaryPersistence;
  const from = shock === 'productivity' ? 0 : horizon;
  const path = new Float64Array(2 * horizon);
  for (let t = 0; t < horizon; t++) path[from + t] = rho ** t;
  return path;
}

/**
 * Linear responses to a unit shock: `w`, `Pi`, `Y`, `C`, `r`, `d` and the shocks by name, [T] each, in levels from rest.
 *
 * Multiply by the shock's size; r is paid in t on bonds bought in t - 1. Invariant: goods and bonds clear in every period to 1e-8.
 */
export function hankResponse(linear: LinearEconomy, model: HankModel, shock: HankShock): Paths {
  return respond(linear, shockPath(model, shock, linear.horizon));
}

/** The same with curvature, for a shock of this size: log z_t = size rho^t, or e_t = size rho^t. Callers look at `converged`. */
export function hankForesight(
  linear: LinearEconomy,
  model: HankModel,
  shock: HankShock,
  options: ForesightOptions & { readonly size: number },
): ForesightPath {
  const path = shockPath(model, shock, linear.horizon).map((x) => options.size * x);
  const levels = shock === 'productivity' ? path.map((x) => Math.expm1(x)) : path;
  return perfectForesight(linear, levels, options);
}
