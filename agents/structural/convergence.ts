/** How much an epoch changed the tables. */

/** The largest |x - before|. */
export function largestChange(now: Float64Array, before: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < now.length; i++) {
    const change = Math.abs(now[i] - before[i]);
    if (!(change <= largest)) largest = change;
  }
  return largest;
}

/**
 * The q-quantile of changes, linear between order statistics; reorders them. Shape [n]. Rarely
 * visited entries keep moving under Adam, which the largest change would wait for. Invariant: at least the (q n)-th smallest change.
 */
export function quantileOfChange(changes: Float64Array, q: number): number {
  const n = changes.length;
  if (n === 0) return 0;
  const position = q * (n - 1);
  const below = Math.floor(position);
  const low = select(changes, below);
  if (below + 1 >= n) return low;
  // After the selection everything above is in the upper part.
  let next = Infinity;
  for (let i = below + 1; i < n; i++) if (changes[i] < next) next = changes[i];
  return low + (position - below) * (next - low);
}

/** The k-th smallest; reorders in place (Hoare 1961, Find). */
function select(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const moved = values[i];
        values[i] = values[j];
        values[j] = moved;
        i++;
        j--;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}

/** |now - before| of the entries of first nodes of groups of tied nodes, and of all others: the two kinds of tensors of the tutorial. */
export function changesByKind(
  now: Float64Array,
  before: Float64Array,
  tied: number,
  cells: number,
): readonly Float64Array[] {
  if (tied === 1) return [now.map((x, i) => Math.abs(x - before[i]))];
  const nodes = now.length / cells;
  const groups = nodes / tied;
  const first = new Float64Array(groups * cells);
  const others = new Float64Array((nodes - groups) * cells);
  for (let k = 0, a = 0, b = 0; k < nodes; k++) {
    const isFirst = k % tied === 0;
    for (let i = k * cells; i < (k + 1) * cells; i++) {
      const change = Math.abs(now[i] - before[i]);
      if (isFirst) first[a++] = change;
      else others[b++] = change;
    }
  }
  return [first, others];
}

/** The tutorial's rule: the change over the tolerance, rounded to one digit after the point, is at most one. */
export function isWithin(change: number, tolerance: number): boolean {
  return Math.round((10 * change) / tolerance) <= 10;
}
