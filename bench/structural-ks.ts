/**
 * Krusell-Smith by structural reinforcement learning: how accurate and how fast, on one core or several: `npx tsx bench/structural-ks.ts --help`. Accuracy is the path test: the same start and the same
 * shocks as a classical path (envs/krusell-smith/structural-reference.ts).
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeLearner } from '../agents/structural/learner.ts';
import { planOf, type StructuralSettings, structuralSettings } from '../agents/structural/settings.ts';
import { firstState } from '../agents/structural/state.ts';
import type { Structural } from '../core/structural.ts';
import { krusellSmithCalibration, krusellSmithCalibrations } from '../envs/krusell-smith/calibration.ts';
import { krusellSmithModel } from '../envs/krusell-smith/setup.ts';
import { krusellSmithStructural } from '../envs/krusell-smith/structural.ts';
import { solveFine } from '../envs/krusell-smith/structural-reference.ts';
import { type PathFindings, runPathTest } from '../envs/krusell-smith/structural-report.ts';
import { structuralSetup } from '../envs/krusell-smith/structural-sizes.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions, parseSeeds } from '../experiment/cli/options.ts';
import { createRng } from '../numerics/random.ts';
import { mean } from '../numerics/statistics.ts';
import { STEPS, seedsOption, sizeOption, threadsOption } from './structural-options.ts';

export interface LearnedCase {
  /** Settings of the economy and of the agent that differ from their defaults. */
  readonly economy?: Readonly<Record<string, unknown>>;
  readonly agent?: Readonly<Partial<StructuralSettings>>;
  readonly epochs: number;
  readonly seed: number;
}

/** What came of it. */
export interface LearnedRun {
  readonly findings: PathFindings;
  readonly table: Float64Array;
  /** Epochs until converged, or all. */
  readonly epochs: number;
  readonly converged: boolean;
  readonly seconds: number;
  /** Of the epochs alone, the first left out, in which threads start. */
  readonly secondsPerEpoch: number;
  readonly cpuSeconds: number;
}

/** Learns by epochs and runs the path test; seconds are of learning, grids included and the test left out. Throws what economy and agent throw. */
export function learnCase({ economy = {}, agent = {}, epochs, seed }: LearnedCase): LearnedRun {
  const begun = performance.now();
  const used = process.cpuUsage();
  const model = krusellSmithModel(krusellSmithCalibration.parse(economy));
  const settings = structuralSettings.parse(agent);
  const { size, assetNodes, priceNodes, priceLow, priceHigh } = settings;
  const priceRange = priceLow === null || priceHigh === null ? null : ([priceLow, priceHigh] as const);
  const request = { size, assetNodes, priceNodes, priceRange };
  const structural = krusellSmithStructural(model, request) as unknown as Structural;
  const state = firstState(structural, planOf(settings, structural));
  const learner = makeLearner({ structural, settings, rng: createRng(seed), epochs, state });
  let done = 0;
  let first = 0;
  let isDone = false;
  while (done < epochs && !isDone) {
    isDone = learner.epoch().converged === 'yes';
    done += 1;
    if (done === 1) first = performance.now();
  }
  const end = performance.now();
  const { user, system } = process.cpuUsage(used);
  learner.close();
  return {
    findings: runPathTest(model, structuralSetup(model, request), state.tables[0]),
    table: state.tables[0],
    epochs: done,
    converged: isDone,
    seconds: (end - begun) / 1000,
    secondsPerEpoch: (end - first) / 1000 / Math.max(1, done - 1),
    cpuSeconds: (user + system) / 1e6,
  };
}

const percent = (x: number) => `${(100 * x).toFixed(3)} %`;

/** A run as it is reported: gaps are of log K along the path test. */
interface NamedRun extends Omit<LearnedRun, 'findings' | 'table'> {
  readonly name: string;
  readonly meanGap: number;
  readonly maxGap: number;
  readonly correlation: number;
  /** To the classical solution on the same nodes, in the mean. */
  readonly sameGridGap: number;
}

function named(name: string, { findings, table: _table, ...rest }: LearnedRun): NamedRun {
  const { fine, sameGrid } = findings;
  const { mean: meanGap, max: maxGap, correlation } = fine;
  return { name, meanGap, maxGap, correlation, sameGridGap: sameGrid.mean, ...rest };
}

function line(run: NamedRun): string {
  return [
    run.name.padEnd(34),
    `log K: mean ${percent(run.meanGap)}, max ${percent(run.maxGap)}, correlation ${run.correlation.toFixed(5)};`,
    `same nodes: mean ${percent(run.sameGridGap)};`,
    `${run.epochs} epochs, ${run.seconds.toFixed(1)} s (${run.cpuSeconds.toFixed(1)} s of processors), ${(1000 * run.secondsPerEpoch).toFixed(0)} ms an epoch`,
  ].join(' ');
}

const EPOCHS = { quick: 200, notebook: 300, paper: 3 } as const;

/** Changes of one thing in `quick`. */
const PAIRS: Readonly<Record<string, Pick<LearnedCase, 'agent'> & { readonly epochs?: number }>> = {
  'as it is': {},
  'all 200 epochs': { agent: { tolerance: 1e-9 } },
  'no terminal value': { agent: { terminalValue: 'zero' } },
  'no terminal value, 180 periods': { agent: { terminalValue: 'zero', horizon: 180 } },
  '180 periods': { agent: { horizon: 180 } },
  'start of one half': { agent: { start: 'constant' } },
  'start of one half, 400 epochs': { agent: { start: 'constant', tolerance: 1e-9 }, epochs: 400 },
  '400 epochs': { agent: { tolerance: 1e-9 }, epochs: 400 },
  Adam: { agent: { step: 'adam', terminalValue: 'carried' } },
  'Adam, 400 epochs': { agent: { step: 'adam', terminalValue: 'carried', tolerance: 1e-9 }, epochs: 400 },
  'Adam, 400 epochs, no terminal value': { agent: { step: 'adam', tolerance: 1e-9 }, epochs: 400 },
  'Adam as published, 400 epochs': {
    agent: { step: 'adam', learningRate: 5e-4, decay: 0.5, start: 'constant', tolerance: 1e-9 },
    epochs: 400,
  },
  'rate .3': { agent: { learningRate: 0.3 } },
  'rate .03': { agent: { learningRate: 0.03 } },
  '6 x 6 prices': { agent: { priceNodes: 6 } },
  '24 x 24 prices': { agent: { priceNodes: 24 } },
  'r in [.02, .07]': { agent: { priceLow: 0.02, priceHigh: 0.07, priceGrid: 'fixed' } },
  '40 assets': { agent: { assetNodes: 40 } },
  '160 assets': { agent: { assetNodes: 160 } },
  '2 paths': { agent: { paths: 2 } },
  '64 paths': { agent: { paths: 64 } },
  'z carried on (firstShock)': { agent: { firstShock: 'carried' } },
  'mirrored draws': { agent: { draws: 'antithetic' } },
};
const PAIR_SEED = 2;

const ECONOMIES: readonly Readonly<Record<string, unknown>>[] = [
  { riskAversion: 5 },
  { riskAversion: 1.5 },
  { riskAversion: 1 },
  { productivityPersistence: 0.5 },
  { productivityPersistence: 0.95 },
  { productivityDeviation: 0.015 },
  { incomeDeviation: 0.4 },
  { incomePersistence: 0.9 },
  { discountFactor: 0.97, depreciation: 0.1 },
];

const PARTS = ['speed', 'seeds', 'pairs', 'economies', 'quarterly', 'paths', 'classical'] as const;

const options = z.strictObject({
  part: z
    .enum(PARTS)
    .default('speed')
    .meta({
      description:
        'what to measure: one run (speed), its accuracy over seeds, pairs that differ in one thing, other calibrations untuned (economies), with jobs ' +
        '(quarterly), how far seeds are apart by the number of paths of an epoch (paths), or the time of the classical solution',
      value: 'NAME',
      allowed: PARTS.join(', '),
    }),
  size: sizeOption,
  step: z
    .enum(STEPS)
    .default('scaled')
    .meta({ description: `of the tables: ${STEPS.join(', ')}`, value: 'NAME' }),
  epochs: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'planned (default 200, notebook 300, paper 3, for its time)', value: 'N' }),
  seeds: seedsOption,
  paths: z
    .string()
    .regex(/^[1-9]\d*(,[1-9]\d*)*$/)
    .default('16,64,512')
    .meta({ description: 'numbers of paths of an epoch', value: 'LIST', allowed: 'e.g. 16,64,512' }),
  threads: threadsOption,
  ...outputOptions,
});

export const structuralKsBench: CommandDefinition<z.output<typeof options>> = {
  name: 'structural-ks',
  summary: 'Measures accuracy and speed of the structural agent in krusell-smith/annual.',
  options,
  async main({ part, size, step, epochs = EPOCHS[size], threads = null, ...chosen }, terminal) {
    const seeds = parseSeeds(chosen.seeds);
    const agent = { size, step, threads };
    if (part === 'classical') {
      const begun = process.cpuUsage();
      const { converged } = solveFine(krusellSmithModel(krusellSmithCalibration.parse({})));
      const cpuSeconds = process.cpuUsage(begun).user / 1e6;
      terminal.print(`classical: converged ${converged}, ${cpuSeconds.toFixed(1)} s of a processor`);
      return { result: { command: 'structural-ks', part, converged, cpuSeconds } };
    }
    if (part === 'paths') {
      const dispersions = chosen.paths.split(',').map((count) => {
        const found = dispersion({ ...agent, paths: Number(count) }, epochs, seeds);
        terminal.print(dispersionLine(found));
        return found;
      });
      return { result: { command: 'structural-ks', part, size, step, dispersions } };
    }
    const runs = casesOf(part, seeds, `${size} ${step}`).map(([name, one]) => {
      const learned = learnCase({ epochs, seed: 1, ...one, agent: { ...agent, ...one.agent } });
      const found = named(name, learned);
      terminal.print(line(found));
      return found;
    });
    return { result: { command: 'structural-ks', part, size, step, runs } };
  },
};

/** The runs of a part, by name. */
function casesOf(
  part: Exclude<(typeof PARTS)[number], 'classical' | 'paths'>,
  seeds: readonly number[],
  usual: string,
): readonly (readonly [name: string, one: Partial<LearnedCase>])[] {
  switch (part) {
    case 'speed':
      return [[usual, {}]];
    case 'seeds':
      return seeds.map((seed) => [`${usual} seed ${seed}`, { seed }]);
    case 'pairs':
      return Object.entries(PAIRS).map(([name, changes]) => [name, { seed: PAIR_SEED, ...changes }]);
    case 'economies':
      return ECONOMIES.map((economy) => [JSON.stringify(economy), { economy }]);
    case 'quarterly':
      return ['quarterly', 'quarterly-insured'].flatMap((name) =>
        seeds.map(
          (seed) => [`${name}, seed ${seed}`, { economy: krusellSmithCalibrations[name], seed }] as const,
        ),
      );
  }
}

interface Dispersion {
  readonly paths: number;
  readonly seeds: number;
  /** Over seeds, of log K less that of the same nodes: its mean and its standard deviation. */
  readonly bias: number;
  readonly deviation: number;
  /** Mean gaps to the fine path, the least and the largest, and to the same nodes. */
  readonly meanGaps: readonly [number, number];
  readonly sameGridGap: number;
  readonly cpuSeconds: number;
}

/** How far seeds are apart: the mean over seeds of log K less that of the same nodes, and its standard deviation. */
function dispersion(
  agent: Partial<StructuralSettings> & { readonly paths: number },
  epochs: number,
  seeds: readonly number[],
): Dispersion {
  const runs = seeds.map((seed) => learnCase({ agent, epochs, seed }));
  const biases = runs.map(({ findings }) => findings.sameGrid.bias);
  const bias = mean(biases);
  const gaps = runs.map(({ findings }) => findings.fine.mean);
  return {
    paths: agent.paths,
    seeds: seeds.length,
    bias,
    deviation: Math.sqrt(biases.reduce((sum, own) => sum + (own - bias) ** 2, 0) / (runs.length - 1)),
    meanGaps: [Math.min(...gaps), Math.max(...gaps)],
    sameGridGap: mean(runs.map(({ findings }) => findings.sameGrid.mean)),
    cpuSeconds: mean(runs.map(({ cpuSeconds }) => cpuSeconds)),
  };
}

function dispersionLine({
  paths,
  seeds,
  bias,
  deviation,
  meanGaps,
  sameGridGap,
  cpuSeconds,
}: Dispersion): string {
  return [
    `${paths} paths, ${seeds} seeds: log K off from the same nodes by ${percent(bias)}, standard deviation over seeds ${percent(deviation)};`,
    `mean gap to the fine path ${percent(meanGaps[0])} to ${percent(meanGaps[1])};`,
    `to the same nodes ${percent(sameGridGap)};`,
    `${cpuSeconds.toFixed(1)} s of processors each`,
  ].join(' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(structuralKsBench);
