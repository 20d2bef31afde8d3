/** A chart as a vega-lite specification: plain data in, plain data out; nothing is loaded or drawn. */
import type { TopLevelSpec } from 'vega-lite';
import type { Chart, Panel } from '../../core/charts.ts';
import { checkChart } from './check.ts';
import { FONT_FAMILY, type Measure } from './fonts.ts';
import { headerSpec } from './header.ts';
import { chartLooks, TEXT_COLOUR } from './looks.ts';
import { type PanelPlan, panelSpec, planPanel, SIZES } from './panel.ts';

/** `wide` for a page or a screen, up to three panels in a row; `narrow` for a telephone, one in a row. */
export type Layout = 'wide' | 'narrow';

interface Grid {
  readonly columns: number;
  /** Of the whole picture, px, but for rounding. */
  readonly width: number;
  /** Of a panel within its axes. */
  readonly height: number;
}

const PADDING = 8;
/** Between a panel and the axis of the next. */
const COLUMN_SPACE = 22;
const ROW_SPACE = 20;
const AXIS_TITLE_LINE = SIZES.axis * 1.25;
const AXIS_TITLE_SPACE = 8;

function gridOf(panels: number, layout: Layout): Grid {
  if (layout === 'narrow') return { columns: 1, width: 360, height: panels === 1 ? 220 : 170 };
  if (panels === 1) return { columns: 1, width: 640, height: 300 };
  if (panels === 2 || panels === 4) return { columns: 2, width: 840, height: 230 };
  return { columns: 3, width: 960, height: 180 };
}

export interface SpecOptions {
  /** Default `wide`. */
  readonly layout?: Layout;
  readonly measure: Measure;
}

/**
 * The specification of a chart: title, shared legend, and panels in rows, whose plots in one column are equally wide and stand
 * exactly below each other. Throws what `checkChart` throws. Invariant: it holds every number that is drawn, and no other input.
 */
export function chartSpec(chart: Chart, { layout = 'wide', measure }: SpecOptions): TopLevelSpec {
  checkChart(chart);
  const { panels } = chart;
  const grid = gridOf(panels.length, layout);
  const columns = Math.min(grid.columns, panels.length);
  const looks = chartLooks(chart);
  const plans = panels.map((panel) => planPanel(panel, grid.height, measure));
  const labelWidths = Array.from({ length: columns }, (_, c) => most(plans, columns, c, (p) => p.labelWidth));
  const titleWidths = Array.from({ length: columns }, (_, c) =>
    most(plans, columns, c, ({ yTitle }) =>
      yTitle.length === 0 ? 0 : AXIS_TITLE_SPACE + yTitle.length * AXIS_TITLE_LINE,
    ),
  );
  const axes = [...labelWidths, ...titleWidths].reduce((sum, width) => sum + width, 0);
  const space = 2 * PADDING + COLUMN_SPACE * (columns - 1) + axes;
  const width = Math.floor((grid.width - space) / columns);
  const specs = plans.map((plan, i) =>
    panelSpec(
      plan,
      {
        index: i,
        width,
        height: grid.height,
        labelWidth: labelWidths[i % columns],
        xTitle: sameX(panels[i], panels[i + columns]) ? 'below' : 'shown',
      },
      looks,
      measure,
    ),
  );
  const header = headerSpec(
    {
      title: chart.title,
      legend: looks.legend,
      width: grid.width - 2 * PADDING - labelWidths[0] - titleWidths[0],
    },
    measure,
  );
  const body = {
    concat: specs,
    columns,
    align: 'each' as const,
    bounds: 'full' as const,
    spacing: { row: ROW_SPACE, column: COLUMN_SPACE },
  };
  return {
    vconcat: header === undefined ? [body] : [header, body],
    spacing: 12,
    padding: PADDING,
    background: 'transparent',
    config: CONFIG,
  };
}

function most(
  plans: readonly PanelPlan[],
  columns: number,
  column: number,
  of: (plan: PanelPlan) => number,
): number {
  return Math.max(0, ...plans.filter((_, i) => i % columns === column).map(of));
}

function sameX(panel: Panel, below: Panel | undefined): boolean {
  return below !== undefined && below.x.label === panel.x.label && below.x.unit === panel.x.unit;
}

/** Text and axes take the colour of the text around the picture, so that a page recolours them. */
const CONFIG = {
  aria: false,
  font: FONT_FAMILY,
  axis: {
    labelColor: TEXT_COLOUR,
    labelFontSize: SIZES.tick,
    labelLimit: 0,
    labelOverlap: false,
    labelFlush: false,
    titleColor: TEXT_COLOUR,
    titleFontSize: SIZES.axis,
    titleFontWeight: 'normal',
    titleLimit: 0,
    titlePadding: AXIS_TITLE_SPACE,
    domainColor: TEXT_COLOUR,
    domainOpacity: 0.55,
    tickColor: TEXT_COLOUR,
    tickOpacity: 0.55,
    tickSize: 4,
    gridColor: TEXT_COLOUR,
    gridOpacity: 0.13,
  },
} as const;
