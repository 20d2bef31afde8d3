/** Whether what goes in and what comes out are the caller's own: arguments, records, buffers. */
import type { BatchedEnv } from '../batched.ts';
import { type CheckContext, check, type Fail, failParting, NOT_APPLICABLE, planOf } from './env-context.ts';
import type { DriverReset } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { type Difference, firstDifference, isRecord, isTyped, ndarrayOf, plain, text } from './env-plain.ts';
import { type Event, type Frame, frameOf, parting, playing } from './env-play.ts';

/** Written over everything that was returned. */
const SCRIBBLE = 12345;

/** Changing what was returned changes nothing, and what was returned does not change later. */
export function checkCopies(context: CheckContext, reference: readonly Frame[] | undefined): void {
  check(context.log, ENV_CHECKS.copies, (fail) => {
    const driver = context.make();
    if (driver.form !== 'BatchedEnv') checkEarlier(context, fail);
    if (reference === undefined) return undefined;
    const frames: Frame[] = [];
    for (const event of playing(planOf(context, driver))) {
      frames.push(frameOf(event));
      if (driver.form === 'BatchedEnv') scribbleOver([event.outcome.observations]);
      else scribbleOver(Object.values(event.outcome));
    }
    const found = parting(reference, frames);
    if (found === undefined) return undefined;
    failParting(fail, found, {
      driver,
      first: 'when nobody writes into what was returned',
      second: 'after writing into it',
      hint: 'Return copies (.slice(), { ...record }): somebody normalises observations in place.',
    });
    return undefined;
  });
}

/** What a call returned is the same after the next calls. */
function checkEarlier(context: CheckContext, fail: Fail): void {
  let before: { readonly event: Event; readonly kept: unknown } | undefined;
  for (const event of playing(planOf(context, context.make()))) {
    const changed = before && firstDifference(before.kept, plain(before.event.outcome));
    if (before !== undefined && changed !== undefined) {
      const [part = '', agent] = changed.path;
      fail({
        agent: part === 'state' ? undefined : agent,
        step: before.event.step,
        expected: `${part} that stays as it was returned: ${text(changed.first)}`,
        actual: `${text(changed.second)} after the next call`,
        hint: 'Return a copy, not the array that the environment goes on to write into.',
      });
      return;
    }
    before = { event, kept: plain(event.outcome) };
  }
}

/** Writes into every number that can be reached. */
function scribbleOver(value: unknown): void {
  if (!isRecord(value)) return;
  if (isTyped(value)) {
    value.fill(SCRIBBLE);
    return;
  }
  const array = ndarrayOf(value);
  if (array !== undefined && typeof value.set === 'function') {
    for (let i = 0; i < array.values.length; i++) Reflect.apply(value.set, value, [i, SCRIBBLE]);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'number') Reflect.set(value, name, SCRIBBLE);
    else scribbleOver(inner);
  }
}

const BUFFERS = [
  'observations',
  'finalObservations',
  'actions',
  'rewards',
  'terminated',
  'truncated',
  'wasReset',
] as const;

/** The buffers of a batch are the same objects at every call, so that a loop may look them up once. */
export function checkBuffers(context: CheckContext): void {
  check(context.log, ENV_CHECKS.buffers, (fail) => {
    const driver = context.make();
    if (driver.form !== 'BatchedEnv') return NOT_APPLICABLE;
    const env = driver.env as BatchedEnv;
    const before = buffersOf(env);
    for (const { step } of playing(planOf(context, driver))) {
      const now = buffersOf(env);
      const moved = Object.keys(before).find((name) => now[name] !== before[name]);
      if (moved === undefined) continue;
      fail({
        step,
        expected: `${moved} to be one array for the life of the environment`,
        actual: 'another array',
        hint: 'Make the arrays once and write into them.',
      });
      return undefined;
    }
    return undefined;
  });
}

function buffersOf(env: BatchedEnv): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    BUFFERS.flatMap((name): [string, unknown][] => {
      const value: unknown = env[name];
      if (!isRecord(value) || isTyped(value)) return [[name, value]];
      return Object.entries(value).map(([type, block]) => [`${name}.${type}`, block]);
    }),
  );
}

/** The actions of `step` and the options of `reset` are as they were. */
export function checkArguments(context: CheckContext): void {
  check(context.log, ENV_CHECKS.arguments, (fail) => {
    const driver = context.make();
    const first: DriverReset = { seed: context.seed, options: context.resetOptions() };
    const given = plain(first);
    const hint = 'Copy before you clip, convert or fill in.';
    let changed: Difference | undefined;
    const events = playing({
      ...planOf(context, driver),
      first,
      around(actions, act) {
        const before = plain(actions);
        const outcome = act();
        changed = firstDifference(before, plain(driver.handed(actions)));
        return outcome;
      },
    });
    for (const { step } of events) {
      const reset = firstDifference(given, plain(first));
      const found = changed ?? reset;
      if (found === undefined) continue;
      const what = changed === undefined ? `reset's ${found.path.join('.')}` : 'the action';
      fail({
        agent: changed?.path[0],
        step,
        expected: `${what} as the caller gave it: ${text(found.first)}`,
        actual: `${text(found.second)} afterwards`,
        hint,
      });
      return undefined;
    }
    return undefined;
  });
}
