/** Tables as CSV. */
import type { Table } from '../../core/index.ts';

/** A field that would be read as something else. */
const SPECIAL = /[",\r\n]/;

/**
 * The table as text by RFC 4180: the columns' names, then one record a row, fields apart by commas, records ended by CRLF; a field with a
 * quote, a comma or a line break stands in quotes, its quotes doubled. Numbers are the shortest that read back as the same float64. Null,
 * and NaN (no value), are empty fields. Throws an Error for columns of unequal length and for infinite numbers.
 * Invariant: reading the fields back gives the same numbers and texts, bit for bit but for the sign of zero.
 */
export function csvText(table: Table): string {
  const { columns, name } = table;
  const rows = columns.length === 0 ? 0 : columns[0].values.length;
  const odd = columns.find(({ values }) => values.length !== rows);
  if (odd !== undefined) {
    throw new Error(
      `table ${name}: column ${odd.name} has ${odd.values.length} rows, ${columns[0].name} ${rows}; give all the same.`,
    );
  }
  const records = [columns.map((column) => quoted(column.name))];
  for (let i = 0; i < rows; i++) {
    records.push(columns.map((column) => field(column.values[i], `table ${name}: ${column.name}, row ${i}`)));
  }
  return records.map((record) => `${record.join(',')}\r\n`).join('');
}

function field(value: number | string | null, where: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return quoted(value);
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) throw new Error(`${where} is ${value}; a table holds finite numbers.`);
  return String(value);
}

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
