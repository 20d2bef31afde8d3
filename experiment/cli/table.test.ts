import { describe, expect, it } from 'vitest';
import { formatCount, formatNumber, formatSeconds, formatTable } from './table.ts';

describe('a table', () => {
  it('sets the first column to the left and numbers to the right, with a rule under the header', () => {
    const text = formatTable(
      [
        ['gap', '0.1'],
        ['loss', '12.25', 'x'],
      ],
      { header: ['', 'learned'] },
    );
    expect(text.split('\n')).toEqual([
      '      learned',
      '----  -------  -',
      'gap       0.1',
      'loss    12.25  x',
    ]);
  });

  it('follows the alignment given, and leaves no spaces at the ends of lines', () => {
    expect(
      formatTable(
        [
          ['a', 'b'],
          ['long', ''],
        ],
        { align: ['right', 'left'] },
      ),
    ).toBe('   a  b\nlong');
    expect(formatTable([])).toBe('');
  });

  it('counts a letter outside the basic plane once', () => {
    expect(
      formatTable([
        ['𝛼', '1'],
        ['bb', '2'],
      ]),
    ).toBe('𝛼   1\nbb  2');
  });
});

describe('numbers in a table', () => {
  it.each([
    [0.0026, '0.002600'],
    [-57.123456, '-57.12'],
    [0, '0'],
    [123456.7, '123457'],
    [1e-5, '1.000e-5'],
    [2.5e9, '2.500e+9'],
    [null, '-'],
    [undefined, '-'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%s reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('have their thousands set apart, and times in units a reader thinks in', () => {
    expect(formatCount(1234567.4)).toBe('1,234,567');
    expect([0.04, 59.9, 59.96, 125, 3599.6, 11520].map(formatSeconds)).toEqual([
      '0.0 s',
      '59.9 s',
      '1 min 0 s',
      '2 min 5 s',
      '1 h 0 min',
      '3 h 12 min',
    ]);
  });
});
