/** For tests: an economy with an optimum in closed form over two coordinates, and a learner in it. */
import { z } from 'zod';
import type { Agents } from '../../core/agent.ts';
import { parseSettings } from '../../core/calibration.ts';
import { defineEconomy } from '../../core/economy.ts';
import type { Backend, CommonSettings, Method } from '../../core/method.ts';
import { instantiate } from '../../core/registry.ts';
import { Simulation } from '../../core/simulation.ts';
import { box } from '../../core/spaces.ts';
import { chooseKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import { createRng } from '../../numerics/random.ts';

/** BETA = 1/2. */
export const BETA = 0.5;

/**
 * Pay -(a - x)^2 - kept, where the action a in [0, 10] also sets `kept' = (a - 5)^2 / 2`: what is best now costs next period. The optimum
 * minimises (a - x)^2 + beta (a - 5)^2 / 2.
 */
export const target = instantiate(
  defineEconomy({
    id: 'target',
    version: 1,
    title: 'Follow a number, at a cost next period',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => BETA,
    horizon: () => 2,
    types: () => ({
      player: {
        count: 1,
        observationSpace: box({ x: [-1, 1], kept: [0, 2] }),
        actionSpace: box({ a: [0, 10] }),
      },
    }),
    init: ({ rng }) => ({ x: rng.between(2, 8), kept: 0 }),
    observe: ({ state }, { player }) => {
      player[0] = (state.x - 5) / 3;
      player[1] = state.kept / 10;
    },
    step: ({ state, actions, rewards, rng }) => {
      const a = actions.player[0];
      rewards.player[0] = -((a - state.x) ** 2) - state.kept;
      state.kept = (a - 5) ** 2 / 2;
      state.x = rng.between(2, 8);
    },
  }),
);

/** Where policies are compared. */
export const PLACES = [2, 5, 8] as const;

/** a = (x + 5 beta / 2) / (1 + beta / 2). */
export function optimum(x: number): number {
  return (x + 2.5 * BETA) / (1 + 0.5 * BETA);
}

const { kernels } = chooseKernels();
const backend: Backend = {
  kind: 'kernels',
  name: kernels.name,
  refused: [],
  engine: (program) => arenaEngine(program, { kernels }),
};

/** Sizes with which an off-policy method learns this economy in a second. */
export const SMALL_RUN = {
  hidden: '16x16',
  copies: 16,
  batchSize: 64,
  learningRate: 0.005,
  targetMix: 0.02,
  weightAverage: 0.01,
};

/** An agent of the method that has not learned yet, and copies of the economy in all phases of their episodes. */
export function startIn<C extends CommonSettings>(options: {
  readonly method: Method<C>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly steps: number;
}) {
  const { method, seed, steps } = options;
  const settings = parseSettings({
    schema: method.settings,
    settings: { ...SMALL_RUN, ...options.settings },
    where: method.name,
  });
  const { copies = 1 } = settings;
  const env = new Simulation(target, { copies, clocks: 'staggered' });
  env.reset({ seed });
  const player = method.create({
    ...target.types.player,
    rows: copies,
    discountFactor: target.discountFactors.player,
    steps,
    settings,
    rng: createRng(seed),
    backend,
    economy: target,
    type: 'player',
  });
  return { env, agents: { player } satisfies Agents };
}

/** Deterministic actions at the places. */
export function policyOf({ player }: Agents): readonly number[] {
  const actions = new Float64Array(PLACES.length);
  const input = { rows: 3, observations: Float32Array.of(-1, 0, 0, 0, 1, 0), states: [] };
  player.act(input, actions, { deterministic: true });
  return [...actions];
}

/** All of a run but its future, as a checkpoint would hold it. */
export function snapshot({ env, agents }: ReturnType<typeof startIn>) {
  const { player } = agents;
  const { memory } = player;
  if (memory === undefined) throw new Error(`${player.name} has no memory; off-policy agents have one.`);
  return structuredClone({
    env: env.save(),
    player: player.save(),
    memory: { appended: memory.appended, pieces: [{ from: 0, rows: memory.rows(0, memory.appended) }] },
  });
}

/** Puts a snapshot in the place of what a run was. */
export function restoreInto(
  { env, agents }: ReturnType<typeof startIn>,
  saved: ReturnType<typeof snapshot>,
): void {
  env.load(saved.env);
  agents.player.load(saved.player);
  agents.player.memory?.restore(saved.memory);
}
