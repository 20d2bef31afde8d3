/** The structural agent: knows the economy's budgets and takes prices as given; an update is an epoch of simulated paths. */
import type { ActInput, Agent, AgentReport, Metrics, Saved } from '../../core/agent.ts';
import { RestoreError, UsageError } from '../../core/errors.ts';
import type { CreateOptions } from '../../core/method.ts';
import { fromQuantities } from '../../core/quantities.ts';
import type { Structural, StructuralRequest, StructuralSolution } from '../../core/structural.ts';
import { type Learner, makeLearner } from './learner.ts';
import { planOf, type StructuralSettings } from './settings.ts';
import { firstState, type LearnerState, loadState, saveState } from './state.ts';

/** A market that misses its price grid more often than this asks for a wider one. */
const TOLERATED_MISSES = 0.02;
/** Epochs in which a start may miss before the grid is at fault. */
const PATIENCE = 3;
const MOST_WIDENINGS = 12;

/** An agent that has learned for every type of its economy. */
interface Leader extends Agent {
  /** Writes the actions of another type. */
  actAs(
    options: Pick<CreateOptions<StructuralSettings>, 'type' | 'actionSpace'>,
    states: ActInput['states'],
    actions: Float64Array,
  ): void;
}

function leaderAmong(others: Readonly<Record<string, Agent>> = {}): Leader | undefined {
  return Object.values(others).find((agent): agent is Leader => 'actAs' in agent);
}

/**
 * The structural agent of a type: the first type's learns the tables of all, from the same paths, and those of the other types act by what it has learned. Throws what
 * `learningAgent` throws, and a UsageError for a later type that is asked for alone.
 */
export function structuralAgent(options: CreateOptions<StructuralSettings>): Agent {
  const { economy, type, actionSpace } = options;
  const [first] = Object.keys(economy.types);
  if (type === first) return learningAgent(options);
  const leader = leaderAmong(options.others);
  if (leader === undefined) {
    throw new UsageError(
      `structural: "${type}" of ${economy.id} is learned with "${first}", whose agent is not among those made before; make agents of all types together.`,
    );
  }
  return {
    name: 'structural',
    act({ states }, actions) {
      leader.actAs({ type, actionSpace }, states, actions);
    },
    update: () => undefined,
    get converged() {
      return leader.converged === true;
    },
    save: () => ({}),
    load() {},
  };
}

/**
 * Throws a UsageError for an economy without a structural form, and for settings that it cannot have. Invariants: never steps the environment; what it learns is
 * independent of the number of threads; `save` holds all that an exact continuation needs.
 */
function learningAgent(options: CreateOptions<StructuralSettings>): Leader {
  const { economy, type, settings, rng, steps, actionSpace } = options;
  let structural = structuralOf(options, requestOf(settings));
  let state = newState(structural, settings);
  let learner: Learner | undefined;
  let missed = 0;
  // The same object while the tables are the same: economies keep what they made of it.
  let solution: StructuralSolution | undefined;
  const quantities = Object.fromEntries(
    Object.entries(economy.types).map(([name, t]) => [name, new Float64Array(t.count * t.actionSpace.size)]),
  );

  const rebuild = (request: StructuralRequest): void => {
    learner?.close();
    learner = undefined;
    structural = structuralOf(options, request);
    const old = state;
    state = newState(structural, settings);
    state.widened = request.priceRange ?? [];
    carryOver(old, state);
  };

  /** A grid between whose ends the market does not clear is widened, and says so in the report. */
  const widenIfMissed = (share: number): void => {
    missed = share > TOLERATED_MISSES ? missed + 1 : 0;
    if (missed < PATIENCE) return;
    const wider =
      settings.priceGrid === 'widening' && widenings < MOST_WIDENINGS
        ? structural.widen?.(state.tables)
        : undefined;
    if (wider !== undefined) {
      widenings += 1;
      missed = 0;
      rebuild(wider.request);
      wider.tables.forEach((table, i) => {
        state.tables[i].set(table);
      });
      resetClimb(state);
      return;
    }
    if (share === 1) throw cannotBracket(economy.id, structural, settings);
  };
  let widenings = 0;

  const perStep = planOf(settings, structural).epochsPerStep;
  const epochs = steps * perStep;

  const epoch = (): Metrics => {
    learner ??= makeLearner({ structural, settings, rng, epochs, state });
    const found = learner.epoch();
    state.converged = found.converged;
    const { objective, change, eulerError, meanResidual, unbracketedShare } = found;
    widenIfMissed(unbracketedShare);
    if (state.converged === 'yes' || state.epochs >= epochs) learner?.close();
    return { objective, change, eulerError, meanResidual, unbracketedShare };
  };

  const actAs: Leader['actAs'] = (player, states, actions) => {
    solution ??= { tables: state.tables, population: state.population };
    const wanted = quantities[player.type];
    const width = wanted.length;
    for (let b = 0; b < states.length; b++) {
      structural.act(solution, states[b], quantities);
      fromQuantities(wanted, actions.subarray(b * width, (b + 1) * width), player.actionSpace);
    }
  };

  return {
    name: 'structural',
    actAs,
    act({ states }, actions) {
      actAs({ type, actionSpace }, states, actions);
    },
    update() {
      solution = undefined;
      let found = epoch();
      for (let k = 1; k < perStep && state.converged === 'no'; k++) found = epoch();
      return found;
    },
    get converged() {
      return state.converged === 'yes';
    },
    report: () => report(structural, state, settings, learner),
    save: () => ({ ...saveState(state), missed, widenings }),
    load(saved: Saved) {
      solution = undefined;
      const { widened } = saved as unknown as LearnerState;
      if (!Array.isArray(widened))
        throw new RestoreError('structural: what was saved is no state of this agent.');
      if (widened.length === 2) rebuild({ ...requestOf(settings), priceRange: [widened[0], widened[1]] });
      else learner?.close();
      learner = undefined;
      loadState(state, saved);
      missed = Number(saved.missed);
      widenings = Number(saved.widenings);
    },
  };
}

function requestOf(settings: StructuralSettings): StructuralRequest {
  const { size, assetNodes, priceNodes, shockNodes, priceLow, priceHigh, lags } = settings;
  if ((priceLow === null) !== (priceHigh === null))
    throw new UsageError('structural: give priceLow and priceHigh together, or neither.');
  return {
    size,
    assetNodes,
    priceNodes,
    shockNodes,
    lags,
    priceRange: priceLow === null || priceHigh === null ? null : [priceLow, priceHigh],
  };
}

function structuralOf(
  { economy }: CreateOptions<StructuralSettings>,
  request: StructuralRequest,
): Structural {
  const found = economy.structural(request);
  if (found === undefined) {
    throw new UsageError(
      `structural: ${economy.id} has no structural form (\`structural\` of its definition: budgets, grids, and how prices follow from a cross-section). Try --env huggett, or a learner from ` +
        'experience such as sac.',
    );
  }
  return found;
}

function newState(structural: Structural, settings: StructuralSettings): LearnerState {
  return firstState(structural, planOf(settings, structural));
}

/** Everything that does not live on the price grid. */
function carryOver(from: LearnerState, to: LearnerState): void {
  to.masses.set(from.masses);
  to.lastShocks.set(from.lastShocks);
  to.population.set(from.population);
  to.terminal.set(from.terminal);
  if (to.carried.length === from.carried.length) to.carried.set(from.carried);
  to.epochs = from.epochs;
  to.change = from.change;
  to.eulerError = from.eulerError;
  to.summary = from.summary;
}

/** Adam starts again from the tables. */
function resetClimb(state: LearnerState): void {
  state.parameters.forEach((values, i) => {
    if (values.length > 0) values.set(state.tables[i]);
  });
}

function cannotBracket(id: string, structural: Structural, settings: StructuralSettings): UsageError {
  const range = structural.request.priceRange;
  const where = range === undefined || range === null ? '' : ` [${range[0]}, ${range[1]}]`;
  const remedy =
    settings.priceGrid === 'fixed'
      ? 'move priceLow and priceHigh, or let it widen with --set priceGrid=widening'
      : 'move priceLow and priceHigh, or look at the calibration: perhaps nobody wants to lend, or to borrow, at any price';
  return new UsageError(
    `${id}: the market does not clear in any period between the ends of the price grid${where}; ${remedy}.`,
  );
}

function report(
  structural: Structural,
  state: LearnerState,
  settings: StructuralSettings,
  learner: Learner | undefined,
): AgentReport {
  const solution = { tables: state.tables, population: state.population };
  const own = structural.report(solution);
  const { objective, meanResidual, maxResidual, unbracketedShare, means, deviations } = state.summary;
  const price = structural.aggregates.indexOf(structural.prices[0]);
  const threads = learner?.threads ?? null;
  const widened = state.widened.length === 2 ? `[${state.widened[0]}, ${state.widened[1]}]` : undefined;
  return {
    json: {
      epochs: state.epochs,
      epochsPerStep: planOf(settings, structural).epochsPerStep,
      objective,
      lastChange: state.change,
      eulerErrorVisited: state.eulerError,
      step: settings.step,
      ...(threads === null ? {} : { threads }),
      clearing: { meanResidual, maxResidual, unbracketedShare },
      prices: { mean: means[price] ?? null, sd: deviations[price] ?? null },
      ...(widened === undefined ? {} : { priceGridWidened: state.widened }),
      ...own.json,
    },
    facts: [
      ['epochs', String(state.epochs)],
      ['change of the last epoch', state.change.toExponential(1)],
      ['Euler error where visited', state.eulerError.toExponential(1)],
      ['objective', objective.toPrecision(8)],
      ...(widened === undefined ? [] : [['price grid widened to', widened] as const]),
      ...(own.facts ?? []),
    ],
    tables: own.tables ?? [],
    charts: own.charts ?? [],
  };
}
