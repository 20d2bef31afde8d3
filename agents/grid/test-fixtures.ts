/** For tests: agents made as a run makes them, without the run. */
import type { Agent } from '../../core/agent.ts';
import type { Economy } from '../../core/registry.ts';
import { solverOf } from '../../core/testing/solvers.ts';
import { grid } from './index.ts';

/** A new agent for the first type of an economy. */
export function agentOf(economy: Economy, settings: Readonly<Record<string, unknown>> = {}): Agent {
  return solverOf(grid, economy, settings);
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
