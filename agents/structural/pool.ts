/** Threads that share an epoch. The thread that asks works too, and waits only for chunks that another has begun. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Structural } from '../../core/structural.ts';
import { makeThread, type Thread, work } from './chunk.ts';
import { CHUNKS_DONE, type EpochForm, type EpochMemory, FAILED, GENERATION, NEXT_CHUNK } from './memory.ts';
import type { ThreadData } from './worker.ts';

const MOST_THREADS = 8;
/** Waiting in steps of this many milliseconds, so that a thread that failed is noticed. */
const PATIENCE = 1000;
/** A chunk takes seconds at most; a thread silent for this many steps has died. */
const MOST_WAITS = 600;

/** Node reads TypeScript in threads only through a loader that is registered there. */
const START = `
  const { workerData } = require('node:worker_threads');
  import('tsx/esm/api').then(({ register }) => { register(); return import(workerData.module); });
`;

export interface Pool {
  readonly threads: number;
  /** One epoch: every chunk once. Throws if a thread failed. */
  run(): void;
  /** Ends the other threads. May be called twice. */
  close(): void;
}

/** How many threads are used: what is asked for, or the processors; never more than chunks. */
export function threadsFor(asked: number | null, chunks: number): number {
  return Math.min(asked ?? Math.min(availableParallelism(), MOST_THREADS), chunks);
}

/**
 * Threads start in the background; until they have, the caller does their work. They do not keep the process alive. Invariant: what is computed is
 * independent of their number and of who was quick.
 */
export function makePool(
  structural: Structural,
  form: EpochForm,
  memory: EpochMemory,
  threads: number,
): Pool {
  const own: Thread = makeThread(structural, form, memory, 0);
  const workers: Worker[] = [];
  const { control } = memory;
  return {
    threads,
    run() {
      while (workers.length < threads - 1) {
        workers.push(startWorker({ source: structural.source, form, memory, number: workers.length + 1 }));
      }
      Atomics.store(control, CHUNKS_DONE, 0);
      // Last, since whoever is late with the epoch before takes from here at once.
      Atomics.store(control, NEXT_CHUNK, 0);
      Atomics.add(control, GENERATION, 1);
      Atomics.notify(control, GENERATION);
      work(own);
      let waits = 0;
      for (let done = Atomics.load(control, CHUNKS_DONE); done < form.chunks; ) {
        if (Atomics.load(control, FAILED) === 1 || waits > MOST_WAITS) {
          throw new Error(
            'structural: a thread failed; simulate in one thread to see where, with --set threads=1.',
          );
        }
        if (Atomics.wait(control, CHUNKS_DONE, done, PATIENCE) === 'timed-out') waits += 1;
        done = Atomics.load(control, CHUNKS_DONE);
      }
    },
    close() {
      for (const worker of workers.splice(0)) void worker.terminate();
    },
  };
}

function startWorker(told: Omit<ThreadData, 'kind'>): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const module = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url).href;
  const data: ThreadData & { readonly module: string } = { kind: 'structural', ...told, module };
  const needsLoader = isSource || /\.[mc]?ts$/.test(told.source.module);
  const worker = needsLoader
    ? new Worker(START, { eval: true, workerData: data })
    : new Worker(new URL(module), { workerData: data });
  // What went wrong is noticed by who waits; a thread that never starts is never waited for.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}
