/** What holds in every economy under every valid calibration and all valid actions, as property tests. */
import fc from 'fast-check';
import { numbers, requireNear } from '../../numerics/testing/property.ts';
import type { AccountsEntry } from '../capabilities.ts';
import type { AnyEconomyDefinition, EconomyState } from '../economy.ts';
import { UsageError } from '../errors.ts';
import { makeBatchedEnv, makeParallelEnv } from '../make.ts';
import { ACTION_SLACK } from '../quantities.ts';
import { type Economy, instantiate } from '../registry.ts';
import type { Simulation } from '../simulation.ts';
import { copyState } from '../state.ts';
import { settingsOf } from './settings.ts';

/** Of accounts that add up a handful of float64 numbers, relative to the largest of them. */
const IDENTITY = 1e-10;

/** A way of acting, whatever the spaces: places between the bounds, 0 and 1 at them, beyond them within the slack. */
export interface PlayCase {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Taken in turn by copy, agent and coordinate. */
  readonly places: readonly number[];
  readonly copies: number;
  readonly steps: number;
  /** Step after which everything is saved and put into a new environment. */
  readonly savedAt: number;
}

export function playCases(definition: AnyEconomyDefinition): fc.Arbitrary<PlayCase> {
  const { calibration } = definition;
  // Where settings must fit one another, most drawn apart do not: of three, the first that does.
  const settings = fc
    .array(settingsOf(calibration), { minLength: 3, maxLength: 3 })
    .map((list) => smaller(list.find((one) => calibration.safeParse(one).success) ?? list[0]));
  return fc.record({
    settings,
    seed: fc.oneof(fc.nat(), fc.integer({ min: -1000, max: 1000 })),
    places: fc.array(fc.oneof(numbers(0, 1), fc.constantFrom(0, 1, -1, 2)), { minLength: 1, maxLength: 40 }),
    copies: fc.integer({ min: 1, max: 3 }),
    steps: fc.integer({ min: 1, max: 30 }),
    savedAt: fc.nat(30),
  });
}

/** Laws that hold for a few dozen households hold for thousands, which take a hundred times as long. */
const MOST_HOUSEHOLDS = 50;

function smaller(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { households } = settings;
  return typeof households === 'number' && households > MOST_HOUSEHOLDS
    ? { ...settings, households: MOST_HOUSEHOLDS }
    : settings;
}

/** The economy, or the UsageError that refuses its calibration. Throws where the error does not say what is wrong. */
export function economyOrRefusal(
  definition: AnyEconomyDefinition,
  settings: Readonly<Record<string, unknown>>,
): Economy | UsageError {
  try {
    return instantiate(definition, { set: settings });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const names = Object.keys(settings);
    if (!names.some((name) => error.message.includes(name)))
      throw new Error(`a calibration is refused without naming a setting: ${error.message}`);
    return error;
  }
}

/** Fills in the actions of the step-th period. */
function act(env: Simulation, { places }: PlayCase, step: number): void {
  for (const [type, { count, actionSpace }] of Object.entries(env.types)) {
    const { size, low, high } = actionSpace;
    const actions = env.actions[type];
    for (let k = 0; k < actions.length; k++) {
      const j = k % size;
      const copy = Math.floor(k / (size * count));
      const place = places[(step * 7 + k + copy) % places.length];
      if (place < 0) actions[k] = low[j] - ACTION_SLACK / 2;
      else if (place > 1) actions[k] = high[j] + ACTION_SLACK / 2;
      else actions[k] = Math.min(high[j], Math.max(low[j], low[j] * (1 - place) + high[j] * place));
    }
  }
}

/** What one copy shows after a step, as plain numbers. */
function shown(env: Simulation, copy: number) {
  const part = (values: Float32Array | Float64Array) =>
    Array.from(
      values.subarray((copy * values.length) / env.copies, ((copy + 1) * values.length) / env.copies),
    );
  return Object.keys(env.types).map((type) => ({
    type,
    observations: part(env.observations[type]),
    final: part(env.finalObservations[type]),
    rewards: part(env.rewards[type]),
    ended: [env.terminated[copy], env.truncated[copy]],
  }));
}

/**
 * Plays a batch of copies. At every step observations and rewards must be finite, observations lie in their spaces, the accounts add up,
 * every copy equal an environment of its own with its seed, and what was saved and restored go on alike. Throws an Error that says where
 * not. Invariant: two calls do the same.
 */
export function requireLaws(economy: Economy, play: PlayCase): void {
  const env = makeBatchedEnv(economy, { copies: play.copies });
  const singles = Array.from({ length: play.copies }, (_, b) => {
    const single = makeParallelEnv(economy);
    single.reset({ seed: play.seed + b });
    return single;
  });
  env.reset({ seed: play.seed });
  requireSeen(env, 0);
  let restored: Simulation | undefined;
  for (let step = 0; step < play.steps; step++) {
    if (step === play.savedAt) {
      restored = makeBatchedEnv(economy, { copies: play.copies });
      restored.load(structuredClone(env.save()));
    }
    act(env, play, step);
    const before = env.states.map(copyState);
    const quantities = Object.fromEntries(
      Object.entries(env.quantities()).map(([type, x]) => [type, x.slice()]),
    );
    env.step();
    requireSeen(env, step + 1);
    for (let b = 0; b < play.copies; b++) {
      requireSame(alone(env, singles[b], b), shown(env, b), `step ${step}: copy ${b} alone and in the batch`);
      if (env.terminated[b] === 0 && env.truncated[b] === 0)
        requireAccounts({ economy, env, copy: b, before: before[b], quantities, after: env.states[b] });
    }
    if (restored !== undefined) {
      act(restored, play, step);
      restored.step();
      requireSame(
        [shownAll(restored), restored.states],
        [shownAll(env), env.states],
        `step ${step}: restored`,
      );
    }
  }
}

const shownAll = (env: Simulation) => Array.from({ length: env.copies }, (_, b) => shown(env, b));

/** One step of an environment of its own with the actions of a copy, in the form of `shown`. */
function alone(env: Simulation, single: ReturnType<typeof makeParallelEnv>, copy: number) {
  const actions = Object.fromEntries(
    Object.entries(env.types).flatMap(([type, { count, actionSpace }]) =>
      Array.from({ length: count }, (_, i) => {
        const from = (copy * count + i) * actionSpace.size;
        return [`${type}_${i}`, env.actions[type].slice(from, from + actionSpace.size)];
      }),
    ),
  );
  const { observations: final, rewards, terminated, truncated } = single.step(actions);
  const agents = (type: string) =>
    single.possibleAgents.filter((agent) => agent.replace(/_\d+$/, '') === type);
  const ended = Object.values(terminated)[0] || Object.values(truncated)[0];
  // Copies of a batch begin again within the step that ends an episode.
  const observations = ended ? single.reset().observations : final;
  return Object.keys(env.types).map((type) => ({
    type,
    observations: agents(type).flatMap((agent) => Array.from(observations[agent].data)),
    final: agents(type).flatMap((agent) => Array.from(final[agent].data)),
    rewards: agents(type).map((agent) => rewards[agent]),
    ended: [terminated, truncated].map((flags) => Number(flags[agents(type)[0]])),
  }));
}

function requireSame(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [found, expected].map((value) => fc.stringify(value));
  if (a !== b) throw new Error(`${what} differ: ${a} and ${b}`);
}

function requireSeen(env: Simulation, step: number): void {
  for (const [type, { observationSpace: space }] of Object.entries(env.types)) {
    for (const [name, values] of Object.entries({ now: env.observations, final: env.finalObservations })) {
      for (let at = 0; at < values[type].length; at += space.size) {
        const seen = values[type].subarray(at, at + space.size);
        if (!seen.every(Number.isFinite) || !space.contains(seen))
          throw new Error(
            `step ${step}: ${type} sees [${seen}] (${name}), outside of [${space.low}] to [${space.high}]`,
          );
      }
    }
    const wrong = env.rewards[type].find((reward) => !Number.isFinite(reward));
    if (wrong !== undefined) throw new Error(`step ${step}: a reward of ${type} is ${wrong}`);
  }
}

interface AccountedStep {
  readonly economy: Economy;
  readonly env: Simulation;
  readonly copy: number;
  readonly before: EconomyState;
  readonly quantities: Readonly<Record<string, Float64Array>>;
  readonly after: EconomyState;
}

function requireAccounts({ economy, env, copy, before, quantities, after }: AccountedStep): void {
  const part = <A extends Float64Array>(values: A) =>
    values.slice((copy * values.length) / env.copies, ((copy + 1) * values.length) / env.copies);
  const own = Object.fromEntries(Object.entries(quantities).map(([type, values]) => [type, part(values)]));
  const entry = economy.accounts()?.entry(before, own, after);
  if (entry === undefined) return;
  for (const { name, left, right, scale: own = 0, tolerance = 0 } of identities(entry)) {
    const sum = (terms: readonly number[]) => terms.reduce((a, b) => a + b, 0);
    const scale = Math.max(own, ...[...left, ...right].map(Math.abs));
    requireNear(sum(left), sum(right), (IDENTITY + tolerance) * scale, `${name} of ${fc.stringify(entry)}`);
  }
  for (const [type, utility] of Object.entries(entry.utility ?? {})) {
    const rewards = part(env.rewards[type]);
    utility.forEach((value, i) => {
      requireNear(rewards[i], value, IDENTITY * Math.max(1, Math.abs(value)), `reward of ${type}_${i}`);
    });
  }
}

interface Identity {
  readonly name: string;
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Beside the sizes of the terms, and what is tolerated beside rounding, relative to the scale. */
  readonly scale?: number | undefined;
  readonly tolerance?: number | undefined;
}

/** The identities whose quantities an entry has. */
function identities(entry: AccountsEntry) {
  const { output, consumption, investment, government = 0, adjustmentCost = 0 } = entry;
  const { capital, nextCapital, depreciation, factorPayments, markets = {} } = entry;
  const found: Identity[] = [];
  if (output !== undefined && consumption !== undefined && investment !== undefined) {
    const right = [consumption, investment, government, adjustmentCost];
    found.push({ name: 'resource constraint', left: [output], right });
  }
  if (
    capital !== undefined &&
    nextCapital !== undefined &&
    depreciation !== undefined &&
    investment !== undefined
  )
    found.push({
      name: 'accumulation',
      left: [nextCapital],
      right: [capital, -depreciation * capital, investment],
    });
  if (factorPayments !== undefined && output !== undefined)
    found.push({ name: 'factor payments', left: [output], right: Object.values(factorPayments) });
  for (const [name, { supply, demand, clearing, scale, tolerance }] of Object.entries(markets)) {
    // Where the price stands at an end of its range nobody says that it clears.
    if (clearing === 'at-bound') continue;
    found.push({ name: `market of ${name}`, left: [supply], right: [demand], scale, tolerance });
  }
  return found;
}
