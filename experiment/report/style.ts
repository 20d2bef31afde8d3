/** How a report looks: light and dark, wide and narrow, on paper. */
import { darkStyle } from '../figures/colours.ts';

/** Nothing runs and nothing is fetched, whatever the page says. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** Colours by scheme: text on paper, on a warning and in a code block has a contrast of at least 4.5 (a test computes it). */
export const SCHEMES = {
  light: {
    paper: '#ffffff',
    ink: '#1c2128',
    muted: '#57606a',
    link: '#0b57b0',
    rule: '#d4d9df',
    grid: '#e3e6ea',
    axis: '#7a828c',
    block: '#f4f6f8',
    warning: '#fff6dd',
    edge: '#b7791f',
    mark: '#8a4b00',
  },
  dark: {
    paper: '#14171c',
    ink: '#e4e7eb',
    muted: '#a3adb8',
    link: '#84bbff',
    rule: '#363c45',
    grid: '#2b3038',
    axis: '#89929e',
    block: '#1d2229',
    warning: '#2f2611',
    edge: '#d9a441',
    mark: '#f0b95a',
  },
} as const;

function variables(scheme: Readonly<Record<string, string>>): string {
  return Object.entries(scheme)
    .map(([name, value]) => `  --${name}: ${value};`)
    .join('\n');
}

/** The style sheet. Paper takes the light scheme. */
export const STYLE = `:root {
${variables(SCHEMES.light)}
  color-scheme: light dark;
}
@media screen and (prefers-color-scheme: dark) {
:root {
${variables(SCHEMES.dark)}
}
${darkStyle('.drawing')}
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 66rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.25rem; letter-spacing: -0.01em; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 0.75rem; }
p { margin: 0 0 0.75rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre, .settings th[scope='row'] { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.875em; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
.subtitle { font-size: 1.0625rem; color: var(--muted); margin: 0 0 0.5rem; text-wrap: pretty; }
.byline { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0; font-size: 0.9375rem; }
header { padding-bottom: 1.25rem; border-bottom: 1px solid var(--rule); }
nav ol { list-style: none; margin: 0; padding: 1rem 0 0; display: flex; flex-wrap: wrap; gap: 0.375rem 1.25rem; font-size: 0.9375rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 2.5rem; }
.warnings { margin-top: 1.5rem; padding: 0.875rem 1.125rem; background: var(--warning); border-left: 4px solid var(--edge); }
.warnings p:last-child { margin: 0; }
.scroll, .drawing.scrolls { overflow-x: auto; }
.scroll { margin: 0 0 0.875rem; }
table { overflow-wrap: normal; border-collapse: collapse; font-size: 0.9375rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 0.5rem; color: var(--muted); }
caption span { display: block; overflow-wrap: anywhere; position: sticky; left: 0; max-width: min(46rem, 100vw - 2rem); }
caption strong { color: var(--ink); }
th, td { padding: 0.375rem 0.75rem; vertical-align: baseline; border-top: 1px solid var(--rule); text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th, thead td { border-top: 2px solid var(--ink); }
tbody tr:first-child > * { border-top-color: var(--ink); }
tbody tr:last-child > * { border-bottom: 2px solid var(--ink); }
th[scope='row'] { font-weight: normal; }
th.right, td.right { text-align: right; }
td.right, td.right span { white-space: nowrap; }
td.right:has(span) { white-space: normal; }
.results th.part { padding-left: 1.25rem; color: var(--muted); }
.results th[scope='row'] { position: sticky; left: 0; background: var(--paper); min-width: 7rem; }
.results td.left { min-width: 12rem; }
.note { font-size: 0.9375rem; color: var(--muted); max-width: 46rem; margin: 0 0 0.375rem; }
.facts, .files { margin: 0; font-size: 0.9375rem; }
.facts div, .files div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 1rem; padding: 0.25rem 0; border-top: 1px solid var(--rule); }
.facts div:last-child, .files div:last-child { border-bottom: 1px solid var(--rule); }
.facts dt { color: var(--muted); }
.files div { grid-template-columns: 16rem minmax(0, 1fr); }
dd { margin: 0; }
.commands { margin-top: 1.25rem; }
.commands p { margin: 0 0 0.25rem; font-size: 0.9375rem; }
pre { margin: 0 0 0.875rem; padding: 0.625rem 0.875rem; background: var(--block); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 0 0 2rem; }
.drawing svg { display: block; max-width: 100%; height: auto; }
.drawing.scrolls svg { min-width: 35rem; }
.for-narrow { display: none; }
figcaption { margin-top: 0.625rem; font-size: 0.9375rem; max-width: 46rem; color: var(--muted); }
figcaption strong { color: var(--ink); }
.links { white-space: nowrap; }
.drawing text { fill: currentColor; }
.drawing .role-axis-grid [stroke^='#'] { stroke: var(--grid); }
.drawing .role-axis-tick [stroke^='#'], .drawing .role-axis-domain [stroke^='#'] { stroke: var(--axis); }
.drawing .background[stroke^='#'] { stroke: var(--rule); }
.settings { width: 100%; }
.settings th[scope='row'] { white-space: nowrap; }
.settings wbr { display: none; }
.settings .value { white-space: nowrap; min-width: 6rem; }
.settings .value small { display: block; white-space: normal; }
.settings .changed .value data { font-weight: 600; }
.settings .changed .value small { color: var(--mark); }
.settings .unit { min-width: 6rem; }
.settings .meaning { min-width: 16rem; }
.settings .source { min-width: 12rem; color: var(--muted); }
.data p { margin: 0; }
.data .columns { color: var(--muted); }
.data code { overflow-wrap: anywhere; }
.data td.left { min-width: 8rem; }
.scroll + .files { margin-top: 1.5rem; }
footer { margin-top: 3rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); font-size: 0.875rem; color: var(--muted); }
@media (max-width: 48rem) {
body { padding: 1.25rem 1rem 2rem; }
h1 { font-size: 1.4375rem; }
th, td { padding: 0.375rem 0.5rem; }
.results { font-size: 0.875rem; }
.results th, .results td { padding-inline: 0.3125rem; }
.results th:first-child, .results td:first-child { padding-left: 0; }
.results th:last-child, .results td:last-child { padding-right: 0; }
.results th[scope='row'] { min-width: 5.5rem; }
.for-narrow { display: block; }
.for-wide { display: none; }
.facts div { grid-template-columns: 6.5rem minmax(0, 1fr); }
.files div { grid-template-columns: minmax(0, 1fr); }
.settings, .settings tbody, .settings caption { display: block; }
.settings thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.settings tr { display: grid; grid-template-columns: minmax(0, 1fr) fit-content(60%); gap: 0 0.75rem; padding: 0.5rem 0; border-top: 1px solid var(--rule); }
.settings tbody tr > * { white-space: normal; overflow-wrap: anywhere; }
.settings wbr { display: inline; }
.settings tbody tr > th, .settings tbody tr > td { padding: 0; border: 0; min-width: 0; }
.settings .value { text-align: right; }
.settings .value small { max-width: 12rem; }
.settings .unit { grid-column: 1 / -1; text-align: right; color: var(--muted); }
.settings .unit:empty { display: none; }
.settings .meaning, .settings .source { grid-column: 1 / -1; }
}
@media print {
body { max-width: none; padding: 0; font-size: 10pt; }
nav, .skip, .links { display: none; }
.scroll, .drawing.scrolls { overflow: visible; }
.drawing.scrolls svg { min-width: 0; }
.for-wide { display: block; }
.for-narrow { display: none; }
a { color: inherit; text-decoration: none; }
h2, caption { break-after: avoid; }
figure, tr, pre, .warnings { break-inside: avoid; }
}
`;
