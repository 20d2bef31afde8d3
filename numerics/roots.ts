import { requireFinite, requirePositive, requireWhole } from './checks.ts';

/** Where a search for f(x) = 0 ended. residual is |f(root)|; iterations counts evaluations of f after the ends. */
export interface RootResult {
  readonly root: number;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

export interface BracketOptions {
  /** The ends of the interval searched; f must have opposite signs there, or be zero at one. */
  readonly lower: number;
  readonly upper: number;
  /** Stop when the root is known to within this, in units of x (never below its rounding error). Default 1e-12. */
  readonly tolerance?: number;
  /** Evaluations of f after the two ends. Default 200. */
  readonly maxIterations?: number;
}

function valueAt(where: string, f: (x: number) => number, x: number): number {
  const y = f(x);
  if (Number.isNaN(y)) throw new Error(`${where}: f(${x}) is NaN; keep the interval inside the domain of f.`);
  return y;
}

function requireBracket(where: string, lower: number, fLower: number, upper: number, fUpper: number): void {
  if (fLower === 0 || fUpper === 0 || fLower < 0 !== fUpper < 0) return;
  throw new Error(
    `${where}: no change of sign, f(${lower}) = ${fLower} and f(${upper}) = ${fUpper}; ` +
      'widen the interval (bracketOutward does) or look at f.',
  );
}

function requireInterval(
  where: string,
  options: BracketOptions,
): { tolerance: number; maxIterations: number } {
  const { lower, upper, tolerance = 1e-12, maxIterations = 200 } = options;
  requireFinite(where, 'lower', lower);
  requireFinite(where, 'upper', upper);
  if (!(lower < upper)) throw new Error(`${where}: the ends are ${lower} and ${upper}; give lower < upper.`);
  if (!(tolerance >= 0)) throw new Error(`${where}: tolerance is ${tolerance}; give a number >= 0.`);
  requireWhole(where, 'maxIterations', maxIterations, 1, 1e9);
  return { tolerance, maxIterations };
}

/**
 * The root of f in [lower, upper] by halving. Slow and sure: one bit of x an iteration.
 *
 * Throws where f has one sign at both ends (the message holds both values), and where f is NaN.
 * Invariant: the root lies in the interval, and f changes sign within `tolerance` of it when converged.
 */
export function bisection(f: (x: number) => number, options: BracketOptions): RootResult {
  const { tolerance, maxIterations } = requireInterval('bisection', options);
  let { lower, upper } = options;
  const fLower = valueAt('bisection', f, lower);
  const fUpper = valueAt('bisection', f, upper);
  requireBracket('bisection', lower, fLower, upper, fUpper);
  if (fLower === 0) return { root: lower, converged: true, iterations: 0, residual: 0 };
  if (fUpper === 0) return { root: upper, converged: true, iterations: 0, residual: 0 };
  let root = lower;
  let value = fLower;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    root = lower + 0.5 * (upper - lower);
    value = valueAt('bisection', f, root);
    if (value < 0 === fLower < 0) lower = root;
    else upper = root;
    const close = upper - lower <= Math.max(tolerance, 2 * Number.EPSILON * Math.abs(root));
    if (value === 0 || close) return { root, converged: true, iterations, residual: Math.abs(value) };
  }
  return { root, converged: false, iterations: maxIterations, residual: Math.abs(value) };
}

/**
 * The root of f in [lower, upper] by Brent's method: inverse quadratic or secant steps, halving where they fail.
 *
 * Source: Brent (1973), "Algorithms for Minimization without Derivatives", chapter 4, procedure zero.
 * Throws where f has one sign at both ends (the message holds both values), and where f is NaN.
 * Invariant: the root lies in the interval, and f changes sign within 2 `tolerance` of it when converged.
 */
export function brent(f: (x: number) => number, options: BracketOptions): RootResult {
  const { tolerance, maxIterations } = requireInterval('brent', options);
  // Brent's letters: b the best guess, a the one before it, c the other end of the bracket; d, e the last two steps.
  let a = options.lower;
  let b = options.upper;
  let fa = valueAt('brent', f, a);
  let fb = valueAt('brent', f, b);
  requireBracket('brent', a, fa, b, fb);
  let c = a;
  let fc = fa;
  let d = b - a;
  let e = d;
  for (let iterations = 0; ; iterations++) {
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const near = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance;
    const half = 0.5 * (c - b);
    const done = Math.abs(half) <= near || fb === 0;
    if (done || iterations === maxIterations) {
      return { root: b, converged: done, iterations, residual: Math.abs(fb) };
    }
    if (Math.abs(e) < near || Math.abs(fa) <= Math.abs(fb)) {
      d = half;
      e = half;
    } else {
      const s = fb / fa;
      let p = 2 * half * s;
      let q = 1 - s;
      if (a !== c) {
        const r = fb / fc;
        q = fa / fc;
        p = s * (2 * half * q * (q - r) - (b - a) * (r - 1));
        q = (q - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(near * q), Math.abs(e * q))) {
        e = d;
        d = p / q;
      } else {
        d = half;
        e = half;
      }
    }
    a = b;
    fa = fb;
    if (Math.abs(d) > near) b += d;
    else b += half > 0 ? near : -near;
    fb = valueAt('brent', f, b);
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      d = b - a;
      e = d;
    }
  }
}

export interface NewtonOptions extends BracketOptions {
  /** First guess, inside the interval. Default its middle. */
  readonly start?: number;
}

/**
 * The root of f in [lower, upper] by Newton's method, halving where a step leaves the bracket or shrinks too slowly.
 *
 * Source: Press et al. (2007), Numerical Recipes, section 9.4, rtsafe.
 * Throws where f has one sign at both ends (the message holds both values), where f or its derivative is NaN, and for
 * a start outside the interval. Invariant: no evaluation outside [lower, upper].
 */
export function newton(
  f: (x: number) => number,
  derivative: (x: number) => number,
  options: NewtonOptions,
): RootResult {
  const { tolerance, maxIterations } = requireInterval('newton', options);
  let { lower, upper } = options;
  const { start = lower + 0.5 * (upper - lower) } = options;
  if (!(start >= lower && start <= upper)) {
    throw new Error(`newton: start is ${start}; give a number in [${lower}, ${upper}].`);
  }
  const fLower = valueAt('newton', f, lower);
  const fUpper = valueAt('newton', f, upper);
  requireBracket('newton', lower, fLower, upper, fUpper);
  if (fLower === 0) return { root: lower, converged: true, iterations: 0, residual: 0 };
  if (fUpper === 0) return { root: upper, converged: true, iterations: 0, residual: 0 };
  let root = start;
  let lastStep = upper - lower;
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const value = valueAt('newton', f, root);
    if (value === 0) return { root, converged: true, iterations, residual: 0 };
    if (value < 0 === fLower < 0) lower = root;
    else upper = root;
    const step = value / valueAt('newton: derivative', derivative, root);
    const target = root - step;
    const fast = target > lower && target < upper && Math.abs(step) < 0.5 * Math.abs(lastStep);
    const next = fast ? target : lower + 0.5 * (upper - lower);
    lastStep = next - root;
    root = next;
    const close = Math.abs(lastStep) <= Math.max(0.5 * tolerance, 2 * Number.EPSILON * Math.abs(root));
    if (close || iterations === maxIterations) {
      return { root, converged: close, iterations, residual: Math.abs(valueAt('newton', f, root)) };
    }
  }
  return {
    root,
    converged: false,
    iterations: maxIterations,
    residual: Math.abs(valueAt('newton', f, root)),
  };
}

/** An interval and whether f changes sign on it. */
export interface Bracket {
  readonly lower: number;
  readonly upper: number;
  readonly bracketed: boolean;
  readonly iterations: number;
}

export interface BracketOutwardOptions {
  /** The interval to start from. */
  readonly lower: number;
  readonly upper: number;
  /** How much longer the interval gets at each expansion, > 1. Default 1.6. */
  readonly growth?: number;
  /** Never go beyond these: the domain of f. Default -Infinity and Infinity. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Expansions at most. Default 60. */
  readonly maxIterations?: number;
}

/**
 * Widens [lower, upper] until f changes sign on it, each time at the end where |f| is smaller.
 *
 * Source: Press et al. (2007), Numerical Recipes, section 9.1, zbrac. Returns `bracketed: false` where it gives up:
 * expansions used up or both limits reached. Throws on an empty interval, limits inside it, and where f is NaN.
 * Invariant: the result contains the starting interval and lies within the limits.
 */
export function bracketOutward(f: (x: number) => number, options: BracketOutwardOptions): Bracket {
  const { growth = 1.6, minimum = -Infinity, maximum = Infinity, maxIterations = 60 } = options;
  requireInterval('bracketOutward', { lower: options.lower, upper: options.upper, maxIterations });
  requirePositive('bracketOutward', 'growth - 1', growth - 1);
  let { lower, upper } = options;
  if (!(minimum <= lower && upper <= maximum)) {
    throw new Error(
      `bracketOutward: [${lower}, ${upper}] is not within the limits [${minimum}, ${maximum}]; start inside them.`,
    );
  }
  let fLower = valueAt('bracketOutward', f, lower);
  let fUpper = valueAt('bracketOutward', f, upper);
  for (let iterations = 0; ; iterations++) {
    if (fLower === 0 || fUpper === 0 || fLower < 0 !== fUpper < 0) {
      return { lower, upper, bracketed: true, iterations };
    }
    const stuckBelow = lower === minimum;
    const stuckAbove = upper === maximum;
    if (iterations === maxIterations || (stuckBelow && stuckAbove)) {
      return { lower, upper, bracketed: false, iterations };
    }
    const step = (growth - 1) * (upper - lower);
    if (!stuckBelow && (stuckAbove || Math.abs(fLower) < Math.abs(fUpper))) {
      lower = Math.max(minimum, lower - step);
      fLower = valueAt('bracketOutward', f, lower);
    } else {
      upper = Math.min(maximum, upper + step);
      fUpper = valueAt('bracketOutward', f, upper);
    }
  }
}
