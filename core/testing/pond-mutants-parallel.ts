/** Ponds of three fishers, broken in one way each. */
import ndarray from 'ndarray';
import { ENV_CHECKS } from '../checks/env-names.ts';
import type { ParallelEnv, ParallelStepResult, PerAgent, ResetOptions } from '../env.ts';
import type { Vector } from '../spaces.ts';
import { pondParallel } from './pond.ts';
import { alter, float32, type Mutant } from './pond-mutants.ts';

type Actions = PerAgent<Vector>;

/** A pond whose steps are changed afterwards. */
function parallelAfter(change: (result: ParallelStepResult) => object): ParallelEnv {
  const env = pondParallel();
  return alter(env, {
    step(actions: Actions) {
      const result = env.step(actions);
      return { ...result, ...change(result) };
    },
  });
}

/** A pond whose state is told otherwise, by the number of steps since the reset. */
function telling(tell: (state: Float64Array, count: number) => ArrayLike<number>): ParallelEnv {
  const env = pondParallel();
  let count = 0;
  return alter(env, {
    reset(options?: ResetOptions) {
      count = 0;
      return env.reset(options);
    },
    step(actions: Actions) {
      count += 1;
      return env.step(actions);
    },
    state() {
      const numbers = Float64Array.from(tell(env.state().data, count));
      return ndarray(numbers, [numbers.length]);
    },
    save: () => ({ inner: env.save(), count }),
    load(saved: { inner: never; count: number }) {
      env.load(saved.inner);
      count = saved.count;
    },
  });
}

/** A pond where those who have ended are alive again after so many steps; they have entries in all records. */
function haunted(rest: number): ParallelEnv {
  const env = pondParallel();
  let ended = new Map<string, number>();
  const ghosts = () =>
    env.agents.length === 0 ? [] : [...ended].filter(([, steps]) => steps >= rest).map(([agent]) => agent);
  return alter(env, {
    get agents() {
      return [...env.agents, ...ghosts()];
    },
    reset(options?: ResetOptions) {
      ended = new Map();
      return env.reset(options);
    },
    step(actions: Actions) {
      const [before, extra] = [env.agents, ghosts()];
      const others = Object.entries(actions).filter(([agent]) => !extra.includes(agent));
      const result = env.step(Object.fromEntries(others));
      for (const [agent, steps] of ended) ended.set(agent, steps + 1);
      for (const agent of before) if (!env.agents.includes(agent)) ended.set(agent, 0);
      const each = <X>(value: () => X) => Object.fromEntries(extra.map((agent) => [agent, value()]));
      return {
        observations: { ...result.observations, ...each(() => float32(1, 0)) },
        rewards: { ...result.rewards, ...each(() => 0) },
        terminated: { ...result.terminated, ...each(() => false) },
        truncated: { ...result.truncated, ...each(() => env.agents.length === 0) },
        infos: { ...result.infos, ...each(() => ({})) },
      };
    },
    save: () => ({ inner: env.save(), ended: [...ended] }),
    load(saved: { inner: never; ended: [string, number][] }) {
      env.load(saved.inner);
      ended = new Map(saved.ended);
    },
  });
}

/** A pond that no longer speaks of its first fisher after three steps, though it has not ended. */
function forgetful(): ParallelEnv {
  const env = pondParallel();
  let count = 0;
  const hidden = 'fisher_0';
  const keep = <X>(record: PerAgent<X>) =>
    Object.fromEntries(Object.entries(record).filter(([agent]) => agent !== hidden));
  return alter(env, {
    get agents() {
      return count < 3 ? env.agents : env.agents.filter((agent) => agent !== hidden);
    },
    reset(options?: ResetOptions) {
      count = 0;
      return env.reset(options);
    },
    step(actions: Actions) {
      const all = count < 3 || !env.agents.includes(hidden) ? actions : { [hidden]: [0.5], ...actions };
      const result = env.step(all);
      count += 1;
      if (count <= 3) return result;
      return Object.fromEntries(Object.entries(result).map(([part, record]) => [part, keep(record)]));
    },
    save: () => ({ inner: env.save(), count }),
    load(saved: { inner: never; count: number }) {
      env.load(saved.inner);
      count = saved.count;
    },
  });
}

/** One agent's entry, where it still has one, replaced. */
function replaced<X>(record: PerAgent<X>, agent: string, value: unknown): PerAgent<unknown> {
  return agent in record ? { ...record, [agent]: value } : record;
}

export const parallelMutants: readonly Mutant[] = [
  {
    name: 'a record without one of the agents',
    make: () =>
      parallelAfter(({ rewards }) => ({
        rewards: Object.fromEntries(Object.entries(rewards).filter(([agent]) => agent !== 'fisher_1')),
      })),
    check: ENV_CHECKS.keys,
    message: /fisher_1 1 rewards of exactly fisher_0, fisher_1, fisher_2 .*no fisher_1/,
  },
  {
    name: 'a record with somebody else',
    make: () => parallelAfter(({ infos }) => ({ infos: { ...infos, trader_0: {} } })),
    check: ENV_CHECKS.keys,
    message: /trader_0 1 infos of exactly fisher_0, fisher_1, fisher_2 .*also trader_0/,
  },
  {
    name: 'no last observation of an agent that ends',
    make: () =>
      parallelAfter(({ observations, terminated }) => ({
        observations: Object.fromEntries(
          Object.entries(observations).filter(([agent]) => !terminated[agent]),
        ),
      })),
    check: ENV_CHECKS.keys,
    message: /fisher_\d \d+ observations of exactly .*no fisher_/,
  },
  {
    name: 'an observation out of its space, of one agent',
    make: () =>
      parallelAfter(({ observations }) => ({
        observations: replaced(observations, 'fisher_2', float32(1, 6)),
      })),
    check: ENV_CHECKS.inSpace,
    message: /fisher_2 1 .*"energy" \[-1, 5\].*"energy" \(index 1\) is 6/,
  },
  {
    name: 'a reward that is a word, of one agent',
    make: () => parallelAfter(({ rewards }) => ({ rewards: replaced(rewards, 'fisher_1', '1') })),
    check: ENV_CHECKS.rewards,
    message: /fisher_1 1 a finite number .*"1"/,
  },
  {
    name: 'an agent that comes back to life',
    make: () => haunted(2),
    check: ENV_CHECKS.lives,
    message: /fisher_\d \d+ .*fisher_\d comes back to life/,
  },
  {
    name: 'an agent that has ended and is still listed',
    make: () => haunted(0),
    check: ENV_CHECKS.lives,
    message: /fisher_\d \d+ .*has ended and still lives/,
  },
  {
    name: 'an agent that is gone and has not ended',
    make: forgetful,
    check: ENV_CHECKS.lives,
    message: /fisher_0 3 .*fisher_0 is gone and has not ended/,
  },
  {
    name: 'no action for a live agent',
    make() {
      const env = pondParallel();
      return alter(env, {
        step(actions: Actions) {
          const idle = Object.fromEntries(env.agents.map((agent) => [agent, [0]]));
          return env.step({ ...idle, ...actions });
        },
      });
    },
    check: ENV_CHECKS.agents,
    message: /fisher_0 0 a UsageError for no action for this live agent.*it was accepted/,
  },
  {
    name: 'an action for an unknown agent',
    make() {
      const env = pondParallel();
      return alter(env, {
        step(actions: Actions) {
          const known = Object.entries(actions).filter(([agent]) => env.possibleAgents.includes(agent));
          return env.step(Object.fromEntries(known));
        },
      });
    },
    check: ENV_CHECKS.agents,
    message: /nobody_0 0 a UsageError for an action for an unknown agent.*it was accepted/,
  },
  {
    name: 'a step of nobody after the end',
    make() {
      const env = pondParallel();
      let last: ParallelStepResult | undefined;
      return alter(env, {
        step(actions: Actions) {
          const idle = Object.keys(actions).length === 0 && env.agents.length === 0;
          if (!idle || last === undefined) last = env.step(actions);
          return last;
        },
      });
    },
    check: ENV_CHECKS.afterEnd,
    message: /null \d+ .*after the end with no actions.*it was accepted/,
  },
  {
    name: 'a global state that is not finite',
    make: () =>
      telling((state, count) => (count === 4 ? state.map((x, i) => (i === 0 ? Number.NaN : x)) : state)),
    check: ENV_CHECKS.state,
    message: /null 4 finite numbers .*number 0 of the state is NaN/,
  },
  {
    name: 'a global state out of its space',
    make: () => telling((state, count) => (count === 2 ? state.map((x, i) => (i === 1 ? 13 : x)) : state)),
    check: ENV_CHECKS.state,
    message: /null 2 a state in stateSpace .*"period" is 13/,
  },
  {
    name: 'a global state that is written into again',
    make() {
      const env = pondParallel();
      const held = ndarray(new Float64Array(5), [5]);
      return alter(env, {
        state() {
          held.data.set(env.state().data);
          return held;
        },
      });
    },
    check: ENV_CHECKS.copies,
    message: /null 0 state that stays as it was returned.*after the next call/,
  },
  {
    name: 'exchangeable agents, one of whom is paid more',
    make: () =>
      parallelAfter(({ rewards }) => ({
        rewards: replaced(rewards, 'fisher_0', Number(rewards.fisher_0) + 0.01),
      })),
    options: { exchangeable: { fisher: {} } },
    check: ENV_CHECKS.exchangeable,
    message: /fisher_\d 1 rewards of fisher_\d, whose place it took/,
  },
  {
    name: 'exchangeable agents, one of whom starts with less',
    make() {
      const env = pondParallel();
      return alter(env, {
        reset(options?: ResetOptions) {
          const { observations, infos } = env.reset(options);
          return { observations: replaced(observations, 'fisher_0', float32(3, 4)), infos };
        },
      });
    },
    options: { exchangeable: { fisher: {} } },
    check: ENV_CHECKS.exchangeable,
    message: /fisher_\d 0 observations of fisher_\d, whose place it took/,
  },
];
