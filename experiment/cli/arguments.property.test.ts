import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { valuesOf } from '../../core/testing/settings.ts';
import { holds } from '../../numerics/testing/property.ts';
import { helpText, type OptionRecord, optionSpecs, parseArguments, toArguments } from './arguments.ts';
import { compareOptions, evalOptions, parseSeeds, simulateOptions, trainOptions } from './options.ts';

const RECORDS: readonly (readonly [name: string, record: OptionRecord])[] = [
  ['train', trainOptions],
  ['eval', evalOptions],
  ['simulate', simulateOptions],
  ['compare', compareOptions],
];

/** Any text, and texts that come near to what options take. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom(
    '',
    '-',
    '--',
    '-h',
    '--help',
    '-1',
    '--=',
    '=',
    'null',
    'true',
    '__proto__',
    '0x10',
    '1-5',
    '1600',
    'none',
  ),
  fc.string({ maxLength: 8 }).map((text) => `name=${text}`),
);

/** Arguments as somebody, or some other program, could give them: flags right and wrong, with values, without, joined, apart. */
function argumentsFor(record: OptionRecord): fc.Arbitrary<readonly string[]> {
  const flags = fc.oneof(
    fc.constantFrom(...optionSpecs(record).map(({ flag }) => flag), '--help', '-h'),
    fc.constantFrom('--sed', '--__proto__', '--constructor', '--no-json', '-x', '-hx', '---'),
    texts.map((text) => `--${text}`),
  );
  const groups = fc.oneof(
    flags.map((flag) => [flag]),
    fc.tuple(flags, texts).map(([flag, text]) => [flag, text]),
    fc.tuple(flags, texts).map(([flag, text]) => [`${flag}=${text}`]),
    texts.map((text) => [text]),
  );
  return fc.array(groups, { maxLength: 5 }).map((list) => list.flat());
}

/** Options that the record allows, each of them asked for or not. */
function optionsFor(record: OptionRecord): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const values = optionSpecs(record).map(({ key, schema, kind }) => {
    const allowed = (value: string) => accepts(record, key, kind === 'list' ? [value] : value);
    // Texts that every pattern has some of.
    const known = ['oracle', 'name=value', '1-3,7', '6.25'].filter(allowed);
    const text = texts.map((value) => (allowed(value) ? value : known[value.length % known.length]));
    if (kind === 'list') return [key, fc.array(text, { maxLength: 3 })] as const;
    const isText = schema.type === 'string' && schema.enum === undefined;
    return [key, isText ? text : valuesOf(schema, key)] as const;
  });
  return fc.record(Object.fromEntries(values), { requiredKeys: [], noNullPrototype: true });
}

function accepts(record: OptionRecord, key: string, value: unknown): boolean {
  return record.safeParse({ [key]: value }).success;
}

describe.each(RECORDS)('the options of %s', (_name, record) => {
  it('are accepted, or refused with the option, or the argument, that is wrong', () => {
    holds(
      fc.property(argumentsFor(record), (args) => {
        let error: unknown;
        try {
          const { options } = parseArguments(record, args);
          expect(record.parse(options)).toEqual(options);
          return;
        } catch (thrown) {
          error = thrown;
        }
        if (!(error instanceof UsageError)) throw error;
        const { message } = error;
        // Of single letters written together, -hx, the message names one: -x.
        const flags = args.flatMap((arg) =>
          /^-[^-]/.test(arg) ? Array.from(arg, (letter) => `-${letter}`) : [arg],
        );
        const named = flags.some((flag) => flag.startsWith('-') && message.includes(flag.split('=')[0]));
        const quoted = args.some((arg) => message.includes(`"${arg}"`));
        expect(named || quoted, message).toBe(true);
      }),
    );
  });

  it('become arguments that are read as the same options', () => {
    holds(
      fc.property(optionsFor(record), (asked) => {
        const options = record.parse(asked);
        const args = toArguments(record, options);
        expect(parseArguments(record, args).options, args.join(' ')).toEqual(options);
      }),
    );
  });

  it('have a help that needs nothing else', () => {
    expect(helpText({ name: 'x', summary: '' }, record)).toContain('--json');
  });
});

describe('--seeds', () => {
  it('is read as at most 1000 different seeds, or refused by name', () => {
    const lists = fc.oneof(
      texts,
      fc.string({ unit: fc.constantFrom(...'0123456789,-'), maxLength: 40 }),
      fc
        .array(fc.tuple(fc.nat(2000), fc.oneof(fc.nat(40), fc.nat(1200))), { minLength: 1, maxLength: 5 })
        .map((parts) =>
          parts.map(([first, more]) => (more === 0 ? `${first}` : `${first}-${first + more}`)).join(','),
        ),
    );
    holds(
      fc.property(lists, (text) => {
        let seeds: readonly number[];
        try {
          seeds = parseSeeds(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect(String(error)).toContain('--seeds');
          return;
        }
        expect(trainOptions.safeParse({ seeds: text }).success).toBe(true);
        expect(seeds.length).toBeGreaterThan(0);
        expect(seeds.length).toBeLessThanOrEqual(1000);
        expect(new Set(seeds).size).toBe(seeds.length);
        expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
        expect(parseSeeds(seeds.join(','))).toEqual(seeds);
      }),
    );
  });
});
