/**
 * Everything about the growth family's economies that does not depend on how depreciation moves, or asks the model how.
 * `jesusfv` and `jesusfv-extended` are this record with an id, a calibration and a process of depreciation.
 */
import type { z } from 'zod';
import { z as schema } from 'zod';
import type { Accounts } from '../../core/capabilities.ts';
import { type AgentType, defineEconomy, type EconomyDefinition } from '../../core/economy.ts';
import { show, UsageError } from '../../core/errors.ts';
import { levelShock } from '../../core/shocks.ts';
import { box, unitBox } from '../../core/spaces.ts';
import type { Rng } from '../../numerics/random.ts';
import { MIDDLE_PRODUCTIVITY, PRODUCTIVITY } from './chain.ts';
import { growthDomain } from './domain.ts';
import {
  consumption,
  depreciationRate,
  type GrowthModel,
  type GrowthState,
  grossReturn,
  nearestLevel,
  output,
  referenceCapital,
  resources,
} from './model.ts';
import { growthOracle } from './oracle.ts';
import { largestFirstCapital, RESET_RANGE, WIDE_CAPITAL } from './setup.ts';
import { growthSuccessors } from './successors.ts';
import { growthTensors } from './tensor.ts';

export type GrowthDefinition<C> = EconomyDefinition<C, GrowthModel, GrowthState, 'household'>;

/** What distinguishes one economy of the family from another. */
export interface GrowthFamilyMember<C> {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly calibration: z.ZodType<C>;
  readonly calibrations: Readonly<Record<string, Readonly<Partial<C>>>>;
  /** Names of the coordinates that `reset({ options })` accepts. */
  readonly resettable: readonly ('capital' | 'depreciation' | 'productivity')[];
  model(calibration: C): GrowthModel;
}

/**
 * The economy of one household, or planner, that eats and saves: state (k, [d,] z), action a share of resources or a level of
 * consumption, reward log c. Timing: the household sees k, d and z, chooses c, and the next z (and d) are drawn last. Throws what
 * `defineEconomy` throws. Invariant: every step keeps 0 < k' < m.
 */
export function growthEconomy<C extends object>(member: GrowthFamilyMember<C>): GrowthDefinition<C> {
  const { id, version, title, calibration, calibrations, resettable } = member;
  const fields = Object.fromEntries(resettable.map((name) => [name, RESET_FIELDS[name].optional()]));
  return defineEconomy<C, GrowthModel, GrowthState, 'household'>({
    id,
    version,
    title,
    calibration,
    calibrations,
    resetOptions: schema.strictObject(fields),
    model: (c) => member.model(c),
    discountFactor: (model) => model.discountFactor,
    horizon: (model) => model.horizon,
    types: (model) => ({ household: household(model) }),
    init: ({ model, rng, options }) => firstState(model, rng, options),
    observe({ model, state }, observations) {
      observeInto(model, state, observations.household);
    },
    step({ model, state, actions, rewards, rng }) {
      const available = resources(model, state);
      const consumed = consumption(model, available, actions.household[0]);
      rewards.household[0] = model.rewardScale * Math.log(consumed);
      state.capital = available - consumed;
      drawExogenous(model, state, rng);
    },
    info: ({ model, state }) => ({
      capital: state.capital,
      depreciation: depreciationRate(model, state),
      productivity: model.productivity[state.productivity],
      output: output(model, state),
      resources: resources(model, state),
    }),
    // The benchmark names no period; its discount factor, 0.95, is that of a year.
    periodsPerYear: () => 1,
    variables: () => VARIABLES,
    shocks: () => SHOCKS,
    enumerable: growthSuccessors,
    tensor: growthTensors,
    domain: growthDomain,
    oracle: growthOracle,
    accounts: growthAccounts,
    advice,
  });
}

const GOOD = 'units of the good';

const VARIABLES = {
  capital: { label: 'capital', unit: GOOD },
  nextCapital: { label: "next period's capital", unit: GOOD },
  productivity: { label: 'productivity', unit: 'level' },
  depreciation: { label: 'depreciation', unit: 'share of capital' },
  output: { label: 'output', unit: GOOD },
  resources: { label: 'resources', unit: GOOD },
  consumption: { label: 'consumption', unit: GOOD },
  investment: { label: 'investment', unit: GOOD },
  consumptionShare: { label: 'consumption share', unit: 'of resources' },
} as const;

const SHOCKS = {
  productivity: levelShock('productivity', PRODUCTIVITY.length - 1),
  capital: {
    label: 'capital',
    unit: 'share of what there is',
    size: -0.1,
    apply(state: GrowthState, size: number) {
      state.capital *= 1 + size;
    },
  },
} as const;

/** Below this steady-state consumption share the learner's noise must shrink; see `advice`. */
const SMALL_SHARE = 0.5;

/**
 * Where little of the resources is eaten, utility is strongly curved in the share, and a policy that explores with a constant width
 * learns to eat too much. In `jesusfv/annual`, with a share of 0.26, letting the target entropy fall by one half halves SAC's welfare loss,
 * and half the smoothing takes DDPG's gap from 0.85 of a constant's to 0.5, half the noise in the actions tried its welfare loss from 0.13
 * to 0.03 % (two seeds of 10,000 steps).
 */
function advice(model: GrowthModel) {
  const capital = referenceCapital(model, model.depreciation.mean);
  const available = resources(model, { capital, productivity: MIDDLE_PRODUCTIVITY });
  const share = (available - capital) / available;
  if (model.action !== 'share' || share >= SMALL_SHARE) return {};
  return {
    sac: { targetEntropyFall: 0.5 },
    ddpg: { explorationNoise: 0.1, targetSmoothing: 0.05, actorSmoothing: 0.05 },
  };
}

const RESET_FIELDS = {
  capital: schema.number().gt(0),
  depreciation: schema.number().min(0).max(1),
  productivity: schema
    .int()
    .min(0)
    .max(PRODUCTIVITY.length - 1),
} as const;

function household(model: GrowthModel): AgentType {
  const observed = Object.fromEntries(
    model.coordinates.map(({ name, low, high, centre, scale }) => [
      name,
      [(low - centre) / scale, (high - centre) / scale] as const,
    ]),
  );
  return { count: 1, observationSpace: box(observed), actionSpace: actionSpace(model) };
}

/** Levels reach what the richest first state has, so that the range is of the order of the optimum. */
function actionSpace(model: GrowthModel) {
  if (model.action === 'share') {
    return unitBox({ consumptionShare: [model.lowestShare, model.highestShare] });
  }
  const richest = resources(model, {
    capital: largestFirstCapital(model),
    depreciation: model.depreciation.low,
    productivity: model.productivity.length - 1,
  });
  return box({ consumption: [0, richest] });
}

/** Draws every coordinate, then puts those of `options` in their places: what is given moves no other draw. */
function firstState(model: GrowthModel, rng: Rng, options: Readonly<Record<string, unknown>>): GrowthState {
  const place = rng.uniform();
  const drawn = {
    depreciation: drawDepreciation(model, rng),
    productivity: rng.categorical(model.firstProductivity),
  };
  const depreciation = given(model, options, 'depreciation') ?? drawn.depreciation;
  const productivity = given(model, options, 'productivity') ?? drawn.productivity;
  const capital = given(model, options, 'capital') ?? firstCapital(model, depreciation, place);
  return model.depreciation.kind === 'fixed'
    ? { capital, productivity }
    : { capital, depreciation, productivity };
}

/** Capital at a place in [0, 1) of the reset's interval. */
function firstCapital(model: GrowthModel, depreciation: number, place: number): number {
  if (model.reset === 'wide') return WIDE_CAPITAL * (1 - place);
  const [low, high] = RESET_RANGE;
  return (low + (high - low) * place) * referenceCapital(model, depreciation);
}

/** A coordinate given to `reset`, within its reachable range. */
function given(
  model: GrowthModel,
  options: Readonly<Record<string, unknown>>,
  name: 'capital' | 'depreciation' | 'productivity',
): number | undefined {
  const value = options[name];
  const range = model.coordinates.find((coordinate) => coordinate.name === name);
  if (typeof value !== 'number' || range === undefined) return undefined;
  if (!(value >= range.low && value <= range.high)) {
    throw new UsageError(
      `reset: ${name} is ${show(value)}; this calibration reaches ${show(range.low)} to ${show(range.high)}.`,
    );
  }
  const { depreciation } = model;
  if (name === 'depreciation' && depreciation.kind === 'markov' && !depreciation.levels.includes(value)) {
    throw new UsageError(
      `reset: depreciation is ${show(value)}; its chain has the levels ${depreciation.levels.join(', ')}.`,
    );
  }
  return value;
}

function drawDepreciation(model: GrowthModel, rng: Rng): number {
  const { depreciation } = model;
  if (depreciation.kind === 'fixed') return depreciation.mean;
  if (depreciation.kind === 'static') return rng.between(depreciation.low, depreciation.high);
  return depreciation.levels[rng.categorical(depreciation.stationary)];
}

function observeInto(model: GrowthModel, state: GrowthState, observation: Float32Array): void {
  const coordinates = model.coordinates;
  for (let i = 0; i < coordinates.length; i++) {
    const coordinate = coordinates[i];
    const value =
      coordinate.name === 'capital'
        ? state.capital
        : coordinate.name === 'productivity'
          ? state.productivity
          : depreciationRate(model, state);
    observation[i] = (value - coordinate.centre) / coordinate.scale;
  }
}

/** Moves productivity, and depreciation where it is a chain, to the next period. */
function drawExogenous(model: GrowthModel, state: GrowthState, rng: Rng): void {
  const z = model.productivity.length;
  state.productivity = rng.categorical(model.transition, state.productivity * z, z);
  const { depreciation } = model;
  if (depreciation.kind === 'markov') {
    const n = depreciation.levels.length;
    const from = nearestLevel(depreciation.levels, depreciationRate(model, state));
    state.depreciation = depreciation.levels[rng.categorical(depreciation.transition, from * n, n)];
  }
}

/**
 * y = c + i and k' = (1 - d) k + i, with the reward recomputed from consumption, capital that is never owed, and what a unit of it
 * returns (1 / beta in the steady state). Units of the good.
 */
function growthAccounts(model: GrowthModel): Accounts<GrowthState, 'household'> {
  return {
    entry(before, actions, after) {
      const consumed = consumption(model, resources(model, before), actions.household[0]);
      const produced = output(model, before);
      return {
        output: produced,
        consumption: consumed,
        investment: produced - consumed,
        capital: before.capital,
        nextCapital: after.capital,
        depreciation: depreciationRate(model, before),
        utility: { household: [model.rewardScale * Math.log(consumed)] },
        borrowing: { household: { assets: [after.capital], limit: 0 } },
        prices: { grossReturn: grossReturn(model, before) },
      };
    },
  };
}
