import { describe, expect, it } from 'vitest';
import type { Column } from '../../core/index.ts';
import { csvText } from './csv.ts';

function tableOf(columns: Readonly<Record<string, Column['values']>>) {
  return {
    name: 'test',
    title: 'Test',
    columns: Object.entries(columns).map(([name, values]) => ({ name, label: name, unit: '', values })),
  };
}

/** Fields by record, by the grammar of RFC 4180, written apart from the writer. */
function parse(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      at += 1;
      for (; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        value += text[at];
        if (text[at] === '"') at += 1;
      }
      at += 1;
    } else {
      while (text[at] !== ',' && text[at] !== '\r') value += text[at++];
    }
    record.push(value);
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    records.push(record);
    record = [];
  }
  return records;
}

describe('a table as CSV', () => {
  it('has the names of the columns first, and reads back bit for bit', () => {
    const numbers = [0.1 + 0.2, 1 / 3, -5e-324, 1.7976931348623157e308, 123456789.123];
    const [head, ...rows] = parse(csvText(tableOf({ value: numbers, count: [1, 2, 3, 4, 5] })));
    expect(head).toEqual(['value', 'count']);
    expect(rows.map(([value]) => Number(value))).toEqual(numbers);
  });

  it('keeps quotes, commas and line breaks within a field', () => {
    const texts = ['a "quoted" word', 'one, two', 'line\r\nbreak', 'plain', '"', ','];
    const text = csvText(tableOf({ 'name, of all': texts }));
    expect(parse(text)).toEqual([['name, of all'], ...texts.map((field) => [field])]);
    expect(text).toContain('"a ""quoted"" word"\r\n');
    expect(text).toContain('\r\nplain\r\n');
  });

  it('leaves a field empty where there is no value', () => {
    expect(csvText(tableOf({ a: [1, null, Number.NaN], b: ['x', 'y', null] }))).toBe(
      'a,b\r\n1,x\r\n,y\r\n,\r\n',
    );
  });

  it('refuses columns of unequal length, and infinity', () => {
    expect(() => csvText(tableOf({ a: [1], b: [1, 2] }))).toThrow('column b has 2 rows, a 1');
    expect(() => csvText(tableOf({ a: [1, Infinity] }))).toThrow('a, row 1 is Infinity');
  });
});
