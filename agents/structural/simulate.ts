/**
 * One path forward: prices from the cross-section, what individuals do at them, and the cross-section of the next period by the lottery of Young (2010,
 * J. Economic Dynamics and Control 34): who chooses a' between two nodes goes to both, in proportions that keep the mean.
 */
import type { Structural } from '../../core/structural.ts';
import { mixOwnStates } from './own-states.ts';
import { addAggregates, type PathStatistics } from './statistics.ts';
import { AT_LIMIT, BEYOND, INSIDE, type Tape } from './tape.ts';

export interface PathInputs {
  readonly structural: Structural;
  readonly tables: readonly Float64Array[];
  /** States of the shocks, [T, shocks] from `shocksAt` on; [T + 1, shocks] where own transitions depend on them. */
  readonly shocks: Int32Array;
  readonly shocksAt: number;
  /** Population, [J]; at the end that of period T. */
  readonly mass: Float64Array;
  /** What the path carries, [C]; moved on likewise. */
  readonly carried: Float64Array;
  /** Periods as they are on the tape already, instead of their equilibria: what is left is a function of the tables alone. */
  readonly frozen?: 'frozen' | undefined;
}

/**
 * Fills the tape. The population is divided by its sum before every equilibrium. Invariants: mass is kept within rounding; nothing here depends on what the
 * tape held, unless it is frozen.
 */
export function simulatePath(inputs: PathInputs, tape: Tape, statistics: PathStatistics | undefined): void {
  const { structural, tables, shocks, shocksAt, mass, carried, frozen } = inputs;
  const { sizes, period, response, actions, moved, pushed, lower, upperWeight, place, objectiveWeight } =
    tape;
  const { cells, width, ownStates } = sizes;
  const { own } = tape;
  const { assets, ownTransition } = structural;
  const isWeighted = objectiveWeight.length > 0;
  if (isWeighted) objectiveWeight.fill(1 / cells, 0, cells);
  for (let t = 0; t < tape.periods; t++) {
    const now = period[t];
    const done = response[t];
    normaliseMass(mass);
    const missed =
      frozen === undefined
        ? structural.settle(mass, shocks, shocksAt + t * sizes.shocks, tables, carried, now)
        : 0;
    for (let a = 0; a < sizes.actions; a++) {
      mixTable(tables[a], now.nodes, now.weights, a * width, width, cells, actions, a * cells);
    }
    structural.respond(now, actions, done);
    placeNext(assets, tape.inverseStep, done.next, done.bound, t * cells, lower, upperWeight, place);
    if (statistics !== undefined) {
      addAggregates(statistics, now.aggregates, missed, structural.residual(mass, done.next, now));
    }
    if (frozen === undefined && structural.ownPair !== undefined) {
      const at = shocksAt + t * sizes.shocks;
      own[t] = structural.ownPair(shocks, at, at + sizes.shocks) * ownStates * ownStates;
    }
    push(mass, 0, t * cells, lower, upperWeight, ownTransition, ownStates, moved, pushed, own[t]);
    mass.set(pushed);
    if (isWeighted && t + 1 < tape.periods) {
      push(
        objectiveWeight,
        t * cells,
        t * cells,
        lower,
        upperWeight,
        ownTransition,
        ownStates,
        moved,
        pushed,
        own[t],
      );
      objectiveWeight.set(pushed, (t + 1) * cells);
    }
  }
}

/** What a table says in a period: out[j] = sum_w weight_w table[node_w, j]. */
export function mixTable(
  table: Float64Array,
  nodes: Int32Array,
  weights: Float64Array,
  at: number,
  width: number,
  cells: number,
  out: Float64Array,
  offset: number,
): void {
  let first = 0;
  if (width > 1) {
    const [p, q] = [weights[at], weights[at + 1]];
    const [low, high] = [nodes[at] * cells, nodes[at + 1] * cells];
    for (let j = 0; j < cells; j++) out[offset + j] = p * table[low + j] + q * table[high + j];
    first = 2;
  }
  for (let w = first; w < width; w++) {
    const weight = weights[at + w];
    const start = nodes[at + w] * cells;
    if (w === 0) for (let j = 0; j < cells; j++) out[offset + j] = weight * table[start + j];
    else if (weight !== 0) for (let j = 0; j < cells; j++) out[offset + j] += weight * table[start + j];
  }
}

/** Next assets among the nodes: lower[at + j], the share of the node above, and how they lie. Cells come in rows of A, nearly sorted. */
export function placeNext(
  assets: Float64Array,
  inverseStep: Float64Array,
  next: Float64Array,
  bound: Uint8Array,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  place: Uint8Array,
): void {
  const last = assets.length - 2;
  let i = 0;
  for (let j = 0; j < next.length; j++) {
    const x = next[j];
    while (i < last && assets[i + 1] <= x) i++;
    while (i > 0 && assets[i] > x) i--;
    const weight = (x - assets[i]) * inverseStep[i];
    lower[at + j] = i;
    upperWeight[at + j] = weight < 0 ? 0 : weight > 1 ? 1 : weight;
    place[at + j] = bound[j] === 1 ? AT_LIMIT : weight > 0 && weight < 1 ? INSIDE : BEYOND;
  }
}

/**
 * pushed[e', a'] = sum_e P[e, e'] sum_a mass[from + e A + a] (share of (e, a) that goes to a'). Invariant: sums are kept within rounding.
 */
export function push(
  mass: Float64Array,
  from: number,
  at: number,
  lower: Int32Array,
  upperWeight: Float64Array,
  transition: Float64Array,
  ownStates: number,
  moved: Float64Array,
  pushed: Float64Array,
  transitionAt = 0,
): void {
  const cells = pushed.length;
  const count = cells / ownStates;
  moved.fill(0);
  for (let e = 0, j = 0; e < ownStates; e++) {
    const row = e * count;
    for (let a = 0; a < count; a++, j++) {
      const m = mass[from + j];
      const up = m * upperWeight[at + j];
      const node = row + lower[at + j];
      moved[node] += m - up;
      moved[node + 1] += up;
    }
  }
  mixOwnStates(moved, transition, transitionAt, 1, ownStates, ownStates, count, pushed);
}

function normaliseMass(mass: Float64Array): void {
  let sum = 0;
  for (let j = 0; j < mass.length; j++) sum += mass[j];
  const scale = 1 / sum;
  for (let j = 0; j < mass.length; j++) mass[j] *= scale;
}
