import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it, vi } from 'vitest';
import type { Chart } from '../../core/charts.ts';
import { attributesOf, chartOf, countMarks, everything, lineOf, PERIODS, panelOf } from './chart-fixtures.ts';
import { drawChart, drawSvg, svgToPng } from './draw.ts';
import { fontFiles } from './fonts.ts';

const HOSTILE = `</text><script>alert("1")</script> & 'quotes' ünïcödé ελπίς \u0007`;

const hostile = chartOf(
  [
    panelOf([lineOf(HOSTILE), lineOf(`${HOSTILE} 2`)], {
      title: HOSTILE,
      x: { label: HOSTILE, unit: HOSTILE },
      y: { label: HOSTILE, unit: HOSTILE },
    }),
  ],
  { name: HOSTILE, title: HOSTILE, caption: HOSTILE },
);

const twenty = chartOf(
  Array.from({ length: 5 }, (_, p) =>
    panelOf(
      Array.from({ length: 20 }, (_, i) =>
        lineOf(`household number ${i} of a group with a rather long name`),
      ),
      {
        title: `panel ${p} with a title that is a good deal longer than the panel itself is wide`,
        y: { label: 'a label of an axis much longer than the axis', unit: 'units of the good per year' },
      },
    ),
  ),
  {
    title:
      'A title of a chart that is a good deal longer than any page on which it may be printed is wide, or a screen',
  },
);

function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) => text.replaceAll(/<[^>]*>/g, ' '));
}

/** What is drawn, and what is to be seen of it. */
function boxes(svg: string) {
  const { normal, bold } = fontFiles();
  const image = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [normal, bold] } });
  const box = image.getBBox();
  if (box === undefined) throw new Error('nothing is drawn');
  return { box, width: image.width, height: image.height };
}

describe('a drawing', () => {
  it('of the same chart has the same bytes, whatever was drawn in between', async () => {
    const first = await drawChart(everything);
    await drawSvg(twenty);
    const again = await drawChart(structuredClone(everything));
    expect(again.svg).toBe(first.svg);
    expect(again.png).toEqual(first.png);
    const [one, other] = await Promise.all([drawSvg(everything), drawSvg(everything)]);
    expect([one, other]).toEqual([first.svg, first.svg]);
  });

  it('of other numbers has other bytes', async () => {
    const [panel] = everything.panels;
    const other = chartOf([{ ...panel, series: [lineOf('sac', { y: PERIODS })] }]);
    expect(await drawSvg(other)).not.toBe(await drawSvg(chartOf([panel])));
  });

  it('says title, panels, axes with units, and every name that can be seen', async () => {
    const texts = textsOf(await drawSvg(everything));
    for (const words of [
      'Simulated paths',
      'lines',
      'bars and points',
      'period (quarters)',
      'capital (units of the good)',
      'sac',
      'optimal policy',
      'rule of thumb',
      'steady state',
    ]) {
      expect(texts).toContain(words);
    }
  });

  it('leaves the unit out where there is none, and the legend where it would say what the axis says', async () => {
    const axis = { label: 'capital', unit: '' };
    const texts = textsOf(await drawSvg(chartOf([panelOf([lineOf('capital')], { y: axis, x: axis })])));
    expect(texts.filter((text) => text.startsWith('capital'))).toEqual(['capital', 'capital']);
  });

  it('has one mark for each thing in the data', async () => {
    const svg = await drawSvg(everything);
    const count = (panel: number, name: string, tag: string) => countMarks(svg, { panel, name, tag });
    expect(count(0, 'line', 'path')).toBe(3);
    expect(count(0, 'band', 'path')).toBe(1);
    expect(count(0, 'reference', 'line')).toBe(1);
    expect(count(1, 'bar', 'path')).toBe(3);
    expect(count(1, 'outline', 'path')).toBe(1);
    expect(count(1, 'points', 'path')).toBe(4);
  });

  it('breaks a line where there is no value, and shows a value that stands alone as a point', async () => {
    const y = [1, 2, Number.NaN, 3, Number.NaN, 4, 5, 6];
    const svg = await drawSvg(chartOf([panelOf([lineOf('capital', { y })])]));
    expect(countMarks(svg, { panel: 0, name: 'line', tag: 'path' })).toBe(2);
    expect(countMarks(svg, { panel: 0, name: 'points', tag: 'path' })).toBe(1);
    expect(svg).not.toContain('NaN');
  });

  it('has no place for zero and below on a logarithmic axis, and ticks at powers of ten', async () => {
    const y = [1e-4, 1e-3, 0, 1e-2, 1e-1, -5, 1, 10];
    const axis = { label: 'policy gap', unit: '', scale: 'log' } as const;
    const svg = await drawSvg(chartOf([panelOf([lineOf('gap', { y })], { y: axis })]));
    expect(countMarks(svg, { panel: 0, name: 'line', tag: 'path' })).toBe(3);
    expect(svg).not.toContain('NaN');
    for (const tick of ['0.0001', '0.001', '0.01', '0.1', '1', '10']) expect(textsOf(svg)).toContain(tick);
    const none = chartOf([panelOf([lineOf('gap', { y: PERIODS.map(() => -1) })], { y: axis })]);
    expect(textsOf(await drawSvg(none))).toContain('no data');
  });

  it.each<[string, Chart]>([
    ['an empty panel', chartOf([panelOf([])])],
    ['an empty series', chartOf([panelOf([lineOf('a', { x: [], y: [] })])])],
    ['one point', chartOf([panelOf([lineOf('a', { x: [3], y: [0.5] })])])],
    ['a constant', chartOf([panelOf([lineOf('a', { y: PERIODS.map(() => 0) })])])],
    ['huge numbers', chartOf([panelOf([lineOf('a', { y: PERIODS.map((t) => (t - 3) * 1e289) })])])],
    ['tiny numbers', chartOf([panelOf([lineOf('a', { y: PERIODS.map((t) => (t - 3) * 1e-280) })])])],
    ['no title', chartOf([panelOf([lineOf('a')])], { title: '' })],
  ])('can be made of %s', async (_, chart) => {
    for (const layout of ['wide', 'narrow'] as const) {
      const svg = await drawSvg(chart, { layout });
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      const { box, width } = boxes(svg);
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
  });

  it('gives a name one colour in all panels, and the lone truth that of the text, dashed', async () => {
    const truth = lineOf('optimal', { source: 'optimal' });
    const svg = await drawSvg(
      chartOf([panelOf([lineOf('a'), lineOf('b'), truth]), panelOf([truth, lineOf('b'), lineOf('a')])]),
    );
    const strokes = (panel: number) => attributesOf(svg, { panel, name: 'line', attribute: 'stroke' });
    const [a, b, optimal] = strokes(0);
    expect(a).not.toBe(b);
    expect(optimal).toBe('currentColor');
    expect(strokes(1)).toEqual([b, a, optimal]);
    expect(attributesOf(svg, { panel: 0, name: 'line', attribute: 'stroke-dasharray' })).toEqual(['5,3']);
  });

  it('tells sources apart without colours', async () => {
    const sources = (['learned', 'optimal', 'other'] as const).map((source) => lineOf('a', { source }));
    const svg = await drawSvg(chartOf([panelOf([...sources, lineOf('b')])]));
    const dashes = attributesOf(svg, { panel: 0, name: 'line', attribute: 'stroke-dasharray' });
    expect(new Set(dashes).size).toBe(2);
    for (const source of ['learned', 'optimal', 'other']) expect(textsOf(svg)).toContain(source);
  });

  it('draws the truth over the learner', async () => {
    const svg = await drawSvg(chartOf([panelOf([lineOf('optimal', { source: 'optimal' }), lineOf('sac')])]));
    const widths = attributesOf(svg, { panel: 0, name: 'line', attribute: 'stroke-width' }).map(Number);
    expect(attributesOf(svg, { panel: 0, name: 'line', attribute: 'stroke' })[1]).toBe('currentColor');
    expect(widths[1]).toBeLessThan(widths[0]);
  });

  it('writes hostile words as words', async () => {
    const { svg, png } = await drawChart(hostile);
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0007');
    expect(svg).toContain('&lt;script&gt;');
    expect(textsOf(svg).join(' ')).toContain('ελπίς');
    expect(png.length).toBeGreaterThan(1000);
  });

  it('clips nothing, however long the words are', async () => {
    for (const chart of [twenty, hostile, everything]) {
      for (const layout of ['wide', 'narrow'] as const) {
        const { box, width, height } = boxes(await drawSvg(chart, { layout }));
        expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
      }
    }
  });

  it('is as wide as a page, or a telephone, whatever its axes need', async () => {
    for (const chart of [twenty, everything, chartOf([panelOf([lineOf('a')])])]) {
      expect(boxes(await drawSvg(chart)).width).toBeLessThanOrEqual(1000);
      expect(boxes(await drawSvg(chart, { layout: 'narrow' })).width).toBeLessThanOrEqual(380);
    }
  });

  it('can stand beside others in one page: no ids, no styles, no ground, text in the colour of the page', async () => {
    for (const chart of [everything, twenty]) {
      const svg = await drawSvg(chart);
      expect(svg).not.toMatch(/\sid=|url\(|<style|<script|<rect|href=/);
      expect(svg).toMatch(/^<svg [^>]*class="figure" role="img" aria-label="[^"]+"/);
      const fills = [...svg.matchAll(/<text[^>]* fill="([^"]*)"/g)].map(([, fill]) => fill);
      expect(new Set(fills)).toEqual(new Set(['currentColor']));
      const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    }
  });

  it('says nothing on the console', async () => {
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
    await drawChart(everything);
    await drawSvg(chartOf([panelOf([])]));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is white where it is empty in the PNG, and as large as asked for', async () => {
    const svg = await drawSvg(everything);
    const small = await svgToPng(svg, { zoom: 1 });
    const header = Buffer.from(small);
    expect(header.subarray(1, 4).toString()).toBe('PNG');
    expect(header.readUInt32BE(16)).toBe(boxes(svg).width);
    const corner = new Resvg(svg, { background: 'white' }).render().pixels.subarray(0, 4);
    expect([...corner]).toEqual([255, 255, 255, 255]);
  });
});
