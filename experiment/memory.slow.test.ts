/** What is held stays the same over 10,000 updates and 1,000 episodes: on the heap, in the arena, in live tensors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sac } from '../agents/sac/index.ts';
import { environments } from '../envs/index.ts';
import { availableKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import { growth, type Held, held, lookAtEpisodes, lookAtTraining } from './memory-fixtures.ts';
import { learn } from './run/learn.ts';

const UPDATES = 10_000;
const EPISODES = 1000;
/**
 * 20 bytes for each of the 5,000 updates, or 2 for each of the 25,000 periods, from one half to the other: compiled code and its feedback,
 * which grew by up to 60,000 in trials. No object is so small: the least that could be kept, a number in a list, has 8 bytes an update,
 * a typed array 200.
 */
const HEAP = 100_000;
/** A run also has its progress: a hundred records and twenty evaluations, for some of which a kilobyte is kept. */
const RUN_HEAP = 250_000;
/** Garbage of a step: some boxed numbers of the state. One small object per agent and step would be more than 100. */
const GARBAGE = 100;

describe.each(availableKernels())('training with $name kernels', (kernels) => {
  it(`holds as much after ${UPDATES} updates and more than ${EPISODES} episodes as before, in the same arena`, async () => {
    const { looks, arena } = await lookAtTraining({
      engine: (program) => arenaEngine(program, { kernels }),
      updates: UPDATES,
      every: 1000,
      warmUp: 1000,
    });
    expect(growth(looks).buffers).toBe(0);
    expect(growth(looks).heap).toBeLessThan(HEAP);
    expect(new Set(arena).size).toBe(1);
  });
});

describe(`${EPISODES} episodes`, () => {
  it.each(environments.ids.map((id) => [id]))(
    'of %s hold no more than the first, and leave little garbage',
    (id) => {
      const { looks, steps, allocated } = lookAtEpisodes(environments.economy(id), {
        episodes: EPISODES,
        warmUp: 100,
        every: 100,
      });
      const { heap, buffers } = growth(looks);
      process.stdout.write(
        `${id}: ${steps} steps, heap ${heap} bytes more, ${allocated.toFixed(0)} bytes of garbage a step\n`,
      );
      expect(buffers).toBe(0);
      expect(heap).toBeLessThan(HEAP);
      expect(allocated).toBeLessThan(GARBAGE);
    },
  );
});

describe('a run that is recorded', () => {
  it(`holds as much after ${UPDATES} updates as before`, async () => {
    const parent = mkdtempSync(path.join(tmpdir(), 'memory-'));
    const looks: Held[] = [];
    try {
      await learn({
        economy: environments.economy('jesusfv'),
        method: sac,
        settings: { hidden: '8x8', copies: 4, batchSize: 8, warmup: 16, bufferSize: 1000 },
        steps: 2000 + UPDATES,
        folder: path.join(parent, 'run'),
        callbacks: [
          ({ step }) => {
            if (step >= 2000 && step % 1000 === 0) looks.push(held());
            return undefined;
          },
        ],
      });
    } finally {
      rmSync(parent, { recursive: true });
    }
    expect(growth(looks).buffers).toBe(0);
    expect(growth(looks).heap).toBeLessThan(RUN_HEAP);
  });
});

describe.each(['cpu', 'wasm'] as const)('training on tensors, backend %s,', (request) => {
  it('has the same number of live tensors and bytes after each of 300 updates', async () => {
    const { tf } = await chooseTensorBackend({ request });
    const live = new Set<string>();
    let updates = 0;
    const onUpdate = () => {
      updates += 1;
      const { numTensors, numBytes, numDataBuffers } = tf.memory();
      if (updates > 10) live.add(`${numTensors} tensors, ${numDataBuffers} buffers, ${numBytes} bytes`);
    };
    const engine = (program: Parameters<typeof tensorEngine>[0]) => tensorEngine(program, { tf });
    const { looks } = await lookAtTraining({ engine, updates: 300, every: 50, warmUp: 10, onUpdate });
    expect([...live]).toHaveLength(1);
    expect(growth(looks).buffers).toBe(0);
  });

  it('would be found out if it kept a tensor', async () => {
    const { tf } = await chooseTensorBackend({ request });
    const live = new Set<number>();
    const onUpdate = () => {
      tf.keep(tf.zeros([2]));
      live.add(tf.memory().numTensors);
    };
    const engine = (program: Parameters<typeof tensorEngine>[0]) => tensorEngine(program, { tf });
    await lookAtTraining({ engine, updates: 10, every: 5, warmUp: 5, onUpdate });
    expect(live.size).toBe(15);
    tf.disposeVariables();
  });
});
