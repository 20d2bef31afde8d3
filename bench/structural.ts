/**
 * How fast is the structural agent? Milliseconds of a gradient (one path) and of an epoch at each size, with one thread and two, state-steps per second, and, where asked for, seconds to the
 * accuracy of the gates: at quick size by both steps, at notebook size by the scaled one.
 *
 *   npx tsx bench/structural.ts [--size quick] [--epochs N] [--accuracy scaled|both|none] [--json] [--quiet] [--help]
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeLearner } from '../agents/structural/learner.ts';
import { planOf, type StructuralSettings, structuralSettings } from '../agents/structural/settings.ts';
import { firstState } from '../agents/structural/state.ts';
import { STRUCTURAL_SIZES, type Structural } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand, type Terminal } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { createRng } from '../numerics/random.ts';
import { median } from '../numerics/statistics.ts';

const SEED = 1;
/** Epochs before the clock counts: code is compiled, threads start, cross-sections settle. */
const WARM_UP = 3;
/** Time that threads are given to start. */
const START_MILLISECONDS = 1500;
/** The gates: at quick size on distances to the same grid (mean, largest in the middle, mean in the tails), at notebook size on the largest distance to the oracle in the middle. */
const QUICK_GATE = { scaled: [3e-4, 1.2e-3, 1.5e-3], adam: [1e-3, 2.5e-3, Infinity] } as const;
const NOTEBOOK_GATE = 2e-3;
const PLANNED = { scaled: 150, adam: 1000 };
const LOOK_EVERY = { scaled: 20, adam: 75 };

export interface EpochTiming {
  readonly size: string;
  readonly step: string;
  readonly threads: number;
  readonly paths: number;
  readonly milliseconds: number;
  /** Processor time of one path: forward and adjoint, its share of the rest. */
  readonly perPath: number;
  readonly stateStepsPerSecond: number;
  /** Of all threads together: steadier than wall time on a busy machine. */
  readonly cpuMilliseconds: number;
  readonly megabytes: number;
}

interface Case {
  readonly structural: Structural;
  readonly settings: StructuralSettings;
}

function caseOf(changes: Readonly<Record<string, unknown>>): Case {
  const settings = structuralSettings.parse(changes);
  const structural = environments.economy('huggett').structural({ size: settings.size });
  if (structural === undefined) throw new Error('bench: huggett has no structural form.');
  return { structural, settings };
}

function learnerOf({ structural, settings }: Case, epochs: number) {
  const plan = planOf(settings, structural);
  const state = firstState(structural, plan);
  return { plan, state, learner: makeLearner({ structural, settings, rng: createRng(SEED), epochs, state }) };
}

/** Median time of an epoch. */
async function timeEpochs(changes: Readonly<Record<string, unknown>>, epochs: number): Promise<EpochTiming> {
  const one = caseOf(changes);
  const { plan, learner } = learnerOf(one, 1000);
  const times: number[] = [];
  const processor: number[] = [];
  for (let k = 0; k < WARM_UP + epochs; k++) {
    const started = performance.now();
    const before = process.cpuUsage();
    learner.epoch();
    const used = process.cpuUsage(before);
    if (k >= WARM_UP) {
      times.push(performance.now() - started);
      processor.push((used.user + used.system) / 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, k === 0 ? START_MILLISECONDS : 0));
  }
  learner.close();
  const milliseconds = median(times);
  const cells = one.structural.population.length;
  return {
    size: one.settings.size,
    step: one.settings.step,
    threads: learner.threads,
    paths: plan.paths,
    milliseconds,
    cpuMilliseconds: median(processor),
    perPath: median(processor) / plan.paths,
    stateStepsPerSecond: (1000 * plan.paths * plan.horizon * cells) / milliseconds,
    megabytes: process.memoryUsage().rss / 1e6,
  };
}

interface Reached {
  readonly size: 'quick' | 'notebook';
  readonly step: 'scaled' | 'adam';
  /** Null where the gate was never passed. */
  readonly epochs: number | null;
  readonly seconds: number | null;
  /** Of all threads. */
  readonly cpuSeconds: number;
}

interface Gaps {
  readonly maxPriceGap: number;
  readonly meanPriceGapAll: number;
  readonly tailMeanPriceGap: number;
}

function isWithinGate(
  json: Readonly<Record<string, unknown>>,
  { size, step }: Pick<Reached, 'size' | 'step'>,
): boolean {
  const oracle = json.oracle as Gaps & { readonly sameGrid: Gaps };
  if (size === 'notebook') return oracle.maxPriceGap <= NOTEBOOK_GATE;
  const [mean, largest, tail] = QUICK_GATE[step];
  const { meanPriceGapAll, maxPriceGap, tailMeanPriceGap } = oracle.sameGrid;
  return meanPriceGapAll <= mean && maxPriceGap <= largest && tailMeanPriceGap <= tail;
}

/** Seconds of training until prices first pass the gate, looks not counted. */
async function timeToGate(size: Reached['size'], step: Reached['step']): Promise<Reached> {
  const one = caseOf({ step, size });
  const planned = PLANNED[step];
  const { state, learner } = learnerOf(one, planned);
  let seconds = 0;
  let processor = 0;
  for (let k = 1; k <= planned; k++) {
    const started = performance.now();
    const before = process.cpuUsage();
    learner.epoch();
    const used = process.cpuUsage(before);
    seconds += (performance.now() - started) / 1000;
    processor += (used.user + used.system) / 1e6;
    await new Promise((resolve) => setImmediate(resolve));
    if (k % LOOK_EVERY[step] !== 0) continue;
    const { json } = one.structural.report({ tables: state.tables, population: state.population });
    if (!isWithinGate(json, { size, step })) continue;
    learner.close();
    return { size, step, epochs: k, seconds, cpuSeconds: processor };
  }
  learner.close();
  return { size, step, epochs: null, seconds: null, cpuSeconds: processor };
}

const options = z.strictObject({
  size: z
    .enum(STRUCTURAL_SIZES)
    .optional()
    .meta({ description: 'only this size (default: all three)', value: 'NAME' }),
  epochs: z.int().min(1).default(5).meta({ description: 'epochs that are timed', value: 'N' }),
  accuracy: z.enum(['scaled', 'both', 'none']).default('scaled').meta({
    description: 'steps whose seconds to the gates are taken; adam takes minutes',
    value: 'NAME',
  }),
  ...outputOptions,
});

export const benchStructural: CommandDefinition<z.output<typeof options>> = {
  name: 'bench/structural.ts',
  summary: 'Times epochs of the structural agent on huggett, by size and threads.',
  options,
  async main({ size, epochs, accuracy }, terminal: Terminal) {
    const timings: EpochTiming[] = [];
    for (const name of size === undefined ? STRUCTURAL_SIZES : [size]) {
      for (const threads of [1, 2]) {
        terminal.note(`${name}, ${threads} threads ...`);
        timings.push(await timeEpochs({ size: name, threads }, epochs));
      }
      // What the authors' notebook simulates: 128 paths.
      if (name === 'notebook') timings.push(await timeEpochs({ size: name, threads: 2, paths: 128 }, epochs));
    }
    const rows = timings.map((one) => [
      one.size,
      String(one.threads),
      String(one.paths),
      one.milliseconds.toFixed(1),
      one.cpuMilliseconds.toFixed(1),
      one.perPath.toFixed(2),
      (one.stateStepsPerSecond / 1e6).toFixed(1),
      one.megabytes.toFixed(0),
    ]);
    const header = [
      'size',
      'threads',
      'paths',
      'ms per epoch',
      'CPU ms',
      'CPU ms per path',
      'M state-steps / s',
      'MB',
    ];
    terminal.print(formatTable(rows, { header }));
    const steps =
      accuracy === 'none' ? [] : accuracy === 'both' ? (['scaled', 'adam'] as const) : (['scaled'] as const);
    const reached: Reached[] = [];
    if (size !== 'notebook' && size !== 'paper')
      for (const step of steps) reached.push(await timeToGate('quick', step));
    if (size !== 'quick' && size !== 'paper' && steps.length > 0)
      reached.push(await timeToGate('notebook', 'scaled'));
    for (const { size: at, step, epochs: used, seconds, cpuSeconds } of reached) {
      const text =
        seconds === null
          ? 'not reached'
          : `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} of processors, ${used} epochs`;
      terminal.print(`${at}, ${step} step, to the gate: ${text}`);
    }
    return { result: { timings, reached }, exitCode: 0 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(benchStructural);
