/**
 * What households are exposed to, as one joint chain of the aggregate state z and an idiosyncratic state e. Index of a pair: z E + e.
 * Probabilities are P[(z, e), (z', e')] = P[z, z'] P[e, e' | z, z']: one common draw of z', then one of e' for each household.
 */
import { UsageError } from '../../core/errors.ts';
import { rouwenhorst, tauchen, tauchenTrimmed } from '../../numerics/autoregression.ts';
import {
  type MarkovChain,
  mapLevels,
  markovChain,
  stationary,
  stationaryMean,
} from '../../numerics/markov.ts';
import type { KrusellSmithCalibration } from './calibration.ts';

/** Z aggregate and E idiosyncratic states; matrices are row-major. Treat as read only. */
export interface Exposure {
  /** Levels of z, [Z]. */
  readonly productivity: Float64Array;
  /** Labour that a household in e supplies, [E]. */
  readonly labour: Float64Array;
  /** What a household in e earns before taxes, in wages of a unit of labour, [E]: its labour, but where incomes are raw. */
  readonly earnings: Float64Array;
  /** Benefit in e, in wages of a unit of labour, [E]. */
  readonly benefits: Float64Array;
  /** P[z, z'], [Z * Z]. */
  readonly aggregate: Float64Array;
  /** P[e, e' | z, z'], [Z * Z * E * E], indexed ((z Z + z') E + e) E + e'. */
  readonly conditional: Float64Array;
  /** Long-run probabilities of z, [Z]. */
  readonly stationary: Float64Array;
  /** Share of households in e while the aggregate state is z, [Z * E]. */
  readonly shares: Float64Array;
}

/**
 * The exposure of a calibration. Throws a UsageError where jobs cannot be lost and found as often as asked.
 * Invariants: rows sum to one, and `shares` are kept: sum_e shares[z, e] P[e, e' | z, z'] = shares[z', e'] for every pair (z, z').
 */
export function exposure(calibration: KrusellSmithCalibration): Exposure {
  return calibration.risk === 'income' ? incomeExposure(calibration) : employmentExposure(calibration);
}

/** log z and log e each an autoregression; e' depends on e alone. */
function incomeExposure(calibration: KrusellSmithCalibration): Exposure {
  const productivity = mapLevels(
    autoregression({
      persistence: calibration.productivityPersistence,
      deviation: calibration.productivityDeviation,
      of: calibration.productivityDeviationOf,
      n: calibration.productivityStates,
      method: calibration.productivityChain,
    }),
    Math.exp,
  );
  const raw = mapLevels(
    autoregression({
      persistence: calibration.incomePersistence,
      deviation: calibration.incomeDeviation,
      of: calibration.incomeDeviationOf,
      n: calibration.incomeStates,
      method: calibration.incomeChain,
    }),
    Math.exp,
  );
  const mean = stationaryMean(raw);
  const labour = raw.levels.map((level) => level / mean);
  const states = productivity.n;
  return {
    productivity: productivity.levels,
    labour,
    earnings: calibration.income === 'raw' ? raw.levels : labour,
    benefits: new Float64Array(raw.n),
    aggregate: productivity.transition,
    conditional: repeated(raw.transition, states * states),
    stationary: stationary(productivity),
    shares: repeated(stationary(raw), states),
  };
}

interface Autoregression {
  readonly persistence: number;
  readonly deviation: number;
  readonly of: 'stationary' | 'innovation';
  readonly n: number;
  readonly method: KrusellSmithCalibration['incomeChain'];
}

/** The chain of an autoregression about zero; of one state where nothing moves. */
function autoregression({ persistence, deviation, of, n, method }: Autoregression): MarkovChain {
  if (deviation === 0) return markovChain([0], [[1]]);
  const size = of === 'stationary' ? { stationaryDeviation: deviation } : { innovationDeviation: deviation };
  const options = { persistence, n, ...size };
  if (method === 'rouwenhorst') return rouwenhorst(options);
  return method === 'tauchen' ? tauchen(options) : tauchenTrimmed(options);
}

function repeated(values: Float64Array, times: number): Float64Array {
  const all = new Float64Array(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}

/** Aggregate states, and states of a household. */
const BAD = 0;
const GOOD = 1;
const UNEMPLOYED = 0;

/**
 * Good and bad times and employment. In time z the share u(z) has no job, in expectation and whatever came before: from the
 * probability to stay unemployed, p, follows that to lose a job, (u(z') - u(z) p) / (1 - u(z)).
 *
 * Source: Krusell and Smith (1998), section II.B; Den Haan, Judd and Juillard (2010), Table 2.
 */
function employmentExposure(calibration: KrusellSmithCalibration): Exposure {
  const { goodDuration, badDuration, productivityGap, labourEndowment, unemploymentBenefit } = calibration;
  const unemployment = [calibration.badUnemployment, calibration.goodUnemployment];
  const [leaveBad, leaveGood] = [1 / badDuration, 1 / goodDuration];
  const lastingBad = 1 - 1 / calibration.badUnemploymentDuration;
  const lastingGood = 1 - 1 / calibration.goodUnemploymentDuration;
  // To stay unemployed, by z and z'.
  const stay = [
    [lastingBad, calibration.stayUnemployedIntoGood * lastingGood],
    [calibration.stayUnemployedIntoBad * lastingBad, lastingGood],
  ];
  const conditional = new Float64Array(16);
  for (const z of [BAD, GOOD]) {
    for (const next of [BAD, GOOD]) {
      const lose = (unemployment[next] - unemployment[z] * stay[z][next]) / (1 - unemployment[z]);
      checkProbability('to stay unemployed', stay[z][next], z, next);
      checkProbability('to lose a job', lose, z, next);
      conditional.set([stay[z][next], 1 - stay[z][next], lose, 1 - lose], (z * 2 + next) * 4);
    }
  }
  const labour = Float64Array.of(0, labourEndowment);
  const benefits = new Float64Array(2);
  benefits[UNEMPLOYED] = unemploymentBenefit;
  return {
    productivity: Float64Array.of(1 - productivityGap, 1 + productivityGap),
    labour,
    earnings: labour,
    benefits,
    aggregate: Float64Array.of(1 - leaveBad, leaveBad, leaveGood, 1 - leaveGood),
    conditional,
    stationary: Float64Array.of(leaveGood / (leaveBad + leaveGood), leaveBad / (leaveBad + leaveGood)),
    shares: Float64Array.from(unemployment.flatMap((u) => [u, 1 - u])),
  };
}

function checkProbability(what: string, p: number, from: number, to: number): void {
  if (p >= 0 && p <= 1) return;
  const names = ['bad', 'good'];
  throw new UsageError(
    `krusell-smith: the probability ${what} from ${names[from]} to ${names[to]} times would be ${p.toPrecision(4)}; bring ` +
      'goodUnemployment and badUnemployment closer to each other, or lower goodUnemploymentDuration, badUnemploymentDuration, ' +
      'stayUnemployedIntoBad or stayUnemployedIntoGood.',
  );
}

/** P[(z, e), (z', e')], row-major, [Z E * Z E]. Invariant: rows sum to one. */
export function jointTransition({ productivity, labour, aggregate, conditional }: Exposure): Float64Array {
  const [states, incomes] = [productivity.length, labour.length];
  const width = states * incomes;
  const joint = new Float64Array(width * width);
  for (let z = 0; z < states; z++) {
    for (let next = 0; next < states; next++) {
      const pair = z * states + next;
      for (let e = 0; e < incomes; e++) {
        for (let to = 0; to < incomes; to++) {
          joint[(z * incomes + e) * width + next * incomes + to] =
            aggregate[pair] * conditional[(pair * incomes + e) * incomes + to];
        }
      }
    }
  }
  return joint;
}
