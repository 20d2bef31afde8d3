/** Sums over own states, which move apart from assets: rows of A cells mixed by a chain. Hot. */

/**
 * out[r A + i] = sum_s transition[at + r rowStride + s columnStride] source[s A + i]: with strides (E, 1) the expectation over next own states, with (1, E) the mass that comes to each. Not in place.
 * Shapes [E A]. Invariant: a chain's rows sum to one, so that constants are their own expectation and mass is kept.
 */
export function mixOwnStates(
  source: Float64Array,
  transition: Float64Array,
  at: number,
  rowStride: number,
  columnStride: number,
  ownStates: number,
  count: number,
  out: Float64Array,
): void {
  for (let r = 0; r < ownStates; r++) {
    const row = r * count;
    const first = at + r * rowStride;
    if (ownStates === 3) {
      const p = transition[first];
      const q = transition[first + columnStride];
      const u = transition[first + 2 * columnStride];
      mixThree(source, count, p, q, u, out, row);
      continue;
    }
    for (let s = 0; s < ownStates; s++) {
      const p = transition[first + s * columnStride];
      const start = s * count;
      if (s === 0) for (let i = 0; i < count; i++) out[row + i] = p * source[start + i];
      else for (let i = 0; i < count; i++) out[row + i] += p * source[start + i];
    }
  }
}

/** The number of own states that most economies have, in one pass. */
function mixThree(
  source: Float64Array,
  count: number,
  p: number,
  q: number,
  u: number,
  out: Float64Array,
  at: number,
): void {
  for (let i = 0; i < count; i++)
    out[at + i] = p * source[i] + q * source[count + i] + u * source[2 * count + i];
}
