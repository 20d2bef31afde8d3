import type { AgentReport, Metrics, Saved } from '../../core/agent.ts';
import type { SamplePolicy } from '../../solvers/sample-policy.ts';

/** A classical solution in the making. */
export interface ClassicalSolver {
  /** One iteration. */
  iterate(): Metrics;
  readonly converged: boolean;
  /** What households do as far as it is known. Throws an OrderError before the first iteration. */
  policy(): SamplePolicy;
  report(): AgentReport;
  save(): Saved;
  /** Throws a RestoreError for what `save` does not give. */
  load(saved: Saved): void;
}
