import { UsageError } from '../../core/errors.ts';
import { rouwenhorst, tauchenTrimmed } from '../../numerics/autoregression.ts';
import {
  exponentiateToMeanOne,
  type MarkovChain,
  mapLevels,
  markovChain,
  normaliseRows,
  stationary,
  stationaryMean,
} from '../../numerics/markov.ts';
import type { HuggettCalibration } from './calibration.ts';

/** A chain and its long run. */
export interface KnownChain extends MarkovChain {
  readonly stationary: Float64Array;
}

/** What a calibration amounts to, computed once. */
export interface HuggettModel extends HuggettCalibration {
  /** Levels of y. */
  readonly incomeLevels: KnownChain;
  /** Levels of z; one where there is no aggregate risk. */
  readonly productivityLevels: KnownChain;
  /** States of a given price; none where the market clears. */
  readonly priceLevels: KnownChain | undefined;
  readonly meanIncome: number;
  /** Least and greatest prices in the environment: households at the limit can eat, and nobody is paid without bound. */
  readonly priceBounds: readonly [low: number, high: number];
  /** Cumulative rows, ending with 1, by state: what draws are looked up in. */
  readonly incomeSums: Float64Array;
  readonly productivitySums: Float64Array;
  readonly priceSums: Float64Array;
}

/** Of what the poorest can eat at the worst price, this is kept. */
const KEPT = 0.05;
/** A price of bonds this high, or a rate this low, is where the environment's market stops. */
const HIGHEST_PRICE = 4;
const LOWEST_PRICE = 0.05;
const LOWEST_RATE = -0.75;
const HIGHEST_RATE = 1;

/** Throws a UsageError for a limit at which the poorest cannot eat at any price, and for bonds that nobody may sell. */
export function huggettModel(calibration: HuggettCalibration): HuggettModel {
  const { market, givenPrice, priceStep, borrowingLimit, bondSupply } = calibration;
  if (market === 'clearing' && borrowingLimit === 0 && bondSupply === 0) {
    throw new UsageError(
      'huggett: borrowingLimit and bondSupply are 0, so that there is nothing to hold; allow borrowing, e.g. --set borrowingLimit=-1, or give ' +
        'bonds, e.g. --set bondSupply=5.6.',
    );
  }
  if (bondSupply >= calibration.highestBonds) {
    throw new UsageError(
      `huggett: bondSupply is ${bondSupply}, above the grid's last node ${calibration.highestBonds}; raise highestBonds.`,
    );
  }
  if (market !== 'clearing' && calibration.timing === 'price') {
    const lowest = market === 'moving' ? givenPrice - priceStep : givenPrice;
    if (!(lowest >= LOWEST_PRICE)) {
      throw new UsageError(
        `huggett: the lowest given price of bonds is ${lowest}; give at least ${LOWEST_PRICE} (givenPrice, priceStep), or --set timing=rate.`,
      );
    }
  }
  const incomeLevels = incomeChain(calibration);
  const productivityLevels = productivityChain(calibration, calibration.productivityStates);
  const meanIncome = stationaryMean(incomeLevels);
  const priceLevels = market === 'clearing' ? undefined : known(priceChain(market, givenPrice, priceStep));
  const model = {
    ...calibration,
    incomeLevels,
    productivityLevels,
    priceLevels,
    meanIncome,
    priceBounds: [LOWEST_PRICE, HIGHEST_PRICE] as const,
    incomeSums: cumulative(incomeLevels),
    productivitySums: cumulative(productivityLevels),
    priceSums: priceLevels === undefined ? new Float64Array(0) : cumulative(priceLevels),
  };
  return { ...model, priceBounds: priceBounds(model) };
}

/** The chain of levels of y. */
export function incomeChain(calibration: HuggettCalibration): KnownChain {
  const { incomePersistence, incomeDeviation, incomeStates, incomeChain: kind, income } = calibration;
  const logs = logChain(kind, incomePersistence, incomeDeviation, incomeStates);
  return known(income === 'normalised' ? exponentiateToMeanOne(logs) : mapLevels(logs, Math.exp));
}

/** The chain of levels of z with so many states; a single one where nothing moves. */
export function productivityChain(calibration: HuggettCalibration, states: number): KnownChain {
  const { productivityPersistence, productivityDeviation, productivityChain: kind } = calibration;
  if (productivityDeviation === 0) return known(markovChain([1], [1]));
  const logs = logChain(kind, productivityPersistence, productivityDeviation, states);
  return known(kind === 'rouwenhorst' ? exponentiateToMeanOne(logs) : mapLevels(logs, Math.exp));
}

function logChain(
  kind: HuggettCalibration['incomeChain'],
  persistence: number,
  stationaryDeviation: number,
  n: number,
): MarkovChain {
  const options = { persistence, stationaryDeviation, n };
  return kind === 'rouwenhorst' ? rouwenhorst(options) : tauchenTrimmed(options);
}

/** Three prices: rows (.8, .2, 0), (.1, .8, .1), (0, .2, .8), as in the tutorial's notebook 3; or one. */
function priceChain(market: 'fixed' | 'moving', middle: number, step: number): MarkovChain {
  if (market === 'fixed') return markovChain([middle], [1]);
  return markovChain(
    [middle - step, middle, middle + step],
    [
      [0.8, 0.2, 0],
      [0.1, 0.8, 0.1],
      [0, 0.2, 0.8],
    ],
  );
}

function known(chain: MarkovChain): KnownChain {
  const normalised = normaliseRows(chain);
  return { ...normalised, stationary: stationary(normalised) };
}

function cumulative({ transition, n }: MarkovChain): Float64Array {
  const sums = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      sum += transition[i * n + j];
      sums[i * n + j] = j === n - 1 ? 1 : sum;
    }
  }
  return sums;
}

/** Income of the poorest household in the worst of times. */
export function leastIncome(model: Pick<HuggettModel, 'incomeLevels' | 'productivityLevels'>): number {
  return model.incomeLevels.levels[0] * model.productivityLevels.levels[0];
}

function priceBounds(model: HuggettModel): readonly [number, number] {
  const { borrowingLimit, timing, market } = model;
  if (market !== 'clearing') {
    const levels = model.priceLevels?.levels ?? new Float64Array(1);
    checkFeasible(model, levels[0], levels[levels.length - 1]);
    return [levels[0], levels[levels.length - 1]];
  }
  const reach = borrowingLimit < 0 ? ((1 - KEPT) * leastIncome(model)) / -borrowingLimit : Infinity;
  if (timing === 'rate') return [LOWEST_RATE, Math.min(HIGHEST_RATE, reach)];
  return [Math.max(LOWEST_PRICE, 1 - reach), HIGHEST_PRICE];
}

/** Throws a UsageError where a household at the limit with the least income has nothing to eat at one of two prices. */
export function checkFeasible(model: HuggettModel, low: number, high: number): void {
  const { borrowingLimit, timing } = model;
  const least = leastIncome(model);
  for (const price of [low, high]) {
    const left = timing === 'price' ? borrowingLimit * (1 - price) + least : borrowingLimit * price + least;
    if (left > 0) continue;
    const cost = timing === 'price' ? 1 - price : price;
    throw new UsageError(
      `huggett: borrowingLimit is ${borrowingLimit}: at the ${timing} ${price} a household there with the least income, ${least}, has ${left} to eat; ` +
        `give borrowingLimit above ${-least / cost}${model.market === 'clearing' ? ', or keep the price grid away from there (priceLow, priceHigh)' : ''}.`,
    );
  }
}
