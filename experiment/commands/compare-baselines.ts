/** Policies that nobody had to learn, evaluated as runs are: the yardsticks of a comparison. */
import {
  type Agent,
  type Agents,
  type Economy,
  evaluate,
  type Oracle,
  policyMonitor,
  Simulation,
} from '../../core/index.ts';
import { median } from '../../numerics/statistics.ts';
import type { BASELINES } from '../cli/options.ts';
import { environmentSeed, validationSeed } from '../run/pipeline.ts';
import { baselineActors } from '../study/baselines.ts';
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
 * A baseline's results, one for each seed, in the form and on the evaluation episodes of a run of that seed. The policies are those of
 * `baselineActors`. Throws a UsageError if the baseline needs an oracle and there is none.
 */
export function baselineResults(options: BaselineOptions): readonly RunResult[] {
  const { baseline, economy, oracle, seeds } = options;
  return seeds.map((seed) => {
    const evaluation = evaluate({
      economy,
      agents: agentsOf(options, seed),
      oracle,
      seed: environmentSeed(seed, 'evaluation'),
    });
    return { seed, agent: baseline, env: economy.id, ...evaluation };
  });
}

function agentsOf({ baseline, economy, oracle }: BaselineOptions, seed: number): Agents {
  const remedy = `--baseline ${baseline} needs one, --baseline random none`;
  const { agents, actions } = baselineActors({ baseline, economy, oracle, seed, remedy });
  return actions === 'drawn'
    ? Object.fromEntries(Object.entries(agents).map(([type, agent]) => [type, drawing(agent)]))
    : agents;
}

/** Evaluations ask for deterministic actions; that of a random agent is the middle of the space, which is not what is meant here. */
function drawing(agent: Agent): Agent {
  return { ...agent, act: (input, actions) => agent.act(input, actions, { deterministic: false }) };
}

/**
 * A baseline's mean return on the episodes by which every run is watched, in the median over seeds where it draws its actions: the height
 * that learning curves can be held against. The final return is of other episodes, whose luck differs.
 */
export function monitoredReturns(options: BaselineOptions): number {
  const { economy, oracle, seeds } = options;
  const returns = seeds.map((seed) =>
    policyMonitor({
      economy,
      agents: agentsOf(options, seed),
      makeBatch: (batch) => new Simulation(economy, batch),
      oracle,
      seed: validationSeed(),
    }).return(),
  );
  return median(returns);
}
