/** One self-contained page from plain data: results, pictures, settings with sources, and how to do it again. */
import { anchor, type Html, html, localLink, trusted } from './html.ts';
import { CONTENT_SECURITY_POLICY, STYLE } from './style.ts';
import { type InlineSvg, inlineSvg } from './svg.ts';

/** All that a page says. Every text is plain; paths are relative to the page's folder. */
export interface Report {
  readonly title: string;
  /** One sentence under the title. */
  readonly subtitle: string;
  /** What was run in a few words each, on one line. */
  readonly byline: readonly string[];
  /** What a reader must know before believing the numbers. */
  readonly warnings: readonly string[];
  readonly results: ReportTable;
  readonly facts: readonly Fact[];
  /** How to run it again, go on, look closer. */
  readonly commands: readonly CommandLine[];
  readonly figures: readonly FigureSection[];
  readonly settings: readonly SettingsSection[];
  readonly tables: readonly DataTable[];
  readonly files: readonly FileNote[];
  /** Last line of the page. */
  readonly footer: string;
}

export interface ReportTable {
  readonly caption: string;
  readonly header: readonly string[];
  /** Rows may be shorter than the header; a first cell that begins with spaces is part of the row above. */
  readonly rows: readonly (readonly string[])[];
  /** How the columns are set; default: the first to the left, the others to the right. */
  readonly align?: readonly ('left' | 'right')[] | undefined;
  /** Where the first cell of a row leads, by row; undefined or left out: nowhere. */
  readonly links?: readonly (string | undefined)[] | undefined;
  readonly notes: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface CommandLine {
  /** As it is typed. */
  readonly text: string;
  /** What it does, in a few words. */
  readonly meaning: string;
}

export interface FigureSection {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export interface Figure {
  /** Name of its files in `plots/` without ending. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** As this program drew it. */
  readonly svg: string;
  /** The same for a narrow screen; without it, a wide drawing scrolls there. */
  readonly narrow?: string | undefined;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
}

export interface SettingsSection {
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly SettingRow[];
}

export interface SettingRow {
  readonly name: string;
  /** As a reader takes it in. */
  readonly value: string;
  /** With all digits. */
  readonly exact: string;
  readonly unit: string;
  readonly description: string;
  readonly source: string;
  /** The default, and who changed it; undefined if the value is the default. */
  readonly changed: { readonly standard: string; readonly by: string } | undefined;
}

export interface DataTable {
  /** Name of its file in `tables/` without ending. */
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  /** Heads of its columns. */
  readonly columns: readonly string[];
}

export interface FileNote {
  readonly path: string;
  readonly meaning: string;
}

/**
 * The page as one text: no script, nothing loaded, everything escaped. Throws an Error for a drawing that is not plain SVG, a TypeError
 * for a path that is not relative. Invariant: equal reports give equal pages.
 */
export function reportPage(report: Report): string {
  const { title, subtitle, byline, warnings, footer } = report;
  const sections = sectionsOf(report);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
<title>${title}</title>
<link rel="icon" href="data:," />
<style>
${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
${byline.length === 0 ? undefined : html`<ul class="byline">${byline.map((text) => html`<li>${text}</li>`)}</ul>`}
</header>
<nav aria-label="Contents">
<ol>
${sections.map(({ id, heading }) => html`<li><a href="${anchor(id)}">${heading}</a></li>\n`)}</ol>
</nav>
<main id="content">
${warningsBlock(warnings)}${sections.map(
  ({ id, heading, body }) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}</section>
`,
)}</main>
<footer>
<p>${footer}</p>
</footer>
</body>
</html>
`;
  return page.toString();
}

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

/** Sections that have something to say, in the order of a paper; figures and tables are numbered through. */
function sectionsOf(report: Report): readonly Section[] {
  const { results, facts, commands, figures, settings, tables, files } = report;
  const next = { figure: 0, table: 0 };
  const number = (kind: keyof typeof next) => {
    next[kind] += 1;
    return next[kind];
  };
  const all = [
    {
      id: 'results',
      heading: 'Results',
      body: resultsBody(results, number('table')),
      size: results.rows.length,
    },
    {
      id: 'run',
      heading: 'What was run, and how to repeat it',
      body: runBody(facts, commands),
      size: facts.length,
    },
    ...figures.map((section, i) => ({
      id: `figures-${i + 1}`,
      heading: section.title,
      body: html`${section.figures.map((figure) => figureBlock(figure, number('figure')))}`,
      size: section.figures.length,
    })),
    ...settings.map((section, i) => ({
      id: `settings-${i + 1}`,
      heading: section.title,
      body: settingsBody(section, number('table')),
      size: section.rows.length,
    })),
    {
      id: 'files',
      heading: 'Data and files',
      body: html`${tables.length === 0 ? undefined : tablesBody(tables, number('table'))}${filesBody(files)}`,
      size: tables.length + files.length,
    },
  ];
  return all.filter(({ size }) => size > 0);
}

function warningsBlock(warnings: readonly string[]): Html | undefined {
  if (warnings.length === 0) return undefined;
  return html`<aside class="warnings" aria-label="Warnings">
${warnings.map((text) => html`<p><strong>Warning:</strong> ${asSentence(text)}</p>\n`)}</aside>
`;
}

function resultsBody(
  { caption, header, rows, align = [], links = [], notes }: ReportTable,
  number: number,
): Html {
  const side = (j: number) => align[j] ?? (j === 0 ? 'left' : 'right');
  const row = (cells: readonly string[], i: number) => {
    const [first = '', ...values] = header.map((_, j) => cells[j] ?? '');
    const to = links[i];
    const label =
      to === undefined ? html`${first.trim()}` : html`<a href="${localLink(to)}">${first.trim()}</a>`;
    const kind = first.startsWith(' ') ? html` class="part"` : undefined;
    return html`<tr><th scope="row"${kind}>${label}</th>${values.map((value, j) => html`<td class="${side(j + 1)}">${unbroken(value)}</td>`)}</tr>\n`;
  };
  const head = header.map((name, j) =>
    name === '' ? html`<td></td>` : html`<th scope="col" class="${side(j)}">${name}</th>`,
  );
  const table = html`<table class="results">
${captionOf('results', `Table ${number}`, caption)}
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map(row)}</tbody>
</table>
`;
  return html`${scrolling('results', table)}${notes.map((note) => html`<p class="note">${note}</p>\n`)}`;
}

function runBody(facts: readonly Fact[], commands: readonly CommandLine[]): Html {
  const list = facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  const lines = commands.map(
    ({ text, meaning }) => html`<p>${meaning}:</p>\n<pre><code>${text}</code></pre>\n`,
  );
  return html`<dl class="facts">
${list}</dl>
${lines.length === 0 ? undefined : html`<div class="commands">\n${lines}</div>\n`}`;
}

/** Drawings wider than this scroll on a narrow screen, where there is none for it, rather than become too small to read. */
const NARROW = 560;

function figureBlock(figure: Figure, number: number): Html {
  const { name, title, caption, svg, narrow, alt } = figure;
  const id = `figure-${number}`;
  const drawing = inlineSvg(svg, { name, prefix: id, label: alt });
  const links = ['svg', 'png'].map((kind) => {
    const text = kind.toUpperCase();
    return html`<a href="${localLink(`plots/${name}.${kind}`)}" aria-label="${`Figure ${number} as ${text}`}">${text}</a>`;
  });
  const heading = drawing.says(title) ? undefined : html` ${asSentence(title)}`;
  return html`<figure id="${id}">
${narrow === undefined ? oneDrawing(drawing, number) : twoDrawings(drawing, figure, narrow, id)}
<figcaption><strong>Figure ${number}.${heading}</strong> ${caption} <span class="links">${links[0]} ${links[1]}</span></figcaption>
</figure>
`;
}

function oneDrawing({ markup, width }: InlineSvg, number: number): Html {
  if (width <= NARROW) return html`<div class="drawing">${markup}</div>`;
  const label = `Figure ${number}; it scrolls on a narrow screen`;
  return html`<div class="drawing scrolls" role="group" aria-label="${label}" tabindex="0">${markup}</div>`;
}

/** The style sheet shows one of them. */
function twoDrawings({ markup }: InlineSvg, { name, alt }: Figure, narrow: string, id: string): Html {
  const small = inlineSvg(narrow, { name, prefix: `${id}-narrow`, label: alt });
  return html`<div class="drawing for-wide">${markup}</div>
<div class="drawing for-narrow">${small.markup}</div>`;
}

function settingsBody({ caption, rows }: SettingsSection, number: number): Html {
  const id = `table-${number}`;
  // Narrow screens show each row as a block, which some browsers no longer call a table unless they are told.
  const cells = ({ name, value, exact, unit, description, source, changed }: SettingRow) =>
    html`<tr role="row"${
      changed === undefined ? undefined : html` class="changed"`
    }><th scope="row" role="rowheader">${breakable(name)}</th><td role="cell" class="value"><data value="${exact}">${value}</data>${
      changed === undefined
        ? undefined
        : html`<small>changed by ${changed.by}; default ${changed.standard}</small>`
    }</td><td role="cell" class="unit">${unit}</td><td role="cell" class="meaning">${description}</td><td role="cell" class="source">${source}</td></tr>\n`;
  const heads = ['Setting', 'Value', 'Unit, or choices', 'Meaning', 'Source'].map(
    (head) => html`<th scope="col" role="columnheader">${head}</th>`,
  );
  const table = html`<table class="settings" role="table">
${captionOf(id, `Table ${number}`, caption)}
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${rows.map(cells)}</tbody>
</table>
`;
  return scrolling(id, table);
}

function tablesBody(tables: readonly DataTable[], number: number): Html {
  const id = `table-${number}`;
  const rows = tables.map(
    ({ name, title, rows: count, columns }) =>
      html`<tr><th scope="row"><a href="${localLink(`tables/${name}.csv`)}">${`tables/${name}.csv`}</a></th><td class="right">${count}</td><td class="left"><p>${title}</p><p class="columns">${columns.map((column, i) => html`${i === 0 ? undefined : ', '}<code>${column}</code>`)}</p></td></tr>\n`,
  );
  const table = html`<table class="data">
${captionOf(id, `Table ${number}`, 'Tables of this folder, as CSV')}
<thead><tr><th scope="col" class="left">File</th><th scope="col" class="right">Rows</th><th scope="col" class="left">What, and its columns</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
`;
  return scrolling(id, table);
}

function filesBody(files: readonly FileNote[]): Html | undefined {
  if (files.length === 0) return undefined;
  return html`<dl class="files">
${files.map(({ path, meaning }) => html`<div><dt><a href="${localLink(path)}">${path}</a></dt><dd>${meaning}</dd></div>\n`)}</dl>
`;
}

function captionOf(id: string, number: string, text: string): Html {
  return html`<caption id="${id}-caption"><span><strong>${number}.</strong> ${asSentence(text)}</span></caption>`;
}

/** An interval may break between its ends, other numbers nowhere. */
function unbroken(value: string): Html {
  const ends = value.split(' .. ');
  if (ends.length !== 2) return html`${value}`;
  return html`<span>${ends[0]} ..</span> <span>${ends[1]}</span>`;
}

/** A table that is too wide scrolls by itself, also from the keyboard; the page never does. */
function scrolling(id: string, table: Html): Html {
  return html`<div class="scroll" role="region" aria-labelledby="${id}-caption" tabindex="0">
${table}</div>
`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) || text === '' ? text : `${text}.`;
}

/** A name in camel case that may break between its words. */
function breakable(name: string): Html {
  const words = name.split(/(?<=[a-z])(?=[A-Z])/);
  return html`${words.map((word, i) => html`${i === 0 ? undefined : html`<wbr />`}${word}`)}`;
}
