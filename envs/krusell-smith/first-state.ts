import { z } from 'zod';
import { show, UsageError } from '../../core/errors.ts';
import type { Rng } from '../../numerics/random.ts';
import { type KrusellSmithState, lookUp } from './dynamics.ts';
import type { KrusellSmithModel } from './setup.ts';

/** Mean first capital over the usual one. */
const RESET_RANGE = [0.5, 1.5] as const;

/** What `reset({ options })` accepts: mean capital, and the index of productivity. */
export const resetOptions = z.strictObject({
  capital: z.number().gt(0).optional(),
  productivity: z.int().min(0).optional(),
});

/**
 * Draws everything, then puts what `options` give in its place: what is given moves no other draw. Throws a UsageError for a
 * productivity that is no state. Invariant: mean capital is the one drawn or given.
 */
export function firstState(
  model: KrusellSmithModel,
  rng: Rng,
  options: Readonly<Record<string, unknown>>,
): KrusellSmithState {
  const { exposure, households: n } = model;
  const place = rng.between(...RESET_RANGE);
  const drawn = rng.categorical(exposure.stationary);
  const productivity = given(options, 'productivity') ?? drawn;
  if (productivity >= exposure.productivity.length) {
    throw new UsageError(
      `krusell-smith: reset got productivity ${show(productivity)}; this calibration has the states 0 to ` +
        `${exposure.productivity.length - 1}.`,
    );
  }
  const capital = wealth(model, rng, given(options, 'capital') ?? place * model.usualCapital);
  const turn = Int32Array.from({ length: n }, (_, i) => i);
  return { capital, status: firstStatus(model, productivity, rng), turn, productivity };
}

function given(options: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = options[name];
  return typeof value === 'number' ? value : undefined;
}

/** Capital of every household, [n], exponential or equal, with the given mean. */
function wealth({ households: n, resetWealth }: KrusellSmithModel, rng: Rng, mean: number): Float64Array {
  if (resetWealth === 'equal') return new Float64Array(n).fill(mean);
  const drawn = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    drawn[i] = -Math.log(1 - rng.uniform());
    sum += drawn[i];
  }
  // All of them exactly zero: one chance in 2^53 for a single household.
  return sum > 0 ? drawn.map((x) => (x / sum) * n * mean) : drawn.fill(mean);
}

/** Income or employment of every household, [n], from the shares of the aggregate state, or as many as expected. */
function firstStatus(model: KrusellSmithModel, productivity: number, rng: Rng): Uint8Array {
  const { exposure, households: n, counts, exactCounts } = model;
  const incomes = exposure.labour.length;
  const row = productivity * incomes;
  if (counts === 'independent') {
    const sums = new Float64Array(incomes).fill(1);
    let sum = 0;
    for (let e = 0; e < incomes - 1; e++) {
      sum += exposure.shares[row + e];
      sums[e] = sum;
    }
    return Uint8Array.from({ length: n }, () => lookUp(sums, 0, rng.uniform()));
  }
  const status = new Uint8Array(n);
  let at = 0;
  for (let e = 0; e < incomes; e++) {
    status.fill(e, at, at + exactCounts[row + e]);
    at += exactCounts[row + e];
  }
  rng.shuffle(status);
  return status;
}
