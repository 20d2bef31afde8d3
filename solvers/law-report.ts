/** What is said of an equilibrium with aggregate risk, as plain data: of the classical solution and of what another way of solving has found. */
import type { AgentReport } from '../core/agent.ts';
import type { Chart, Table } from '../core/charts.ts';
import type { CapitalEconomy } from '../core/classical.ts';
import type { Assessment } from './assessment.ts';
import type { LawOfMotionSolution } from './krusell-smith.ts';
import { forecast, type LawLine, lawLines } from './law-of-motion.ts';
import {
  column,
  consumptionChart,
  nearlyAll,
  wealthBlocks,
  wealthCharts,
  wealthFacts,
  wealthTables,
} from './wealth-report.ts';

const GOOD = 'units of the good';
/** Periods of the path in tables and pictures. */
const SHOWN = 400;

/** An equilibrium and what was found out about it. */
export interface LawFindings {
  readonly economy: CapitalEconomy;
  readonly solution: Pick<LawOfMotionSolution, 'law' | 'fit' | 'policy' | 'consumption'>;
  readonly assessment: Assessment;
  /** What households go by: the law of motion, or prices as they see them, of which the law is a summary after the fact. */
  readonly expectations: 'law' | 'prices';
  /** Name of the table of the path. */
  readonly pathName: string;
}

/**
 * The law, how well it forecasts, how good the policies are, who holds what, how it moves. JSON under the same names whatever the solution. Throws nothing. Invariant: of its argument alone.
 */
export function lawReport(
  found: LawFindings,
): AgentReport & Required<Pick<AgentReport, 'facts' | 'tables' | 'charts'>> {
  const { economy, solution, assessment, expectations } = found;
  const { law, fit } = solution;
  const { denHaan, denHaanMarcet, eulerErrors, wealth, lorenz, propensities, moments, meanCapital, outside } =
    assessment;
  const lines = lawLines(law);
  return {
    json: {
      law: lines,
      lawForm: law.form,
      r2: fit.rSquared,
      denHaan,
      denHaanMarcet,
      householdEulerErrors: eulerErrors,
      meanCapital,
      capitalRange: assessment.capitalRange,
      meanNetReturn: assessment.meanNetReturn,
      meanConsumption: assessment.meanConsumption,
      meanOutput: assessment.meanOutput,
      outside,
      ...wealthBlocks(wealth, propensities),
      moments,
    },
    facts: [
      ...lines.map((line, i): readonly [string, string] => [
        i === 0 ? LAW_TITLES[expectations] : '',
        lawText(line, economy.productivity),
      ]),
      ['R2', fit.rSquared.toFixed(8)],
      [
        "Den Haan's forecast error",
        `${denHaan.mean.toFixed(3)} % mean, ${denHaan.max.toFixed(3)} % at most, over ${assessment.path.output.length} periods`,
      ],
      [
        'Den Haan-Marcet statistic',
        `${denHaanMarcet.statistic.toFixed(2)} on ${denHaanMarcet.degreesOfFreedom} degrees of freedom, p ${denHaanMarcet.pValue.toFixed(3)}`,
      ],
      [
        "households' Euler errors",
        `10^${eulerErrors.meanLog10.toFixed(2)} mean, 10^${eulerErrors.maxLog10.toFixed(2)} at most`,
      ],
      [
        'mean capital',
        `${meanCapital.toFixed(4)}; net return ${(100 * assessment.meanNetReturn).toFixed(3)} %`,
      ],
      ...(outside > 0
        ? [['WARNING', `capital left its nodes in ${outside} periods${REMEDIES[expectations]}`] as const]
        : []),
      ...wealthFacts(wealth, propensities),
    ],
    tables: [
      lawTable(lines),
      pathTable(found),
      momentsTable(assessment),
      ...wealthTables(lorenz, wealth, propensities),
    ],
    charts: [forecastChart(found), middleConsumption(found), ...wealthCharts(lorenz, wealth, propensities)],
  };
}

const LAW_TITLES = { law: 'law of motion', prices: 'law of motion of what was learned' } as const;
const REMEDIES = {
  law: '; give --set capitalWidth=1.5',
  prices: ', on which policies were assessed',
} as const;
const FORECASTS = {
  law: "The law starts at the first period's capital and is fed with its own forecasts; where the lines part, households' expectations are wrong (Den Haan 2010).",
  prices:
    "The law that fits the learned economy starts at the first period's capital and is fed with its own forecasts (Den Haan 2010). Households do not use it: where the lines part, capital and productivity tell less than the whole cross-section.",
} as const;

/** A line of a law as an equation. */
export function lawText(
  { state, constant, logCapital, logProductivity, quadratic }: LawLine,
  productivity: Float64Array,
): string {
  const where = state === null ? '' : ` where z = ${Number(productivity[state].toPrecision(4))}`;
  const z = logProductivity === null ? '' : ` + ${logProductivity.toFixed(5)} log z`;
  const squares = quadratic === null ? '' : ` + squares ${quadratic.map((c) => c.toFixed(5)).join(', ')}`;
  return `log K' = ${constant.toFixed(5)} + ${logCapital.toFixed(5)} log K${z}${squares}${where}`;
}

const SQUARES = [
  ['capitalSquared', 'log capital squared'],
  ['product', 'log capital times log productivity'],
  ['productivitySquared', 'log productivity squared'],
] as const;

function lawTable(lines: readonly LawLine[]): Table {
  const values = (pick: (line: LawLine) => number | null) => lines.map(pick);
  return {
    name: 'law',
    title: 'Law of motion of log capital',
    columns: [
      column(
        'state',
        'aggregate state',
        '',
        values(({ state }) => state),
      ),
      column(
        'constant',
        'constant',
        '',
        values(({ constant }) => constant),
      ),
      column(
        'logCapital',
        'log capital',
        '',
        values(({ logCapital }) => logCapital),
      ),
      column(
        'logProductivity',
        'log productivity',
        '',
        values(({ logProductivity }) => logProductivity),
      ),
      ...(lines[0].quadratic === null
        ? []
        : SQUARES.map(([name, label], i) =>
            column(
              name,
              label,
              '',
              values(({ quadratic }) => quadratic?.[i] ?? null),
            ),
          )),
    ],
  };
}

function pathTable({ economy: { productivity }, assessment: { path }, pathName }: LawFindings): Table {
  const rows = Math.min(SHOWN, path.output.length);
  const first = (values: Float64Array) => values.subarray(0, rows);
  return {
    name: pathName,
    title: 'A path of the continuum',
    columns: [
      column(
        'period',
        'period',
        '',
        Float64Array.from({ length: rows }, (_, t) => t),
      ),
      column(
        'productivity',
        'productivity',
        'level',
        Float64Array.from({ length: rows }, (_, t) => productivity[path.states[t]]),
      ),
      column('capital', 'capital', GOOD, first(path.capital)),
      column('output', 'output', GOOD, first(path.output)),
      column('consumption', 'consumption', GOOD, first(path.consumption)),
      column('investment', 'investment', GOOD, first(path.investment)),
      column('netReturn', 'net return', 'per period', first(path.netReturn)),
    ],
  };
}

function momentsTable({ moments }: Assessment): Table {
  return {
    name: 'business-cycles',
    title: 'Business-cycle moments of the continuum',
    columns: [
      column(
        'series',
        'series',
        '',
        moments.map(({ name }) => name),
      ),
      column(
        'mean',
        'mean',
        GOOD,
        moments.map(({ mean }) => mean),
      ),
      column(
        'standardDeviation',
        'standard deviation',
        '%',
        moments.map(({ standardDeviation }) => standardDeviation),
      ),
      column(
        'relative',
        'over that of output',
        '',
        moments.map(({ relative }) => relative),
      ),
      column(
        'autocorrelation',
        'autocorrelation',
        '',
        moments.map(({ autocorrelation }) => autocorrelation),
      ),
      column(
        'correlation',
        'correlation with output',
        '',
        moments.map(({ correlation }) => correlation),
      ),
    ],
  };
}

/** Capital, and what the law makes of its first value alone (Den Haan 2010's essential plot). */
function forecastChart({ economy, solution, assessment, expectations }: LawFindings): Chart {
  const { productivity } = economy;
  const { path } = assessment;
  const periods = Math.min(SHOWN, path.output.length);
  const own = new Float64Array(periods);
  let k = Math.log(path.capital[0]);
  for (let t = 0; t < periods; t++) {
    own[t] = Math.exp(k);
    k = forecast(solution.law, k, path.states[t], Math.log(productivity[path.states[t]]));
  }
  const x = Float64Array.from({ length: periods }, (_, t) => t);
  return {
    name: 'capital-forecast',
    title: 'Capital, and the law of motion left to itself',
    caption: FORECASTS[expectations],
    panels: [
      {
        title: '',
        x: { label: 'period', unit: '' },
        y: { label: 'capital', unit: GOOD },
        series: [
          { kind: 'line', name: 'capital', x, y: path.capital.subarray(0, periods) },
          { kind: 'line', name: 'law of motion alone', source: 'other', x, y: own },
        ],
      },
    ],
  };
}

/** Consumption at the middle aggregate state and capital node. */
function middleConsumption({ economy, solution, assessment }: LawFindings): Chart {
  const { assets, nodes, ownStates, aggregateStates } = solution.policy.problem;
  const cells = ownStates * assets.length;
  const z = Math.floor((aggregateStates - 1) / 2);
  const node = Math.floor(nodes / 2);
  const at = (z * nodes + node) * cells;
  const capital = Math.exp(solution.policy.logCapital[node]);
  return consumptionChart({
    assets,
    consumption: solution.consumption.subarray(at, at + cells),
    incomes: Array.from({ length: ownStates }, (_, e) => economy.income(capital, z, e)),
    upTo: nearlyAll(assessment.wealth) ?? assets[assets.length - 1],
    caption: `By income other than from assets, at productivity ${Number(economy.productivity[z].toPrecision(4))} and mean capital ${capital.toFixed(2)}, up to the assets of the richest hundredth.`,
  });
}
