/** One run of a training command: where it lives, begun or gone on with, and what it says at the end. */
import { UsageError } from '../../core/errors.ts';
import { hasSources } from '../../kernels/native/files.ts';
import type { Outcome, Terminal } from '../cli/command.ts';
import type { TrainOptions } from '../cli/options.ts';
import { changesByName } from '../cli/settings.ts';
import { SIGNAL_EXIT_CODES } from '../cli/signals.ts';
import { formatCount } from '../cli/table.ts';
import { typedCommand, typedTraining } from '../cli/typed.ts';
import { backendFor } from '../run/backend.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { writeFileAtomic } from '../run/files.ts';
import { type OpenRun, openRun } from '../run/open-run.ts';
import type { RunPlan } from '../run/recorder.ts';
import { recordedBackend } from '../run/resume.ts';
import { RUNS, runName } from '../run/run-folder.ts';
import { trainRun } from '../run/train-run.ts';
import {
  agentReports,
  isSolved,
  isSolver,
  reportedBlocks,
  reportedFacts,
  withBlocks,
} from './agent-reports.ts';
import { crossSectionFacts, crossSectionOf } from './cross-section.ts';
import { optimalReturn, writeResults } from './run-results.ts';
import { runReport, runSummary, solverWarning } from './summary.ts';

/** What is to be run; backend and oracle follow. */
export type Resolved = Omit<RunPlan, 'oracle' | 'backend'>;

export interface TrainOnceOptions {
  /** File of the command, as a reader types it. */
  readonly file: string;
  readonly options: TrainOptions;
  readonly resolved: Resolved;
  readonly terminal: Terminal;
}

/**
 * Trains, in a new folder or, with `resume`, in that one, which a lock keeps to this process. Throws a UsageError if the folder cannot
 * be made or another run is alive in it, and what the economy and the method throw.
 */
export async function trainOnce(work: TrainOnceOptions): Promise<Outcome> {
  const { file, options, resolved, terminal } = work;
  const { resume, out } = options;
  const { method, economy, seed } = resolved;
  const place =
    resume === undefined
      ? { out, parent: RUNS, name: runName({ agent: method.name, env: economy.id, seed }) }
      : { resume };
  const opened = await openRun({
    place,
    planOf: (resumed) => planOf(resolved, options, resumed),
    origin: { command: file, options: { ...options, resume: undefined }, preset: options.preset ?? null },
  });
  try {
    if (resume !== undefined && opened.resumed === undefined)
      terminal.note(`${resume}: no checkpoint was taken yet; the run starts anew`);
    return await run(work, opened);
  } finally {
    opened.release();
  }
}

/** A run goes on with the arithmetic it was begun with: other kernels round differently. */
async function planOf(
  resolved: Resolved,
  options: TrainOptions,
  resumed: Checkpoint | undefined,
): Promise<RunPlan> {
  const { economy, method, watch } = resolved;
  const backend = await backendFor(method, resumed === undefined ? options : recordedBackend(resumed));
  const oracle = economy.oracle();
  if (watch?.stopAtGap !== undefined && oracle === undefined) {
    throw new UsageError(
      `--stop-at-gap ${watch.stopAtGap}: ${economy.id} has no oracle to measure a gap to; give --patience instead.`,
    );
  }
  return { ...resolved, backend, oracle };
}

async function run(work: TrainOnceOptions, opened: OpenRun): Promise<Outcome> {
  const { file, options, terminal } = work;
  const { plan, pipeline, folder, resumed } = opened;
  const { economy, method, oracle, seed, steps, backend } = plan;
  const going = resumed === undefined ? '' : `, on from step ${formatCount(resumed.step)}`;
  terminal.note(
    `${method.name} on ${economy.id}, seed ${seed}: ${formatCount(steps)} steps, ${backend.name}, in ${folder.folder}${going}`,
  );
  // The package has no sources to build them from.
  if (hasSources())
    for (const { name, reason } of backend.refused) if (name === 'native') terminal.note(reason);
  const warning = solverWarning(oracle);
  if (warning !== undefined) terminal.warn(warning);

  const result = await trainRun({ plan, pipeline, folder, terminal, resumed });
  if (result.interrupted !== undefined) {
    const { interrupted, steps: done } = result;
    terminal.warn(
      `${interrupted} after step ${formatCount(done)} of ${formatCount(steps)}; the last checkpoint is ${folder.lastCheckpoint}. ` +
        `Go on with ${typedCommand(file)} --resume ${folder.folder}`,
    );
    return { exitCode: SIGNAL_EXIT_CODES[interrupted] };
  }
  const { updates, updatesPerSecond, agentStepsPerSecond, stopped } = result;
  const warnings = [
    ...(updates === 0 ? [untrainedWarning(plan)] : []),
    ...(isSolved(pipeline.agents) ? [] : [unsolvedWarning(plan)]),
  ];
  for (const text of warnings) terminal.warn(text);
  if (stopped !== undefined) terminal.note(`stopped after step ${formatCount(result.steps)}: ${stopped}`);
  const reports = agentReports(pipeline.agents);
  const summary = {
    ...runSummary({
      ...plan,
      ...result,
      command: file,
      preset: options.preset ?? null,
      set: changesByName(plan.set, { definition: economy.definition, method }),
      agent: method.name,
      run: folder.folder,
      solved: isSolved(pipeline.agents),
    }),
    // Of the episodes by which the learning curve was measured.
    optimalReturn: optimalReturn(plan, pipeline),
  };
  const isFull = options.report === 'full';
  if (isFull) terminal.note('tables, pictures and report ...');
  const about = { plan, pipeline, folder, summary, reports, warnings, updatesPerSecond, file, options };
  const failure = isFull ? await writeResults(about) : undefined;
  if (failure !== undefined) terminal.warn(failure);
  const report = isFull && failure === undefined ? folder.report : null;
  const ended = { ...summary, seconds: performance.now() / 1000, updates, stopped: stopped ?? null, report };
  const blocks = reportedBlocks(reports);
  const section = crossSectionOf(plan, pipeline, blocks);
  const json = withBlocks(
    section === undefined ? ended : { ...ended, householdStepsPerSecond: agentStepsPerSecond, ...section },
    blocks,
  );
  writeFileAtomic(folder.result, `${JSON.stringify(json, null, 2)}\n`);
  const next = [
    `${typedCommand('train/eval.ts')} --run ${folder.folder}`,
    `${typedCommand('train/simulate.ts')} --run ${folder.folder}`,
    // Solvers that draw nothing find the same with every seed.
    ...(isSolver(pipeline.agents)
      ? []
      : [typedTraining(file, { ...options, seed: undefined, seeds: '1-5' })]),
  ];
  const facts = [...crossSectionFacts(section), ...reportedFacts(reports)];
  terminal.print(runReport({ summary: ended, economy, oracle, updatesPerSecond, facts, report, next }));
  return { result: json, exitCode: summary.converged ? 0 : 1 };
}

/** What a solver says that has not reached its tolerance. */
function unsolvedWarning({ method, steps }: RunPlan): string {
  return `${method.name} has not converged in ${formatCount(steps)} iterations. Give more --steps.`;
}

/** What a run says that has gathered data and learned nothing from them. */
function untrainedWarning({
  method,
  settings,
  steps,
}: RunPlan & { readonly settings: { readonly warmup?: unknown } }): string {
  const { copies = 1, warmup } = settings;
  const reason =
    typeof warmup === 'number'
      ? `steps ${formatCount(steps)}, copies ${formatCount(copies)}, warm-up ${formatCount(warmup)} transitions`
      : `steps ${formatCount(steps)}`;
  return `${method.name} has made no update (${reason}): the policy is as it began. Give more --steps.`;
}
