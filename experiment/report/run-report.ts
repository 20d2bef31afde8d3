/** The page of one run, from what a run knows when it ends. */
import type { AnyMethod, Chart, CommonSettings, Economy, Oracle, Table } from '../../core/index.ts';
import type { SettingsByOwner } from '../cli/settings.ts';
import { formatCount, formatNumber } from '../cli/table.ts';
import { typedCommand } from '../cli/typed.ts';
import { changesText, type RunSummary, rateText, runResults } from '../commands/summary.ts';
import { type CommandLine, type Fact, type FileNote, type Report, reportPage } from './page.ts';
import { dataTables, figureSections, settingsSections, versionsText } from './parts.ts';

/** A chart and its drawing. */
export interface ReportFigure {
  readonly chart: Chart;
  readonly svg: string;
  /** The same drawn for a narrow screen. */
  readonly narrow?: string | undefined;
  readonly section: 'learning' | 'policy' | 'solution' | 'economy';
}

/** What the pages of a run and of several seeds are both told. */
export interface CommonReportOptions {
  readonly economy: Economy;
  readonly method: AnyMethod;
  /** As the run used them, defaults filled in. */
  readonly settings: CommonSettings;
  /** Changes by the user. */
  readonly set: SettingsByOwner;
  /** In the order in which they are shown, by section. */
  readonly figures: readonly ReportFigure[];
  /** Written to `tables/<name>.csv`. */
  readonly tables: readonly Table[];
  readonly warnings: readonly string[];
  /** As a reader types it. */
  readonly folder: string;
  /** Repeats it, as typed. */
  readonly command: string;
  /** What a reader may want to type next; default: evaluate the run again on fresh episodes. */
  readonly next?: readonly CommandLine[] | undefined;
  readonly commit: string | null;
  /** By name: `{ package: '0.1.0', node: 'v20.19.0' }`. */
  readonly versions: Readonly<Record<string, string | number | null>>;
  /** What lies in the folder beside plots and tables; default: the files that every run writes. */
  readonly files?: readonly FileNote[] | undefined;
}

export interface RunReportOptions extends CommonReportOptions {
  readonly summary: RunSummary;
  readonly oracle: Oracle | undefined;
  /** Updates a second while training; left out where it is not known. */
  readonly updatesPerSecond?: number | undefined;
  /** What the agents say of their solutions. */
  readonly solution?: readonly (readonly [label: string, text: string])[] | undefined;
}

/** The page of one run as text; see `reportPage` for what it throws. Invariant: its table has the numbers of `runReport`. */
export function runReportPage(options: RunReportOptions): string {
  return reportPage(runPageData(options));
}

/** All that the page of a run says. */
export function runPageData(options: RunReportOptions): Report {
  const { summary, economy, oracle, figures, tables, folder, command, versions, commit } = options;
  const { agent, env, seed, steps } = summary;
  const { rows, header, warnings, notes } = runResults(options);
  return {
    title: `${agent} on ${env}, seed ${seed}`,
    subtitle: economy.title,
    byline: [`${formatCount(steps)} steps`, ...bylineOf(options)],
    warnings: [...new Set([...warnings, ...options.warnings])],
    results: { caption: resultsCaption(summary), header, rows, notes },
    facts: runFacts(options),
    commands: [
      { text: command, meaning: 'The same run again' },
      ...(options.next ?? [
        {
          text: `${typedCommand('train/eval.ts')} --run ${folder}`,
          meaning: 'The policy on fresh episodes, from its last checkpoint',
        },
      ]),
    ],
    figures: figureSections(figures),
    settings: settingsSections({ ...options, preset: summary.preset }),
    tables: dataTables(tables),
    files: options.files ?? runFiles(oracle),
    footer: `Written by equilibrium-gym: ${versionsText(versions, commit)}. This page loads nothing from elsewhere.`,
  };
}

function bylineOf({ summary, settings }: RunReportOptions): readonly string[] {
  const changes = changesText(summary.set);
  return [
    ...copiesText(settings),
    ...(summary.preset === null ? [] : [`size ${summary.preset}`]),
    ...(changes === '' ? [] : [`with ${changes}`]),
  ];
}

function resultsCaption({ oracle }: RunSummary): string {
  return oracle === null
    ? 'What the agents earn'
    : 'What was found, beside the optimum and the best policy that ignores the state';
}

function runFacts(options: RunReportOptions): readonly Fact[] {
  const { summary, economy, oracle, method, settings, updatesPerSecond, folder, versions, commit } = options;
  const { env, version, seed, steps, seconds, preset, set, backend, kernels, threads } = summary;
  const changes = changesText(set);
  const arithmetic = backend === 'kernels' ? kernels : backend;
  const speed = updatesPerSecond === undefined ? '' : `${rateText(updatesPerSecond)} updates per second, `;
  return [
    {
      name: 'Economy',
      value: `${env}, version ${version}; episodes of ${formatCount(economy.horizon)} periods${trainingEpisodes(settings)}`,
    },
    { name: 'Agents', value: `${method.name}: ${method.title}` },
    { name: 'Seed', value: String(seed) },
    {
      name: 'Steps',
      value: [formatCount(steps), ...copiesText(settings)].join(', of '),
    },
    ...(options.solution ?? []).map(([name, value]) => ({
      name: name.charAt(0).toUpperCase() + name.slice(1),
      value,
    })),
    ...(preset === null ? [] : [{ name: 'Size', value: preset }]),
    { name: 'Changed with --set', value: changes === '' ? 'nothing' : changes },
    { name: 'Optimum', value: oracle === undefined ? 'not known' : oracleText(oracle) },
    { name: 'Arithmetic', value: `${arithmetic}, ${threads === 1 ? 'one thread' : `${threads} threads`}` },
    { name: 'Time', value: `${speed}${seconds.toFixed(1)} s in all` },
    { name: 'Versions', value: versionsText(versions, commit) },
    { name: 'Folder', value: folder },
  ];
}

/** Of methods that step the economy. */
function copiesText({ copies }: CommonSettings): readonly string[] {
  return copies === undefined ? [] : [`${formatCount(copies)} copies of the economy`];
}

/** Where training cuts episodes otherwise. */
function trainingEpisodes({ episodeLength = 0 }: CommonSettings): string {
  return episodeLength === 0 ? '' : `, in training ${formatCount(episodeLength)}`;
}

function oracleText({ method, solution }: Oracle): string {
  const { converged, iterations, residual } = solution;
  if (iterations === 0 && converged) return method;
  const state = converged ? 'converged in' : 'not converged after';
  return `${method}; ${state} ${formatCount(iterations)} iterations, last change ${formatNumber(residual, 2)}`;
}

/** What every run writes beside plots and tables. */
function runFiles(oracle: Oracle | undefined): readonly FileNote[] {
  return [
    { path: 'config.json', meaning: 'all that decided the run, in full precision' },
    { path: 'result.json', meaning: 'the final numbers' },
    { path: 'metrics.jsonl', meaning: 'what was measured on the way, one record a line' },
    { path: 'tensorboard', meaning: 'the same for TensorBoard: tensorboard --logdir' },
    { path: 'timing.jsonl', meaning: 'clock times, apart from what can be reproduced' },
    { path: 'checkpoints/last.msgpack', meaning: 'the agents and all that is needed to go on' },
    ...(oracle === undefined
      ? []
      : [{ path: 'checkpoints/best.msgpack', meaning: 'the checkpoint closest to the optimum' }]),
  ];
}
