import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, findChromium, openBrowser, type View } from './browser-fixtures.ts';
import { reportPage } from './page.ts';
import { runReportPage } from './run-report.ts';
import { sweepReportPage } from './sweep-report.ts';
import { HOSTILE, reportOf, runOptions } from './test-fixtures.ts';

const program = findChromium();
if (program === undefined) {
  process.stdout.write('report in a browser: no Chromium on PATH or in CHROME_PATH, so this is not tested\n');
}

const VIEWS: readonly View[] = [1280, 768, 360].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

describe.skipIf(program === undefined)('in a browser', () => {
  let browser: Browser;
  const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
  const write = (name: string, page: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, page);
    return pathToFileURL(file).href;
  };

  beforeAll(() => {
    browser = openBrowser(program ?? '');
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  it('a page that prints, loads and is too wide is found out', async () => {
    const bad = `<!DOCTYPE html><img src="missing.png"><p style="width:2000px">x</p><script>console.log('x'); throw new Error('y')</script>`;
    const visit = await browser.visit(write('bad.html', bad), { width: 360, scheme: 'light' });
    expect(visit.messages.join()).toMatch(/consoleAPICalled.*exceptionThrown/s);
    expect(visit.requests).toEqual([expect.stringContaining('missing.png')]);
    expect(await visit.overflow()).toBeGreaterThan(1000);
    await visit.close();
  });

  it.each(VIEWS)('says nothing, asks for nothing and fits, $width px wide, $scheme', async (view) => {
    const options = await runOptions();
    const results = {
      header: ['seed', ...Array.from({ length: 8 }, (_, i) => `quantity ${i + 1}`)],
      rows: [['1', ...Array(8).fill('-0.1234 .. -0.1111')]],
      links: ['s1/report.html'],
      notes: [],
    };
    const pages = {
      'run.html': runReportPage(options),
      'sweep.html': sweepReportPage({ ...options, seeds: '1-5', preset: null, results }),
      'long.html': reportPage(reportOf('averylongwordwithoutanyplacetobreak'.repeat(8))),
    };
    for (const [name, page] of Object.entries(pages)) {
      const visit = await browser.visit(write(name, page), view);
      expect(visit.messages, name).toEqual([]);
      expect(visit.requests, name).toEqual([]);
      expect(await visit.overflow(), name).toBeLessThanOrEqual(0);
      expect(await visit.evaluate(SMALL_DRAWINGS), name).toEqual([]);
      await visit.close();
    }
  });

  it.each(['light', 'dark'] as const)(
    'takes the colours of the scheme, letters of drawings too, %s',
    async (scheme) => {
      const visit = await browser.visit(write('run.html', runReportPage(await runOptions())), {
        width: 1280,
        scheme,
      });
      const { paper, letters } = (await visit.evaluate(COLOURS)) as {
        paper: number;
        letters: readonly number[];
      };
      expect(letters.length).toBeGreaterThan(10);
      for (const letter of letters) {
        if (scheme === 'light') expect(paper - letter).toBeGreaterThan(120);
        else expect(letter - paper).toBeGreaterThan(120);
      }
      await visit.close();
    },
  );

  it('the numbers of the final table of a run are seen at once at 360 px', async () => {
    const url = write('run.html', runReportPage(await runOptions()));
    const visit = await browser.visit(url, { width: 360, scheme: 'light' });
    const hidden = `[...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1).length`;
    expect(await visit.evaluate(hidden)).toBe(0);
    await visit.close();
  });

  it('hostile texts run nothing', async () => {
    for (const [i, text] of HOSTILE.entries()) {
      const url = write(`hostile-${i}.html`, reportPage(reportOf(text)));
      const visit = await browser.visit(url, { width: 1280, scheme: 'light' });
      expect(visit.messages, text).toEqual([]);
      expect(visit.requests, text).toEqual([]);
      expect(await visit.evaluate('document.querySelectorAll("script, img, b").length'), text).toBe(0);
      await visit.close();
    }
  });
});

/** Drawings in sight whose letters are smaller than 6.5 px. */
const SMALL_DRAWINGS = `[...document.querySelectorAll('.drawing svg')]
  .filter((svg) => svg.getBoundingClientRect().width > 0)
  .flatMap((svg) => [...svg.querySelectorAll('text')].map((text) =>
    parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))
  .filter((size) => size < 6.5)`;

/** Green of the paper, and of every letter in a drawing that is in sight. */
const COLOURS = `(() => {
  const green = (colour) => Number(colour.match(/[\\d.]+/g)[1]);
  const texts = [...document.querySelectorAll('.drawing text')].filter((text) => text.getBoundingClientRect().width > 0);
  return {
    paper: green(getComputedStyle(document.body).backgroundColor),
    letters: texts.map((text) => green(getComputedStyle(text).fill)),
  };
})()`;
