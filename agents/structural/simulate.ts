/**
 * One path forward: prices from the cross-section, what individuals do at them, and the cross-section of the next period by the lottery of Young (2010,
 * J. Economic Dynamics and Control 34): who chooses a' between two nodes goes to both, in proportions that keep the mean.
 */
import type { Structural } from '../../core/structural.ts';
import { addAggregates, type PathStatistics } from './statistics.ts';
import type { Tape } from './tape.ts';

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
  const { own, loops, assets, ownTransition } = tape;
  const isWeighted = objectiveWeight.length > 0;
  if (isWeighted) objectiveWeight.fill(1 / cells, 0, cells);
  for (let t = 0; t < tape.periods; t++) {
    const now = period[t];
    const done = response[t];
    loops.normalise(mass);
    const missed =
      frozen === undefined
        ? structural.settle(mass, shocks, shocksAt + t * sizes.shocks, tables, carried, now)
        : 0;
    for (let a = 0; a < sizes.actions; a++) {
      loops.mixTable(tables[a], now.nodes, now.weights, a * width, width, cells, actions, a * cells);
    }
    structural.respond(now, actions, done);
    loops.placeNext(assets, tape.inverseStep, done.next, done.bound, t * cells, lower, upperWeight, place);
    if (statistics !== undefined) {
      addAggregates(statistics, now.aggregates, missed, structural.residual(mass, done.next, now));
    }
    if (frozen === undefined && structural.ownPair !== undefined) {
      const at = shocksAt + t * sizes.shocks;
      own[t] = structural.ownPair(shocks, at, at + sizes.shocks) * ownStates * ownStates;
    }
    loops.push(mass, 0, t * cells, lower, upperWeight, ownTransition, own[t], ownStates, moved, pushed);
    mass.set(pushed);
    if (isWeighted && t + 1 < tape.periods) {
      loops.push(
        objectiveWeight,
        t * cells,
        t * cells,
        lower,
        upperWeight,
        ownTransition,
        own[t],
        ownStates,
        moved,
        pushed,
      );
      objectiveWeight.set(pushed, (t + 1) * cells);
    }
  }
}
