/**
 * How fast is one update of soft actor-critic? The learner's own: noise, critics, actor and temperature, Adam, slow averages; all
 * but the draw of the batch. Every kernel set of this machine and the tensor engine take turns in one process.
 *
 *   npx tsx bench/sac-update.ts [--tensor none] [--activation relu] [--rounds N] [--batch N] [--json] [--quiet] [--help]
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Learner } from '../agents/off-policy/agent.ts';
import { sacLearner } from '../agents/sac/learner.ts';
import { sacSettings } from '../agents/sac/settings.ts';
import type { Backend } from '../core/method.ts';
import { type Box, unitBox } from '../core/spaces.ts';
import { type CommandDefinition, runCommand, type Terminal } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { availableKernels, chooseKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { createRng } from '../numerics/random.ts';
import { median } from '../numerics/statistics.ts';
import { chooseTensorBackend, TENSOR_BACKENDS } from '../tensor/backend.ts';

export const SEED = 1;
export const OBSERVATIONS = 8;
const ACTIONS = 1;
export const DISCOUNT_FACTOR = 0.99;
const WIDTHS = [64, 256] as const;
/** Updates of one engine in a row: the first finds its data pushed out of the caches by the others. */
const UPDATES_PER_ROUND = 4;
/** Rounds before the clock counts: V8 optimises WebAssembly and JavaScript as they run. */
const WARM_UP_ROUNDS = 3;
const REFERENCE = 'js';

export interface Timing {
  readonly hidden: string;
  readonly engine: string;
  /** Median and least time of one update. */
  readonly milliseconds: number;
  readonly least: number;
  /** Median time of the js kernels over this one's. */
  readonly timesJs: number;
}

export interface Contender {
  readonly name: string;
  readonly backend: Backend;
}

export interface Sizes {
  readonly hidden: string;
  readonly activation: 'relu' | 'tanh';
  readonly batch: number;
  readonly rounds: number;
}

function space(prefix: string, size: number): Box {
  return unitBox(Object.fromEntries(Array.from({ length: size }, (_, i) => [`${prefix}${i}`, [-1, 1]])));
}

/** A learner with its default settings otherwise, and a batch of normal numbers in its inputs, none of it terminated. */
export function makeLearner({ backend }: Contender, { hidden, activation, batch }: Sizes): Learner {
  const rng = createRng(SEED);
  const learner = sacLearner({
    observationSpace: space('observation', OBSERVATIONS),
    actionSpace: space('action', ACTIONS),
    rows: 1,
    discountFactor: DISCOUNT_FACTOR,
    steps: 1,
    settings: sacSettings.parse({ hidden, activation, batchSize: batch }),
    rng: rng.split('learner'),
    backend,
  });
  const { continues, ...normal } = learner.batch();
  continues.fill(1);
  const normals = rng.split('batch');
  for (const values of Object.values(normal)) normals.fillNormal(values);
  return learner;
}

/** Times all in turn, round by round, so that what else the machine does falls on all alike. */
function timeUpdates(contenders: readonly Contender[], sizes: Sizes): Timing[] {
  const learners = contenders.map((contender) => makeLearner(contender, sizes));
  const times: number[][] = learners.map(() => []);
  for (let round = -WARM_UP_ROUNDS; round < sizes.rounds; round++) {
    learners.forEach((learner, i) => {
      for (let update = 0; update < UPDATES_PER_ROUND; update++) {
        const start = performance.now();
        learner.learn(0);
        const elapsed = performance.now() - start;
        if (round >= 0) times[i].push(elapsed);
      }
    });
  }
  const reference = median(times[contenders.findIndex(({ name }) => name === REFERENCE)]);
  return contenders.map(({ name }, i) => {
    const milliseconds = median(times[i]);
    return {
      hidden: sizes.hidden,
      engine: name,
      milliseconds,
      least: Math.min(...times[i]),
      timesJs: reference / milliseconds,
    };
  });
}

function kernelContenders(): Contender[] {
  return availableKernels().map((kernels) => ({
    name: kernels.name,
    backend: {
      kind: 'kernels',
      name: kernels.name,
      refused: [],
      engine: (program) => arenaEngine(program, { kernels }),
    },
  }));
}

/** The tensor engine, unless it is not wanted or does not load: then a remark in its place. */
async function tensorContenders(
  request: 'none' | 'auto' | (typeof TENSOR_BACKENDS)[number],
  terminal: Terminal,
): Promise<Contender[]> {
  if (request === 'none') return [];
  try {
    const { tf, backend: name, refused } = await chooseTensorBackend({ request });
    const engine: Backend['engine'] = (program) => tensorEngine(program, { tf });
    return [{ name: `tensor:${name}`, backend: { kind: 'tensor', name, refused, engine } }];
  } catch (error) {
    terminal.warn(`left out: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

const benchOptions = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .max(10_000)
    .default(15)
    .meta({ description: `of ${UPDATES_PER_ROUND} updates per engine`, value: 'N' }),
  batch: z.int().min(1).max(65_536).default(256).meta({ description: 'rows of a minibatch', value: 'N' }),
  activation: z
    .enum(['relu', 'tanh'])
    .default(sacSettings.shape.activation.parse(undefined))
    .meta({ description: 'of the hidden layers: relu, tanh', value: 'NAME' }),
  tensor: z
    .enum(['none', 'auto', ...TENSOR_BACKENDS])
    .default('wasm')
    .meta({
      description: `tfjs backend of the tensor engine: none, auto, ${TENSOR_BACKENDS.join(', ')}`,
      value: 'NAME',
    }),
  ...outputOptions,
});

export const sacUpdateBench: CommandDefinition<z.output<typeof benchOptions>> = {
  name: 'sac-update',
  summary:
    'Times one update of soft actor-critic on every engine of this machine, interleaved in one process.',
  options: benchOptions,
  async main({ rounds, batch, activation, tensor }, terminal) {
    for (const { name, reason } of chooseKernels().refused) terminal.note(`${name} left out: ${reason}`);
    const contenders = [...kernelContenders(), ...(await tensorContenders(tensor, terminal))];
    const timings = WIDTHS.flatMap((width) => {
      terminal.note(`hidden layers ${width} x ${width} ...`);
      return timeUpdates(contenders, { hidden: `${width}x${width}`, activation, batch, rounds });
    });
    const rows = timings.map(({ hidden, engine, milliseconds, least, timesJs }) => [
      hidden,
      engine,
      milliseconds.toFixed(2),
      least.toFixed(2),
      timesJs.toFixed(1),
    ]);
    terminal.print(
      `One update, batch ${batch}, observation ${OBSERVATIONS}, action ${ACTIONS}, ${activation}.\n`,
    );
    terminal.print(
      formatTable(rows, {
        header: ['hidden', 'engine', 'median ms', 'least ms', 'times js'],
        align: ['left', 'left'],
      }),
    );
    return { result: { command: 'sac-update', batch, activation, rounds, timings } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(sacUpdateBench);
