/** The command that lays runs side by side: `train/compare.ts`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Chart, Economy, Oracle, Registry } from '../../core/index.ts';
import type { CommandDefinition, Outcome, Terminal } from '../cli/command.ts';
import { chooseEnvironment } from '../cli/module.ts';
import { type CompareOptions, compareOptions } from '../cli/options.ts';
import { formatTable } from '../cli/table.ts';
import { typedCommand } from '../cli/typed.ts';
import { writeFileAtomic } from '../run/files.ts';
import { checkRunFolder, makeFolder, RUNS, runPaths } from '../run/run-folder.ts';
import { csvText } from '../study/csv.ts';
import { baselineResults, monitoredReturns } from './compare-baselines.ts';
import { comparePolicies } from './compare-policies.ts';
import {
  baselineRow,
  type ComparedRow,
  compareTable,
  compareText,
  groupRow,
  rawTable,
} from './compare-report.ts';
import {
  type ComparedConfig,
  type ComparedRun,
  economyKey,
  groupRuns,
  type RunGroup,
  readRuns,
  relabel,
  requireOneEconomy,
} from './compare-runs.ts';
import { curvesChart, type Reference } from './seeds-curves.ts';
import { writeChart } from './seeds-output.ts';
import { solverWarning } from './summary.ts';

export interface CompareCommandOptions {
  /** Methods whose checkpoints can be read, by name. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
  readonly environments: Registry;
  /** File of the command, as a reader types it. */
  readonly file: string;
}

/**
 * A command that reads runs from their folders and writes one table, figures and the numbers behind them into a folder of its own.
 * It trains nothing and changes no run.
 */
export function compareCommand(command: CompareCommandOptions): CommandDefinition<CompareOptions> {
  return {
    name: command.file,
    summary:
      'Lays runs side by side: one table, and figures of learning and of policies, of several runs, seeds, settings or methods on one economy.',
    options: compareOptions,
    main: (options, terminal) => compare(command, options, terminal),
  };
}

async function compare(
  { methods, environments, file: command }: CompareCommandOptions,
  options: CompareOptions,
  terminal: Terminal,
): Promise<Outcome> {
  if (options.run.length === 0) {
    throw new UsageError(
      'what is to be compared? Give --run FOLDER, several times, e.g. --run runs/sac-jesusfv-s1-5 --run runs/sac-jesusfv-s1-5-2.',
    );
  }
  checkRunFolder({ out: options.out, parent: RUNS });
  const folders = options.run.map(readRuns);
  const runs = folders.flat();
  if (!options.across) requireOneEconomy(runs);
  const groups = relabel(groupRuns(runs, terminal.warn), { labels: options.label, folders });
  warnOfUnfinished(groups, terminal);
  const { rows, references } = await baselines({ environments, options, groups, terminal });
  const compared = [...groups.map(groupRow), ...rows];
  const { module } = options;
  const policies = options.across
    ? []
    : await comparePolicies({ methods, environments, module, groups, note: terminal.note });

  const [{ config }] = runs;
  const title = titleOf(groups);
  const folder = makeFolder({ out: options.out, parent: RUNS, name: `compare-${nameOf(config)}` });
  const files = await writeFiles(folder, { title, groups, rows: compared, references, policies });
  const result = {
    command,
    env: config.environment.id,
    seconds: performance.now() / 1000,
    groups: compared.filter(({ kind }) => kind === 'runs'),
    baselines: compared.filter(({ kind }) => kind === 'baseline'),
    folder,
    files,
  };
  writeFileAtomic(runPaths(folder).result, `${JSON.stringify(result, null, 2)}\n`);
  const facts = [
    ['folder', folder],
    ...files.map((file, i) => [i === 0 ? 'files' : '', path.relative(folder, file)]),
  ];
  terminal.print(
    `\n${title}\n\n${compareText(compared)}\n\n${formatTable(facts, { align: ['left', 'left'] })}\n`,
  );
  return { result };
}

function nameOf({ environment }: ComparedConfig): string {
  return environment.id.replaceAll('/', '-');
}

function titleOf(groups: readonly RunGroup[]): string {
  const configs = groups.map(({ runs }) => runs[0].config);
  const agents = [...new Set(configs.map(({ method }) => method))].join(', ');
  const economies = [...new Set(configs.map(({ environment }) => environment.id))].join(', ');
  return `${agents} on ${economies}`;
}

/** They are in the figure, which may be why one looks; what counts in the table are ends. */
function warnOfUnfinished(groups: readonly RunGroup[], terminal: Terminal): void {
  for (const { runs } of groups) {
    for (const { folder, result, config, records } of runs) {
      if (result !== undefined) continue;
      const done = records.at(-1)?.step;
      const far = typeof done === 'number' ? `step ${done} of ${config.steps}` : 'no line of metrics yet';
      const remedy =
        config.command === 'learn'
          ? 'Finish it in the program that began it.'
          : `Finish it with: ${typedCommand(config.command)} --resume ${folder}`;
      terminal.warn(`${folder} is not finished (${far}): it is in the figure, not in the table. ${remedy}`);
    }
  }
}

/** Every baseline on every economy that is compared, on the seeds of its runs. */
async function baselines(options: {
  readonly environments: Registry;
  readonly options: CompareOptions;
  readonly groups: readonly RunGroup[];
  readonly terminal: Terminal;
}): Promise<{ readonly rows: readonly ComparedRow[]; readonly references: readonly Reference[] }> {
  const { environments, options: given, groups, terminal } = options;
  const names = [...new Set(given.baseline)];
  const rows: ComparedRow[] = [];
  const references: Reference[] = [];
  if (names.length === 0) return { rows, references };
  const byEconomy = new Map<string, ComparedRun[]>();
  for (const run of groups.flatMap(({ runs }) => runs)) {
    const key = economyKey(run.config);
    byEconomy.set(key, [...(byEconomy.get(key) ?? []), run]);
  }
  for (const members of byEconomy.values()) {
    const { economy, oracle } = await economyOf(members[0], {
      environments,
      module: given.module,
      note: terminal.note,
    });
    const warning = solverWarning(oracle);
    if (warning !== undefined) terminal.warn(warning);
    const seeds = [...new Set(members.map(({ config }) => config.seed))].sort((a, b) => a - b);
    for (const baseline of names) {
      const label = byEconomy.size === 1 ? baseline : `${baseline} ${economy.id}`;
      const about = { baseline, economy, oracle, seeds };
      const results = baselineResults(about);
      rows.push(baselineRow({ baseline, label, env: economy.id, seeds, results }));
      references.push({
        name: label,
        source: baseline === 'oracle' ? 'optimal' : 'other',
        policyGap: rows.at(-1)?.summary.policyGap?.median,
        evaluationReturn: monitoredReturns(about),
      });
    }
  }
  return { rows, references };
}

/** The economy of a run, under its calibration and of its version. */
async function economyOf(
  { folder, config }: ComparedRun,
  options: {
    readonly environments: Registry;
    readonly module: string | undefined;
    readonly note: (text: string) => void;
  },
): Promise<{ readonly economy: Economy; readonly oracle: Oracle | undefined }> {
  const { id, version, set, module } = config.environment;
  const { environments, note } = options;
  if (options.module === undefined && module !== null)
    note(`loads ${module}, which ${runPaths(folder).config} names`);
  const { registry } = await chooseEnvironment({
    environments,
    env: id,
    module: options.module ?? module ?? undefined,
    fallback: id,
  });
  const economy = registry.economy(id, set);
  if (economy.version !== version) {
    throw new UsageError(
      `${folder}: the run is of version ${version} of ${id}; this program has version ${economy.version}. ` +
        'Leave --baseline out, or train again.',
    );
  }
  return { economy, oracle: economy.oracle() };
}

async function writeFiles(
  folder: string,
  content: {
    readonly title: string;
    readonly groups: readonly RunGroup[];
    readonly rows: readonly ComparedRow[];
    readonly references: readonly Reference[];
    readonly policies: readonly Chart[];
  },
): Promise<readonly string[]> {
  const { title, groups, rows, references, policies } = content;
  const { tables, plots } = runPaths(folder);
  mkdirSync(tables);
  const files = [compareTable(rows, title), rawTable(groups, title)].map((table) => {
    const file = path.join(tables, `${table.name}.csv`);
    writeFileAtomic(file, csvText(table));
    return file;
  });
  const chart = curvesChart({
    name: 'compare',
    title,
    groups: groups.map(({ label, runs }) => ({ name: label, runs: runs.map(({ records }) => records) })),
    references,
  });
  for (const drawn of chart === undefined ? policies : [chart, ...policies])
    files.push(...(await writeChart(plots, drawn)).files);
  return files;
}
