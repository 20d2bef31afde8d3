/** How far apart two states are. */
import type { EconomyState } from '../economy.ts';
import { sameForm } from '../state.ts';

/** The field that differs most. */
export interface StateGap {
  readonly field: string;
  readonly found: number;
  readonly expected: number;
  /** Largest size of the field's numbers in either state, at least `SMALLEST_SCALE`. */
  readonly scale: number;
  /** |found - expected| / scale; Infinity for states of different form and for what is not a number. */
  readonly relative: number;
}

/** Numbers below this are compared as they are: the logarithm of one is rarely zero to the last digit. */
const SMALLEST_SCALE = 1e-3;

/** The largest relative gap between two states over all their numbers. */
export function stateGap(found: EconomyState, expected: EconomyState): StateGap {
  let worst: StateGap = { field: '', found: 0, expected: 0, scale: 1, relative: 0 };
  if (!sameForm(found, expected)) return { ...worst, field: 'form', relative: Infinity };
  for (const [field, value] of Object.entries(found)) {
    const a = typeof value === 'number' ? [value] : value;
    const other = expected[field];
    const b = typeof other === 'number' ? [other] : other;
    let scale = SMALLEST_SCALE;
    for (let i = 0; i < a.length; i++) scale = Math.max(scale, Math.abs(a[i]) || 0, Math.abs(b[i]) || 0);
    for (let i = 0; i < a.length; i++) {
      const gap = Math.abs(a[i] - b[i]) / scale;
      const relative = Number.isNaN(gap) ? Infinity : gap;
      if (relative > worst.relative) {
        const name = a.length > 1 ? `${field}[${i}]` : field;
        worst = { field: name, found: a[i], expected: b[i], scale, relative };
      }
    }
  }
  return worst;
}
