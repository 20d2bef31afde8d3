/** Errors that say what, where, the value and the remedy. Commands turn a `UsageError` into exit code 2, all others into 1. */

/** The caller asked for something that cannot be: an unknown name, a number out of range, a malformed action. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A method was called at the wrong moment, e.g. `step` before `reset`. */
export class OrderError extends Error {
  override readonly name = 'OrderError';
}

export { NonFiniteError } from '../nn/errors.ts';

/** Saved data that does not fit what it is loaded into, or is damaged. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}

/** A number in a message: short, and NaN or infinity by name. */
export function show(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
  if (typeof value === 'string') return `"${value}"`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  return JSON.stringify(value) ?? String(value);
}
