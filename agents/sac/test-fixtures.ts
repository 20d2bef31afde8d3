/** What the tests of soft actor-critic's program share: a small shape, and numbers to fill an engine with. */
import type { Engine, Program, Values } from '../../nn/engine.ts';
import { inputShapes } from '../../nn/memory.ts';
import type { Rng } from '../../numerics/random.ts';
import type { SacShape } from './program.ts';

/** Phases and the groups they train. */
export const TRAINED = [
  { phase: 'critic', group: 'critic' },
  { phase: 'actor', group: 'actor' },
  { phase: 'actor', group: 'temperature' },
] as const;

export const SMALL: SacShape = {
  observationSize: 3,
  actionSize: 2,
  hidden: [7, 5],
  activation: 'tanh',
  batchSize: 6,
  criticEnsemble: 'mean',
  huberThreshold: 1,
  discountFactor: 0.9,
};

/** Every parameter of every group by itself, so that no group equals another. */
export function fillParameters<V extends Values>(engine: Engine<V>, { groups }: Program, rng: Rng): void {
  for (const group of Object.keys(groups)) {
    const values = engine.parameters(group);
    for (const [name, tensor] of Object.entries(values)) {
      const own = rng.split(group).split(name);
      const shift = group === 'temperature' ? -1.5 : 0;
      tensor.forEach((_, i) => {
        tensor[i] = Math.fround(0.4 * own.normal() + shift);
      });
    }
    engine.setParameters(group, values);
  }
}

export function fill(values: Values, name: string, rng: Rng): void {
  values.forEach((_, i) => {
    values[i] = name === 'continues' ? Number(rng.uniform() < 0.7) : Math.fround(rng.normal());
  });
}

export function fillInputs(engine: Engine<Values>, program: Program, rng: Rng): void {
  for (const name of inputShapes(program).keys()) fill(engine.input(name), name, rng.split(name));
}

export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length ? largest(Array.from(a).map((value, index) => value - b[index])) : Number.NaN;
}
