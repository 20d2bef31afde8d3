/** Business-cycle moments of simulated paths, as Hansen (1985) and Prescott (1986) report them. */
import { type Quantity, UsageError } from '../../core/index.ts';
import { remedy } from '../../core/suggest.ts';
import { hpFilter } from '../../numerics/hp-filter.ts';
import { autocorrelation, correlation, mean, standardDeviation } from '../../numerics/statistics.ts';
import { livesOf, type Paths, pathOf, variableOf } from './paths.ts';
import { isConstant, isRatio, ROUNDING, type Role, type Variable } from './variables.ts';

export interface MomentOptions {
  readonly paths: Paths;
  /** Of the Hodrick-Prescott filter: 1600 for quarters, 6.25 for years; 0: no filter. */
  readonly lambda: number;
  /** The variable that others are compared with. Default `output`, if there is one. */
  readonly reference?: string | undefined;
}

/** A moment of each path: mean and standard deviation across paths. */
export interface Estimate {
  readonly mean: number;
  /** Null with one path. */
  readonly deviation: number | null;
  /** Paths on which the moment is defined: where a variable does not move, it correlates with nothing. */
  readonly paths: number;
}

export interface VariableMoments extends Quantity {
  readonly name: string;
  readonly role: Role;
  /** `log`: of 100 times the logarithm, so in percent; `level`: of the variable itself, for rewards (utility has no zero) and where it is not positive on all paths. */
  readonly measure: 'log' | 'level';
  /** Of the variable itself, unfiltered; over all periods with a value where no path counts. */
  readonly mean: number;
  /** Why there are no moments: `constant` on every path, or `incomplete`: without a value in some period, or no path lived long enough. */
  readonly remark: 'constant' | 'incomplete' | null;
  readonly standardDeviation: Estimate | null;
  /** Standard deviation over that of the reference, where both are in percent or both are not. */
  readonly relative: Estimate | null;
  /** First-order. */
  readonly autocorrelation: Estimate | null;
  /** Of the variable `lead` periods later with the reference now: a variable that lags the cycle has its largest at a positive lead. */
  readonly correlations: readonly { readonly lead: number; readonly estimate: Estimate | null }[];
}

export interface Moments {
  /** Null if there is nothing to compare with; then there are no relative deviations and no correlations. */
  readonly reference: string | null;
  /** Paths that count: those on which the economy lived for at least `fewestPeriods`. */
  readonly paths: number;
  readonly fewestPeriods: number;
  readonly variables: readonly VariableMoments[];
}

export const LEADS = [-1, 0, 1] as const;
/** For a correlation at a lead of one. */
const FEWEST_PERIODS = 4;
/** An economy that ends must have lived so long, if the paths are that long: less of it has no cycles. */
const FEWEST_LIVED = 20;

/**
 * Moments of the cyclical parts of variables: each path's logarithms (levels of rewards and where a value is not positive) are filtered by themselves,
 * their moments taken, and these averaged over paths, with their standard deviation across paths. Where the economy ends, its path is the
 * periods until then, if they are at least 20 (or all). Standard deviations are of the sample
 * (n - 1), autocorrelations those of Box and Jenkins (1976), correlations Pearson's over the T - |lead| pairs.
 *
 * Sources: Hansen (1985), J. Monetary Economics 16, table 1; Prescott (1986), Federal Reserve Bank of Minneapolis Quarterly Review 10.
 * Throws a UsageError for fewer than four periods, and what `checkReference` throws. Invariants: without a filter a variable's moments are those of its own
 * (log) values; the reference's relative deviation and its correlation with itself are 1.
 */
export function businessCycleMoments({ paths, lambda, reference }: MomentOptions): Moments {
  if (paths.periods < FEWEST_PERIODS) {
    throw new UsageError(`moments: ${paths.periods} periods are too few; give at least ${FEWEST_PERIODS}.`);
  }
  checkReference(paths, reference);
  const fewestPeriods = Math.min(paths.periods, FEWEST_LIVED);
  const lives = livesOf(paths).flatMap((length, b) => (length >= fewestPeriods ? [{ b, length }] : []));
  const counted = { paths, lambda, lives };
  const name = reference ?? (variableOf(paths, 'output') === undefined ? null : 'output');
  const compared = name === null ? undefined : variableOf(paths, name);
  const base = compared === undefined ? undefined : cyclesOf(compared, counted);
  return {
    reference: name,
    paths: lives.length,
    fewestPeriods,
    variables: paths.variables.map((variable) => momentsOf(variable, cyclesOf(variable, counted), base)),
  };
}

/** Throws a UsageError, with the nearest name, for a reference that is no variable. */
export function checkReference({ variables }: Paths, reference: string | undefined): void {
  const names = variables.map(({ name }) => name);
  if (reference === undefined || names.includes(reference)) return;
  throw new UsageError(`moments: there is no variable "${reference}". ${remedy(reference, names)}`);
}

interface Cycles {
  readonly measure: 'log' | 'level';
  readonly mean: number;
  /** Cyclical parts by path that counts, [its periods]; null for a path on which the variable does not move. */
  readonly series: readonly (Float64Array | null)[];
}

function cyclesOf(
  variable: Variable,
  options: {
    readonly paths: Paths;
    readonly lambda: number;
    /** Paths that count, with their lengths. */
    readonly lives: readonly { readonly b: number; readonly length: number }[];
  },
): Cycles {
  const { paths, lambda, lives } = options;
  const all = lives.map(({ b, length }) => pathOf(variable, b, paths.periods).subarray(0, length));
  const measure = all.every((path) => isRatio({ ...variable, values: path })) ? 'log' : 'level';
  const whole = all.length > 0 && all.every((path) => path.every(Number.isFinite));
  return {
    measure,
    mean: whole ? mean(all.map((path) => mean(path))) : all.length === 0 ? meanOf(variable) : Number.NaN,
    series: whole
      ? all.map((path) => {
          if (isConstant(path)) return null;
          const values = measure === 'log' ? path.map((value) => 100 * Math.log(value)) : path;
          if (lambda === 0) return values;
          const { cycle } = hpFilter(values, lambda);
          return isRounding(cycle, values) ? null : cycle;
        })
      : [],
  };
}

/** Over all periods with a value. */
function meanOf({ values }: Variable): number {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? Number.NaN : mean(finite);
}

function momentsOf(variable: Variable, cycles: Cycles, base: Cycles | undefined): VariableMoments {
  const { name, role, label, unit } = variable;
  const { measure, series } = cycles;
  const isStill = series.every((path) => path === null);
  const perPath = (moment: (path: Float64Array, b: number) => number | null) =>
    isStill ? null : estimate(series.map((path, b) => (path === null ? null : moment(path, b))));
  const comparable = base?.measure === measure;
  return {
    name,
    role,
    label,
    unit,
    measure,
    mean: cycles.mean,
    remark: series.length === 0 ? 'incomplete' : isStill ? 'constant' : null,
    // A path on which the variable stands still has a deviation, zero.
    standardDeviation: isStill
      ? null
      : estimate(series.map((path) => (path === null ? 0 : standardDeviation(path)))),
    relative: comparable
      ? perPath((path, b) => {
          const other = base.series[b];
          return other === null ? null : standardDeviation(path) / standardDeviation(other);
        })
      : null,
    autocorrelation: perPath((path) => autocorrelation(path, 1)),
    correlations:
      base === undefined
        ? []
        : LEADS.map((lead) => ({
            lead,
            estimate: perPath((path, b) => correlationAt(path, base.series[b], lead)),
          })),
  };
}

/** What the filter leaves of a straight line. */
function isRounding(cycle: Float64Array, values: Float64Array): boolean {
  const largest = (x: Float64Array) => x.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  return largest(cycle) <= ROUNDING * largest(values);
}

/** Of x_{t + lead} with y_t; null where one of them stands still in these periods. */
function correlationAt(x: Float64Array, y: Float64Array | null, lead: number): number | null {
  if (y === null) return null;
  const n = x.length - Math.abs(lead);
  const from = Math.max(0, lead);
  const later = x.subarray(from, from + n);
  const now = y.subarray(from - lead, from - lead + n);
  return isConstant(later) || isConstant(now) ? null : correlation(later, now);
}

/** Null where no path has the moment. */
function estimate(values: readonly (number | null)[]): Estimate | null {
  const found = values.filter((value) => value !== null);
  if (found.length === 0) return null;
  return {
    mean: mean(found),
    deviation: found.length > 1 ? standardDeviation(found) : null,
    paths: found.length,
  };
}
