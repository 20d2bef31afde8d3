import type { EconomyState, StateValue } from './economy.ts';

/** A copy that shares nothing with the original. */
export function copyState<S extends EconomyState>(state: S): S {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, copyValue(value)])) as S;
}

function copyValue(value: StateValue): StateValue {
  return typeof value === 'number' ? value : value.slice();
}

/** Whether two states have the same fields, of the same kinds and lengths. */
export function sameForm(a: EconomyState, b: EconomyState): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    if (!Object.hasOwn(b, name)) return false;
    const [x, y] = [a[name], b[name]];
    if (typeof x === 'number' || typeof y === 'number') return typeof x === typeof y;
    return x.constructor === y.constructor && x.length === y.length;
  });
}
