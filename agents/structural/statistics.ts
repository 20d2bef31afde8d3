/** Sums over simulated periods, in a flat array so that threads can share it: objective, market residuals, and moments of the aggregates. */

/** [objective, sum |residual|, largest |residual|, periods without a bracket, periods, then sums and sums of squares of G aggregates]. */
export type PathStatistics = Float64Array;

const AGGREGATES = 5;

export function makeStatisticsSize(aggregates: number): number {
  return AGGREGATES + 2 * aggregates;
}

export function addObjective(to: PathStatistics, value: number): void {
  to[0] += value;
}

export function addAggregates(
  to: PathStatistics,
  aggregates: Float64Array,
  missed: 0 | 1,
  residual: number,
): void {
  const size = Math.abs(residual);
  to[1] += size;
  if (!(size <= to[2])) to[2] = size;
  to[3] += missed;
  to[4] += 1;
  for (let g = 0; g < aggregates.length; g++) {
    to[AGGREGATES + 2 * g] += aggregates[g];
    to[AGGREGATES + 2 * g + 1] += aggregates[g] * aggregates[g];
  }
}

/** Sums of several, in order. */
export function addStatistics(to: PathStatistics, from: PathStatistics): void {
  for (let i = 0; i < to.length; i++) {
    if (i !== 2) to[i] += from[i];
    else if (!(from[i] <= to[i])) to[i] = from[i];
  }
}

export interface Summary {
  /** Mean over paths. */
  readonly objective: number;
  readonly meanResidual: number;
  readonly maxResidual: number;
  readonly unbracketedShare: number;
  /** By aggregate. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

export function summarise(sums: PathStatistics, paths: number): Summary {
  const periods = sums[4];
  const count = (sums.length - AGGREGATES) / 2;
  const all = Array.from({ length: count }, (_, g) => AGGREGATES + 2 * g);
  return {
    objective: sums[0] / paths,
    meanResidual: sums[1] / periods,
    maxResidual: sums[2],
    unbracketedShare: sums[3] / periods,
    means: all.map((i) => sums[i] / periods),
    deviations: all.map((i) => Math.sqrt(Math.max(0, sums[i + 1] / periods - (sums[i] / periods) ** 2))),
  };
}
