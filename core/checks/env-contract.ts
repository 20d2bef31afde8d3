/** One run of an environment, and all that must hold at every call of it. */
import type { Box } from '../spaces.ts';
import { type CheckContext, planOf } from './env-context.ts';
import { ofAgent } from './env-driver.ts';
import { Findings, type Run } from './env-findings.ts';
import { judgeEnd, lookAtBirth, lookAtEnds } from './env-lives.ts';
import { ENV_CHECKS } from './env-names.ts';
import { isRecord, member, text, thrown } from './env-plain.ts';
import { type Event, playing } from './env-play.ts';
import { formOfState, outOfSpace, wrongForm, wrongInfo, wrongReward, wrongState } from './env-values.ts';

/** Whole episodes that the horizon is judged by, if they fit within the limit. */
const EPISODES = 3;

export interface Reached {
  /** Calls until an episode of every copy has ended; undefined if none did. */
  readonly reached: number | undefined;
  /** Steps of the longest episode that was truncated; undefined if none was. */
  readonly longest: number | undefined;
}

/** Checks a run of at least `steps` calls that goes on until episodes have ended. */
export function checkContract(context: CheckContext): Reached {
  const { limit, steps, make, log } = context;
  const findings = new Findings(log);
  let reached: number | undefined;
  let longest: number | undefined;
  try {
    const driver = make();
    const run: Run = {
      context,
      driver,
      findings,
      clocks: new Int32Array(driver.copies),
      episodes: new Int32Array(driver.copies),
      ends: [],
      errors: 0,
      stateForm: undefined,
    };
    let calls = 0;
    for (const event of playing({ ...planOf(context, driver), steps: limit })) {
      calls = event.call;
      look(run, event);
      if (reached === undefined && run.episodes.every((n) => n > 0)) reached = calls;
      if (calls >= steps && run.episodes.every((n) => n >= EPISODES)) break;
    }
    judgeEnd(run, calls);
    for (const { truncated, step } of run.ends) if (truncated) longest = Math.max(longest ?? 0, step);
  } catch (error) {
    findings.fail(ENV_CHECKS.steps, {
      expected: 'values that can be looked at',
      actual: thrown(error),
      hint: 'Something of the environment that is no call of reset or step threw; see the message.',
    });
  }
  findings.conclude();
  return { reached, longest };
}

function look(run: Run, event: Event): void {
  if (event.kind === 'error') {
    run.errors += 1;
    lookAtError(run, event);
    return;
  }
  const { driver, findings } = run;
  const { step, acting, outcome, live } = event;
  const reset = event.kind === 'reset';
  if (reset) run.clocks.fill(0);
  lookAtRecords(run, event);
  for (const agent of acting) {
    const place = { agent, step };
    const space = driver.observationSpace(agent);
    lookAtObservation(findings, outcome.observations, space, place);
    if (outcome.finalObservations !== undefined)
      lookAtObservation(findings, outcome.finalObservations, space, place);
    const info = ofAgent(outcome.infos, agent);
    if (info !== undefined) findings.see(ENV_CHECKS.infos, wrongInfo(info), place);
    if (!reset) lookAtStep(findings, event, agent);
  }
  lookAtState(run, event);
  if (!reset) lookAtEnds(run, event);
  else if (driver.form === 'ParallelEnv') lookAtBirth(run, event);
  const possible = new Set(driver.possible);
  const unknown = live.filter((agent) => !possible.has(agent));
  if (unknown.length > 0) {
    findings.fail(ENV_CHECKS.lives, {
      step,
      expected: 'live agents that are listed in possibleAgents',
      actual: `${text(unknown)} live too`,
      hint: 'List every agent that may ever live in possibleAgents.',
    });
  }
}

/** What the environment's own guard against NaN says belongs to the check that it guards. */
function lookAtError({ findings }: Run, { step, error, failed }: Event): void {
  const message = error instanceof Error ? error.message : '';
  const agent = /(?:reward|observation "[^"]*") of (\S+) is/.exec(message)?.[1];
  const isGuard = error instanceof Error && error.name === 'NonFiniteError' && agent !== undefined;
  const guarded = / reward of /.test(message) ? ENV_CHECKS.rewards : ENV_CHECKS.inSpace;
  const name = isGuard ? guarded : failed === 'reset' ? ENV_CHECKS.reset : ENV_CHECKS.steps;
  findings.fail(name, {
    agent,
    step,
    expected: isGuard ? 'finite numbers' : `no error of ${failed} with valid arguments`,
    actual: thrown(error),
    hint: isGuard
      ? 'Look at the state and the action that led there.'
      : 'Every action of the action space must be accepted, at its corners too; shrink the space or make the step robust.',
  });
}

function lookAtRecords({ driver, findings }: Run, { kind, step, acting, outcome }: Event): void {
  const parts = kind === 'reset' ? PARTS_OF_RESET : PARTS_OF_STEP;
  const missing = parts.filter((part) => !isRecord(outcome[part]));
  const wrong = missing.length > 0 && {
    expected: `${kind} gives ${parts.join(', ')}`,
    actual: missing.map((part) => `${part} is ${text(outcome[part])}`).join(', '),
    hint: `Return a record with all of them from ${kind}.`,
  };
  findings.see(kind === 'reset' ? ENV_CHECKS.reset : ENV_CHECKS.steps, wrong || undefined, { step });
  if (driver.form !== 'ParallelEnv') return;
  const acts = new Set(acting);
  for (const part of parts) {
    const record = outcome[part];
    if (!isRecord(record)) continue;
    const absent = acting.filter((agent) => !Object.hasOwn(record, agent));
    const surplus = Object.keys(record).filter((key) => !acts.has(key));
    findings.see(ENV_CHECKS.keys, undefined, {});
    if (absent.length + surplus.length === 0) continue;
    const found = [
      ...(absent.length > 0 ? [`no ${absent.join(', ')}`] : []),
      ...(surplus.length > 0 ? [`also ${surplus.join(', ')}`] : []),
    ];
    findings.fail(ENV_CHECKS.keys, {
      agent: absent[0] ?? surplus[0],
      step,
      expected: `${part} of exactly ${acting.join(', ')}`,
      actual: found.join('; '),
      hint: 'Give every agent that acted in this step an entry, in the step in which it ends too, and nobody else.',
    });
  }
}

const PARTS_OF_RESET = ['observations', 'infos'] as const;
const PARTS_OF_STEP = ['observations', 'rewards', 'terminated', 'truncated', 'infos'] as const;

function lookAtObservation(
  findings: Findings,
  observations: unknown,
  space: Box,
  place: { readonly agent: string; readonly step: number },
): void {
  const observation = ofAgent(observations, place.agent);
  if (observation === undefined) return;
  findings.see(ENV_CHECKS.form, wrongForm(observation, space), place);
  findings.see(ENV_CHECKS.inSpace, outOfSpace(observation, space), place);
}

function lookAtStep(findings: Findings, { step, outcome }: Event, agent: string): void {
  const place = { agent, step };
  if (isRecord(outcome.rewards) && Object.hasOwn(outcome.rewards, agent))
    findings.see(ENV_CHECKS.rewards, wrongReward(outcome.rewards[agent]), place);
  for (const part of ['terminated', 'truncated'] as const) {
    const record = outcome[part];
    if (!isRecord(record) || !Object.hasOwn(record, agent)) continue;
    const value = record[agent];
    findings.see(
      ENV_CHECKS.flags,
      typeof value === 'boolean'
        ? undefined
        : {
            expected: `${part} is true or false (in a batch 1 or 0)`,
            actual: text(value),
            hint: 'Compare instead of passing numbers on.',
          },
      place,
    );
  }
}

function lookAtState(run: Run, { step, outcome }: Event): void {
  const { findings, driver } = run;
  if (outcome.state === undefined) return;
  const space = member(driver.env, 'stateSpace') as Box | undefined;
  findings.see(ENV_CHECKS.state, wrongState(outcome.state, space), { step });
  const form = formOfState(outcome.state);
  run.stateForm ??= form;
  if (form === run.stateForm) return;
  findings.fail(ENV_CHECKS.state, {
    step,
    expected: `a state of one form: ${run.stateForm}`,
    actual: form,
    hint: 'Give the state all its fields at the start, with their kinds and lengths.',
  });
}
