/** Where an economy spends its time: the ergodic distribution of each variable, from long simulated paths. */
import type { Chart, Panel, Series, Table } from '../../core/index.ts';
import { type Paths, variableOf } from './paths.ts';
import { byImportance, isConstant, type Variable } from './variables.ts';

export interface DistributionOptions {
  readonly paths: Paths;
  /** Of the actors: `sac`. */
  readonly name: string;
  /** Paths of the optimum. */
  readonly optimal?: Paths | undefined;
}

/** How often a variable lies in each of its bins. */
export interface Distribution extends Omit<Variable, 'values' | 'role'> {
  /** `density` over bins, whose integral is 1, or `share` of periods at each value of a variable with few of them. */
  readonly measure: 'density' | 'share';
  /** Edges of the bins, [n] each; equal for values. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly heights: Float64Array;
  readonly optimal: Float64Array | undefined;
}

const BINS = 40;
const FEW_VALUES = 12;
const MOST_PANELS = 6;

/**
 * Distributions of the variables that move, the most informative first: all paths and periods together, in 40 bins of equal width that
 * are common to the actors and the optimum; a variable with at most 12 values has a bar at each. Densities are per unit of the variable.
 * Invariant: densities integrate, and shares sum, to one.
 */
export function ergodicDistributions({ paths, optimal }: DistributionOptions): readonly Distribution[] {
  return byImportance(paths.variables).flatMap((variable) => {
    const { name, label, unit, values } = variable;
    const own = finite(values);
    const other = optimal === undefined ? undefined : finite(variableOf(optimal, name)?.values ?? []);
    const all = other === undefined ? own : joined(own, other);
    if (own.length === 0 || other?.length === 0 || isConstant(all)) return [];
    const few = fewValues(all);
    const binned =
      few === undefined
        ? { measure: 'density' as const, ...bins(all) }
        : { measure: 'share' as const, from: few, to: few };
    const heights = (sample: Float64Array) =>
      few === undefined ? densities(sample, binned.from, binned.to) : shares(sample, few);
    return [
      {
        name,
        label,
        unit,
        ...binned,
        heights: heights(own),
        optimal: other === undefined ? undefined : heights(other),
      },
    ];
  });
}

function finite(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter(Number.isFinite);
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** The values, if they are few. */
function fewValues(sample: Float64Array): Float64Array | undefined {
  const values = new Set<number>();
  for (const value of sample) {
    values.add(value);
    if (values.size > FEW_VALUES) return undefined;
  }
  return Float64Array.from(values).sort();
}

function bins(sample: Float64Array): { readonly from: Float64Array; readonly to: Float64Array } {
  const low = sample.reduce((a, b) => Math.min(a, b));
  const high = sample.reduce((a, b) => Math.max(a, b));
  const edge = (i: number) => (i === BINS ? high : low + ((high - low) * i) / BINS);
  return {
    from: Float64Array.from({ length: BINS }, (_, i) => edge(i)),
    to: Float64Array.from({ length: BINS }, (_, i) => edge(i + 1)),
  };
}

function densities(sample: Float64Array, from: Float64Array, to: Float64Array): Float64Array {
  const [low, high] = [from[0], to[BINS - 1]];
  const width = (high - low) / BINS;
  const heights = new Float64Array(BINS);
  for (const value of sample) {
    heights[Math.min(BINS - 1, Math.floor((value - low) / width))] += 1 / (sample.length * width);
  }
  return heights;
}

function shares(sample: Float64Array, values: Float64Array): Float64Array {
  const heights = new Float64Array(values.length);
  for (const value of sample) heights[values.indexOf(value)] += 1 / sample.length;
  return heights;
}

/** All distributions, one row a bin. */
export function distributionTable(distributions: readonly Distribution[]): Table {
  const hasOptimal = distributions.some(({ optimal }) => optimal !== undefined);
  const rows = distributions.flatMap((distribution) =>
    Array.from(distribution.heights, (height, i) => ({ distribution, i, height })),
  );
  const column = <V extends number | string | null>(
    name: string,
    value: (row: (typeof rows)[number]) => V,
  ) => ({ name, label: name, unit: '', values: rows.map(value) });
  return {
    name: 'distribution',
    title: 'Ergodic distribution: densities over bins, or shares of periods at values',
    columns: [
      column('variable', ({ distribution }) => distribution.name),
      column('measure', ({ distribution }) => distribution.measure),
      column('from', ({ distribution, i }) => distribution.from[i]),
      column('to', ({ distribution, i }) => distribution.to[i]),
      column('height', ({ height }) => height),
      ...(hasOptimal
        ? [column('optimal.height', ({ distribution, i }) => distribution.optimal?.[i] ?? null)]
        : []),
    ],
  };
}

/** The first six distributions as bars, the optimum's dashed over them. */
export function distributionChart(
  distributions: readonly Distribution[],
  options: DistributionOptions,
): readonly Chart[] {
  if (distributions.length === 0) return [];
  const { paths, name } = options;
  return [
    {
      name: 'distribution',
      title: 'Ergodic distribution',
      caption:
        `Where ${name} keeps the economy: ${paths.paths} paths of ${paths.periods} periods after ${paths.burnIn} others` +
        `${paths.ended.every((end) => end === null) ? '.' : ', each as long as the economy lasts.'}` +
        (options.optimal === undefined
          ? ''
          : ' Dashed: under the optimal policy. A lone upright line stands for a single value.'),
      panels: distributions.slice(0, MOST_PANELS).map((distribution) => panelOf(distribution, name)),
    },
  ];
}

function panelOf({ label, unit, measure, from, to, heights, optimal }: Distribution, name: string): Panel {
  const x = from.map((low, i) => (low + to[i]) / 2);
  const isDensity = measure === 'density';
  return {
    title: '',
    x: { label, unit },
    y: isDensity ? { label: 'density', unit: '' } : { label: 'share of periods', unit: '' },
    series: [
      isDensity && isSpike(heights) && optimal !== undefined
        ? { kind: 'line', name, ...spike(x, heights, optimal) }
        : { kind: 'bars', name, x, y: heights },
      ...(optimal === undefined ? [] : [optimalSeries({ isDensity, x, from, to, heights, optimal })]),
    ],
  };
}

/** Bars next to one that holds everything would not be seen: it is drawn as an upright line as high as the others. */
function isSpike(heights: Float64Array): boolean {
  return heights.filter((height) => height > 0).length === 1;
}

function spike(x: Float64Array, heights: Float64Array, others: Float64Array) {
  const at = x[heights.findIndex((height) => height > 0)];
  return { x: [at, at], y: [0, Math.max(...others)] };
}

function optimalSeries(shape: {
  readonly isDensity: boolean;
  readonly x: Float64Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly heights: Float64Array;
  readonly optimal: Float64Array;
}): Series {
  const { isDensity, x, from, to, heights, optimal } = shape;
  const look = { name: 'optimal', source: 'optimal' } as const;
  if (!isDensity) return { ...look, kind: 'points', x, y: optimal };
  return {
    ...look,
    kind: 'line',
    ...(isSpike(optimal) ? spike(x, optimal, heights) : outline(from, to, optimal)),
  };
}

/** The upper edge of bars. */
function outline(from: Float64Array, to: Float64Array, heights: Float64Array) {
  const x: number[] = [];
  const y: number[] = [];
  heights.forEach((height, i) => {
    x.push(from[i], to[i]);
    y.push(height, height);
  });
  return { x, y };
}
