/** What the tests of off-policy methods' programs share: numbers to fill an engine with, and how far two lists of numbers are apart. */
import { type Box, unitBox } from '../../core/spaces.ts';
import type { Engine, Program, Values } from '../../nn/engine.ts';
import { inputShapes } from '../../nn/memory.ts';
import type { Rng } from '../../numerics/random.ts';

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

/** Sizes of a small network and batch, drawn. */
export function drawSizes(rng: Rng) {
  return {
    observationSize: 1 + rng.integer(6),
    actionSize: 1 + rng.integer(3),
    hidden: Array.from({ length: 1 + rng.integer(2) }, () => 2 + rng.integer(24)),
    batchSize: 3 + rng.integer(20),
  };
}

/** [-1, 1] in that many dimensions. */
export function cube(size: number): Box {
  return unitBox(Object.fromEntries(Array.from({ length: size }, (_, i) => [`x${i}`, [-1, 1]])));
}

export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === b.length ? largest(Array.from(a).map((value, index) => value - b[index])) : Number.NaN;
}
