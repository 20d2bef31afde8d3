/** States as the networks see them, and where they are drawn: every coordinate on its range, mapped to [-1, 1]. */
import type { StateAxis } from '../../core/domain.ts';
import type { Rng } from '../../numerics/random.ts';

/** How one coordinate is seen: (g(x) - centre) / scale, where g is the logarithm or nothing. */
export interface SeenAxis {
  readonly isLog: boolean;
  readonly centre: number;
  readonly scale: number;
  /** What lies below is seen as this: the logarithm has an end. */
  readonly lowest: number;
}

/** Share of an axis' low end below which its logarithm is cut. */
const LOWEST = 1e-3;

/** Ends of the range from which learners draw a coordinate. */
export function rangeOf(axis: StateAxis): readonly [low: number, high: number] {
  if (axis.kind === 'continuous') return axis.wide ?? [axis.low, axis.high];
  return [Math.min(...axis.values), Math.max(...axis.values)];
}

/** The view of every axis: continuous ones above zero in logs if `inputs` says so. A finite axis of one value is seen as 0. */
export function seenAxes(axes: readonly StateAxis[], inputs: 'logs' | 'levels'): readonly SeenAxis[] {
  return axes.map((axis) => {
    const [low, high] = rangeOf(axis);
    const isLog = inputs === 'logs' && axis.kind === 'continuous' && low > 0;
    const [from, to] = isLog ? [Math.log(low), Math.log(high)] : [low, high];
    return {
      isLog,
      centre: (from + to) / 2,
      scale: to > from ? (to - from) / 2 : 1,
      lowest: isLog ? LOWEST * low : Number.NEGATIVE_INFINITY,
    };
  });
}

/** Writes what the networks see of raw coordinates [n, D] into `seen` [n, D]. */
export function seeInto(axes: readonly SeenAxis[], raw: ArrayLike<number>, seen: Float32Array): void {
  const width = axes.length;
  for (let i = 0; i < raw.length; i++) {
    const axis = axes[i % width];
    const x = Math.max(raw[i], axis.lowest);
    seen[i] = ((axis.isLog ? Math.log(x) : x) - axis.centre) / axis.scale;
  }
}

/** Turns derivatives in what is seen, [n, D], into derivatives in raw coordinates, in place. */
export function toRawSlopes(axes: readonly SeenAxis[], raw: ArrayLike<number>, slopes: Float32Array): void {
  const width = axes.length;
  for (let i = 0; i < slopes.length; i++) {
    const axis = axes[i % width];
    if (axis.isLog) slopes[i] *= raw[i] > axis.lowest ? 1 / (raw[i] * axis.scale) : 0;
    else slopes[i] /= axis.scale;
  }
}

/** Draws states independently: continuous coordinates over their range, finite ones from their values, all alike. Raw, [n, D]. */
export function drawStates(
  axes: readonly StateAxis[],
  options: { readonly rng: Rng; readonly sampling: 'uniform' | 'log-uniform'; readonly raw: Float64Array },
): void {
  const { rng, sampling, raw } = options;
  for (let i = 0; i < raw.length; i++) {
    const axis = axes[i % axes.length];
    if (axis.kind === 'finite') {
      raw[i] = axis.values[rng.integer(axis.values.length)];
      continue;
    }
    const [low, high] = rangeOf(axis);
    raw[i] =
      sampling === 'log-uniform' && low > 0
        ? Math.min(high, Math.exp(rng.between(Math.log(low), Math.log(high))))
        : rng.between(low, high);
  }
}
