/**
 * General equilibrium in sequence space: the equations of every period stacked, H(U, Z) = 0, solved to first order about rest,
 *
 *     dU = -H_U^-1 H_Z dZ,     H_U = (own derivatives) + (derivatives by aggregates) J (derivatives of household inputs),
 *
 * J the Jacobians of the household block. Source: Auclert, Bardoczy, Rognlie and Straub (2021), Econometrica 89, section 4.
 */
import { requireFiniteArray, requireLength } from '../numerics/checks.ts';
import type { HouseholdBlock, SteadyBlock } from './sequence-space-block.ts';
import { type Factors, factorise, solveFactored } from './sequence-space-factors.ts';
import { type BlockJacobian, blockJacobian, type JacobianOptions } from './sequence-space-jacobian.ts';
import {
  differentiate,
  type LocalDerivatives,
  type SequenceModel,
  surroundingsAtRest,
} from './sequence-space-model.ts';

/** An economy linearised about rest. */
export interface LinearEconomy {
  readonly model: SequenceModel;
  readonly block: HouseholdBlock;
  readonly rest: SteadyBlock;
  readonly jacobian: BlockJacobian;
  /** T. */
  readonly horizon: number;
  readonly inputs: LocalDerivatives;
  readonly residuals: LocalDerivatives;
  readonly reports: LocalDerivatives;
  /** Of H_U, [U T, U T]: equation r of period t is row r T + t. */
  readonly factors: Factors;
}

/** Paths by name, [T] each: deviations from rest, of unknowns, shocks, household inputs and outputs, and reports. */
export type Paths = Readonly<Record<string, Float64Array>>;

/**
 * Linearises about rest. The household Jacobians are computed here; a `jacobian` that is there already is used as it is.
 *
 * Throws where rest is none (a residual above 1e-6, named), names are not different, or H_U is singular: then the equilibrium is not
 * determined, or the horizon too short. Invariant: `respond` is linear in the shocks.
 */
export function linearise(
  model: SequenceModel,
  block: HouseholdBlock,
  rest: SteadyBlock,
  options: JacobianOptions & { readonly jacobian?: BlockJacobian },
): LinearEconomy {
  requireDifferent(model, block);
  requireRest(model, rest);
  const jacobian = options.jacobian ?? blockJacobian(block, rest, options);
  const around = surroundingsAtRest(model, rest);
  const inputs = differentiate(around, block.inputs.length, (at, out) => model.inputs(at, out));
  const residuals = differentiate(around, model.unknowns.length, (at, out) => model.residuals(at, out));
  const reports = differentiate(around, model.reports.length, (at, out) => model.report(at, out));
  const { horizon } = jacobian;
  const size = model.unknowns.length * horizon;
  const matrix = stackedJacobian(model, jacobian, inputs, residuals);
  const factors = factorise(matrix, size);
  return { model, block, rest, jacobian, horizon, inputs, residuals, reports, factors };
}

/** A residual at rest above this is an error in the equations or in rest, not rounding. */
const AT_REST = 1e-6;

function requireRest(model: SequenceModel, rest: SteadyBlock): void {
  const around = surroundingsAtRest(model, rest);
  const inputs = new Float64Array(rest.inputs.length);
  model.inputs(around, inputs);
  inputs.forEach((x, i) => {
    if (!(Math.abs(x - rest.inputs[i]) <= AT_REST)) {
      throw new Error(
        `linearise: input ${i} of households is ${x} by the equations and ${rest.inputs[i]} at rest; make them agree.`,
      );
    }
  });
  const out = new Float64Array(model.unknowns.length);
  model.residuals(around, out);
  out.forEach((x, r) => {
    if (!(Math.abs(x) <= AT_REST)) {
      throw new Error(`linearise: residual ${r} is ${x} at rest; give an equilibrium to linearise about.`);
    }
  });
}

function requireDifferent(model: SequenceModel, block: HouseholdBlock): void {
  const names = [model.unknowns, model.shocks, model.reports, block.inputs, block.outputs].flat();
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`linearise: two variables are called "${twice}"; rename one.`);
}

/** H_U, [U T, U T]. */
function stackedJacobian(
  model: SequenceModel,
  jacobian: BlockJacobian,
  inputs: LocalDerivatives,
  residuals: LocalDerivatives,
): Float64Array {
  const T = jacobian.horizon;
  const U = model.unknowns.length;
  const V = U + model.shocks.length;
  const I = jacobian.inputs.length;
  const O = jacobian.outputs.length;
  const result = new Float64Array(U * T * U * T);
  const effect = new Float64Array(T * T);
  for (let v = 0; v < U; v++) {
    for (let r = 0; r < U; r++) {
      for (let lead = -1; lead <= 1; lead++) {
        const slope = residuals.variables[(r * V + v) * 3 + lead + 1];
        if (slope === 0) continue;
        for (let t = Math.max(0, -lead); t < Math.min(T, T - lead); t++) {
          result[(r * T + t) * U * T + v * T + t + lead] += slope;
        }
      }
    }
    for (let o = 0; o < O; o++) {
      effect.fill(0);
      for (let i = 0; i < I; i++) {
        for (let lead = -1; lead <= 1; lead++) {
          const slope = inputs.variables[(i * V + v) * 3 + lead + 1];
          if (slope !== 0) addShifted(effect, jacobian.matrices[o * I + i], slope, lead, T);
        }
      }
      for (let r = 0; r < U; r++) {
        for (let lag = 0; lag <= 1; lag++) {
          const slope = residuals.households[(r * O + o) * 2 + lag];
          if (slope !== 0) addBlock(result, effect, slope, lag, r, v, U, T);
        }
      }
    }
  }
  return result;
}

/** effect[t, s] += slope J[t, s - lead]: input at t' = s - lead depends on the variable at s. Hot. */
function addShifted(
  effect: Float64Array,
  matrix: Float64Array,
  slope: number,
  lead: number,
  T: number,
): void {
  const from = Math.max(0, lead);
  const to = Math.min(T, T + lead);
  for (let t = 0; t < T; t++) {
    for (let s = from; s < to; s++) effect[t * T + s] += slope * matrix[t * T + s - lead];
  }
}

/** result[(r, t), (v, s)] += slope effect[t - lag, s]. Hot. */
function addBlock(
  result: Float64Array,
  effect: Float64Array,
  slope: number,
  lag: number,
  r: number,
  v: number,
  U: number,
  T: number,
): void {
  for (let t = lag; t < T; t++) {
    const row = (r * T + t) * U * T + v * T;
    for (let s = 0; s < T; s++) result[row + s] += slope * effect[(t - lag) * T + s];
  }
}

/**
 * The first-order response to paths of shocks, deviations from rest, [Z, T], known from period 0 on.
 *
 * Throws on another length and entries that are not finite. Invariant: linear in the shocks; stacked residuals are zero within rounding.
 */
export function respond(economy: LinearEconomy, shocks: Float64Array): Paths {
  const { model, horizon: T } = economy;
  const U = model.unknowns.length;
  requireLength('respond', 'the shocks', shocks, model.shocks.length * T, 'the horizon times the shocks');
  requireFiniteArray('respond', 'the shocks', shocks, 0);
  const variables = new Float64Array((U + model.shocks.length) * T);
  variables.set(shocks, U * T);
  const direct = residualsOf(economy, variables);
  variables.set(
    solveFactored(
      economy.factors,
      direct.map((x) => -x),
    ),
  );
  const inputs = linearPaths(economy.inputs, variables, new Float64Array(0), T);
  const outputs = outputsOf(economy, inputs);
  const reports = linearPaths(economy.reports, variables, outputs, T);
  return namedPaths(economy, { variables, inputs, outputs, reports });
}

function residualsOf(economy: LinearEconomy, variables: Float64Array): Float64Array {
  const inputs = linearPaths(economy.inputs, variables, new Float64Array(0), economy.horizon);
  return linearPaths(economy.residuals, variables, outputsOf(economy, inputs), economy.horizon);
}

/** Y = sum_i J x_i, [O, T]. */
function outputsOf({ jacobian }: LinearEconomy, inputs: Float64Array): Float64Array {
  const { horizon: T, matrices } = jacobian;
  const I = jacobian.inputs.length;
  const outputs = new Float64Array(jacobian.outputs.length * T);
  matrices.forEach((matrix, k) => {
    const o = Math.floor(k / I) * T;
    const i = (k % I) * T;
    for (let t = 0; t < T; t++) {
      let sum = 0;
      for (let s = 0; s < T; s++) sum += matrix[t * T + s] * inputs[i + s];
      outputs[o + t] += sum;
    }
  });
  return outputs;
}

/** Local functions along paths, to first order: [rows, T]. */
function linearPaths(
  local: LocalDerivatives,
  variables: Float64Array,
  outputs: Float64Array,
  T: number,
): Float64Array {
  const V = variables.length / T;
  const O = outputs.length / T;
  const result = new Float64Array(local.rows * T);
  const add = (r: number, slope: number, paths: Float64Array, start: number, lead: number): void => {
    if (slope === 0) return;
    for (let t = Math.max(0, -lead); t < Math.min(T, T - lead); t++) {
      result[r * T + t] += slope * paths[start + t + lead];
    }
  };
  for (let r = 0; r < local.rows; r++) {
    for (let v = 0; v < V; v++) {
      for (let d = -1; d <= 1; d++) add(r, local.variables[(r * V + v) * 3 + d + 1], variables, v * T, d);
    }
    for (let o = 0; o < O; o++) {
      for (let l = 0; l <= 1; l++) add(r, local.households[(r * O + o) * 2 + l], outputs, o * T, -l);
    }
  }
  return result;
}

/** Cuts stacked paths into named ones. */
export function namedPaths(
  { model, block, horizon: T }: Pick<LinearEconomy, 'model' | 'block' | 'horizon'>,
  stacked: Readonly<Record<'variables' | 'inputs' | 'outputs' | 'reports', Float64Array>>,
): Paths {
  const paths: Record<string, Float64Array> = {};
  const cut = (names: readonly string[], values: Float64Array): void => {
    names.forEach((name, k) => {
      paths[name] = values.slice(k * T, (k + 1) * T);
    });
  };
  cut([...model.unknowns, ...model.shocks], stacked.variables);
  cut(block.inputs, stacked.inputs);
  cut(block.outputs, stacked.outputs);
  cut(model.reports, stacked.reports);
  return paths;
}
