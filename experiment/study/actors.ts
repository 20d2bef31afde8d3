/** Whose behaviour is studied: agents, and the batches that they act in. */
import {
  type Agents,
  type BatchFactory,
  type Economy,
  type Oracle,
  oracleAgents,
  type Saved,
  Simulation,
} from '../../core/index.ts';

export interface Actors {
  /** One agent for each type: learned, optimal, constant, random. */
  readonly agents: Agents;
  /** Batches with the wrappers that the agents were trained with. Default: the bare economy. */
  readonly makeBatch?: BatchFactory;
  /** `drawn` takes actions as an agent that explores does. Default `deterministic`. */
  readonly actions?: 'deterministic' | 'drawn';
}

/** The optimal policy at work. */
export function optimalActors(economy: Economy, oracle: Oracle): Actors {
  return { agents: oracleAgents(economy, oracle) };
}

export function batchFactory(economy: Economy, { makeBatch }: Actors): BatchFactory {
  return makeBatch ?? ((options) => new Simulation(economy, options));
}

/**
 * Work after which the agents are as they were before. Invariant: agents that draw make the same draws in every such work, so that two
 * simulations can be told apart by what was changed in them alone.
 */
export function untouched<T>({ agents, actions }: Actors, work: () => T): T {
  if (actions !== 'drawn') return work();
  const before = Object.entries(agents).map(([type, agent]): [string, Saved] => [
    type,
    structuredClone(agent.save()),
  ]);
  try {
    return work();
  } finally {
    for (const [type, saved] of before) agents[type].load(saved);
  }
}
