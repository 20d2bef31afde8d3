/** Several policies of one economy in one picture each for what they choose and for how far that is from the optimum. */
import type { Chart, Economy, Oracle, Panel, Series, StateAxis } from '../../core/index.ts';
import { type Actors, optimalActors } from './actors.ts';
import { coordinatesOf, quantitiesAt } from './policy.ts';
import { type Coordinate, shortNumber } from './slices.ts';
import { quantityOf } from './variables.ts';

export interface PoliciesOptions {
  readonly economy: Economy;
  /** At least one, each under a name of its own. */
  readonly contestants: readonly { readonly name: string; readonly actors: Actors }[];
  readonly oracle: Oracle | undefined;
}

const POINTS = 61;
/** Of each other coordinate: low, middle, high. */
const LEVELS = 3;
const MOST_PANELS = 9;
/** Rounding; on a logarithmic axis it would leave the curves no room. */
const SMALLEST_ERROR = 1e-8;

/**
 * The charts `compare-policy`, quantities along the first coordinate of the economy's domain, and `compare-policy-error`, the absolute
 * distance to the oracle's on a logarithmic axis; a panel for each of up to nine combinations of the other coordinates, and charts for
 * each action. None for an economy without a domain; no errors without an oracle. Invariant: the policies are asked at the same states.
 */
export function policiesCharts(options: PoliciesOptions): readonly Chart[] {
  const { economy, contestants, oracle } = options;
  const domain = economy.domain();
  if (domain === undefined) return [];
  const [first, ...others] = domain.axes;
  const along = spread(first, POINTS);
  const combinations = others
    .map((axis) => spread(axis, LEVELS))
    .reduce<readonly (readonly number[])[]>(
      (rows, levels) => rows.flatMap((row) => levels.map((level) => [...row, level])),
      [[]],
    )
    .slice(0, MOST_PANELS);
  const states = combinations.flatMap((rest) => along.map((x) => domain.fromCoordinates([x, ...rest])));
  const coordinates = coordinatesOf(economy, states);
  const titles = combinations.map((_, i) => titleOf(coordinates, first.name, i * along.length));
  const chosen = contestants.map(({ name, actors }) => ({ name, at: quantitiesAt(economy, actors, states) }));
  const optimal = oracle && quantitiesAt(economy, optimalActors(economy, oracle), states);
  const x = axisOf(coordinates, first.name);
  return [...chosen[0].at.keys()].flatMap((action) => {
    const suffix = chosen[0].at.size > 1 ? `-${action.replaceAll('.', '-')}` : '';
    const quantity = quantityOf(economy, action);
    const panels = (series: (from: number, to: number) => readonly Series[], y: Panel['y']) =>
      titles.map((title, i) => ({
        title,
        x: { label: x.label, unit: x.unit },
        y,
        series: series(i * along.length, (i + 1) * along.length),
      }));
    const line = (name: string, values: Float64Array, from: number, to: number): Series => ({
      kind: 'line',
      name,
      x: x.values.subarray(from, to),
      y: values.subarray(from, to),
    });
    const best = optimal?.get(action);
    const policies: Chart = {
      name: `compare-policy${suffix}`,
      title: `Policies: ${quantity.label}`,
      caption: `What each chooses along ${x.label}${best === undefined ? '' : '; dashed: the optimum'}.`,
      panels: panels(
        (from, to) => [
          ...chosen.map(({ name, at }) => line(name, at.get(action) ?? new Float64Array(), from, to)),
          ...(best === undefined ? [] : [{ ...line('optimal', best, from, to), source: 'optimal' as const }]),
        ],
        quantity,
      ),
    };
    if (best === undefined) return [policies];
    const errors = chosen.map(({ name, at }) => ({
      name,
      values: Float64Array.from(at.get(action) ?? [], (value, i) => logarithmic(Math.abs(value - best[i]))),
    }));
    return [
      policies,
      {
        name: `compare-policy-error${suffix}`,
        title: `Errors of the policies: ${quantity.label}`,
        caption: `Absolute distance to the optimum along ${x.label}, on a logarithmic axis; what is below ${SMALLEST_ERROR} is left out.`,
        panels: panels(
          (from, to) =>
            errors
              .filter(({ values }) => values.some((value) => value > 0))
              .map(({ name, values }) => line(name, values, from, to)),
          { label: `error in ${quantity.label}`, unit: quantity.unit, scale: 'log' },
        ),
      },
    ].filter(({ panels: drawn }) => drawn.every(({ series }) => series.length > 0));
  });
}

function logarithmic(error: number): number {
  return error < SMALLEST_ERROR ? Number.NaN : error;
}

/** At most that many values of an axis, its ends among them. */
function spread(axis: StateAxis, most: number): readonly number[] {
  if (axis.kind === 'continuous') {
    return Array.from({ length: most }, (_, i) => axis.low + ((axis.high - axis.low) * i) / (most - 1));
  }
  const { values } = axis;
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]);
}

function axisOf(
  coordinates: readonly Coordinate[],
  name: string,
): Coordinate & { readonly values: Float64Array } {
  const found = coordinates.find((coordinate) => coordinate.name === name) ?? coordinates[0];
  return { ...found, values: Float64Array.from(found.values) };
}

function titleOf(coordinates: readonly Coordinate[], along: string, row: number): string {
  return coordinates
    .filter(({ name }) => name !== along)
    .map(({ label, values }) => `${label} ${shortNumber(values[row])}`)
    .join(', ');
}
