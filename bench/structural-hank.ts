/**
 * HANK by structural reinforcement learning: how near the solution to first order, how fast, and what that depends on: `npx tsx bench/structural-hank.ts --help`.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeLearner } from '../agents/structural/learner.ts';
import { planOf, type StructuralSettings, structuralSettings } from '../agents/structural/settings.ts';
import { firstState } from '../agents/structural/state.ts';
import type { Structural } from '../core/structural.ts';
import { hankCalibration, hankCalibrations } from '../envs/hank/calibration.ts';
import { hankSetup } from '../envs/hank/setup.ts';
import { hankStructural } from '../envs/hank/structural.ts';
import { recommendedCore } from '../envs/hank/structural-core.ts';
import { publishedCore } from '../envs/hank/structural-published.ts';
import { structuralSetup } from '../envs/hank/structural-sizes.ts';
import { type Study, studyTables, VARIABLE_NAMES } from '../envs/hank/structural-study.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions, parseSeeds } from '../experiment/cli/options.ts';
import { createRng } from '../numerics/random.ts';
import { seedsOption, sizeOption, threadsOption } from './structural-options.ts';

export interface LearnedCase {
  /** Settings of the economy and of the agent that differ from their defaults. */
  readonly economy?: Readonly<Record<string, unknown>>;
  readonly agent?: Readonly<Partial<StructuralSettings>>;
  /** Training steps, of so many epochs as the economy suggests. */
  readonly steps?: number;
  readonly seed: number;
}

export interface LearnedRun {
  readonly study: Study;
  readonly epochs: number;
  /** Of the last epoch. */
  readonly change: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const STEPS = 200;

/** Learns by epochs and studies the tables; seconds are of learning alone. Throws what economy and agent throw. */
export function learnHank({ economy = {}, agent = {}, steps = STEPS, seed }: LearnedCase): LearnedRun {
  const model = hankSetup(hankCalibration.parse(economy));
  const settings = structuralSettings.parse(agent);
  const { size, assetNodes, priceNodes, shockNodes } = settings;
  const request = { size, assetNodes, priceNodes, shockNodes };
  const structural = hankStructural(model, request) as unknown as Structural;
  const plan = planOf(settings, structural);
  const epochs = steps * plan.epochsPerStep;
  const state = firstState(structural, plan);
  const learner = makeLearner({ structural, settings, rng: createRng(seed), epochs, state });
  const begun = performance.now();
  const used = process.cpuUsage();
  for (let k = 0; k < epochs; k++) if (learner.epoch().converged === 'yes') break;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  learner.close();
  const setup = structuralSetup(model, request);
  const core = setup.information === 'published' ? publishedCore(setup) : recommendedCore(setup);
  const study = studyTables(model, setup, core, state);
  return { study, epochs: state.epochs, change: state.change, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** A run as it is reported: numbers without their paths. Without aggregate shocks there is no simulation. */
function findings({ study, ...cost }: LearnedRun) {
  const { simulated, responses, rest } = study;
  const last = rest.wage.length - 1;
  return {
    ...cost,
    rest: { interestRate: rest.interestRate[last], wage: rest.wage[last] },
    responses: responses.map(({ shock, gaps }) => ({ shock, gaps })),
    simulated: simulated && {
      predictable: simulated.predictable,
      largestBondGap: simulated.largestBondGap,
      missedShare: simulated.missedShare,
      wageAutocorrelation: {
        learned: simulated.learned.wage.autocorrelation,
        linear: simulated.linear.wage.autocorrelation,
      },
      /** Slopes on log z over those of the solution to first order, less one. */
      slopeErrors: Object.fromEntries(
        VARIABLE_NAMES.map((v) => {
          const [own, first] = [simulated.learned[v].slopes, simulated.linear[v].slopes];
          return [v, (own.productivity ?? 0) / (first.productivity ?? 1) - 1];
        }),
      ),
    },
  };
}

function lines(name: string, found: ReturnType<typeof findings>): string {
  const { epochs: done, change, seconds, cpuSeconds, rest, responses, simulated } = found;
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
  const head = `${name}: rest r ${(100 * rest.interestRate).toFixed(4)} %, w ${rest.wage.toFixed(5)}; ${done} epochs, last change ${change.toExponential(1)}, ${seconds.toFixed(0)} s (${cpuSeconds.toFixed(0)} s of processors)`;
  if (simulated === undefined) return head;
  const { predictable, wageAutocorrelation, slopeErrors } = simulated;
  const bond = `bonds ${simulated.largestBondGap.toExponential(1)}, no wage ${percent(simulated.missedShare)}`;
  const wage = `autocorrelation of w ${wageAutocorrelation.learned.toFixed(2)} (${wageAutocorrelation.linear.toFixed(2)})`;
  return [
    head,
    `  predictable ${predictable.wage.toFixed(3)}, by shocks ${predictable.shocks.toFixed(3)}; ${bond}; ${wage}`,
    `  slopes on log z, off by ${VARIABLE_NAMES.map((v) => `${v} ${percent(slopeErrors[v])}`).join(', ')}`,
    ...responses.map(
      ({ shock, gaps }) =>
        `  response to ${shock}, gap over peak: ${VARIABLE_NAMES.map((v) => `${v} ${percent(gaps[v])}`).join(', ')}`,
    ),
  ].join('\n');
}

/** One thing changed each. */
const CONTROLS: Readonly<Record<string, Omit<LearnedCase, 'seed'>>> = {
  'as it is': {},
  'the gradient of profits (trace 1)': { economy: { trace: 1 }, agent: { aggregateLearningRate: 0.05 } },
  'trace .9': { economy: { trace: 0.9 }, agent: { aggregateLearningRate: 0.08 } },
  'trace .4': { economy: { trace: 0.4 }, agent: { aggregateLearningRate: 0.25 } },
  'households at half the rate': { agent: { learningRate: 0.05 } },
  'firms at half the rate': { agent: { aggregateLearningRate: 0.075 } },
  'twice as long': { steps: 2 * STEPS },
  '13 nodes of log z': { agent: { priceNodes: 13 } },
  '120 asset nodes': { agent: { assetNodes: 120 } },
  'shocks of a seventh': { economy: { productivityDeviation: 0.01, monetaryDeviation: 0.0003 } },
  'cost of prices 50': { economy: { adjustmentCost: 50 } },
  'cost of prices 200': { economy: { adjustmentCost: 200 } },
};

const PARTS = ['seeds', 'controls', 'rest', 'published'] as const;

/** What the economy of a part has that others do not. */
const CALIBRATIONS: Readonly<Record<(typeof PARTS)[number], Readonly<Record<string, unknown>>>> = {
  seeds: {},
  controls: {},
  rest: hankCalibrations['without-risk'],
  published: hankCalibrations.published,
};

const options = z.strictObject({
  part: z
    .enum(PARTS)
    .default('seeds')
    .meta({
      description:
        'what to measure: accuracy over seeds, runs that differ in one thing each with the first seed (controls), the economy without aggregate shocks ' +
        '(rest), or the published information',
      value: 'NAME',
      allowed: PARTS.join(', '),
    }),
  size: sizeOption,
  steps: z
    .int()
    .min(1)
    .default(STEPS)
    .meta({ description: 'training steps, of some epochs each', value: 'N' }),
  seeds: seedsOption,
  only: z.string().default('').meta({ description: 'controls whose names have it', value: 'TEXT' }),
  threads: threadsOption,
  ...outputOptions,
});

export const structuralHankBench: CommandDefinition<z.output<typeof options>> = {
  name: 'structural-hank',
  summary: 'Measures accuracy and speed of the structural agent in hank.',
  options,
  async main({ part, size, steps, threads = null, only, ...chosen }, terminal) {
    const seeds = parseSeeds(chosen.seeds);
    const cases: readonly (readonly [name: string, one: LearnedCase])[] =
      part === 'controls'
        ? Object.entries(CONTROLS)
            .filter(([name]) => name.includes(only))
            .map(([name, one]) => [name, { ...one, seed: seeds[0] }])
        : seeds.map((seed) => [`seed ${seed}`, { economy: CALIBRATIONS[part], seed }]);
    const runs = cases.map(([name, one]) => {
      const run = learnHank({ steps, ...one, agent: { size, threads, ...one.agent } });
      const found = findings(run);
      terminal.print(lines(name, found));
      return { name, ...found };
    });
    return { result: { command: 'structural-hank', part, size, steps, runs } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(structuralHankBench);
