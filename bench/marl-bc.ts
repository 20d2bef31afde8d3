/**
 * How many households can be stepped and taught in a second? Of marl-bc: household-steps per second of processor time on the array path, the
 * environment alone, for one household to two thousand; and, with --updates, the time of 1e5 updates per agent, beside the published one.
 *
 *   npx tsx bench/marl-bc.ts [--calibration NAME ...] [--agents LIST] [--seconds N] [--updates N] [--hidden WIDTHS] [--json] [--quiet] [--help]
 *
 * Times are of this process's processor, not of the clock, so that others on the machine matter less.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { methods } from '../agents/index.ts';
import { makeBatchedEnv, train } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { computeOptions, outputOptions } from '../experiment/cli/options.ts';
import { methodSettings } from '../experiment/cli/settings.ts';
import { formatCount, formatTable } from '../experiment/cli/table.ts';
import { chooseBackend } from '../experiment/run/backend.ts';
import { startPipeline } from '../experiment/run/pipeline.ts';

const CALIBRATIONS = ['rbc-textbook', 'rbc-typical', 'rbc-het', 'ks', 'ks-het'] as const;

/** Hours of one processor for 1e5 updates per agent, read off the published figure 8 (see envs/marl-bc/reference/README.md). */
const PUBLISHED: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  sac: { 10: 0.69, 20: 0.76, 50: 0.94, 100: 1.42, 200: 1.87, 500: 2.95 },
  ddpg: { 10: 0.59, 20: 0.67, 50: 0.94, 100: 1.27, 200: 2.13, 500: 3.41 },
};

const UPDATES_PER_AGENT = 1e5;

/** Households in a batch below which copies fill it up: one household alone would measure the loop around it. */
const FEWEST = 64;

/** Steps before the clock counts: V8 optimises as they run. */
const WARM_UP_HOUSEHOLDS = 200_000;
const WARM_UP_STEPS = 200;

export interface StepTiming {
  readonly calibration: string;
  readonly agents: number;
  readonly copies: number;
  readonly householdStepsPerSecond: number;
}

export interface UpdateTiming {
  readonly agents: number;
  readonly hidden: string;
  readonly method: string;
  /** Processor time of one step of all households and one update, and 1e5 of them. */
  readonly milliseconds: number;
  readonly hours: number;
  readonly publishedHours: number | null;
}

/** Microseconds of this process's processor, all its threads. */
function cpuTime(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

/** Household-steps per second of the environment alone, under fixed actions all over their range. */
export function timeSteps(calibration: string, agents: number, seconds: number): StepTiming {
  const economy = environments.economy(`marl-bc/${calibration}`, { households: agents });
  const copies = Math.max(1, Math.ceil(FEWEST / agents));
  const env = makeBatchedEnv(economy, { copies });
  env.reset({ seed: 1 });
  const actions = env.actions.household;
  for (let i = 0; i < actions.length; i++) actions[i] = ((i * 37) % 100) / 50 - 1;
  const rows = copies * agents;
  const steps = Math.max(WARM_UP_STEPS, Math.ceil(WARM_UP_HOUSEHOLDS / rows));
  for (let t = 0; t < steps; t++) env.step();
  const start = process.cpuUsage();
  let done = 0;
  // To ask for the time takes some of it, so that it is asked for once in some hundred steps.
  while (cpuTime(start) < seconds * 1e6) {
    for (let t = 0; t < steps; t++) env.step();
    done += steps;
  }
  return { calibration, agents, copies, householdStepsPerSecond: (1e6 * done * rows) / cpuTime(start) };
}

const LIST = /^\d+(,\d+)*$/;

const benchOptions = z.strictObject({
  calibration: z
    .array(z.enum(CALIBRATIONS))
    .default([])
    .meta({
      description: `economies of marl-bc (default rbc-textbook, rbc-typical and ks): ${CALIBRATIONS.join(', ')}`,
      value: 'NAME',
      allowed: CALIBRATIONS.join(', '),
    }),
  agents: z.string().regex(LIST).default('1,4,10,20,50,100,200,500,1000,2000').meta({
    description: 'numbers of households',
    value: 'LIST',
    allowed: 'whole numbers, e.g. 1,100,500',
  }),
  seconds: z
    .number()
    .gt(0)
    .max(600)
    .default(1)
    .meta({ description: 'of processor time for each number', value: 'N' }),
  updates: z.int().min(0).max(1_000_000).default(0).meta({
    description: 'steps with an update that are timed for each number in the first economy; 0: none',
    value: 'N',
  }),
  method: z
    .enum(['sac', 'ddpg'])
    .default('sac')
    .meta({ description: 'of learning, for --updates: sac, ddpg', value: 'NAME' }),
  hidden: z
    .string()
    .regex(/^[1-9]\d{0,3}(x[1-9]\d{0,3})*$/)
    .default('64x64')
    .meta({
      description: 'widths of the hidden layers for --updates; the published runs have 256x256',
      value: 'WIDTHS',
      allowed: 'e.g. 64x64 or 256x256',
    }),
  ...computeOptions,
  ...outputOptions,
});

type BenchOptions = z.output<typeof benchOptions>;

export const marlBcBench: CommandDefinition<BenchOptions> = {
  name: 'marl-bc',
  summary: 'Measures how many households of marl-bc are stepped, and taught, in a second.',
  options: benchOptions,
  async main(options, terminal) {
    const { calibration, seconds, updates } = options;
    const numbers = options.agents.split(',').map(Number);
    const chosen = calibration.length > 0 ? calibration : (['rbc-textbook', 'rbc-typical', 'ks'] as const);
    const timings: StepTiming[] = [];
    for (const name of chosen) {
      for (const agents of numbers) {
        terminal.note(`${name}, ${formatCount(agents)} households ...`);
        timings.push(timeSteps(name, agents, seconds));
      }
    }
    terminal.print(
      'Millions of household-steps per second of processor time, environment alone (array path).\n',
    );
    terminal.print(stepTable(timings, numbers));
    const learning: UpdateTiming[] = [];
    for (const agents of updates > 0 ? numbers : []) {
      terminal.note(`learning, ${formatCount(agents)} households ...`);
      learning.push(await timeUpdates(chosen[0], agents, options));
    }
    if (learning.length > 0) {
      terminal.print(
        `\n${formatCount(UPDATES_PER_AGENT)} updates per agent in ${chosen[0]}, from ${formatCount(updates)} timed ones: one copy, an update of 256 after ` +
          'each step of all households. Published: figure 8, one processor.\n',
      );
      terminal.print(learningTable(learning));
    }
    return { result: { command: 'marl-bc', steps: timings, learning } };
  },
};

function stepTable(timings: readonly StepTiming[], numbers: readonly number[]): string {
  const names = [...new Set(timings.map(({ calibration }) => calibration))];
  const rows = numbers.map((agents) => [
    formatCount(agents),
    ...names.map((name) => {
      const found = timings.find((one) => one.calibration === name && one.agents === agents);
      return found === undefined ? '' : (found.householdStepsPerSecond / 1e6).toFixed(1);
    }),
  ]);
  return formatTable(rows, { header: ['households', ...names] });
}

/** The time of one step of all households with an update, once the warm-up is over. */
async function timeUpdates(
  calibration: string,
  agents: number,
  options: BenchOptions,
): Promise<UpdateTiming> {
  const { updates, hidden, method: name } = options;
  const method = methods[name];
  const economy = environments.economy(`marl-bc/${calibration}`, { households: agents });
  const settings = methodSettings({ method, economy, preset: {}, set: { copies: 1, hidden } });
  const warmup = Math.ceil(Number(settings.warmup) / agents) + WARM_UP_STEPS;
  const steps = warmup + updates;
  const backend = await chooseBackend(options);
  const { agents: players, env } = startPipeline({ economy, method, settings, steps, seed: 1, backend });
  let start = process.cpuUsage();
  await train(players, env, {
    steps,
    callbacks: [
      ({ step }) => {
        if (step === warmup) start = process.cpuUsage();
        return undefined;
      },
    ],
  });
  const milliseconds = cpuTime(start) / 1000 / updates;
  return {
    agents,
    hidden,
    method: name,
    milliseconds,
    hours: (milliseconds * UPDATES_PER_AGENT) / 3.6e6,
    publishedHours: PUBLISHED[name]?.[agents] ?? null,
  };
}

function learningTable(timings: readonly UpdateTiming[]): string {
  return formatTable(
    timings.map(({ agents, hidden, method, milliseconds, hours, publishedHours }) => [
      formatCount(agents),
      `${method} ${hidden}`,
      milliseconds.toFixed(2),
      hours.toFixed(3),
      publishedHours?.toFixed(2) ?? '',
      publishedHours === null ? '' : (hours / publishedHours).toFixed(3),
    ]),
    { header: ['households', 'method', 'ms per update', 'hours', 'published', 'ratio'] },
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(marlBcBench);
