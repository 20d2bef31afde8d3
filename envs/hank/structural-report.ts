/** What is said of learned tables: rest, the learned Phillips curve, responses beside those to first order, markets, who eats and works how much. */
import type { AgentReport } from '../../core/agent.ts';
import type { Table } from '../../core/charts.ts';
import type { StructuralSolution } from '../../core/structural.ts';
import type { HankModel } from './setup.ts';
import { hankSteadyStateByValues } from './steady-state.ts';
import { recommendedCore, type StructuralSetup } from './structural-core.ts';
import {
  distributionChart,
  inflationChart,
  policyChart,
  propensityChart,
  residualChart,
  responseChart,
} from './structural-figures.ts';
import { cellsAt, largestUpTo, meanSize } from './structural-households.ts';
import { publishedCore } from './structural-published.ts';
import {
  RESPONSE_PERIODS,
  type Response,
  type Simulated,
  type Study,
  studyTables,
  VARIABLE_NAMES,
} from './structural-study.ts';

/** Bonds up to which policies are compared: beyond, grids are coarse and hardly anybody is. */
const MOST_BONDS = 20;

type Facts = readonly (readonly [label: string, text: string])[];

/** Throws what the solvers throw. */
export function hankReport(
  model: HankModel,
  setup: StructuralSetup,
  solution: StructuralSolution,
): AgentReport {
  const core = setup.information === 'published' ? publishedCore(setup) : recommendedCore(setup);
  const study = studyTables(model, setup, core, solution);
  const rest = restFindings(study);
  const { simulated, responses } = study;
  return {
    json: {
      information: setup.information,
      ...(simulated === undefined ? restClearing(study) : { clearing: clearingOf(study, simulated) }),
      oracle: {
        steadyState: rest.json,
        ...(simulated === undefined ? {} : { phillips: phillipsOf(simulated) }),
        ...impulsesOf(responses),
      },
      ...(simulated === undefined ? {} : { moments: simulated.learned, linearMoments: simulated.linear }),
      households: rest.households,
    },
    facts: [
      ...rest.facts,
      ...(simulated === undefined ? [] : simulatedFacts(study, simulated)),
      ...responses.flatMap(responseFacts),
    ],
    tables: [inflationTable(study), ...responses.map(responseTable)],
    charts: [
      ...responses.map(responseChart),
      // Without shocks there is one state.
      ...(setup.productivityNodes.length * setup.monetaryNodes.length > 1 ? [inflationChart(study)] : []),
      policyChart(study, rest.cells),
      propensityChart(study, rest.cells),
      distributionChart(study),
      ...(simulated === undefined ? [] : [residualChart(study)]),
    ],
  };
}

/** Where the learned economy rests without shocks, against value iteration on the same nodes. */
function restFindings(study: Study) {
  const { model, setup, core, tables, rest } = study;
  const same = hankSteadyStateByValues(model, { nodes: setup.assets.length });
  const last = rest.wage.length - 1;
  const [r, w, inflation] = [rest.interestRate[last], rest.wage[last], rest.inflation[last]];
  const cells = cellsAt(setup, core, tables, { logZ: 0, e: 0, point: rest.end });
  const gaps = cells.consumption.map((c, j) => c - same.consumptionTable[j]);
  const households = {
    consumptionGap: meanSize(cells.mass, gaps),
    largestConsumptionGap: largestUpTo(gaps, setup.assets, MOST_BONDS),
    labourGap: meanSize(cells.mass, cells.labourGap),
    largestLabourGap: largestUpTo(cells.labourGap, setup.assets, MOST_BONDS),
    propensity: meanSize(cells.mass, cells.propensity),
  };
  return {
    cells,
    households,
    json: {
      rGap: r - (same.R - 1),
      wGap: w - same.wage,
      inflationGap: inflation - same.inflation,
      interestRate: r,
      wage: w,
      inflation,
      output: rest.output[last],
      sameNodes: { interestRate: same.R - 1, wage: same.wage, inflation: same.inflation },
    },
    facts: [
      ['rest without shocks', `r ${percent(r, 4)}, w ${w.toFixed(5)}, inflation ${percent(inflation, 4)}`],
      [
        '  values on the same nodes, no risk',
        `r ${percent(same.R - 1, 4)}, w ${same.wage.toFixed(5)}, inflation ${percent(same.inflation, 4)}`,
      ],
      ['consumption from those, mean', households.consumptionGap.toFixed(5)],
      [
        "hours from w y u'(c), off the limit",
        `mean ${percent(households.labourGap, 2)}, bonds up to ${MOST_BONDS} at most ${percent(households.largestLabourGap, 2)}`,
      ],
      ['marginal propensity to consume', households.propensity.toFixed(4)],
    ] satisfies Facts,
  };
}

function restClearing({ rest, setup }: Study): Record<string, unknown> {
  const left = Math.abs(rest.residual[rest.residual.length - 1]);
  return {
    clearing: {
      meanResidual: left,
      maxResidual: left,
      relativeToBonds: left / setup.bonds,
      unbracketedShare: rest.missed / rest.residual.length,
    },
  };
}

function clearingOf({ setup }: Study, simulated: Simulated): Record<string, unknown> {
  return {
    meanResidual: simulated.meanBondGap,
    maxResidual: simulated.largestBondGap,
    relativeToBonds: simulated.largestBondGap / setup.bonds,
    unbracketedShare: simulated.missedShare,
    wageAutocorrelation: simulated.learned.wage.autocorrelation,
    linearWageAutocorrelation: simulated.linear.wage.autocorrelation,
  };
}

function phillipsOf({ predictable, meanResidual, learned, linear }: Simulated): Record<string, unknown> {
  return {
    predictableShare: predictable.wage,
    predictableShareByShocks: predictable.shocks,
    meanResidual,
    slopes: Object.fromEntries(
      VARIABLE_NAMES.map((name) => [
        name,
        {
          productivity: learned[name].slopes.productivity ?? null,
          linearProductivity: linear[name].slopes.productivity ?? null,
          monetary: learned[name].slopes.monetary ?? null,
          linearMonetary: linear[name].slopes.monetary ?? null,
        },
      ]),
    ),
  };
}

/** The productivity responses under `impulse`, the monetary ones beside them. */
function impulsesOf(responses: readonly Response[]): Record<string, unknown> {
  const gaps = ({ gaps: found }: Response) =>
    Object.fromEntries(VARIABLE_NAMES.map((name) => [name, { maxGapOverPeak: found[name] }]));
  return Object.fromEntries(
    responses.map((response) => [
      response.shock === 'productivity' ? 'impulse' : 'monetaryImpulse',
      gaps(response),
    ]),
  );
}

function simulatedFacts({ setup }: Study, simulated: Simulated): Facts {
  const { predictable, learned, linear } = simulated;
  return [
    [
      'Phillips residual that (1, w, log z) predict',
      `${predictable.wage.toFixed(3)} of the s.d. of Pi (1 + Pi); (1, log z, e): ${predictable.shocks.toFixed(3)}`,
    ],
    ...VARIABLE_NAMES.map((name) => {
      const [own, first] = [learned[name], linear[name]];
      const slopes = (['productivity', 'monetary'] as const).flatMap((shock) => {
        const [a, b] = [own.slopes[shock], first.slopes[shock]];
        if (a === undefined || b === undefined) return [];
        return [`${shock === 'productivity' ? 'log z' : 'e'} ${a.toFixed(3)} (${b.toFixed(3)})`];
      });
      return [
        `slopes of ${name} (to first order)`,
        `${slopes.join(', ')}; s.d. ${percent(own.deviation, 3)} (${percent(first.deviation, 3)})`,
      ] as const;
    }),
    [
      'autocorrelation of the wage',
      `${learned.wage.autocorrelation.toFixed(3)} (${linear.wage.autocorrelation.toFixed(3)})`,
    ],
    [
      'bonds that are left, largest',
      `${simulated.largestBondGap.toExponential(1)} of ${setup.bonds}; no wage in ${percent(simulated.missedShare, 2)} of periods`,
    ],
  ];
}

function responseFacts({ shock, gaps, learned, linear }: Response): Facts {
  return VARIABLE_NAMES.map((name, i) => [
    i === 0 ? `response to ${shock}, gap over peak` : '',
    `${name} ${percent(gaps[name], 1)} (first period ${learned[name][0].toFixed(3)}, to first order ${linear[name][0].toFixed(3)})`,
  ]);
}

function responseTable({ shock, learned, linear }: Response): Table {
  const periods = Array.from({ length: RESPONSE_PERIODS }, (_, t) => t);
  return {
    name: `impulse-${shock}`,
    title: `Responses to ${shock}, per unit of its first value`,
    columns: [
      { name: 'period', label: 'period', unit: '', values: periods },
      ...VARIABLE_NAMES.flatMap((name) => [
        { name, label: name, unit: '', values: learned[name] },
        {
          name: `linear.${name}`,
          label: `${name}, to first order`,
          unit: '',
          values: linear[name].slice(0, RESPONSE_PERIODS),
        },
      ]),
    ],
  };
}

/** The inflation table as it is, node by node. */
function inflationTable({ setup, tables }: Study): Table {
  const isPublished = setup.information === 'published';
  const [rows, columns] = isPublished
    ? [setup.wages, setup.logProductivity]
    : [setup.productivityNodes, setup.monetaryNodes];
  const each = tables[2].length / (rows.length * columns.length);
  const all = Array.from({ length: rows.length * columns.length }, (_, k) => k);
  const column = (name: string, values: readonly number[]) => ({ name, label: name, unit: '', values });
  return {
    name: 'inflation-policy',
    title: 'Inflation by state',
    columns: [
      column(
        isPublished ? 'wage' : 'logProductivity',
        all.map((k) => rows[Math.floor(k / columns.length)]),
      ),
      column(
        isPublished ? 'logProductivity' : 'monetary',
        all.map((k) => columns[k % columns.length]),
      ),
      column(
        'inflation',
        all.map((k) => {
          let sum = 0;
          for (let i = 0; i < each; i++) sum += tables[2][k * each + i];
          return sum / each;
        }),
      ),
    ],
  };
}

function percent(x: number, digits: number): string {
  return `${(100 * x).toFixed(digits)} %`;
}
