/** Who holds what and who spends what, as plain data for reports: of classical and of learned solutions, with and without aggregate risk. */
import type { Chart, Column, Table } from '../core/charts.ts';
import type { LorenzCurve, MarginalPropensities, WealthMeasures } from './wealth.ts';

const GOOD = 'units of the good';
const percent = (share: number) => `${Number((100 * share).toPrecision(4))} %`;

export function column(name: string, label: string, unit: string, values: Column['values']): Column {
  return { name, label, unit, values };
}

/** Blocks for the JSON. */
export function wealthBlocks(wealth: WealthMeasures, propensities: MarginalPropensities) {
  const { standardDeviation, gini, shareAtLimit, shareAtTop, quantiles, top } = wealth;
  return {
    gini,
    distribution: { standardDeviation, shareAtLimit, shareAtTop, quantiles, top },
    propensities: { mean: propensities.mean, groups: propensities.groups },
  };
}

/** Rows of the final table. */
export function wealthFacts(
  wealth: WealthMeasures,
  propensities: MarginalPropensities,
): readonly (readonly [string, string])[] {
  const top = wealth.top.map(({ households, wealth: held }) => `${percent(households)}: ${percent(held)}`);
  const spent = propensities.groups.map(({ propensity }) => propensity.toFixed(3));
  return [
    [
      'Gini index of wealth',
      `${wealth.gini.toFixed(4)}; ${percent(wealth.shareAtLimit)} hold nothing above the limit`,
    ],
    ['held by the richest', top.join(', ')],
    [
      'marginal propensity to consume',
      `${propensities.mean.toFixed(4)}; by fifths of wealth, the poorest first: ${spent.join(', ')}`,
    ],
    ...(wealth.shareAtTop > MOST_AT_TOP
      ? [
          [
            'WARNING',
            `${percent(wealth.shareAtTop)} of households stand at the top of the asset grid; give --set assetHigh`,
          ] as const,
        ]
      : []),
  ];
}

/** More households than this at the last node, and the grid cuts savings off. */
const MOST_AT_TOP = 1e-4;

export function wealthTables(
  lorenz: LorenzCurve,
  wealth: WealthMeasures,
  propensities: MarginalPropensities,
): readonly Table[] {
  const { groups } = propensities;
  return [
    {
      name: 'lorenz',
      title: 'Lorenz curve of wealth',
      columns: [
        column('households', 'households, the poorest first', 'share', lorenz.households),
        column('wealth', 'wealth held', 'share', lorenz.wealth),
      ],
    },
    {
      name: 'wealth-quantiles',
      title: 'Quantiles of wealth',
      columns: [
        column(
          'households',
          'households below',
          'share',
          wealth.quantiles.map(({ share }) => share),
        ),
        column(
          'assets',
          'assets',
          GOOD,
          wealth.quantiles.map(({ assets }) => assets),
        ),
      ],
    },
    {
      name: 'propensities',
      title: 'Marginal propensities to consume, by wealth',
      columns: [
        column(
          'from',
          'households from',
          'share',
          groups.map(({ from }) => from),
        ),
        column(
          'to',
          'households to',
          'share',
          groups.map(({ to }) => to),
        ),
        column(
          'meanAssets',
          'mean assets',
          GOOD,
          groups.map(({ meanAssets }) => meanAssets),
        ),
        column(
          'propensity',
          'marginal propensity to consume',
          'share of a windfall',
          groups.map(({ propensity }) => propensity),
        ),
      ],
    },
  ];
}

/** The Lorenz curve, and propensities by fifths of wealth. */
export function wealthCharts(
  lorenz: LorenzCurve,
  { gini }: WealthMeasures,
  { groups, mean }: MarginalPropensities,
): readonly Chart[] {
  return [
    {
      name: 'wealth-lorenz',
      title: 'Lorenz curve of wealth',
      caption: `What share of wealth the poorest hold together; Gini index ${gini.toFixed(3)}. On the straight line all would hold the same.`,
      panels: [
        {
          title: '',
          x: { label: 'households, the poorest first', unit: 'share' },
          y: { label: 'wealth held', unit: 'share' },
          series: [
            { kind: 'line', name: 'wealth', x: lorenz.households, y: lorenz.wealth },
            { kind: 'line', name: 'equality', source: 'other', x: [0, 1], y: [0, 1] },
          ],
        },
      ],
    },
    {
      name: 'propensities-to-consume',
      title: 'Marginal propensity to consume',
      caption: `Share of a small windfall that is spent at once, by fifths of wealth, the poorest first; ${mean.toFixed(3)} over all.`,
      panels: [
        {
          title: '',
          x: { label: 'households, the poorest first', unit: 'share' },
          y: { label: 'spent at once', unit: 'share of a windfall' },
          series: [
            {
              kind: 'bars',
              name: 'propensity',
              x: groups.map(({ from, to }) => (from + to) / 2),
              y: groups.map(({ propensity }) => propensity),
            },
          ],
        },
      ],
    },
  ];
}

const NEARLY_ALL = 0.99;

/** Assets that nearly all households have at most: so far pictures go. Undefined where they were not measured. */
export function nearlyAll({ quantiles }: WealthMeasures): number | undefined {
  return quantiles.find(({ share }) => share === NEARLY_ALL)?.assets;
}

/** What households consume along their assets, one line an own state, up to where nearly all of them are. */
export function consumptionChart(options: {
  readonly assets: Float64Array;
  /** [E, A]. */
  readonly consumption: Float64Array;
  /** By own state, [E]. */
  readonly incomes: readonly number[];
  /** Largest assets drawn. */
  readonly upTo: number;
  readonly caption: string;
}): Chart {
  const { assets, consumption, incomes, upTo, caption } = options;
  const beyond = assets.findIndex((a) => a > upTo);
  const count = beyond < 0 ? assets.length : Math.max(2, beyond);
  return {
    name: 'household-consumption',
    title: 'What households consume',
    caption,
    names: 'ordered',
    panels: [
      {
        title: '',
        x: { label: 'assets', unit: GOOD },
        y: { label: 'consumption', unit: GOOD },
        series: incomes.map((income, e) => ({
          kind: 'line' as const,
          name: `income ${Number(income.toPrecision(3))}`,
          x: assets.subarray(0, count),
          y: consumption.subarray(e * assets.length, e * assets.length + count),
        })),
      },
    ],
  };
}
