import ndarray, { type NdArray } from 'ndarray';
import type { BatchedEnv, BatchResetOptions, SavedEnv } from './batched.ts';
import type { EconomyState } from './economy.ts';
import { OrderError, UsageError } from './errors.ts';
import { type RenderMode, render } from './render.ts';
import { type Box, type Vector, vectorOf } from './spaces.ts';

export interface ResetOptions {
  readonly seed?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The first state, instead of a drawn one. */
  readonly state?: EconomyState;
}

export type Info = Readonly<Record<string, number>>;
export type Observation = NdArray<Float32Array>;

export interface StepResult {
  readonly observation: Observation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Info;
}

/** One agent in one economy, with the meaning that `reset` and `step` have in Gymnasium. What it returns are copies. */
export interface Env {
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  /** Starts an episode. Without a seed the generator's stream goes on; the first such reset is that of seed 0. */
  reset(options?: ResetOptions): { readonly observation: Observation; readonly info: Info };
  /** One period. Throws an OrderError before the first reset and after the end of an episode. */
  step(action: Vector): StepResult;
  render(mode: RenderMode): string;
  save(): SavedEnv;
  load(saved: SavedEnv): void;
  /** May be called more than once. */
  close(): void;
}

/** A single-agent environment from a batch of one copy with autoreset disabled. Throws a UsageError if there are more agents. */
export function singleAgent(env: BatchedEnv): Env {
  const names = agentNames(env);
  checkOneCopy(env);
  if (names.length !== 1) {
    throw new UsageError(
      `${env.economy.id}: ${names.length} agents; a single-agent Env needs one. Use makeParallelEnv.`,
    );
  }
  const type = Object.keys(env.types)[0];
  const { observationSpace, actionSpace } = env.types[type];
  const observation = () => ndarray(env.observations[type].slice(), [observationSpace.size]);
  return {
    observationSpace,
    actionSpace,
    reset(options = {}) {
      env.reset(batchOptions(options));
      return { observation: observation(), info: env.info(0) };
    },
    step(action) {
      env.actions[type].set(checkedAction(env, names[0], actionSpace, action));
      env.step();
      return {
        observation: observation(),
        reward: env.rewards[type][0],
        terminated: env.terminated[0] === 1,
        truncated: env.truncated[0] === 1,
        info: env.info(0),
      };
    },
    render: (mode) => render(env, mode),
    save: () => env.save(),
    load: (saved) => env.load(saved),
    close: () => env.close(),
  };
}

export type PerAgent<X> = Readonly<Record<string, X>>;

export interface ParallelStepResult {
  readonly observations: PerAgent<Observation>;
  readonly rewards: PerAgent<number>;
  readonly terminated: PerAgent<boolean>;
  readonly truncated: PerAgent<boolean>;
  readonly infos: PerAgent<Info>;
}

/** All agents act at once, with one record entry per agent id (`household_0`), as in PettingZoo's parallel interface. */
export interface ParallelEnv {
  readonly possibleAgents: readonly string[];
  /** Agents alive now: all of them between reset and the end of an episode, none before and after. */
  readonly agents: readonly string[];
  observationSpace(agent: string): Box;
  actionSpace(agent: string): Box;
  reset(options?: ResetOptions): {
    readonly observations: PerAgent<Observation>;
    readonly infos: PerAgent<Info>;
  };
  step(actions: PerAgent<Vector>): ParallelStepResult;
  /** The whole state of the economy as numbers, in the order of the state's fields. */
  state(): NdArray<Float64Array>;
  render(mode: RenderMode): string;
  save(): SavedEnv;
  load(saved: SavedEnv): void;
  close(): void;
}

/** A multi-agent environment from a batch of one copy with autoreset disabled. */
export function parallelAgents(env: BatchedEnv): ParallelEnv {
  checkOneCopy(env);
  const slots = agentSlots(env);
  const names = slots.map((slot) => slot.agent);
  const byName = new Map(slots.map((slot) => [slot.agent, slot]));
  let alive: readonly string[] = [];
  const slotOf = (agent: string) => {
    const slot = byName.get(agent);
    if (slot === undefined)
      throw new UsageError(`${env.economy.id}: unknown agent "${agent}"; agents are ${listed(names)}.`);
    return slot;
  };
  const each = <X>(value: (slot: AgentSlot) => X): PerAgent<X> =>
    Object.fromEntries(slots.map((slot) => [slot.agent, value(slot)]));
  const observations = () =>
    each(({ type, index }) => {
      const size = env.types[type].observationSpace.size;
      return ndarray(env.observations[type].slice(index * size, (index + 1) * size), [size]);
    });
  const infos = () => {
    const info = env.info(0);
    return each(() => ({ ...info }));
  };
  return {
    possibleAgents: names,
    get agents() {
      return alive;
    },
    observationSpace: (agent) => env.types[slotOf(agent).type].observationSpace,
    actionSpace: (agent) => env.types[slotOf(agent).type].actionSpace,
    reset(options = {}) {
      env.reset(batchOptions(options));
      alive = names;
      return { observations: observations(), infos: infos() };
    },
    step(actions) {
      if (alive.length === 0) throw new OrderError(`${env.economy.id}: no agent is alive; call reset first.`);
      for (const agent of Object.keys(actions)) slotOf(agent);
      for (const { agent, type, index } of slots) {
        if (!Object.hasOwn(actions, agent))
          throw new UsageError(`${env.economy.id}: no action for ${agent}; every live agent needs one.`);
        const space = env.types[type].actionSpace;
        env.actions[type].set(checkedAction(env, agent, space, actions[agent]), index * space.size);
      }
      env.step();
      const [terminated, truncated] = [env.terminated[0] === 1, env.truncated[0] === 1];
      if (terminated || truncated) alive = [];
      return {
        observations: observations(),
        rewards: each(({ type, index }) => env.rewards[type][index]),
        terminated: each(() => terminated),
        truncated: each(() => truncated),
        infos: infos(),
      };
    },
    state() {
      const values = Object.values(env.states[0]).flatMap((v) =>
        typeof v === 'number' ? [v] : Array.from(v),
      );
      return ndarray(Float64Array.from(values), [values.length]);
    },
    render: (mode) => render(env, mode),
    save: () => ({ env: env.save(), alive: alive.length > 0 }),
    load(saved) {
      env.load(saved.env as SavedEnv);
      alive = saved.alive === true ? names : [];
    },
    close: () => env.close(),
  };
}

interface AgentSlot {
  readonly agent: string;
  readonly type: string;
  readonly index: number;
}

function agentSlots(env: BatchedEnv): readonly AgentSlot[] {
  return Object.entries(env.types).flatMap(([type, { count }]) =>
    Array.from({ length: count }, (_, index) => ({ agent: `${type}_${index}`, type, index })),
  );
}

/** Agent ids in order: type, underscore, place within the type. */
export function agentNames(env: BatchedEnv): readonly string[] {
  return agentSlots(env).map((slot) => slot.agent);
}

function checkOneCopy(env: BatchedEnv): void {
  if (env.copies !== 1 || env.autoreset !== 'disabled') {
    throw new UsageError(
      `${env.economy.id}: needs one copy with autoreset "disabled", has ${env.copies} with "${env.autoreset}".`,
    );
  }
}

function batchOptions({ seed, options, state }: ResetOptions): BatchResetOptions {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(options === undefined ? {} : { options }),
    ...(state === undefined ? {} : { states: [state] }),
  };
}

/** The numbers of an action; its values are checked by the step itself. */
function checkedAction(env: BatchedEnv, agent: string, space: Box, action: Vector): readonly number[] {
  const values = vectorOf(action);
  const expected = `actions are arrays of ${space.size} number${space.size === 1 ? '' : 's'} (${space.names.join(', ')})`;
  if (values === undefined)
    throw new UsageError(`${env.economy.id}: action of ${agent} is ${typeof action}; ${expected}.`);
  if (values.length !== space.size) {
    throw new UsageError(`${env.economy.id}: action of ${agent} has ${values.length} numbers; ${expected}.`);
  }
  return values;
}

function listed(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names[0]} to ${names[names.length - 1]}`;
}
