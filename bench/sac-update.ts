/**
 * How fast is one update of soft actor-critic? Two critics as one ensemble, target critics, Adam on actor and critics, the
 * temperature, the soft update; every kernel set of this machine, and tfjs if asked for, in turn in one process.
 *
 *   npx tsx bench/sac-update.ts [--tensor wasm] [--rounds N] [--json] [--quiet] [--help]
 */
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type CommandDefinition, runCommand } from '../experiment/command.ts';
import { outputOptions } from '../experiment/options.ts';
import { formatTable } from '../experiment/table.ts';
import { availableKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import type { Engine, Program } from '../nn/engine.ts';
import { type SacExtents, sacInitial, sacProgram, sacUpdate } from '../nn/sac-program.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { createRng } from '../numerics/random.ts';
import { chooseTensorBackend, TENSOR_BACKENDS } from '../tensor/backend.ts';

const SEED = 1;
const [OBSERVATIONS, ACTIONS] = [8, 1];
const WIDTHS = [64, 256] as const;
/** Updates of one engine in a row: the first finds its data pushed out of the caches by the others. */
const UPDATES_PER_ROUND = 4;
/** Rounds before the clock counts: V8 optimises WebAssembly and JavaScript as they run. */
const WARM_UP_ROUNDS = 3;

export interface Timing {
  readonly hidden: readonly number[];
  readonly engine: string;
  /** Median and least time of one update. */
  readonly milliseconds: number;
  readonly least: number;
  /** Median time of the js kernels over this one's. */
  readonly timesJs: number;
}

type MakeEngine = (program: Program, initial: ReturnType<typeof sacInitial>) => Engine;

function fillInputs(engine: Engine, program: Program): void {
  const rng = createRng(SEED).split('inputs');
  for (const { inputs } of Object.values(program.phases)) {
    for (const name of Object.keys(inputs)) {
      if (name === 'terminated') engine.input(name).fill(0);
      else rng.fillNormal(engine.input(name));
    }
  }
}

function median(sorted: readonly number[]): number {
  return 0.5 * (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]);
}

/** Times all engines in turn, round by round, so that what else the machine does falls on all alike. */
function timeEngines(extents: SacExtents, makers: readonly MakeEngine[], rounds: number): Timing[] {
  const program = sacProgram(extents);
  const initial = sacInitial(program, createRng(SEED).split('parameters'));
  const engines = makers.map((make) => make(program, initial));
  const times: number[][] = engines.map(() => []);
  for (const engine of engines) fillInputs(engine, program);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    engines.forEach((engine, i) => {
      for (let update = 0; update < UPDATES_PER_ROUND; update++) {
        const start = performance.now();
        sacUpdate(engine, extents.batch);
        const elapsed = performance.now() - start;
        if (round >= 0) times[i].push(elapsed);
      }
    });
  }
  const sorted = times.map((own) => own.sort((a, b) => a - b));
  const js = engines.findIndex(({ description }) => description === 'js');
  const timings = engines.map(({ description }, i) => ({
    hidden: extents.hidden,
    engine: description,
    milliseconds: median(sorted[i]),
    least: sorted[i][0],
    timesJs: median(sorted[js]) / median(sorted[i]),
  }));
  for (const engine of engines) engine.dispose();
  return timings;
}

const benchOptions = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .max(10_000)
    .default(15)
    .meta({ description: `of ${UPDATES_PER_ROUND} updates per engine`, value: 'N' }),
  batch: z.int().min(1).max(65_536).default(256).meta({ description: 'rows of a minibatch', value: 'N' }),
  tensor: z
    .enum(['none', 'auto', ...TENSOR_BACKENDS])
    .default('none')
    .meta({
      description: `also time tfjs on this backend: none, auto, ${TENSOR_BACKENDS.join(', ')}`,
      value: 'NAME',
    }),
  ...outputOptions,
});

export const sacUpdateBench: CommandDefinition<z.output<typeof benchOptions>> = {
  name: 'sac-update',
  summary: 'Times one update of soft actor-critic with every kernel set, interleaved in one process.',
  options: benchOptions,
  async main({ rounds, batch, tensor }, terminal) {
    const makers: MakeEngine[] = availableKernels().map(
      (kernels) => (program, initial) => arenaEngine(program, { kernels, initial }),
    );
    if (tensor !== 'none') {
      const { tf } = await chooseTensorBackend({ request: tensor });
      makers.push((program, initial) => tensorEngine(program, { tf, initial }));
    }
    const timings = WIDTHS.flatMap((width) => {
      terminal.note(`hidden layers ${width} x ${width} ...`);
      const extents = { batch, observations: OBSERVATIONS, actions: ACTIONS, hidden: [width, width] };
      return timeEngines(extents, makers, rounds);
    });
    const rows = timings.map(({ hidden, engine, milliseconds, least, timesJs }) => [
      hidden.join(' x '),
      engine,
      milliseconds.toFixed(2),
      least.toFixed(2),
      timesJs.toFixed(1),
    ]);
    terminal.print(`One update, batch ${batch}, observation ${OBSERVATIONS}, action ${ACTIONS}.\n`);
    terminal.print(
      formatTable(rows, {
        header: ['hidden', 'engine', 'median ms', 'least ms', 'times js'],
        align: ['left', 'left'],
      }),
    );
    return { result: { command: 'sac-update', batch, rounds, timings } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(sacUpdateBench);
