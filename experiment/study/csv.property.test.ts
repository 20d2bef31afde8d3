import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../../numerics/testing/property.ts';
import { csvText } from './csv.ts';

/** Every character that means something to a reader of CSV, many times over. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ' ', ';', '=', 'a', '\t'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom('', ' ', '""', '\ufeff', '\r\n', '=1+1', 'null', 'NaN'),
);
const numbers = fc.double({ noDefaultInfinity: true });

const tables = fc.integer({ min: 0, max: 6 }).chain((rows) => {
  const cells = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: rows, maxLength: rows });
  const column = fc.record({
    name: texts,
    values: fc.oneof(cells(texts), cells(numbers), cells(fc.oneof(texts, numbers, fc.constant(null)))),
  });
  return fc.array(column, { minLength: 1, maxLength: 5 });
});

function textOf(columns: typeof tables extends fc.Arbitrary<infer T> ? T : never): string {
  return csvText({
    name: 'test',
    title: 'Test',
    columns: columns.map(({ name, values }) => ({ name, label: name, unit: '', values })),
  });
}

/**
 * A reader by the grammar of RFC 4180, section 2, one regular expression for a field and what ends it; throws for what the grammar does
 * not have.
 */
function read(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) throw new Error(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    const [, quoted, plain, end] = match;
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      records.push(record);
      record = [];
    }
  }
  if (record.length > 0) throw new Error('the last record has no end');
  return records;
}

describe('any table as CSV', () => {
  it('is read back, by another reader, to the last character and bit', () => {
    holds(
      fc.property(tables, (columns) => {
        const [head, ...rows] = read(textOf(columns));
        expect(head).toEqual(columns.map(({ name }) => name));
        expect(rows.length).toBe(columns[0].values.length);
        rows.forEach((record, i) => {
          expect(record.length).toBe(columns.length);
          columns.forEach(({ values }, j) => {
            const value = values[i];
            if (typeof value === 'string') expect(record[j]).toBe(value);
            else if (value === null || Number.isNaN(value)) expect(record[j]).toBe('');
            // The sign of zero is not kept.
            else expect(Number(record[j])).toBe(value + 0);
          });
        });
      }),
    );
  });

  it('is the same text for the same table, and one record more for one row more', () => {
    holds(
      fc.property(tables, (columns) => {
        const text = textOf(columns);
        expect(textOf(columns)).toBe(text);
        const longer = columns.map(({ name, values }) => ({ name, values: [...values, 'x'] }));
        expect(read(textOf(longer)).slice(0, -1)).toEqual(read(text));
      }),
    );
  });
});
