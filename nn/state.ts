/** Checks of what is loaded into an engine: the same names, sizes and types as the program declares, nothing more or less. */

import { shapeText, sizeOf } from '../kernels/shapes.ts';
import type { EngineState, GroupShapes, Program, Values } from './engine.ts';
import { nonFiniteState } from './errors.ts';
import { nonFiniteInGroup, nonFiniteSpot } from './finite.ts';

function checkNames(where: string, expected: readonly string[], found: readonly string[]): void {
  const missing = expected.filter((name) => !found.includes(name));
  const unknown = found.filter((name) => !expected.includes(name));
  if (missing.length + unknown.length > 0) {
    throw new Error(
      `${where}: missing [${missing.join(', ')}], unknown [${unknown.join(', ')}]; expected exactly [${expected.join(', ')}].`,
    );
  }
}

function checkSize(where: string, values: Values, size: number, shape: string): void {
  if (!(values instanceof Float32Array || values instanceof Float64Array) || values.length !== size) {
    const found = values instanceof Object && 'length' in values ? `${values.length} values` : typeof values;
    throw new Error(`${where}: got ${found}, expected a typed array of ${size} floats${shape}.`);
  }
}

/**
 * Checks a group's values by name against its shapes. Throws naming the group, the tensor, and the two sizes, unless names and
 * sizes are exactly those declared, and a NonFiniteError for a value that is NaN or infinite.
 */
export function checkGroupValues(
  group: string,
  shapes: GroupShapes,
  values: Readonly<Record<string, Values>>,
): void {
  checkNames(`parameters of ${group}`, Object.keys(shapes), Object.keys(values));
  for (const [name, shape] of Object.entries(shapes)) {
    checkSize(
      `parameter ${group}.${name}`,
      values[name],
      sizeOf(shape),
      ` for its shape ${shapeText(shape)}`,
    );
    const spot = nonFiniteSpot([{ name: `parameter ${group}.${name}`, shape, values: values[name] }]);
    if (spot !== undefined) throw nonFiniteState('load', spot);
  }
}

/** Number of elements of a group. */
export function groupSize(shapes: GroupShapes): number {
  let size = 0;
  for (const shape of Object.values(shapes)) size += sizeOf(shape);
  return size;
}

/**
 * Checks a saved state against the program, before anything is overwritten. Throws as `checkGroupValues` does, and a NonFiniteError
 * for a number that is NaN or infinite.
 */
export function checkState(program: Program, state: EngineState<Values>): void {
  checkNames('saved state, groups', Object.keys(program.groups), Object.keys(state));
  for (const [group, shapes] of Object.entries(program.groups)) {
    const { parameters, m, v, steps } = state[group];
    checkGroupValues(group, shapes, parameters);
    checkSize(`first moment of ${group}`, m, groupSize(shapes), '');
    checkSize(`second moment of ${group}`, v, groupSize(shapes), '');
    if (!Number.isSafeInteger(steps) || steps < 0) {
      throw new Error(`steps of ${group}: got ${steps}, expected a whole number >= 0.`);
    }
    checkFinite('load', group, shapes, state[group]);
  }
}

/** Throws a NonFiniteError naming the first parameter or moment of the group that is NaN or infinite. */
export function checkFinite(
  occasion: 'save' | 'load',
  group: string,
  shapes: GroupShapes,
  state: EngineState<Values>[string],
): void {
  const spot = nonFiniteInGroup(group, shapes, state);
  if (spot !== undefined) throw nonFiniteState(occasion, spot);
}

/** Checks Adam's settings. Throws naming the one out of range. */
export function checkAdam(group: string, rate: number, beta1: number, beta2: number, epsilon: number): void {
  const ok = rate >= 0 && beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0;
  if (!ok || !Number.isFinite(rate)) {
    throw new Error(
      `adam of ${group}: rate ${rate}, beta1 ${beta1}, beta2 ${beta2}, epsilon ${epsilon}; expected rate >= 0 and finite, betas in [0, 1), epsilon > 0.`,
    );
  }
}
