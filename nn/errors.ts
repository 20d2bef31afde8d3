/** Errors of the engines. */

/** A loss is NaN or infinite: the update that led there must not be followed. */
export class NonFiniteError extends Error {
  readonly phase: string;
  readonly value: number;

  constructor(phase: string, value: number) {
    super(
      `${phase}: the loss is ${value}; it must be finite. Did a parameter or an input diverge? Try a smaller learning rate, or sanity/gradients.ts.`,
    );
    this.name = 'NonFiniteError';
    this.phase = phase;
    this.value = value;
  }
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
