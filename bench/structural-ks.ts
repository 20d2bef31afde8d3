/**
 * Krusell-Smith by structural reinforcement learning: how accurate and how fast, on one core or several: `npx tsx bench/structural-ks.ts --help`. Accuracy is the path test: the same start and the same
 * shocks as a classical path (envs/krusell-smith/structural-reference.ts).
 */
import { parseArgs } from 'node:util';
import { makeLearner } from '../agents/structural/learner.ts';
import { planOf, type StructuralSettings, structuralSettings } from '../agents/structural/settings.ts';
import { firstState } from '../agents/structural/state.ts';
import type { Structural } from '../core/structural.ts';
import { krusellSmithCalibration } from '../envs/krusell-smith/calibration.ts';
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

  --part speed | seeds | paths | classical     what to measure; default speed
  --size quick | notebook | paper              numerical size; default quick
  --step scaled | adam                         default scaled
  --epochs N                                   default 150, notebook 300; paper: 3, for its time
  --threads N                                  default: as many as processors
`;

const EPOCHS = { quick: 150, notebook: 300, paper: 3 } as const;
const SEEDS = [1, 2, 3, 4, 5];
const PATHS = [16, 64, 512];

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', default: 'speed' },
      size: { type: 'string', default: 'quick' },
      step: { type: 'string', default: 'scaled' },
      epochs: { type: 'string' },
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
  if (values.part === 'seeds') {
    for (const seed of SEEDS) write(line(`${size} ${step} seed ${seed}`, learnCase({ agent, epochs, seed })));
    return;
  }
  if (values.part === 'paths') {
    dispersion(agent, epochs, write);
    return;
  }
  write(line(`${size} ${step}`, learnCase({ agent, epochs, seed: 1 })));
  write(`the whole command so far: ${process.uptime().toFixed(1)} s`);
}

/** How far seeds are apart, by the number of paths of an epoch: standard deviation over seeds of mean log K along the path. */
function dispersion(agent: Partial<StructuralSettings>, epochs: number, write: (text: string) => void): void {
  for (const paths of PATHS) {
    const runs = SEEDS.map((seed) => learnCase({ agent: { ...agent, paths }, epochs, seed }));
    const biases = runs.map(({ findings }) => findings.sameGrid.bias);
    const mean = biases.reduce((a, b) => a + b, 0) / runs.length;
    const deviation = Math.sqrt(biases.reduce((sum, b) => sum + (b - mean) ** 2, 0) / (runs.length - 1));
    write(
      `${paths} paths: mean log K off by ${percent(mean)}, standard deviation over seeds ${percent(deviation)}`,
    );
  }
}

if (process.argv[1]?.endsWith('structural-ks.ts')) main(process.argv.slice(2));
