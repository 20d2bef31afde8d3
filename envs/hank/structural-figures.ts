/** Pictures of a learned economy, as plain data. Learned in colour, the solution to first order (or at rest) dashed. */
import type { Axis, Chart, Panel, Series } from '../../core/charts.ts';
import { phillipsResidual } from './model.ts';
import { solverEconomy } from './setup.ts';
import { type Cells, cumulativeShares } from './structural-households.ts';
import { followTables, type PathPoint } from './structural-path.ts';
import {
  RESPONSE_PERIODS,
  type Response,
  type Study,
  VARIABLE_NAMES,
  type Variable,
} from './structural-study.ts';

const BONDS: Axis = { label: 'bonds', unit: 'units of the good' };
const PERIOD: Axis = { label: 'period', unit: '' };
const SHOWN_BONDS = 20;
const SHOWN_PERIODS = 200;
const LABELS: Readonly<Record<Variable, string>> = {
  output: 'output',
  consumption: 'consumption',
  inflation: 'inflation',
  interestRate: 'real rate',
  wage: 'wage',
};

export function responseChart({ shock, learned, linear }: Response): Chart {
  const x = Float64Array.from({ length: RESPONSE_PERIODS }, (_, t) => t);
  return {
    name: `impulse-${shock}`,
    title: shock === 'productivity' ? 'Responses to productivity' : 'Responses to the central bank',
    caption:
      'Half the difference of responses to a standard deviation up and down, over its size. Dashed: the economy with every expectation rational, to first order.',
    panels: VARIABLE_NAMES.map((name) => ({
      title: LABELS[name],
      x: PERIOD,
      y: { label: 'per unit of the shock', unit: '' },
      series: [
        { kind: 'line', name: 'response', x, y: learned[name] },
        { kind: 'line', name: 'response', source: 'optimal', x, y: linear[name].slice(0, RESPONSE_PERIODS) },
      ],
    })),
  };
}

/** Inflation over log z in three states of e, or over the wage in three states of z. */
export function inflationChart({ setup, tables }: Study): Chart {
  const isPublished = setup.information === 'published';
  const x = isPublished ? setup.wages : setup.productivityNodes;
  const others = isPublished ? setup.logProductivity : setup.monetaryNodes;
  const each = tables[2].length / (x.length * others.length);
  const at = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < each; k++) sum += tables[2][(i * others.length + j) * each + k];
    return sum / each;
  };
  const middle = others.length >> 1;
  const shown = others.length === 1 ? [0] : [0, middle, others.length - 1];
  return {
    name: 'inflation-policy',
    title: 'How firms change prices',
    caption: isPublished
      ? 'Inflation by the wage, in three states of productivity.'
      : 'Inflation by productivity, in three states of the monetary shock.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: isPublished
          ? { label: 'wage', unit: 'units of the good' }
          : { label: 'productivity', unit: 'log' },
        y: { label: 'inflation', unit: 'per period' },
        series: shown.map(
          (j): Series => ({
            kind: 'line',
            name: `${isPublished ? 'log z' : 'e'} ${others[j].toFixed(3)}`,
            x,
            y: Float64Array.from(x, (_, i) => at(i, j)),
          }),
        ),
      },
    ],
  };
}

function byIncome(
  { setup }: Study,
  own: Float64Array,
  best: Float64Array | undefined,
  nodes: Float64Array,
): readonly Series[] {
  const { assets, incomes } = setup;
  const x = assets.filter((b) => b <= SHOWN_BONDS);
  return Array.from(incomes, (income, e) => {
    const name = `income ${income.toFixed(2)}`;
    const own_: Series = {
      kind: 'line',
      name,
      x,
      y: own.slice(e * assets.length, e * assets.length + x.length),
    };
    if (best === undefined) return [own_];
    const shown = nodes.filter((b) => b <= SHOWN_BONDS);
    const from = e * nodes.length;
    return [
      own_,
      {
        kind: 'line',
        name,
        source: 'optimal',
        x: shown,
        y: best.slice(from, from + shown.length),
      } satisfies Series,
    ];
  }).flat();
}

export function policyChart(study: Study, cells: Cells): Chart {
  const { steady } = study;
  const panel = (title: string, unit: string, own: Float64Array, best: Float64Array): Panel => ({
    title,
    x: BONDS,
    y: { label: title, unit },
    series: byIncome(study, own, best, steady.assets),
  });
  return {
    name: 'rest-policies',
    title: 'Households at rest',
    caption: 'By own income. Dashed: without risk, by the endogenous grid.',
    names: 'ordered',
    panels: [
      panel('consumption', 'units of the good', cells.consumption, steady.consumptionTable),
      panel('hours', 'usual hours', cells.hours, steady.labourTable),
    ],
  };
}

export function propensityChart(study: Study, cells: Cells): Chart {
  const { steady, setup } = study;
  const count = steady.assets.length;
  const best = steady.consumptionTable.map((_, j) => {
    const a = Math.min(j % count, count - 2);
    const from = j - (j % count) + a;
    return (
      (steady.consumptionTable[from + 1] - steady.consumptionTable[from]) /
      (steady.assets[a + 1] - steady.assets[a])
    );
  });
  return {
    name: 'consumption-propensity',
    title: 'Marginal propensities to consume',
    caption:
      'Out of one more unit of bonds, between neighbouring nodes. Dashed: without risk, by the endogenous grid.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'marginal propensity', unit: 'share' },
        series: byIncome({ ...study, setup }, cells.propensity, best, steady.assets),
      },
    ],
  };
}

/** Who holds how much, at rest and after long spells of low and high productivity. */
export function distributionChart({ setup, core, tables, rest, steady, model }: Study): Chart {
  const long = (logZ: number): PathPoint => {
    const shocks = {
      logZ: new Float64Array(SHOWN_PERIODS >> 2).fill(logZ),
      e: new Float64Array(SHOWN_PERIODS >> 2),
    };
    return followTables(core, tables, shocks, rest.end).end;
  };
  const sd = model.productivityDeviation;
  const states: readonly (readonly [string, PathPoint])[] =
    sd === 0
      ? [['at rest', rest.end]]
      : [
          [`log z ${(-2 * sd).toFixed(2)}`, long(-2 * sd)],
          ['log z 0', rest.end],
          [`log z ${(2 * sd).toFixed(2)}`, long(2 * sd)],
        ];
  const lines = (assets: Float64Array, mass: Float64Array) => {
    const x = assets.filter((b) => b <= SHOWN_BONDS);
    return { x, y: cumulativeShares(mass, assets.length).slice(0, x.length) };
  };
  return {
    name: 'bond-distribution',
    title: 'Who holds how much',
    caption:
      'Share of households with at most so many bonds, after fifty periods in each state. Dashed: without risk, by the endogenous grid.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'share of households', unit: '' },
        series: [
          ...states.map(([name, { mass }]): Series => ({ kind: 'line', name, ...lines(setup.assets, mass) })),
          {
            kind: 'line',
            name: 'without risk',
            source: 'optimal',
            ...lines(steady.assets, steady.distribution),
          },
        ],
      },
    ],
  };
}

/** What is left of the Phillips curve and of the market for bonds, along one path of productivity that falls and rises. */
export function residualChart({ setup, core, tables, rest, model }: Study): Chart {
  const T = SHOWN_PERIODS;
  const swing = 2 * Math.max(model.productivityDeviation, 0);
  const logZ = Float64Array.from({ length: T }, (_, t) => swing * Math.sin((2 * Math.PI * t) / (T / 2)));
  const e = Float64Array.from(
    { length: T },
    (_, t) => model.monetaryDeviation * Math.cos((2 * Math.PI * t) / (T / 3)),
  );
  const path = followTables(core, tables, { logZ, e }, rest.end);
  const x = Float64Array.from({ length: T - 1 }, (_, t) => t);
  const prices = solverEconomy(model);
  const at = (t: number) => ({
    wage: path.wage[t],
    z: path.productivity[t],
    inflation: path.inflation[t],
    output: path.output[t],
    realReturn: 1 + path.interestRate[t],
  });
  return {
    name: 'equilibrium-residuals',
    title: 'What is left of the conditions of equilibrium',
    caption:
      'Along a swing of two standard deviations of productivity and one of the monetary shock: the Phillips curve with the next period as it comes, and the market for bonds.',
    panels: [
      {
        title: 'Phillips curve',
        x: PERIOD,
        y: { label: 'residual', unit: 'of Pi (1 + Pi)' },
        series: [
          { kind: 'line', name: 'residual', x, y: x.map((t) => phillipsResidual(prices, at(t), at(t + 1))) },
        ],
      },
      {
        title: 'bonds',
        x: PERIOD,
        y: { label: 'excess', unit: `of ${setup.bonds}` },
        series: [{ kind: 'line', name: 'residual', x, y: path.residual.slice(0, T - 1) }],
      },
    ],
  };
}
