/** The gradient of a phase's loss by central differences: what every hand-written derivative is measured against. */
import type { Engine } from './engine.ts';

/**
 * dL/dp ~ (L(p + h) - L(p - h)) / 2h for every parameter p of a group, with h = step max(1, |p|).
 *
 * In float64 with the default step 1e-5 the error is about 1e-10 of the loss's third derivative, plus 1e-11 |L| of rounding.
 * Returns tensors by name, shaped as the parameters. Throws what `run` throws. Invariant: the parameters are left as found.
 */
export function centralDifferences(
  engine: Engine<Float64Array>,
  options: { readonly phase: string; readonly group: string; readonly step?: number },
): Record<string, Float64Array> {
  const { phase, group, step = 1e-5 } = options;
  const values = engine.parameters(group);
  const lossWith = (tensor: Float64Array, i: number, value: number) => {
    tensor[i] = value;
    engine.setParameters(group, values);
    return engine.run(phase);
  };
  const gradient: Record<string, Float64Array> = {};
  for (const [name, tensor] of Object.entries(values)) {
    gradient[name] = tensor.map((value, i) => {
      const h = step * Math.max(1, Math.abs(value));
      const above = lossWith(tensor, i, value + h);
      const below = lossWith(tensor, i, value - h);
      tensor[i] = value;
      return (above - below) / (2 * h);
    });
  }
  engine.setParameters(group, values);
  return gradient;
}
