import { describe, expect, it } from 'vitest';
import { anchor, escapeText, html, localLink } from './html.ts';
import { HOSTILE, readMarkup } from './test-fixtures.ts';

describe('a template', () => {
  it.each(HOSTILE)('makes text of %j, in elements and in attributes', (text) => {
    const [element, ...others] = readMarkup(html`<p title="${text}">${text}</p>`.toString());
    expect(others).toEqual([]);
    expect(Object.keys(element.attributes)).toEqual(['title']);
    expect(element.attributes.title).toBe(element.text);
    // What can be seen is there as it was.
    if (/^[ -~]*$/.test(text)) expect(element.text).toBe(text);
  });

  it('keeps markup that a template made, and nothing for what is not there', () => {
    const items = ['a', 'b'].map((name) => html`<li>${name}</li>`);
    expect(html`<ul>${items}${undefined}</ul>`.toString()).toBe('<ul><li>a</li><li>b</li></ul>');
  });

  it('refuses a value in an attribute without quotes', () => {
    expect(() => html`<p title=${'x onclick=alert(1)'}></p>`).toThrow(/quotes/);
  });

  it('refuses in href and src what is no link', () => {
    expect(() => html`<a href="${'javascript:alert(1)'}">x</a>`).toThrow(/localLink/);
    expect(() => html`<img src="${'https://example.org/x.png'}" />`).toThrow(/localLink/);
    expect(() => html`<a href="tables/${'x.csv'}">x</a>`).toThrow(/localLink/);
  });

  it('shows what could not be seen: control characters and turns of direction', () => {
    expect(escapeText('a\u0000b\u202Ec\u2066d\u0007')).toBe('a[U+0000]b[U+202E]c[U+2066]d[U+0007]');
    expect(escapeText('one\n\ttwo')).toBe('one\n\ttwo');
    expect(escapeText('é, ü, −, 数, שלום')).toBe('é, ü, −, 数, שלום');
  });
});

describe('a link', () => {
  it('leads below or beside the page', () => {
    expect(String(localLink('tables/policy.csv'))).toBe('tables/policy.csv');
    expect(String(localLink('../sac-jesusfv-s2/report.html'))).toBe('../sac-jesusfv-s2/report.html');
    expect(String(anchor('figure-1'))).toBe('#figure-1');
  });

  it.each(HOSTILE)('has no scheme, host, query or quote with the name %j', (text) => {
    if (text.startsWith('/')) return;
    const href = String(localLink(text));
    expect(href).not.toMatch(/[:?#"<>\\\s]/);
    expect(new URL(href, 'file:///folder/report.html').href).toMatch(/^file:\/\/\/folder\//);
  });

  it.each(['', '/etc/passwd', '//example.org/x'])('is refused to %j', (path) => {
    expect(() => localLink(path)).toThrow(/path from the page's folder/);
  });
});
