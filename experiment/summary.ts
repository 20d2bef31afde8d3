/** The end of a command: the result as one record for --json, and as text for a reader. */
import type { Backend, Economy, Evaluation, Oracle, OracleDistance } from '../core/index.ts';
import { backendNames } from './pipeline.ts';
import { formatCount, formatNumber, formatSeconds, formatTable } from './table.ts';

/** One line of --json; names as everywhere in this suite. */
export interface RunSummary extends Evaluation {
  readonly [name: string]: unknown;
  readonly command: string;
  readonly env: string;
  readonly version: number;
  readonly preset: string | null;
  readonly agent: string;
  readonly seed: number;
  readonly steps: number;
  /** Wall time of the whole command. */
  readonly seconds: number;
  /** Folder of the run; null for a checkpoint elsewhere. */
  readonly run: string | null;
  /** Whether the solver behind the oracle reached its tolerance; true without one. */
  readonly converged: boolean;
  readonly backend: string;
  readonly kernels: string;
  readonly threads: number;
}

export interface SummaryOptions {
  readonly command: string;
  readonly economy: Economy;
  readonly preset: string | null;
  readonly agent: string;
  readonly seed: number;
  readonly steps: number;
  readonly run: string | null;
  readonly backend: Backend;
  readonly oracle: Oracle | undefined;
  readonly evaluation: Evaluation;
}

export function runSummary(options: SummaryOptions): RunSummary {
  const { command, economy, preset, agent, seed, steps, run, backend, oracle, evaluation } = options;
  return {
    command,
    env: economy.id,
    version: economy.version,
    preset,
    agent,
    seed,
    steps,
    seconds: performance.now() / 1000,
    run,
    converged: oracle?.solution.converged ?? true,
    ...backendNames(backend),
    threads: 1,
    return: evaluation.return,
    returns: evaluation.returns,
    oracle: evaluation.oracle,
  };
}

export interface ReportOptions {
  readonly summary: RunSummary;
  readonly economy: Economy;
  /** Updates a second while training; left out by commands that do not train. */
  readonly updatesPerSecond?: number | undefined;
  /** What a reader may want to type next. */
  readonly next: readonly string[];
}

/** The final table of a run. */
export function runReport({ summary, economy, updatesPerSecond, next }: ReportOptions): string {
  const { agent, env, seed, steps, seconds, oracle, run, backend, kernels } = summary;
  const engine = backend === 'kernels' ? kernels : backend;
  const facts = [
    ['steps', formatCount(steps)],
    ...(updatesPerSecond === undefined ? [] : [['updates per second', formatCount(updatesPerSecond)]]),
    ['seconds in all', `${seconds.toFixed(1)} (${engine})`],
    ...(run === null ? [] : [['run', run]]),
    ...next.map((text, i) => [i === 0 ? 'next' : '', text]),
  ];
  const title = `${agent} on ${env}, seed ${seed}: ${economy.title}`;
  const results =
    oracle === null
      ? formatTable([['episode return, undiscounted', formatNumber(summary.return, 5)]])
      : distanceTable(summary.return, oracle);
  return `\n${title}\n\n${results}\n\n${formatTable(facts, { align: ['left', 'left'] })}\n`;
}

function distanceTable(meanReturn: number, oracle: OracleDistance): string {
  const { policyGap, policyGaps, constantGap, correlations, welfareLossPercent, eulerError, method } = oracle;
  const coordinates = Object.entries(policyGaps);
  const several = coordinates.length > 1;
  const rows = [
    ['episode return, undiscounted', formatNumber(meanReturn, 6), formatNumber(oracle.return, 6), ''],
    ['policy gap', formatNumber(policyGap), '0', formatNumber(constantGap)],
    ...(several ? coordinates.map(([name, gap]) => [`  ${name}`, formatNumber(gap), '0', '']) : []),
    ...Object.entries(correlations).map(([name, value]) => [
      several ? `correlation, ${name}` : 'correlation',
      formatNumber(value),
      value === null ? '' : '1',
      '',
    ]),
    ['welfare loss, % of consumption', formatNumber(welfareLossPercent, 3), '0', ''],
    ...(eulerError === null
      ? []
      : [
          ['Euler error, mean, log10', eulerError.mean.toFixed(2), '', ''],
          ['Euler error, max, log10', eulerError.max.toFixed(2), '', ''],
        ]),
  ];
  const table = formatTable(rows, { header: ['', 'learned', 'optimal', 'best constant'] });
  return `${table}\n\nOptimal: ${method}. The policy gap is the mean distance of actions to the optimal ones; "best constant" ignores the state.`;
}

/** One sentence on the speed of a run. */
export function speedText(steps: number, seconds: number): string {
  return `${formatCount(steps)} steps in ${formatSeconds(seconds)}`;
}
