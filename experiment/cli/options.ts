/** The options that commands share, each with its default, its range and its meaning in one place. */
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';

export const PRESETS = ['quick', 'notebook', 'paper'] as const;
export const REPORTS = ['full', 'none'] as const;
export const KERNELS = ['auto', 'native', 'wasm', 'wasm-relaxed', 'wasm-simd', 'js'] as const;
export const BACKENDS = [
  'kernels',
  'tensor',
  'tensor:node-gpu',
  'tensor:node',
  'tensor:wasm',
  'tensor:cpu',
] as const;

const SEEDS = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;
/** More seeds than this in one command are a slip of the finger. */
const MOST_SEEDS = 1000;

/** How a command speaks; every command has these. */
export const outputOptions = {
  json: z
    .boolean()
    .default(false)
    .meta({ description: 'print one JSON object as the last line; all else goes to standard error' }),
  quiet: z.boolean().default(false).meta({ description: 'no progress, only the result' }),
};

export const economyOptions = {
  env: z.string().optional().meta({ description: 'economy, by its id or id/calibration', value: 'ID' }),
  module: z.string().optional().meta({
    description: 'file whose default export is an economy of your own (defineEconomy), or several',
    value: 'FILE',
  }),
};

export const computeOptions = {
  kernels: z
    .enum(KERNELS)
    .default('auto')
    .meta({ description: `arithmetic: ${KERNELS.join(', ')}`, value: 'NAME' }),
  backend: z
    .enum(BACKENDS)
    .default('kernels')
    .meta({
      description: `engine: the suite's own kernels, or tfjs: ${BACKENDS.join(', ')}`,
      value: 'NAME',
    }),
};

/** Settings by name; a command adds whose they are. */
export const setOption = z
  .array(z.string().regex(/^[^=\s]+=/s))
  .default([])
  .meta({ value: 'NAME=VALUE', allowed: 'name=value, e.g. --set discountFactor=0.9' });

/** The seed of a run, if none is asked for. */
export const DEFAULT_SEED = 1;

/** One record for all commands that train. */
export const trainOptions = z.strictObject({
  ...economyOptions,
  set: setOption.meta({
    ...setOption.meta(),
    description: 'a setting of the economy or of the agent, by name; --help --env ID lists them',
  }),
  agents: z.int().min(1).optional().meta({
    description: 'how many agents the economy has, where that is a setting of it (households, fishers)',
    value: 'N',
  }),
  preset: z
    .enum(PRESETS)
    .optional()
    .meta({ description: `numerical size: ${PRESETS.join(', ')}`, value: 'NAME' }),
  seed: z
    .int()
    .min(0)
    .optional()
    .meta({ description: `of all random numbers (default ${DEFAULT_SEED})`, value: 'N' }),
  seeds: z.string().regex(SEEDS).optional().meta({
    description: 'several runs, one for each seed, instead of --seed, e.g. 1-5 or 1,3,7',
    value: 'LIST',
    allowed: 'whole numbers and ranges, e.g. 1-5 or 1,3,7',
  }),
  steps: z
    .int()
    .min(1)
    .optional()
    .meta({ description: "training steps (default: the preset's)", value: 'N' }),
  out: z.string().min(1).optional().meta({
    description: 'folder of the run, new or empty (default runs/<agent>-<env>-s<seed>)',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  resume: z.string().min(1).optional().meta({
    description:
      'go on with the run in that folder exactly where it stopped; its options need not be given again',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  evaluateEvery: z.int().min(1).optional().meta({
    description: 'steps between evaluations by deterministic episodes (default: a twentieth of all)',
    value: 'N',
  }),
  checkpointEvery: z.int().min(1).optional().meta({
    description: 'steps between checkpoints (default: a tenth of all, at least 1000)',
    value: 'N',
  }),
  stopAtGap: z.number().gt(0).optional().meta({
    description: 'stop when an evaluation finds a policy gap this small',
    value: 'GAP',
  }),
  patience: z.int().min(1).optional().meta({
    description: 'stop after that many evaluations without a better policy gap (or return)',
    value: 'N',
  }),
  report: z.enum(REPORTS).default('full').meta({
    description:
      'what the folder gets at the end: tables, pictures and report.html (full), or nothing (none)',
    value: 'NAME',
  }),
  ...computeOptions,
  threads: z.int().min(1).max(1024).optional().meta({
    description: 'runs at once with --seeds (default: processors of this machine)',
    value: 'N',
  }),
  ...outputOptions,
});

export type TrainOptions = z.output<typeof trainOptions>;

/** Added to a run's seed to give that of its later evaluation; nobody counts seeds this far. */
const FRESH_SEEDS = 1_000_000;

/**
 * Seed of the evaluation of a run's checkpoint, unless one is asked for. Invariant: not the run's own, whose episodes its final table
 * has shown.
 */
export function freshSeed(runSeed: number): number {
  const next = runSeed + FRESH_SEEDS;
  return Number.isSafeInteger(next) ? next : runSeed - FRESH_SEEDS;
}

/** Options of the evaluation of a checkpoint. */
export const evalOptions = z.strictObject({
  run: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'folder of a run; its last checkpoint is evaluated', value: 'FOLDER' }),
  checkpoint: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'a checkpoint file, instead of --run', value: 'FILE' }),
  env: economyOptions.env.meta({ description: 'insist on this economy', value: 'ID' }),
  module: economyOptions.module,
  episodes: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(64)
    .meta({ description: 'episodes of the mean return', value: 'N' }),
  seed: z
    .int()
    .min(0)
    .optional()
    .meta({
      description: `of the evaluation's own random numbers (default: the run's plus ${FRESH_SEEDS}, for episodes not seen before)`,
      value: 'N',
    }),
  ...computeOptions,
  ...outputOptions,
});

export type EvalOptions = z.output<typeof evalOptions>;

/** `1-3,7` to [1, 2, 3, 7]. Throws a UsageError for a range that runs backwards, a seed given twice, or more than 1000. */
export function parseSeeds(text: string): readonly number[] {
  if (!SEEDS.test(text))
    throw new UsageError(`--seeds is "${text}"; give whole numbers and ranges, e.g. 1-5 or 1,3,7.`);
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const [first, last = first] = part.split('-').map(Number);
    if (last < first)
      throw new UsageError(`--seeds: the range ${part} runs backwards; write ${last}-${first}.`);
    if (!Number.isSafeInteger(last) || seeds.length + last - first >= MOST_SEEDS) {
      throw new UsageError(`--seeds is "${text}"; give at most ${MOST_SEEDS} seeds, below 2^53.`);
    }
    for (let seed = first; seed <= last; seed++) seeds.push(seed);
  }
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined)
    throw new UsageError(`--seeds is "${text}", which holds ${twice} twice; give each seed once.`);
  return seeds;
}

export const BASELINES = ['random', 'constant', 'oracle'] as const;

/** Options of the comparison of runs. */
export const compareOptions = z.strictObject({
  run: z.array(z.string().min(1)).default([]).meta({
    description:
      'folder of a run, or of several seeds; runs that differ in their seed alone are put together',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  label: z.array(z.string().min(1)).default([]).meta({
    description: 'name of a run in the order of --run (default: the settings that differ)',
    value: 'TEXT',
    allowed: 'any text',
  }),
  baseline: z
    .array(z.enum(BASELINES))
    .default([])
    .meta({
      description: `a policy that is not learned, evaluated beside them: ${BASELINES.join(', ')}; constant, the median of the oracle's actions, and oracle need an economy with an oracle`,
      value: 'NAME',
      allowed: BASELINES.join(', '),
    }),
  across: z.boolean().default(false).meta({ description: 'take runs of different economies' }),
  module: economyOptions.module,
  out: z.string().min(1).optional().meta({
    description: 'folder of tables and pictures, new or empty (default runs/compare-<env>)',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  ...outputOptions,
});

export type CompareOptions = z.output<typeof compareOptions>;

/** Options of simulations. */
export const simulateOptions = z.strictObject({
  run: evalOptions.shape.run.meta({
    description: 'folder of a run; the agent of its last checkpoint is simulated',
    value: 'FOLDER',
  }),
  checkpoint: evalOptions.shape.checkpoint,
  agent: z
    .enum(BASELINES)
    .optional()
    .meta({
      description: `a policy that is not learned, instead: ${BASELINES.join(', ')} (default oracle)`,
      value: 'NAME',
    }),
  env: economyOptions.env,
  module: economyOptions.module,
  set: setOption.meta({
    ...setOption.meta(),
    description: 'with --agent, a setting of the economy, by name; --help --env ID lists them',
  }),
  constant: z
    .array(z.string().regex(/^[^=\s]+=.+$/))
    .default([])
    .meta({
      description:
        "what --agent constant does, by action (default: the median of the oracle's actions; without an oracle it must be given)",
      value: 'NAME=VALUE',
      allowed: 'name=value, e.g. --constant consumptionShare=0.8',
    }),
  periods: z
    .int()
    .min(4)
    .max(1_000_000)
    .default(200)
    .meta({ description: 'periods of each path', value: 'N' }),
  paths: z.int().min(1).max(100_000).default(100).meta({ description: 'paths', value: 'N' }),
  burnIn: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(200)
    .meta({ description: 'periods of each path before those', value: 'N' }),
  shock: z
    .array(z.string().regex(/^[^=\s]+(=.*)?$/))
    .default([])
    .meta({
      description:
        'shock whose responses are asked for, or a variable of the state with a size to be added (default: all that the economy declares)',
      value: 'NAME[=SIZE]',
      allowed: 'name or name=size, e.g. --shock productivity or --shock capital=-0.05',
    }),
  horizon: z
    .int()
    .min(1)
    .max(100_000)
    .default(40)
    .meta({ description: 'periods of the responses', value: 'N' }),
  from: z.enum(['steady', 'ergodic']).optional().meta({
    description:
      "where responses start: steady (the oracle's steady state, the default where there is one) or ergodic (visited states)",
    value: 'NAME',
  }),
  filter: z
    .string()
    .regex(/^(none|\d+(\.\d*)?|\.\d+)$/)
    .optional()
    .meta({
      description:
        'lambda of the Hodrick-Prescott filter, any number or none (default: 1600 (n / 4)^4 with n periods a year: 6.25 for years, 1600 for quarters, 129600 for months; 1600 for an economy that does not say)',
      value: 'LAMBDA',
      allowed: 'none or a number, e.g. 1600 or 6.25',
    }),
  reference: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'variable that moments are compared with (default output)', value: 'NAME' }),
  seed: z
    .int()
    .min(0)
    .optional()
    .meta({
      description: `of all random numbers (default ${DEFAULT_SEED}; of a run: its own plus ${FRESH_SEEDS})`,
      value: 'N',
    }),
  out: z.string().min(1).optional().meta({
    description:
      'folder of tables and pictures, new, empty or of an earlier simulation (default: simulation in the folder of the run, else runs/simulate-<agent>-<env>)',
    value: 'FOLDER',
    allowed: 'the path of a folder',
  }),
  ...computeOptions,
  ...outputOptions,
});

export type SimulateOptions = z.output<typeof simulateOptions>;
