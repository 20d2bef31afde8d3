/** The end of a command: the result as one record for --json, and as text for a reader. */
import type { Backend, Economy, Evaluation, Oracle, OracleDistance } from '../../core/index.ts';
import { formatCount, formatNumber, formatTable } from '../cli/table.ts';
import { backendNames } from '../run/pipeline.ts';
import { agentCount } from '../study/cross-section.ts';

/** One line of --json; names as everywhere in this suite. */
export interface RunSummary extends Evaluation {
  readonly [name: string]: unknown;
  readonly command: string;
  readonly env: string;
  readonly version: number;
  readonly preset: string | null;
  /** Changes to the settings of economy and agent, as given. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly agent: string;
  /** Agents of all types in one copy of the economy. */
  readonly agents: number;
  readonly seed: number;
  readonly steps: number;
  /** Wall time of the whole command. */
  readonly seconds: number;
  /** Folder of the run; null for a checkpoint elsewhere. */
  readonly run: string | null;
  /** Whether every solver reached its tolerance: the agent, if it is one, and the one behind the oracle. */
  readonly converged: boolean;
  /** How far that solver came; null without one. */
  readonly solver: Readonly<Pick<Oracle['solution'], 'iterations' | 'residual'>> | null;
  readonly backend: string;
  readonly kernels: string;
  readonly threads: number;
}

export interface SummaryOptions {
  readonly command: string;
  readonly economy: Economy;
  readonly preset: string | null;
  readonly set: Readonly<Record<string, unknown>>;
  readonly agent: string;
  readonly seed: number;
  readonly steps: number;
  readonly run: string | null;
  readonly backend: Backend;
  readonly oracle: Oracle | undefined;
  readonly evaluation: Evaluation;
  /** Whether agents that are solvers have reached their tolerance; left out: there are none. */
  readonly solved?: boolean;
}

export function runSummary(options: SummaryOptions): RunSummary {
  const {
    command,
    economy,
    preset,
    set,
    agent,
    seed,
    steps,
    run,
    backend,
    oracle,
    evaluation,
    solved = true,
  } = options;
  const solution = oracle?.solution;
  return {
    command,
    env: economy.id,
    version: economy.version,
    preset,
    set,
    agent,
    agents: agentCount(economy),
    seed,
    steps,
    seconds: performance.now() / 1000,
    run,
    converged: solved && (solution?.converged ?? true),
    solver: solution === undefined ? null : { iterations: solution.iterations, residual: solution.residual },
    ...backendNames(backend),
    threads: 1,
    return: evaluation.return,
    returns: evaluation.returns,
    oracle: evaluation.oracle,
  };
}

/** What a reader must know of an oracle whose solver has not converged; undefined if it has, or there is none. */
export function solverWarning(oracle: Oracle | undefined): string | undefined {
  if (oracle === undefined || oracle.solution.converged) return undefined;
  const { iterations, residual } = oracle.solution;
  return (
    `the oracle (${oracle.method}) has not converged: residual ${formatNumber(residual)} after ` +
    `${formatCount(iterations)} iterations; distances to it may mislead.`
  );
}

/** `name=value` for each change, as one types them after --set. */
export function changesText(set: Readonly<Record<string, unknown>>): string {
  return Object.entries(set)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

export interface ReportOptions {
  readonly summary: RunSummary;
  readonly economy: Economy;
  readonly oracle: Oracle | undefined;
  /** Seed of the training, where the summary's is that of a later evaluation. */
  readonly trainedSeed?: number | undefined;
  /** Updates a second while training; left out by commands that do not train. */
  readonly updatesPerSecond?: number | undefined;
  /** What the agents say of their solutions. */
  readonly facts?: readonly (readonly [label: string, text: string])[] | undefined;
  /** The page of the run, if it has one. */
  readonly report?: string | null | undefined;
  /** What a reader may want to type next. */
  readonly next: readonly string[];
}

/** The final table of a run. */
export function runReport(options: ReportOptions): string {
  const { summary, economy, trainedSeed, updatesPerSecond, report, next } = options;
  const { agent, env, set, seed, steps, seconds, run, backend, kernels } = summary;
  const engine = backend === 'kernels' ? kernels : backend;
  const changes = changesText(set);
  const facts = [
    ...(changes === '' ? [] : [['set', changes]]),
    ['steps', formatCount(steps)],
    ...(options.facts ?? []),
    ...(updatesPerSecond === undefined ? [] : [['updates per second', rateText(updatesPerSecond)]]),
    ['seconds in all', `${seconds.toFixed(1)} (${engine})`],
    ...(run === null ? [] : [['run', run]]),
    ...(report === undefined || report === null ? [] : [['report', report]]),
    ...next.map((text, i) => [i === 0 ? 'next' : '', text]),
  ];
  const seeds =
    trainedSeed === undefined
      ? `seed ${seed}`
      : `trained with seed ${trainedSeed}, evaluated with seed ${seed}`;
  const title = `${agent} on ${env}, ${seeds}: ${economy.title}`;
  return `\n${title}\n\n${resultsText(runResults(options))}\n\n${formatTable(facts, { align: ['left', 'left'] })}\n`;
}

/** Solvers may take seconds an update. */
export function rateText(perSecond: number): string {
  return perSecond < 10 ? formatNumber(perSecond, 2) : formatCount(perSecond);
}

/** The final table as data: what the text of a command and the page of a run both show. */
export interface Results {
  /** One name for each column, the first of them empty. */
  readonly header: readonly string[];
  /** A label and values; rows may be shorter than the header, and parts of the row above them begin with two spaces. */
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know before believing the numbers. */
  readonly warnings: readonly string[];
  /** How to read them. */
  readonly notes: readonly string[];
}

/**
 * The final numbers of a run beside those of the optimum, where the economy has an oracle. Invariant: every number of `runReport`'s
 * table is in `rows`, as the same text.
 */
export function runResults({
  summary,
  economy,
  oracle,
}: Pick<ReportOptions, 'summary' | 'economy' | 'oracle'>): Results {
  const { return: meanReturn, returns, oracle: distance } = summary;
  const label = `episode return, ${formatCount(economy.horizon)} periods, undiscounted`;
  const byType = Object.entries(returns).map(([type, value]) => [`  ${type}`, formatNumber(value, 6)]);
  const typeRows = byType.length > 1 ? byType : [];
  if (distance === null) {
    const rows = [[label, formatNumber(meanReturn, 6)], ...typeRows];
    return { header: ['', summary.agent], rows, warnings: [], notes: [] };
  }
  const isSeveral = Object.keys(distance.policyGaps).length > 1;
  const gap = isSeveral
    ? 'The policy gap is the largest over actions of the mean distance to the optimal ones'
    : 'The policy gap is the mean distance of actions to the optimal ones';
  const warning = solverWarning(oracle);
  return {
    header: ['', summary.agent, 'optimal', 'best constant'],
    rows: [
      [label, formatNumber(meanReturn, 6), formatNumber(distance.return, 6)],
      ...typeRows,
      ...distanceRows(distance),
    ],
    warnings: warning === undefined ? [] : [warning],
    notes: [
      `Optimal: ${distance.method}. ${gap}; "best constant" ignores the state.`,
      'The return counts late rewards in full and stops at the last period: it is no measure of optimality, and a learner may beat it.',
    ],
  };
}

/** A column alone needs no name. */
function resultsText({ header, rows, warnings, notes }: Results): string {
  const table = header.length > 2 ? formatTable(rows, { header }) : formatTable(rows);
  const lines = [...warnings.map((text) => `WARNING: ${text}`), ...notes];
  return lines.length === 0 ? table : `${table}\n\n${lines.join('\n')}`;
}

function distanceRows(distance: OracleDistance): readonly (readonly string[])[] {
  const { policyGap, policyGaps, constantGap, correlations, welfareLossPercent, eulerError } = distance;
  const coordinates = Object.entries(policyGaps);
  const isSeveral = coordinates.length > 1;
  return [
    ['policy gap', formatNumber(policyGap), '0', formatNumber(constantGap)],
    ...(isSeveral ? coordinates.map(([name, gap]) => [`  ${name}`, formatNumber(gap), '0']) : []),
    ...Object.entries(correlations).map(([name, value]) => [
      isSeveral ? `correlation, ${name}` : 'correlation',
      formatNumber(value),
      value === null ? '' : '1',
    ]),
    ['welfare loss, % of consumption', formatNumber(welfareLossPercent, 3), '0'],
    ...(eulerError === null
      ? []
      : [
          ['Euler error, mean, log10', eulerError.mean.toFixed(2)],
          ['Euler error, max, log10', eulerError.max.toFixed(2)],
        ]),
  ];
}
