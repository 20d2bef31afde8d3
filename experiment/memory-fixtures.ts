/** What the tests of memory share: work in a loop, and how much is held in its course once all garbage is collected. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sac } from '../agents/sac/index.ts';
import { parseSettings } from '../core/calibration.ts';
import type { Backend } from '../core/method.ts';
import { type Economy, instantiate } from '../core/registry.ts';
import { Simulation } from '../core/simulation.ts';
import { centralBank } from '../core/testing/central-bank.ts';
import { train } from '../core/train.ts';
import type { Engine, Program } from '../nn/engine.ts';
import { createRng } from '../numerics/random.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes. */
export interface Held {
  /** By objects. */
  readonly heap: number;
  /** By typed arrays of more than 64 bytes; the smaller ones lie on the heap. */
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

/**
 * How much more is held in the second half of some looks, at even distances, than in the first: the least of each, since compiled code
 * comes and goes. A leak of so many bytes a round makes that times half the rounds at least.
 */
export function growth(looks: readonly Held[]): Held {
  const half = Math.floor(looks.length / 2);
  const least = (part: readonly Held[], of: keyof Held) => Math.min(...part.map((look) => look[of]));
  const grown = (of: keyof Held) => least(looks.slice(-half), of) - least(looks.slice(0, half), of);
  return { heap: grown('heap'), buffers: grown('buffers') };
}

const COPIES = 4;
/** Periods: 1,000 episodes are over after 2,500 steps. */
const EPISODE = 10;
/** Small networks: what is held for an update does not depend on their size. */
const settings = parseSettings({
  schema: sac.settings,
  settings: { hidden: '8x8', copies: COPIES, batchSize: 8, warmup: 16, bufferSize: 1000 },
  where: 'sac',
});

export interface TrainingOptions {
  readonly engine: (program: Program) => Engine;
  readonly updates: number;
  /** Updates from one look to the next; there is none in the first `warmUp`. */
  readonly every: number;
  readonly warmUp: number;
  /** Called after each update: where a leak is put in. */
  readonly onUpdate?: (engine: Engine) => void;
}

/** Trains soft actor-critic on a central bank, an update a step; the looks at what is held, and the arena's bytes at each. */
export async function lookAtTraining(options: TrainingOptions): Promise<{ looks: Held[]; arena: number[] }> {
  const { updates, every, warmUp, onUpdate } = options;
  const engines: Engine[] = [];
  const backend: Backend = {
    kind: 'test',
    name: 'test',
    refused: [],
    engine(program) {
      engines.push(options.engine(program));
      return engines[0];
    },
  };
  const economy = instantiate(centralBank);
  const env = new Simulation(economy, { copies: COPIES, horizon: EPISODE });
  env.reset({ seed: 1 });
  const steps = warmUp + updates;
  const bank = sac.create({
    ...economy.types.bank,
    rows: COPIES,
    discountFactor: economy.discountFactors.bank,
    steps,
    settings,
    rng: createRng(1),
    backend,
    economy,
    type: 'bank',
  });
  const looks: Held[] = [];
  const arena: number[] = [];
  const look = ({ step }: { readonly step: number }) => {
    onUpdate?.(engines[0]);
    if (step < warmUp || (step - warmUp) % every !== 0) return undefined;
    arena.push(engines[0].input('rewards').buffer.byteLength);
    looks.push(held());
    return undefined;
  };
  await train({ bank }, env, { steps, callbacks: [look] });
  return { looks, arena };
}

/** Bytes held at even distances, in the course of that many episodes of an economy under random actions, and steps taken. */
export function lookAtEpisodes(
  economy: Economy,
  { episodes, warmUp, every }: { readonly episodes: number; readonly warmUp: number; readonly every: number },
): { looks: Held[]; steps: number; allocated: number } {
  const env = new Simulation(economy);
  env.reset({ seed: 1 });
  const rng = createRng(2);
  const types = Object.keys(env.types);
  const step = () => {
    for (const type of types) {
      const { low, high, size } = env.types[type].actionSpace;
      const actions = env.actions[type];
      for (let i = 0; i < actions.length; i++) actions[i] = rng.between(low[i % size], high[i % size]);
    }
    env.step();
  };
  const looks: Held[] = [];
  let steps = 0;
  for (let episode = 0; episode <= warmUp + episodes; episode++) {
    if (episode >= warmUp && (episode - warmUp) % every === 0) looks.push(held());
    do {
      step();
      steps += 1;
    } while (env.truncated[0] === 0 && env.terminated[0] === 0);
  }
  return { looks, steps, allocated: allocatedPerRound(step) };
}

const WINDOWS = 41;
const ROUNDS = 200;

/** Bytes of garbage that a round leaves: the median over windows, in some of which the garbage is collected. */
function allocatedPerRound(round: () => void): number {
  const windows = Float64Array.from({ length: WINDOWS }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < ROUNDS; i++) round();
    return (process.memoryUsage().heapUsed - before) / ROUNDS;
  });
  return windows.sort()[(WINDOWS - 1) / 2];
}
