/** Errors of the engines. */
import { largestSpot, type NamedTensor, nonFiniteSpot, type Spot } from './finite.ts';

/** NaN or infinity where the economics or the algorithm has a number. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
}

const REMEDY = 'Try a smaller learning rate, or sanity/gradients.ts.';

/**
 * The error of a loss that is NaN or infinite: the update that led there must not be followed. Names the first of the phase's inputs
 * and parameters that is not finite; where all are, the largest parameter.
 */
export function nonFiniteLoss(options: {
  readonly phase: string;
  readonly value: number;
  readonly inputs: readonly NamedTensor[];
  readonly parameters: readonly NamedTensor[];
}): NonFiniteError {
  const { phase, value, inputs, parameters } = options;
  const what = `${phase}: the loss is ${value}; it must be finite.`;
  const input = nonFiniteSpot(inputs);
  if (input !== undefined) {
    return new NonFiniteError(
      `${what} Its input ${input.where} is ${shown(input.value)}. Look at what the learner is given: the economy, its wrappers, the rewards.`,
    );
  }
  const parameter = nonFiniteSpot(parameters);
  if (parameter !== undefined) {
    return new NonFiniteError(
      `${what} The parameter ${parameter.where} is ${shown(parameter.value)}. Go on from a checkpoint before. ${REMEDY}`,
    );
  }
  const largest = largestSpot(parameters);
  const size =
    largest === undefined ? '' : `, the largest parameter being ${largest.where} = ${shown(largest.value)}`;
  return new NonFiniteError(
    `${what} Inputs and parameters are finite${size}: a product overflowed. ${REMEDY}`,
  );
}

/** The error of a gradient that is not finite, or whose square, which Adam takes, is not, though the loss was. */
export function nonFiniteGradient({ where, value }: Spot, step: number): NonFiniteError {
  const what = Number.isFinite(value) ? `${shown(value)}, too large to be squared` : shown(value);
  return new NonFiniteError(
    `adam: the gradient of ${where} is ${what} in the group's step ${step}, though the loss was finite. Has the loss a division by 0, or a root ` +
      `or logarithm at 0? ${REMEDY}`,
  );
}

/** The error of an Adam step that made a number of the group's state NaN or infinite. */
export function nonFiniteStep(
  { where, value }: Spot,
  { rate, steps }: { readonly rate: number; readonly steps: number },
): NonFiniteError {
  return new NonFiniteError(
    `adam: the ${where} is ${shown(value)} after the group's step ${steps} at rate ${rate}; it must be finite. ${REMEDY}`,
  );
}

/** The error of a state that is to be saved or loaded and is not finite. */
export function nonFiniteState(occasion: 'save' | 'load', { where, value }: Spot): NonFiniteError {
  return new NonFiniteError(
    `${occasion}: the ${where} is ${shown(value)}; it must be finite. Go on from a checkpoint before.`,
  );
}

/** A number of any size in a message. */
function shown(value: number): string {
  return Math.abs(value) < 1e6 ? String(Number(value.toPrecision(6))) : value.toExponential(3);
}

/** The entry of that name. Throws naming what was asked for and what there is. */
export function lookUp<T>(kind: string, entries: ReadonlyMap<string, T>, name: string): T {
  const entry = entries.get(name);
  if (entry === undefined) {
    const known = [...entries.keys()].join(', ') || '(none)';
    throw new Error(`engine: no ${kind} named '${name}'; there are: ${known}.`);
  }
  return entry;
}
