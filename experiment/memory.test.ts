/** The quick form of `memory.slow.test.ts`: 500 updates, 100 episodes; and what the check of memory finds when there is a leak. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Economy, instantiate } from '../core/registry.ts';
import { centralBank } from '../core/testing/central-bank.ts';
import { environments } from '../envs/index.ts';
import { availableKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import type { Engine } from '../nn/engine.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import { growth, lookAtEpisodes, lookAtTraining } from './memory-fixtures.ts';

/** Looks at the beginning and the end; between the last of the first two and the first of the last two are 250 updates, 50 episodes. */
const QUICK = { updates: 500, every: 125, warmUp: 300 };
const EPISODES = { episodes: 100, every: 25, warmUp: 50 };
/**
 * Compiled code grew by up to 80,000 in trials. A leak of 400 bytes an update is found; arrays are counted exactly, and 10,000 updates
 * in the slow test leave 20.
 */
const HEAP = 100_000;
const TRIES = 4;

const SETS = availableKernels();

beforeAll(async () => {
  // What is compiled once and for all is compiled before anything is measured.
  const engine = (program: Parameters<typeof arenaEngine>[0]) => arenaEngine(program, { kernels: SETS[0] });
  await lookAtTraining({ engine, updates: 2000, every: 1000, warmUp: 10 });
});

describe.each(SETS)('training with $name kernels', (kernels) => {
  const engine = (program: Parameters<typeof arenaEngine>[0]) => arenaEngine(program, { kernels });

  it('holds as much after 500 updates as before, in the same arena', async () => {
    // A leak is there every time; code that is compiled meanwhile is not.
    const heaps: number[] = [];
    do {
      const { looks, arena } = await lookAtTraining({ ...QUICK, engine });
      expect(growth(looks).buffers).toBe(0);
      expect(new Set(arena).size).toBe(1);
      heaps.push(growth(looks).heap);
    } while (heaps[heaps.length - 1] >= HEAP && heaps.length < TRIES);
    expect(Math.min(...heaps), `growth in ${heaps.length} tries: ${heaps}`).toBeLessThan(HEAP);
  });
});

describe('the check of memory', () => {
  const engine = (program: Parameters<typeof arenaEngine>[0]) => arenaEngine(program, { kernels: SETS[0] });
  const kept: unknown[] = [];

  it('finds a typed array kept after each update', async () => {
    const onUpdate = () => void kept.push(new Float32Array(17));
    const { looks } = await lookAtTraining({ ...QUICK, engine, onUpdate });
    expect(growth(looks).buffers).toBeGreaterThanOrEqual(250 * 17 * Float32Array.BYTES_PER_ELEMENT);
  });

  it('finds a list of numbers kept after each update', async () => {
    const onUpdate = () => void kept.push(Array.from({ length: 64 }, () => kept.length));
    const { looks } = await lookAtTraining({ ...QUICK, engine, onUpdate });
    expect(growth(looks).heap).toBeGreaterThan(HEAP);
  });

  it('finds an arena that grows', async () => {
    let updates = 0;
    const onUpdate = (own: Engine) => {
      updates += 1;
      // More rows than ever before: the arena gets room for them.
      if (updates === 600) own.evaluate('exploit', { observations: new Float32Array(1024) }, 1024);
    };
    const { arena } = await lookAtTraining({ ...QUICK, engine, onUpdate });
    expect(new Set(arena).size).toBe(2);
  });

  it('finds an economy that keeps its states', () => {
    const kept: unknown[] = [];
    const keeping = instantiate({
      ...centralBank,
      horizon: () => 50,
      step(context: Parameters<typeof centralBank.step>[0]) {
        centralBank.step(context);
        kept.push({ ...context.state, path: [...Array(8).keys()] });
      },
    }) as unknown as Economy;
    const { looks } = lookAtEpisodes(keeping, EPISODES);
    expect(growth(looks).heap).toBeGreaterThan(HEAP);
  });
});

describe('a hundred episodes', () => {
  it.each(environments.ids.map((id) => [id]))('of %s hold no more than the first', (id) => {
    const { looks } = lookAtEpisodes(environments.economy(id), EPISODES);
    expect(growth(looks).buffers).toBe(0);
    expect(growth(looks).heap).toBeLessThan(HEAP);
  });
});

describe('training on tensors', () => {
  it('has the same number of live tensors after every update', async () => {
    const { tf } = await chooseTensorBackend({ request: 'wasm' });
    const live = new Set<number>();
    let updates = 0;
    const onUpdate = () => {
      updates += 1;
      if (updates > 10) live.add(tf.memory().numTensors);
    };
    await lookAtTraining({
      engine: (program) => tensorEngine(program, { tf }),
      updates: 50,
      every: 25,
      warmUp: 10,
      onUpdate,
    });
    expect(live.size).toBe(1);
  });
});
