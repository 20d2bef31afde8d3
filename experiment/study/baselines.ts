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
  /** Quantities of `constant` by action, `name` or `type.name`. */
  readonly constants?: Readonly<Record<string, number>>;
}

/**
 * `oracle` is the optimum. `constant` does the same in every state: what `constants` says, else the median of the optimal quantities over
 * the oracle's evaluation states (the best that ignores the state), else, without an oracle, the middle of the range. `random` draws
 * uniformly from the action space. Throws a UsageError for the oracle of an economy that has none, and for constants that are no actions
 * or out of range.
 */
export function baselineActors(options: BaselineOptions): Actors {
  const { baseline, economy, oracle, seed } = options;
  const types = Object.entries(economy.types);
  if (baseline === 'oracle') {
    if (oracle === undefined) {
      throw new UsageError(
        `${economy.id} has no oracle; simulate a learned agent (--run), or --agent constant or random.`,
      );
    }
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

function constantQuantities({
  economy,
  oracle,
  constants = {},
}: BaselineOptions): Readonly<Record<string, readonly number[]>> {
  const types = Object.entries(economy.types);
  const optimal =
    oracle === undefined
      ? undefined
      : statePolicy({
          agents: oracleAgents(economy, oracle),
          makeBatch: (batch) => new Simulation(economy, batch),
        })(oracle.evaluationStates);
  const nameOf = (type: string, name: string) => (types.length > 1 ? `${type}.${name}` : name);
  const known = types.flatMap(([type, { actionSpace }]) =>
    actionSpace.names.map((name) => nameOf(type, name)),
  );
  const unknown = Object.keys(constants).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${economy.id}: there is no action "${unknown}". ${remedy(unknown, known)}`);
  }
  return Object.fromEntries(
    types.map(([type, { actionSpace }]) => [
      type,
      actionSpace.names.map((name, j) => {
        const [low, high] = [actionSpace.quantityLow[j], actionSpace.quantityHigh[j]];
        const given = constants[nameOf(type, name)];
        if (given === undefined) {
          return optimal === undefined
            ? (low + high) / 2
            : median(optimal[type].filter((_, i) => i % actionSpace.size === j));
        }
        if (given >= low && given <= high) return given;
        throw new UsageError(`${economy.id}: "${name}" is ${given}; it lies in [${low}, ${high}].`);
      }),
    ]),
  );
}
