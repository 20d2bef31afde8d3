/**
 * Perfect foresight without linearising: the paths of unknowns at which the stacked equations H(U, Z) = 0 hold, by Newton's steps with the Jacobian at
 * rest (Auclert, Bardoczy, Rognlie and Straub 2021, Econometrica 89, section 6),
 *
 *     U <- U - H_U^-1 H(U, Z).
 *
 * Households solve their own problem along each candidate path, and the cross-section is moved by what they do.
 */
import { requireFiniteArray, requireLength, requirePositive, requireWhole } from '../numerics/checks.ts';
import type { Convergence } from './household.ts';
import { type LinearEconomy, namedPaths, type Paths } from './sequence-space.ts';
import { blockPath } from './sequence-space-block.ts';
import { solveFactored } from './sequence-space-factors.ts';
import type { Surroundings } from './sequence-space-model.ts';

export interface ForesightOptions {
  /** Largest residual of any equation and period; default 1e-9. */
  readonly tolerance?: number;
  /** Default 50. */
  readonly maxIterations?: number;
  /** Cross-section at t = 0, [cells]; default that at rest. */
  readonly start?: Float64Array;
}

/** Paths as deviations from rest. `residual` is the largest of any equation and period. */
export interface ForesightPath extends Convergence {
  readonly paths: Paths;
}

/**
 * The perfect-foresight equilibrium under paths of shocks, deviations from rest, [Z, T], known from period 0 on.
 *
 * The Jacobian is that at rest throughout, so convergence is linear, and fast for small shocks. Says whether it converged; callers look at it.
 * Throws on another length, and where candidate paths leave what households can live on (the message names the input).
 * Invariant: for shocks of size h the gap to `respond` is of order h^2.
 */
export function perfectForesight(
  economy: LinearEconomy,
  shocks: Float64Array,
  options: ForesightOptions = {},
): ForesightPath {
  const { tolerance = 1e-9, maxIterations = 50 } = options;
  const { model, block, rest, horizon: T } = economy;
  const where = 'perfectForesight';
  const U = model.unknowns.length;
  requireLength(where, 'the shocks', shocks, model.shocks.length * T, 'the horizon times the shocks');
  requireFiniteArray(where, 'the shocks', shocks, 0);
  requirePositive(where, 'the tolerance', tolerance);
  requireWhole(where, 'the largest number of iterations', maxIterations, 1, 100_000);
  const V = U + model.shocks.length;
  const levels = new Float64Array(V * T);
  for (let v = 0; v < V; v++) levels.fill(model.rest[v], v * T, (v + 1) * T);
  shocks.forEach((x, k) => {
    levels[U * T + k] += x;
  });
  let residual = Infinity;
  for (let iterations = 0; ; iterations++) {
    const inputs = localPath(economy, levels, null, block.inputs.length, model.inputs);
    requireFiniteArray(where, 'the path of household inputs', inputs);
    const outputs = blockPath(block, rest, inputs, options);
    const residuals = localPath(economy, levels, outputs, U, model.residuals);
    residual = residuals.reduce((most, x) => (Math.abs(x) <= most ? most : Math.abs(x)), 0);
    const converged = residual <= tolerance;
    if (converged || iterations === maxIterations) {
      const reports = localPath(economy, levels, outputs, model.reports.length, model.report);
      const stacked = {
        variables: lessRest(levels, model.rest, T),
        inputs: lessRest(inputs, rest.inputs, T),
        outputs: lessRest(outputs, rest.aggregates, T),
        reports: lessRest(reports, reportsAtRest(economy), T),
      };
      return { converged, iterations, residual, paths: namedPaths(economy, stacked) };
    }
    const step = solveFactored(economy.factors, residuals);
    for (let k = 0; k < step.length; k++) levels[k] -= step[k];
  }
}

function lessRest(paths: Float64Array, rest: Float64Array, T: number): Float64Array {
  return paths.map((x, k) => x - rest[Math.floor(k / T)]);
}

function reportsAtRest({ model, rest }: LinearEconomy): Float64Array {
  const at = model.rest;
  const out = new Float64Array(model.reports.length);
  const aggregates = rest.aggregates;
  model.report({ before: at, now: at, after: at, householdsBefore: aggregates, households: aggregates }, out);
  return out;
}

/** A local function along a path of levels, [rows, T]; at rest before and after. */
function localPath(
  { model, rest, block, horizon: T }: LinearEconomy,
  levels: Float64Array,
  outputs: Float64Array | null,
  rows: number,
  f: (around: Surroundings, out: Float64Array) => void,
): Float64Array {
  const V = model.rest.length;
  const O = block.outputs.length;
  const columns = (t: number): Float64Array =>
    t < 0 || t >= T ? model.rest : Float64Array.from({ length: V }, (_, v) => levels[v * T + t]);
  const aggregates = (t: number): Float64Array => {
    if (t < 0 || outputs === null) return rest.aggregates;
    return Float64Array.from({ length: O }, (_, o) => outputs[o * T + t]);
  };
  const result = new Float64Array(rows * T);
  const out = new Float64Array(rows);
  for (let t = 0; t < T; t++) {
    f(
      {
        before: columns(t - 1),
        now: columns(t),
        after: columns(t + 1),
        householdsBefore: aggregates(t - 1),
        households: aggregates(t),
      },
      out,
    );
    for (let r = 0; r < rows; r++) result[r * T + t] = out[r];
  }
  return result;
}
