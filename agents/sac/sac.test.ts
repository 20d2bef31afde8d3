import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agents } from '../../core/agent.ts';
import { parseSettings } from '../../core/calibration.ts';
import { defineEconomy } from '../../core/economy.ts';
import type { Backend } from '../../core/method.ts';
import { instantiate } from '../../core/registry.ts';
import { Simulation } from '../../core/simulation.ts';
import { box } from '../../core/spaces.ts';
import { train } from '../../core/train.ts';
import { chooseKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import { createRng } from '../../numerics/random.ts';
import { sac } from './index.ts';

/**
 * Pay -(a - x)^2 - kept, where the action a in [0, 10] also sets `kept' = (a - 5)^2 / 2`: what is best now costs next period. With
 * discount factor b = 1/2 the optimum minimises (a - x)^2 + b (a - 5)^2 / 2, so a = (x + 5 b / 2) / (1 + b / 2).
 */
const target = instantiate(
  defineEconomy({
    id: 'target',
    version: 1,
    title: 'Follow a number, at a cost next period',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => 0.5,
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

/** The largest gap over eight seeds was .14. Myopia is off by .6 at x = 2, and taking the time limit for an end by .27. */
const LARGEST_GAP = 0.2;

const { kernels } = chooseKernels();
const backend: Backend = {
  kind: 'kernels',
  name: kernels.name,
  refused: [],
  engine: (program) => arenaEngine(program, { kernels }),
};
const settings = parseSettings({
  schema: sac.settings,
  settings: {
    hidden: '16x16',
    copies: 16,
    batchSize: 64,
    learningRate: 0.005,
    targetMix: 0.02,
    weightAverage: 0.01,
  },
  where: 'sac',
});

function start(seed: number, steps: number) {
  const env = new Simulation(target, { copies: settings.copies, clocks: 'staggered' });
  env.reset({ seed });
  const player = sac.create({
    ...target.types.player,
    rows: settings.copies,
    discountFactor: target.discountFactors.player,
    steps,
    settings,
    rng: createRng(seed),
    backend,
  });
  return { env, agents: { player } satisfies Agents };
}

/** Deterministic actions at x = 2, 5, 8. */
function policy({ player }: Agents): readonly number[] {
  const actions = new Float64Array(3);
  const input = { rows: 3, observations: Float32Array.of(-1, 0, 0, 0, 1, 0), states: [] };
  player.act(input, actions, { deterministic: true });
  return [...actions];
}

describe('soft actor-critic', () => {
  it('finds an optimum that weighs the next period, through truncated episodes of two periods', async () => {
    const steps = 3000;
    const { env, agents } = start(1, steps);
    await train(agents, env, { steps });
    const b = 0.5;
    policy(agents).forEach((action, i) => {
      const x = [2, 5, 8][i];
      expect(Math.abs(action - (x + 2.5 * b) / (1 + 0.5 * b))).toBeLessThan(LARGEST_GAP);
    });
  });

  it('gives the same bits for the same seed, whatever is asked of it in between', async () => {
    const run = async (questions: number) => {
      const { env, agents } = start(2, 150);
      const noisy = () => {
        for (let i = 0; i < questions; i++) policy(agents);
        return undefined;
      };
      await train(agents, env, { steps: 150, callbacks: [noisy] });
      return policy(agents);
    };
    expect(await run(2)).toEqual(await run(0));
  });

  it('continues after save and load as if nothing had happened', async () => {
    const one = start(3, 160);
    await train(one.agents, one.env, { steps: 100 });
    const { memory } = one.agents.player;
    if (memory === undefined) throw new Error('sac has a memory');
    const saved = structuredClone({
      env: one.env.save(),
      player: one.agents.player.save(),
      memory: { appended: memory.appended, pieces: [{ from: 0, rows: memory.rows(0, memory.appended) }] },
    });
    await train(one.agents, one.env, { steps: 160, from: 100 });
    const two = start(99, 160);
    two.env.load(saved.env);
    two.agents.player.load(saved.player);
    two.agents.player.memory?.restore(saved.memory);
    await train(two.agents, two.env, { steps: 160, from: 100 });
    expect(policy(two.agents)).toEqual(policy(one.agents));
  });
});
