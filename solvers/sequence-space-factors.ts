/** One elimination for many right sides: L U = P A with partial pivoting (Golub and Van Loan 2013, algorithm 3.4.1). */
import { requireFiniteArray, requireLength } from '../numerics/checks.ts';

/** The factors of an [n, n] matrix: U above the diagonal, L below it, and the row that came to each place. */
export interface Factors {
  readonly n: number;
  readonly lu: Float64Array;
  readonly rows: Int32Array;
}

/**
 * Factorises a, [n, n] row-major, which is not changed. Cost n^3 / 3.
 * Throws on another length, entries that are not finite, and a matrix that is singular to working precision, naming the pivot.
 * Invariant: solving with the columns of a gives those of the identity, within rounding.
 */
export function factorise(a: Float64Array, n: number): Factors {
  requireLength('factorise', 'the matrix', a, n * n, `a square of ${n}`);
  requireFiniteArray('factorise', 'the matrix', a);
  const lu = a.slice();
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) scale[i] = Math.max(scale[i], Math.abs(lu[i * n + j]));
  }
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i * n + k]) * scale[pivot] > Math.abs(lu[pivot * n + k]) * scale[i]) pivot = i;
    }
    if (!(Math.abs(lu[pivot * n + k]) > n * Number.EPSILON * scale[pivot])) {
      throw new Error(
        `factorise: the ${n} x ${n} matrix is singular, pivot ${k} is ${lu[pivot * n + k]}; ` +
          'look for equations or unknowns that depend on each other.',
      );
    }
    if (pivot !== k) swap(lu, rows, scale, n, k, pivot);
    eliminateBelow(lu, n, k);
  }
  return { n, lu, rows };
}

function swap(
  lu: Float64Array,
  rows: Int32Array,
  scale: Float64Array,
  n: number,
  i: number,
  j: number,
): void {
  const held = lu.slice(i * n, (i + 1) * n);
  lu.copyWithin(i * n, j * n, (j + 1) * n);
  lu.set(held, j * n);
  const row = rows[i];
  rows[i] = rows[j];
  rows[j] = row;
  const size = scale[i];
  scale[i] = scale[j];
  scale[j] = size;
}

/** Hot. */
function eliminateBelow(lu: Float64Array, n: number, k: number): void {
  const top = k * n;
  const inverse = 1 / lu[top + k];
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    const factor = lu[row + k] * inverse;
    lu[row + k] = factor;
    if (factor === 0) continue;
    for (let j = k + 1; j < n; j++) lu[row + j] -= factor * lu[top + j];
  }
}

/** x of A x = b, [n], new. Throws on another length. Invariant: linear in b. */
export function solveFactored({ n, lu, rows }: Factors, b: Float64Array): Float64Array {
  requireLength('solveFactored', 'the right side', b, n, 'the matrix');
  const x = Float64Array.from(rows, (row) => b[row]);
  for (let i = 1; i < n; i++) {
    let sum = x[i];
    for (let j = 0; j < i; j++) sum -= lu[i * n + j] * x[j];
    x[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i];
    for (let j = i + 1; j < n; j++) sum -= lu[i * n + j] * x[j];
    x[i] = sum / lu[i * n + i];
  }
  return x;
}
