/** Perceived laws of motion of aggregate capital, their regression on a simulated path, and how well they forecast. */
import { requireFinite, requireLength, requireWhole } from '../numerics/checks.ts';
import { leastSquares } from '../numerics/linear-algebra.ts';

/**
 * With k = log K and l = log z:
 *
 *     'by-state'     k' = a_z + b_z k                                     (Krusell and Smith 1998)
 *     'log-linear'   k' = a + b k + c l
 *     'quadratic'    k' = a + b k + c l + d k^2 + e k l + f l^2
 */
export type LawForm = 'by-state' | 'log-linear' | 'quadratic';

/** A law as plain data. */
export interface LawOfMotion {
  readonly form: LawForm;
  /** 'by-state': a and b of each state in turn, [2 Z]; otherwise [3] or [6], in the order of the equations. */
  readonly coefficients: Float64Array;
}

/** A law and how it fits the path that it was fitted to. */
export interface LawFit {
  readonly law: LawOfMotion;
  /** Share of the variance of k' explained; 'by-state': the smallest of the states', each a regression of its own. */
  readonly rSquared: number;
  /** Each regression's, [1] or [Z]. */
  readonly rSquaredByState: Float64Array;
  /** Standard deviation of the residuals, in logs; each regression's. */
  readonly residualDeviation: Float64Array;
}

/** How many coefficients a form has. Throws nothing. */
export function lawSize(form: LawForm, states: number): number {
  return form === 'by-state' ? 2 * states : form === 'log-linear' ? 3 : 6;
}

/** The law under which capital stays as it is: a start. Invariant: forecasts k' = k in every state. */
export function standingStill(form: LawForm, states: number): LawOfMotion {
  const coefficients = new Float64Array(lawSize(form, states));
  if (form === 'by-state') for (let z = 0; z < states; z++) coefficients[2 * z + 1] = 1;
  else coefficients[1] = 1;
  return { form, coefficients };
}

/** k' = log K' as the law forecasts it from k = log K in state z, an index, with l = log z. Hot. */
export function forecast(law: LawOfMotion, k: number, z: number, l: number): number {
  const c = law.coefficients;
  if (law.form === 'by-state') return c[2 * z] + c[2 * z + 1] * k;
  const linear = c[0] + c[1] * k + c[2] * l;
  return law.form === 'log-linear' ? linear : linear + k * (c[3] * k + c[4] * l) + c[5] * l * l;
}

/** A path of log capital and of aggregate states; `logCapital[t + 1]` follows from period t. */
export interface CapitalPath {
  /** [T + 1]. */
  readonly logCapital: Float64Array;
  /** Index of z, [T] or longer. */
  readonly states: Int32Array;
  /** log z by index, [Z]. */
  readonly logProductivity: Float64Array;
}

/**
 * The law fitted to a path from period `from` on, by least squares.
 *
 * Throws on paths of unequal lengths, where a state of 'by-state' occurs too rarely for its regression, and where the regressors depend on
 * each other, as with a log z that does not move. Invariant: residuals are orthogonal to the regressors.
 */
export function fitLaw(form: LawForm, path: CapitalPath, from: number): LawFit {
  const { logCapital, states, logProductivity } = path;
  const T = logCapital.length - 1;
  const where = 'fitLaw';
  requireWhole(where, 'the first period', from, 0, T - 1);
  requireLength(where, 'the states', states.subarray(0, T), T, 'the path of capital');
  const groups = form === 'by-state' ? logProductivity.length : 1;
  const width = form === 'by-state' ? 2 : lawSize(form, 1);
  const coefficients = new Float64Array(lawSize(form, logProductivity.length));
  const rSquaredByState = new Float64Array(groups);
  const residualDeviation = new Float64Array(groups);
  for (let group = 0; group < groups; group++) {
    const rows: number[] = [];
    const next: number[] = [];
    for (let t = from; t < T; t++) {
      if (form === 'by-state' && states[t] !== group) continue;
      rows.push(...regressors(form, logCapital[t], logProductivity[states[t]]));
      next.push(logCapital[t + 1]);
    }
    if (next.length <= width) {
      throw new Error(
        `${where}: aggregate state ${group} occurs ${next.length} times from period ${from} on; simulate more periods.`,
      );
    }
    const fit = leastSquares(Float64Array.from(rows), Float64Array.from(next));
    coefficients.set(fit.coefficients, group * width);
    rSquaredByState[group] = fit.rSquared;
    let squares = 0;
    for (const residual of fit.residuals) squares += residual ** 2;
    residualDeviation[group] = Math.sqrt(squares / (next.length - width));
  }
  return {
    law: { form, coefficients },
    rSquared: Math.min(...rSquaredByState),
    rSquaredByState,
    residualDeviation,
  };
}

function regressors(form: LawForm, k: number, l: number): readonly number[] {
  if (form === 'by-state') return [1, k];
  return form === 'log-linear' ? [1, k, l] : [1, k, l, k * k, k * l, l * l];
}

/** Mean and maximum over periods of an error in percent. */
export interface ForecastError {
  readonly mean: number;
  readonly max: number;
}

/**
 * Den Haan's (2010, JEDC 34, "Assessing the accuracy of the aggregate law of motion") dynamic forecast error, 100 |log K_t - k_t|: k_t is the law's own path from the capital
 * of period `from`, fed with its own forecasts and never with capital as it came out.
 *
 * Throws on a first period outside the path. Invariant: zero where the path is the law's own.
 */
export function dynamicForecastError(law: LawOfMotion, path: CapitalPath, from: number): ForecastError {
  const { logCapital, states, logProductivity } = path;
  const T = logCapital.length - 1;
  requireWhole('dynamicForecastError', 'the first period', from, 0, T - 1);
  let k = logCapital[from];
  let total = 0;
  let max = 0;
  for (let t = from; t < T; t++) {
    k = forecast(law, k, states[t], logProductivity[states[t]]);
    const error = 100 * Math.abs(k - logCapital[t + 1]);
    total += error;
    max = Math.max(max, error);
  }
  requireFinite('dynamicForecastError', 'the largest error', max);
  return { mean: total / (T - from), max };
}

/** A line of a law for people: state null where the law holds in all of them, coefficients null where the form has none. */
export interface LawLine {
  readonly state: number | null;
  readonly constant: number;
  readonly logCapital: number;
  readonly logProductivity: number | null;
  /** Of k^2, k l and l^2. */
  readonly quadratic: readonly number[] | null;
}

/** The law as lines of a table, one by state or one for all. Invariant: together they hold every coefficient once. */
export function lawLines({ form, coefficients: c }: LawOfMotion): readonly LawLine[] {
  if (form === 'by-state') {
    return Array.from({ length: c.length / 2 }, (_, state) => ({
      state,
      constant: c[2 * state],
      logCapital: c[2 * state + 1],
      logProductivity: null,
      quadratic: null,
    }));
  }
  const quadratic = form === 'quadratic' ? [c[3], c[4], c[5]] : null;
  return [{ state: null, constant: c[0], logCapital: c[1], logProductivity: c[2], quadratic }];
}
