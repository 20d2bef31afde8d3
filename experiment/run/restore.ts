/** A checkpoint put back into the pipeline it was taken from. */
import { RestoreError } from '../../core/errors.ts';
import { loadStatistics } from '../../core/index.ts';
import type { RunningMomentsState } from '../../numerics/statistics.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Agents and observation statistics as they were: enough to act. Throws a RestoreError if agent types or statistics differ, or an
 * agent does not load what was saved.
 */
export function restoreAgents({ agents, statistics }: Pipeline, checkpoint: Checkpoint): void {
  const [expected, found] = [agents, checkpoint.agents].map((record) => Object.keys(record).join(', '));
  if (expected !== found)
    throw new RestoreError(`the checkpoint has agents of types ${found}; expected ${expected}.`);
  for (const [type, agent] of Object.entries(agents)) {
    try {
      agent.load(checkpoint.agents[type]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RestoreError(`the agent of type ${type} cannot be restored: ${reason}`);
    }
  }
  if (statistics === undefined) return;
  if (checkpoint.statistics === null)
    throw new RestoreError('the checkpoint has no observation statistics, which its settings ask for.');
  loadStatistics(statistics, checkpoint.statistics as Readonly<Record<string, RunningMomentsState>>);
}

/**
 * Agents, statistics and environment as they were; the agents' memories come back with the recorder. Invariant: training then goes on
 * as if it had not stopped, bit for bit.
 */
export function restoreRun(pipeline: Pipeline, checkpoint: Checkpoint): void {
  restoreAgents(pipeline, checkpoint);
  pipeline.env.load(checkpoint.env);
}
