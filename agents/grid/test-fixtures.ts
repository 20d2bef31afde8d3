/** For tests: agents made as a run makes them, without the run. */
import type { Agent } from '../../core/agent.ts';
import type { Economy } from '../../core/registry.ts';
import { createRng } from '../../numerics/random.ts';
import { grid } from './index.ts';
import { gridSettings } from './settings.ts';

/** A new agent for the first type of an economy. */
export function agentOf(economy: Economy, settings: Readonly<Record<string, unknown>> = {}): Agent {
  const [type, { count, observationSpace, actionSpace }] = Object.entries(economy.types)[0];
  return grid.create({
    observationSpace,
    actionSpace,
    rows: count,
    discountFactor: economy.discountFactors[type],
    steps: grid.steps,
    settings: gridSettings.parse(settings),
    rng: createRng(1),
    backend: {
      kind: 'none',
      name: 'none',
      refused: [],
      engine: () => {
        throw new Error('a solver on a grid needs no engine');
      },
    },
    economy,
    type,
  });
}

/** Updates until converged; returns the changes. Throws after `grid.steps`. */
export function solve(agent: Agent): readonly number[] {
  const changes: number[] = [];
  while (agent.converged !== true) {
    if (changes.length === grid.steps) throw new Error(`not converged; last change ${changes.at(-1)}`);
    changes.push(agent.update?.()?.change ?? Number.NaN);
  }
  return changes;
}
