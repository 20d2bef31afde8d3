/** The continuum that follows learned tables along a path of productivity: what is compared with the classical solution, and drawn. */

import { newPeriod, newResponse, type StructuralPeriod } from '../../core/structural.ts';
import { correlation, mean } from '../../numerics/statistics.ts';
import { movement, normalise, placeSavings, pushDistribution } from '../../solvers/histogram.ts';
import { CAPITAL, RATE, type StructuralSetup, structuralCore, WAGE } from './structural-core.ts';

/** By period, [T]. */
export interface LearnedPath {
  readonly capital: Float64Array;
  readonly consumption: Float64Array;
  readonly interestRate: Float64Array;
  readonly wage: Float64Array;
  /** Periods in which a price was beyond its grid. */
  readonly beyond: number;
  /** The cross-section after the last period, [E, A]. */
  readonly distribution: Float64Array;
}

/** out[j] = sum_w weight_w table[node_w, j]: the shares of a period. */
export function sharesAt(table: Float64Array, { nodes, weights }: StructuralPeriod, out: Float64Array): void {
  out.fill(0);
  for (let w = 0; w < nodes.length; w++) {
    const at = nodes[w] * out.length;
    if (weights[w] !== 0) for (let j = 0; j < out.length; j++) out[j] += weights[w] * table[at + j];
  }
}

/**
 * `states` [T], indices of z; own states move as z does. `start` [E, A] is not changed. Invariants: the numbers that training simulates; C + K' is what households have.
 */
export function simulateTables(
  setup: StructuralSetup,
  table: Float64Array,
  states: Int32Array,
  start: Float64Array,
): LearnedPath {
  const core = structuralCore(setup);
  const { assets, ownTransitions, productivity, units } = setup;
  const periods = states.length;
  const cells = start.length;
  const E = core.ownStates;
  const period = newPeriod(core);
  const response = newResponse(cells, 1);
  const shares = new Float64Array(cells);
  const by = movement(cells);
  const moved = new Float64Array(assets.length);
  let mass = start.slice();
  let next = new Float64Array(cells);
  const [capital, consumption, interestRate, wage] = Array.from(
    { length: 4 },
    () => new Float64Array(periods),
  );
  let beyond = 0;
  for (let t = 0; t < periods; t++) {
    normalise(mass);
    beyond += core.settle(mass, states, t, [table], core.carried, period);
    sharesAt(table, period, shares);
    core.respond(period, shares, response);
    const { aggregates } = period;
    capital[t] = aggregates[CAPITAL];
    interestRate[t] = aggregates[RATE];
    wage[t] = aggregates[WAGE];
    let eaten = (1 + interestRate[t]) * capital[t];
    for (let j = 0; j < cells; j++) {
      const e = Math.floor(j / assets.length);
      eaten += mass[j] * (wage[t] * units[states[t] * E + e] - response.next[j]);
    }
    consumption[t] = eaten;
    placeSavings(assets, response.next, by);
    const to = t + 1 < periods ? states[t + 1] : states[t];
    const pair = states[t] * productivity.length + to;
    pushDistribution(mass, by, ownTransitions, pair * E * E, moved, next);
    [mass, next] = [next, mass];
  }
  return { capital, consumption, interestRate, wage, beyond, distribution: mass };
}

/** Capital of two paths with the same start and shocks, gaps of logarithms. */
export interface CapitalGap {
  readonly mean: number;
  readonly max: number;
  /** Mean of log K less log K*. */
  readonly bias: number;
  readonly correlation: number;
}

/** Shapes [T]. Invariant: zero gaps and correlation 1 for the same path. */
export function capitalGap(learned: Float64Array, reference: Float64Array): CapitalGap {
  const gaps = reference.map((K, t) => Math.log(learned[t] / K));
  const sizes = gaps.map(Math.abs);
  const moves = reference.some((K) => K !== reference[0]) && learned.some((K) => K !== learned[0]);
  return {
    mean: mean(sizes),
    max: sizes.reduce((a, b) => Math.max(a, b), 0),
    bias: mean(gaps),
    correlation: moves ? correlation(learned.slice(0, reference.length), reference) : 1,
  };
}

/** A cross-section [E, from] on other nodes, [E, to]; who stands between two goes to both, so that means are kept but for those beyond the last. */
export function carryOver(distribution: Float64Array, from: Float64Array, to: Float64Array): Float64Array {
  const states = distribution.length / from.length;
  const place = movement(from.length);
  placeSavings(to, from, place);
  const out = new Float64Array(states * to.length);
  for (let e = 0; e < states; e++) {
    for (let a = 0; a < from.length; a++) {
      const m = distribution[e * from.length + a];
      const at = e * to.length + place.lower[a];
      out[at] += m * (1 - place.upperWeight[a]);
      out[at + 1] += m * place.upperWeight[a];
    }
  }
  return out;
}
