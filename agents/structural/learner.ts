/** Everything that is learned, epoch by epoch: tables, what the paths have come to, and how far it is. */
import type { Structural } from '../../core/structural.ts';
import type { Rng } from '../../numerics/random.ts';
import { changesByKind, isWithin, largestChange, quantileOfChange } from './convergence.ts';
import { drawShocks } from './draws.ts';
import { chunksOf, type EpochForm, type EpochMemory, makeMemory, SUMS_ERRORS } from './memory.ts';
import { makePool, type Pool, threadsFor } from './pool.ts';
import { type Plan, planOf, type StructuralSettings } from './settings.ts';
import { firstPopulation, type LearnerState } from './state.ts';
import { addStatistics, makeStatisticsSize, type Summary, summarise } from './statistics.ts';
import { stepTables } from './step-tables.ts';
import { sizesOf } from './tape.ts';

export interface LearnerOptions {
  readonly structural: Structural;
  readonly settings: StructuralSettings;
  readonly rng: Rng;
  /** Planned epochs. */
  readonly epochs: number;
  readonly state: LearnerState;
  /** Which loops work on the cells, where both can; default WebAssembly. They give the same bits. */
  readonly loops?: 'wasm' | 'js';
}

/** What an epoch found. */
export interface Epoch extends Summary {
  /** By the rule of `convergence`. */
  readonly change: number;
  readonly eulerError: number;
  readonly converged: 'yes' | 'no';
}

export interface Learner {
  readonly plan: Plan;
  readonly threads: number;
  /** One epoch; changes `state`. */
  epoch(): Epoch;
  close(): void;
}

/** With Adam, epochs between two looks at the Euler error. */
const ERRORS_EVERY = 10;
const QUANTILE = 0.999;

/** Throws nothing; threads start with the first epoch. Invariant: an epoch is a function of the state, the generator's identity and the settings. */
export function makeLearner(options: LearnerOptions): Learner {
  const { structural, settings, epochs, state } = options;
  const plan = planOf(settings, structural);
  const form: EpochForm = {
    paths: plan.paths,
    periods: plan.horizon,
    chunks: chunksOf(structural, plan.paths),
    learning: plan.learning,
    weights: plan.weights,
    limit: plan.limit,
    gradients: plan.step === 'adam' ? 'gradients' : 'none',
  };
  const threads = threadsFor(settings.threads, form.chunks);
  let memory: EpochMemory | undefined;
  let pool: Pool | undefined;

  const start = (): { readonly memory: EpochMemory; readonly pool: Pool } => {
    memory ??= makeMemory(structural, form, threads, options.loops);
    pool ??= makePool(structural, form, memory, threads);
    return { memory, pool };
  };

  return {
    plan,
    threads,
    epoch() {
      const { memory: shared, pool: running } = start();
      const epoch = state.epochs;
      prepare(options, plan, epoch, shared);
      running.run();
      const statistics = new Float64Array(makeStatisticsSize(sizesOf(structural).aggregates));
      for (const slot of shared.slots) addStatistics(statistics, slot.statistics);
      const summary = summarise(statistics, plan.paths);
      keepPaths(state, shared, plan, epoch < settings.warmup ? 'warming' : 'carrying');
      const before = moved(state).map((table) => table.slice());
      const rate = plan.learningRate * decayed(plan.decay, epoch, settings.warmup, epochs);
      const error = stepTables({
        structural,
        settings,
        plan,
        state,
        slots: shared.slots,
        rate,
        sumsErrors: shared.control[SUMS_ERRORS],
      });
      const eulerError = error ?? state.eulerError;
      const change = changeOf(structural, settings, moved(state), before, eulerError);
      const isDone =
        settings.convergence === 'quantile' ? isWithin(change, plan.tolerance) : change < plan.tolerance;
      state.epochs += 1;
      state.eulerError = eulerError;
      state.change = change;
      state.summary = summary;
      return {
        ...summary,
        change,
        eulerError,
        converged: isDone && epoch >= settings.warmup && epoch > 0 ? 'yes' : 'no',
      };
    },
    close() {
      pool?.close();
      pool = undefined;
      memory = undefined;
    },
  };
}

/** decay^(share of the epochs after the warm-up that are over). */
function decayed(decay: number, epoch: number, warmup: number, epochs: number): number {
  return decay ** (Math.max(epoch - warmup, 0) / Math.max(1, epochs - warmup));
}

/** Writes what the threads read. */
function prepare(options: LearnerOptions, plan: Plan, epoch: number, memory: EpochMemory): void {
  const { structural, settings, rng, state } = options;
  state.tables.forEach((table, i) => {
    memory.tables[i].set(table);
  });
  if (epoch <= settings.warmup) {
    const fresh = firstPopulation(
      structural,
      settings.population,
      plan.paths,
      rng.split('population').split(epoch),
    );
    if (epoch < settings.warmup || state.epochs === 0) state.masses.set(fresh.masses);
    if (epoch === 0) state.carried.set(fresh.carried);
  }
  memory.masses.set(state.masses);
  memory.carried.set(state.carried);
  drawShocks(
    {
      structural,
      rng: rng.split('shocks'),
      epoch,
      paths: plan.paths,
      periods: plan.horizon,
      first: plan.firstShock,
      draws: plan.draws,
      last: state.lastShocks,
      hasLast: epoch > 0 ? 'yes' : 'no',
    },
    memory.shocks,
  );
  if (plan.terminalValue === 'carried') memory.terminal.set(state.terminal);
  const isDue = plan.step === 'scaled' || epoch % ERRORS_EVERY === 0 || settings.convergence === 'euler';
  memory.control[SUMS_ERRORS] = isDue ? 1 : 0;
}

/** Where the paths ended, and what states were worth on them. */
function keepPaths(
  state: LearnerState,
  memory: EpochMemory,
  { paths, horizon }: Plan,
  phase: 'warming' | 'carrying',
): void {
  if (phase === 'carrying') {
    state.masses.set(memory.masses);
    state.carried.set(memory.carried);
  }
  state.terminal.fill(0);
  const scale = 1 / (paths * (horizon >> 1));
  for (const { values } of memory.slots) {
    for (let j = 0; j < values.length; j++) state.terminal[j] += scale * values[j];
  }
  state.population.fill(0);
  const cells = state.population.length;
  for (let i = 0; i < memory.masses.length; i++) state.population[i % cells] += memory.masses[i] / paths;
}

/** What a step changes: what Adam climbs, as in the tutorial, or the tables. */
function moved({ tables, parameters }: LearnerState): readonly Float64Array[] {
  return tables.map((table, i) => (parameters[i].length > 0 ? parameters[i] : table));
}

function changeOf(
  structural: Structural,
  { convergence }: StructuralSettings,
  now: readonly Float64Array[],
  before: readonly Float64Array[],
  eulerError: number,
): number {
  if (convergence === 'euler') return eulerError;
  if (convergence === 'largest') return Math.max(...now.map((table, i) => largestChange(table, before[i])));
  const { cells } = sizesOf(structural);
  return Math.max(
    ...structural.tables.flatMap(({ over, tied }, i) =>
      changesByKind(now[i], before[i], tied, over === 'individual' ? cells : 1).map((changes) =>
        quantileOfChange(changes, QUANTILE),
      ),
    ),
  );
}
