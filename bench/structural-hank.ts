/**
 * HANK by structural reinforcement learning: how near the solution to first order, how fast, and what that depends on: `npx tsx bench/structural-hank.ts --help`.
 */
import { parseArgs } from 'node:util';
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
import { createRng } from '../numerics/random.ts';

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

function lines(name: string, { study, epochs: done, change, seconds, cpuSeconds }: LearnedRun): string {
  const { simulated, responses, rest } = study;
  const last = rest.wage.length - 1;
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
  const head = `${name}: rest r ${(100 * rest.interestRate[last]).toFixed(4)} %, w ${rest.wage[last].toFixed(5)}; ${done} epochs, last change ${change.toExponential(1)}, ${seconds.toFixed(0)} s (${cpuSeconds.toFixed(0)} s of processors)`;
  if (simulated === undefined) return head;
  const slopes = VARIABLE_NAMES.map((v) => {
    const [own, first] = [simulated.learned[v].slopes, simulated.linear[v].slopes];
    const off = (own.productivity ?? 0) / (first.productivity ?? 1) - 1;
    return `${v} ${percent(off)}`;
  });
  const bond = `bonds ${simulated.largestBondGap.toExponential(1)}, no wage ${percent(simulated.missedShare)}`;
  const wage = `autocorrelation of w ${simulated.learned.wage.autocorrelation.toFixed(2)} (${simulated.linear.wage.autocorrelation.toFixed(2)})`;
  return [
    head,
    `  predictable ${simulated.predictable.wage.toFixed(3)}, by shocks ${simulated.predictable.shocks.toFixed(3)}; ${bond}; ${wage}`,
    `  slopes on log z, off by ${slopes.join(', ')}`,
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

const HELP = `Accuracy and speed of the structural agent on hank.

  --part seeds | controls | rest | published   default seeds
  --size quick | notebook | paper              default quick
  --steps N                                    default ${STEPS}
  --seeds LIST                                 default 1,2,3,4,5
  --only TEXT                                  controls whose names have it
  --threads N                                  default: as many as processors
`;

function main(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      part: { type: 'string', default: 'seeds' },
      size: { type: 'string', default: 'quick' },
      steps: { type: 'string', default: String(STEPS) },
      seeds: { type: 'string', default: '1,2,3,4,5' },
      only: { type: 'string', default: '' },
      threads: { type: 'string' },
    },
  });
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  if (values.help === true) {
    print(HELP);
    return;
  }
  const common = {
    size: values.size as 'quick',
    ...(values.threads === undefined ? {} : { threads: Number(values.threads) }),
  };
  const steps = Number(values.steps);
  const seeds = (values.seeds ?? '1').split(',').map(Number);
  const learn = (name: string, one: Omit<LearnedCase, 'seed'>, seed: number) => {
    const run = learnHank({ steps, ...one, agent: { ...common, ...one.agent }, seed });
    print(lines(name, run));
  };
  if (values.part === 'controls') {
    for (const [name, one] of Object.entries(CONTROLS))
      if (name.includes(values.only ?? '')) learn(name, one, seeds[0]);
    return;
  }
  const economy =
    values.part === 'rest'
      ? hankCalibrations['without-risk']
      : values.part === 'published'
        ? hankCalibrations.published
        : {};
  for (const seed of seeds) learn(`seed ${seed}`, { economy }, seed);
}

if (process.argv[1]?.endsWith('structural-hank.ts')) main(process.argv.slice(2));
