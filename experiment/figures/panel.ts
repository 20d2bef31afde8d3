/** One panel as a vega-lite layer: axes with measured ticks, title, and the marks of its series. */
import type { TopLevelSpec } from 'vega-lite';
import type { Axis, Panel, Series } from '../../core/charts.ts';
import { type Measure, wrapText } from './fonts.ts';
import { type Looks, sourceOf, TEXT_COLOUR } from './looks.ts';
import { axisPlace, seriesLayers } from './marks.ts';
import { linearTicks, logTicks, type Range, type Ticks } from './numbers.ts';
import { rangesOf, wholeX } from './points.ts';

export type LayerSpec = Extract<TopLevelSpec, { layer: readonly unknown[] }>;
type Scale = { type: 'linear' | 'log'; domain: number[]; nice: false; zero: false };
export type Layer = LayerSpec['layer'][number];

export const SIZES = { tick: 11, axis: 12, panel: 13, legend: 12, title: 15 } as const;

/** What must be known of all panels before one is drawn. */
export interface PanelPlan {
  readonly panel: Panel;
  readonly xRange: Range;
  readonly yRange: Range;
  readonly yTicks: Ticks;
  /** Room for the widest tick label on the left, px. */
  readonly labelWidth: number;
  readonly yTitle: readonly string[];
}

const TICK_GAP = 5;
/** Space between neighbouring tick labels along x, px. */
const LABEL_SPACE = 14;
const LINE_HEIGHT = 1.25;

export function planPanel(panel: Panel, height: number, measure: Measure): PanelPlan {
  const { x: xRange, y: yRange } = rangesOf(panel);
  const yTicks = ticksOf(panel.y, yRange, Math.max(3, Math.round(height / 38)), 'any');
  const widths = yTicks.labels.map((label) => measure(label, { size: SIZES.tick }));
  return {
    panel,
    xRange,
    yRange,
    yTicks,
    labelWidth: Math.ceil(Math.max(0, ...widths)) + TICK_GAP,
    yTitle: titleLines(panel.y, height, measure),
  };
}

/** `label (unit)` in lines no longer than `width`; none if both are empty. */
function titleLines({ label, unit }: Axis, width: number, measure: Measure): readonly string[] {
  const text = unit === '' ? label : label === '' ? unit : `${label} (${unit})`;
  return text === '' ? [] : wrapText(text, width, { size: SIZES.axis }, measure);
}

function ticksOf(axis: Axis, range: Range, most: number, step: 'any' | 'whole'): Ticks {
  return axis.scale === 'log' ? logTicks(range, most) : linearTicks(range, most, { step });
}

/** As many ticks as have room for their labels side by side. */
function fittingTicks(panel: Panel, range: Range, width: number, measure: Measure): Ticks {
  const place = axisPlace(panel.x, range, width);
  const step = wholeX(panel) ? 'whole' : 'any';
  for (let most = Math.max(2, Math.round(width / 55)); most > 2; most--) {
    const ticks = ticksOf(panel.x, range, most, step);
    const fit = ticks.labels.every((label, i) => {
      if (i === 0) return true;
      const half = [label, ticks.labels[i - 1]].reduce(
        (sum, l) => sum + measure(l, { size: SIZES.tick }) / 2,
        0,
      );
      return place(ticks.values[i]) - place(ticks.values[i - 1]) >= half + LABEL_SPACE;
    });
    if (fit) return ticks;
  }
  return ticksOf(panel.x, range, 2, step);
}

export interface PanelSize {
  /** Of the panel in its chart. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Room for tick labels on the left, the same in a column of panels. */
  readonly labelWidth: number;
  /** Without, the panel below says it. */
  readonly xTitle: 'shown' | 'below';
}

/** The layers of a panel, first what lies behind. */
export function panelSpec(plan: PanelPlan, size: PanelSize, looks: Looks, measure: Measure): LayerSpec {
  const { panel, xRange, yRange, yTicks } = plan;
  const marks = [...panel.series.entries()]
    .map(([i, series]) => ({ order: drawingOrder(series), i, series }))
    .sort((a, b) => a.order - b.order || a.i - b.i)
    .flatMap(({ series }) =>
      seriesLayers(series, looks.look(series), { panel, xRange, yRange, width: size.width }),
    );
  const isEmpty = marks.length === 0;
  const xTicks = isEmpty ? NO_TICKS : fittingTicks(panel, xRange, size.width, measure);
  return {
    width: size.width,
    height: size.height,
    view: { stroke: null },
    layer: numbered(
      [
        axesCarrier(),
        ...(isEmpty ? [nothing(size)] : [...zeroLine(panel, yRange), ...marks]),
        ...titleLayers(panel.title, size, measure),
      ],
      size.index,
    ),
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        scale: scaleOf(panel.x, xRange),
        axis: {
          ...axisOf(xTicks, size.xTitle === 'shown' ? titleLines(panel.x, size.width, measure) : []),
          grid: false,
          labelPadding: TICK_GAP,
        },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        scale: scaleOf(panel.y, yRange),
        axis: {
          ...axisOf(isEmpty ? NO_TICKS : yTicks, plan.yTitle),
          minExtent: size.labelWidth,
          maxExtent: size.labelWidth,
          domain: false,
          ticks: false,
          labelPadding: TICK_GAP,
        },
      },
    },
  };
}

/** Names that are unique in the chart: the classes of the groups in the SVG, `panel_0_line_3_marks`. */
function numbered(layers: readonly Layer[], panel: number): Layer[] {
  return layers.map((layer, i) => ({ ...layer, name: `panel_${panel}_${layer.name}_${i}` }));
}

function scaleOf({ scale }: Axis, range: Range) {
  return { type: scale ?? 'linear', domain: [range[0], range[1]], nice: false, zero: false } satisfies Scale;
}

function axisOf({ values, labels }: Ticks, title: readonly string[]) {
  return {
    title: title.length === 0 ? null : [...title],
    titleLineHeight: SIZES.axis * LINE_HEIGHT,
    values: [...values],
    labelExpr: `${JSON.stringify(labels)}[indexof(${JSON.stringify(values)}, datum.value)]`,
  };
}

/** Truths come last: a learner that has found one is seen to lie under it. */
function drawingOrder(series: Series): number {
  const layer = { bars: 0, band: 1, reference: 2, line: 3, points: 4 }[series.kind];
  const source = sourceOf(series);
  if (source === 'optimal' && series.kind !== 'band') return 10 + layer;
  return source === 'other' ? layer - 0.5 : layer;
}

/** Draws nothing, but has both scales, which the others may leave out. */
function axesCarrier(): Layer {
  return { name: 'axes', data: { values: [] }, mark: 'point' };
}

/** A line at zero where the numbers lie on both sides. */
function zeroLine(panel: Panel, [low, high]: Range): readonly Layer[] {
  if (panel.y.scale === 'log' || !(low < 0 && high > 0)) return [];
  return [
    {
      name: 'zero',
      data: { values: [{ y: 0 }] },
      mark: { type: 'rule', color: TEXT_COLOUR, opacity: 0.45, strokeWidth: 1 },
      encoding: { x: { value: 0 }, x2: { value: 'width' } },
    },
  ];
}

const NO_TICKS: Ticks = { values: [], labels: [] };

function nothing({ width, height }: PanelSize): Layer {
  return {
    name: 'nothing',
    data: { values: [{}] },
    mark: { type: 'text', text: 'no data', fontSize: SIZES.axis, color: TEXT_COLOUR, opacity: 0.7 },
    encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
  };
}

const TITLE_GAP = 10;

/** Lines of text that stand on the panel at one height in a row, whatever their axes need. */
function titleLayers(title: string, { width }: PanelSize, measure: Measure): readonly Layer[] {
  if (title === '') return [];
  const lines = wrapText(title, width, { size: SIZES.panel, weight: 'bold' }, measure);
  return lines.map((text, i) => ({
    name: 'title',
    data: { values: [{}] },
    mark: {
      type: 'text',
      text,
      align: 'left',
      baseline: 'alphabetic',
      fontSize: SIZES.panel,
      fontWeight: 'bold',
      color: TEXT_COLOUR,
    },
    encoding: {
      x: { value: 0 },
      y: { value: -TITLE_GAP - (lines.length - 1 - i) * SIZES.panel * LINE_HEIGHT },
    },
  }));
}
