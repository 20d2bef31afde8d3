/** What a single-agent pond is or returns, broken in one way each. */
import ndarray from 'ndarray';
import { ENV_CHECKS } from '../checks/env-names.ts';
import type { Observation, ResetOptions } from '../env.ts';
import { box, type Vector } from '../spaces.ts';
import { POND_HORIZON, pondEnv } from './pond.ts';
import { after, alter, float32, type Mutant, taking } from './pond-mutants.ts';

export const valueMutants: readonly Mutant[] = [
  {
    name: 'an observation array that is written into again',
    make() {
      const held = float32(0);
      return after(({ observation }) => {
        held.set(0, observation.get(0));
        return { observation: held };
      });
    },
    check: ENV_CHECKS.copies,
    message: /agent 1 .*after the next call/,
  },
  {
    name: 'a state that is read from the last observation',
    make() {
      const env = pondEnv();
      let last: Observation = float32(0);
      const keep = <R extends { readonly observation: Observation }>(result: R): R => {
        last = result.observation;
        return result;
      };
      return alter(env, {
        reset: (options?: ResetOptions) => keep(env.reset(options)),
        step(action: Vector) {
          const before = last.get(0);
          const result = keep(env.step(action));
          return { ...result, reward: before };
        },
        save: () => ({ inner: env.save(), last: last.get(0) }),
        load(saved: { inner: never; last: number }) {
          env.load(saved.inner);
          last = float32(saved.last);
        },
      });
    },
    check: ENV_CHECKS.copies,
    message: /rewards.* after writing into it/,
  },
  {
    name: 'an observation out of its space',
    make: () => after((_result, count) => (count === 3 ? { observation: float32(11) } : {})),
    check: ENV_CHECKS.inSpace,
    message: /agent 3 .*"stock" \[0, 10\].* "stock" \(index 0\) is 11/,
  },
  {
    name: 'NaN in an observation',
    make: () => after((_result, count) => (count === 5 ? { observation: float32(Number.NaN) } : {})),
    check: ENV_CHECKS.inSpace,
    message: /agent 5 .*is NaN/,
  },
  {
    name: 'observations of float64',
    make: () =>
      after(({ observation }) => ({ observation: ndarray(Float64Array.of(observation.get(0)), [1]) })),
    check: ENV_CHECKS.form,
    message: /agent 1 .*float32.*Float64Array/,
  },
  {
    name: 'observations with a number too many',
    make: () => after(({ observation }) => ({ observation: float32(observation.get(0), 0) })),
    check: ENV_CHECKS.form,
    message: /agent 1 .*shape \[1\].* shape \[2\]/,
  },
  {
    name: 'observations as plain arrays',
    make: () => after(({ observation }) => ({ observation: [observation.get(0)] })),
    check: ENV_CHECKS.form,
    message: /agent 1 .*ndarray of float32/,
  },
  {
    name: 'a reward of NaN at step 17',
    make: () => after((_result, count) => (count === 17 ? { reward: Number.NaN } : {}), { horizon: 20 }),
    check: ENV_CHECKS.rewards,
    message: /agent 17 .*finite number.* NaN/,
  },
  {
    name: 'an infinite reward',
    make: () => after((_result, count) => (count === 2 ? { reward: -Infinity } : {})),
    check: ENV_CHECKS.rewards,
    message: /agent 2 .*-Infinity/,
  },
  {
    name: 'a time limit that is reported as termination, the horizon unknown to the checker',
    make: () => after(({ truncated }) => ({ terminated: truncated, truncated: false })),
    check: ENV_CHECKS.horizon,
    message: /agent 12 .*episodes that were seen terminated after exactly 12 steps/,
  },
  {
    name: 'a horizon that terminates as well',
    make: () => after(({ truncated }) => ({ terminated: truncated })),
    options: { horizon: POND_HORIZON },
    check: ENV_CHECKS.horizon,
    message: /agent 12 .*truncation at the horizon.*terminated is true and truncated true/,
  },
  {
    name: 'a horizon that comes too early',
    make: () => pondEnv({ horizon: 11 }),
    options: { horizon: POND_HORIZON },
    check: ENV_CHECKS.horizon,
    message: /agent 11 .*truncation at step 12/,
  },
  {
    name: 'a horizon that comes too late',
    make: () => pondEnv({ horizon: 13 }),
    options: { horizon: POND_HORIZON },
    check: ENV_CHECKS.horizon,
    message: /null 13 .*truncation at step 12.*goes on/,
  },
  {
    name: 'termination where an economy goes on for ever',
    make: () => after(({ truncated }, count) => ({ terminated: truncated && count > 11 })),
    options: { endings: 'truncation' },
    check: ENV_CHECKS.horizon,
    message: /agent 12 .*goes on for ever/,
  },
  {
    name: 'truncation where only termination ends an episode',
    make: () => pondEnv(),
    options: { endings: 'termination' },
    check: ENV_CHECKS.horizon,
    message: /agent 12 .*termination only/,
  },
  {
    name: 'ends as numbers',
    make: () => after(({ truncated }) => ({ truncated: Number(truncated) })),
    check: ENV_CHECKS.flags,
    message: /agent 1 .*truncated is true or false.* 0/,
  },
  {
    name: 'a reset without info',
    make() {
      const env = pondEnv();
      return alter(env, {
        reset: (options?: ResetOptions) => ({ observation: env.reset(options).observation }),
      });
    },
    check: ENV_CHECKS.reset,
    message: /null 0 .*observations, infos.*infos is undefined/,
  },
  {
    name: 'a step without reward',
    make: () => after(() => ({ reward: undefined })),
    check: ENV_CHECKS.steps,
    message: /null 1 .*rewards is undefined/,
  },
  {
    name: 'words in info',
    make: () => after(() => ({ info: { season: 'wet' } })),
    check: ENV_CHECKS.infos,
    message: /agent 1 .*season is "wet"/,
  },
  {
    name: 'a new space object at each look',
    make: () =>
      alter(pondEnv(), {
        get observationSpace() {
          return box({ stock: [0, 10] });
        },
      }),
    check: ENV_CHECKS.sameSpaces,
    message: /agent null .*one observation space object.*another object when asked again/,
  },
  {
    name: 'an action space without an upper bound',
    make: () => alter(pondEnv(), { actionSpace: box({ effort: [0, Infinity] }) }),
    check: ENV_CHECKS.spaces,
    message: /agent null .*finite bounds of actions.*\[0, Infinity\]/,
  },
  {
    name: 'a space that does not contain what it samples',
    make() {
      const space = box({ stock: [0, 10] });
      return alter(pondEnv(), {
        observationSpace: alter(space, { seed() {}, sample: () => Float64Array.of(12) }),
      });
    },
    check: ENV_CHECKS.spaces,
    message: /contains what it samples.*12/,
  },
  {
    name: 'an error under some valid action',
    make: () =>
      taking((x) => {
        if (x > 0.5 && x < 0.52) throw new RangeError('no such node');
        return x;
      }),
    check: ENV_CHECKS.steps,
    message: /no error of step.*RangeError: no such node/,
  },
  {
    name: 'a warning of the process',
    make: () =>
      after(() => {
        process.emitWarning('the pond is shallow');
        return {};
      }),
    check: ENV_CHECKS.warnings,
    message: /null null .*the pond is shallow/,
  },
];
