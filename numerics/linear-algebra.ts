import { requireFiniteArray, requireLength } from './checks.ts';

/**
 * Solves A X = B by Gaussian elimination with partial pivoting, rows scaled by their largest entry.
 *
 * Shapes: a [n, n] row-major, b [n] or [n, m] row-major; the result has b's shape and is new. Cost n^3/3: meant for n
 * up to a few hundred. Source: Golub and Van Loan (2013), algorithm 3.4.1.
 * Throws on wrong lengths, entries that are not finite, and a matrix that is singular to working precision.
 * Invariant: the arguments are not changed.
 */
export function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = Math.sqrt(a.length);
  if (!(n >= 1 && Number.isInteger(n))) {
    throw new Error(`solve: the matrix has ${a.length} entries; give n * n of them, row by row.`);
  }
  if (b.length === 0 || b.length % n !== 0) {
    throw new Error(
      `solve: the right side has ${b.length} entries; a ${n} x ${n} matrix asks for ${n} or ${n} * m.`,
    );
  }
  requireFiniteArray('solve', 'the matrix', a);
  requireFiniteArray('solve', 'the right side', b);
  const lower = a.slice();
  const x = b.slice();
  eliminate(lower, x, n, x.length / n);
  return x;
}

function largestInRows(a: Float64Array, n: number, rowStep: number, columnStep: number): Float64Array {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) scale[i] = Math.max(scale[i], Math.abs(a[i * rowStep + j * columnStep]));
  }
  return scale;
}

function swapRows(a: Float64Array, width: number, i: number, j: number): void {
  if (i === j) return;
  for (let c = 0; c < width; c++) {
    const held = a[i * width + c];
    a[i * width + c] = a[j * width + c];
    a[j * width + c] = held;
  }
}

function eliminate(a: Float64Array, x: Float64Array, n: number, m: number): void {
  const rowScale = largestInRows(a, n, n, 1);
  const columnScale = largestInRows(a, n, 1, n);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[i * n + k]) * rowScale[pivot] > Math.abs(a[pivot * n + k]) * rowScale[i]) pivot = i;
    }
    const size = Math.abs(a[pivot * n + k]);
    // Against the smaller of the two scales: a badly scaled row or column is no sign of dependence.
    if (!(size > n * Number.EPSILON * Math.min(rowScale[pivot], columnScale[k]))) {
      throw new Error(
        `solve: the ${n} x ${n} matrix is singular, pivot ${k} is ${a[pivot * n + k]}; ` +
          'look for equations or unknowns that depend on each other.',
      );
    }
    swapRows(a, n, k, pivot);
    swapRows(x, m, k, pivot);
    const held = rowScale[k];
    rowScale[k] = rowScale[pivot];
    rowScale[pivot] = held;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      for (let c = 0; c < m; c++) x[i * m + c] -= factor * x[k * m + c];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < m; c++) {
      let sum = x[i * m + c];
      for (let j = i + 1; j < n; j++) sum -= a[i * n + j] * x[j * m + c];
      x[i * m + c] = sum / a[i * n + i];
    }
  }
}

/** What `leastSquares` found: coefficients [k], residuals [m], and the share of y's variation explained. */
export interface LeastSquaresFit {
  readonly coefficients: Float64Array;
  readonly residuals: Float64Array;
  /** 1 - sum e^2 / sum (y - mean y)^2; for a constant y, 1 where the fit reproduces it and 0 where not. */
  readonly rSquared: number;
}

/** Where y does not vary: a fit to this part of its size is one that reproduces it. */
const REPRODUCED = 1e-12;

/**
 * The coefficients that minimise |y - X coefficients|^2, by Householder's QR. A constant is a column of ones in X.
 *
 * Source: Golub and Van Loan (2013), algorithms 5.2.1 and 5.3.2. Shapes: x [m, k] row-major, y [m], m >= k >= 1.
 * Throws on wrong lengths, entries that are not finite, fewer rows than columns, and columns that depend on each
 * other. Invariant: the residuals are orthogonal to every column of X.
 */
export function leastSquares(x: Float64Array, y: Float64Array): LeastSquaresFit {
  const m = y.length;
  const k = x.length / m;
  if (!(m >= 1 && k >= 1 && Number.isInteger(k))) {
    throw new Error(
      `leastSquares: x has ${x.length} entries and y ${m}; give x row by row, k entries for each y.`,
    );
  }
  if (m < k) throw new Error(`leastSquares: ${m} rows for ${k} coefficients; give at least as many rows.`);
  requireFiniteArray('leastSquares', 'x', x);
  requireFiniteArray('leastSquares', 'y', y);
  const r = x.slice();
  const rotated = y.slice();
  for (let j = 0; j < k; j++) reflectColumn(r, rotated, m, k, j, columnNorm(x, m, k, j));
  const coefficients = new Float64Array(k);
  for (let i = k - 1; i >= 0; i--) {
    let sum = rotated[i];
    for (let j = i + 1; j < k; j++) sum -= r[i * k + j] * coefficients[j];
    coefficients[i] = sum / r[i * k + i];
  }
  const residuals = matrixVector(x, coefficients);
  for (let i = 0; i < m; i++) residuals[i] = y[i] - residuals[i];
  return { coefficients, residuals, rSquared: rSquared(y, residuals) };
}

function columnNorm(x: Float64Array, m: number, k: number, j: number): number {
  let norm = 0;
  for (let i = 0; i < m; i++) norm = Math.hypot(norm, x[i * k + j]);
  return norm;
}

/** One Householder reflection that clears column j below its diagonal; `original` is the column's norm in X. */
function reflectColumn(
  r: Float64Array,
  y: Float64Array,
  m: number,
  k: number,
  j: number,
  original: number,
): void {
  let norm = 0;
  for (let i = j; i < m; i++) norm = Math.hypot(norm, r[i * k + j]);
  if (!(norm > m * Number.EPSILON * original)) {
    throw new Error(
      `leastSquares: column ${j} of x depends on those before it (${norm} of ${original} is left); drop one of them.`,
    );
  }
  const diagonal = r[j * k + j] > 0 ? -norm : norm;
  // v = column - diagonal e_j, scaled so that v_j = 1: H = I - tau v v'.
  const head = r[j * k + j] - diagonal;
  const tau = -head / diagonal;
  for (let i = j + 1; i < m; i++) r[i * k + j] /= head;
  for (let c = j + 1; c < k; c++) {
    let dot = r[j * k + c];
    for (let i = j + 1; i < m; i++) dot += r[i * k + j] * r[i * k + c];
    r[j * k + c] -= tau * dot;
    for (let i = j + 1; i < m; i++) r[i * k + c] -= tau * dot * r[i * k + j];
  }
  let dot = y[j];
  for (let i = j + 1; i < m; i++) dot += r[i * k + j] * y[i];
  y[j] -= tau * dot;
  for (let i = j + 1; i < m; i++) y[i] -= tau * dot * r[i * k + j];
  r[j * k + j] = diagonal;
}

function rSquared(y: Float64Array, residuals: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < y.length; i++) mean += y[i] / y.length;
  let total = 0;
  let left = 0;
  let size = 0;
  for (let i = 0; i < y.length; i++) {
    total += (y[i] - mean) ** 2;
    left += residuals[i] ** 2;
    size += y[i] ** 2;
  }
  if (total > REPRODUCED ** 2 * size) return 1 - left / total;
  return left <= REPRODUCED ** 2 * size ? 1 : 0;
}

/**
 * The product A v. Shapes: a [m, n] row-major, v [n], result [m] (new). Throws on an empty v and on wrong lengths.
 * Invariant: linear in v.
 */
export function matrixVector(a: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  if (n === 0) throw new Error('matrixVector: the vector is empty; give at least one entry.');
  const m = Math.ceil(a.length / n);
  requireLength('matrixVector', 'the matrix', a, m * n, `a vector of ${n} (${m} rows)`);
  const result = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += a[i * n + j] * v[j];
    result[i] = sum;
  }
  return result;
}
