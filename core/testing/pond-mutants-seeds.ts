/** Single-agent ponds whose randomness, or saved data, are broken in one way each. */
import { createRng } from '../../numerics/random.ts';
import { ENV_CHECKS } from '../checks/env-names.ts';
import type { ResetOptions } from '../env.ts';
import type { Vector } from '../spaces.ts';
import { pondEnv } from './pond.ts';
import { after, alter, type Mutant } from './pond-mutants.ts';

/** What no environment may draw from or write to. */
const world = { steps: 0, noise: createRng('world') };

export const seedMutants: readonly Mutant[] = [
  {
    name: 'a seed that is ignored',
    make() {
      const env = pondEnv();
      return alter(env, { reset: () => env.reset() });
    },
    check: ENV_CHECKS.sameSeed,
    message: /agent 0 .*in the same instance, reset with the same seed/,
  },
  {
    name: 'a clock that a reset does not set back',
    make() {
      const env = pondEnv();
      return alter(env, {
        reset(options: ResetOptions) {
          const period = Math.max(0, Number(env.save().period));
          const result = env.reset(options);
          env.load({ ...env.save(), period });
          return result;
        },
      });
    },
    check: ENV_CHECKS.sameSeed,
    message: /agent \d+ .*truncated.*in the same instance, reset with the same seed/,
  },
  {
    name: 'noise from outside of the generator',
    make: () => after(({ reward }) => ({ reward: reward + 1e-12 * world.noise.uniform() })),
    check: ENV_CHECKS.sameSeed,
    message: /agent 1 .*rewards.*in a second instance/,
  },
  {
    name: 'seeds that all give the same',
    make() {
      const env = pondEnv();
      let started = false;
      return alter(env, {
        reset({ seed }: ResetOptions = {}) {
          const given = started && seed === undefined ? {} : { seed: 5 };
          started = true;
          return env.reset(given);
        },
        load(saved: never) {
          started = true;
          env.load(saved);
        },
      });
    },
    check: ENV_CHECKS.otherSeed,
    message: /null null .*another trajectory for seed 2.*the same 251 records/,
  },
  {
    name: 'a reset without a seed that starts the stream again',
    make() {
      const env = pondEnv();
      let last = 0;
      return alter(env, {
        reset({ seed = last }: ResetOptions = {}) {
          last = seed;
          return env.reset({ seed });
        },
        save: () => ({ inner: env.save(), last }),
        load(saved: { inner: never; last: number }) {
          env.load(saved.inner);
          last = saved.last;
        },
      });
    },
    check: ENV_CHECKS.stream,
    message: /null null .*another episode after reset\(\)/,
  },
  {
    name: 'a reset without a seed that always starts at seed 99',
    make() {
      const env = pondEnv();
      return alter(env, { reset: ({ seed = 99 }: ResetOptions = {}) => env.reset({ seed }) });
    },
    check: ENV_CHECKS.stream,
    message: /another episode after reset\(\)/,
  },
  {
    name: 'a first reset without a seed that is not that of seed 0',
    make() {
      const env = pondEnv();
      env.load({ ...env.save(), rng: createRng(77).save() });
      return env;
    },
    check: ENV_CHECKS.stream,
    message: /agent 0 .*after a first reset\(\{ seed: 0 \}\)/,
  },
  {
    name: 'state shared by instances',
    make() {
      const env = pondEnv();
      let started = false;
      return alter(env, {
        reset(options: ResetOptions = {}) {
          if (!started || options.seed !== undefined) world.steps = 0;
          started = true;
          return env.reset(options);
        },
        step(action: Vector) {
          const result = env.step(action);
          world.steps += 1;
          return { ...result, reward: result.reward + 1e-9 * world.steps };
        },
        save: () => ({ inner: env.save(), steps: world.steps }),
        load(saved: { inner: never; steps: number }) {
          started = true;
          env.load(saved.inner);
          world.steps = saved.steps;
        },
      });
    },
    check: ENV_CHECKS.shared,
    message: /rewards.*while another instance runs in turn/,
  },
  {
    name: 'saved data without the generator',
    make() {
      const env = pondEnv();
      return alter(env, { load: (saved: object) => env.load({ ...saved, rng: createRng(8).save() }) });
    },
    check: ENV_CHECKS.restored,
    message: /agent 0 .*without saving.*in a new environment that loaded it/,
  },
  {
    name: 'a state that is saved as float32',
    make() {
      const env = pondEnv();
      return alter(env, {
        save() {
          const saved = env.save();
          return { ...saved, stock: Math.fround(Number(saved.stock)) };
        },
      });
    },
    check: ENV_CHECKS.restored,
    message: /agent 0 .*without saving.*in a new environment that loaded it/,
  },
  {
    name: 'a state that is rounded by saving it',
    make() {
      const env = pondEnv();
      return alter(env, {
        save() {
          const saved = env.save();
          env.load({ ...saved, stock: Math.fround(Number(saved.stock)) });
          return saved;
        },
      });
    },
    check: ENV_CHECKS.restored,
    message: /in the environment that was saved and went on/,
  },
  {
    name: 'saved data that are still written into',
    make() {
      const env = pondEnv();
      const log = new Float64Array(1);
      return alter(env, {
        step(action: Vector) {
          log[0] += 1;
          return env.step(action);
        },
        save: () => ({ ...env.save(), log }),
      });
    },
    check: ENV_CHECKS.restored,
    message: /saved data that save does not share.*log\.0/,
  },
  {
    name: 'saved data with a function',
    make() {
      const env = pondEnv();
      return alter(env, { save: () => ({ ...env.save(), again: () => env.save() }) });
    },
    check: ENV_CHECKS.restored,
    message: /DataCloneError/,
  },
];
