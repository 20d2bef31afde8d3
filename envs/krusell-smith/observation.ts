import { type Box, box } from '../../core/spaces.ts';
import { cashOnHand, type KrusellSmithState } from './dynamics.ts';
import type { Payments } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';

/** Mean capital in units of a fifth of the usual one: a business cycle moves it by about one. */
const CAPITAL_SCALE = 0.2;

/** Below this share of the usual one, mean capital is seen as this: logs stay finite. */
const LEAST_CAPITAL = 1e-9;

/**
 * What a household sees: itself (cash or capital, income or employment), then mean capital and productivity; what has one state only is
 * left out.
 */
export function observationSpace(model: KrusellSmithModel): Box {
  const { productivity, labour } = model.exposure;
  const scaled = model.observation === 'scaled';
  const own = model.risk === 'income' ? 'income' : 'employment';
  const range = (levels: Float64Array): readonly [number, number] =>
    scaled ? [-1, 1] : [0, levels[levels.length - 1]];
  return box({
    ...(scaled
      ? { cash: [Math.log(model.consumptionFloor / model.usualCash), Infinity] as const }
      : { capital: [0, Infinity] as const }),
    ...(labour.length > 1 ? { [own]: range(labour) } : {}),
    meanCapital: scaled ? [Math.log(LEAST_CAPITAL) / CAPITAL_SCALE, Infinity] : [0, Infinity],
    ...(productivity.length > 1 ? { productivity: range(productivity) } : {}),
  });
}

/** Fills observations, [n, features], in the order of `observationSpace`. */
export function observe(
  model: KrusellSmithModel,
  state: KrusellSmithState,
  paid: Payments,
  observations: Float32Array,
): void {
  if (model.observation === 'scaled') observeScaled(model, state, paid, observations);
  else observeRaw(model, state, paid, observations);
}

function observeScaled(
  model: KrusellSmithModel,
  state: KrusellSmithState,
  paid: Payments,
  observations: Float32Array,
): void {
  const { consumptionFloor, usualCash, usualCapital, exposure } = model;
  const incomes = exposure.labour.length;
  const states = exposure.productivity.length;
  const meanCapital = Math.log(Math.max(paid.capital / usualCapital, LEAST_CAPITAL)) / CAPITAL_SCALE;
  let at = 0;
  for (let i = 0; i < state.capital.length; i++) {
    const cash = cashOnHand(model, state, paid, i);
    observations[at++] = Math.log((cash > consumptionFloor ? cash : consumptionFloor) / usualCash);
    if (incomes > 1) observations[at++] = (2 * state.status[i]) / (incomes - 1) - 1;
    observations[at++] = meanCapital;
    if (states > 1) observations[at++] = (2 * state.productivity) / (states - 1) - 1;
  }
}

function observeRaw(
  model: KrusellSmithModel,
  state: KrusellSmithState,
  paid: Payments,
  observations: Float32Array,
): void {
  const { labour, productivity } = model.exposure;
  let at = 0;
  for (let i = 0; i < state.capital.length; i++) {
    observations[at++] = state.capital[i];
    if (labour.length > 1) observations[at++] = labour[state.status[i]];
    observations[at++] = paid.capital;
    if (productivity.length > 1) observations[at++] = productivity[state.productivity];
  }
}
