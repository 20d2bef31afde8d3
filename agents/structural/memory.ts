/** What the threads of an epoch share: tables, cross-sections, shocks, and a slot of sums for each chunk of paths. */
import type { Structural } from '../../core/structural.ts';
import type { SharedMemory } from '../../kernels/wasm/api.ts';
import type { LimitRule } from './adjoint.ts';
import { arraysOf, bytesOf, type Room, separateArrays, sharedMemory } from './room.ts';
import { makeStatisticsSize } from './statistics.ts';
import { makeTape, sizesOf, type Tape } from './tape.ts';

/** Plain data about an epoch that every thread is told. */
export interface EpochForm {
  readonly paths: number;
  readonly periods: number;
  readonly chunks: number;
  readonly learning: number;
  readonly weights: 'uniform' | 'discounted';
  readonly limit: LimitRule;
  /** Whether gradients of individual tables are asked for; Euler errors are either way. */
  readonly gradients: 'gradients' | 'none';
}

/** Sums over the paths of one chunk. */
export interface Slot {
  /** [K, J] by individual table, [K] by aggregate table; empty where not asked for. */
  readonly gradient: readonly Float64Array[];
  readonly errors: readonly Float64Array[];
  /** [K, J], or [K] where weights are uniform, and for aggregate tables. */
  readonly visits: readonly Float64Array[];
  readonly values: Float64Array;
  readonly statistics: Float64Array;
}

/** All on shared memory. */
export interface EpochMemory {
  readonly tables: readonly Float64Array[];
  /** [N, J] and [N, C]; moved on by an epoch. */
  readonly masses: Float64Array;
  readonly carried: Float64Array;
  /** [N, T + 1, shocks]. */
  readonly shocks: Int32Array;
  readonly terminal: Float64Array;
  readonly slots: readonly Slot[];
  /** [generation, next chunk, chunks done, failed, what is summed]. */
  readonly control: Int32Array;
  /** The memory in which all of this lies, and where the tapes of the threads do; undefined where every array lies by itself. */
  readonly home: Home | undefined;
}

interface Home {
  readonly memory: SharedMemory;
  readonly tapesAt: number;
  readonly tapeBytes: number;
}

export const GENERATION = 0;
export const NEXT_CHUNK = 1;
export const CHUNKS_DONE = 2;
export const FAILED = 3;
/** 1 where Euler errors are summed in this epoch. */
export const SUMS_ERRORS = 4;

const MOST_CHUNKS = 16;
const FEWEST_CHUNKS = 4;
/** Bytes of all slots together, roughly; fewer, larger chunks beyond. */
const SLOT_BYTES = 96e6;

/** How many chunks the paths are cut into. Invariant: depends on sizes alone, never on the threads. */
export function chunksOf(structural: Structural, paths: number): number {
  const { cells } = sizesOf(structural);
  const entries = structural.tables.reduce((sum, { nodes }) => sum + nodes * cells, 0);
  const affordable = Math.floor(SLOT_BYTES / (8 * entries));
  return Math.min(paths, Math.max(FEWEST_CHUNKS, Math.min(MOST_CHUNKS, affordable)));
}

/**
 * Arrays for that many threads, in one memory for the loops in WebAssembly unless that is too large for one, or `loops` asks for JavaScript. Invariant: which of the two is
 * nowhere to be seen but on the clock.
 */
export function makeMemory(
  structural: Structural,
  form: EpochForm,
  threads: number,
  loops: 'wasm' | 'js' = 'wasm',
): EpochMemory {
  if (loops === 'js') return layOut(structural, form, separateArrays, undefined);
  const tapesAt = bytesOf((room) => layOut(structural, form, room, undefined));
  const tapeBytes = bytesOf((room) => makeTape(structural, form.periods, form.weights, room));
  const memory = sharedMemory(tapesAt + threads * tapeBytes);
  return memory === undefined
    ? layOut(structural, form, separateArrays, undefined)
    : layOut(structural, form, arraysOf(memory), { memory, tapesAt, tapeBytes });
}

/** The tape of a thread, 0 and on. */
export function tapeOf(
  structural: Structural,
  { periods, weights }: EpochForm,
  { home }: EpochMemory,
  thread: number,
): Tape {
  const room =
    home === undefined ? separateArrays : arraysOf(home.memory, home.tapesAt + thread * home.tapeBytes);
  return makeTape(structural, periods, weights, room);
}

function layOut(
  structural: Structural,
  form: EpochForm,
  { reals, whole }: Room,
  home: Home | undefined,
): EpochMemory {
  const { cells, shocks, aggregates } = sizesOf(structural);
  const { paths, periods, chunks, weights, gradients } = form;
  const { tables, carried } = structural;
  const entries = tables.map(({ over, nodes }) => (over === 'individual' ? nodes * cells : nodes));
  const slot = (): Slot => ({
    gradient: tables.map(({ over }, i) =>
      reals(gradients === 'gradients' || over === 'aggregate' ? entries[i] : 0),
    ),
    errors: entries.map(reals),
    visits: tables.map(({ nodes }, i) => reals(weights === 'uniform' ? nodes : entries[i])),
    values: reals(cells),
    statistics: reals(makeStatisticsSize(aggregates)),
  });
  return {
    tables: entries.map(reals),
    masses: reals(paths * cells),
    carried: reals(paths * carried.length),
    shocks: whole(paths * (periods + 1) * shocks),
    terminal: reals(cells),
    slots: Array.from({ length: chunks }, slot),
    control: whole(8),
    home,
  };
}

/** Paths of a chunk: from the first to before the second. Invariant: chunks cut all paths into parts that differ by one at most. */
export function pathsOfChunk({ paths, chunks }: EpochForm, chunk: number): readonly [number, number] {
  return [Math.floor((chunk * paths) / chunks), Math.floor(((chunk + 1) * paths) / chunks)];
}
