/** The command that studies a policy by simulation: `train/simulate.ts`. */
import path from 'node:path';
import { settingNames } from '../../core/calibration.ts';
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod, Economy, Oracle, Registry } from '../../core/index.ts';
import type { CommandDefinition, Outcome, Terminal } from '../cli/command.ts';
import { chooseEnvironment } from '../cli/module.ts';
import {
  type BASELINES,
  DEFAULT_SEED,
  freshSeed,
  type SimulateOptions,
  simulateOptions,
} from '../cli/options.ts';
import { splitSetting } from '../cli/settings.ts';
import { backendFor } from '../run/backend.ts';
import { checkpointFile, reload } from '../run/reload.ts';
import { RUNS } from '../run/run-folder.ts';
import type { Actors } from '../study/actors.ts';
import { baselineActors } from '../study/baselines.ts';
import { agentCount } from '../study/cross-section.ts';
import { checkStudyFolder, writeStudy } from '../study/files.ts';
import { parseShock } from '../study/shocks.ts';
import { type Study, studyPolicy } from '../study/study.ts';
import { crossSectionFacts, crossSectionOf } from './cross-section.ts';
import { momentsRecord, responsesRecord, simulateReport } from './simulate-report.ts';
import { changesText, solverWarning } from './summary.ts';

export interface SimulateCommandOptions {
  /** Methods whose checkpoints can be read, by name. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
  readonly environments: Registry;
  /** Economy of a policy that is not learned, if none is asked for. */
  readonly env: string;
  /** File of the command, as a reader types it. */
  readonly file: string;
}

/**
 * A command that simulates a policy, learned or not, and writes paths, business-cycle moments, impulse responses, the ergodic
 * distribution and the policy itself as CSV and pictures, beside the oracle's where there is one. It changes no run's own files.
 */
export function simulateCommand(command: SimulateCommandOptions): CommandDefinition<SimulateOptions> {
  return {
    name: command.file,
    summary:
      'Simulates a policy: paths, business-cycle moments, impulse responses, ergodic distribution, beside the optimum where it is known.',
    options: simulateOptions,
    details: (options) => detailsOf(command, options),
    main: (options, terminal, given) => simulate(command, { options, given, terminal }),
  };
}

/** Who is simulated where. */
interface Subject {
  readonly economy: Economy;
  readonly oracle: Oracle | undefined;
  readonly actors: Actors;
  /** `sac`, `oracle`. */
  readonly agent: string;
  readonly seed: number;
  /** Changes to settings, under names that `--set` takes. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Of a learned agent. */
  readonly trained: { readonly seed: number; readonly step: number; readonly checkpoint: string } | undefined;
}

async function simulate(
  command: SimulateCommandOptions,
  asked: {
    readonly options: SimulateOptions;
    /** Options that were typed. */
    readonly given: ReadonlySet<string>;
    readonly terminal: Terminal;
  },
): Promise<Outcome> {
  const { options, given, terminal } = asked;
  requireTogether(options, given);
  const shocks = options.shock.map(parseShock);
  const subject = await subjectOf(command, options, terminal);
  const { economy, oracle, actors, agent, seed, set, trained } = subject;
  const out = outOf(options, subject);
  checkStudyFolder(out);
  const warning = solverWarning(oracle);
  if (warning !== undefined) terminal.warn(warning);
  const { paths, periods, burnIn, horizon, from, reference, filter } = options;
  terminal.note(`${agent} on ${economy.id}: ${paths} paths of ${periods} periods after ${burnIn} others`);
  const beside = agent === 'oracle' ? 'nothing' : 'optimal';
  const study = studyPolicy({
    economy,
    actors,
    name: agent === 'oracle' ? 'optimal' : agent,
    oracle,
    beside,
    seed,
    periods,
    paths,
    burnIn,
    horizon,
    lambda: filter === undefined ? undefined : filter === 'none' ? 0 : Number(filter),
    reference,
    from,
    ...(shocks.length === 0 ? {} : { shocks }),
  });
  const { failures } = study;
  if (study.tables.length === 0) throw new Error(study.notes.join(' '));
  for (const { part, reason } of failures) terminal.warn(`the ${part} could not be made: ${reason}`);
  const section = crossSectionOf({ economy, seed }, actors, {});
  const result = { ...resultOf({ command: command.file, options, subject, study }), ...section };
  terminal.note('drawing');
  const files = await writeStudy(out, { ...study, summary: result });
  const changes = changesText(set);
  terminal.print(
    simulateReport({
      study,
      title: titleOf(subject),
      optimum: beside === 'optimal' ? oracle?.method : undefined,
      facts: [
        ...(changes === '' ? [] : [['set', changes]]),
        ...(trained === undefined ? [] : [['checkpoint', `${trained.checkpoint} (step ${trained.step})`]]),
        ...crossSectionFacts(section),
        ['folder', out],
        ...briefly(files.map((file) => path.relative(out, file))).map((file, i) => [
          i === 0 ? 'files' : '',
          file,
        ]),
      ],
      warnings: warning === undefined ? [] : [warning],
    }),
  );
  const seconds = performance.now() / 1000;
  return {
    result: { ...result, run: options.run ?? null, seconds, folder: out, files },
    exitCode: warning === undefined && failures.length === 0 ? 0 : 1,
  };
}

/** Pictures of one name in one line: `plots/paths.svg, .png`. */
function briefly(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => !file.endsWith('.png'))
    .map((file) => (file.endsWith('.svg') ? `${file}, .png` : file));
}

function requireTogether(options: SimulateOptions, given: ReadonlySet<string>): void {
  const { run, checkpoint, agent, set, env, constant } = options;
  const isLearned = run !== undefined || checkpoint !== undefined;
  if (isLearned && agent !== undefined) {
    throw new UsageError('give --run FOLDER or --checkpoint FILE for a learned agent, or --agent, not both.');
  }
  if (isLearned && set.length > 0) {
    throw new UsageError('--set goes with --agent; a learned agent is simulated in the economy of its run.');
  }
  for (const name of ['kernels', 'backend'] as const) {
    if (isLearned || !given.has(name)) continue;
    throw new UsageError(
      `--${name} ${options[name]} goes with --run or --checkpoint: it computes learned agents; leave it out for --agent ${agent ?? 'oracle'}.`,
    );
  }
  if (constant.length > 0 && agent !== 'constant') {
    throw new UsageError('--constant goes with --agent constant.');
  }
  if (env === '') throw new UsageError('--env is empty; give the id of an economy.');
}

async function subjectOf(
  { methods, environments, env: fallback }: SimulateCommandOptions,
  options: SimulateOptions,
  terminal: Terminal,
): Promise<Subject> {
  const { env, module } = options;
  const file = checkpointFile(options);
  if (file !== undefined) {
    const backend = (method: AnyMethod) => backendFor(method, options);
    const { checkpoint, economy, method, pipeline, set } = await reload({
      methods,
      environments,
      file,
      env,
      module,
      backend,
      note: terminal.note,
    });
    const { agents, makeBatch } = pipeline;
    return {
      economy,
      oracle: economy.oracle(),
      actors: { agents, makeBatch },
      agent: method.name,
      seed: options.seed ?? freshSeed(checkpoint.seed),
      set,
      trained: { seed: checkpoint.seed, step: checkpoint.step, checkpoint: file },
    };
  }
  const { registry, id } = await chooseEnvironment({ environments, env, module, fallback });
  const set = Object.fromEntries(options.set.map(splitSetting));
  const economy = registry.economy(id, set);
  const oracle = economy.oracle();
  const { agent = 'oracle', seed = DEFAULT_SEED } = options;
  const constants = constantsOf(options.constant);
  return {
    economy,
    oracle,
    actors: baselineActors({ baseline: agent, economy, oracle, seed, constants, remedy: remedyOf(agent) }),
    agent,
    seed,
    set,
    trained: undefined,
  };
}

function remedyOf(agent: (typeof BASELINES)[number]): string {
  return agent === 'constant'
    ? 'give it, --constant NAME=VALUE, or --agent random'
    : 'simulate a learned agent (--run), or --agent random, or --agent constant with --constant NAME=VALUE';
}

function constantsOf(texts: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name, value] = splitSetting(text);
      const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) {
        throw new UsageError(`--constant ${text}: the value is no number; give e.g. ${name}=0.5.`);
      }
      return [name, number];
    }),
  );
}

function outOf({ out, run }: SimulateOptions, { agent, economy }: Subject): string {
  if (out !== undefined) return out;
  if (run !== undefined) return path.join(run, 'simulation');
  return path.join(RUNS, `simulate-${agent}-${economy.id.replaceAll('/', '-')}`);
}

function titleOf({ agent, economy, seed, trained }: Subject): string {
  const seeds =
    trained === undefined ? `seed ${seed}` : `trained with seed ${trained.seed}, simulated with seed ${seed}`;
  return `${agent} on ${economy.id}, ${seeds}: ${economy.title}`;
}

/** What --json prints but time and place, which are no properties of the simulation. */
function resultOf(known: {
  readonly command: string;
  readonly options: SimulateOptions;
  readonly subject: Subject;
  readonly study: Study;
}): Readonly<Record<string, unknown>> {
  const { command, options, subject, study } = known;
  const { economy, agent, seed, set, trained, oracle } = subject;
  const { periods, paths, burnIn } = options;
  const { lambda } = study.filter;
  return {
    command,
    env: economy.id,
    version: economy.version,
    set,
    agent,
    agents: agentCount(economy),
    seed,
    periods,
    paths,
    burnIn,
    filter: lambda === 0 ? null : lambda,
    reference: study.moments?.reference ?? null,
    trained: trained === undefined ? null : { seed: trained.seed, step: trained.step },
    converged: oracle?.solution.converged ?? true,
    notes: study.notes,
    failures: study.failures,
    moments: momentsRecord(study),
    responses: responsesRecord(study),
  };
}

async function detailsOf(
  { environments, env: fallback }: SimulateCommandOptions,
  { env, module }: SimulateOptions,
): Promise<string> {
  if (env === undefined && module === undefined) {
    return `Economies: ${environments.ids.join(', ')} (default ${fallback}).\n`;
  }
  const { registry, id } = await chooseEnvironment({ environments, env, module, fallback });
  const economy = registry.economy(id);
  const shocks = Object.entries(economy.shocks).map(
    ([name, { label, unit, size }]) => `  ${name}=${size}  (${label}, ${unit})`,
  );
  return [
    `Settings of ${economy.definition.id}, for --set: ${settingNames(economy.definition.calibration).join(', ')}.`,
    shocks.length === 0
      ? `${id} declares no shocks; --shock takes a variable of its state with a size.`
      : `Shocks of ${id} with their sizes, for --shock:\n${shocks.join('\n')}`,
    '',
  ].join('\n');
}
