import type { Engine } from '../../nn/engine.ts';
import { type SeenAxis, seeInto, toRawSlopes } from './view.ts';

/** V(s) = level + scale v(x): what makes a value in utility of what the critic says. */
export interface ValueUnits {
  readonly level: number;
  readonly scale: number;
}

export interface Valued {
  /** V, [n]. */
  readonly values: Float32Array;
  /** dV / d(raw coordinate), [n, D]. */
  readonly slopes: Float32Array;
}

/**
 * The slow critic's V and its slopes at raw coordinates [n, D], for an engine of `neuralGridProgram` with n rows to value. Throws what the
 * engine throws. Invariant: `slopes` are the derivatives of `values`; where a coordinate is seen as a constant, they are 0.
 */
export function valueAt(
  engine: Engine,
  axes: readonly SeenAxis[],
  raw: ArrayLike<number>,
  { level, scale }: ValueUnits,
): Valued {
  const x = new Float32Array(raw.length);
  seeInto(axes, raw, x);
  engine.setParameters('valued', { x });
  engine.run('value');
  const values = engine.output('value', 'value').map((v) => level + scale * v);
  const slopes = engine.gradients('valued').x.map((slope) => scale * slope);
  toRawSlopes(axes, raw, slopes);
  return { values, slopes };
}
