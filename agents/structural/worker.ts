/** A thread that simulates: makes the economy again, waits for an epoch, takes chunks of it. Started by `pool.ts`; does nothing elsewhere. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Structural, StructuralSource } from '../../core/structural.ts';
import { makeThread, type Thread, work } from './chunk.ts';
import { CHUNKS_DONE, type EpochForm, type EpochMemory, FAILED, GENERATION } from './memory.ts';

/** What a thread is sent. */
export interface ThreadData {
  readonly kind: 'structural';
  readonly source: StructuralSource;
  readonly form: EpochForm;
  readonly memory: EpochMemory;
  /** From 1 on. */
  readonly number: number;
}

function isThreadData(data: unknown): data is ThreadData {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'structural';
}

/** The economy of a source. Throws where the module has no such function. */
export async function structuralOf({ module, name, argument }: StructuralSource): Promise<Structural> {
  const made: unknown = ((await import(module)) as Readonly<Record<string, unknown>>)[name];
  if (typeof made !== 'function') throw new TypeError(`${module} has no function "${name}".`);
  return (made as (argument: unknown) => Structural)(argument);
}

function wait(thread: Thread): never {
  const { control } = thread.memory;
  let seen = 0;
  for (;;) {
    Atomics.wait(control, GENERATION, seen);
    seen = Atomics.load(control, GENERATION);
    work(thread);
  }
}

/** A thread that cannot start is never waited for; one that fails at work is noticed by who waits. */
async function serve({ source, form, memory, number }: ThreadData): Promise<void> {
  const thread = makeThread(await structuralOf(source), form, memory, number);
  try {
    wait(thread);
  } catch (error) {
    Atomics.store(memory.control, FAILED, 1);
    Atomics.notify(memory.control, CHUNKS_DONE);
    throw error;
  }
}

if (parentPort !== null && isThreadData(workerData)) await serve(workerData);
