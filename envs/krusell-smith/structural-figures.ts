/** The path test as pictures and a table, plain data. Learned in colour, classical dashed. */

import type { Axis, Chart, Column, Series, Table } from '../../core/charts.ts';
import { newPeriod } from '../../core/structural.ts';
import { RATE, type StructuralSetup, settleAt, structuralCore, WAGE } from './structural-core.ts';
import type { LearnedPath } from './structural-path.ts';
import type { PathTest } from './structural-reference.ts';

const GOOD = 'units of the good';
const PERIOD: Axis = { label: 'period', unit: '' };
const RATE_AXIS: Axis = { label: 'interest rate', unit: 'per period' };
const WAGE_AXIS: Axis = { label: 'wage', unit: GOOD };

/** Capital and consumption beside the classical solutions; interest rate and wage likewise. */
export function pathCharts(
  setup: StructuralSetup,
  path: LearnedPath,
  test: PathTest,
): readonly [quantities: Chart, prices: Chart] {
  const { fine, sameGrid } = test;
  const x = periodsOf(path);
  const line = (name: string, y: Float64Array, source: Series['source'] = 'learned'): Series => ({
    kind: 'line',
    name,
    source,
    x,
    y,
  });
  const right = pricesAlong(setup, test);
  return [
    {
      name: 'structural-path',
      title: 'The same start and the same shocks',
      caption: `Learned, classical (dashed: ${fine.method}), and classical on the nodes of the learner (${sameGrid.method}).`,
      panels: [
        {
          title: 'capital',
          x: PERIOD,
          y: { label: 'capital', unit: GOOD },
          series: [
            line('capital', path.capital),
            line('capital', fine.capital, 'optimal'),
            line('capital on the same nodes', sameGrid.capital, 'other'),
          ],
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
    },
    {
      name: 'structural-prices',
      title: 'Prices along the same path',
      caption: 'Learned, and dashed those of the classical solution.',
      panels: [
        {
          title: 'interest rate',
          x: PERIOD,
          y: RATE_AXIS,
          series: [
            line('interest rate', path.interestRate),
            line('interest rate', right.interestRate, 'optimal'),
          ],
        },
        {
          title: 'wage',
          x: PERIOD,
          y: WAGE_AXIS,
          series: [line('wage', path.wage), line('wage', right.wage, 'optimal')],
        },
      ],
    },
  ];
}

/** r and w that classical capital brings about. */
function pricesAlong(setup: StructuralSetup, { states, fine }: PathTest) {
  const period = newPeriod(structuralCore(setup));
  const interestRate = new Float64Array(states.length);
  const wage = new Float64Array(states.length);
  for (let t = 0; t < states.length; t++) {
    settleAt(setup, fine.capital[t], states[t], period);
    interestRate[t] = period.aggregates[RATE];
    wage[t] = period.aggregates[WAGE];
  }
  return { interestRate, wage };
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

function periodsOf({ capital }: LearnedPath): Float64Array {
  return Float64Array.from(capital, (_, t) => t);
}
