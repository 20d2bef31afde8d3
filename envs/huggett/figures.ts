/** Pictures of a solution, as plain data. Learned in colour, the same-grid solution dashed. */
import type { Axis, Chart, Series } from '../../core/charts.ts';
import { bracket, segmentWeight } from '../../numerics/interpolation.ts';
import { consumptionAt } from './comparison.ts';
import { savedAt } from './kernels.ts';
import { policyOfShares } from './priced-policy.ts';
import type { Study } from './report.ts';
import type { StructuralSetup } from './structural-core.ts';

const BONDS: Axis = { label: 'bonds', unit: 'units of the good' };
/** Up to here households are, and pictures go. */
const SHOWN_BONDS = 10;
const SHOWN_PERIODS = 200;
const WEALTH_BARS = 40;

function priceAxis({ setup }: Study): Axis {
  return setup.timing === 'price'
    ? { label: 'price of bonds', unit: 'units of the good' }
    : { label: 'interest rate', unit: 'per period' };
}

/** A low, the middle and a high state of z. */
function threeStates({ setup }: Study): readonly number[] {
  const count = setup.productivity.length;
  if (count === 1) return [0];
  const middle = count >> 1;
  const off = Math.max(1, Math.round(count / 5));
  return [middle - off, middle, middle + off];
}

/** What households want to hold at each price, in three states of z, and where markets clear. */
export function supplyChart(study: Study, own: Float64Array, best: Float64Array): Chart {
  const { setup, solution, path } = study;
  const { assets, incomes, productivity, prices, lagged, bondSupply } = setup;
  const lags = Math.max(1, lagged.length);
  const cells = assets.length * incomes.length;
  const schedule = (z: number) =>
    prices.map((price, k) =>
      savedAt(
        path.population,
        assets,
        incomes,
        productivity[z],
        solution.tables[0],
        ((z * lags + (lags >> 1)) * prices.length + k) * cells,
        price,
        setup,
      ),
    );
  const x = priceAxis(study);
  return {
    name: 'supply-schedules',
    title: 'The market for bonds',
    caption:
      'Left: what the mean cross-section wants to hold at each price; the market clears where it meets the supply. Right: mean clearing prices, learned and on the same grid solved classically.',
    names: 'ordered',
    panels: [
      {
        title: 'schedules',
        x,
        y: { label: 'bonds wanted', unit: 'per household' },
        series: [
          ...threeStates(study).map(
            (z): Series => ({
              kind: 'line',
              name: `z = ${productivity[z].toFixed(3)}`,
              x: prices,
              y: schedule(z),
            }),
          ),
          { kind: 'reference', name: 'supply', x: [], y: [bondSupply] },
        ],
      },
      {
        title: 'clearing prices',
        x: { label: 'productivity', unit: 'level' },
        y: x,
        series: [
          { kind: 'points', name: 'learned', x: productivity, y: own },
          { kind: 'line', name: 'same grid', source: 'optimal', x: productivity, y: best },
        ],
      },
    ],
  };
}

/** The price that clears in the middle state, learned and on the same grid. */
function middlePrices({ sameGrid, path, states, setup }: Study): {
  readonly z: number;
  readonly own: number;
  readonly best: number;
} {
  const z = setup.productivity.length >> 1;
  let [sum, count] = [0, 0];
  for (let t = path.prices.length >> 1; t < path.prices.length; t++) {
    if (states[t] !== z) continue;
    sum += path.prices[t];
    count += 1;
  }
  return { z, own: count === 0 ? sameGrid.levels[z] : sum / count, best: sameGrid.levels[z] };
}

function policies(study: Study): { readonly own: Float64Array; readonly best: Float64Array } {
  const { setup, solution, sameGrid } = study;
  const { z, own, best } = middlePrices(study);
  const lag = Math.max(1, setup.lagged.length) >> 1;
  return {
    own: consumptionAt(policyOfShares(setup, solution.tables[0], lag), z, own),
    best: consumptionAt(sameGrid.policy, z, best),
  };
}

function byIncome(
  { setup }: Pick<Study, 'setup'>,
  own: Float64Array,
  best: Float64Array,
  x: Float64Array,
  count: number,
): readonly Series[] {
  return Array.from(setup.incomes, (income, e) => {
    const name = `income ${income.toFixed(2)}`;
    const row = (values: Float64Array) => values.slice(e * count, e * count + x.length);
    return [
      { kind: 'line', name, x, y: row(own) },
      { kind: 'line', name, source: 'optimal', x, y: row(best) },
    ] satisfies readonly Series[];
  }).flat();
}

/** Where prices are given: at the middle state and price, learned and by value iteration. Shapes [E, A]. */
export function givenChart(setup: StructuralSetup, own: Float64Array, best: Float64Array): Chart {
  const x = setup.assets.filter((b) => b <= SHOWN_BONDS);
  return {
    name: 'consumption',
    title: 'Consumption at the middle price',
    caption: 'By own income. Dashed: value iteration on the same nodes.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'consumption', unit: 'units of the good' },
        series: byIncome({ setup }, own, best, x, setup.assets.length),
      },
    ],
  };
}

export function consumptionChart(study: Study): Chart {
  const { assets } = study.setup;
  const x = assets.filter((b) => b <= SHOWN_BONDS);
  const { own, best } = policies(study);
  return {
    name: 'consumption',
    title: 'Consumption in the middle state',
    caption: 'At the clearing price, by own income. Dashed: the same grid solved by value iteration.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'consumption', unit: 'units of the good' },
        series: byIncome(study, own, best, x, assets.length),
      },
    ],
  };
}

/** What is given to households to see how much of it they eat: some steps of the grid, between whose nodes consumption is linear and saving moves in jumps. */
const TRANSFER = 1;

/** (c(b + transfer) - c(b)) / transfer. */
export function propensityChart(study: Study): Chart {
  const { assets, incomes } = study.setup;
  const { own, best } = policies(study);
  const x = assets.filter((b) => b <= SHOWN_BONDS);
  const propensities = (c: Float64Array) =>
    Float64Array.from({ length: incomes.length * assets.length }, (_, j) => {
      const row = j - (j % assets.length);
      const richer = assets[j % assets.length] + TRANSFER;
      const i = bracket(assets, richer);
      const w = segmentWeight(assets, i, richer);
      return ((1 - w) * c[row + i] + w * c[row + i + 1] - c[j]) / TRANSFER;
    });
  return {
    name: 'consumption-propensity',
    title: 'Marginal propensities to consume',
    caption: `Share of a transfer of ${TRANSFER} that is eaten at once, by own income and bonds: highest at the limit, falling in wealth. Dashed: the same grid solved by value iteration.`,
    names: 'ordered',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'marginal propensity', unit: 'share' },
        series: byIncome(study, propensities(own), propensities(best), x, assets.length),
      },
    ],
  };
}

/** Shares of households in even bins of bonds: a node stands for all bonds that are nearest to it. */
function histogram(mass: Float64Array, assets: Float64Array, low: number, high: number): Float64Array {
  const bars = new Float64Array(WEALTH_BARS);
  const width = (high - low) / WEALTH_BARS;
  const last = assets.length - 1;
  for (let j = 0; j < mass.length; j++) {
    const a = j % assets.length;
    const from = a === 0 ? assets[0] : 0.5 * (assets[a - 1] + assets[a]);
    const to = a === last ? assets[last] : 0.5 * (assets[a] + assets[a + 1]);
    for (let bar = 0; bar < WEALTH_BARS; bar++) {
      const start = Math.max(from, low + bar * width);
      const end = Math.min(to, low + (bar + 1) * width);
      if (end > start) bars[bar] += (mass[j] * (end - start)) / (to - from);
    }
  }
  return bars;
}

export function wealthChart({ setup, sameGrid, path }: Study): Chart {
  const { assets } = setup;
  const [low, high] = [assets[0], Math.min(SHOWN_BONDS, assets[assets.length - 1])];
  const width = (high - low) / WEALTH_BARS;
  const x = Float64Array.from({ length: WEALTH_BARS }, (_, i) => low + (i + 0.5) * width);
  return {
    name: 'wealth',
    title: 'Who holds how much',
    caption:
      'Shares of households by bonds after the same shocks: the learned economy at the end of a path, and the same grid solved classically.',
    panels: [
      {
        title: '',
        x: BONDS,
        y: { label: 'share of households', unit: '' },
        series: [
          { kind: 'bars', name: 'learned', x, y: histogram(path.last, assets, low, high) },
          {
            kind: 'line',
            name: 'same grid',
            source: 'optimal',
            x,
            y: histogram(sameGrid.distribution, assets, low, high),
          },
        ],
      },
    ],
  };
}

export function pathChart(study: Study): Chart {
  const { setup, sameGrid, states, path } = study;
  const from = Math.max(0, path.prices.length - SHOWN_PERIODS);
  const x = Float64Array.from({ length: path.prices.length - from }, (_, t) => t);
  const z = Float64Array.from(x, (t) => setup.productivity[states[from + t]]);
  const period: Axis = { label: 'period', unit: '' };
  return {
    name: 'price-path',
    title: 'Prices along a path',
    caption: 'The same shocks for the learned economy and for the same grid solved classically.',
    panels: [
      {
        title: 'productivity',
        x: period,
        y: { label: 'productivity', unit: 'level' },
        series: [{ kind: 'line', name: 'productivity', x, y: z }],
      },
      {
        title: 'clearing price',
        x: period,
        y: priceAxis(study),
        series: [
          { kind: 'line', name: 'learned', x, y: path.prices.slice(from) },
          { kind: 'line', name: 'same grid', source: 'optimal', x, y: sameGrid.path.slice(from) },
        ],
      },
    ],
  };
}

/** Responses in three panels, by period. */
export function responseChart(
  panels: readonly { readonly title: string; readonly y: Axis; readonly values: Float64Array }[],
): Chart {
  return {
    name: 'response-continuum',
    title: 'Responses of the whole population to productivity',
    caption:
      'Two levels of the chain up in period 0, mean difference of pairs of paths that share all later shocks.',
    panels: panels.map(({ title, y, values }) => ({
      title,
      x: { label: 'period', unit: '' },
      y,
      series: [{ kind: 'line', name: 'learned', x: Float64Array.from(values, (_, t) => t), y: values }],
    })),
  };
}
