/** Business-cycle moments of one simulated path. */
import { requireLength } from '../numerics/checks.ts';
import { hpFilter } from '../numerics/hp-filter.ts';
import { autocorrelation, correlation, mean, standardDeviation } from '../numerics/statistics.ts';

/** Moments of the cyclical part of one series. */
export interface CycleMoments {
  readonly name: string;
  /** Of the series itself. */
  readonly mean: number;
  /** In percent: of 100 times the logarithm. */
  readonly standardDeviation: number;
  /** Over that of the reference. */
  readonly relative: number;
  readonly autocorrelation: number;
  /** With the reference, same period. */
  readonly correlation: number;
}

/**
 * Standard deviations, first autocorrelations and correlations with a reference of the Hodrick-Prescott cycles of logarithms.
 *
 * Source: Hansen (1985), J. Monetary Economics 16, table 1. Shapes: series [T] each, positive; lambda 1600 for quarters, 6.25 for years, 0 for
 * deviations from the mean. Throws on a reference that is no series, unequal lengths, values that are not positive, and series that do not move.
 * Invariant: the reference's relative deviation and correlation are 1; units do not matter but for the mean.
 */
export function cycleMoments(
  series: Readonly<Record<string, Float64Array>>,
  { lambda, reference }: { readonly lambda: number; readonly reference: string },
): readonly CycleMoments[] {
  const compared = series[reference];
  if (compared === undefined) {
    throw new Error(
      `cycleMoments: there is no series ${reference}; give one of ${Object.keys(series).join(', ')}.`,
    );
  }
  const base = cycle(reference, compared, lambda);
  const baseDeviation = standardDeviation(base);
  return Object.entries(series).map(([name, values]) => {
    requireLength('cycleMoments', name, values, compared.length, reference);
    const moving = cycle(name, values, lambda);
    const deviation = standardDeviation(moving);
    return {
      name,
      mean: mean(values),
      standardDeviation: deviation,
      relative: deviation / baseDeviation,
      autocorrelation: autocorrelation(moving, 1),
      correlation: correlation(moving, base),
    };
  });
}

function cycle(name: string, values: Float64Array, lambda: number): Float64Array {
  const bad = values.findIndex((x) => !(x > 0 && x < Infinity));
  if (bad >= 0) {
    throw new Error(
      `cycleMoments: ${name} is ${values[bad]} in period ${bad}; logarithms are taken: leave it out.`,
    );
  }
  const logs = values.map((x) => 100 * Math.log(x));
  if (lambda > 0) return hpFilter(logs, lambda).cycle;
  const center = mean(logs);
  return logs.map((x) => x - center);
}

/** The Hodrick-Prescott filter's lambda for n periods a year (Ravn and Uhlig 2002): 6.25 for years, 1600 for quarters. */
export function filterOf(periodsPerYear: number): number {
  return 1600 * (periodsPerYear / 4) ** 4;
}
