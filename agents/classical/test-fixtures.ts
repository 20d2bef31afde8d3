/** For tests: agents made as a run makes them, without the run. */
import type { Agent } from '../../core/agent.ts';
import type { EconomyState } from '../../core/economy.ts';
import type { Economy } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { classical } from './index.ts';
import { classicalSettings } from './settings.ts';

/** A new agent for the first type of an economy. */
export function agentOf(economy: Economy, settings: Readonly<Record<string, unknown>> = {}): Agent {
  const [type, { count, observationSpace, actionSpace }] = Object.entries(economy.types)[0];
  return classical.create({
    observationSpace,
    actionSpace,
    rows: count,
    discountFactor: economy.discountFactors[type],
    steps: classical.steps,
    settings: classicalSettings.parse(settings),
    rng: createRng(1),
    backend: {
      kind: 'none',
      name: 'none',
      refused: [],
      engine: () => {
        throw new Error('a classical solver needs no engine');
      },
    },
    economy,
    type,
  });
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
