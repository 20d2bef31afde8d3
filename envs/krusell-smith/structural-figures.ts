/** Pictures and tables of a learned solution, as plain data. Learned in colour, classical dashed. */
import type { Axis, Chart, Column, Series, Table } from '../../core/charts.ts';
import type { LearnedAssessment } from './structural-assessment.ts';
import type { StructuralSetup } from './structural-core.ts';
import type { LearnedPath } from './structural-path.ts';
import type { PathTest } from './structural-reference.ts';

const GOOD = 'units of the good';
const PERIOD: Axis = { label: 'period', unit: '' };
/** Assets of so many households are drawn. */
const NEARLY_ALL = 0.99;

/** The path test: capital beside both classical solutions, and prices. */
export function pathChart(path: LearnedPath, { fine, sameGrid }: PathTest): Chart {
  const x = periodsOf(path);
  const line = (name: string, y: Float64Array, source: Series['source'] = 'learned'): Series => ({
    kind: 'line',
    name,
    source,
    x,
    y,
  });
  return {
    name: 'structural-path',
    title: 'The same start and the same shocks',
    caption: `Learned, classical (${fine.method}), and classical on the nodes of the learner (${sameGrid.method}).`,
    panels: [
      {
        title: 'capital',
        x: PERIOD,
        y: { label: 'capital', unit: GOOD },
        series: [
          line('capital', path.capital),
          line('capital', fine.capital, 'optimal'),
          line('same nodes', sameGrid.capital, 'other'),
        ],
      },
      {
        title: 'prices',
        x: PERIOD,
        y: { label: 'interest rate', unit: 'per period' },
        series: [line('interest rate', path.interestRate)],
      },
      {
        title: 'consumption',
        x: PERIOD,
        y: { label: 'consumption', unit: GOOD },
        series: [
          line('consumption', path.consumption),
          ...(fine.consumption.length > 0 ? [line('consumption', fine.consumption, 'optimal')] : []),
        ],
      },
    ],
  };
}

export function pathTable(
  setup: StructuralSetup,
  path: LearnedPath,
  { states, fine, sameGrid }: PathTest,
): Table {
  const column = (name: string, label: string, unit: string, values: Column['values']): Column => ({
    name,
    label,
    unit,
    values,
  });
  return {
    name: 'structural-path',
    title: 'A path of the continuum, learned and classical',
    columns: [
      column('period', 'period', '', periodsOf(path)),
      column(
        'productivity',
        'productivity',
        'level',
        Float64Array.from(states, (z) => setup.productivity[z]),
      ),
      column('capital', 'capital', GOOD, path.capital),
      column('optimal.capital', 'capital, classical', GOOD, fine.capital),
      column('sameGrid.capital', 'capital, classical on the same nodes', GOOD, sameGrid.capital),
      column('consumption', 'consumption', GOOD, path.consumption),
      column('interestRate', 'interest rate', 'per period', path.interestRate),
      column('wage', 'wage', GOOD, path.wage),
    ],
  };
}

/** What households eat at the middle state and node of capital, up to where nearly all of them are; who holds what; who spends a windfall. */
export function householdCharts({
  policy,
  consumption,
  wealth,
  lorenz,
  propensities,
}: LearnedAssessment): readonly Chart[] {
  const { assets, nodes, ownStates, aggregateStates } = policy.problem;
  const top = wealth.quantiles.find(({ share }) => share === NEARLY_ALL)?.assets ?? assets[assets.length - 1];
  const beyond = assets.findIndex((a) => a > top);
  const count = Math.max(2, beyond < 0 ? assets.length : beyond);
  const at = (((aggregateStates - 1) >> 1) * nodes + (nodes >> 1)) * ownStates * assets.length;
  return [
    {
      name: 'household-consumption',
      title: 'What households consume',
      caption:
        'At the middle state of productivity and a middle capital, up to the assets of the richest hundredth.',
      names: 'ordered',
      panels: [
        {
          title: '',
          x: { label: 'assets', unit: GOOD },
          y: { label: 'consumption', unit: GOOD },
          series: Array.from({ length: ownStates }, (_, e) => ({
            kind: 'line' as const,
            name: `own state ${e + 1}`,
            x: assets.subarray(0, count),
            y: consumption.subarray(at + e * assets.length, at + e * assets.length + count),
          })),
        },
      ],
    },
    {
      name: 'wealth-lorenz',
      title: 'Lorenz curve of wealth',
      caption: `What share of wealth the poorest hold together; Gini index ${wealth.gini.toFixed(3)}.`,
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
      caption: `Share of a small windfall that is spent at once, by fifths of wealth, the poorest first; ${propensities.mean.toFixed(3)} over all.`,
      panels: [
        {
          title: '',
          x: { label: 'households, the poorest first', unit: 'share' },
          y: { label: 'marginal propensity to consume', unit: 'share of a windfall' },
          series: [
            {
              kind: 'bars',
              name: 'propensity',
              x: propensities.groups.map(({ from, to }) => (from + to) / 2),
              y: propensities.groups.map(({ propensity }) => propensity),
            },
          ],
        },
      ],
    },
  ];
}

function periodsOf({ capital }: LearnedPath): Float64Array {
  return Float64Array.from(capital, (_, t) => t);
}
