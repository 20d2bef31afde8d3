/** What several seeds leave in their folder: tables, pictures, the result and a page. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Chart } from '../../core/charts.ts';
import type { AnyMethod, CommonSettings, Economy } from '../../core/index.ts';
import type { TrainOptions } from '../cli/options.ts';
import { drawChart, drawSvg } from '../figures/draw.ts';
import { isRecord } from '../records.ts';
import type { ReportFigure } from '../report/run-report.ts';
import { sweepReportPage } from '../report/sweep-report.ts';
import { writeFileAtomic } from '../run/files.ts';
import { runPaths } from '../run/run-folder.ts';
import { csvText } from '../study/csv.ts';
import { curvesChart, type Reference } from './seeds-curves.ts';
import { metricsOf, recordOf, runOf, type SweepFolder } from './seeds-folder.ts';
import {
  type RunResult,
  type SeedRun,
  type Spread,
  seedsRows,
  seedsTable,
  summaryTable,
} from './seeds-summary.ts';

export interface SeedsFilesOptions {
  readonly folder: SweepFolder;
  /** Does it all again, as typed. */
  readonly command: string;
  /** As given, e.g. `1-5`. */
  readonly seeds: string;
  readonly method: AnyMethod;
  readonly economy: Economy;
  readonly runs: readonly SeedRun[];
  readonly summary: Readonly<Record<string, Spread>>;
  /** What --json prints. */
  readonly result: RunResult;
  /** `none`: the result alone. */
  readonly report: TrainOptions['report'];
}

/**
 * Writes `tables/`, `plots/`, `report.html` and, last, `result.json`, each whole or not at all, over those of an earlier command, and
 * returns their paths. Throws a FileError if one cannot be written. Invariant: tables and pictures depend on the runs' files alone.
 */
export async function writeSeedsFiles(options: SeedsFilesOptions): Promise<readonly string[]> {
  const files = options.report === 'none' ? [] : await writeReport(options);
  writeFileAtomic(options.folder.result, `${JSON.stringify({ ...options.result, files }, null, 2)}\n`);
  return files;
}

async function writeReport(options: SeedsFilesOptions): Promise<readonly string[]> {
  const { folder, runs, summary, method, economy, seeds } = options;
  const title = `${method.name} on ${economy.id}, seeds ${seeds}`;
  const tables = [seedsTable(runs, title), summaryTable(summary, title)];
  mkdirSync(folder.tables, { recursive: true });
  const files = tables.map((table) => {
    const file = path.join(folder.tables, `${table.name}.csv`);
    writeFileAtomic(file, csvText(table));
    return file;
  });
  const chart = curvesChart({
    name: 'seeds',
    title,
    groups: [
      { name: method.name, runs: runs.map(({ seed }) => metricsOf(runPaths(folder.run(seed)).metrics)) },
    ],
    references: optimumOf(runs),
  });
  const figures: ReportFigure[] = [];
  if (chart !== undefined) {
    const { svg, files: drawn } = await writeChart(folder.plots, chart);
    files.push(...drawn);
    figures.push({ chart, svg, narrow: await drawSvg(chart, { layout: 'narrow' }), section: 'learning' });
  }
  const page = pageOf(options, { figures, tables });
  if (page !== undefined) {
    writeFileAtomic(folder.report, page);
    files.push(folder.report);
  }
  return files;
}

/** The optimal policy's return in the episodes that all runs are watched by, where a run knows it. */
function optimumOf(runs: readonly SeedRun[]): readonly Reference[] {
  const found = runs.map(({ result }) => result?.optimalReturn).find((value) => typeof value === 'number');
  if (found === undefined) return [];
  return [{ name: 'optimal policy', source: 'optimal', policyGap: undefined, evaluationReturn: found }];
}

/** Writes a chart as SVG and PNG into a folder, which is made if there is none. */
export async function writeChart(
  folder: string,
  chart: Chart,
): Promise<{ readonly svg: string; readonly files: readonly string[] }> {
  const { svg, png } = await drawChart(chart);
  mkdirSync(folder, { recursive: true });
  const files = [
    [`${chart.name}.svg`, svg],
    [`${chart.name}.png`, png],
  ] as const;
  for (const [name, content] of files) writeFileAtomic(path.join(folder, name), content);
  return { svg, files: files.map(([name]) => path.join(folder, name)) };
}

/** The page of all seeds; undefined if no run has got far enough to say what it was. */
function pageOf(
  { folder, command, seeds, method, economy, runs, summary, result }: SeedsFilesOptions,
  { figures, tables }: Pick<Parameters<typeof sweepReportPage>[0], 'figures' | 'tables'>,
): string | undefined {
  const config = runs
    .map(({ seed }) => recordOf(runPaths(folder.run(seed)).config))
    .find((found) => found !== undefined);
  if (config === undefined) return undefined;
  const { settings, set, environment, versions, commit } = config;
  if (!isRecord(settings) || !isRecord(versions)) return undefined;
  const { header, align, rows } = seedsRows(runs, summary);
  const links = runs.map(({ seed }) =>
    existsSync(runPaths(folder.run(seed)).report) ? `${runOf(seed)}/report.html` : undefined,
  );
  return sweepReportPage({
    economy,
    method,
    settings: settings as unknown as CommonSettings,
    set: {
      env: isRecord(environment) && isRecord(environment.set) ? environment.set : {},
      method: isRecord(set) ? set : {},
    },
    seeds,
    preset: typeof result.preset === 'string' ? result.preset : null,
    results: {
      header,
      rows,
      align,
      notes: ['The interval is the 95 % bootstrap interval of the interquartile mean.'],
      links,
    },
    figures,
    tables,
    warnings: runs.flatMap(({ seed, failure }) =>
      failure === undefined ? [] : [`Seed ${seed} failed: ${failure}`],
    ),
    folder: folder.folder,
    command,
    commit: typeof commit === 'string' ? commit : null,
    versions: versions as Readonly<Record<string, string | number | null>>,
    files: [
      { path: 'sweep.json', meaning: 'what was asked for' },
      { path: 'result.json', meaning: 'the numbers of all runs, and what they say together' },
    ],
  });
}
