/** What is learned, as plain data: enough to act, and to go on learning exactly. */
import type { Saved } from '../../core/agent.ts';
import { RestoreError } from '../../core/errors.ts';
import type { Structural, StructuralTable } from '../../core/structural.ts';
import type { Rng } from '../../numerics/random.ts';
import { type Moments, toIncrements } from './adam-step.ts';
import type { Plan, StructuralSettings } from './settings.ts';
import type { Summary } from './statistics.ts';
import { sizesOf } from './tape.ts';

export interface LearnerState {
  readonly tables: Float64Array[];
  /** What Adam climbs, by table: levels or increments; empty where nothing is climbed. */
  readonly parameters: readonly Float64Array[];
  readonly moments: readonly Moments[];
  /** [N, J], [N, C], [N, shocks]: where the paths of the last epoch ended. */
  readonly masses: Float64Array;
  readonly carried: Float64Array;
  readonly lastShocks: Int32Array;
  /** Mean over the paths of `masses`, [J]. */
  readonly population: Float64Array;
  /** Value of standing anywhere at the end of a path, [J]. */
  readonly terminal: Float64Array;
  epochs: number;
  change: number;
  eulerError: number;
  converged: 'yes' | 'no';
  summary: Summary;
  /** Prices between which the grid lies, where it was widened; empty otherwise. */
  widened: readonly number[];
}

const NOTHING_SEEN: Summary = {
  objective: 0,
  meanResidual: 0,
  maxResidual: 0,
  unbracketedShare: 0,
  means: [],
  deviations: [],
};

/** Whether a table is learned by its gradient, with Adam: all by choice, those of the aggregate also where the economy has no errors for them. */
export function climbsByGradient(structural: Structural, plan: Plan, { over }: StructuralTable): boolean {
  return plan.step === 'adam' || (over === 'aggregate' && structural.addPathErrors === undefined);
}

/** The state before the first epoch. */
export function firstState(structural: Structural, plan: Plan): LearnerState {
  const { cells, shocks } = sizesOf(structural);
  const tables = structural.start(plan.start);
  const climbs = structural.tables.map((table) => climbsByGradient(structural, plan, table));
  const parameters = tables.map((table, i) => {
    if (!climbs[i]) return new Float64Array(0);
    const values = table.slice();
    if (plan.parameters === 'increments') toIncrements(table, values, structural.tables[i].tied, cells);
    return values;
  });
  return {
    tables,
    parameters,
    moments: parameters.map(({ length }) => ({
      first: new Float64Array(length),
      second: new Float64Array(length),
    })),
    masses: new Float64Array(plan.paths * cells),
    carried: new Float64Array(plan.paths * structural.carried.length),
    lastShocks: new Int32Array(plan.paths * shocks),
    population: structural.population.slice(),
    terminal: new Float64Array(cells),
    epochs: 0,
    change: Infinity,
    eulerError: Infinity,
    converged: 'no',
    summary: NOTHING_SEEN,
    widened: [],
  };
}

/** Cross-sections [N, J] and what is carried [N, C] at the start of all paths. */
export function firstPopulation(
  structural: Structural,
  kind: StructuralSettings['population'],
  paths: number,
  rng: Rng,
): { readonly masses: Float64Array; readonly carried: Float64Array } {
  const { cells } = sizesOf(structural);
  const masses = new Float64Array(paths * cells);
  const carries = structural.carried.length;
  const carried = new Float64Array(paths * carries);
  for (let n = 0; n < paths; n++) {
    carried.set(structural.carried, n * carries);
    masses.set(kind === 'economy' ? structural.population : line(kind, cells, rng), n * cells);
  }
  return { masses, carried };
}

/** The same mass in every cell, or between two random ends: the tutorial's ramp, linear in its index of cells. */
function line(kind: 'uniform' | 'ramp', cells: number, rng: Rng): Float64Array {
  const [from, to] = kind === 'uniform' ? [1, 1] : [rng.uniform(), rng.uniform()];
  const mass = Float64Array.from({ length: cells }, (_, j) => from + ((to - from) * j) / (cells - 1));
  const sum = mass.reduce((total, m) => total + m, 0);
  return mass.map((m) => m / sum);
}

export function saveState(state: LearnerState): Saved {
  return {
    tables: state.tables.map((table) => table.slice()),
    parameters: state.parameters.map((table) => table.slice()),
    moments: state.moments.map(({ first, second }) => ({ first: first.slice(), second: second.slice() })),
    masses: state.masses.slice(),
    carried: state.carried.slice(),
    lastShocks: state.lastShocks.slice(),
    population: state.population.slice(),
    terminal: state.terminal.slice(),
    epochs: state.epochs,
    change: state.change,
    eulerError: state.eulerError,
    converged: state.converged,
    summary: { ...state.summary, means: [...state.summary.means], deviations: [...state.summary.deviations] },
    widened: [...state.widened],
  };
}

/** Fills `state` from what `saveState` gave. Throws a RestoreError where sizes differ. */
export function loadState(state: LearnerState, saved: Saved): void {
  const from = saved as unknown as LearnerState;
  const copy = (to: Float64Array | Int32Array, values: unknown, what: string) => {
    const fits =
      (to instanceof Float64Array && values instanceof Float64Array) ||
      (to instanceof Int32Array && values instanceof Int32Array);
    if (!fits || values.length !== to.length) {
      throw new RestoreError(
        `structural: the saved ${what} does not fit the economy at this size; load it with the settings it was trained with.`,
      );
    }
    to.set(values);
  };
  state.tables.forEach((table, i) => {
    copy(table, from.tables[i], `table ${i}`);
  });
  state.parameters.forEach((table, i) => {
    copy(table, from.parameters[i], `parameters ${i}`);
    copy(state.moments[i].first, from.moments[i]?.first, `first moments ${i}`);
    copy(state.moments[i].second, from.moments[i]?.second, `second moments ${i}`);
  });
  copy(state.masses, from.masses, 'cross-sections');
  copy(state.carried, from.carried, 'carried numbers');
  copy(state.lastShocks, from.lastShocks, 'shocks');
  copy(state.population, from.population, 'population');
  copy(state.terminal, from.terminal, 'terminal value');
  state.epochs = Number(from.epochs);
  state.change = Number(from.change);
  state.eulerError = Number(from.eulerError);
  state.converged = from.converged === 'yes' ? 'yes' : 'no';
  state.summary = from.summary;
  state.widened = from.widened;
}
