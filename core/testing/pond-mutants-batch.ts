/** Batches of ponds, broken in one way each. */
import { createRng } from '../../numerics/random.ts';
import type { BatchedEnv, SavedEnv, SimulationOptions } from '../batched.ts';
import { ENV_CHECKS } from '../checks/env-names.ts';
import { BatchedWrapper } from '../wrappers/base.ts';
import { pondBatch, pondEnv } from './pond.ts';
import { alter, type Mutant } from './pond-mutants.ts';

class PassingOn extends BatchedWrapper {
  override fresh(options?: SimulationOptions): BatchedEnv {
    return this.inner.fresh(options);
  }
}

/** A batch, and the single instances that it makes, with some methods replaced. */
function batch(change: (env: BatchedEnv) => object, options: SimulationOptions = {}): BatchedEnv {
  const env = new PassingOn(pondBatch(options));
  return alter(alter(env, change(env)), { fresh: (o: SimulationOptions) => batch(change, o) });
}

/** A batch whose steps are followed by something. */
function batchAfter(follow: (env: BatchedEnv) => void): BatchedEnv {
  return batch((env) => ({
    step() {
      env.step();
      follow(env);
    },
  }));
}

/** A batch that sees other actions than it is given. */
function batchTaking(change: (effort: number) => number): BatchedEnv {
  return batch((env) => ({
    step() {
      const given = env.actions.fisher.slice();
      env.actions.fisher.set(given.map(change));
      try {
        env.step();
      } finally {
        env.actions.fisher.set(given);
      }
    },
  }));
}

export const batchMutants: readonly Mutant[] = [
  {
    name: 'a copy of a batch that feels another',
    make: () =>
      batchAfter(({ rewards, observations, copies }) => {
        if (copies > 1) rewards.fisher[1] += 1e-9 * observations.fisher[0];
      }),
    check: ENV_CHECKS.batched,
    message: /fisher_0 of copy 1 1 rewards of a single instance .*rewards of the batch/,
  },
  {
    name: 'last observations of a batch that are those after the reset',
    make: () => batchAfter((env) => env.finalObservations.fisher.set(env.observations.fisher)),
    check: ENV_CHECKS.batched,
    message: /fisher_0 of copy 0 12 observations .*finalObservations of the batch/,
  },
  {
    name: 'copies of a batch that were reset and do not say so',
    make: () =>
      batch(
        (env) => ({
          step() {
            env.step();
            env.wasReset.fill(0);
          },
        }),
        { autoreset: 'next-step' },
      ),
    check: ENV_CHECKS.batched,
    message: /fisher_0 of copy 0 12 truncated of a single instance/,
  },
  {
    name: 'a batch with other seeds than single instances have',
    make: () => pondEnv(),
    options: {
      batched: () =>
        batch((env) => ({
          reset: ({ seed, ...rest }: { readonly seed?: number }) =>
            env.reset(seed === undefined ? rest : { ...rest, seed: 10 * seed }),
        })),
    },
    check: ENV_CHECKS.batched,
    message: /fisher_0 of copy 0 0 observations .*observations of the batch/,
  },
  {
    name: 'new buffers at each look',
    make: () =>
      batch((env) => ({
        get rewards() {
          return { fisher: env.rewards.fisher.slice() };
        },
      })),
    check: ENV_CHECKS.buffers,
    message: /null 0 rewards\.fisher to be one array.*another array/,
  },
  {
    name: 'observations of a batch in float64',
    make: () =>
      batch((env) => {
        const wide = { fisher: Float64Array.from(env.observations.fisher) };
        return {
          get observations() {
            wide.fisher.set(env.observations.fisher);
            return wide;
          },
        };
      }),
    check: ENV_CHECKS.form,
    message: /fisher_0 of copy 0 0 .*float32.*Float64Array/,
  },
  {
    name: 'a time limit of a batch that is reported as termination',
    make: () =>
      batchAfter(({ terminated, truncated }) => {
        terminated.set(truncated);
        truncated.fill(0);
      }),
    check: ENV_CHECKS.horizon,
    message: /fisher_0 of copy 0 12 .*terminated after exactly 12 steps/,
  },
  {
    name: 'ends of a batch that are neither 0 nor 1',
    make: () => batchAfter(({ truncated }) => truncated.set(truncated.map((x) => 2 * x))),
    check: ENV_CHECKS.flags,
    message: /fisher_0 of copy 0 12 truncated is true or false .* 2$/,
  },
  {
    name: 'rewards of NaN in a batch',
    make: () =>
      batchAfter(({ rewards, finalObservations }) => {
        rewards.fisher.set(rewards.fisher.map((x, i) => (finalObservations.fisher[i] > 5 ? Number.NaN : x)));
      }),
    check: ENV_CHECKS.rewards,
    message: /fisher_0 of copy \d \d+ a finite number .*NaN/,
  },
  {
    name: 'a state of a batch that holds words',
    make: () =>
      batch((env) => ({
        get states() {
          return env.states.map((state) => ({ ...state, season: 'wet' }));
        },
      })),
    check: ENV_CHECKS.state,
    message: /null 0 .*season of copy 0 is "wet"/,
  },
  {
    name: 'saved data of a batch without the last generator',
    make: () =>
      batch((env) => ({
        load(saved: { inner: { copies: object[] } }) {
          const copies = saved.inner.copies.map((copy, b) =>
            b === 2 ? { ...copy, rng: createRng(9).save() } : copy,
          );
          env.load({ inner: { ...saved.inner, copies } });
        },
      })),
    check: ENV_CHECKS.restored,
    message: /fisher_0 of copy 2 .*without saving.*in a new environment/,
  },
  {
    name: 'actions of a batch that are cleared',
    make: () => batchAfter(({ actions }) => actions.fisher.fill(0)),
    check: ENV_CHECKS.arguments,
    message: /fisher_0 of copy 0 1 the action as the caller gave it/,
  },
  {
    name: 'an action of a batch that is NaN',
    make: () => batchTaking((x) => (Number.isNaN(x) ? 0 : x)),
    check: ENV_CHECKS.notNumbers,
    message: /fisher_0 of copy 0 0 .*"effort" at NaN.*it was accepted/,
  },
  {
    name: 'actions of a batch that are clipped',
    make: () => batchTaking((x) => (Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : x)),
    check: ENV_CHECKS.bounds,
    message: /fisher_0 of copy 0 0 .*"effort" at -0\.000002.*it was accepted/,
  },
  {
    name: 'a step of a batch before its first reset',
    make: () =>
      batch((env) => {
        let started = false;
        return {
          reset(options: object) {
            started = true;
            env.reset(options);
          },
          step() {
            if (!started) env.reset();
            started = true;
            env.step();
          },
          load(saved: SavedEnv) {
            started = true;
            env.load(saved);
          },
        };
      }),
    check: ENV_CHECKS.beforeReset,
    message: /null 0 an OrderError for a step before the first reset.*it was accepted/,
  },
];
