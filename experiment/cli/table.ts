/** Plain text tables. */

export interface TableOptions {
  /** Names above the columns; left out: none. */
  readonly header?: readonly string[];
  /** How the columns are set; default: the first to the left, the others to the right. */
  readonly align?: readonly ('left' | 'right')[];
}

/**
 * Rows of cells as aligned lines: columns as wide as their widest cell, two spaces apart, a rule under the header, no spaces at the
 * ends of lines. Rows may be shorter than others. Invariant: as many lines as rows, and two more with a header.
 */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { header, align = [] } = options;
  const all = header === undefined ? rows : [header, ...rows];
  const columns = all.reduce((count, row) => Math.max(count, row.length), 0);
  const widths = Array.from({ length: columns }, (_, j) =>
    all.reduce((width, row) => Math.max(width, textWidth(row[j] ?? '')), 0),
  );
  const lines = all.map((row) =>
    widths
      .map((width, j) => pad(row[j] ?? '', width, align[j] ?? (j === 0 ? 'left' : 'right')))
      .join('  ')
      .trimEnd(),
  );
  if (header !== undefined) lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

/** A number to that many significant digits, without exponent between 1e-4 and 1e7; a dash for what is not there. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return '-';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(digits - 1);
  const decimals = value === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(decimals);
}

/** A count with its thousands set apart: 20,000. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A span of time: 8.4 s, 2 min 5 s, 3 h 12 min. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(width - textWidth(text));
  return side === 'left' ? text + space : space + text;
}

/** Letters outside the basic plane count once. */
function textWidth(text: string): number {
  return [...text].length;
}
