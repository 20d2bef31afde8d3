/** What the broken ponds share: each is broken in one way, and comes with the check that must find it and what it must say. */
import ndarray from 'ndarray';
import type { CheckEnvOptions } from '../checks/env-context.ts';
import type { AnyEnv } from '../checks/env-driver.ts';
import type { EnvCheckName } from '../checks/env-names.ts';
import type { Env, Observation, ResetOptions, StepResult } from '../env.ts';
import { type Vector, vectorOf } from '../spaces.ts';
import { pondEnv } from './pond.ts';

export interface Mutant {
  /** What is wrong with it. */
  readonly name: string;
  readonly make: () => AnyEnv;
  readonly options?: CheckEnvOptions;
  /** The only check that fails. */
  readonly check: EnvCheckName;
  /** In the text of its first failure: agent, step, what was expected, what was found. */
  readonly message: RegExp;
}

/** The environment with some of its methods replaced; what is not replaced stays the original's. */
export function alter<E extends object>(env: E, changes: object): E {
  return Object.create(env, Object.getOwnPropertyDescriptors(changes)) as E;
}

/** A pond whose steps are changed afterwards; `count` is the number of steps since the reset. */
export function after(
  change: (result: StepResult, count: number) => object,
  options: { readonly horizon?: number } = {},
): Env {
  const env = pondEnv(options);
  let count = 0;
  return alter(env, {
    reset(given?: ResetOptions) {
      count = 0;
      return env.reset(given);
    },
    step(action: Vector) {
      count += 1;
      const result = env.step(action);
      return { ...result, ...change(result, count) };
    },
    load(saved: { inner: never; count: number }) {
      env.load(saved.inner);
      count = saved.count;
    },
    save: () => ({ inner: env.save(), count }),
  });
}

export function float32(...numbers: readonly number[]): Observation {
  return ndarray(Float32Array.from(numbers), [numbers.length]);
}

/** A pond that sees other efforts than it is given. */
export function taking(change: (effort: number) => number): Env {
  const env = pondEnv();
  return alter(env, { step: (action: Vector) => env.step(vectorOf(action)?.map(change) ?? action) });
}
