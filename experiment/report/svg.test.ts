import { describe, expect, it } from 'vitest';
import { drawSvg } from '../figures/draw.ts';
import { inlineSvg } from './svg.ts';
import { readMarkup, SMALL_SVG } from './test-fixtures.ts';

const about = { name: 'policy', prefix: 'figure-1', label: 'consumption "share" over <capital>' };
const inline = (svg: string) => inlineSvg(svg, about).markup.toString();
const around = (inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${inner}</svg>`;

describe('a drawing on a page', () => {
  it('is an image with a name, and scales by its viewBox', () => {
    const [svg] = readMarkup(inline(around('<path d="M0,0"/>')));
    expect(svg.attributes).toEqual({
      role: 'img',
      'aria-label': about.label,
      viewBox: '0 0 40 30',
      width: '40',
      height: '30',
    });
    expect(inlineSvg(SMALL_SVG, about).width).toBe(40);
  });

  it('shares no id with another one, and does not depend on the ids it was drawn with', () => {
    const clipped = (id: string) =>
      around(`<defs><clipPath id="${id}"><rect width="9"/></clipPath></defs><g clip-path="url(#${id})"/>`);
    const first = inline(clipped('clip7'));
    expect(first).toContain('id="figure-1-1"');
    expect(first).toContain('clip-path="url(#figure-1-1)"');
    expect(inline(clipped('clip8'))).toBe(first);
    expect(inlineSvg(clipped('clip7'), { ...about, prefix: 'figure-2' }).markup.toString()).not.toContain(
      'figure-1',
    );
  });

  it('has black and dark grey in the ink of the page, and keeps its colours and light greys', () => {
    const drawn = inline(
      around(
        '<g stroke="#000" fill="#222222"><g stroke="rgb(40, 40, 44)" fill="#0072b2"/><g stroke="#ddd"/></g>',
      ),
    );
    expect(drawn).toContain('<g stroke="currentColor" fill="currentColor">');
    expect(drawn).toContain('<g stroke="currentColor" fill="#0072b2"/>');
    expect(drawn).toContain('<g stroke="#ddd"/>');
  });

  it('says whether its lettering has some words', () => {
    const drawing = inlineSvg(
      around('<desc>Hours</desc><text>Policy over</text><text>capital &amp; debt</text>'),
      about,
    );
    expect(drawing.says('Policy over capital & debt')).toBe(true);
    expect(drawing.says('Hours')).toBe(false);
  });

  it('is what vega draws, every shape and letter of it', async () => {
    const svg = await drawSvg({
      name: 'policy',
      title: 'Policy <of & "all">',
      caption: 'None.',
      panels: [
        {
          title: '',
          x: { label: 'capital', unit: '' },
          y: { label: 'share', unit: '' },
          series: [{ kind: 'line', name: 'learned', x: [1, 2, 3], y: [0.2, 0.4, 0.3] }],
        },
      ],
    });
    const before = readMarkup(svg);
    const after = readMarkup(inline(svg));
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(after.map(({ attributes }) => attributes.d)).toEqual(before.map(({ attributes }) => attributes.d));
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    expect(after.length).toBeGreaterThan(20);
  });
});

describe('a drawing that is not plain shapes and text', () => {
  it.each([
    ['a script', around('<script>alert(1)</script>'), /<script>/],
    ['a foreign object', around('<foreignObject><p>x</p></foreignObject>'), /<foreignObject>/],
    ['an image', around('<image href="x.png"/>'), /<image>/],
    ['a link', around('<a href="#x"><path d=""/></a>'), /<a>/],
    ['a style sheet', around('<style>@import "x"</style>'), /<style>/],
    ['an animation', around('<set attributeName="href" to="x"/>'), /<set>/],
    ['an event handler', around('<g onclick="alert(1)"/>'), /onclick/],
    ['an event handler on its root', '<svg onload="alert(1)" viewBox="0 0 1 1"/>', /onload/],
    ['a reference to a file', around('<use href="other.svg#x"/>'), /href="other/],
    ['a reference with a prefix', around('<use xlink:href="https://example.org/x"/>'), /xlink:href/],
    ['paint from elsewhere', around('<g fill="url(https://example.org/x)"/>'), /fill/],
    ['paint from elsewhere beside its own', around('<g fill="url(#a) url(//x.org)"/>'), /fill/],
    ['paint from elsewhere, escaped', around('<g style="fill:u\\72l(//x.org)"/>'), /style/],
    ['paint from elsewhere, as references', around('<g fill="u&#114;l(//x.org)"/>'), /fill/],
    ['another base', around('<g xml:base="https://example.org/"/>'), /xml:base/],
    [
      'another namespace',
      around('<g xmlns="http://www.w3.org/1999/xhtml"/>').replace('<g xmlns', '<g xmlns:h'),
      /xmlns:h/,
    ],
    ['an entity', `<!DOCTYPE svg [<!ENTITY x "y">]>${SMALL_SVG}`, /not plain SVG/],
    ['an unknown reference', around('<text>&x;</text>'), /no text/],
    ['a null byte', around('<text>\u0000</text>'), /no text/],
    ['a comment', around('<!-- x -->'), /not plain SVG/],
    ['character data', around('<![CDATA[<script>]]>'), /not plain SVG/],
    ['an attribute without quotes', around('<g fill=red/>'), /not plain SVG/],
    ['an unclosed element', '<svg viewBox="0 0 1 1"><g>', /before its last/],
    ['a crossed element', around('<g><text></g></text>'), /closes <g>/],
    ['two drawings', SMALL_SVG + SMALL_SVG, /after its end/],
    ['text around it', `x${SMALL_SVG}`, /before its beginning/],
    ['no size', '<svg><g/></svg>', /viewBox/],
    ['another root', '<g/>', /begins with <g>/],
    ['nothing at all', '', /ends before/],
  ])('is refused for %s', (_, svg, what) => {
    expect(() => inline(svg)).toThrow(what);
    expect(() => inline(svg)).toThrow(/^report: figure "policy" /);
  });
});
