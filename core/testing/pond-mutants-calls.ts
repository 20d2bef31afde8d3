/** Single-agent ponds that take what they should refuse, refuse what they should take, or change what is not theirs. */
import { ENV_CHECKS } from '../checks/env-names.ts';
import type { ResetOptions } from '../env.ts';
import { UsageError } from '../errors.ts';
import { type Vector, vectorOf } from '../spaces.ts';
import { pondEnv } from './pond.ts';
import { alter, type Mutant, taking } from './pond-mutants.ts';

export const callMutants: readonly Mutant[] = [
  {
    name: 'actions that are rounded in place',
    make() {
      const env = pondEnv();
      return alter(env, {
        step(action: number[]) {
          const result = env.step(action);
          if (Array.isArray(action)) action[0] = Math.round(action[0]);
          return result;
        },
      });
    },
    check: ENV_CHECKS.arguments,
    message: /agent \d+ .*the action as the caller gave it/,
  },
  {
    name: 'options of reset that are filled in in place',
    make() {
      const env = pondEnv();
      return alter(env, {
        reset(given: ResetOptions = {}) {
          if (given.options !== undefined) Object.assign(given.options, { stock: 4 });
          return env.reset(given);
        },
      });
    },
    check: ENV_CHECKS.arguments,
    message: /null 0 .*options\.stock.*undefined.*4 afterwards/,
  },
  {
    name: 'actions out of bounds that are clipped',
    make: () => taking((x) => (Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : x)),
    check: ENV_CHECKS.bounds,
    message: /agent 0 .*UsageError for "effort" at -0\.000002, below its bound 0.*it was accepted/,
  },
  {
    name: 'actions out of bounds that fail by accident',
    make() {
      const env = pondEnv();
      return alter(env, {
        step(action: Vector) {
          const [x = 0] = vectorOf(action) ?? [];
          if (Number.isFinite(x) && Math.abs(x - 0.5) > 0.500001) throw new TypeError('no such index');
          return env.step(action);
        },
      });
    },
    check: ENV_CHECKS.bounds,
    message: /agent 0 .*TypeError: no such index/,
  },
  {
    name: 'rounding beyond a bound that is refused',
    make: () =>
      taking((x) => {
        if (x > 1 || x < 0) throw new UsageError(`pond: effort of agent is ${x}; it is a number in [0, 1].`);
        return x;
      }),
    check: ENV_CHECKS.clipping,
    message: /agent 1 .*as at the bound 0.*UsageError: pond: effort of agent is -5e-7/,
  },
  {
    name: 'rounding beyond a bound that is not clipped',
    make() {
      const env = pondEnv();
      return alter(env, {
        step(action: Vector) {
          const result = env.step(action);
          const [x = 0] = vectorOf(action) ?? [];
          return { ...result, reward: result.reward + Math.max(0, x - 1) };
        },
      });
    },
    check: ENV_CHECKS.clipping,
    message: /agent 1 .*rewards.*at the bound 1.*at 1\.0000005/,
  },
  {
    name: 'NaN as an action',
    make: () => taking((x) => (Number.isNaN(x) ? 0 : x)),
    check: ENV_CHECKS.notNumbers,
    message: /agent 0 .*"effort" at NaN.*it was accepted/,
  },
  {
    name: 'infinity as an action',
    make: () => taking((x) => (x === Infinity ? 1 : x)),
    check: ENV_CHECKS.notNumbers,
    message: /agent 0 .*"effort" at Infinity.*it was accepted/,
  },
  {
    name: 'more numbers than an action has',
    make() {
      const env = pondEnv();
      return alter(env, {
        step: (action: Vector) => env.step(vectorOf(action)?.slice(0, 1) ?? action),
      });
    },
    check: ENV_CHECKS.shapes,
    message: /agent 0 .*one number too many.*it was accepted/,
  },
  {
    name: 'only arrays as actions',
    make() {
      const env = pondEnv();
      return alter(env, {
        step(action: Vector) {
          if (!Array.isArray(action)) throw new UsageError('pond: give an array.');
          return env.step(action);
        },
      });
    },
    check: ENV_CHECKS.actionForms,
    message: /actions as a Float64Array.*UsageError: pond: give an array/,
  },
  {
    name: 'a draw before an action is refused',
    make() {
      const env = pondEnv();
      return alter(env, {
        step(action: Vector) {
          try {
            return env.step(action);
          } catch (error) {
            const saved = env.save();
            env.load({ ...saved, stock: Number(saved.stock) + 1e-9 });
            throw error;
          }
        },
      });
    },
    check: ENV_CHECKS.afterRefusal,
    message: /agent 1 .*without refusals.*after actions were refused/,
  },
  {
    name: 'a step after the end that begins the next episode',
    make() {
      const env = pondEnv();
      let ended = false;
      return alter(env, {
        reset(options?: ResetOptions) {
          ended = false;
          return env.reset(options);
        },
        step(action: Vector) {
          if (ended) env.reset();
          const result = env.step(action);
          ended = result.truncated;
          return result;
        },
      });
    },
    check: ENV_CHECKS.afterEnd,
    message: /null 12 .*OrderError for a step after the end.*it was accepted/,
  },
  {
    name: 'a step before the first reset',
    make() {
      const env = pondEnv();
      let started = false;
      return alter(env, {
        reset(options?: ResetOptions) {
          started = true;
          return env.reset(options);
        },
        step(action: Vector) {
          if (!started) env.reset();
          started = true;
          return env.step(action);
        },
        load(saved: never) {
          started = true;
          env.load(saved);
        },
      });
    },
    check: ENV_CHECKS.beforeReset,
    message: /null 0 .*OrderError for a step before the first reset.*it was accepted/,
  },
  {
    name: 'a second close that throws',
    make() {
      let closed = false;
      return alter(pondEnv(), {
        close() {
          if (closed) throw new Error('closed already');
          closed = true;
        },
      });
    },
    check: ENV_CHECKS.close,
    message: /second close\(\).*closed already/,
  },
  {
    name: 'episodes that never end',
    make: () => pondEnv({ horizon: Infinity }),
    options: { steps: 300 },
    check: ENV_CHECKS.end,
    message: /within 300 steps.*contract untested/,
  },
];
