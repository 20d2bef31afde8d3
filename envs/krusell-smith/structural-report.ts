/** What is said of learned tables: the path test against the classical solution, the law of motion that they amount to, and who holds and spends what. */
import type { AgentReport } from '../../core/agent.ts';
import type { StructuralSolution } from '../../core/structural.ts';
import { mean } from '../../numerics/statistics.ts';
import { lawLines } from '../../solvers/law-of-motion.ts';
import type { KrusellSmithModel } from './setup.ts';
import { assessTables, type LearnedAssessment } from './structural-assessment.ts';
import type { StructuralSetup } from './structural-core.ts';
import { householdCharts, pathChart, pathTable } from './structural-figures.ts';
import { type CapitalGap, capitalGap, type LearnedPath, simulateTables } from './structural-path.ts';
import { type PathTest, pathTest } from './structural-reference.ts';

/** Gaps of the path test. */
export interface PathFindings {
  readonly test: PathTest;
  readonly path: LearnedPath;
  readonly fine: CapitalGap;
  readonly sameGrid: CapitalGap;
}

/** Runs the path test. Throws what the solvers throw. Invariant: of the tables, the shocks and the start alone. */
export function runPathTest(
  model: KrusellSmithModel,
  setup: StructuralSetup,
  table: Float64Array,
): PathFindings {
  const test = pathTest(model, setup);
  const path = simulateTables(setup, table, test.states, test.start);
  const gapTo = (reference: Float64Array) =>
    capitalGap(path.capital.subarray(test.from), reference.subarray(test.from));
  return { test, path, fine: gapTo(test.fine.capital), sameGrid: gapTo(test.sameGrid.capital) };
}

/**
 * JSON: `oracle` with the gaps of log K, and `law`, `r2`, `denHaan`, `householdEulerErrors` and the like under the names of the classical report. Throws what the solvers throw.
 */
export function structuralReport(
  model: KrusellSmithModel,
  setup: StructuralSetup,
  { tables }: StructuralSolution,
): AgentReport {
  const found = runPathTest(model, setup, tables[0]);
  const { test, path, fine, sameGrid } = found;
  const learned =
    setup.productivity.length > 1 ? assessTables(model, setup, tables[0], test.start) : undefined;
  const last = path.capital.length - 1;
  return {
    json: {
      oracle: {
        ...gapJson(fine),
        path: test.fine.method,
        pathConverged: test.fine.converged,
        sameGrid: {
          ...gapJson(sameGrid),
          path: test.sameGrid.method,
          pathConverged: test.sameGrid.converged,
        },
      },
      pathMeans: {
        capital: mean(path.capital),
        consumption: mean(path.consumption),
        interestRate: mean(path.interestRate),
        wage: mean(path.wage),
        beyondGrids: path.beyond,
      },
      ...(learned === undefined
        ? { capital: path.capital[last], interestRate: path.interestRate[last] }
        : assessmentJson(learned)),
    },
    facts: [
      ['log K from the classical path', gapText(fine)],
      ['', test.fine.method],
      ['log K from the same nodes', gapText(sameGrid)],
      ['', test.sameGrid.method],
      ...(test.fine.converged && test.sameGrid.converged
        ? []
        : [['WARNING', 'a classical solution has not converged; gaps to it may mislead'] as const]),
      ...(path.beyond > 0
        ? [['periods with a price beyond the grids', `${path.beyond} of ${path.capital.length}`] as const]
        : []),
      ...(learned === undefined ? restingFacts(path) : assessmentFacts(learned)),
    ],
    tables: [pathTable(setup, path, test)],
    charts: [pathChart(path, test), ...(learned === undefined ? [] : householdCharts(learned))],
  };
}

function gapJson({ mean: average, max, bias, correlation }: CapitalGap): Record<string, number> {
  return {
    meanLogCapitalGap: average,
    maxLogCapitalGap: max,
    logCapitalBias: bias,
    correlation,
  };
}

function gapText({ mean: average, max, correlation }: CapitalGap): string {
  return `${(100 * average).toFixed(3)} % mean, ${(100 * max).toFixed(3)} % at most, correlation ${correlation.toFixed(5)}`;
}

function assessmentJson(assessment: LearnedAssessment): Record<string, unknown> {
  const { fit, wealth, propensities } = assessment;
  const { standardDeviation, gini, shareAtLimit, shareAtTop, quantiles, top } = wealth;
  return {
    law: lawLines(fit.law),
    lawForm: fit.law.form,
    r2: fit.rSquared,
    denHaan: assessment.denHaan,
    householdEulerErrors: assessment.eulerErrors,
    meanCapital: assessment.meanCapital,
    capitalRange: assessment.capitalRange,
    meanNetReturn: assessment.meanNetReturn,
    meanConsumption: assessment.meanConsumption,
    meanOutput: assessment.meanOutput,
    gini,
    distribution: { standardDeviation, shareAtLimit, shareAtTop, quantiles, top },
    propensities: { mean: propensities.mean, groups: propensities.groups },
  };
}

function assessmentFacts(assessment: LearnedAssessment): readonly (readonly [string, string])[] {
  const { fit, denHaan, eulerErrors, wealth, propensities, meanCapital, meanNetReturn } = assessment;
  const lines = lawLines(fit.law).map(({ state, constant, logCapital, logProductivity }, i) => {
    const z = logProductivity === null ? ` in state ${state}` : ` + ${logProductivity.toFixed(5)} log z`;
    return [
      i === 0 ? 'law of motion of the learned path' : '',
      `log K' = ${constant.toFixed(5)} + ${logCapital.toFixed(5)} log K${z}`,
    ] as const;
  });
  return [
    ...lines,
    ['R2', fit.rSquared.toFixed(7)],
    ["Den Haan's forecast error", `${denHaan.mean.toFixed(3)} % mean, ${denHaan.max.toFixed(3)} % at most`],
    [
      "households' Euler errors",
      `10^${eulerErrors.meanLog10.toFixed(2)} mean, 10^${eulerErrors.maxLog10.toFixed(2)} at most`,
    ],
    ['mean capital', `${meanCapital.toFixed(4)}; net return ${(100 * meanNetReturn).toFixed(3)} %`],
    ['Gini index of wealth', wealth.gini.toFixed(4)],
    ['marginal propensity to consume', propensities.mean.toFixed(4)],
  ];
}

function restingFacts({ capital, interestRate }: LearnedPath): readonly (readonly [string, string])[] {
  const last = capital.length - 1;
  return [
    ['capital at rest', `${capital[last].toFixed(4)}; net return ${(100 * interestRate[last]).toFixed(4)} %`],
  ];
}
