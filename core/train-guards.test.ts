import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import type { Agent } from './agent.ts';
import { randomAgent } from './baselines.ts';
import type { BatchedEnv } from './batched.ts';
import { NonFiniteError, UsageError } from './errors.ts';
import { instantiate } from './registry.ts';
import { Simulation } from './simulation.ts';
import { orchard } from './testing/orchard.ts';
import { train } from './train.ts';
import { BatchedWrapper } from './wrappers/base.ts';

const economy = instantiate(orchard);
const COPIES = 3;

function random(type: 'grower' | 'trader'): Agent {
  return randomAgent({ actionSpace: economy.types[type].actionSpace, rng: createRng(type) });
}

/** Twenty steps of two growers and a trader in three copies; what changes is given. */
async function training(options: {
  readonly grower?: Partial<Agent>;
  readonly wrap?: (env: BatchedEnv) => BatchedEnv;
  readonly onStep?: (step: number) => void;
}) {
  const inner = new Simulation(economy, { copies: COPIES });
  const env = options.wrap?.(inner) ?? inner;
  env.reset({ seed: 1 });
  const agents = { grower: { ...random('grower'), ...options.grower }, trader: random('trader') };
  return train(agents, env, {
    steps: 20,
    callbacks: [
      ({ step }) => {
        options.onStep?.(step);
        return undefined;
      },
    ],
  });
}

/** Does something in step 17. */
class At17 extends BatchedWrapper {
  readonly #spoil: (env: BatchedEnv) => void;
  #steps = 0;

  constructor(inner: BatchedEnv, spoil: (env: BatchedEnv) => void) {
    super(inner);
    this.#spoil = spoil;
  }
  override step(): void {
    this.inner.step();
    this.#steps += 1;
    if (this.#steps === 17) this.#spoil(this.inner);
  }
  override fresh(): BatchedEnv {
    return new At17(this.inner.fresh(), this.#spoil);
  }
}

describe('training stops where a number is none, and names type, step, variable, agent and value:', () => {
  it('an action', async () => {
    let step = 0;
    const own = random('grower');
    const grower: Partial<Agent> = {
      act(input, actions, options) {
        own.act(input, actions, options);
        step += 1;
        if (step === 17) actions[3] = Number.NaN; // two growers, one action: the second one of the second copy
      },
    };
    const seen: number[] = [];
    const failed = training({ grower, onStep: (done) => seen.push(done) });
    await expect(failed).rejects.toBeInstanceOf(NonFiniteError);
    await expect(failed).rejects.toThrow(
      /^train: grower, step 17: action "picked" of grower_1 in copy 1 is NaN, where it sees fruit \S+, own \S+; actions are finite numbers in \[-1, 1\]\. Did the actor diverge\?/,
    );
    expect(seen).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  it.each([
    [
      'a reward',
      (env: BatchedEnv) => env.rewards.trader.fill(Number.NaN, 2),
      /^train: trader, step 17: reward of trader_0 in copy 2 is NaN, .* wrappers/,
    ],
    [
      'an observation at the end of a step',
      (env: BatchedEnv) => env.finalObservations.grower.fill(Number.POSITIVE_INFINITY, 3, 4),
      /^train: grower, step 17: observation "own" of grower_1 in copy 0 is Infinity, .* wrappers/,
    ],
    [
      'an observation at the beginning of a step',
      (env: BatchedEnv) => env.observations.trader.fill(Number.NaN, 0, 1),
      /^train: trader, step 18: observation "fruit" of trader_0 in copy 0 is NaN/,
    ],
  ])('%s', async (_name, spoil, words) => {
    const failed = training({ wrap: (env) => new At17(env, spoil) });
    await expect(failed).rejects.toBeInstanceOf(NonFiniteError);
    await expect(failed).rejects.toThrow(words);
  });

  it('a reward of the economy itself, with the step of the training before that of the episode', async () => {
    const definition = {
      ...orchard,
      horizon: () => 100,
      step(context: Parameters<typeof orchard.step>[0]) {
        orchard.step(context);
        context.state.fruit += 3;
        if (context.state.fruit > 30) context.rewards.grower[1] = Number.NaN;
      },
    };
    const env = new Simulation(instantiate(definition), { copies: 1 });
    env.reset({ seed: 1 });
    const failed = train({ grower: random('grower'), trader: random('trader') }, env, { steps: 1000 });
    await expect(failed).rejects.toThrow(
      /^train: step (\d+): orchard: reward of grower_1 is NaN at step \1;/,
    );
  });
});

describe('an error in training', () => {
  const updating = (error: unknown): Partial<Agent> => {
    let updates = 0;
    return {
      update() {
        updates += 1;
        if (updates === 17) throw error;
        return undefined;
      },
    };
  };

  it.each([[Error], [TypeError], [RangeError], [NonFiniteError], [UsageError]])(
    'keeps its class, %o, and is the cause of the one with type and step',
    async (Class) => {
      const error = new Class('critic: the loss is NaN');
      const failed: unknown = await training({ grower: updating(error) }).catch((thrown: unknown) => thrown);
      expect(failed).toBeInstanceOf(Class);
      expect(failed).toMatchObject({
        message: 'train: grower, step 17: critic: the loss is NaN',
        name: error.name,
        cause: error,
      });
    },
  );

  it('of a class that nobody knows comes as it is', async () => {
    class Strange extends Error {
      readonly code: number;
      constructor(code: number) {
        super(`code ${code}`);
        this.code = code;
      }
    }
    for (const thrown of [new Strange(7), 'no error at all']) {
      await expect(training({ grower: updating(thrown) })).rejects.toBe(thrown);
    }
  });

  it('of a callback comes as it is', async () => {
    const error = new Error('the disk is full');
    const failed = training({
      onStep(step) {
        if (step === 3) throw error;
      },
    });
    await expect(failed).rejects.toBe(error);
  });
});
