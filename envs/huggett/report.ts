/** What a learned solution of the continuum is shown by: prices beside the same-grid solution's, policies, wealth, paths, responses. */
import type { AgentReport } from '../../core/agent.ts';
import type { Table } from '../../core/charts.ts';
import type { StructuralSolution } from '../../core/structural.ts';
import { mean, standardDeviation } from '../../numerics/statistics.ts';
import { consumptionAt, meansByState, type PriceGaps, policyGaps, priceGaps } from './comparison.ts';
import { type ContinuumPath, simulateContinuum } from './continuum.ts';
import { pathOfStates, type Reference, solveReference } from './exact-solution.ts';
import { consumptionChart, pathChart, propensityChart, supplyChart, wealthChart } from './figures.ts';
import { netReturn } from './model.ts';
import { policyOfShares } from './priced-policy.ts';
import { responseToProductivity } from './responses.ts';
import type { HuggettModel } from './setup.ts';
import { type StructuralCore, type StructuralSetup, structuralCore } from './structural-core.ts';

/** |log z| within which prices are gated, quick and otherwise. */
const CENTRE = { quick: 0.026, fine: 0.05 };
/** Bonds up to which policies are compared: beyond, grids are coarse and nobody is. */
const MOST_BONDS = 20;
const STATIONARY_PERIODS = 2000;

/** Everything that is known of a solution. */
export interface Study {
  readonly setup: StructuralSetup;
  readonly core: StructuralCore;
  readonly solution: StructuralSolution;
  readonly sameGrid: Reference;
  readonly states: Int32Array;
  readonly path: ContinuumPath;
}

/** Solves for the same-grid reference and simulates the solution along its path. Throws what the solvers throw. */
export function studySolution(setup: StructuralSetup, solution: StructuralSolution): Study {
  const core = structuralCore(setup);
  const sameGrid = solveReference(setup, { method: 'values', prices: 'close' });
  const states = setup.productivity.length > 1 ? pathOfStates(setup) : new Int32Array(STATIONARY_PERIODS);
  const path = simulateContinuum(setup, core, solution.tables, states, { from: states.length >> 1 });
  return { setup, core, solution, sameGrid, states, path };
}

/** Report of a solution where the market clears, or prices are given. */
export function huggettReport(
  model: HuggettModel,
  setup: StructuralSetup,
  solution: StructuralSolution,
): AgentReport {
  if (setup.market === 'given') return givenReport(setup, solution);
  const study = studySolution(setup, solution);
  return setup.productivity.length > 1 ? riskReport(model, study) : stationaryReport(study);
}

function riskReport(model: HuggettModel, study: Study): AgentReport {
  const { setup, sameGrid, states, path } = study;
  const logs = Float64Array.from(states, (z) => Math.log(setup.productivity[z]));
  const centre =
    setup.productivity.length > model.productivityStates || setup.assets.length >= 200
      ? CENTRE.fine
      : CENTRE.quick;
  const gaps = priceGaps(path.prices, sameGrid.path, logs, centre);
  const own = meansByState(path.prices, states, setup.productivity.length);
  const best = meansByState(sameGrid.path, states, setup.productivity.length);
  const returns = path.prices.map((price) => netReturn(setup.timing, price));
  const response = responseToProductivity(study);
  return {
    json: { ...gapsJson(gaps, sameGrid), ...simulatedJson(path, returns) },
    facts: [
      ['price gap to the same grid, mean', fixed(gaps.mean)],
      [`  largest, |log z| <= ${centre}`, fixed(gaps.centralMax)],
      ['  mean, |log z| > 0.04', gaps.tailMean === null ? 'none there' : fixed(gaps.tailMean)],
      ['same grid', sameGrid.description],
      ['price, mean and s.d.', `${fixed(mean(path.prices))}, ${fixed(standardDeviation(path.prices))}`],
      [
        'return in %, mean and s.d.',
        `${(100 * mean(returns)).toFixed(4)}, ${(100 * standardDeviation(returns)).toFixed(4)}`,
      ],
      ['periods without a bracket', `${path.missed} of ${path.prices.length}`],
      [
        'market residual, largest',
        path.residuals.reduce((a, b) => Math.max(a, Math.abs(b)), 0).toExponential(1),
      ],
      ...Array.from(
        own,
        (price, z) =>
          [
            `  z ${setup.productivity[z].toFixed(4)}`,
            Number.isNaN(price)
              ? 'not visited'
              : `price ${price.toFixed(5)}, same grid ${best[z].toFixed(5)}, ${(1e4 * (price - best[z])).toFixed(2)}e-4`,
          ] as const,
      ).filter((_, z) => isShown(z, own.length)),
    ],
    tables: [priceTable(setup, own, best), response.table],
    charts: [
      supplyChart(study, own, best),
      consumptionChart(study),
      propensityChart(study),
      wealthChart(study),
      pathChart(study),
      response.chart,
    ],
  };
}

/** Every state of a short chain, some of a long one. */
function isShown(z: number, count: number): boolean {
  const every = Math.ceil(count / 15);
  return (z - (count >> 1)) % every === 0;
}

function stationaryReport(study: Study): AgentReport {
  const { setup, sameGrid, path } = study;
  const price = path.prices[path.prices.length - 1];
  const r = netReturn(setup.timing, price);
  const best = netReturn(setup.timing, sameGrid.levels[0]);
  const gaps = stationaryGaps(study);
  const residual = Math.abs(path.residuals[path.residuals.length - 1]);
  return {
    json: {
      interestRate: r,
      sameGrid: { interestRate: best, rateGap: r - best, policyGap: gaps.max, meanPolicyGap: gaps.mean },
      stuck: gaps.max > STUCK ? { policyGap: gaps.max, income: gaps.at[0], bonds: gaps.at[1] } : null,
    },
    facts: [
      ['interest rate, %', `${(100 * r).toFixed(5)}, same grid ${(100 * best).toFixed(5)}`],
      [
        `policy gap to the same grid, bonds up to ${setup.assets.length >= 150 ? 24.9 : MOST_BONDS}`,
        fixed(gaps.max),
      ],
      ['market residual', residual.toExponential(1)],
      ...(gaps.max > STUCK
        ? [
            [
              'stuck cells',
              `income ${gaps.at[0]}, bonds ${gaps.at[1].toFixed(2)}: far from the optimum, and hardly anybody is there`,
            ] as const,
          ]
        : []),
    ],
    tables: [],
    charts: [consumptionChart(study), propensityChart(study), wealthChart(study)],
  };
}

/** Cells that are off by more than this have not been learned: the trap of income-rich households near the limit. */
const STUCK = 0.05;

/** Consumption at the learned price against the reference's at its own. */
export function stationaryGaps({ setup, solution, sameGrid, path }: Study) {
  const price = path.prices[path.prices.length - 1];
  const own = consumptionAt(policyOfShares(setup, solution.tables[0], 0), 0, price);
  const best = consumptionAt(sameGrid.policy, 0, sameGrid.levels[0]);
  return policyGaps(own, best, setup.assets, 24.9);
}

function givenReport(setup: StructuralSetup, solution: StructuralSolution): AgentReport {
  const sameGrid = solveReference(setup, { method: 'values', prices: 'close' });
  const own = policyOfShares(setup, solution.tables[0], 0);
  const cells = setup.assets.length * setup.incomes.length;
  const all = Array.from({ length: own.consumption.length / cells }, (_, k) =>
    policyGaps(
      own.consumption.subarray(k * cells, (k + 1) * cells),
      sameGrid.policy.consumption.subarray(k * cells, (k + 1) * cells),
      setup.assets,
      MOST_BONDS,
    ),
  );
  const max = Math.max(...all.map((gap) => gap.max));
  const average = mean(all.map((gap) => gap.mean));
  return {
    json: { sameGrid: { policyGap: max, meanPolicyGap: average } },
    facts: [
      [
        `policy gap to value iteration, bonds up to ${MOST_BONDS}`,
        `largest ${fixed(max)}, mean ${fixed(average)}`,
      ],
      ['same grid', sameGrid.description],
    ],
    tables: [],
    charts: [],
  };
}

function gapsJson(gaps: PriceGaps, sameGrid: Reference): Record<string, unknown> {
  return {
    priceGaps: {
      maxPriceGap: gaps.centralMax,
      meanPriceGap: gaps.centralMean,
      maxPriceGapAll: gaps.max,
      meanPriceGapAll: gaps.mean,
      tailMeanPriceGap: gaps.tailMean,
      centre: gaps.centre,
      correlation: gaps.correlation,
      bias: gaps.bias,
      sameGrid: {
        method: sameGrid.description,
        converged: sameGrid.converged,
        meanPrice: mean(sameGrid.path),
        persistence: sameGrid.persistence,
      },
    },
  };
}

function simulatedJson(path: ContinuumPath, returns: Float64Array): Record<string, unknown> {
  const residuals = path.residuals.map(Math.abs);
  return {
    clearing: {
      meanResidual: mean(residuals),
      maxResidual: residuals.reduce((a, b) => Math.max(a, b), 0),
      unbracketedShare: path.missed / path.prices.length,
    },
    prices: { mean: mean(path.prices), sd: standardDeviation(path.prices) },
    interestRate: { mean: mean(returns), sd: standardDeviation(returns) },
  };
}

function priceTable(setup: StructuralSetup, own: Float64Array, best: Float64Array): Table {
  const column = (name: string, label: string, values: ArrayLike<number | null>) => ({
    name,
    label,
    unit: '',
    values,
  });
  const known = (values: Float64Array) => Array.from(values, (x) => (Number.isNaN(x) ? null : x));
  return {
    name: 'clearing-prices',
    title: 'Clearing prices by state of productivity, means along one path',
    columns: [
      column('productivity', 'productivity', setup.productivity),
      column('price', 'price, learned', known(own)),
      column('sameGrid.price', 'price, same grid', known(best)),
    ],
  };
}

function fixed(x: number): string {
  return x.toFixed(6);
}
