/** Policies that nobody had to learn, evaluated as runs are: the yardsticks of a comparison. */
import { UsageError } from '../../core/errors.ts';
import {
  type Agents,
  constantAgent,
  type Economy,
  evaluate,
  type Oracle,
  oracleAgents,
  policyMonitor,
  randomAgent,
  Simulation,
  statePolicy,
} from '../../core/index.ts';
import { createRng } from '../../numerics/random.ts';
import { median } from '../../numerics/statistics.ts';
import type { BASELINES } from '../cli/options.ts';
import { environmentSeed, validationSeed } from '../run/pipeline.ts';
import type { RunResult } from './seeds-summary.ts';

export type Baseline = (typeof BASELINES)[number];

export interface BaselineOptions {
  readonly baseline: Baseline;
  readonly economy: Economy;
  readonly oracle: Oracle | undefined;
  /** Of the runs that it is held against. */
  readonly seeds: readonly number[];
}

/**
 * A baseline's results, one for each seed, in the form and on the evaluation episodes of a run of that seed. `random` draws its actions
 * uniformly; `constant` does in every state what the oracle does at the median of its evaluation states, each action by itself, the best
 * that ignores the state. Throws a UsageError if the baseline needs an oracle and there is none.
 */
export function baselineResults(options: BaselineOptions): readonly RunResult[] {
  const { baseline, economy, oracle, seeds } = options;
  if (baseline !== 'random' && oracle === undefined) {
    throw new UsageError(
      `--baseline ${baseline}: ${economy.id} has no oracle to take it from; --baseline random needs none.`,
    );
  }
  return seeds.map((seed) => {
    const evaluation = evaluate({
      economy,
      agents: agentsOf(baseline, economy, { oracle, seed }),
      oracle,
      seed: environmentSeed(seed, 'evaluation'),
    });
    return { seed, agent: baseline, env: economy.id, ...evaluation };
  });
}

function agentsOf(
  baseline: Baseline,
  economy: Economy,
  { oracle, seed }: { readonly oracle: Oracle | undefined; readonly seed: number },
): Agents {
  if (oracle !== undefined && baseline === 'oracle') return oracleAgents(economy, oracle);
  const constants =
    oracle !== undefined && baseline === 'constant' ? medianQuantities(economy, oracle) : undefined;
  const rng = createRng(seed).split('baseline');
  return Object.fromEntries(
    Object.entries(economy.types).map(([type, { actionSpace }]) => {
      if (constants !== undefined) return [type, constantAgent({ actionSpace, quantities: constants[type] })];
      const agent = randomAgent({ actionSpace, rng: rng.split(type) });
      // Its deterministic action is the middle of the space, which is not what is meant here.
      return [
        type,
        { ...agent, act: (input, actions) => agent.act(input, actions, { deterministic: false }) },
      ];
    }),
  );
}

/** By type, for each action the median of the optimal quantities over evaluation states and agents. */
function medianQuantities(economy: Economy, oracle: Oracle): Readonly<Record<string, readonly number[]>> {
  const optimal = statePolicy({
    agents: oracleAgents(economy, oracle),
    makeBatch: (options) => new Simulation(economy, options),
  })(oracle.evaluationStates);
  return Object.fromEntries(
    Object.entries(economy.types).map(([type, { actionSpace }]) => [
      type,
      actionSpace.names.map((_, j) => median(optimal[type].filter((_, i) => i % actionSpace.size === j))),
    ]),
  );
}

/**
 * A baseline's mean return on the episodes by which every run is watched, in the median over seeds where it draws its actions: the height
 * that learning curves can be held against. The final return is of other episodes, whose luck differs.
 */
export function monitoredReturns(options: BaselineOptions): number {
  const { baseline, economy, oracle, seeds } = options;
  const returns = seeds.map((seed) =>
    policyMonitor({
      economy,
      agents: agentsOf(baseline, economy, { oracle, seed }),
      makeBatch: (batch) => new Simulation(economy, batch),
      oracle,
      seed: validationSeed(),
    }).return(),
  );
  return median(returns);
}
