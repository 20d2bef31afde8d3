/** Whether copy b of a batch moves like a single instance with seed + b, before and after the ends of episodes. */
import type { BatchedEnv } from '../batched.ts';
import { type CheckContext, check, type Fail, NOT_APPLICABLE, unbroken } from './env-context.ts';
import { agentOfCopy, type Driver, driverOf, type Outcome, ofAgent } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { firstDifference, member, ndarrayOf, plain, text } from './env-plain.ts';
import { type Actions, actionsAt, boundsOf, type Frame } from './env-play.ts';

interface Pair {
  readonly batch: Driver;
  readonly singles: readonly Driver[];
  /** An agent of copy b, as the single instance calls it, and as the batch does. */
  readonly agents: readonly (readonly { readonly own: string; readonly id: string }[])[];
}

/** The batch against single instances (`single`, else the batch's own `fresh` copies), each reset as often as the batch resets it. */
export function checkBatched(context: CheckContext, reference: readonly Frame[] | undefined): void {
  const { log, make, seed, steps, resetOptions } = context;
  check(log, ENV_CHECKS.batched, (fail) => {
    const batch = make();
    if (reference === undefined || !unbroken(reference)) return NOT_APPLICABLE;
    const single = context.single ?? freshCopies(context, batch);
    if (batch.form !== 'BatchedEnv' || single === undefined) return NOT_APPLICABLE;
    const { autoreset } = batch.env as BatchedEnv;
    const singles = Array.from({ length: batch.copies }, single);
    const pair: Pair = { batch, singles, agents: namesOf(batch, singles) };
    const bounds = boundsOf(batch);
    const resetAll = (step: number) => {
      const outcome = batch.reset(step === 0 ? { seed, options: resetOptions() } : {});
      return singles.every((one, copy) => {
        const own = one.reset(step === 0 ? { seed: seed + copy, options: resetOptions() } : {});
        return same(pair, RESET, { copy, own, outcome, step, fail });
      });
    };
    if (!resetAll(0)) return undefined;
    for (let step = 1; step <= steps; step++) {
      if (batch.live().length === 0 && !resetAll(step)) return undefined;
      const actions = actionsAt(bounds, batch.live(), seed, step);
      const outcome = batch.step(actions);
      for (let copy = 0; copy < batch.copies; copy++) {
        if (!moved(pair, { copy, actions, outcome, step, fail, autoreset })) return undefined;
      }
    }
    return undefined;
  });
}

/** Single instances that a batch makes itself. */
function freshCopies({ make, horizon }: CheckContext, batch: Driver): (() => Driver) | undefined {
  if (batch.form !== 'BatchedEnv' || typeof (batch.env as BatchedEnv).fresh !== 'function') return undefined;
  const limit = horizon === undefined ? {} : { horizon };
  return () =>
    driverOf((make().env as BatchedEnv).fresh({ copies: 1, autoreset: 'disabled', ...limit }), 'agent');
}

type Parts = Readonly<Partial<Record<keyof Outcome, keyof Outcome>>>;

/** What a single instance gives, and where the batch has it. */
const RESET: Parts = { observations: 'observations' };
const STEP: Parts = {
  observations: 'finalObservations',
  rewards: 'rewards',
  terminated: 'terminated',
  truncated: 'truncated',
};

interface Moment {
  readonly copy: number;
  /** Of the batch. */
  readonly outcome: Outcome;
  readonly step: number;
  readonly fail: Fail;
}

/** Moves the single instance of a copy on and compares; false where they part. */
function moved(
  pair: Pair,
  at: Moment & { readonly actions: Actions; readonly autoreset: BatchedEnv['autoreset'] },
): boolean {
  const { copy, outcome, actions, autoreset } = at;
  const one = pair.singles[copy];
  const live = one.live();
  const resetInstead = Number(member(outcome.wasReset, String(copy))) === 1;
  if (!resetInstead) {
    const mine = pair.agents[copy].filter((agent) => live.includes(agent.own));
    const own = one.step(Object.fromEntries(mine.map((agent) => [agent.own, actions[agent.id]])));
    if (!same(pair, STEP, { ...at, own })) return false;
    if (one.live().length > 0 || autoreset !== 'same-step') return true;
  }
  return same(pair, RESET, { ...at, own: one.reset({}) });
}

function same({ agents }: Pair, parts: Parts, at: Moment & { readonly own: Outcome }): boolean {
  const { copy, own: single, outcome, step, fail } = at;
  for (const [part, inBatch] of Object.entries(parts) as [keyof Outcome, keyof Outcome][]) {
    for (const { own, id } of agents[copy]) {
      const found = firstDifference(
        numbers(ofAgent(single[part], own)),
        numbers(ofAgent(outcome[inBatch], id)),
      );
      if (found === undefined) continue;
      fail({
        agent: id,
        step,
        expected: `${part} of a single instance with this copy's seed: ${text(found.first)}`,
        actual: `${inBatch} of the batch: ${text(found.second)}`,
        hint: 'Give each copy state and generator of its own (copy b: seed + b), and let none read the others.',
      });
      return false;
    }
  }
  return true;
}

/** An observation's numbers, whatever holds them: its type is another check's. */
function numbers(value: unknown): unknown {
  const array = ndarrayOf(value);
  return array === undefined ? plain(value) : Array.from<unknown>(array.values);
}

/** `household_0 of copy 1` is `household_0` of single instance 1, or its only agent. */
function namesOf(batch: Driver, singles: readonly Driver[]): Pair['agents'] {
  return singles.map((one, copy) => {
    const ids = batch.possible.filter((id) => batch.copyOf(id) === copy);
    return one.possible.map((own) => {
      if (one.possible.length === 1) return { own, id: ids[0] };
      return { own, id: agentOfCopy(own.split(' ')[0], copy) };
    });
  });
}
