/** What agents say of their solutions, put together over agent types. */
import type { AgentReport, Agents } from '../../core/index.ts';

/** The reports of the agents that give one, by type. */
export type AgentReports = Readonly<Record<string, AgentReport>>;

export function agentReports(agents: Agents): AgentReports {
  return Object.fromEntries(
    Object.entries(agents).flatMap(([type, agent]) => {
      const report = agent.report?.();
      return report === undefined ? [] : [[type, report]];
    }),
  );
}

/** Whether no solver among the agents has stopped short of its tolerance. */
export function isSolved(agents: Agents): boolean {
  return Object.values(agents).every(({ converged }) => converged !== false);
}

/** Whether every agent is a solver, with a tolerance to reach. */
export function isSolver(agents: Agents): boolean {
  return Object.values(agents).every(({ converged }) => converged !== undefined);
}

/**
 * A summary with the agents' blocks; what they add to `oracle` stands beside the distances that every run has.
 */
export function withBlocks<T extends { readonly oracle: object | null }>(
  summary: T,
  blocks: Readonly<Record<string, unknown>>,
): T {
  const { oracle, ...others } = blocks;
  const added =
    typeof oracle === 'object' && oracle !== null ? { ...summary.oracle, ...oracle } : summary.oracle;
  return { ...summary, ...others, oracle: added };
}

/** Blocks for the JSON of a command; with several types, by type under `reports`. */
export function reportedBlocks(reports: AgentReports): Readonly<Record<string, unknown>> {
  const all = Object.values(reports);
  if (all.length === 1) return all[0].json;
  if (all.length === 0) return {};
  return { reports: Object.fromEntries(Object.entries(reports).map(([type, { json }]) => [type, json])) };
}

/** Rows for the final table; with several types, labelled by them. */
export function reportedFacts(reports: AgentReports): readonly (readonly [label: string, text: string])[] {
  const types = Object.entries(reports);
  return types.flatMap(([type, { facts = [] }]) =>
    types.length === 1
      ? facts
      : facts.map(([label, text]): readonly [string, string] => [`${type}: ${label}`, text]),
  );
}
