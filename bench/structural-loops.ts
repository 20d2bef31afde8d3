/**
 * How much faster are the structural agent's loops over cells in WebAssembly than in JavaScript, and how far from C? On the arrays of a path as training leaves them, in turn and in one process: the
 * forward lottery (tables mixed, next assets among the nodes, mass moved) and the backward pass (agents/structural/adjoint.ts), nanoseconds per cell and period; then whole epochs, processor time of
 * one thread, with what the economy itself does. C is compiled for the occasion where there is a compiler, for the vectors of this processor, and called once per loop as an addon would be.
 *
 *   npx tsx bench/structural-loops.ts [--case huggett-quick] [--rounds N] [--epochs N] [--json] [--quiet] [--help]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { adjoint, type Contributions } from '../agents/structural/adjoint.ts';
import { makeLearner } from '../agents/structural/learner.ts';
import type { Loops } from '../agents/structural/loops.ts';
import { jsLoops } from '../agents/structural/loops-js.ts';
import { type LoopKernels, loopsBy } from '../agents/structural/loops-wasm.ts';
import { arraysOf, bytesOf, type Room, sharedMemory } from '../agents/structural/room.ts';
import { type Plan, planOf, structuralSettings } from '../agents/structural/settings.ts';
import { simulatePath } from '../agents/structural/simulate.ts';
import { firstState, type LearnerState } from '../agents/structural/state.ts';
import { makeTape, type Tape } from '../agents/structural/tape.ts';
import type { Structural } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { findCompiler, headers, PLATFORM_FLAGS } from '../kernels/native/compile.ts';
import { createRng } from '../numerics/random.ts';
import { median } from '../numerics/statistics.ts';

const CASES = {
  'huggett-quick': { env: 'huggett', size: 'quick' },
  'huggett-notebook': { env: 'huggett', size: 'notebook' },
  'krusell-smith-quick': { env: 'krusell-smith', size: 'quick' },
} as const;
type CaseName = keyof typeof CASES;
const NAMES = Object.keys(CASES) as readonly CaseName[];

const SEED = 1;
/** Epochs before a path is taken, and before the clock counts. */
const WARM_UP = 5;
/** Rounds before the clock counts: V8 optimises as they run. */
const WARM_UP_ROUNDS = 10;

/** `same`: products rounded before they are added, as in JavaScript. `fused`: not, and in vectors of 512 bits where there are any. */
const C_FLAGS = {
  c: ['-ffp-contract=off'],
  'c-fused': ['-ffp-contract=fast', ...(process.arch === 'x64' ? ['-mprefer-vector-width=512'] : [])],
} as const;

interface Trained {
  readonly structural: Structural;
  readonly plan: Plan;
  readonly state: LearnerState;
}

function learnerOf(name: CaseName, loops: 'js' | 'wasm') {
  const { env, size } = CASES[name];
  const settings = structuralSettings.parse({ size, threads: 1 });
  const structural = environments.economy(env).structural({ size });
  if (structural === undefined) throw new Error(`bench: ${env} has no structural form.`);
  const plan = planOf(settings, structural);
  const state = firstState(structural, plan);
  const rng = createRng(SEED);
  return {
    structural,
    plan,
    state,
    learner: makeLearner({ structural, settings, rng, epochs: 1000, state, loops }),
  };
}

function train(name: CaseName): Trained {
  const { structural, plan, state, learner } = learnerOf(name, 'wasm');
  for (let epoch = 0; epoch < WARM_UP; epoch++) learner.epoch();
  learner.close();
  return { structural, plan, state };
}

/** A path of training in one memory, and what its two passes read and write. */
export interface Recorded {
  readonly trained: Trained;
  readonly tape: Tape;
  readonly tables: readonly Float64Array[];
  readonly firstMass: Float64Array;
  readonly mass: Float64Array;
  /** Next assets and who is bound, of all periods: [T, J]. */
  readonly next: readonly Float64Array[];
  readonly bound: readonly Uint8Array[];
  readonly out: Contributions;
}

function arraysIn(room: Room, trained: Trained): Recorded {
  const { structural, plan, state } = trained;
  const cells = structural.population.length;
  const periods = Array.from({ length: plan.horizon }, (_, t) => t);
  const sums = (lengths: readonly number[]) => lengths.map((length) => room.reals(length));
  return {
    trained,
    tape: makeTape(structural, plan.horizon, plan.weights, room),
    tables: sums(state.tables.map(({ length }) => length)),
    firstMass: room.reals(cells),
    mass: room.reals(cells),
    next: periods.map(() => room.reals(cells)),
    bound: periods.map(() => room.bytes(cells)),
    out: {
      gradient: state.tables.map(() => new Float64Array(0)),
      errors: sums(state.tables.map(({ length }) => length)),
      visits: sums(structural.tables.map(({ nodes }) => nodes)),
      values: room.reals(cells),
    },
  };
}

/** Simulates the path with JavaScript. */
export function record(name: CaseName): Recorded & { readonly room: Room; readonly bytes: Uint8Array } {
  const trained = train(name);
  const memory = sharedMemory(bytesOf((room) => arraysIn(room, trained)));
  if (memory === undefined) throw new Error('bench: no WebAssembly on shared memory here.');
  const room = arraysOf(memory);
  const path = arraysIn(room, trained);
  const { structural, state, plan } = trained;
  state.tables.forEach((table, i) => {
    path.tables[i].set(table);
  });
  path.firstMass.set(state.masses.subarray(0, path.mass.length));
  let t = 0;
  simulatePath(
    {
      structural: {
        ...structural,
        respond(period, actions, response) {
          structural.respond(period, actions, response);
          path.next[t].set(response.next);
          path.bound[t].set(response.bound);
          t += 1;
        },
      },
      tables: path.tables,
      shocks: new Int32Array((plan.horizon + 1) * structural.shocks.length),
      shocksAt: 0,
      mass: path.firstMass.slice(),
      carried: state.carried.slice(0, structural.carried.length),
    },
    { ...path.tape, loops: jsLoops },
    undefined,
  );
  return { ...path, room, bytes: new Uint8Array(memory.buffer) };
}

/** What `simulatePath` asks of the loops, the economy left out. */
export function forward({ tape, tables, firstMass, mass, next, bound }: Recorded, loops: Loops): void {
  const { sizes, period, actions, own, lower, upperWeight, place } = tape;
  const { cells, width, ownStates } = sizes;
  mass.set(firstMass);
  for (let t = 0; t < tape.periods; t++) {
    const { nodes, weights } = period[t];
    loops.normalise(mass);
    for (let a = 0; a < sizes.actions; a++)
      loops.mixTable(tables[a], nodes, weights, a * width, width, cells, actions, a * cells);
    const at = t * cells;
    loops.placeNext(tape.assets, tape.inverseStep, next[t], bound[t], at, lower, upperWeight, place);
    const { ownTransition, moved, pushed } = tape;
    loops.push(mass, 0, at, lower, upperWeight, ownTransition, own[t], ownStates, moved, pushed);
    mass.set(pushed);
  }
}

export function backward({ trained, tape, out }: Recorded, loops: Loops): number {
  const { structural, plan, state } = trained;
  const { limit, weights, learning } = plan;
  for (const errors of out.errors) errors.fill(0);
  return adjoint({ structural, limit, terminal: state.terminal, weights, learning }, { ...tape, loops }, out);
}

/** The loops in C over that memory, compiled now; none where there is no compiler. */
export function compiledLoops(bytes: Uint8Array): readonly Loops[] {
  const compiler = findCompiler();
  if (compiler === undefined) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'structural-loops-'));
  const source = fileURLToPath(new URL('./structural-loops.c', import.meta.url));
  try {
    return Object.entries(C_FLAGS).map(([name, flags]) => {
      const target = path.join(folder, `${name}.node`);
      const common = ['-std=gnu11', '-O3', '-march=native', '-fPIC', '-shared', '-fno-math-errno'];
      const options = [
        ...common,
        '-fno-trapping-math',
        ...flags,
        ...(PLATFORM_FLAGS[process.platform] ?? []),
      ];
      const { status, stderr } = spawnSync(compiler, [...options, '-I', headers(), '-o', target, source], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`bench: ${compiler} failed:\n${stderr}`);
      const calls = createRequire(import.meta.url)(target) as Readonly<
        Record<string, (bytes: Uint8Array, ...numbers: number[]) => void>
      >;
      const bound = Object.fromEntries(
        Object.entries(calls).map(([loop, call]) => [loop, call.bind(null, bytes)]),
      );
      return loopsBy(name, bound as LoopKernels);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface PassTiming {
  readonly case: string;
  readonly pass: string;
  readonly loops: string;
  /** Nanoseconds per cell and period, median of the rounds. */
  readonly nanoseconds: number;
  /** Of the medians. */
  readonly timesJs: number;
}

function timePasses(name: CaseName, rounds: number): readonly PassTiming[] {
  const path = record(name);
  const all = [jsLoops, path.room.loops, ...compiledLoops(path.bytes)];
  const passes = { forward, backward } as const;
  const times = new Map<string, number[]>();
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const loops of all) {
      for (const [pass, run] of Object.entries(passes)) {
        const started = performance.now();
        run(path, loops);
        const taken = performance.now() - started;
        const key = `${pass} ${loops.name}`;
        if (round >= 0) times.set(key, [...(times.get(key) ?? []), taken]);
      }
    }
  }
  const steps = path.tape.periods * path.tape.sizes.cells;
  const of = (pass: string, loops: string) => (1e6 * median(times.get(`${pass} ${loops}`) ?? [])) / steps;
  return ['forward', 'backward'].flatMap((pass) =>
    all.map((loops) => ({
      case: name,
      pass,
      loops: loops.name,
      nanoseconds: of(pass, loops.name),
      timesJs: of(pass, 'js') / of(pass, loops.name),
    })),
  );
}

interface EpochTiming {
  readonly case: string;
  readonly loops: string;
  /** Processor time of an epoch, median. */
  readonly milliseconds: number;
  readonly timesJs: number;
}

/** Whole epochs, the two forms in turn. */
function timeEpochs(name: CaseName, epochs: number): readonly EpochTiming[] {
  const kinds = (['js', 'wasm'] as const).map((loops) => ({
    loops,
    times: [] as number[],
    ...learnerOf(name, loops),
  }));
  for (let k = -WARM_UP; k < epochs; k++) {
    for (const { learner, times } of kinds) {
      const before = process.cpuUsage();
      learner.epoch();
      const { user, system } = process.cpuUsage(before);
      if (k >= 0) times.push((user + system) / 1000);
    }
  }
  for (const { learner } of kinds) learner.close();
  const byJs = median(kinds[0].times);
  return kinds.map(({ loops, times }) => ({
    case: name,
    loops,
    milliseconds: median(times),
    timesJs: byJs / median(times),
  }));
}

const options = z.strictObject({
  case: z
    .enum(NAMES)
    .optional()
    .meta({ description: `only this one of ${NAMES.join(', ')} (default: all)`, value: 'NAME' }),
  rounds: z
    .int()
    .min(1)
    .max(10_000)
    .default(60)
    .meta({ description: 'passes of each that are timed', value: 'N' }),
  epochs: z.int().min(1).max(1000).default(15).meta({ description: 'epochs that are timed', value: 'N' }),
  ...outputOptions,
});

export const structuralLoopsBench: CommandDefinition<z.output<typeof options>> = {
  name: 'bench/structural-loops.ts',
  summary: "Times the structural agent's loops over cells in JavaScript, in WebAssembly and in C.",
  options,
  async main({ case: only, rounds, epochs }, terminal) {
    const passes: PassTiming[] = [];
    const wholes: EpochTiming[] = [];
    for (const name of only === undefined ? NAMES : [only]) {
      terminal.note(`${name} ...`);
      passes.push(...timePasses(name, rounds));
      wholes.push(...timeEpochs(name, epochs));
    }
    terminal.print(
      formatTable(
        passes.map((one) => [
          one.case,
          one.pass,
          one.loops,
          one.nanoseconds.toFixed(1),
          one.timesJs.toFixed(2),
        ]),
        {
          header: ['case', 'pass', 'loops', 'ns per cell and period', 'times js'],
          align: ['left', 'left', 'left'],
        },
      ),
    );
    terminal.print('');
    terminal.print(
      formatTable(
        wholes.map((one) => [one.case, one.loops, one.milliseconds.toFixed(1), one.timesJs.toFixed(2)]),
        { header: ['case', 'loops', 'CPU ms per epoch', 'times js'], align: ['left', 'left'] },
      ),
    );
    return { result: { command: 'structural-loops', rounds, passes, epochs: wholes } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(structuralLoopsBench);
