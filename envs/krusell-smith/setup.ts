import type { KrusellSmithCalibration } from './calibration.ts';
import { type Exposure, exposure } from './chains.ts';
import { type CountingMemory, countingMemory, type Flows } from './exact-counts.ts';
import { newPayments, type Payments, steadyStateCapital, type Technology } from './model.ts';

/** Shares of cash on hand that may be eaten. */
export const SHARE_BOUNDS = [1e-4, 1 - 1e-4] as const;

/** What the equations and the simulation need, computed once from the calibration. Z aggregate states, E idiosyncratic ones. */
export interface KrusellSmithModel extends Technology {
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly consumptionFloor: number;
  readonly households: number;
  readonly counts: KrusellSmithCalibration['counts'];
  readonly observation: KrusellSmithCalibration['observation'];
  readonly resetWealth: KrusellSmithCalibration['resetWealth'];
  readonly risk: KrusellSmithCalibration['risk'];
  readonly horizon: number;
  readonly periodsPerYear: number;
  readonly exposure: Exposure;
  /** Sums along the rows of P[z, z'], [Z * Z], and of P[e, e' | z, z'], [Z * Z * E * E]: uniform draws are looked up in them. */
  readonly aggregateSums: Float64Array;
  readonly conditionalSums: Float64Array;
  /** Expected labour while the aggregate state is z, [Z]. */
  readonly expectedLabour: Float64Array;
  /** Households by aggregate state and e where counts are exact, [Z * E]; each row sums to `households`. */
  readonly exactCounts: Int32Array;
  /** Where counts are exact, what moves households between z and z', by z Z + z', and memory for it. */
  readonly flows: readonly Flows[];
  readonly memory: CountingMemory;
  /** Memory for the payments of a period, rewritten in every step. */
  readonly payments: Payments;
  /** Steady-state capital without risk, and cash on hand there: what is usual. */
  readonly usualCapital: number;
  readonly usualCash: number;
}

/** The model of a calibration. Throws a UsageError where `exposure` does. */
export function krusellSmithModel(calibration: KrusellSmithCalibration): KrusellSmithModel {
  const { capitalShare, depreciation, discountFactor, households } = calibration;
  const exposed = exposure(calibration);
  const states = exposed.productivity.length;
  const incomes = exposed.labour.length;
  const exactCounts = roundedCounts(exposed.shares, incomes, households);
  const expectedLabour = exposed.productivity.map((_, z) => {
    let sum = 0;
    for (let e = 0; e < incomes; e++) sum += exposed.shares[z * incomes + e] * exposed.labour[e];
    return sum;
  });
  const labour = expectedLabour.reduce((sum, one, z) => sum + exposed.stationary[z] * one, 0);
  const usualCapital = steadyStateCapital({ capitalShare, depreciation, discountFactor, labour });
  const usualOutput = usualCapital ** capitalShare * labour ** (1 - capitalShare);
  return {
    capitalShare,
    depreciation,
    discountFactor,
    riskAversion: calibration.riskAversion,
    consumptionFloor: calibration.consumptionFloor,
    households,
    counts: calibration.counts,
    observation: calibration.observation,
    resetWealth: calibration.resetWealth,
    risk: calibration.risk,
    horizon: calibration.horizon,
    periodsPerYear: calibration.periodsPerYear,
    exposure: exposed,
    aggregateSums: cumulative(exposed.aggregate, states),
    conditionalSums: cumulative(exposed.conditional, incomes),
    expectedLabour,
    exactCounts,
    flows: Array.from({ length: states * states }, (_, pair) => ({
      conditional: exposed.conditional,
      offset: pair * incomes * incomes,
      counts: exactCounts,
      at: (pair % states) * incomes,
    })),
    memory: countingMemory(incomes),
    payments: newPayments(),
    usualCapital,
    usualCash: usualOutput + (1 - depreciation) * usualCapital,
  };
}

/** Sums from the left of every row; from its last positive entry on they are exactly 1, so that every uniform draw finds a state. */
function cumulative(rows: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += width) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      sum += rows[at + j];
      sums[at + j] = rows.subarray(at + j + 1, at + width).some((p) => p > 0) ? sum : 1;
    }
  }
  return sums;
}

/** n households divided as the shares of each row say, rounded so that they are n: the largest remainders get one more. */
function roundedCounts(shares: Float64Array, width: number, n: number): Int32Array {
  const counts = new Int32Array(shares.length);
  for (let at = 0; at < shares.length; at += width) {
    let left = n;
    for (let e = 0; e < width; e++) {
      // A whole number that rounding has put just below itself.
      counts[at + e] = Math.floor(n * shares[at + e] + 1e-9);
      left -= counts[at + e];
    }
    const places = Array.from({ length: width }, (_, e) => at + e);
    places.sort((a, b) => n * shares[b] - counts[b] - (n * shares[a] - counts[a]) || a - b);
    for (let j = 0; j < left; j++) counts[places[j]] += 1;
  }
  return counts;
}
