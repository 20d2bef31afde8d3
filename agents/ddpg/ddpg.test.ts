import { describe, expect, it } from 'vitest';
import type { Backend } from '../../core/method.ts';
import { train } from '../../core/train.ts';
import { chooseKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import { createRng } from '../../numerics/random.ts';
import { optimum, PLACES, policyOf, restoreInto, snapshot, startIn } from '../off-policy/target-economy.ts';
import { cube, fill, gap } from '../off-policy/test-fixtures.ts';
import { ddpg } from './index.ts';
import { ddpgLearner } from './learner.ts';
import { ddpgSettings } from './settings.ts';

type Own = Readonly<Record<string, unknown>>;

/** Without a cold start a critic of 16x16 tanh units, at the rate of these tests, gets stuck at one value for all actions: 3 seeds of 8. */
const start = (seed: number, steps: number, settings: Own = {}) =>
  startIn({ method: ddpg, settings: { hidden: '32x32', ...settings }, seed, steps });

const ALL: readonly (readonly [string, Own])[] = [
  ['as it is', {}],
  ['as TD3', { variant: 'td3' }],
  ['without a cold start', { coldStart: 'none' }],
];

describe.each(ALL)('deep deterministic policy gradient %s', (_name, settings) => {
  it('finds an optimum that weighs the next period, through truncated episodes of two periods', async () => {
    const steps = 3000;
    const { env, agents } = start(1, steps, settings);
    await train(agents, env, { steps });
    policyOf(agents).forEach((action, i) => {
      expect(Math.abs(action - optimum(PLACES[i]))).toBeLessThan(LARGEST_GAP);
    });
  });

  it('gives the same bits for the same seed, whatever is asked of it in between', async () => {
    const run = async (questions: number) => {
      const { env, agents } = start(2, 150, settings);
      const noisy = () => {
        for (let i = 0; i < questions; i++) policyOf(agents);
        return undefined;
      };
      await train(agents, env, { steps: 150, callbacks: [noisy] });
      return policyOf(agents);
    };
    expect(await run(2)).toEqual(await run(0));
  });

  // After 101 steps, and 63 of them for the warm-up: an odd number of updates, of which TD3's delay counts every second.
  it('continues after save and load as if nothing had happened', async () => {
    const one = start(3, 160, settings);
    await train(one.agents, one.env, { steps: 101 });
    const saved = snapshot(one);
    await train(one.agents, one.env, { steps: 160, from: 101 });
    const two = start(99, 160, settings);
    restoreInto(two, saved);
    await train(two.agents, two.env, { steps: 160, from: 101 });
    expect(policyOf(two.agents)).toEqual(policyOf(one.agents));
    expect(snapshot(two)).toEqual(snapshot(one));
  });
});

/** The largest gap over eight seeds was .16, as TD3 .16, without a cold start .12. Myopia is off by .6 at x = 2, and taking the time limit for an end by .27. */
const LARGEST_GAP = 0.2;

const { kernels } = chooseKernels();
const backend: Backend = {
  kind: 'kernels',
  name: kernels.name,
  refused: [],
  engine: (program) => arenaEngine(program, { kernels }),
};

/** A learner with a batch of drawn numbers, without a cold start unless it is set. */
function learnerOf(settings: Own) {
  const learner = ddpgLearner({
    observationSpace: cube(3),
    actionSpace: cube(2),
    rows: 1,
    discountFactor: 0.9,
    steps: 10,
    settings: ddpgSettings.parse({ hidden: '8x8', batchSize: 16, coldStart: 'none', ...settings }),
    rng: createRng(6),
    backend,
  });
  const rng = createRng(7);
  for (const [name, values] of Object.entries(learner.batch())) fill(values, name, rng.split(name));
  return learner;
}

type Learned = ReturnType<typeof learnerOf>;

/** What each of some updates moved. */
function moved(learner: Learned, updates: number): readonly string[] {
  let before = learner.save().engine;
  return Array.from({ length: updates }, () => {
    learner.learn(0);
    const after = learner.save().engine;
    const names = Object.keys(after).filter((group) =>
      Object.entries(after[group].parameters).some(
        ([name, values]) => gap(values, before[group].parameters[name]) > 0,
      ),
    );
    before = after;
    return names.sort().join(' ');
  });
}

const EVERYTHING = 'actor actorAverage actorTarget critic criticTarget';

const OBSERVATIONS = Float32Array.from({ length: 30 }, (_, i) => Math.sin(i));

function actionsOf(learner: Learned, how: 'explore' | 'exploit'): Float32Array {
  const actions = new Float32Array(20);
  learner[how](OBSERVATIONS, 10, actions);
  return actions;
}

describe('an update', () => {
  it('moves critic, actor and all slow copies', () => {
    expect(moved(learnerOf({}), 2)).toEqual([EVERYTHING, EVERYTHING]);
  });

  it('of TD3 moves the critics alone every other time', () => {
    expect(moved(learnerOf({ variant: 'td3' }), 4)).toEqual(['critic', EVERYTHING, 'critic', EVERYTHING]);
  });

  it('of TD3 has the delay that is set', () => {
    const learner = learnerOf({ variant: 'td3', policyDelay: 3 });
    expect(moved(learner, 3)).toEqual(['critic', 'critic', EVERYTHING]);
  });

  it('leaves a cold-started actor alone until its critic knows its value', () => {
    const learner = learnerOf({ coldStart: 'constant', coldStartUpdates: 2 });
    const critics = 'critic criticTarget';
    expect(moved(learner, 3)).toEqual([critics, critics, EVERYTHING]);
  });

  it('moves a cold-started actor after a tenth of the planned updates at the latest', () => {
    const learner = learnerOf({ coldStart: 'constant', coldStartUpdates: 1000 });
    const before = actionsOf(learner, 'exploit');
    learner.learn(0.09);
    expect(actionsOf(learner, 'exploit')).toEqual(before);
    learner.learn(0.1);
    expect(actionsOf(learner, 'exploit')).not.toEqual(before);
  });
});

describe('the first policy', () => {
  it('is near the middle of the action range with a small output layer, at its bounds with a large one', () => {
    for (const action of actionsOf(learnerOf({}), 'exploit')) expect(Math.abs(action)).toBeLessThan(0.1);
    const large = [...actionsOf(learnerOf({ actorOutputScale: 100 }), 'exploit')].map(Math.abs);
    expect(large.filter((size) => size > 0.9).length).toBeGreaterThan(10);
  });

  it('of a cold start is one action whatever is seen, explored around with the noise that is set', () => {
    const learner = learnerOf({ coldStart: 'constant', coldStartAction: -0.4 });
    for (const action of actionsOf(learner, 'exploit')) expect(action).toBeCloseTo(-0.4, 6);
    // Twenty normal numbers are not all within a tenth of their standard deviation, nor any beyond five.
    const noises = [...actionsOf(learner, 'explore')].map((action) => Math.abs(action + 0.4));
    expect(Math.max(...noises)).toBeGreaterThan(0.01);
    expect(Math.max(...noises)).toBeLessThan(0.5);
  });
});

describe('the settings of the variants', () => {
  it('are the published ones of TD3, unless others are set', () => {
    const same = (one: Own, other: Own) => {
      const [a, b] = [learnerOf(one), learnerOf(other)];
      for (let i = 0; i < 4; i++) for (const each of [a, b]) each.learn(0);
      return gap(actionsOf(a, 'exploit'), actionsOf(b, 'exploit')) === 0;
    };
    const td3 = { targetSmoothing: 0.2, actorSmoothing: 0, policyDelay: 2 };
    expect(same({ variant: 'td3' }, { variant: 'td3', ...td3 })).toBe(true);
    expect(same({}, { targetSmoothing: 0.1, actorSmoothing: 0.1, policyDelay: 1 })).toBe(true);
    expect(same({ variant: 'td3' }, td3)).toBe(false); // two critics
    for (const [name, value] of Object.entries({ targetSmoothing: 0, actorSmoothing: 0.1, policyDelay: 1 })) {
      expect(same({ variant: 'td3' }, { variant: 'td3', [name]: value }), name).toBe(false);
    }
  });
});
