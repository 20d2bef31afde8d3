/** HANK economies that tests solve: the paper's, and a textbook one. */
import { rouwenhorst } from '../numerics/autoregression.ts';
import { geometricGrid } from '../numerics/grids.ts';
import { exponentiateToMeanOne } from '../numerics/markov.ts';
import type { HankEconomy } from './hank.ts';
import type { WorkingHousehold } from './household-labour.ts';
import { incomes } from './test-fixtures.ts';

/** Yang, Wang, Schaab and Moll (2025), arXiv 2512.18892, tables 6 and 7; incomes of mean one, no borrowing. */
export function paperHank({ nodes = 200 }: { readonly nodes?: number } = {}): HankEconomy {
  const chain = incomes();
  return {
    household: {
      discountFactor: 0.975,
      riskAversion: 1,
      labour: { kind: 'chosen', weight: 1, curvature: 1 },
      assets: geometricGrid({ low: 0, high: 100, n: nodes }),
      transition: chain.transition,
      efficiency: chain.levels,
    },
    elasticity: 10,
    adjustmentCost: 100,
    costOf: 'inflation',
    target: 1.025,
    reaction: 1.5,
    rule: 'power',
    bonds: 5,
  };
}

/**
 * The one-asset economy of Auclert, Bardoczy, Rognlie and Straub (2021), Econometrica 89, appendix table B.II, quarterly: markup 1.2, slope .1,
 * incomes of persistence .966 and deviation .5 in seven states, dividends and taxes proportional to skill.
 */
export function textbookHank(
  parameters: { readonly discountFactor?: number; readonly weight?: number; readonly nodes?: number } = {},
): HankEconomy & { readonly household: WorkingHousehold; readonly incidence: Float64Array } {
  const { discountFactor = 0.982, weight = 0.786, nodes = 200 } = parameters;
  const chain = exponentiateToMeanOne(rouwenhorst({ persistence: 0.966, stationaryDeviation: 0.5, n: 7 }));
  return {
    household: {
      discountFactor,
      riskAversion: 2,
      labour: { kind: 'chosen', weight, curvature: 2 },
      assets: geometricGrid({ low: 0, high: 150, n: nodes }),
      transition: chain.transition,
      efficiency: chain.levels,
    },
    incidence: chain.levels,
    elasticity: 6,
    adjustmentCost: 60,
    costOf: 'log-inflation',
    target: 1.005,
    reaction: 1.5,
    rule: 'linear',
    bonds: 5.6,
  };
}
