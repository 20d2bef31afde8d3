import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import { randomAgent } from './baselines.ts';
import { evaluation, everySteps } from './callbacks.ts';
import { instantiate } from './registry.ts';
import { Simulation } from './simulation.ts';
import { type Measurement, stopAtGap } from './stopping.ts';
import { orchard } from './testing/orchard.ts';
import { type Callback, train } from './train.ts';
import { NormaliseObservations, observationStatistics } from './wrappers/index.ts';

function start() {
  const economy = instantiate(orchard);
  const statistics = observationStatistics(economy);
  const env = new NormaliseObservations(new Simulation(economy, { copies: 2 }), { statistics, until: 1000 });
  env.reset({ seed: 1 });
  const agents = Object.fromEntries(
    Object.entries(economy.types).map(([type, { actionSpace }]) => [
      type,
      randomAgent({ actionSpace, rng: createRng(type) }),
    ]),
  );
  return { env, agents };
}

describe('callbacks', () => {
  it('are called after every n-th step, or those that are picked', async () => {
    const seen: number[] = [];
    const note: Callback = ({ step }) => {
      seen.push(step);
      return undefined;
    };
    const { env, agents } = start();
    await train(agents, env, {
      steps: 10,
      callbacks: [everySteps(4, note), everySteps((s) => s === 7, note)],
    });
    expect(seen).toEqual([4, 7, 8]);
    expect(() => everySteps(0, note)).toThrow(/positive whole/);
  });

  it('evaluate at the same episodes each time, and leave no trace in the training', async () => {
    const run = async (callbacks: readonly Callback[]) => {
      const { env, agents } = start();
      await train(agents, env, { steps: 30, callbacks });
      return structuredClone(env.save());
    };
    const seen: Measurement[] = [];
    const looking = evaluation({ every: 10, episodes: 3, onEvaluation: (m) => seen.push(m) });
    expect(await run([looking])).toEqual(await run([]));
    expect(seen.map(({ step }) => step)).toEqual([10, 20, 30]);
    // The policy stays, so what is measured at the same episodes does too.
    expect(seen[2]).toEqual({ ...seen[0], step: 30 });
  });

  it('end the training when a rule has a reason, and tell it', async () => {
    const { env, agents } = start();
    const reasons: (string | undefined)[] = [];
    const rule = { ...stopAtGap(1), check: ({ step }: Measurement) => (step === 20 ? 'enough' : undefined) };
    const done = await train(agents, env, {
      steps: 50,
      callbacks: [
        evaluation({ every: 10, rules: [rule], onEvaluation: (_m, reason) => reasons.push(reason) }),
      ],
    });
    expect(done).toBe(20);
    expect(reasons).toEqual([undefined, 'enough']);
  });
});
