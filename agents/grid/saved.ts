import type { Saved } from '../../core/agent.ts';
import { RestoreError } from '../../core/errors.ts';

/** A saved array of that kind and length. Throws a RestoreError otherwise. */
export function savedArray<A extends Float64Array | Int32Array>(
  saved: Saved,
  name: string,
  like: { readonly length: number; readonly constructor: { readonly name: string } },
): A {
  const value = saved[name];
  if (
    (value instanceof Float64Array || value instanceof Int32Array) &&
    value.constructor.name === like.constructor.name &&
    value.length === like.length
  ) {
    return value as A;
  }
  throw new RestoreError(
    `grid: the saved ${name} does not fit ${like.length} entries of ${like.constructor.name}; the grid was another one.`,
  );
}

/** A saved number. Throws a RestoreError otherwise. */
export function savedNumber(saved: Saved, name: string): number {
  const value = saved[name];
  if (typeof value === 'number') return value;
  throw new RestoreError(`grid: the saved ${name} is no number.`);
}

/** A list of any length. Throws a RestoreError for anything else. */
export function savedList(saved: Saved, name: string): Float64Array {
  const value = saved[name];
  if (value instanceof Float64Array) return value;
  throw new RestoreError(`grid: the checkpoint has no ${name}; solve again.`);
}
