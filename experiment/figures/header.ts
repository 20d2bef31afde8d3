/** Title and shared legend of a chart as a vega-lite view above the panels, placed by measured widths. */
import { type Measure, wrapText } from './fonts.ts';
import { type Entry, strokeOf, TEXT_COLOUR } from './looks.ts';
import { type Layer, type LayerSpec, SIZES } from './panel.ts';

const SYMBOL_WIDTH = 28;
const SYMBOL_GAP = 7;
const ENTRY_SPACE = 20;
const LEGEND_LINE = 18;
const TITLE_LINE = 20;

export interface HeaderOptions {
  readonly title: string;
  readonly legend: readonly Entry[];
  readonly width: number;
}

/** Undefined if there is neither title nor legend. */
export function headerSpec({ title, legend, width }: HeaderOptions, measure: Measure): LayerSpec | undefined {
  const style = { size: SIZES.title, weight: 'bold' } as const;
  const titleLines = title === '' ? [] : wrapText(title, width, style, measure);
  const titleLayers = titleLines.map((line, i) =>
    textLayer(line, 0, TITLE_LINE * i + TITLE_LINE / 2, { size: SIZES.title, weight: 'bold' }),
  );
  const top = titleLines.length * TITLE_LINE + (titleLines.length > 0 && legend.length > 0 ? 6 : 0);
  const placed = place(legend, width, measure);
  const layers = [
    ...titleLayers,
    ...placed.entries.flatMap(({ entry, lines, x, y }) => [
      ...symbolLayers(entry, x, top + y),
      ...lines.map((line, i) =>
        textLayer(line, x + SYMBOL_WIDTH + SYMBOL_GAP, top + y + LEGEND_LINE * i, { size: SIZES.legend }),
      ),
    ]),
  ];
  if (layers.length === 0) return undefined;
  return { width, height: top + placed.height, view: { stroke: null }, layer: layers };
}

interface Placed {
  readonly entry: Entry;
  readonly lines: readonly string[];
  readonly x: number;
  /** Middle of the first line. */
  readonly y: number;
}

/** Names, and below them the sources, if they have entries of their own. */
function place(
  legend: readonly Entry[],
  width: number,
  measure: Measure,
): { readonly entries: readonly Placed[]; readonly height: number } {
  const names = placeGroup(
    legend.filter(({ of }) => of === 'name'),
    width,
    measure,
  );
  const sources = placeGroup(
    legend.filter(({ of }) => of === 'source'),
    width,
    measure,
  );
  return {
    entries: [...names.entries, ...sources.entries.map((entry) => ({ ...entry, y: entry.y + names.height }))],
    height: names.height + sources.height,
  };
}

/** In one row if they fit; else in columns of equal width, read row by row. */
function placeGroup(
  legend: readonly Entry[],
  width: number,
  measure: Measure,
): { readonly entries: readonly Placed[]; readonly height: number } {
  const room = width - SYMBOL_WIDTH - SYMBOL_GAP;
  const items = legend.map((entry) => {
    const lines = wrapText(entry.text, room, { size: SIZES.legend }, measure);
    const widest = Math.max(...lines.map((line) => measure(line, { size: SIZES.legend })));
    return { entry, lines, width: SYMBOL_WIDTH + SYMBOL_GAP + Math.ceil(widest) };
  });
  const all = items.reduce((sum, item) => sum + item.width + ENTRY_SPACE, -ENTRY_SPACE);
  const column = Math.max(0, ...items.map((item) => item.width)) + ENTRY_SPACE;
  const columns = all <= width ? items.length : Math.max(1, Math.floor((width + ENTRY_SPACE) / column));
  const entries: Placed[] = [];
  let [x, y] = [0, 0];
  for (let first = 0; first < items.length; first += columns) {
    const row = items.slice(first, first + columns);
    x = 0;
    for (const item of row) {
      entries.push({ entry: item.entry, lines: item.lines, x, y: y + LEGEND_LINE / 2 });
      x += all <= width ? item.width + ENTRY_SPACE : column;
    }
    y += LEGEND_LINE * Math.max(...row.map((item) => item.lines.length));
  }
  return { entries, height: y };
}

function textLayer(
  text: string,
  x: number,
  y: number,
  { size, weight = 'normal' }: { readonly size: number; readonly weight?: 'normal' | 'bold' },
): Layer {
  return {
    data: { values: [{}] },
    mark: {
      type: 'text',
      text,
      align: 'left',
      baseline: 'middle',
      fontSize: size,
      fontWeight: weight,
      color: TEXT_COLOUR,
    },
    encoding: { x: { value: x }, y: { value: y } },
  };
}

/** A block for bands and bars, a stroke for lines, a dot for points. */
function symbolLayers({ look, kinds, source }: Entry, x: number, y: number): readonly Layer[] {
  const layers: Layer[] = [];
  const isFilled = kinds.has('band') || (kinds.has('bars') && source === 'learned');
  const hasLine =
    kinds.has('line') ||
    kinds.has('reference') ||
    (kinds.has('bars') && source !== 'learned') ||
    kinds.size === 0;
  if (isFilled) {
    layers.push({
      data: { values: [{}] },
      mark: { type: 'rect', fill: look.colour, fillOpacity: kinds.has('bars') ? 0.5 : 0.22 },
      encoding: {
        x: { value: x },
        x2: { value: x + SYMBOL_WIDTH },
        y: { value: y - 6 },
        y2: { value: y + 6 },
      },
    });
  }
  if (hasLine) {
    layers.push({
      data: { values: [{}] },
      mark: { type: 'rule', ...strokeOf(look) },
      encoding: { x: { value: x }, x2: { value: x + SYMBOL_WIDTH }, y: { value: y } },
    });
  }
  if (kinds.has('points') && !hasLine && !isFilled) {
    layers.push({
      data: { values: [{}] },
      mark: {
        type: 'point',
        shape: source === 'other' ? 'diamond' : 'circle',
        size: 40,
        opacity: 1,
        ...(source === 'optimal'
          ? { stroke: look.colour, fill: 'transparent', strokeWidth: 1.5 }
          : { fill: look.colour, stroke: null }),
      },
      encoding: { x: { value: x + SYMBOL_WIDTH / 2 }, y: { value: y } },
    });
  }
  return layers;
}
