/** The cross-section of an economy with capital along a path of aggregate states, by histogram (Young 2010), with what it adds up to. */
import { requireLength, requireWhole } from '../numerics/checks.ts';
import type { Chains } from './capital-tables.ts';
import { mixNodes } from './expectation.ts';
import { type Movement, meanOver, movement, normalise, placeSavings, pushDistribution } from './histogram.ts';
import type { CapitalEconomy, HouseholdProblem } from './household.ts';
import { type NodeWeights, nodeWeights, placeAmongNodes } from './node-weights.ts';

/** Savings tables that can be read at any capital. */
export interface CapitalPolicy {
  readonly problem: HouseholdProblem;
  /** a'(z, n, e, a), [Z, N, E, A]. */
  readonly savings: Float64Array;
  /** Logarithms of the capital nodes, [N]. */
  readonly logCapital: Float64Array;
}

/** A cross-section on its way. `mass`, `savings` and `place` change with every period. */
export interface CapitalWalk {
  readonly policy: CapitalPolicy;
  readonly chains: Chains;
  /** m(e, a), [E, A]. */
  readonly mass: Float64Array;
  /** a'(e, a) at the capital and state of the period, [E, A]. */
  readonly savings: Float64Array;
  readonly place: Movement;
  readonly scratch: { readonly at: NodeWeights; readonly moved: Float64Array; readonly next: Float64Array };
}

/** A walk that starts from a cross-section [E, A], which is copied. Throws on another length. */
export function capitalWalk(policy: CapitalPolicy, chains: Chains, start: Float64Array): CapitalWalk {
  const { assets, ownStates, nodes } = policy.problem;
  const cells = ownStates * assets.length;
  requireLength('capitalWalk', 'the start', start, cells, 'own states times assets');
  return {
    policy,
    chains,
    mass: start.slice(),
    savings: new Float64Array(cells),
    place: movement(cells),
    scratch: {
      // Two nodes or four, as the policy's own.
      at: nodeWeights(1, nodes, policy.problem.next.width === 4 ? 'cubic' : 'linear'),
      moved: new Float64Array(assets.length),
      next: new Float64Array(cells),
    },
  };
}

/**
 * Savings of every cell at (z, K), mixed between the capital nodes; not below the limit. Hot.
 * Shapes: out [E, A]. Invariant: at a node, the table itself.
 */
export function savingsAt(
  { problem, savings, logCapital }: CapitalPolicy,
  z: number,
  logK: number,
  at: NodeWeights,
  out: Float64Array,
): void {
  const { assets, nodes, ownStates } = problem;
  placeAmongNodes(at, 0, logCapital, logK);
  const cells = ownStates * assets.length;
  mixNodes(at, 0, savings, (z * nodes + at.lower[0]) * cells, cells, out);
  const limit = assets[0];
  for (let i = 0; i < cells; i++) if (out[i] < limit) out[i] = limit;
}

/** Decides the period's savings in state z. Hot. Returns capital per head. */
export function decide(walk: CapitalWalk, z: number): number {
  const { policy, mass, savings, place, scratch } = walk;
  const capital = meanOver(mass, policy.problem.assets);
  savingsAt(policy, z, Math.log(capital), scratch.at, savings);
  placeSavings(policy.problem.assets, savings, place);
  return capital;
}

/** Carries the cross-section from state z to the next, after `decide`. Hot. */
export function carry(walk: CapitalWalk, z: number, to: number): void {
  const { policy, chains, mass, place, scratch } = walk;
  const { aggregateStates, ownStates } = policy.problem;
  const offset = (z * aggregateStates + to) * ownStates * ownStates;
  pushDistribution(mass, place, chains.own, offset, scratch.moved, scratch.next);
  normalise(scratch.next);
  mass.set(scratch.next);
}

/** A simulated path, per head; entry t of the flows belongs to capital[t] and states[t]. */
export interface SimulatedPath {
  /** [T + 1]. */
  readonly capital: Float64Array;
  readonly states: Int32Array;
  /** [T] each: Y(K, z), C = R K + income - K', and the sum of own incomes. */
  readonly output: Float64Array;
  readonly consumption: Float64Array;
  readonly investment: Float64Array;
  /** Net return R - 1 on assets. */
  readonly netReturn: Float64Array;
  /** The cross-section after the last period, [E, A]. */
  readonly distribution: Float64Array;
  /** Periods in which capital lay beyond the nodes, where policies are those of the end node. */
  readonly outside: number;
}

/**
 * Walks along a path of states, [T + 1]: the flows of T periods, and capital in the period after.
 *
 * Investment is Y - C. Throws on a start of another length and states that are none. Invariants: deterministic; C + K' is what
 * households have, in every period.
 */
export function simulateCapital(
  economy: CapitalEconomy,
  policy: CapitalPolicy,
  chains: Chains,
  { states, start }: { readonly states: Int32Array; readonly start: Float64Array },
): SimulatedPath {
  const T = states.length - 1;
  for (const z of states) requireWhole('simulateCapital', 'a state', z, 0, economy.productivity.length - 1);
  const walk = capitalWalk(policy, chains, start);
  const { assets, ownStates } = policy.problem;
  const { logCapital } = policy;
  const capital = new Float64Array(T + 1);
  const [output, consumption, investment, netReturn] = Array.from({ length: 4 }, () => new Float64Array(T));
  let outside = 0;
  for (let t = 0; t < T; t++) {
    const z = states[t];
    const K = decide(walk, z);
    const next = dot(walk.mass, walk.savings);
    capital[t] = K;
    output[t] = economy.output(K, z);
    netReturn[t] = economy.grossReturn(K, z) - 1;
    let income = 0;
    for (let e = 0; e < ownStates; e++) {
      income += massOf(walk.mass, e, assets.length) * economy.income(K, z, e);
    }
    consumption[t] = (1 + netReturn[t]) * K + income - next;
    investment[t] = output[t] - consumption[t];
    const k = Math.log(K);
    if (k < logCapital[0] || k > logCapital[logCapital.length - 1]) outside++;
    carry(walk, z, states[t + 1]);
  }
  capital[T] = meanOver(walk.mass, assets);
  return { capital, states, output, consumption, investment, netReturn, distribution: walk.mass, outside };
}

function dot(x: Float64Array, y: Float64Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
}

/** The share of households in own state e. */
function massOf(mass: Float64Array, e: number, count: number): number {
  let total = 0;
  for (let i = e * count; i < (e + 1) * count; i++) total += mass[i];
  return total;
}
