/** What the tests of memory share: how much is held once all garbage is collected, in the course of some work. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes. */
export interface Held {
  /** By objects. */
  readonly heap: number;
  /** By typed arrays. */
  readonly buffers: number;
}

/** What the process holds now, without garbage. */
export function held(): Held {
  // What the first collection finalises the second one frees.
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

/** How much more is held after the last look than after the first. */
export function growth(looks: readonly Held[]): Held {
  const [first, last] = [looks[0], looks[looks.length - 1]];
  return { heap: last.heap - first.heap, buffers: last.buffers - first.buffers };
}
