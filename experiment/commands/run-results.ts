/** What a finished run leaves for its reader: tables, pictures, and the report. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Chart, policyMonitor, type Table } from '../../core/index.ts';
import type { TrainOptions } from '../cli/options.ts';
import { typedCommand, typedTraining } from '../cli/typed.ts';
import type { ReportFigure } from '../report/run-report.ts';
import { gitCommit, versionsOf } from '../run/config.ts';
import { FileError, writeFileAtomic } from '../run/files.ts';
import { type Pipeline, validationSeed } from '../run/pipeline.ts';
import type { RunPlan } from '../run/recorder.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { type AgentReports, reportedFacts } from './agent-reports.ts';
import type { RunSummary } from './summary.ts';

export interface RunResultsOptions {
  readonly plan: RunPlan;
  readonly pipeline: Pipeline;
  readonly folder: RunFolder;
  readonly summary: RunSummary & { readonly optimalReturn: number | null };
  readonly reports: AgentReports;
  readonly warnings: readonly string[];
  readonly updatesPerSecond: number;
  /** File of the command. */
  readonly file: string;
  readonly options: TrainOptions;
}

/** Paths of a study times agents; an economy of many agents gets fewer paths. */
const PATHS_TIMES_AGENTS = 2000;
const FEWEST_PATHS = 10;
const MOST_PATHS = 100;

/**
 * Writes `tables/*.csv`, `plots/*.svg`, `plots/*.png` and `report.html`. What goes wrong in them is returned as a sentence, since the run
 * itself is safe; a disk that refuses throws a FileError. Invariant: tables and plots are the same bytes for the same plan.
 */
export async function writeResults(options: RunResultsOptions): Promise<string | undefined> {
  try {
    await write(options);
    return undefined;
  } catch (error) {
    if (error instanceof FileError) throw error;
    const { folder, file } = options;
    const reason = error instanceof Error ? error.message : String(error);
    return (
      `tables, pictures and report could not be made: ${reason} The run itself is safe; ` +
      `${typedCommand(file)} --resume ${folder.folder} tries again.`
    );
  }
}

async function write(options: RunResultsOptions): Promise<void> {
  const { plan, folder, summary, file } = options;
  // Loaded here: nothing that draws is needed before.
  const [{ drawChart, drawSvg }, { csvText }, { runReportPage }] = await Promise.all([
    import('../figures/draw.ts'),
    import('../study/csv.ts'),
    import('../report/run-report.ts'),
  ]);
  const { tables, figures, notes } = await contents(options);
  // All of it is made before anything of an earlier attempt goes.
  const files: [string, string | Uint8Array][] = tables.map((table) => [
    path.join(folder.tables, `${table.name}.csv`),
    csvText(table),
  ]);
  const drawn: ReportFigure[] = [];
  for (const { chart, section } of figures) {
    const { svg, png } = await drawChart(chart);
    const file = path.join(folder.plots, chart.name);
    files.push([`${file}.svg`, svg], [`${file}.png`, png]);
    drawn.push({ chart, svg, narrow: await drawSvg(chart, { layout: 'narrow' }), section });
  }
  const { economy, method, settings, set, oracle } = plan;
  const page = runReportPage({
    economy,
    method,
    settings,
    set,
    oracle,
    summary,
    figures: drawn,
    tables,
    warnings: [...options.warnings, ...notes],
    updatesPerSecond: options.updatesPerSecond,
    solution: reportedFacts(options.reports),
    folder: folder.folder,
    command: typedTraining(file, options.options),
    commit: gitCommit(),
    versions: versionsOf(economy),
  });
  for (const place of [folder.tables, folder.plots]) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
  }
  for (const [file, content] of files) writeFileAtomic(file, content);
  writeFileAtomic(folder.report, page);
}

/** Charts of how it learned, then of what it learned and what follows from it. */
async function contents({ plan, pipeline, folder, summary, reports }: RunResultsOptions): Promise<{
  readonly tables: readonly Table[];
  readonly figures: readonly { readonly chart: Chart; readonly section: ReportFigure['section'] }[];
  readonly notes: readonly string[];
}> {
  const [{ learningCurves }, { studyPolicy }] = await Promise.all([
    import('../figures/learning-curves.ts'),
    import('../study/study.ts'),
  ]);
  const { economy, oracle, method, seed } = plan;
  const records = readRecords(folder.metrics);
  // A curve of one point, as a solver that was soon done leaves it, is none.
  const curves =
    records.length < 2
      ? []
      : learningCurves({
          records,
          optimalReturn: summary.optimalReturn,
          constantGap: summary.oracle?.constantGap ?? null,
        });
  const agents = Object.values(economy.types).reduce((sum, { count }) => sum + count, 0);
  const study = studyPolicy({
    economy,
    actors: pipeline,
    name: method.name,
    oracle,
    seed,
    paths: Math.max(FEWEST_PATHS, Math.min(MOST_PATHS, Math.floor(PATHS_TIMES_AGENTS / agents))),
  });
  const own = Object.values(reports);
  return {
    tables: [...study.tables, ...own.flatMap(({ tables = [] }) => tables)],
    figures: [
      ...curves.map((chart) => ({ chart, section: 'learning' as const })),
      ...own.flatMap(({ charts = [] }) => charts.map((chart) => ({ chart, section: 'solution' as const }))),
      ...study.charts.map((chart) => ({
        chart,
        section: chart.name.startsWith('policy') ? ('policy' as const) : ('economy' as const),
      })),
    ],
    notes: study.notes,
  };
}

/** Mean return of the optimal policy on the episodes by which learners are watched in the course of training; null without an oracle. */
export function optimalReturn({ economy, oracle }: RunPlan, { agents, makeBatch }: Pipeline): number | null {
  return (
    policyMonitor({ economy, agents, makeBatch, oracle, seed: validationSeed() }).optimalReturn() ?? null
  );
}

/** The lines of `metrics.jsonl`. */
export function readRecords(file: string): Record<string, number | null>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
