import { z } from 'zod';
import { show, UsageError } from '../../core/errors.ts';
import type { Rng } from '../../numerics/random.ts';
import type { HankModel, KnownChain } from './setup.ts';

export type HankState = {
  /** b_i at the start of the period, [n]. */
  bonds: Float64Array;
  /** Index of y_i, [n]. */
  status: Uint8Array;
  /** The household that draws j-th, [n]: draws belong to households, not to places, so that places may be exchanged. */
  turn: Int32Array;
  /** p_j: last prices of firms over the price index, [firms]; mean of p^(1 - eps) is 1. */
  relativePrices: Float64Array;
  /** 1 + i: the nominal rate on bonds held, set in the last period. */
  nominalRate: number;
  /** Indices of z and e. */
  productivity: number;
  monetary: number;
  /** The last wage: where the search for the next one starts. */
  wage: number;
};

/** What `reset({ options })` accepts: the indices of productivity and of the monetary shock. */
export const resetOptions = z.strictObject({
  productivity: z.int().min(0).optional(),
  monetary: z.int().min(0).optional(),
});

/** The wage that firms without costs of adjustment would pay: (eps - 1) / eps of productivity. */
export function usualWage({ elasticity, productivities }: HankModel, productivity: number): number {
  return ((elasticity - 1) / elasticity) * productivities.levels[productivity];
}

/**
 * First states are drawn: bonds exponentially above the limit, with mean B, everything else from its long run; prices were stable before.
 * Throws a UsageError for an index that is no state. Invariant: mean bonds are B within rounding.
 */
export function firstState(model: HankModel, rng: Rng, options: z.output<typeof resetOptions>): HankState {
  const { households: n, incomes, productivities, monetary, borrowingLimit, bonds: B } = model;
  const [drawnProductivity, drawnMonetary] = [productivities, monetary].map((chain) =>
    rng.categorical(chain.stationary),
  );
  const productivity = options.productivity ?? drawnProductivity;
  requireState('productivity', productivity, productivities);
  const shock = options.monetary ?? drawnMonetary;
  requireState('monetary', shock, monetary);
  const drawn = Float64Array.from({ length: n }, () => -Math.log(1 - rng.uniform()));
  const mean = drawn.reduce((sum, x) => sum + x, 0) / n;
  return {
    bonds: drawn.map((x) => (mean > 0 ? borrowingLimit + ((B - borrowingLimit) * x) / mean : B)),
    status: Uint8Array.from({ length: n }, () => rng.categorical(incomes.stationary)),
    turn: Int32Array.from({ length: n }, (_, i) => i),
    relativePrices: new Float64Array(model.firms).fill(1),
    nominalRate: model.target,
    productivity,
    monetary: shock,
    wage: usualWage(model, productivity),
  };
}

function requireState(name: string, index: number, { n }: KnownChain): void {
  if (index < n) return;
  throw new UsageError(
    `hank: reset got ${name} ${show(index)}; this calibration has the states 0 to ${n - 1}.`,
  );
}

/** The next z and e, one draw each for all, then every y_i, one draw each. Hot. */
export function drawShocks(model: HankModel, state: HankState, rng: Rng): void {
  const { productivities, monetary, incomes } = model;
  const { status, turn } = state;
  state.productivity = lookUp(productivities.sums, state.productivity * productivities.n, rng.uniform());
  state.monetary = lookUp(monetary.sums, state.monetary * monetary.n, rng.uniform());
  for (let j = 0; j < turn.length; j++) {
    const i = turn[j];
    status[i] = lookUp(incomes.sums, status[i] * incomes.n, rng.uniform());
  }
}

/** The first state whose sum, at `offset` on, exceeds a uniform draw; sums end with 1. */
function lookUp(sums: Float64Array, offset: number, uniform: number): number {
  let at = 0;
  while (uniform >= sums[offset + at]) at += 1;
  return at;
}
