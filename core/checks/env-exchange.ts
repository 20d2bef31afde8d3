/** Whether agents that are said to be exchangeable are: if they change places, what they get changes places with them. */
import type { BatchedEnv } from '../batched.ts';
import { copyState } from '../state.ts';
import { type CheckContext, check, type Exchangeable, type Fail, NOT_APPLICABLE } from './env-context.ts';
import type { Driver, DriverReset, Outcome } from './env-driver.ts';
import { ofAgent } from './env-driver.ts';
import { ENV_CHECKS } from './env-names.ts';
import { isRecord, ndarrayOf, text } from './env-plain.ts';
import { actionsAt, boundsOf } from './env-play.ts';

/** Steps compared: beyond them, rounding by the order of summation may have grown. */
const STEPS = 10;
/** Sums over agents in another order, after `STEPS` steps, in float32 observations; relative to max(|value|, 1). */
const TOLERANCE = 1e-5;

/** What permutes. A batch shows what it saw before the next episode in `finalObservations`. */
const PARTS = ['rewards', 'terminated', 'truncated'] as const;

export function checkExchangeable(context: CheckContext): void {
  const { log, make, exchangeable } = context;
  check(log, ENV_CHECKS.exchangeable, (fail) => {
    let applied = false;
    for (const [type, { permute }] of Object.entries(exchangeable)) {
      const driver = make();
      const agents = agentsOf(driver, type);
      if (driver.form === 'Env' || (permute !== undefined && driver.form !== 'BatchedEnv')) continue;
      applied = true;
      if (agents.length < 2) {
        fail({
          expected: `at least two agents ${type}_0, ${type}_1, ...`,
          actual: `agents are ${text(driver.possible)}`,
          hint: 'Name a type of agents in `exchangeable`.',
        });
        continue;
      }
      compare(context, { agents, permute }, fail);
    }
    return applied ? undefined : NOT_APPLICABLE;
  });
}

/** Agents of a type in one copy, without the copy's name. */
function agentsOf({ possible, form }: Driver, type: string): readonly string[] {
  const one = form === 'BatchedEnv' ? possible.filter((agent) => agent.endsWith(' of copy 0')) : possible;
  return one
    .map((agent) => agent.split(' ')[0])
    .filter((agent) => agent.startsWith(`${type}_`) && /^\d+$/.test(agent.slice(type.length + 1)));
}

/** Two runs; in the second every agent of the type has the place of the next one. */
function compare(
  context: CheckContext,
  {
    agents,
    permute,
  }: { readonly agents: readonly string[]; readonly permute: Exchangeable['permute'] | undefined },
  fail: Fail,
): void {
  const { make, seed } = context;
  const [plainRun, swapped] = [make(), make()];
  const order = agents.map((_, i) => (i + 1) % agents.length);
  const places = new Map(
    plainRun.possible.map((agent) => {
      const [name, ...copy] = agent.split(' ');
      const i = agents.indexOf(name);
      return [agent, i < 0 ? agent : [agents[order[i]], ...copy].join(' ')];
    }),
  );
  const placeOf = (agent: string) => places.get(agent) ?? agent;
  const first = firstResets(context, { driver: plainRun, permute, order });
  const bounds = boundsOf(plainRun);
  const outcomes: [Outcome, Outcome] = [plainRun.reset(first.before), swapped.reset(first.after)];
  for (let step = 0; step <= STEPS; step++) {
    if (step > 0) {
      const acting = plainRun.live();
      if (acting.length === 0 || swapped.live().length === 0) return;
      const actions = actionsAt(bounds, acting, seed, step);
      const moved = Object.fromEntries(swapped.live().map((agent) => [agent, actions[placeOf(agent)]]));
      outcomes[0] = plainRun.step(actions);
      outcomes[1] = swapped.step(moved);
    }
    const wrong = unlike(outcomes, plainRun, placeOf);
    if (wrong === undefined && plainRun.resetsItself && anyEnd(outcomes[0])) return;
    if (wrong === undefined) continue;
    const { agent, part, expected, actual } = wrong;
    const { hint } = step === 0 ? START : DYNAMICS;
    fail({
      agent,
      step,
      expected: `${part} of ${placeOf(agent)}, whose place it took: ${text(expected)}`,
      actual: text(actual),
      hint,
    });
    return;
  }
}

const START = {
  hint: 'They do not start alike: give `permute` for the type (in a batch), which makes a first state with their places exchanged.',
};
const DYNAMICS = {
  hint: 'The step treats them differently, or draws for one of them alone: look for an index where a sum belongs.',
};

/** The first resets of the two runs: with `permute`, from one state and from the same with places exchanged. */
function firstResets(
  { seed, resetOptions }: CheckContext,
  {
    driver,
    permute,
    order,
  }: {
    readonly driver: Driver;
    readonly permute: Exchangeable['permute'] | undefined;
    readonly order: readonly number[];
  },
): { readonly before: DriverReset; readonly after: DriverReset } {
  if (permute === undefined)
    return { before: { seed, options: resetOptions() }, after: { seed, options: resetOptions() } };
  driver.reset({ seed, options: resetOptions() });
  const states = (driver.env as BatchedEnv).states.map(copyState);
  const exchanged = states.map((state) => permute(copyState(state), order));
  return { before: { seed, states }, after: { seed, states: exchanged } };
}

function unlike(
  [first, second]: readonly [Outcome, Outcome],
  { form, possible }: Driver,
  placeOf: (agent: string) => string,
) {
  const seen = form === 'BatchedEnv' ? 'finalObservations' : 'observations';
  for (const part of [seen, ...PARTS] as const) {
    for (const agent of possible) {
      const expected = ofAgent(first[part], placeOf(agent));
      const actual = ofAgent(second[part], agent);
      if (!alike(expected, actual)) return { agent, part, expected, actual };
    }
  }
  return undefined;
}

/** Whether an episode ended, after which the places are no longer exchanged. */
function anyEnd({ terminated, truncated }: Outcome): boolean {
  return [terminated, truncated].some((record) => isRecord(record) && Object.values(record).includes(true));
}

function alike(a: unknown, b: unknown): boolean {
  const [x, y] = [ndarrayOf(a)?.values, ndarrayOf(b)?.values];
  if (x !== undefined && y !== undefined)
    return x.length === y.length && x.every((value, i) => alike(value, y[i]));
  if (typeof a !== 'number' || typeof b !== 'number') return Object.is(a, b);
  return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), 1);
}
