/** Generalised impulse responses of the continuum: pairs of paths that differ by where productivity starts and share all draws. */
import type { Chart, Table } from '../../core/charts.ts';
import { createRng } from '../../numerics/random.ts';
import { simulateContinuum } from './continuum.ts';
import { responseChart } from './figures.ts';
import { netReturn } from './model.ts';
import type { Study } from './report.ts';

const PERIODS = 40;
const PAIRS = 100;
const LEVELS_UP = 2;

export interface ResponseFindings {
  readonly chart: Chart;
  readonly table: Table;
}

/** From the middle state and the mean cross-section. Invariant: both paths of a pair use the same uniforms. */
export function responseToProductivity({ setup, core, solution, path }: Study): ResponseFindings {
  const { productivity, productivityTransition, timing } = setup;
  const Z = productivity.length;
  const middle = Z >> 1;
  const z = new Float64Array(PERIODS);
  const r = new Float64Array(PERIODS);
  const c = new Float64Array(PERIODS);
  const rng = createRng('huggett responses');
  for (let pair = 0; pair < PAIRS; pair++) {
    const uniforms = Float64Array.from({ length: PERIODS }, () => rng.uniform());
    const walk = (start: number) => {
      const states = new Int32Array(PERIODS);
      states[0] = start;
      for (let t = 1; t < PERIODS; t++)
        states[t] = follow(productivityTransition, Z, states[t - 1], uniforms[t]);
      return states;
    };
    const [high, low] = [walk(Math.min(Z - 1, middle + LEVELS_UP)), walk(middle)];
    const options = { start: path.population };
    const up = simulateContinuum(setup, core, solution.tables, high, options);
    const usual = simulateContinuum(setup, core, solution.tables, low, options);
    for (let t = 0; t < PERIODS; t++) {
      z[t] += (100 / PAIRS) * Math.log(productivity[high[t]] / productivity[low[t]]);
      r[t] += (100 / PAIRS) * (netReturn(timing, up.prices[t]) - netReturn(timing, usual.prices[t]));
      c[t] += (100 / PAIRS) * Math.log(up.consumption[t] / usual.consumption[t]);
    }
  }
  const panels = [
    { title: 'productivity', y: { label: 'productivity', unit: '%' }, values: z, name: 'productivity' },
    { title: 'return on bonds', y: { label: 'return', unit: 'points' }, values: r, name: 'interestRate' },
    { title: 'consumption', y: { label: 'consumption', unit: '%' }, values: c, name: 'consumption' },
  ];
  return {
    chart: responseChart(panels),
    table: {
      name: 'response-continuum',
      title: 'Mean responses to productivity two levels up',
      columns: [
        { name: 'period', label: 'period', unit: '', values: Float64Array.from(z, (_, t) => t) },
        ...panels.map(({ name, y, values }) => ({ name, ...y, values })),
      ],
    },
  };
}

/** The state whose cumulative probability first exceeds a uniform. */
function follow(transition: Float64Array, count: number, state: number, uniform: number): number {
  let sum = 0;
  for (let to = 0; to < count - 1; to++) {
    sum += transition[state * count + to];
    if (uniform < sum) return to;
  }
  return count - 1;
}
