/**
 * An environment of any form, seen as agents by name, so that one set of checks serves all three. What the environment returns
 * is `unknown` here: it may be wrong, and to find out is the point.
 */
import ndarray from 'ndarray';
import type { BatchedEnv } from '../batched.ts';
import type { EconomyState } from '../economy.ts';
import type { Env, ParallelEnv } from '../env.ts';
import type { Box, Vector } from '../spaces.ts';
import { isRecord, isTyped, member } from './env-plain.ts';

export type AnyEnv = Env | ParallelEnv | BatchedEnv;
export type EnvForm = 'Env' | 'ParallelEnv' | 'BatchedEnv';

/** What a reset or a step gave: records by agent, unless the environment gave something else. */
export interface Outcome {
  readonly observations: unknown;
  readonly infos: unknown;
  /** After a step. */
  readonly rewards?: unknown;
  readonly terminated?: unknown;
  readonly truncated?: unknown;
  /** Of a batch: the observations before any reset within the step. */
  readonly finalObservations?: unknown;
  /** Of a batch: 1 where the call was a reset instead, by copy. */
  readonly wasReset?: unknown;
  /** The global state, where the form shows it. */
  readonly state?: unknown;
  /** Of a batch: the same in blocks, which are quicker to keep and compare. */
  readonly blocks?: unknown;
}

/** Whose value stands at a place of a kept outcome, and which. */
export interface Place {
  /** Undefined where it is nobody's, as the state. */
  readonly agent: string | undefined;
  readonly what: string;
}

export interface DriverReset {
  readonly seed?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** First states by copy. */
  readonly states?: readonly EconomyState[];
}

export interface Driver {
  readonly form: EnvForm;
  readonly env: AnyEnv;
  /** Ids of all agents; in a batch `household_0 of copy 1`. */
  readonly possible: readonly string[];
  readonly copies: number;
  /** Whether an agent's episode is followed by the next without a call of `reset`. */
  readonly resetsItself: boolean;
  copyOf(agent: string): number;
  /** What stands at a path within an outcome, or within its blocks. */
  placeOf(path: readonly string[]): Place;
  /** Agents that act now. */
  live(): readonly string[];
  observationSpace(agent: string): Box;
  actionSpace(agent: string): Box;
  reset(options: DriverReset): Outcome;
  /** The environment's own step; the values of `actions` are handed on as they are. */
  step(actions: Readonly<Record<string, unknown>>): Outcome;
  /** The actions as they are after a step that was handed them: the record itself, or what a batch's buffers hold. */
  handed(actions: Readonly<Record<string, unknown>>): unknown;
  /** Undefined where the environment cannot. */
  readonly save: (() => unknown) | undefined;
  readonly load: ((saved: unknown) => void) | undefined;
  close(): void;
}

/** The driver that an environment's form asks for; `name` is the id of a single agent. */
export function driverOf(env: AnyEnv, name: string): Driver {
  if (isBatched(env)) return batchedDriver(env);
  return isParallel(env) ? parallelDriver(env) : singleDriver(env, name);
}

/** Decided by what only that form has, since an environment under test may lack anything. */
function isBatched(env: AnyEnv): env is BatchedEnv {
  return 'copies' in env;
}

function isParallel(env: AnyEnv): env is ParallelEnv {
  return 'possibleAgents' in env;
}

/** `save` and `load` of an environment that has both. */
function keeping(env: AnyEnv, onLoad: () => void): Pick<Driver, 'save' | 'load'> {
  if (typeof env.save !== 'function' || typeof env.load !== 'function')
    return { save: undefined, load: undefined };
  return {
    save: () => env.save(),
    load: (saved) => {
      env.load(saved as never);
      onLoad();
    },
  };
}

function singleDriver(env: Env, name: string): Driver {
  let live: readonly string[] = [];
  const named = (value: unknown) => (value === undefined ? undefined : { [name]: value });
  return {
    form: 'Env',
    env,
    possible: [name],
    copies: 1,
    resetsItself: false,
    copyOf: () => 0,
    placeOf: placeInRecords,
    live: () => live,
    observationSpace: () => env.observationSpace,
    actionSpace: () => env.actionSpace,
    reset({ states, ...options }) {
      const result: unknown = env.reset(
        states === undefined ? options : { ...options, ...firstOf(states, 'state') },
      );
      live = [name];
      return { observations: named(member(result, 'observation')), infos: named(member(result, 'info')) };
    },
    step(actions) {
      const result: unknown = env.step(actions[name] as Vector);
      const [terminated, truncated] = [member(result, 'terminated'), member(result, 'truncated')];
      if (terminated || truncated) live = [];
      return {
        observations: named(member(result, 'observation')),
        rewards: named(member(result, 'reward')),
        terminated: named(terminated),
        truncated: named(truncated),
        infos: named(member(result, 'info')),
      };
    },
    handed: (actions) => actions,
    ...keeping(env, () => {
      live = [name];
    }),
    close: () => env.close(),
  };
}

function parallelDriver(env: ParallelEnv): Driver {
  const state = () => (typeof env.state === 'function' ? env.state() : undefined);
  return {
    form: 'ParallelEnv',
    env,
    possible: [...env.possibleAgents],
    copies: 1,
    resetsItself: false,
    copyOf: () => 0,
    placeOf: placeInRecords,
    live: () => [...env.agents],
    observationSpace: (agent) => env.observationSpace(agent),
    actionSpace: (agent) => env.actionSpace(agent),
    reset({ states, ...options }) {
      const result: unknown = env.reset(
        states === undefined ? options : { ...options, ...firstOf(states, 'state') },
      );
      return {
        observations: member(result, 'observations'),
        infos: member(result, 'infos'),
        state: state(),
      };
    },
    step(actions) {
      const result: unknown = env.step(actions as Readonly<Record<string, Vector>>);
      return {
        observations: member(result, 'observations'),
        rewards: member(result, 'rewards'),
        terminated: member(result, 'terminated'),
        truncated: member(result, 'truncated'),
        infos: member(result, 'infos'),
        state: state(),
      };
    },
    handed: (actions) => actions,
    ...keeping(env, () => {}),
    close: () => env.close(),
  };
}

function firstOf(states: readonly EconomyState[], name: 'state') {
  return states.length === 0 ? {} : { [name]: states[0] };
}

interface Slot {
  readonly agent: string;
  readonly type: string;
  readonly copy: number;
  /** Place in the type's block, in agents. */
  readonly index: number;
}

/** The id of an agent of a batch. */
export function agentOfCopy(agent: string, copy: number): string {
  return `${agent} of copy ${copy}`;
}

function batchedDriver(env: BatchedEnv): Driver {
  const slots: readonly Slot[] = Array.from({ length: env.copies }, (_, copy) =>
    Object.entries(env.types).flatMap(([type, { count }]) =>
      Array.from({ length: count }, (_x, i) => ({
        agent: agentOfCopy(`${type}_${i}`, copy),
        type,
        copy,
        index: copy * count + i,
      })),
    ),
  ).flat();
  const byName = new Map(slots.map((slot) => [slot.agent, slot]));
  const possible = slots.map((slot) => slot.agent);
  const slotOf = (agent: string): Slot => {
    const slot = byName.get(agent);
    if (slot === undefined) throw new Error(`checkEnv: no agent ${agent} in this batch.`);
    return slot;
  };
  let live: readonly string[] = [];
  const each = (value: (slot: Slot) => unknown) => {
    const record: Record<string, unknown> = {};
    for (const slot of slots) record[slot.agent] = value(slot);
    return record;
  };
  const firstOfCopy = slots.filter((slot, i) => i === 0 || slots[i - 1].copy !== slot.copy);
  const afterReset = {
    observations: () => each((slot) => rowOf(env, slot, env.observations)),
    finalObservations: () => each((slot) => rowOf(env, slot, env.finalObservations)),
    infos: () => Object.fromEntries(firstOfCopy.map(({ agent, copy }) => [agent, env.info(copy)])),
    state: () => env.states,
    blocks: () => blocksOf(env),
  };
  const afterStep = {
    ...afterReset,
    rewards: () => each(({ type, index }) => env.rewards[type][index]),
    terminated: () => each(({ copy }) => flag(env.terminated[copy])),
    truncated: () => each(({ copy }) => flag(env.truncated[copy])),
    wasReset: () => env.wasReset,
  };
  return {
    form: 'BatchedEnv',
    env,
    possible,
    copies: env.copies,
    resetsItself: env.autoreset !== 'disabled',
    copyOf: (agent) => slotOf(agent).copy,
    placeOf: (path) => placeInBlocks(env, path),
    live: () => live,
    observationSpace: (agent) => env.types[slotOf(agent).type].observationSpace,
    actionSpace: (agent) => env.types[slotOf(agent).type].actionSpace,
    reset(options) {
      env.reset(options);
      live = possible;
      return lazy(afterReset);
    },
    step(actions) {
      for (const [agent, action] of Object.entries(actions)) {
        const { type, index } = slotOf(agent);
        const values = action as ArrayLike<number>;
        env.actions[type].set(values, index * values.length);
      }
      env.step();
      const ended = env.terminated.some(Boolean) || env.truncated.some(Boolean);
      if (ended && env.autoreset === 'disabled') live = [];
      return lazy(afterStep);
    },
    handed: () =>
      each(({ type, index }) => {
        const { size } = env.types[type].actionSpace;
        return Array.from(env.actions[type].subarray(index * size, (index + 1) * size));
      }),
    ...keeping(env, () => {
      live = possible;
    }),
    close: () => env.close(),
  };
}

/** A record whose values are made when they are first asked for: most checks look at blocks only. */
function lazy<R extends object>(parts: { readonly [K in keyof R]: () => R[K] }): R {
  const record = {};
  for (const [name, make] of Object.entries<() => unknown>(parts)) {
    Object.defineProperty(record, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make();
        Object.defineProperty(record, name, { value });
        return value;
      },
    });
  }
  return record as R;
}

function blocksOf(env: BatchedEnv): object {
  const { observations, finalObservations, rewards, terminated, truncated, wasReset, states } = env;
  const infos = Array.from({ length: env.copies }, (_, copy) => env.info(copy));
  return { observations, finalObservations, rewards, terminated, truncated, wasReset, infos, state: states };
}

/** A path within blocks: part, type and index in the type's block. */
function placeInBlocks(env: BatchedEnv, path: readonly string[]): Place {
  const [part, type, index] = path;
  const spaces = Object.hasOwn(env.types, type ?? '') ? env.types[type] : undefined;
  if (spaces === undefined || !/^\d+$/.test(index ?? '')) return { agent: undefined, what: path.join('.') };
  const size = part === 'rewards' ? 1 : spaces.observationSpace.size;
  const place = Math.floor(Number(index) / size);
  const agent = agentOfCopy(`${type}_${place % spaces.count}`, Math.floor(place / spaces.count));
  return { agent, what: part === 'rewards' ? part : `${part}[${Number(index) % size}]` };
}

/** A path within records by agent: part, agent and place in the agent's value. */
function placeInRecords(path: readonly string[]): Place {
  const [part, agent, ...rest] = path;
  if (part === 'state' || agent === undefined) return { agent: undefined, what: path.join('.') };
  const place = rest.filter((name) => name !== 'values').map((name) => `[${name}]`);
  return { agent, what: [part, ...place].join('') };
}

/** An agent's observations as an ndarray; the whole block where it has not the length that it must have. */
function rowOf(env: BatchedEnv, { type, index }: Slot, blocks: Readonly<Record<string, unknown>>): unknown {
  const block = blocks[type];
  if (!isTyped(block)) return block;
  const { count, observationSpace } = env.types[type];
  const size = observationSpace.size;
  const row =
    block.length === env.copies * count * size ? block.subarray(index * size, (index + 1) * size) : block;
  return ndarray(row, [row.length]);
}

/** 0 and 1 are the batch's booleans; anything else stays as it is. */
function flag(value: unknown): unknown {
  return value === 1 ? true : value === 0 ? false : value;
}

/** The value of one agent in what should be a record by agent. */
export function ofAgent(record: unknown, agent: string): unknown {
  return isRecord(record) && Object.hasOwn(record, agent) ? record[agent] : undefined;
}
