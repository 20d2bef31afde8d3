/** The work of a thread: paths of one chunk, one after the other, into the chunk's slot. */
import type { Structural } from '../../core/structural.ts';
import { adjoint } from './adjoint.ts';
import {
  CHUNKS_DONE,
  type EpochForm,
  type EpochMemory,
  NEXT_CHUNK,
  pathsOfChunk,
  type Slot,
  SUMS_ERRORS,
  tapeOf,
} from './memory.ts';
import { simulatePath } from './simulate.ts';
import { addObjective } from './statistics.ts';
import { sizesOf, type Tape } from './tape.ts';

export interface Thread {
  readonly structural: Structural;
  readonly form: EpochForm;
  readonly memory: EpochMemory;
  readonly tape: Tape;
}

/** The thread of that number; the one that asks for an epoch is 0. */
export function makeThread(
  structural: Structural,
  form: EpochForm,
  memory: EpochMemory,
  number: number,
): Thread {
  return { structural, form, memory, tape: tapeOf(structural, form, memory, number) };
}

/** Takes chunks until none is left. Invariant: which thread did a chunk is nowhere to be seen. */
export function work(thread: Thread): void {
  const { control } = thread.memory;
  const { chunks } = thread.form;
  for (;;) {
    const chunk = Atomics.add(control, NEXT_CHUNK, 1);
    if (chunk >= chunks) return;
    runChunk(thread, chunk);
    Atomics.add(control, CHUNKS_DONE, 1);
    Atomics.notify(control, CHUNKS_DONE);
  }
}

const NOTHING = new Float64Array(0);

function runChunk({ structural, form, memory, tape }: Thread, chunk: number): void {
  const { cells, shocks } = sizesOf(structural);
  const slot = memory.slots[chunk];
  clear(slot);
  const sumsErrors = memory.control[SUMS_ERRORS] === 1;
  const none = structural.tables.map(() => NOTHING);
  const out = {
    gradient: structural.tables.map(({ over }, i) => (over === 'individual' ? slot.gradient[i] : NOTHING)),
    errors: sumsErrors ? slot.errors : none,
    visits: sumsErrors ? slot.visits : none,
    values: slot.values,
  };
  const carries = structural.carried.length;
  const [first, end] = pathsOfChunk(form, chunk);
  for (let n = first; n < end; n++) {
    const inputs = {
      structural,
      tables: memory.tables,
      shocks: memory.shocks,
      shocksAt: n * (form.periods + 1) * shocks,
      mass: memory.masses.subarray(n * cells, (n + 1) * cells),
      carried: memory.carried.subarray(n * carries, (n + 1) * carries),
    };
    simulatePath(inputs, tape, slot.statistics);
    const { limit, weights, learning } = form;
    const objective = adjoint({ structural, limit, terminal: memory.terminal, weights, learning }, tape, out);
    addObjective(slot.statistics, objective);
    structural.addPathGradients?.(tape, slot.gradient);
    if (sumsErrors) structural.addPathErrors?.(tape, slot.errors, slot.visits);
  }
}

function clear(slot: Slot): void {
  for (const array of [...slot.gradient, ...slot.errors, ...slot.visits]) array.fill(0);
  slot.values.fill(0);
  slot.statistics.fill(0);
}
