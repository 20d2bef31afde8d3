import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../../numerics/testing/property.ts';
import { anchor, escapeText, html, localLink } from './html.ts';
import { reportPage } from './page.ts';
import { HOSTILE, readMarkup, reportOf } from './test-fixtures.ts';

/** Texts of the characters that mean something, of pieces that try to become markup, and of anything. */
const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '/', '=', '-', '!', '#', ';', 'a', ' ', '`', '\n'),
    maxLength: 15,
  }),
  fc
    .array(fc.constantFrom(...HOSTILE, '&amp;', '&#x3c;', '<!--', '-->', '</p>', 'on="'), { maxLength: 4 })
    .map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

/** What references stand for, by this test. */
const resolve = (markup: string) =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('any text', () => {
  it('escaped has none of the five characters of markup, and nothing that cannot be seen', () => {
    holds(
      fc.property(texts, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
        expect(escaped).not.toMatch(/(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\u202a-\u202e\u2066-\u2069\ufeff]/u);
        // What could be seen is there as it was.
        if (!/\p{Cc}|\p{Surrogate}|[\u202a-\u202e\u2066-\u2069\ufeff]/u.test(text))
          expect(resolve(escaped)).toBe(text);
      }),
    );
  });

  it('in a template is text of its element and value of its attribute, and makes no other', () => {
    holds(
      fc.property(texts, texts, fc.array(texts, { maxLength: 3 }), (title, text, more) => {
        const items = more.map((item) => html`<li>${item}</li>`);
        const page =
          html`<div><p title="${title}" class='${text}'>${text}${undefined}</p><ul>${items}</ul></div>`.toString();
        // The reader of this folder's tests knows double quotes only.
        const elements = readMarkup(page.replace(/class='([^']*)'/, 'class="$1"'));
        expect(elements.map(({ name }) => name)).toEqual(['div', 'p', 'ul', ...more.map(() => 'li')]);
        const [, paragraph, , ...entries] = elements;
        expect(Object.keys(paragraph.attributes)).toEqual(['title', 'class']);
        expect(paragraph.attributes.title).toBe(resolve(escapeText(title)));
        expect(paragraph.attributes.class).toBe(resolve(escapeText(text)));
        expect(paragraph.text).toBe(resolve(escapeText(text)));
        expect(entries.map((element) => element.text)).toEqual(more.map((item) => resolve(escapeText(item))));
      }),
    );
  });

  it('as the path of a link leads nowhere but below or beside the page', () => {
    holds(
      fc.property(texts, texts, (path, id) => {
        if (path !== '' && !path.startsWith('/')) {
          const href = String(localLink(path));
          expect(href).toMatch(/^[A-Za-z0-9\-_.!~*'()%/]+$/);
          expect(new URL(href, 'https://here.example/a/b/c/report.html').host).toBe('here.example');
          const [element] = readMarkup(html`<a href="${localLink(path)}">x</a>`.toString());
          expect(Object.keys(element.attributes)).toEqual(['href']);
        } else expect(() => localLink(path)).toThrow(TypeError);
        expect(String(anchor(id))).toMatch(/^#[A-Za-z0-9\-_.!~*'()%]*$/);
      }),
    );
  });

  it('everywhere in a report leaves the page well-formed, with no element or attribute that a harmless text has not', () => {
    const kinds = (text: string) =>
      readMarkup(reportPage(reportOf(text))).flatMap(({ name, attributes }) => [
        name,
        ...Object.keys(attributes).map((attribute) => `${name} ${attribute}`),
      ]);
    // A text that begins with a space is indented, and one in camel case may break between its words.
    const known = new Set(['text', ' aName'].flatMap(kinds));
    holds(
      fc.property(
        texts.filter((text) => text !== '' && !text.trim().startsWith('/')),
        (text) => {
          expect(kinds(text).filter((kind) => !known.has(kind))).toEqual([]);
        },
      ),
      { quick: 30 },
    );
  });
});
