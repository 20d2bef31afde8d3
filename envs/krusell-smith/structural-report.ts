/** What is said of learned tables: the path test against the classical solution, the law of motion that they amount to, and who holds and spends what. */
import type { AgentReport } from '../../core/agent.ts';
import type { StructuralSolution } from '../../core/structural.ts';
import { mean } from '../../numerics/statistics.ts';
import { lawLines } from '../../solvers/law-of-motion.ts';
import { lawReport, lawText } from '../../solvers/law-report.ts';
import {
  consumptionChart,
  nearlyAll,
  wealthBlocks,
  wealthCharts,
  wealthFacts,
  wealthTables,
} from '../../solvers/wealth-report.ts';
import type { KrusellSmithModel } from './setup.ts';
import { capitalEconomy } from './solver-inputs.ts';
import { assessRest, assessTables, type LearnedAssessment } from './structural-assessment.ts';
import type { StructuralSetup } from './structural-core.ts';
import { pathCharts, pathTable } from './structural-figures.ts';
import { type CapitalGap, capitalGap, type LearnedPath, simulateTables } from './structural-path.ts';
import { type PathTest, pathTest, type ReferencePath } from './structural-reference.ts';

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
 * JSON: `oracle` with the gaps of log K, and the blocks of the classical report (`law`, `r2`, `denHaan`, `householdEulerErrors` and the like) under the same names. Throws what the
 * solvers throw.
 */
export function structuralReport(
  model: KrusellSmithModel,
  setup: StructuralSetup,
  { tables }: StructuralSolution,
): AgentReport {
  const found = runPathTest(model, setup, tables[0]);
  const { test, path, fine, sameGrid } = found;
  const learned =
    setup.productivity.length > 1
      ? movingReport(model, assessTables(model, setup, tables[0], test.start))
      : restingReport(setup, tables[0], path);
  return {
    json: {
      oracle: {
        ...gapJson(fine),
        ...referenceJson(test.fine),
        sameGrid: { ...gapJson(sameGrid), ...referenceJson(test.sameGrid) },
      },
      pathMeans: {
        capital: mean(path.capital),
        consumption: mean(path.consumption),
        interestRate: mean(path.interestRate),
        wage: mean(path.wage),
        beyondGrids: path.beyond,
      },
      ...learned.json,
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
      ...lawFacts(setup, test.fine),
      ...learned.facts,
    ],
    tables: [pathTable(setup, path, test), ...learned.tables],
    charts: [...pathCharts(setup, path, test), ...learned.charts],
  };
}

type Parts = AgentReport & Required<Pick<AgentReport, 'facts' | 'tables' | 'charts'>>;

function movingReport(model: KrusellSmithModel, { solution, assessment }: LearnedAssessment): Parts {
  return lawReport({
    economy: capitalEconomy(model),
    solution,
    assessment,
    expectations: 'prices',
    pathName: 'continuum-path',
  });
}

/** Without aggregate risk: where the path comes to rest. */
function restingReport(setup: StructuralSetup, table: Float64Array, path: LearnedPath): Parts {
  const last = path.capital.length - 1;
  const [capital, interestRate] = [path.capital[last], path.interestRate[last]];
  const { assets } = setup;
  const found = assessRest(setup, table, { assets, distribution: path.distribution, capital });
  const { wealth, lorenz, propensities, consumption, incomes } = found;
  return {
    json: { capital, interestRate, ...wealthBlocks(wealth, propensities) },
    facts: [
      ['capital at rest', `${capital.toFixed(4)}; net return ${(100 * interestRate).toFixed(4)} %`],
      ...wealthFacts(wealth, propensities),
    ],
    tables: wealthTables(lorenz, wealth, propensities),
    charts: [
      consumptionChart({
        assets,
        consumption,
        incomes,
        upTo: nearlyAll(wealth) ?? assets[assets.length - 1],
        caption: 'By income other than from assets, up to the assets of the richest hundredth.',
      }),
      ...wealthCharts(lorenz, wealth, propensities),
    ],
  };
}

function referenceJson({ method, converged, law }: ReferencePath): Record<string, unknown> {
  return {
    path: method,
    pathConverged: converged,
    ...(law === undefined ? {} : { law: lawLines(law.fit.law), r2: law.fit.rSquared, denHaan: law.denHaan }),
  };
}

/** The classical law of motion, where it is at hand. */
function lawFacts({ productivity }: StructuralSetup, { law }: ReferencePath): AgentReport['facts'] & object {
  if (law === undefined) return [];
  const { fit, denHaan } = law;
  return [
    ...lawLines(fit.law).map(
      (line, i) => [i === 0 ? 'law of motion, classical' : '', lawText(line, productivity)] as const,
    ),
    [
      "its R2 and Den Haan's error",
      `${fit.rSquared.toFixed(8)}; ${denHaan.mean.toFixed(3)} % mean, ${denHaan.max.toFixed(3)} % at most`,
    ],
  ];
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
