/**
 * What does replaying a recorded graph lose against the same update written out by hand? Both take turns in one process, on the same
 * kernels, batch and noise.
 *
 *   npx tsx bench/replay-loss.ts [--kernels wasm] [--activation relu] [--rounds N] [--json] [--help]
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Learner } from '../agents/off-policy/agent.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { chooseKernels } from '../kernels/choose.ts';
import type { KernelSet } from '../kernels/kernels.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { createRng } from '../numerics/random.ts';
import { median } from '../numerics/statistics.ts';
import { type FusedUpdate, fusedUpdate } from './hand-fused.ts';
import { DISCOUNT_FACTOR, makeLearner, OBSERVATIONS, SEED } from './sac-update.ts';

const WIDTHS = [64, 256] as const;
const BATCH = 256;
/** Updates before the clock counts: V8 optimises as they run. */
const WARM_UP = 30;

export interface TwinOptions {
  readonly kernels: KernelSet;
  readonly hidden: number;
  readonly activation: 'relu' | 'tanh';
  readonly batch: number;
}

/** The learner that is timed in bench/sac-update.ts, and its twin by hand with the same parameters, batch and noise. */
export function makeTwins({ kernels, hidden, activation, batch }: TwinOptions): {
  readonly learner: Learner;
  readonly fused: FusedUpdate;
} {
  const learner = makeLearner(
    {
      name: kernels.name,
      backend: {
        kind: 'kernels',
        name: kernels.name,
        refused: [],
        engine: (program) => arenaEngine(program, { kernels }),
      },
    },
    { hidden: `${hidden}x${hidden}`, activation, batch, rounds: 1 },
  );
  const fused = fusedUpdate({
    kernels,
    observationSize: OBSERVATIONS,
    hidden,
    activation,
    batch,
    discountFactor: DISCOUNT_FACTOR,
    start: learner.save().engine,
    rng: createRng(SEED).split('learner').split('update noise'),
  });
  const { observations, actions, rewards, nextObservations, continues } = learner.batch();
  fused.inputs.observations.set(observations);
  fused.inputs.actions.set(actions);
  fused.inputs.rewards.set(rewards);
  fused.inputs.nextObservations.set(nextObservations);
  fused.inputs.continues.set(continues);
  return { learner, fused };
}

/** Milliseconds of updates in turn: [replayed, by hand]. */
function timeTwins(options: TwinOptions, rounds: number): readonly [number[], number[]] {
  const { learner, fused } = makeTwins(options);
  const times: [number[], number[]] = [[], []];
  for (let round = -WARM_UP; round < rounds; round++) {
    const start = performance.now();
    learner.learn(0);
    const between = performance.now();
    fused.learn();
    const end = performance.now();
    if (round < 0) continue;
    times[0].push(between - start);
    times[1].push(end - between);
  }
  return times;
}

const replayLossOptions = z.strictObject({
  rounds: z.int().min(1).max(100_000).default(100).meta({ description: 'updates of each', value: 'N' }),
  activation: z
    .enum(['relu', 'tanh'])
    .default('relu')
    .meta({ description: 'of the hidden layers: relu, tanh', value: 'NAME' }),
  kernels: z
    .enum(['native', 'wasm', 'wasm-relaxed', 'wasm-simd'])
    .default('wasm')
    .meta({ description: 'arithmetic of both: native, wasm, wasm-relaxed, wasm-simd', value: 'NAME' }),
  ...outputOptions,
});

export const replayLossBench: CommandDefinition<z.output<typeof replayLossOptions>> = {
  name: 'replay-loss',
  summary: 'Times an update replayed from a recorded graph against the same update written out by hand.',
  options: replayLossOptions,
  async main({ rounds, activation, kernels: request }, terminal) {
    const { kernels } = chooseKernels({ request });
    const timings = WIDTHS.map((hidden) => {
      terminal.note(`hidden layers ${hidden} x ${hidden} ...`);
      const [replayed, byHand] = timeTwins({ kernels, hidden, activation, batch: BATCH }, rounds);
      const loss = (statistic: (times: number[]) => number) =>
        100 * (statistic(replayed) / statistic(byHand) - 1);
      return {
        hidden: `${hidden}x${hidden}`,
        replayed: median(replayed),
        byHand: median(byHand),
        lossPercent: loss(median),
        leastLossPercent: loss((times) => Math.min(...times)),
      };
    });
    const rows = timings.map(({ hidden, replayed, byHand, lossPercent, leastLossPercent }) => [
      hidden,
      replayed.toFixed(3),
      byHand.toFixed(3),
      lossPercent.toFixed(1),
      leastLossPercent.toFixed(1),
    ]);
    terminal.print(`One update, batch ${BATCH}, ${activation}, ${kernels.name}.\n`);
    terminal.print(
      formatTable(rows, {
        header: ['hidden', 'replayed ms', 'by hand ms', 'loss % of medians', 'of the least'],
        align: ['left'],
      }),
    );
    return { result: { command: 'replay-loss', kernels: kernels.name, activation, rounds, timings } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(replayLossBench);
