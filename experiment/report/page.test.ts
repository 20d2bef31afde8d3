import { describe, expect, it } from 'vitest';
import { type Report, reportPage } from './page.ts';
import { SCHEMES, STYLE } from './style.ts';
import { HOSTILE, readMarkup, reportOf, SMALL_SVG } from './test-fixtures.ts';

const report = reportOf('plain words');
const page = reportPage(report);
const elements = readMarkup(page);
const named = (name: string, all = elements) => all.filter((element) => element.name === name);

describe('the page of a report', () => {
  it('has one main heading, landmarks, a language, and sections named by their headings', () => {
    expect(page.startsWith('<!DOCTYPE html>\n<html lang="en">')).toBe(true);
    expect(named('h1').map(({ text }) => text)).toEqual([report.title]);
    for (const landmark of ['header', 'nav', 'main', 'footer']) expect(named(landmark)).toHaveLength(1);
    const ids = named('h2').map(({ attributes }) => attributes.id);
    expect(named('section').map(({ attributes }) => attributes['aria-labelledby'])).toEqual(ids);
    expect(ids).toHaveLength(5);
  });

  it('has contents, captions and labels that lead to what is there, by ids that none shares', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = elements.flatMap(({ attributes }) => [
      ...(attributes['aria-labelledby']?.split(' ') ?? []),
      ...(attributes.href?.startsWith('#') ? [attributes.href.slice(1)] : []),
    ]);
    expect(wanted.length).toBeGreaterThan(10);
    expect(ids).toEqual(expect.arrayContaining(wanted));
  });

  it('heads every table with a caption, every column and row with a scope', () => {
    expect(named('table')).toHaveLength(3);
    expect(named('caption').map(({ text }) => text.split('.')[0])).toEqual(['Table 1', 'Table 2', 'Table 3']);
    for (const { attributes, within } of named('th')) {
      expect(attributes.scope).toBe(within.includes('thead') ? 'col' : 'row');
    }
    expect(named('tr').filter(({ within }) => within.includes('tbody'))).toHaveLength(
      named('th').filter(({ attributes }) => attributes.scope === 'row').length,
    );
  });

  it('names every drawing, and leads to its files', () => {
    const [svg] = named('svg');
    expect(svg.attributes).toMatchObject({ role: 'img', 'aria-label': report.figures[0].figures[0].alt });
    expect(svg.within.slice(-2)).toEqual(['figure', 'div']);
    expect(named('figcaption')[0].text).toBe('Figure 1. plain words. plain words SVG PNG');
    const links = named('a').map(({ attributes }) => attributes.href);
    expect(links).toEqual(
      expect.arrayContaining([
        'plots/plain%20words.svg',
        'plots/plain%20words.png',
        'tables/plain%20words.csv',
      ]),
    );
  });

  it('shows each warning before the results, and none where there is none', () => {
    expect(page.indexOf('Warning:')).toBeGreaterThan(0);
    expect(page.indexOf('Warning:')).toBeLessThan(page.indexOf('id="results"'));
    expect(reportPage({ ...report, warnings: [] })).not.toContain('Warning:');
  });

  it('leaves out sections that have nothing to say', () => {
    const bare = reportPage({
      ...report,
      figures: [],
      settings: [],
      tables: [],
      files: [],
      facts: [],
      commands: [],
    });
    expect(named('h2', readMarkup(bare)).map(({ text }) => text)).toEqual(['Results']);
  });

  it('marks what differs from the default, with the default and who changed it', () => {
    const [section] = report.settings;
    const rows = [
      { ...section.rows[0], name: 'depreciation', changed: { standard: '1', by: 'jesusfv/annual' } },
      { ...section.rows[0], name: 'horizon', changed: undefined },
    ];
    const table = readMarkup(reportPage({ ...report, settings: [{ ...section, rows }] }));
    const marks = named('small', table).map(({ text }) => text);
    expect(marks).toEqual(['changed by jesusfv/annual; default 1']);
    expect(named('tr', table).filter(({ attributes }) => attributes.class === 'changed')).toHaveLength(1);
  });

  it('sets parts under their row, fills short rows, and lets an interval break between its ends only', () => {
    const results = {
      ...report.results,
      header: ['', 'learned', 'optimal'],
      rows: [
        ['gap', '0.1', '0'],
        ['  household', '0.2 .. 0.3'],
      ],
      links: [],
    };
    const cells = readMarkup(reportPage({ ...report, results })).filter(
      ({ within }) => within.includes('tbody') && within.includes('table'),
    );
    const body = cells.filter(({ name }) => name === 'td').slice(0, 4);
    expect(body.map(({ text }) => text)).toEqual(['0.1', '0', '0.2 .. 0.3', '']);
    expect(body.map(({ attributes }) => attributes.class)).toEqual(Array(4).fill('right'));
    expect(cells.find(({ text }) => text === 'household')?.attributes.class).toBe('part');
    expect(cells.filter(({ name }) => name === 'span').map(({ text }) => text)).toEqual(['0.2 ..', '0.3']);
  });

  it('is the same text for the same report', () => {
    expect(reportPage(reportOf('plain words'))).toBe(page);
  });

  it('refuses a drawing that is not plain, by the name of its figure', () => {
    const figure = { ...report.figures[0].figures[0], name: 'policy' };
    const drawn = (svg: string): Report => ({
      ...report,
      figures: [{ title: 'x', figures: [{ ...figure, svg }] }],
    });
    expect(() => reportPage(drawn(SMALL_SVG.replace('<path', '<script')))).toThrow(/figure "policy"/);
    expect(() => reportPage({ ...report, files: [{ path: '/etc/passwd', meaning: 'x' }] })).toThrow(/path/);
  });
});

describe('a page of hostile texts', () => {
  const shape = (all: typeof elements) => all.map(({ name, attributes }) => [name, Object.keys(attributes)]);

  it.each(HOSTILE)('has the elements of any other page with %j', (text) => {
    const all = readMarkup(reportPage(reportOf(text)));
    expect(shape(all)).toEqual(shape(elements));
    for (const { attributes } of all) {
      const { href = '#' } = attributes;
      if (href !== 'data:,') expect(href).not.toMatch(/^\/|[:?<>"\s]/);
    }
  });
});

describe('a page without a network', () => {
  it('forbids everything but inline style and data images', () => {
    const policy = named('meta').find(({ attributes }) => attributes['http-equiv'] !== undefined);
    expect(policy?.attributes.content).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
    );
    const head = elements.filter(({ within }) => within.join() === 'html,head').map(({ name }) => name);
    expect(head.indexOf('style')).toBeGreaterThan(head.indexOf('meta'));
  });

  it('runs nothing and asks for nothing: no script, no source, no address, no import', () => {
    const allowed = new Set(elements.map(({ name }) => name));
    for (const name of ['script', 'iframe', 'object', 'embed', 'img', 'base', 'form']) {
      expect(allowed.has(name)).toBe(false);
    }
    expect(page).not.toMatch(/https?:|\bsrc=|srcset=|url\((?!#)|@import|@font-face|\bon[a-z]+="/);
    expect(named('link').map(({ attributes }) => attributes)).toEqual([{ rel: 'icon', href: 'data:,' }]);
  });
});

describe('the colours of the page', () => {
  const luminance = (colour: string) => {
    // WCAG 2.2, relative luminance of sRGB.
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  it.each(Object.entries(SCHEMES))('have a contrast of 4.5 for text and of 3 for edges, %s', (_, scheme) => {
    const { paper, ink, muted, link, mark, block, warning, axis, edge } = scheme;
    for (const text of [ink, muted, link, mark]) expect(contrast(text, paper)).toBeGreaterThanOrEqual(4.5);
    for (const ground of [block, warning]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
    for (const line of [axis, edge, link]) expect(contrast(line, paper)).toBeGreaterThanOrEqual(3);
  });

  it('follow the scheme of the reader on screens only, so that paper stays white', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 9);
    expect(STYLE.match(/prefers-color-scheme/g)).toHaveLength(1);
    expect(STYLE).toContain('@media screen and (prefers-color-scheme: dark)');
    expect(STYLE.split('{')).toHaveLength(STYLE.split('}').length);
  });
});
