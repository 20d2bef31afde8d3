import { UsageError } from '../../core/errors.ts';
import { rouwenhorst, tauchenTrimmed } from '../../numerics/autoregression.ts';
import { geometricGrid } from '../../numerics/grids.ts';
import {
  exponentiateToMeanOne,
  type MarkovChain,
  mapLevels,
  markovChain,
  normaliseRows,
  stationary,
} from '../../numerics/markov.ts';
import type { HankEconomy } from '../../solvers/hank.ts';
import type { HankCalibration } from './calibration.ts';

/** A chain, its long run, and its cumulative rows, ending with 1: what draws are looked up in. */
export interface KnownChain extends MarkovChain {
  readonly stationary: Float64Array;
  readonly sums: Float64Array;
}

/** What a calibration amounts to, computed once. */
export interface HankModel extends HankCalibration {
  /** Efficiency y_e. */
  readonly incomes: KnownChain;
  /** Levels of z, and of e; one state where nothing moves. */
  readonly productivities: KnownChain;
  readonly monetary: KnownChain;
  /** What own state e gets of dividends less taxes, [E], with mean 1. */
  readonly incidence: Float64Array;
}

/** Throws a UsageError where there are more bonds per household than the grid reaches. */
export function hankSetup(calibration: HankCalibration): HankModel {
  const { bonds, highestBonds, borrowingLimit } = calibration;
  if (!(bonds < 0.5 * highestBonds)) {
    throw new UsageError(
      `hank: bonds are ${bonds} per household and the grid ends at ${highestBonds}; raise highestBonds to at least twice the bonds.`,
    );
  }
  if (!(bonds > borrowingLimit)) {
    throw new UsageError(`hank: bonds are ${bonds}, not above borrowingLimit ${borrowingLimit}.`);
  }
  const incomes = incomeChain(calibration);
  return {
    ...calibration,
    incomes,
    productivities: shockChain({
      persistence: calibration.productivityPersistence,
      deviation: calibration.productivityDeviation,
      states: calibration.productivityStates,
      level: Math.exp,
    }),
    monetary: shockChain({
      persistence: calibration.monetaryPersistence,
      deviation: calibration.monetaryDeviation,
      states: calibration.monetaryStates,
      level: (x) => x,
    }),
    incidence: incidenceOf(calibration.transfers, incomes),
  };
}

function incidenceOf(
  transfers: HankCalibration['transfers'],
  { levels, stationary: pi }: KnownChain,
): Float64Array {
  if (transfers === 'equal') return new Float64Array(levels.length).fill(1);
  const mean = levels.reduce((sum, y, e) => sum + pi[e] * y, 0);
  return levels.map((y) => y / mean);
}

function incomeChain(calibration: HankCalibration): KnownChain {
  const { incomePersistence: persistence, incomeDeviation, incomeStates: n, incomeChain: kind } = calibration;
  const options = { persistence, stationaryDeviation: incomeDeviation, n };
  const logs = kind === 'rouwenhorst' ? rouwenhorst(options) : tauchenTrimmed(options);
  return known(calibration.income === 'normalised' ? exponentiateToMeanOne(logs) : mapLevels(logs, Math.exp));
}

/** An AR(1) with a given stationary deviation on so many states, mapped by `level`; one state where it is 0. */
export function shockChain({
  persistence,
  deviation,
  states,
  level,
}: {
  readonly persistence: number;
  readonly deviation: number;
  readonly states: number;
  readonly level: (x: number) => number;
}): KnownChain {
  if (deviation === 0) return known(markovChain([level(0)], [1]));
  return known(mapLevels(tauchenTrimmed({ persistence, stationaryDeviation: deviation, n: states }), level));
}

function known(chain: MarkovChain): KnownChain {
  const normalised = normaliseRows(chain);
  const { n, transition } = normalised;
  const sums = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      sum += transition[i * n + j];
      sums[i * n + j] = j === n - 1 ? 1 : sum;
    }
  }
  return { ...normalised, stationary: stationary(normalised), sums };
}

/** The economy as its solvers take it, with so many nodes of bonds; default the calibration's. */
export function solverEconomy(model: HankModel, nodes: number = model.bondNodes): HankEconomy {
  const { borrowingLimit, highestBonds, labourWeight, labourCurvature, incomes } = model;
  return {
    household: {
      discountFactor: model.discountFactor,
      riskAversion: model.riskAversion,
      labour: { kind: 'chosen', weight: labourWeight, curvature: labourCurvature },
      assets: geometricGrid({ low: borrowingLimit, high: highestBonds, n: nodes }),
      transition: incomes.transition,
      efficiency: incomes.levels,
    },
    incidence: model.incidence,
    elasticity: model.elasticity,
    adjustmentCost: model.adjustmentCost,
    costOf: model.costOf,
    target: model.target,
    reaction: model.reaction,
    rule: model.rule,
    bonds: model.bonds,
  };
}
