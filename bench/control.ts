/**
 * How good are learners beside published ones? The returns of trained runs, episode by episode, on a control benchmark: interquartile
 * mean over all runs and episodes with a 95 % bootstrap interval, as Agarwal et al. (2021) advise, and mean and standard deviation,
 * as publications give them.
 *
 *   npx tsx train/sac.ts --env pendulum --steps 20000 --seeds 1-5
 *   npx tsx bench/control.ts --run runs/sac-pendulum-s1-5 [--run FOLDER ...] [--episodes N] [--json]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { methods } from '../agents/index.ts';
import { UsageError } from '../core/errors.ts';
import { act } from '../core/evaluate.ts';
import type { Agents, BatchedEnv } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { computeOptions, freshSeed, outputOptions } from '../experiment/cli/options.ts';
import { formatCount, formatTable } from '../experiment/cli/table.ts';
import {
  type ComparedRun,
  groupRuns,
  readRuns,
  requireOneEconomy,
} from '../experiment/commands/compare-runs.ts';
import { chooseBackend } from '../experiment/run/backend.ts';
import { environmentSeed } from '../experiment/run/pipeline.ts';
import { reload } from '../experiment/run/reload.ts';
import { runPaths } from '../experiment/run/run-folder.ts';
import { createRng } from '../numerics/random.ts';
import { bootstrapInterval, interquartileMean, mean, standardDeviation } from '../numerics/statistics.ts';

/** What others reached: mean and standard deviation over the episodes of one run. */
interface Published {
  readonly name: string;
  readonly steps: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** `benchmark.md` of RL Baselines3 Zoo (Raffin 2020): deterministic policies, 750 episodes of one run, which it calls no quantitative benchmark. */
const PUBLISHED: Readonly<Record<string, readonly Published[]>> = {
  pendulum: [
    { name: 'SAC, Baselines3 Zoo', steps: 20_000, mean: -156.995, standardDeviation: 88.714 },
    { name: 'DDPG, Baselines3 Zoo', steps: 20_000, mean: -152.099, standardDeviation: 94.282 },
    { name: 'TD3, Baselines3 Zoo', steps: 20_000, mean: -151.855, standardDeviation: 90.227 },
  ],
};

/** Returns of several runs of one method. */
export interface ReturnSummary {
  readonly runs: number;
  readonly episodes: number;
  /** Over all episodes of all runs. */
  readonly interquartileMean: number;
  readonly interval: readonly [low: number, high: number];
  readonly mean: number;
  readonly standardDeviation: number;
  /** Mean return of each run. */
  readonly runMeans: readonly number[];
}

const RESAMPLES = 10_000;

/**
 * Sums up returns [runs][episodes]. The interval is that of a bootstrap in two stages, runs drawn with replacement and then episodes in each
 * of them, since the episodes of a run share its luck (Davison and Hinkley 1997, section 3.8); of one run it covers its episodes alone.
 * Throws when empty or not finite. Invariant: equal returns give equal intervals.
 */
export function summariseReturns(
  returns: readonly ArrayLike<number>[],
  options: { readonly resamples?: number } = {},
): ReturnSummary {
  const { resamples = RESAMPLES } = options;
  const all = returns.flatMap((run) => Array.from(run));
  const rng = createRng('returns');
  const episodes = rng.split('episodes');
  const pooled = new Float64Array(returns.length * Math.max(...returns.map(({ length }) => length)));
  const indices = returns.map((_, i) => i);
  const statistic = (drawn: Float64Array) => {
    let at = 0;
    for (const index of drawn) {
      const run = returns[index];
      for (let i = 0; i < run.length; i++) pooled[at++] = run[episodes.integer(run.length)];
    }
    return interquartileMean(pooled.subarray(0, at));
  };
  const { low, high } = bootstrapInterval(indices, statistic, { resamples, rng: rng.split('runs') });
  return {
    runs: returns.length,
    episodes: all.length,
    interquartileMean: interquartileMean(all),
    interval: [low, high],
    mean: mean(all),
    standardDeviation: standardDeviation(all),
    runMeans: returns.map(mean),
  };
}

/**
 * Undiscounted return of the first episode of every copy under deterministic actions, mean over agents, [copies]. Throws what agents and
 * environment throw. Invariant: equal seeds give equal episodes.
 */
export function episodeReturns(env: BatchedEnv, agents: Agents, seed: number): Float64Array {
  const sums = new Float64Array(env.copies);
  const alive = new Uint8Array(env.copies).fill(1);
  const types = Object.entries(env.types);
  const agentsPerCopy = types.reduce((sum, [, { count }]) => sum + count, 0);
  env.reset({ seed });
  while (alive.includes(1)) {
    act(agents, env);
    env.step();
    for (const [type, { count }] of types) {
      const rewards = env.rewards[type];
      for (let i = 0; i < rewards.length; i++) {
        const copy = Math.floor(i / count);
        if (alive[copy] === 1) sums[copy] += rewards[i] / agentsPerCopy;
      }
    }
    for (let b = 0; b < env.copies; b++) if (env.terminated[b] === 1 || env.truncated[b] === 1) alive[b] = 0;
  }
  return sums;
}

const controlOptions = z.strictObject({
  run: z.array(z.string().min(1)).default([]).meta({
    description:
      'folder of a run, or of several seeds; runs that differ in their seed alone are put together',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  episodes: z
    .int()
    .min(2)
    .max(100_000)
    .default(100)
    .meta({ description: 'episodes of each run, which its training has not seen', value: 'N' }),
  ...computeOptions,
  ...outputOptions,
});

type ControlOptions = z.output<typeof controlOptions>;

export const controlBench: CommandDefinition<ControlOptions> = {
  name: 'control',
  summary: 'Sums up the episodes of trained runs, beside published results where some are known.',
  options: controlOptions,
  async main(options, terminal) {
    const given = options.run.flatMap(readRuns);
    const runs = given.filter(({ result }) => result !== undefined);
    for (const { folder, result } of given)
      if (result === undefined) terminal.warn(`${folder}: left out, it has not ended`);
    if (runs.length === 0)
      throw new UsageError('no run has ended: give --run FOLDER, e.g. runs/sac-pendulum-s1-5.');
    requireOneEconomy(runs);
    const results = [];
    for (const { label, runs: members } of groupRuns(runs, terminal.warn)) {
      const { method, steps } = members[0].config;
      const name = label.includes(method) ? label : `${method} ${label}`.trim();
      const returns = [];
      for (const run of members) {
        terminal.note(`${run.folder}: ${formatCount(options.episodes)} episodes`);
        returns.push(await returnsOf(run, options, terminal.note));
      }
      results.push({ name, steps, ...summariseReturns(returns) });
    }
    const { id } = runs[0].config.environment;
    const published = PUBLISHED[id] ?? [];
    terminal.print(`\nEpisode returns on ${id}, deterministic actions\n\n${table(results, published)}\n`);
    return { result: { command: 'control', env: id, episodes: options.episodes, results, published } };
  },
};

/** On the episodes of `train/eval.ts`: equal seeds of two methods meet equal ones. */
async function returnsOf(
  { folder, config }: ComparedRun,
  options: ControlOptions,
  note: (text: string) => void,
): Promise<Float64Array> {
  const { pipeline } = await reload({
    methods,
    environments,
    file: runPaths(folder).lastCheckpoint,
    backend: () => chooseBackend(options),
    note,
  });
  const seed = environmentSeed(freshSeed(config.seed), 'evaluation');
  return episodeReturns(pipeline.makeBatch({ copies: options.episodes }), pipeline.agents, seed);
}

function table(
  results: readonly (ReturnSummary & { readonly name: string; readonly steps: number })[],
  published: readonly Published[],
): string {
  const tenth = (x: number) => x.toFixed(1);
  const rows = results.map((one) => [
    one.name,
    formatCount(one.steps),
    `${one.runs} x ${formatCount(one.episodes / one.runs)}`,
    tenth(one.interquartileMean),
    one.interval.map(tenth).join(' .. '),
    `${tenth(one.mean)} ± ${tenth(one.standardDeviation)}`,
    one.runMeans.map(tenth).join(' '),
  ]);
  const others = published.map((one) => [
    one.name,
    formatCount(one.steps),
    '1 x 750',
    '-',
    '-',
    `${tenth(one.mean)} ± ${tenth(one.standardDeviation)}`,
  ]);
  const header = ['', 'steps', 'runs x episodes', 'interquartile mean', '95 % interval', 'mean ± s.d.'];
  return formatTable([...rows, ...others], { header: [...header, 'mean of each run'] });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(controlBench);
