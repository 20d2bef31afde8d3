import { type Box, box } from '../../core/spaces.ts';
import type { HankModel } from './setup.ts';
import type { HankState } from './state.ts';

/** The nominal rate moves by about this much, per period. */
const RATE_SCALE = 0.01;
/** Relative prices move by about this much. */
const PRICE_SCALE = 0.05;

/** What everybody sees of the aggregate: productivity, the monetary shock, and the nominal rate on bonds held. */
function common({ productivities, monetary }: HankModel): Record<string, readonly [number, number]> {
  return {
    ...(productivities.n > 1 ? { productivity: [-1, 1] as const } : {}),
    ...(monetary.n > 1 ? { monetary: [-1, 1] as const } : {}),
    nominalRate: [-Infinity, Infinity],
  };
}

/** A household sees itself too: log distance of its bonds from the limit, and income. */
export function householdSpace(model: HankModel): Box {
  return box({ bonds: [0, Infinity], income: [-1, 1], ...common(model) });
}

/** A firm sees its own relative price, where it is not the only one. */
export function firmSpace(model: HankModel): Box {
  return box({ ...(model.firms > 1 ? { price: [-Infinity, Infinity] as const } : {}), ...common(model) });
}

/** Fills observations, [n, features] and [firms, features], in the order of the spaces. */
export function observe(
  model: HankModel,
  state: HankState,
  households: Float32Array,
  firms: Float32Array,
): void {
  const { borrowingLimit, incomes } = model;
  let at = 0;
  for (let i = 0; i < state.bonds.length; i++) {
    households[at++] = Math.log1p(Math.max(0, state.bonds[i] - borrowingLimit));
    households[at++] = (2 * state.status[i]) / (incomes.n - 1) - 1;
    at = observeCommon(model, state, households, at);
  }
  at = 0;
  for (let j = 0; j < state.relativePrices.length; j++) {
    if (model.firms > 1) firms[at++] = Math.log(state.relativePrices[j]) / PRICE_SCALE;
    at = observeCommon(model, state, firms, at);
  }
}

function observeCommon(
  { productivities, monetary, target }: HankModel,
  state: HankState,
  to: Float32Array,
  from: number,
): number {
  let at = from;
  if (productivities.n > 1) to[at++] = (2 * state.productivity) / (productivities.n - 1) - 1;
  if (monetary.n > 1) to[at++] = (2 * state.monetary) / (monetary.n - 1) - 1;
  to[at++] = Math.log(state.nominalRate / target) / RATE_SCALE;
  return at;
}
