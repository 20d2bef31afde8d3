/** Who lives in an environment and who has ended, and after how many steps: looked at in every call of a run. */
import { ofAgent } from './env-driver.ts';
import type { Findings, Run } from './env-findings.ts';
import { judgeEnds } from './env-horizon.ts';
import { ENV_CHECKS } from './env-names.ts';
import { member } from './env-plain.ts';
import type { Event } from './env-play.ts';

/** After a reset, agents live; in an environment of many, whoever is listed. */
export function lookAtBirth({ findings }: Run, { step, live }: Event): void {
  findings.see(
    ENV_CHECKS.lives,
    live.length > 0
      ? undefined
      : {
          expected: 'live agents after a reset',
          actual: 'agents is empty',
          hint: 'Fill agents in reset.',
        },
    { step },
  );
}

/** Who ended in this step, whether those alive afterwards are the others, and how long the episodes were. */
export function lookAtEnds(run: Run, event: Event): void {
  const { driver, findings, clocks, episodes } = run;
  const { step, acting, outcome, live } = event;
  for (let copy = 0; copy < clocks.length; copy++) {
    const resetInstead = Number(member(outcome.wasReset, String(copy))) === 1;
    clocks[copy] = resetInstead ? 0 : clocks[copy] + 1;
  }
  const ended = new Set<string>();
  const over = new Set<number>();
  for (const agent of acting) {
    const copy = driver.copyOf(agent);
    const terminated = Boolean(ofAgent(outcome.terminated, agent));
    const truncated = Boolean(ofAgent(outcome.truncated, agent));
    if (!terminated && !truncated) continue;
    run.ends.push({ agent, copy, episode: episodes[copy], step: clocks[copy], terminated, truncated });
    ended.add(agent);
    if (driver.form !== 'ParallelEnv' || live.length === 0) over.add(copy);
  }
  if (driver.form === 'ParallelEnv') lookAtLives(findings, { acting, ended, live, step });
  lookAtLateness(run, step);
  for (const copy of over) {
    episodes[copy] += 1;
    if (driver.resetsItself) clocks[copy] = 0;
  }
}

/** An episode that is one step longer than the horizon is reported once. */
function lookAtLateness({ context: { horizon }, findings, clocks, driver }: Run, step: number): void {
  if (horizon === undefined) return;
  const late = clocks.indexOf(horizon + 1);
  if (late < 0) return;
  findings.fail(ENV_CHECKS.horizon, {
    step,
    expected: `truncation at step ${horizon}`,
    actual: `the episode${driver.copies > 1 ? ` of copy ${late}` : ''} goes on`,
    hint: 'Count the steps since reset and set truncated at the horizon; or correct the horizon given to checkEnv.',
  });
}

function lookAtLives(
  findings: Findings,
  at: {
    readonly acting: readonly string[];
    readonly ended: ReadonlySet<string>;
    readonly live: readonly string[];
    readonly step: number;
  },
): void {
  const { acting, ended, live, step } = at;
  const [acts, lives] = [new Set(acting), new Set(live)];
  const wrong: Readonly<Record<string, readonly string[]>> = {
    'comes back to life': live.filter((agent) => !acts.has(agent)),
    'has ended and still lives': live.filter((agent) => ended.has(agent)),
    'is gone and has not ended': acting.filter((agent) => !ended.has(agent) && !lives.has(agent)),
  };
  findings.see(ENV_CHECKS.lives, undefined, {});
  for (const [what, agents] of Object.entries(wrong)) {
    for (const agent of agents) {
      findings.fail(ENV_CHECKS.lives, {
        agent,
        step,
        expected: 'agents that live from reset until they terminate or are truncated',
        actual: `${agent} ${what}`,
        hint: 'After a step, agents holds those who acted in it less those who terminated or were truncated.',
      });
    }
  }
}

/** Whether an end was reached at all, unless errors kept it away, and whether the ends are what the horizon says. */
export function judgeEnd({ context, findings, ends, episodes, errors }: Run, calls: number): void {
  if (episodes.every((n) => n > 0)) findings.see(ENV_CHECKS.end, undefined, {});
  else if (errors === 0) {
    findings.fail(ENV_CHECKS.end, {
      expected: `the end of an episode within ${calls} steps`,
      actual: 'contract untested: no episode ended',
      hint: 'Give checkEnv more `steps`, or an environment with a shorter horizon; if none ends, set truncated at a horizon.',
    });
  }
  if (ends.length === 0) return;
  findings.see(ENV_CHECKS.horizon, undefined, {});
  for (const found of judgeEnds(ends, context)) findings.fail(ENV_CHECKS.horizon, found);
}
