/** Draws charts: vega-lite and vega make the SVG without a canvas, resvg the PNG. Nothing of them is loaded before a chart is drawn. */
import type { Chart } from '../../core/charts.ts';
import { FONT_FAMILY, fontFiles, loadMeasure, type Measure } from './fonts.ts';
import { chartSpec, type Layout } from './spec.ts';
import { tidySvg } from './tidy.ts';

export interface DrawOptions {
  /** `wide` (the default): up to three panels in a row; `narrow`: one in a row, readable at the width of a telephone. */
  readonly layout?: Layout;
}

export interface PngOptions {
  /** Dots per px of the SVG; default 2. */
  readonly zoom?: number;
}

export interface Drawing {
  readonly svg: string;
  readonly png: Uint8Array;
}

/**
 * A chart as SVG on a transparent ground and as PNG on white. Text and axes of the SVG are `currentColor`; it holds no id, style or
 * script, so that any number of them can stand inline in one page. Throws a TypeError that names chart, panel and series if the data
 * cannot be drawn. Invariant: equal charts give equal bytes on every machine.
 */
export async function drawChart(chart: Chart, options: DrawOptions & PngOptions = {}): Promise<Drawing> {
  const svg = await drawSvg(chart, options);
  return { svg, png: await svgToPng(svg, options) };
}

/** The SVG alone; see `drawChart`. */
export async function drawSvg(chart: Chart, options: DrawOptions = {}): Promise<string> {
  const { vega, vegaLite, measure } = await libraries();
  const spec = chartSpec(chart, { ...options, measure });
  const faults: string[] = [];
  const logger = silentLogger((fault) => faults.push(fault));
  const compiled = vegaLite.compile(spec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger });
  try {
    const svg = await view.toSVG();
    if (faults.length > 0) throw new Error(`chart "${chart.name}" cannot be drawn: ${faults.join('; ')}`);
    return tidySvg(svg, { title: chart.title, caption: chart.caption });
  } finally {
    view.finalize();
  }
}

/** An SVG that is set in DejaVu Sans as PNG on white. Throws an Error if it is no SVG. */
export async function svgToPng(svg: string, { zoom = 2 }: PngOptions = {}): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const { normal, bold } = fontFiles();
  const image = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'zoom', value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: [normal, bold],
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
    logLevel: 'off',
  });
  return new Uint8Array(image.render().asPng());
}

interface Libraries {
  readonly vega: typeof import('vega');
  readonly vegaLite: typeof import('vega-lite');
  readonly measure: Measure;
}

let loading: Promise<Libraries> | undefined;

/** Loaded once. Vega then asks this file how wide texts in its font are, instead of guessing; other fonts' texts it measures as before. */
function libraries(): Promise<Libraries> {
  loading ??= (async () => {
    const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
    const measure = loadMeasure();
    const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
    const before = textMetrics.width;
    textMetrics.width = (item, text) =>
      item.font === FONT_FAMILY
        ? measure(String(text ?? ''), {
            size: item.fontSize ?? 11,
            weight: item.fontWeight === 'bold' ? 'bold' : 'normal',
          })
        : before(item, text);
    return { vega, vegaLite, measure };
  })();
  return loading;
}

/** The part of vega's text metrics that its own types leave out. */
interface TextMetrics {
  width(
    item: { readonly font?: string; readonly fontSize?: number; readonly fontWeight?: string | number },
    text: unknown,
  ): number;
}

function silentLogger(fault: (message: string) => void) {
  const logger = {
    level: () => logger,
    error(...messages: readonly unknown[]) {
      fault(messages.join(' '));
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  // Vega's type wants `level()` to give a number or the logger, as it is called; nobody asks.
  return logger as unknown as ReturnType<typeof import('vega').logger>;
}
