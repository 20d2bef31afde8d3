/** Gradient ascent by Adam (Kingma and Ba 2015), as the authors do it: a clipped norm, and parameters kept within bounds. */

export interface Moments {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const SMALLEST = 1e-8;
/** Bounds of the steps between neighbouring price nodes, in the tutorial. */
export const INCREMENT_BOUND = 0.2;

export interface AdamStepOptions {
  /** Climbed in place. */
  readonly parameters: Float64Array;
  readonly gradient: Float64Array;
  readonly moments: Moments;
  /** Steps done with these moments, this one included. */
  readonly steps: number;
  readonly rate: number;
  /** What the gradient is multiplied by first. */
  readonly scale: number;
}

export function adamStep({ parameters, gradient, moments, steps, rate, scale }: AdamStepOptions): void {
  const { first, second } = moments;
  const firstScale = 1 / (1 - FIRST_DECAY ** steps);
  const secondScale = 1 / (1 - SECOND_DECAY ** steps);
  for (let i = 0; i < parameters.length; i++) {
    const g = scale * gradient[i];
    first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * g;
    second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * g * g;
    parameters[i] += (rate * firstScale * first[i]) / (Math.sqrt(secondScale * second[i]) + SMALLEST);
  }
}

/** 1, or what shrinks all gradients together to the largest norm allowed. */
export function clipScale(gradients: readonly Float64Array[], largest: number): number {
  let squares = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) squares += gradient[i] ** 2;
  const norm = Math.sqrt(squares);
  return norm > largest ? largest / norm : 1;
}

/** Levels from the first of each group of tied nodes and the steps between them, [K, J]. Invariant: `toIncrements` undoes it. */
export function toLevels(increments: Float64Array, out: Float64Array, tied: number, cells: number): void {
  for (let k = 0; k < out.length / cells; k++) {
    const isFirst = k % tied === 0;
    for (let i = k * cells; i < (k + 1) * cells; i++)
      out[i] = isFirst ? increments[i] : out[i - cells] + increments[i];
  }
}

export function toIncrements(levels: Float64Array, out: Float64Array, tied: number, cells: number): void {
  for (let k = levels.length / cells - 1; k >= 0; k--) {
    const isFirst = k % tied === 0;
    for (let i = k * cells; i < (k + 1) * cells; i++)
      out[i] = isFirst ? levels[i] : levels[i] - levels[i - cells];
  }
}

/** The gradient with respect to increments, in place: each moves its own node and all later ones of its group. */
export function gradientOfIncrements(gradient: Float64Array, tied: number, cells: number): void {
  for (let k = gradient.length / cells - 2; k >= 0; k--) {
    if ((k + 1) % tied === 0) continue;
    for (let i = k * cells; i < (k + 1) * cells; i++) gradient[i] += gradient[i + cells];
  }
}

export interface ParameterBounds {
  readonly low: number;
  readonly high: number;
  readonly tied: number;
  readonly cells: number;
  readonly parameters: 'levels' | 'increments';
}

export function keepWithin(values: Float64Array, bounds: ParameterBounds): void {
  const { low, high, tied, cells, parameters } = bounds;
  for (let i = 0; i < values.length; i++) {
    const isStep = parameters === 'increments' && Math.floor(i / cells) % tied !== 0;
    const [least, most] = isStep ? [-INCREMENT_BOUND, INCREMENT_BOUND] : [low, high];
    if (values[i] < least) values[i] = least;
    else if (values[i] > most) values[i] = most;
  }
}

/** The edge within which a share counts as one inside [0, 1]. */
const EDGE = 1e-6;

/**
 * Adds the gradient of the tutorial's penalty, mean over the table of min(x, 1e-6) - max(x - 1, -1e-6) - 2e-6, and returns its value.
 */
export function addBoundsPenalty(table: Float64Array, gradient: Float64Array): number {
  const share = 1 / table.length;
  let value = 0;
  for (let i = 0; i < table.length; i++) {
    const x = table[i];
    if (x < EDGE) gradient[i] += share;
    if (x - 1 > -EDGE) gradient[i] -= share;
    value += share * (Math.min(x, EDGE) - Math.max(x - 1, -EDGE) - 2 * EDGE);
  }
  return value;
}

/** Adds the gradient of the mean of min(c_{a+1} - c_a, 0), c = share times base, at one node; returns its value. */
export function addRisingPenalty(
  table: Float64Array,
  at: number,
  base: Float64Array,
  count: number,
  share: number,
  gradient: Float64Array,
): number {
  let value = 0;
  for (let j = 0; j < base.length - 1; j++) {
    if ((j + 1) % count === 0) continue;
    const rise = table[at + j + 1] * base[j + 1] - table[at + j] * base[j];
    if (rise >= 0) continue;
    value += share * rise;
    gradient[at + j + 1] += share * base[j + 1];
    gradient[at + j] -= share * base[j];
  }
  return value;
}
