/** For tests: agents made as a run makes them, without the run. */
import type { Agent } from '../../core/agent.ts';
import type { EconomyState } from '../../core/economy.ts';
import type { Economy } from '../../core/registry.ts';
import { solverOf } from '../../core/testing/solvers.ts';
import { createRng } from '../../numerics/random.ts';
import { classical } from './index.ts';

/** A new agent for the first type of an economy. */
export function agentOf(economy: Economy, settings: Readonly<Record<string, unknown>> = {}): Agent {
  return solverOf(classical, economy, settings);
}

/** Updates until converged; returns how many. Throws after `classical.steps`. */
export function solve(agent: Agent): number {
  for (let updates = 0; updates < classical.steps; updates++) {
    if (agent.converged === true) return updates;
    agent.update?.();
  }
  throw new Error('not converged');
}

/** Consumption shares that an agent chooses for the households of states, [states * n]. */
export function shares(agent: Agent, economy: Economy, states: readonly EconomyState[]): Float64Array {
  const { count, actionSpace } = Object.values(economy.types)[0];
  const { low, high, quantityLow, quantityHigh } = actionSpace;
  const actions = new Float64Array(states.length * count);
  agent.act({ rows: actions.length, observations: new Float32Array(), states }, actions, {
    deterministic: true,
  });
  return actions.map(
    (x) => quantityLow[0] + ((x - low[0]) / (high[0] - low[0])) * (quantityHigh[0] - quantityLow[0]),
  );
}

/** What a reset with that seed draws. */
export function firstState(economy: Economy, seed: number): EconomyState {
  const { definition, model } = economy;
  return definition.init({ model, rng: createRng(seed), options: {} });
}
