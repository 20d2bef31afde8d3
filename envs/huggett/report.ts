/** What a learned solution of the continuum is shown by: prices beside the same-grid solution's, policies, wealth, paths, responses. */
import type { AgentReport } from '../../core/agent.ts';
import type { Table } from '../../core/charts.ts';
import type { StructuralRequest, StructuralSolution } from '../../core/structural.ts';
import { mean, standardDeviation } from '../../numerics/statistics.ts';
import { consumptionAt, meansByState, type PriceGaps, policyGaps, priceGaps } from './comparison.ts';
import { type ContinuumPath, simulateContinuum } from './continuum.ts';
import { pathOfStates, pathUnder, type Reference } from './exact-solution.ts';
import {
  consumptionChart,
  givenChart,
  pathChart,
  propensityChart,
  supplyChart,
  wealthChart,
} from './figures.ts';
import { lagEffect } from './lagged.ts';
import { netReturn } from './model.ts';
import { type FineSolution, fineSolution } from './oracle.ts';
import { policyOfShares } from './priced-policy.ts';
import { responseToProductivity } from './responses.ts';
import type { HuggettModel } from './setup.ts';
import { type StructuralCore, type StructuralSetup, structuralCore } from './structural-core.ts';

/** |log z| within which prices are gated, quick and otherwise. */
const CENTRE: Readonly<Record<StructuralRequest['size'], number>> = {
  quick: 0.026,
  notebook: 0.05,
  paper: 0.05,
};
/** Bonds up to which policies are compared: beyond, grids are coarse and nobody is. */
const MOST_BONDS = 20;
const STATIONARY_PERIODS = 2000;

/** Everything that is known of a solution. */
export interface Study {
  readonly setup: StructuralSetup;
  readonly core: StructuralCore;
  readonly solution: StructuralSolution;
  readonly sameGrid: Reference;
  /** The oracle's solution, and its prices along the path. */
  readonly fine: FineSolution;
  readonly finePath: Float64Array;
  readonly states: Int32Array;
  readonly path: ContinuumPath;
}

/** What a report is about. */
export interface Reported {
  readonly model: HuggettModel;
  readonly setup: StructuralSetup;
  readonly solution: StructuralSolution;
  readonly size: StructuralRequest['size'];
  /** Values linear between the setup's own nodes. */
  readonly sameGrid: () => Reference;
}

/** Solves for the same-grid reference and simulates the solution along its path. Throws what the solvers throw. */
function studySolution({ model, setup, solution, ...reported }: Reported): Study {
  const core = structuralCore(setup);
  const sameGrid = reported.sameGrid();
  const fine = fineSolution(model);
  const states = setup.productivity.length > 1 ? pathOfStates(setup) : new Int32Array(STATIONARY_PERIODS);
  const path = simulateContinuum(setup, core, solution.tables, states, { from: states.length >> 1 });
  return {
    setup,
    core,
    solution,
    sameGrid,
    fine,
    finePath: pathUnder(fine.reference, setup),
    states,
    path,
  };
}

/** Report of a solution where the market clears, or prices are given. */
export function huggettReport(reported: Reported): AgentReport {
  if (reported.setup.market === 'given') return givenReport(reported);
  const study = studySolution(reported);
  return study.setup.productivity.length > 1
    ? riskReport(study, CENTRE[reported.size])
    : stationaryReport(study);
}

function riskReport(study: Study, centre: number): AgentReport {
  const { setup, sameGrid, fine, finePath, states, path } = study;
  const logs = Float64Array.from(states, (z) => Math.log(setup.productivity[z]));
  const gaps = priceGaps(path.prices, sameGrid.path, logs, centre);
  const fineGaps = priceGaps(path.prices, finePath, logs, centre);
  const discretisation = priceGaps(sameGrid.path, finePath, logs, centre);
  const [own, best, oracle] = [path.prices, sameGrid.path, finePath].map((prices) =>
    meansByState(prices, states, setup.productivity.length),
  );
  const returns = path.prices.map((price) => netReturn(setup.timing, price));
  const response = responseToProductivity(study);
  const lag = lagEffect(setup, study.solution.tables[0], path);
  return {
    json: {
      oracle: {
        ...gapsJson(fineGaps),
        sameGrid: {
          ...gapsJson(gaps),
          method: sameGrid.description,
          converged: sameGrid.converged,
          meanPrice: mean(sameGrid.path),
          persistence: sameGrid.persistence,
        },
      },
      ...simulatedJson(path, returns),
      ...(lag === undefined ? {} : { lagEffectPercent: lag }),
    },
    facts: [
      ['price gap to the same grid, mean', `${fixed(gaps.mean)} (what is not learned)`],
      [`  largest, |log z| <= ${centre}`, gaps.centralMax === null ? 'none there' : fixed(gaps.centralMax)],
      ['  mean, |log z| > 0.04', gaps.tailMean === null ? 'none there' : fixed(gaps.tailMean)],
      ['same grid', sameGrid.description],
      [
        'price gap to the oracle, mean',
        `${fixed(fineGaps.mean)}; same grid ${fixed(discretisation.mean)} (discretisation)`,
      ],
      ['oracle', fine.reference.description],
      ['price, mean and s.d.', `${fixed(mean(path.prices))}, ${fixed(standardDeviation(path.prices))}`],
      [
        'return in %, mean and s.d.',
        `${(100 * mean(returns)).toFixed(4)}, ${(100 * standardDeviation(returns)).toFixed(4)}`,
      ],
      ...(lag === undefined
        ? []
        : [['consumption, by one s.d. of the last price', `${lag.toFixed(4)} %`] as const]),
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
              : `price ${price.toFixed(5)}, same grid ${best[z].toFixed(5)} (${inTenThousandths(price - best[z])}), oracle ${oracle[z].toFixed(5)} (${inTenThousandths(price - oracle[z])})`,
          ] as const,
      ).filter((_, z) => isShown(z, own.length)),
    ],
    tables: [priceTable(setup, own, best, oracle), response.table],
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
  const { setup, sameGrid, fine, path } = study;
  const price = path.prices[path.prices.length - 1];
  const exact = fine.reference.levels[0];
  const r = netReturn(setup.timing, price);
  const best = netReturn(setup.timing, sameGrid.levels[0]);
  const gaps = stationaryGaps(study);
  const residual = Math.abs(path.residuals[path.residuals.length - 1]);
  return {
    json: {
      interestRate: r,
      oracle: {
        ...onePriceGap(price, exact),
        interestRate: netReturn(setup.timing, exact),
        rateGap: r - netReturn(setup.timing, exact),
        sameGrid: {
          ...onePriceGap(price, sameGrid.levels[0]),
          interestRate: best,
          rateGap: r - best,
          policyGap: gaps.max,
          meanPolicyGap: gaps.mean,
          method: sameGrid.description,
          converged: sameGrid.converged,
        },
      },
      stuck: gaps.max > STUCK ? { policyGap: gaps.max, income: gaps.at[0], bonds: gaps.at[1] } : null,
    },
    facts: [
      [
        'interest rate, %',
        `${(100 * r).toFixed(5)}, same grid ${(100 * best).toFixed(5)}, oracle ${(100 * netReturn(setup.timing, exact)).toFixed(5)}`,
      ],
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

/** The gaps of an economy with a single price. */
function onePriceGap(price: number, other: number): Record<string, number> {
  const gap = Math.abs(price - other);
  return { maxPriceGap: gap, meanPriceGap: gap, maxPriceGapAll: gap, meanPriceGapAll: gap };
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

function givenReport({ setup, solution, ...reported }: Reported): AgentReport {
  const sameGrid = reported.sameGrid();
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
  const z = setup.productivity.length >> 1;
  const price = setup.prices[setup.prices.length >> 1];
  const chart = givenChart(setup, consumptionAt(own, z, price), consumptionAt(sameGrid.policy, z, price));
  const max = Math.max(...all.map((gap) => gap.max));
  const average = mean(all.map((gap) => gap.mean));
  return {
    json: {
      oracle: {
        sameGrid: {
          policyGap: max,
          meanPolicyGap: average,
          method: sameGrid.description,
          converged: sameGrid.converged,
        },
      },
    },
    facts: [
      [
        `policy gap to value iteration, bonds up to ${MOST_BONDS}`,
        `largest ${fixed(max)}, mean ${fixed(average)}`,
      ],
      ['same grid', sameGrid.description],
    ],
    tables: [],
    charts: [chart],
  };
}

function gapsJson(gaps: PriceGaps): Record<string, unknown> {
  return {
    maxPriceGap: gaps.centralMax,
    meanPriceGap: gaps.centralMean,
    maxPriceGapAll: gaps.max,
    meanPriceGapAll: gaps.mean,
    tailMeanPriceGap: gaps.tailMean,
    centre: gaps.centre,
    priceCorrelation: gaps.correlation,
    priceBias: gaps.bias,
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

function inTenThousandths(x: number): string {
  return `${x < 0 ? '' : '+'}${(1e4 * x).toFixed(2)}e-4`;
}

function priceTable(
  setup: StructuralSetup,
  own: Float64Array,
  best: Float64Array,
  oracle: Float64Array,
): Table {
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
      column('oracle.price', 'price, oracle', known(oracle)),
    ],
  };
}

function fixed(x: number): string {
  return x.toFixed(6);
}
