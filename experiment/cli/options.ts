/** The options that commands share, each with its default, its range and its meaning in one place. */
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';

export const PRESETS = ['quick', 'notebook', 'paper'] as const;
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
