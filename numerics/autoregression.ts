import { requireFinite, requirePositive, requireWhole } from './checks.ts';
import { linspace } from './grids.ts';
import type { MarkovChain } from './markov.ts';
import { normalCdf, normalInterval } from './normal.ts';

/**
 * The process x' = (1 - rho) mean + rho x + sigma e, e ~ N(0, 1). Its size is given by one of two standard deviations:
 * of the innovation, sigma, or of the stationary distribution, sigma / sqrt(1 - rho^2). The literature means either by
 * "volatility", so it has to be named.
 */
export type AutoregressionOptions = {
  /** rho, in (-1, 1). */
  readonly persistence: number;
  /** The stationary mean, in the units of x. Default 0. */
  readonly mean?: number;
  /** States, at least 2. */
  readonly n: number;
} & (
  | { readonly innovationDeviation: number; readonly stationaryDeviation?: never }
  | { readonly stationaryDeviation: number; readonly innovationDeviation?: never }
);

export type TauchenOptions = AutoregressionOptions & {
  /** Distance of the end nodes from the mean, in stationary standard deviations. Default 3. */
  readonly width?: number;
};

interface Process {
  readonly rho: number;
  readonly mean: number;
  readonly n: number;
  readonly innovation: number;
  readonly stationary: number;
}

const MOST_STATES = 10_000;

function readProcess(where: string, options: AutoregressionOptions): Process {
  const { persistence: rho, mean = 0, n, innovationDeviation, stationaryDeviation } = options;
  if (!(rho > -1 && rho < 1)) {
    throw new Error(`${where}: persistence is ${rho}; a stationary process asks for a number in (-1, 1).`);
  }
  requireFinite(where, 'mean', mean);
  requireWhole(where, 'n', n, 2, MOST_STATES);
  const shrink = Math.sqrt((1 - rho) * (1 + rho));
  if (innovationDeviation !== undefined && stationaryDeviation === undefined) {
    requirePositive(where, 'innovationDeviation', innovationDeviation);
    return { rho, mean, n, innovation: innovationDeviation, stationary: innovationDeviation / shrink };
  }
  if (stationaryDeviation !== undefined && innovationDeviation === undefined) {
    requirePositive(where, 'stationaryDeviation', stationaryDeviation);
    return { rho, mean, n, innovation: stationaryDeviation * shrink, stationary: stationaryDeviation };
  }
  throw new Error(`${where}: give exactly one of innovationDeviation and stationaryDeviation.`);
}

/** Nodes of Tauchen's methods about zero; the caller adds the mean, so that symmetric nodes stay symmetric. */
function centredNodes(where: string, process: Process, width: number): Float64Array {
  requirePositive(where, 'width', width);
  const { n, stationary } = process;
  const nodes = linspace(-width * stationary, width * stationary, n);
  for (let i = 0; i < n / 2; i++) nodes[n - 1 - i] = -nodes[i];
  if (n % 2 === 1) nodes[(n - 1) / 2] = 0;
  return nodes;
}

/**
 * Tauchen's method: even nodes over +- `width` stationary deviations; each takes the probability of the bin half-way to
 * its neighbours, and the end nodes the tails.
 *
 * P_ij = Phi((x_j + h/2 - rho x_i)/sigma) - Phi((x_j - h/2 - rho x_i)/sigma), h the step of the nodes.
 * Source: Tauchen (1986), Economics Letters 20, equations 3a-3b. Shapes: levels [n], transition [n, n].
 * Throws unless -1 < rho < 1, n >= 2, and exactly one deviation is given, above 0. Invariant: rows sum to one.
 */
export function tauchen(options: TauchenOptions): MarkovChain {
  const process = readProcess('tauchen', options);
  const { rho, mean, n, innovation: sigma } = process;
  const nodes = centredNodes('tauchen', process, options.width ?? 3);
  const half = 0.5 * (nodes[1] - nodes[0]);
  const transition = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const center = rho * nodes[i];
    transition[i * n] = normalCdf((nodes[0] + half - center) / sigma);
    for (let j = 1; j < n - 1; j++) {
      transition[i * n + j] = normalInterval(
        (nodes[j] - half - center) / sigma,
        (nodes[j] + half - center) / sigma,
      );
    }
    transition[i * n + n - 1] = normalCdf((center - nodes[n - 1] + half) / sigma);
  }
  return { levels: nodes.map((x) => mean + x), transition, n };
}

/** Where the trimmed method cuts probabilities off. */
const TRIMMED_FLOOR = 1e-10;

/**
 * Tauchen's method with the tails cut off: every node, the end nodes too, takes the probability of a bin of width h
 * centred on it; at least 1e-10; rows are then divided by their sums.
 *
 * P_ij proportional to max(Phi((x_j + h/2 - rho x_i)/sigma) - Phi((x_j - h/2 - rho x_i)/sigma), 1e-10).
 * Source: the StructuralRL tutorial's log-AR(1) (2026), which the income process of Yang, Wang, Schaab and Moll (2025),
 * arXiv 2512.18892, Table 5, follows. Shapes: levels [n], transition [n, n]. Throws as `tauchen` does.
 * Invariant: rows sum to one, and every entry is positive.
 */
export function tauchenTrimmed(options: TauchenOptions): MarkovChain {
  const process = readProcess('tauchenTrimmed', options);
  const { rho, mean, n, innovation: sigma } = process;
  const nodes = centredNodes('tauchenTrimmed', process, options.width ?? 3);
  const half = 0.5 * (nodes[1] - nodes[0]);
  const transition = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const center = rho * nodes[i];
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const bin = normalInterval((nodes[j] - half - center) / sigma, (nodes[j] + half - center) / sigma);
      transition[i * n + j] = Math.max(bin, TRIMMED_FLOOR);
      sum += transition[i * n + j];
    }
    for (let j = 0; j < n; j++) transition[i * n + j] /= sum;
  }
  return { levels: nodes.map((x) => mean + x), transition, n };
}

/**
 * Rouwenhorst's method: even nodes over +- sqrt(n - 1) stationary deviations, and n - 1 independent two-state chains
 * that stay with probability p = (1 + rho)/2, counted.
 *
 * P_n = p [P 0; 0 0] + (1-p) [0 P; 0 0] + (1-p) [0 0; P 0] + p [0 0; 0 P], P = P_{n-1}, inner rows halved.
 * Source: Kopecky and Suen (2010), Review of Economic Dynamics 13, section 3.1. Shapes: levels [n], transition [n, n].
 * Throws unless -1 < rho < 1, n >= 2, and exactly one deviation is given, above 0.
 * Invariant: conditional mean, stationary mean and variance, and autocorrelation are the process's own.
 */
export function rouwenhorst(options: AutoregressionOptions): MarkovChain {
  const process = readProcess('rouwenhorst', options);
  const { rho, mean, n } = process;
  const p = 0.5 * (1 + rho);
  let last = Float64Array.of(1);
  for (let size = 2; size <= n; size++) last = growRouwenhorst(last, size, p);
  const nodes = centredNodes('rouwenhorst', process, Math.sqrt(n - 1));
  return { levels: nodes.map((x) => mean + x), transition: last, n };
}

function growRouwenhorst(last: Float64Array, size: number, p: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size * size);
  const before = size - 1;
  for (let i = 0; i < before; i++) {
    for (let j = 0; j < before; j++) {
      const entry = last[i * before + j];
      grown[i * size + j] += p * entry;
      grown[i * size + j + 1] += (1 - p) * entry;
      grown[(i + 1) * size + j] += (1 - p) * entry;
      grown[(i + 1) * size + j + 1] += p * entry;
    }
  }
  for (let i = 1; i < before; i++) for (let j = 0; j < size; j++) grown[i * size + j] /= 2;
  return grown;
}
