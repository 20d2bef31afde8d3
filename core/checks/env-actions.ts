/** Whether actions that cannot be are refused, with an error that is meant, and those that can be are taken in every form. */
import ndarray from 'ndarray';
import { ACTION_SLACK } from '../quantities.ts';
import { type CheckContext, check, failParting, NOT_APPLICABLE } from './env-context.ts';
import type { Driver } from './env-driver.ts';
import { ENV_CHECKS, type EnvCheckName } from './env-names.ts';
import { thrown } from './env-plain.ts';
import {
  type ActionBounds,
  type Actions,
  actionsAt,
  boundsOf,
  type Frame,
  frameOf,
  parting,
} from './env-play.ts';

/** Well beyond the slack, and beyond the rounding of a large bound. */
function beyond(bound: number): number {
  return Math.max(2 * ACTION_SLACK, 8 * Number.EPSILON * Math.abs(bound));
}

interface Probe {
  readonly agent: string | undefined;
  readonly actions: Readonly<Record<string, unknown>>;
  /** e.g. `a fee of 0.6, beyond 0.5`. */
  readonly what: string;
}

/** An environment after its first reset, and actions that it should accept. */
interface Stage {
  readonly driver: Driver;
  readonly bounds: readonly ActionBounds[];
  readonly valid: Actions;
}

function staged(context: CheckContext): Stage {
  const driver = context.make();
  driver.reset({ seed: context.seed, options: context.resetOptions() });
  const bounds = boundsOf(driver);
  return { driver, bounds, valid: actionsAt(bounds, driver.live(), context.seed, 1) };
}

/** The first and the last agent of every action space: enough to see that each is looked at. */
function probed({ driver, bounds, valid }: Stage): readonly ActionBounds[] {
  const bySpace = new Map<unknown, ActionBounds[]>();
  for (const bound of bounds.filter(({ agent }) => Object.hasOwn(valid, agent))) {
    const space = driver.actionSpace(bound.agent);
    bySpace.set(space, [...(bySpace.get(space) ?? []).slice(0, 1), bound]);
  }
  return [...bySpace.values()].flat();
}

/** Actions of everybody, with one number of one agent replaced. */
function withNumber(valid: Actions, agent: string, index: number, value: number): Actions {
  return { ...valid, [agent]: valid[agent].map((x, i) => (i === index ? value : x)) };
}

/** All checks of actions. `reference` is what a run under valid actions gives, where the same seed gives it again. */
export function checkActions(context: CheckContext, reference: readonly Frame[] | undefined): void {
  refusals(context, ENV_CHECKS.bounds, beyondBounds);
  refusals(context, ENV_CHECKS.notNumbers, notNumbers);
  refusals(context, ENV_CHECKS.shapes, wrongShapes);
  refusals(context, ENV_CHECKS.agents, wrongAgents);
  checkAfterRefusal(context, reference);
  checkClipping(context, reference);
  checkForms(context, reference);
}

function beyondBounds(stage: Stage): readonly Probe[] {
  const { driver, valid } = stage;
  return probed(stage).flatMap(({ agent, low, high }) =>
    low.flatMap((_, i) =>
      [
        { value: low[i] - beyond(low[i]), bound: low[i], word: 'below' },
        { value: high[i] + beyond(high[i]), bound: high[i], word: 'above' },
        { value: high[i] + 10 * (high[i] - low[i]), bound: high[i], word: 'above' },
      ].map(({ value, bound, word }) => ({
        agent,
        actions: withNumber(valid, agent, i, value),
        what: `"${driver.actionSpace(agent).names[i]}" at ${value}, ${word} its bound ${bound}`,
      })),
    ),
  );
}

function notNumbers(stage: Stage): readonly Probe[] {
  return probed(stage).flatMap(({ agent, low }) =>
    low.flatMap((_, i) =>
      [Number.NaN, Infinity, -Infinity].map((value) => ({
        agent,
        actions: withNumber(stage.valid, agent, i, value),
        what: `"${stage.driver.actionSpace(agent).names[i]}" at ${value}`,
      })),
    ),
  );
}

function wrongShapes(stage: Stage): readonly Probe[] | undefined {
  if (stage.driver.form === 'BatchedEnv') return undefined;
  return probed(stage).flatMap(({ agent }) => {
    const action = stage.valid[agent];
    const wrong: Readonly<Record<string, unknown>> = {
      'one number too many': [...action, action[0]],
      'one number too few': action.slice(1),
      'a number instead of an array': action[0],
      'an ndarray of rank two': ndarray(Float64Array.from(action), [1, action.length]),
      undefined: undefined,
    };
    return Object.entries(wrong).map(([what, value]) => ({
      agent,
      actions: { ...stage.valid, [agent]: value },
      what,
    }));
  });
}

function wrongAgents(stage: Stage): readonly Probe[] | undefined {
  if (stage.driver.form !== 'ParallelEnv') return undefined;
  const missing = probed(stage).map(({ agent }) => ({
    agent,
    actions: Object.fromEntries(Object.entries(stage.valid).filter(([name]) => name !== agent)),
    what: 'no action for this live agent',
  }));
  const somebody = Object.values(stage.valid)[0];
  return [
    ...missing,
    {
      agent: 'nobody_0',
      actions: { ...stage.valid, nobody_0: somebody },
      what: 'an action for an unknown agent',
    },
  ];
}

/** Every probe must be refused with a UsageError; one that is accepted spoils the environment, so the next gets a new one. */
function refusals(
  context: CheckContext,
  name: EnvCheckName,
  probesOf: (stage: Stage) => readonly Probe[] | undefined,
): void {
  check(context.log, name, (fail) => {
    let stage = staged(context);
    const probes = probesOf(stage);
    if (probes === undefined) return NOT_APPLICABLE;
    for (const { agent, actions, what } of probes) {
      const error = errorOf(() => stage.driver.step(actions));
      if (isKind(error, 'UsageError')) continue;
      fail({
        agent,
        step: 0,
        expected: `a UsageError for ${what}`,
        actual: error === ACCEPTED ? 'it was accepted' : thrown(error),
        hint:
          error === ACCEPTED
            ? 'Look at every action before anything moves, and throw a UsageError that names the agent and what is allowed.'
            : 'Refuse it on purpose: throw a UsageError that names the agent and what is allowed.',
      });
      stage = staged(context);
    }
    return undefined;
  });
}

/** Stands for no error. */
export const ACCEPTED = Symbol('accepted');

export function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return ACCEPTED;
}

/** By name, since a user's own copy of the package has its own classes. */
export function isKind(error: unknown, name: 'UsageError' | 'OrderError'): boolean {
  return error instanceof Error && error.name === name;
}

/** After refusals an environment steps as if they had not been. */
function checkAfterRefusal(context: CheckContext, reference: readonly Frame[] | undefined): void {
  check(context.log, ENV_CHECKS.afterRefusal, (fail) => {
    const stage = staged(context);
    const probes = [beyondBounds, notNumbers, wrongShapes, wrongAgents].flatMap((of) => of(stage) ?? []);
    const refused = probes.filter((probe) => errorOf(() => stage.driver.step(probe.actions)) !== ACCEPTED);
    if (reference === undefined || refused.length < probes.length) return NOT_APPLICABLE;
    const found = parting(reference.slice(1, 2), [oneStep(stage, stage.valid)]);
    if (found === undefined) return undefined;
    failParting(fail, found, {
      driver: stage.driver,
      first: 'without refusals',
      second: 'after actions were refused',
      hint: 'Look at all actions before the first change of the state or draw.',
    });
    return undefined;
  });
}

/** One step as the frame that a run would have. */
function oneStep({ driver, valid }: Stage, actions: Readonly<Record<string, unknown>>): Frame {
  const acting = driver.live();
  const outcome = driver.step(actions);
  return frameOf({ kind: 'step', step: 1, call: 1, acting, actions: valid, outcome, live: driver.live() });
}

/** An action beyond a bound by half the slack does what the bound does. */
function checkClipping(context: CheckContext, reference: readonly Frame[] | undefined): void {
  check(context.log, ENV_CHECKS.clipping, (fail) => {
    if (reference === undefined) return NOT_APPLICABLE;
    const first = staged(context);
    const { driver } = first;
    for (const { agent, low, high } of probed(first)) {
      for (let i = 0; i < low.length; i++) {
        for (const [bound, slack] of [
          [low[i], -ACTION_SLACK / 2],
          [high[i], ACTION_SLACK / 2],
        ]) {
          const hint = `Rounding may carry an action past its bound: accept up to ${ACTION_SLACK} beyond it, and clip.`;
          const [at, past] = [bound, bound + slack].map((value) => {
            return () => {
              const stage = staged(context);
              return oneStep(stage, withNumber(stage.valid, agent, i, value));
            };
          });
          const error = errorOf(() => {
            const words = { driver, first: `at the bound ${bound}`, second: `at ${bound + slack}`, hint };
            const found = parting([at()], [past()]);
            if (found !== undefined) failParting(fail, found, words);
          });
          if (error === ACCEPTED) continue;
          fail({
            agent,
            step: 1,
            expected: `"${driver.actionSpace(agent).names[i]}" at ${bound + slack} to be clipped, as at the bound ${bound}`,
            actual: thrown(error),
            hint,
          });
        }
      }
    }
    return undefined;
  });
}

/** The same numbers as array, typed arrays and ndarray do the same. */
function checkForms(context: CheckContext, reference: readonly Frame[] | undefined): void {
  check(context.log, ENV_CHECKS.actionForms, (fail) => {
    if (reference === undefined || staged(context).driver.form === 'BatchedEnv') return NOT_APPLICABLE;
    const forms: Readonly<Record<string, (action: readonly number[]) => unknown>> = {
      'a Float64Array': (action) => Float64Array.from(action),
      'an ndarray': (action) => ndarray(Float64Array.from(action), [action.length]),
    };
    for (const [form, make] of Object.entries(forms)) {
      const stage = staged(context);
      const actions = Object.fromEntries(
        Object.entries(stage.valid).map(([agent, action]) => [agent, make(action)]),
      );
      const hint =
        'Take an ArrayLike or an ndarray (shape and get), as Vector says; read it once into numbers.';
      const error = errorOf(() => {
        const found = parting(reference.slice(1, 2), [oneStep(stage, actions)]);
        if (found !== undefined)
          failParting(fail, found, {
            driver: stage.driver,
            first: 'under an array',
            second: `under ${form}`,
            hint,
          });
      });
      if (error !== ACCEPTED) fail({ expected: `actions as ${form}`, actual: thrown(error), hint });
    }
    return undefined;
  });
}
