/** Policies that nobody had to learn, as actors. */
import {
  constantAgent,
  type Economy,
  type Oracle,
  oracleAgents,
  randomAgent,
  Simulation,
  statePolicy,
  UsageError,
} from '../../core/index.ts';
import { remedy } from '../../core/suggest.ts';
import { createRng } from '../../numerics/random.ts';
import { median } from '../../numerics/statistics.ts';
import type { Actors } from './actors.ts';

export interface BaselineOptions {
  readonly baseline: 'oracle' | 'constant' | 'random';
  readonly economy: Economy;
  readonly oracle: Oracle | undefined;
  /** Of random actions. */
  readonly seed: number;
  /** Quantities of `constant` by action, `name` or `type.name`. Default: the best constant. */
  readonly constants?: Readonly<Record<string, number>>;
  /** What to do where the baseline needs an oracle and there is none, in the words of who asks. */
  readonly remedy?: string;
}

const REMEDY = 'give constants for all its actions, or take random actions';

/**
 * `oracle` is the optimum. `constant` does the same in every state: what `constants` says, else the best constant. `random` draws
 * uniformly from the action space; its deterministic action is the middle of that. Throws a UsageError with the remedy where an oracle is
 * needed and there is none, and what `constantQuantities` throws.
 */
export function baselineActors(options: BaselineOptions): Actors {
  const { baseline, economy, oracle, seed } = options;
  const types = Object.entries(economy.types);
  if (baseline === 'oracle') {
    if (oracle === undefined)
      throw new UsageError(`${economy.id} has no oracle; ${options.remedy ?? REMEDY}.`);
    return { agents: oracleAgents(economy, oracle) };
  }
  if (baseline === 'random') {
    const rng = createRng(seed).split('baseline');
    return {
      actions: 'drawn',
      agents: Object.fromEntries(
        types.map(([type, { actionSpace }]) => [type, randomAgent({ actionSpace, rng: rng.split(type) })]),
      ),
    };
  }
  const quantities = constantQuantities(options);
  return {
    agents: Object.fromEntries(
      types.map(([type, { actionSpace }]) => [
        type,
        constantAgent({ actionSpace, quantities: quantities[type] }),
      ]),
    ),
  };
}

/**
 * By type, what `constant` does, one quantity for each action: what `constants` says, else the median of the optimal quantities over the
 * oracle's evaluation states and the agents of the type, the best of those that ignore the state by the mean absolute gap. Throws a
 * UsageError for constants that are no actions or out of range, and for an action without one where there is no oracle.
 */
export function constantQuantities(
  options: Omit<BaselineOptions, 'baseline' | 'seed'>,
): Readonly<Record<string, readonly number[]>> {
  const { economy, oracle, constants = {}, remedy: instead = REMEDY } = options;
  const types = Object.entries(economy.types);
  const nameOf = (type: string, name: string) => (types.length > 1 ? `${type}.${name}` : name);
  const known = types.flatMap(([type, { actionSpace }]) =>
    actionSpace.names.map((name) => nameOf(type, name)),
  );
  const unknown = Object.keys(constants).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${economy.id}: there is no action "${unknown}". ${remedy(unknown, known)}`);
  }
  const missing = known.filter((name) => !Object.hasOwn(constants, name));
  if (oracle === undefined && missing.length > 0) {
    throw new UsageError(
      `${economy.id} has no oracle, so that no best constant is known for ${missing.join(', ')}; ${instead}.`,
    );
  }
  const optimal = oracle && missing.length > 0 ? optimalQuantities(economy, oracle) : {};
  return Object.fromEntries(
    types.map(([type, { actionSpace }]) => [
      type,
      actionSpace.names.map((name, j) => {
        const given = constants[nameOf(type, name)];
        if (given === undefined) return median(optimal[type].filter((_, i) => i % actionSpace.size === j));
        const [low, high] = [actionSpace.quantityLow[j], actionSpace.quantityHigh[j]];
        if (given >= low && given <= high) return given;
        throw new UsageError(`${economy.id}: "${name}" is ${given}; it lies in [${low}, ${high}].`);
      }),
    ]),
  );
}

function optimalQuantities(economy: Economy, oracle: Oracle) {
  return statePolicy({
    agents: oracleAgents(economy, oracle),
    makeBatch: (batch) => new Simulation(economy, batch),
  })(oracle.evaluationStates);
}
