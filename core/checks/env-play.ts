/** Runs of an environment under random valid actions, one event at a time, so that a check can look, scribble or interleave. */
import { createRng } from '../../numerics/random.ts';
import type { Box } from '../spaces.ts';
import type { Driver, DriverReset, Outcome } from './env-driver.ts';
import { type Difference, firstDifference, plain, thrown } from './env-plain.ts';

export type Actions = Readonly<Record<string, number[]>>;

/** What happened at one call. */
export interface Event {
  readonly kind: 'reset' | 'step' | 'error';
  /** Steps since the last call of `reset`. */
  readonly step: number;
  /** Calls since the start of the run. */
  readonly call: number;
  /** Agents that acted, or that live after a reset. */
  readonly acting: readonly string[];
  readonly actions: Actions;
  /** What the call gave; the environment may reuse or change it later. */
  readonly outcome: Outcome;
  /** Agents alive after the call. */
  readonly live: readonly string[];
  /** What a call that failed threw, and which call it was. */
  readonly error?: unknown;
  readonly failed?: 'reset' | 'step';
}

export interface Plan {
  readonly driver: Driver;
  /** Of the actions and, unless `first` says otherwise, of the first reset. */
  readonly seed: number;
  /** Calls after the first reset; an episode that ends is followed by a reset without a seed. */
  readonly steps: number;
  readonly first?: DriverReset;
  /** Starts at this call instead of a first reset, in an environment that is on its way. */
  readonly after?: number;
  /** Makes a step; may look at its actions before and after. */
  readonly around?: (actions: Actions, step: () => Outcome) => Outcome;
}

/** A run breaks off after this many errors: an environment that always throws says nothing new. */
const MOST_ERRORS = 3;

const NOTHING: Outcome = { observations: undefined, infos: undefined };

/** The events of a run, as they happen. It does not throw: what the environment throws is an event. */
export function* playing(plan: Plan): Generator<Event> {
  const { driver, seed, steps, first = { seed }, after = 0, around = (_actions, step) => step() } = plan;
  const bounds = boundsOf(driver);
  let errors = 0;
  let step = 0;
  let broken = false;
  for (let call = after; call <= steps; call++) {
    let acting: readonly string[] = [];
    let actions: Actions = {};
    let isReset = true;
    try {
      if (!broken && call > 0) acting = driver.live();
      isReset = acting.length === 0;
      if (isReset) {
        step = 0;
        const outcome = driver.reset(call === 0 ? first : {});
        const live = driver.live();
        yield { kind: 'reset', step, call, acting: live, actions, outcome, live };
      } else {
        step += 1;
        actions = actionsAt(bounds, acting, seed, call);
        const outcome = around(actions, () => driver.step(actions));
        yield { kind: 'step', step, call, acting, actions, outcome, live: driver.live() };
      }
      broken = false;
    } catch (error) {
      const failed = isReset ? 'reset' : 'step';
      yield { kind: 'error', step, call, acting, actions, outcome: NOTHING, live: [], error, failed };
      errors += 1;
      if (errors >= MOST_ERRORS) return;
      broken = true;
    }
  }
}

/** Agents in a fixed order with the bounds of their actions. */
export interface ActionBounds {
  readonly agent: string;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export function boundsOf(driver: Driver): readonly ActionBounds[] {
  return driver.possible.map((agent) => {
    const space: Box = driver.actionSpace(agent);
    return { agent, low: Array.from(space.low, finite(-1)), high: Array.from(space.high, finite(1)) };
  });
}

/** Stands in for a bound that is not finite, which the check of spaces reports. */
function finite(other: number): (bound: number) => number {
  return (bound) => (Number.isFinite(bound) ? bound : other);
}

/** Share of actions at all lower bounds, and at all upper ones: economies go wrong at corners. */
const CORNER = 0.1;

/** The actions of one call: they depend on seed, call and agent only, whoever is alive. */
export function actionsAt(
  bounds: readonly ActionBounds[],
  acting: readonly string[],
  seed: number,
  call: number,
): Actions {
  const rng = createRng(`checkEnv ${seed} ${call}`);
  const acts = new Set(acting);
  const actions: Record<string, number[]> = {};
  for (const { agent, low, high } of bounds) {
    const corner = rng.uniform();
    const action = low.map((l, i) => l + (high[i] - l) * rng.uniform());
    if (!acts.has(agent)) continue;
    actions[agent] = corner < CORNER ? [...low] : corner < 2 * CORNER ? [...high] : action;
  }
  return actions;
}

/** An event as plain data: what two runs are compared by. */
export interface Frame {
  readonly kind: Event['kind'];
  readonly step: number;
  readonly outcome: unknown;
  readonly live: readonly string[];
  readonly error: string | undefined;
}

export function frameOf({ kind, step, live, outcome, error }: Event): Frame {
  return {
    kind,
    step,
    outcome: plain(outcome.blocks ?? outcome),
    live: [...live],
    error: kind === 'error' ? thrown(error) : undefined,
  };
}

/** A run as frames, as they happen. */
export function* framesOf(plan: Plan): Generator<Frame> {
  for (const event of playing(plan)) yield frameOf(event);
}

/** Where two runs part. */
export interface Parting extends Difference {
  readonly step: number;
}

/**
 * Where a run parts from an earlier one; undefined if they are the same in every bit. It stops there: the second run may be frames
 * that are still to happen.
 */
export function parting(first: readonly Frame[], second: Iterable<Frame>): Parting | undefined {
  let i = 0;
  for (const frame of second) {
    const found = partingAt(first[i], frame);
    if (found !== undefined) return found;
    i += 1;
  }
  return i < first.length ? partingAt(first[i], undefined) : undefined;
}

function partingAt(first: Frame | undefined, second: Frame | undefined): Parting | undefined {
  const difference = firstDifference(first, second);
  return difference && { ...difference, step: (first ?? second)?.step ?? 0 };
}
