/** The marks of one series: a layer for each line, band, bar, set of points or reference line. */
import type { Axis, Panel, Series } from '../../core/charts.ts';
import { type Look, type Source, sourceOf, strokeOf } from './looks.ts';
import type { Range } from './numbers.ts';
import type { Layer } from './panel.ts';
import { barsOf, isShown, runsOf } from './points.ts';

/** Px from the beginning of an axis to a number on it. */
export function axisPlace({ scale }: Axis, [low, high]: Range, length: number): (value: number) => number {
  return scale === 'log'
    ? (value) => (length * Math.log(value / low)) / Math.log(high / low)
    : (value) => (length * (value - low)) / (high - low);
}

/** Where a series is drawn. */
export interface Frame {
  readonly panel: Panel;
  readonly xRange: Range;
  readonly yRange: Range;
  /** Px along x. */
  readonly width: number;
}

/** Many points are drawn with a finer line. */
const MANY_POINTS = 250;
/** So few bars stand apart; more are one shape. */
const FEW_BARS = 30;
const POINT_SIZE = 28;

/** Layers from back to front; none if nothing of the series can be seen. */
export function seriesLayers(series: Series, look: Look, frame: Frame): readonly Layer[] {
  const source = sourceOf(series);
  const stroke = strokeOf(look);
  const { panel } = frame;
  switch (series.kind) {
    case 'reference':
      if (!isShown(series.y[0], panel.y)) return [];
      return [
        {
          name: 'reference',
          data: { values: [{ y: series.y[0] }] },
          mark: { type: 'rule', ...stroke, strokeWidth: Math.min(look.width, 1.75) },
          encoding: { x: { value: 0 }, x2: { value: 'width' } },
        },
      ];
    case 'points':
      return [pointLayer(runsOf(series, panel).flat(), look.colour, source)];
    case 'band':
      return runsOf(series, panel).map((run) => ({
        name: 'band',
        data: { values: [...run] },
        mark: {
          type: 'area',
          order: false,
          fill: look.colour,
          fillOpacity: source === 'optimal' ? 0.12 : 0.22,
        },
        encoding: { y2: { field: 'y2' } },
      }));
    case 'bars':
      return barLayers(series, look, frame);
    case 'line': {
      const runs = runsOf(series, panel);
      const fine = runs.some((run) => run.length > MANY_POINTS) ? 0.6 : 1;
      const lone = runs.filter((run) => run.length === 1).flat();
      const lines = runs
        .filter((run) => run.length > 1)
        .map(
          (run): Layer => ({
            name: 'line',
            data: { values: [...run] },
            mark: {
              type: 'line',
              order: false,
              ...stroke,
              strokeWidth: look.width * fine,
              strokeCap: look.dash.length === 0 ? 'round' : 'butt',
              strokeJoin: 'round',
            },
          }),
        );
      return lone.length === 0 ? lines : [...lines, pointLayer(lone, look.colour, source)];
    }
  }
}

function pointLayer(
  points: readonly { readonly x: number; readonly y: number }[],
  colour: string,
  source: Source,
): Layer {
  const shape = { learned: 'circle', optimal: 'circle', other: 'diamond' }[source];
  const paint =
    source === 'optimal'
      ? ({ stroke: colour, fill: 'transparent', strokeWidth: 1.5 } as const)
      : ({ fill: colour, fillOpacity: 0.8, stroke: null } as const);
  return {
    name: 'points',
    data: { values: points.map(({ x, y }) => ({ x, y })) },
    mark: { type: 'point', shape, size: POINT_SIZE, ...paint, opacity: 1 },
  };
}

/** Filled bars; those of the truth are their outline alone, so that both can be seen at one place. */
function barLayers(series: Series, look: Look, frame: Frame): readonly Layer[] {
  const { panel, xRange, yRange, width } = frame;
  const bars = barsOf(series, panel);
  if (bars.length === 0) return [];
  const foot = panel.y.scale === 'log' ? yRange[0] : 0;
  if (sourceOf(series) === 'learned' && bars.length <= FEW_BARS) {
    const place = axisPlace(panel.x, xRange, width);
    return bars.map(
      ({ x, x2, y }): Layer => ({
        name: 'bar',
        data: { values: [{ x, x2, y, y2: foot }] },
        mark: {
          type: 'rect',
          fill: look.colour,
          fillOpacity: 0.5,
          stroke: look.colour,
          strokeWidth: 1,
          xOffset: (place(x2) - place(x)) * 0.08,
          x2Offset: -(place(x2) - place(x)) * 0.08,
        },
        encoding: { x2: { field: 'x2' }, y2: { field: 'y2' } },
      }),
    );
  }
  const outline = [
    { x: bars[0].x, y: foot, y2: foot },
    ...bars.flatMap(({ x, x2, y }) => [
      { x, y, y2: foot },
      { x: x2, y, y2: foot },
    ]),
    { x: bars[bars.length - 1].x2, y: foot, y2: foot },
  ];
  const edge: Layer = {
    name: 'outline',
    data: { values: outline },
    mark: {
      type: 'line',
      order: false,
      ...strokeOf(look),
      ...(sourceOf(series) === 'learned' ? { strokeWidth: 1 } : {}),
      strokeJoin: 'miter',
    },
  };
  if (sourceOf(series) !== 'learned') return [edge];
  return [
    {
      name: 'bars',
      data: { values: outline },
      mark: { type: 'area', order: false, fill: look.colour, fillOpacity: 0.4 },
      encoding: { y2: { field: 'y2' } },
    },
    edge,
  ];
}
