/** Errors of the engines. */

/** NaN or infinity where the economics or the algorithm has a number. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
}

/** The error of a loss that is NaN or infinite: the update that led there must not be followed. */
export function nonFiniteLoss(phase: string, value: number): NonFiniteError {
  return new NonFiniteError(
    `${phase}: the loss is ${value}; it must be finite. Did a parameter or an input diverge? Try a smaller learning rate, or sanity/gradients.ts.`,
  );
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
