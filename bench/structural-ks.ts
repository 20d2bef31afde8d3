/**
 * Krusell-Smith by structural reinforcement learning: how accurate and how fast, on one core or several: `npx tsx bench/structural-ks.ts --help`. Accuracy is the path test: the same start and the same
 * shocks as a classical path (envs/krusell-smith/structural-reference.ts).
 */
import { parseArgs } from 'node:util';
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
import { createRng } from '../numerics/random.ts';

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

function line(name: string, { findings, epochs, seconds, secondsPerEpoch, cpuSeconds }: LearnedRun): string {
  const { fine, sameGrid } = findings;
  return [
    name.padEnd(34),
    `log K: mean ${percent(fine.mean)}, max ${percent(fine.max)}, correlation ${fine.correlation.toFixed(5)};`,
    `same nodes: mean ${percent(sameGrid.mean)};`,
    `${epochs} epochs, ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of processors), ${(1000 * secondsPerEpoch).toFixed(0)} ms an epoch`,
  ].join(' ');
}

const HELP = `Accuracy and speed of the structural agent on krusell-smith/annual.

  --part NAME                       what to measure; default speed:
      speed       one run
      seeds       accuracy over five seeds
      pairs       runs that differ from another in one thing each
      economies   other calibrations, untuned
      quarterly   with jobs, and with jobs and benefits
      paths       how far seeds are apart, by the number of paths of an epoch
      classical   time of the classical solution
  --size quick | notebook | paper   numerical size; default quick
  --step scaled | adam              default scaled
  --epochs N                        planned; default 200, notebook 300; paper: 3, for its time
  --seeds N                         of seeds, paths; default 5
  --paths LIST                      of paths; default 16,64,512
  --threads N                       default: as many as processors
`;

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

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', default: 'speed' },
      size: { type: 'string', default: 'quick' },
      step: { type: 'string', default: 'scaled' },
      epochs: { type: 'string' },
      seeds: { type: 'string', default: '5' },
      paths: { type: 'string', default: '16,64,512' },
      threads: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const write = (text: string) => {
    process.stdout.write(`${text}\n`);
  };
  if (values.help) {
    write(HELP);
    return;
  }
  const size = structuralSettings.shape.size.parse(values.size);
  const step = structuralSettings.shape.step.parse(values.step);
  const epochs = Number(values.epochs ?? EPOCHS[size]);
  const threads = values.threads === undefined ? null : Number(values.threads);
  const agent = { size, step, threads };
  if (values.part === 'classical') {
    const begun = process.cpuUsage();
    const solution = solveFine(krusellSmithModel(krusellSmithCalibration.parse({})));
    const { user } = process.cpuUsage(begun);
    write(`classical: converged ${solution.converged}, ${(user / 1e6).toFixed(1)} s of a processor`);
    return;
  }
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
  const run = (name: string, learned: Partial<LearnedCase>) =>
    write(line(name, learnCase({ agent, epochs, seed: 1, ...learned })));
  if (values.part === 'seeds') {
    for (const seed of seeds) run(`${size} ${step} seed ${seed}`, { seed });
    return;
  }
  if (values.part === 'pairs') {
    for (const [name, changes] of Object.entries(PAIRS))
      run(name, { seed: PAIR_SEED, ...changes, agent: { ...agent, ...changes.agent } });
    return;
  }
  if (values.part === 'economies') {
    for (const economy of ECONOMIES) run(JSON.stringify(economy), { economy });
    return;
  }
  if (values.part === 'quarterly') {
    for (const name of ['quarterly', 'quarterly-insured']) {
      const economy = krusellSmithCalibrations[name];
      for (const seed of seeds) run(`${name}, seed ${seed}`, { economy, seed });
    }
    return;
  }
  if (values.part === 'paths') {
    for (const paths of String(values.paths).split(',').map(Number))
      write(dispersion({ ...agent, paths }, epochs, seeds));
    return;
  }
  write(line(`${size} ${step}`, learnCase({ agent, epochs, seed: 1 })));
  write(`the whole command so far: ${process.uptime().toFixed(1)} s`);
}

/** How far seeds are apart: the mean over seeds of log K less that of the same nodes, and its standard deviation. */
function dispersion(agent: Partial<StructuralSettings>, epochs: number, seeds: readonly number[]): string {
  const runs = seeds.map((seed) => learnCase({ agent, epochs, seed }));
  const biases = runs.map(({ findings }) => findings.sameGrid.bias);
  const over = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const middle = over(biases);
  const deviation = Math.sqrt(
    biases.reduce((sum, bias) => sum + (bias - middle) ** 2, 0) / (runs.length - 1),
  );
  const gaps = runs.map(({ findings }) => findings.fine.mean);
  return [
    `${agent.paths} paths, ${seeds.length} seeds: log K off from the same nodes by ${percent(middle)}, standard deviation over seeds ${percent(deviation)};`,
    `mean gap to the fine path ${percent(Math.min(...gaps))} to ${percent(Math.max(...gaps))};`,
    `to the same nodes ${percent(over(runs.map(({ findings }) => findings.sameGrid.mean)))};`,
    `${over(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s of processors each`,
  ].join(' ');
}

if (process.argv[1]?.endsWith('structural-ks.ts')) main(process.argv.slice(2));
