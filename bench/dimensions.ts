/** The sizes that users choose, and what is timed at each. */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { gridAgent } from '../agents/grid/index.ts';
import { gridSettings } from '../agents/grid/settings.ts';
import { makeLearner as makeStructuralLearner } from '../agents/structural/learner.ts';
import { planOf, structuralSettings } from '../agents/structural/settings.ts';
import { firstState } from '../agents/structural/state.ts';
import { makeBatchedEnv } from '../core/index.ts';
import type { CreateOptions } from '../core/method.ts';
import { environments } from '../envs/index.ts';
import { chooseKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { createRng } from '../numerics/random.ts';
import { makeLearner } from './sac-update.ts';

/** Something ready to be timed again and again. */
export interface Timed {
  /** Of one unit of work. */
  milliseconds(): Promise<number>;
  close?(): void;
}

export interface Dimension {
  readonly name: string;
  /** Of the plot. */
  readonly title: string;
  /** What is counted. */
  readonly unit: string;
  /** What a cost is of. */
  readonly cost: string;
  readonly sizes: readonly number[];
  /** Throws where the size cannot be. */
  prepare(size: number): Promise<Timed>;
}

/** Processor time of all threads. */
function cpuMilliseconds(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Long enough for the clock, milliseconds. */
const LEAST = 30;

/** V8 optimises what runs often; what takes long is warm after once. */
const WARM_UP = 200;

/** Repeats work until the clock is fine enough; processor time of one. */
function repeated(work: () => void): Timed {
  const begun = process.cpuUsage();
  do work();
  while (cpuMilliseconds(begun) < WARM_UP);
  return {
    milliseconds: async () => {
      const started = process.cpuUsage();
      let done = 0;
      do {
        work();
        done++;
      } while (cpuMilliseconds(started) < LEAST);
      return cpuMilliseconds(started) / done;
    },
  };
}

async function household(agents: number): Promise<Timed> {
  const env = makeBatchedEnv(environments.economy('marl-bc/rbc-textbook', { households: agents }), {
    copies: 1,
  });
  env.reset({ seed: 1 });
  env.actions.household.forEach((_, i, actions) => {
    actions[i] = ((i * 37) % 100) / 50 - 1;
  });
  return repeated(() => {
    for (let t = 0; t < 100; t++) env.step();
  });
}

async function gridSolve(nodes: number): Promise<Timed> {
  const economy = environments.economy('jesusfv');
  const options = {
    economy,
    settings: gridSettings.parse({ nodes }),
    discountFactor: economy.discountFactors.household,
    rng: createRng(1),
  };
  return repeated(() => {
    // Spaces, rows and a backend are for learners from experience.
    const agent = gridAgent(options as unknown as CreateOptions<typeof options.settings>);
    while (agent.converged !== true) agent.update?.();
  });
}

const EPOCHS = 1000;
/** Threads start in the background. */
const START_MILLISECONDS = 1000;

async function epoch(changes: Readonly<Record<string, number>>, clock: 'processor' | 'wall'): Promise<Timed> {
  const settings = structuralSettings.parse({ threads: 1, ...changes });
  const { size, assetNodes, priceNodes } = settings;
  const structural = environments.economy('huggett').structural({ size, assetNodes, priceNodes });
  if (structural === undefined) throw new Error('huggett has no structural form.');
  const state = firstState(structural, planOf(settings, structural));
  const learner = makeStructuralLearner({ structural, settings, rng: createRng(1), epochs: EPOCHS, state });
  learner.epoch();
  if (learner.threads > 1) await new Promise((resolve) => setTimeout(resolve, START_MILLISECONDS));
  learner.epoch();
  return {
    milliseconds: async () => {
      const [wall, used] = [performance.now(), process.cpuUsage()];
      learner.epoch();
      return clock === 'wall' ? performance.now() - wall : cpuMilliseconds(used);
    },
    close: () => learner.close(),
  };
}

async function update({ width = 64, batch = 256 }): Promise<Timed> {
  const { kernels } = chooseKernels();
  const contender = {
    name: kernels.name,
    backend: {
      kind: 'kernels',
      name: kernels.name,
      refused: [],
      engine: (program: Parameters<typeof arenaEngine>[0]) => arenaEngine(program, { kernels }),
    },
  };
  const learner = makeLearner(contender, {
    hidden: `${width}x${width}`,
    activation: 'tanh',
    batch,
    rounds: 1,
  });
  for (let k = 0; k < 20; k++) learner.learn(0);
  return repeated(() => {
    learner.learn(0);
  });
}

/** 1, 2, 4, ... and all of them. */
function threadCounts(): readonly number[] {
  const most = Math.min(8, availableParallelism());
  return [1, 2, 4, 8].filter((threads) => threads <= Math.max(2, most));
}

export const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'agents',
    title: 'A hundred periods of marl-bc by households',
    unit: 'households',
    cost: '100 periods',
    sizes: [1, 4, 16, 64, 256, 1024, 2000],
    prepare: household,
  },
  {
    name: 'grid-points',
    title: 'Solving jesusfv on a grid, accelerated, by nodes of capital',
    unit: 'nodes of capital',
    cost: 'a solution',
    sizes: [500, 1000, 2000, 4000, 8000, 16_000],
    prepare: gridSolve,
  },
  {
    name: 'paths',
    title: 'An epoch of the structural agent in huggett by simulated paths',
    unit: 'paths',
    cost: 'an epoch',
    sizes: [4, 8, 16, 32, 64, 128],
    prepare: (paths) => epoch({ paths }, 'processor'),
  },
  {
    name: 'asset-nodes',
    title: 'An epoch of the structural agent in huggett by nodes of assets',
    unit: 'nodes of assets',
    cost: 'an epoch',
    sizes: [25, 50, 100, 200, 400],
    prepare: (assetNodes) => epoch({ assetNodes }, 'processor'),
  },
  {
    name: 'price-nodes',
    title: 'An epoch of the structural agent in huggett by nodes of the price',
    unit: 'nodes of the price',
    cost: 'an epoch',
    sizes: [5, 10, 20, 40, 80],
    prepare: (priceNodes) => epoch({ priceNodes }, 'processor'),
  },
  {
    name: 'width',
    title: 'An update of soft actor-critic by width of both hidden layers',
    unit: 'units of a layer',
    cost: 'an update',
    sizes: [16, 32, 64, 128, 256, 512],
    prepare: (width) => update({ width }),
  },
  {
    name: 'batch',
    title: 'An update of soft actor-critic by rows of a batch',
    unit: 'rows',
    cost: 'an update',
    sizes: [32, 64, 128, 256, 512, 1024, 2048],
    prepare: (batch) => update({ batch }),
  },
  {
    name: 'threads',
    title: 'An epoch of the structural agent in huggett by threads, of the clock on the wall',
    unit: 'threads',
    cost: 'an epoch',
    sizes: threadCounts(),
    prepare: (threads) => epoch({ threads, paths: 64 }, 'wall'),
  },
];
