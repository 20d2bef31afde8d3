/** An environment's current state for people: as text for a terminal, as SVG for a notebook or a page. */
import type { BatchedEnv } from './batched.ts';
import type { StateValue } from './economy.ts';
import { OrderError, UsageError } from './errors.ts';

export type RenderMode = 'text' | 'svg';

/**
 * The first copy's state and its derived quantities, with the economy's words and units: one row a number, one row a short array, and
 * of a longer array the count, mean, range and a histogram. The period is there where the environment keeps one. `text` is lines for a
 * terminal; `svg` one line of SVG on a transparent ground, drawn in `currentColor`, without ids, styles or scripts. Throws an OrderError
 * before the first reset and a UsageError for another mode. Invariant: equal states give equal text.
 */
export function render(env: BatchedEnv, mode: RenderMode): string {
  if (mode !== 'text' && mode !== 'svg') {
    throw new UsageError(`render: mode is ${JSON.stringify(mode)}; give "text" or "svg".`);
  }
  const { economy } = env;
  if (Object.keys(env.states[0]).length === 0) {
    throw new OrderError(`${economy.id}: render before the first reset; call reset({ seed }) first.`);
  }
  const page = { id: economy.id, title: economy.title, rows: rowsOf(env) };
  return mode === 'text' ? asText(page) : asSvg(page);
}

interface Page {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  readonly unit: string;
  readonly value: StateValue;
}

/** `info` is made for displays: it wins where it has the name of a state variable. */
function rowsOf(env: BatchedEnv): readonly Row[] {
  const values: Record<string, StateValue> = { ...env.states[0], ...env.info(0) };
  const rows = Object.entries(values).map(([name, value]) => {
    const { label, unit } = Object.hasOwn(env.economy.variables, name)
      ? env.economy.variables[name]
      : { label: name, unit: '' };
    return { label, unit, value };
  });
  const period = periodOf(env.save());
  return period === undefined ? rows : [...rows, { label: 'period', unit: '', value: period }];
}

/** The first copy's clock, under any number of wrappers; undefined if this kind of environment keeps none. */
function periodOf(saved: unknown): number | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined;
  if ('inner' in saved) return periodOf(saved.inner);
  if (!('copies' in saved) || !Array.isArray(saved.copies)) return undefined;
  const period: unknown = saved.copies[0]?.period;
  return typeof period === 'number' ? period : undefined;
}

/** Arrays of so few values are written out. */
const WRITTEN_OUT = 4;
const BINS = 24;

interface Summary {
  readonly words: string;
  readonly low: number;
  readonly high: number;
  /** Counts in bins of equal width from low to high. */
  readonly bins: readonly number[];
}

function shown(value: number): string {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(6));
  return String(rounded).replace('-', '−');
}

/** Words for a number or a short array; a summary for a longer array. */
function summary(value: StateValue): string | Summary {
  if (typeof value === 'number') return shown(value);
  if (value.length <= WRITTEN_OUT) return value.length === 0 ? 'empty' : Array.from(value, shown).join(', ');
  let [count, sum, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of value) {
    if (!Number.isFinite(x)) continue;
    count++;
    sum += x;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const bad = value.length - count;
  const badWords = bad === 0 ? '' : `, ${bad} not finite`;
  if (count === 0) return `${value.length} values${badWords}`;
  if (low === high) return `${value.length} values, ${bad === 0 ? 'all' : 'others'} ${shown(low)}${badWords}`;
  const bins = Array.from({ length: BINS }, () => 0);
  for (const x of value) if (Number.isFinite(x)) bins[bin(x, low, high)]++;
  return { words: `${value.length} values, mean ${shown(sum / count)}${badWords}`, low, high, bins };
}

function bin(value: number, low: number, high: number): number {
  return Math.min(BINS - 1, Math.floor((BINS * (value - low)) / (high - low)));
}

const BLOCKS = '▁▂▃▄▅▆▇█';

/** A longer one has a line to itself. */
const LONGEST_LABEL = 28;

function asText({ id, title, rows }: Page): string {
  const width = Math.min(LONGEST_LABEL, Math.max(...rows.map(({ label }) => label.length), 12));
  const summaries = rows.map(({ value }) => summary(value));
  const numbers = summaries.map((s, i) => (typeof rows[i].value === 'number' ? String(s).length : 0));
  const lines = rows.flatMap(({ label, unit }, i) => {
    const s = summaries[i];
    const indent = ' '.repeat(width + 4);
    const name = label.length > width ? `  ${label}\n${indent}` : `  ${label.padEnd(width)}  `;
    if (typeof s === 'string')
      return `${name}${unit === '' ? s : `${s.padEnd(Math.max(...numbers))}  ${unit}`}`;
    return [
      `${name}${s.words}${unit === '' ? '' : `  ${unit}`}`,
      `${indent}${shown(s.low)} ${blocks(s.bins)} ${shown(s.high)}`,
    ];
  });
  return [title, id, ...lines].join('\n');
}

/** Empty bins are blank: a rare value is still seen. */
function blocks(bins: readonly number[]): string {
  const most = Math.max(...bins);
  return bins
    .map((count) => (count === 0 ? ' ' : BLOCKS[Math.ceil((count / most) * BLOCKS.length) - 1]))
    .join('');
}

const WIDTH = 420;
const MARGIN = 12;
/** A label with less room than this beside its value has the value below it. */
const LABELS = 240;
const LINE = 18;
const HISTOGRAM = 36;
const SIZES = { id: 14, title: 11, row: 12, small: 11 } as const;
/** With the fonts of most machines no wider than the first. */
const FONTS = 'DejaVu Sans, Verdana, Geneva, sans-serif';

function asSvg({ id, title, rows }: Page): string {
  const parts: string[] = [];
  let y = MARGIN;
  const write = (words: string, x: number, at: number, attributes: string) => {
    parts.push(`<text x="${x}" y="${at}" ${attributes}>${escapeXml(words)}</text>`);
  };
  const inner = WIDTH - 2 * MARGIN;
  const paragraph = (words: string, size: number, attributes: string) => {
    for (const line of wrapped(words, inner, size)) {
      y += LINE;
      write(line, MARGIN, y - 4, `font-size="${size}"${attributes}`);
    }
  };
  paragraph(id, SIZES.id, ' font-weight="bold"');
  paragraph(title, SIZES.title, ' fill-opacity="0.75"');
  y += 4;
  for (const { label, unit, value } of rows) {
    const s = summary(value);
    parts.push(rule(y));
    const words = typeof s === 'string' ? s : s.words;
    const name = unit === '' ? label : `${label} (${unit})`;
    const beside = inner - textWidth(words, SIZES.row) - MARGIN;
    const isBeside = beside >= Math.min(LABELS, textWidth(name, SIZES.row));
    const top = y;
    for (const line of wrapped(name, isBeside ? beside : inner, SIZES.row)) {
      y += LINE;
      write(line, MARGIN, y - 4, `font-size="${SIZES.row}"`);
    }
    const right = `font-size="${SIZES.row}" text-anchor="end"`;
    if (isBeside) {
      write(words, WIDTH - MARGIN, top + LINE - 4, right);
    } else {
      for (const line of wrapped(words, inner, SIZES.row)) {
        y += LINE;
        write(line, WIDTH - MARGIN, y - 4, right);
      }
    }
    if (typeof s !== 'string') {
      parts.push(histogram(s.bins, y + 4));
      y += HISTOGRAM + LINE;
      const small = `font-size="${SIZES.small}" fill-opacity="0.75"`;
      write(shown(s.low), MARGIN, y - 2, small);
      write(shown(s.high), WIDTH - MARGIN, y - 2, `${small} text-anchor="end"`);
      y += 4;
    }
    y += 4;
  }
  const height = y + MARGIN - 4;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `font-family="${FONTS}" fill="currentColor" role="img" aria-label="${escapeXml(id)}">${parts.join('')}</svg>`
  );
}

function rule(y: number): string {
  return `<path d="M${MARGIN},${y}H${WIDTH - MARGIN}" stroke="currentColor" stroke-opacity="0.15"/>`;
}

/** Bars on a line, as high as their counts; the fullest bin has the whole height. */
function histogram(bins: readonly number[], top: number): string {
  const most = Math.max(...bins);
  const width = (WIDTH - 2 * MARGIN) / bins.length;
  const foot = top + HISTOGRAM;
  const bars = bins.map((count, i) => {
    if (count === 0) return '';
    const height = Math.max(1, (HISTOGRAM * count) / most);
    const [x, y] = [MARGIN + i * width + 0.5, foot - height].map(rounded);
    return `<rect x="${x}" y="${y}" width="${rounded(width - 1)}" height="${rounded(height)}" fill-opacity="0.55"/>`;
  });
  const line = `<path d="M${MARGIN},${foot}H${WIDTH - MARGIN}" stroke="currentColor" stroke-opacity="0.55"/>`;
  return bars.join('') + line;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Lines no wider than `width` px, broken between words, and within a word that is too long alone. */
function wrapped(words: string, width: number, size: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, size) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (textWidth(line + character, size) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...lines, line];
}

/** Width of bold text in px, rather too large than too small: in ems for each kind of character, as in DejaVu Sans Bold. */
function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) {
    if (/[ilj.,:;'|!()[\] tfr]/.test(character)) ems += 0.49;
    else if (/[mwMW%@]/.test(character) || character > '\u02ff') ems += 1.11;
    else if (/[A-Z+=<>~_#&]/.test(character)) ems += 0.86;
    else ems += 0.72;
  }
  return ems * size;
}

/** Text as it stands in XML and HTML, between tags or in a quoted attribute; control characters, which XML has no place for, are left out. */
export function escapeXml(text: string): string {
  return withoutControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Text without the characters that XML 1.0 (section 2.2) has no place for: control characters and halves of pairs. */
export function withoutControls(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
}
