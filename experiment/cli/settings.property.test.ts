import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { sac } from '../../agents/sac/index.ts';
import { parseSettings, settingNames } from '../../core/calibration.ts';
import { UsageError } from '../../core/errors.ts';
import type { AnyMethod } from '../../core/index.ts';
import { settingsOf } from '../../core/testing/settings.ts';
import { environments } from '../../envs/index.ts';
import { holds } from '../../numerics/testing/property.ts';
import { changesByName, sortSettings } from './settings.ts';

const method = sac as unknown as AnyMethod;
const DEFINITIONS = [...environments.definitions.values()];
const SCHEMAS: readonly (readonly [string, z.ZodType<object>])[] = [
  ...DEFINITIONS.map(({ id, calibration }) => [id, calibration] as const),
  [method.name, method.settings],
];

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  fc.constantFrom(
    '',
    '.',
    '=',
    '__proto__',
    'constructor',
    'toString',
    'env',
    'env.',
    'sac.',
    'null',
    'NaN',
    '-0',
    '1e999',
  ),
);

/** Names that are known, nearly known, or unknown. */
const namesOf = (known: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...known),
    fc.constantFrom(...known).map((name) => name.slice(1)),
    words,
  );

describe.each(SCHEMAS)('any record of settings of %s', (where, schema) => {
  const known = settingNames(schema);

  it('is accepted, or refused with the name of the setting', () => {
    const records = fc.dictionary(namesOf(known), fc.oneof(fc.jsonValue(), words, fc.double().map(String)), {
      maxKeys: 4,
      noNullPrototype: true,
    });
    holds(
      fc.property(records, (settings) => {
        let parsed: object;
        try {
          parsed = parseSettings({ schema, settings, where });
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          // A condition on two settings names one of them, which may be the one that has its default.
          expect(
            [...Object.keys(settings), ...known].some((name) => error.message.includes(`"${name}"`)),
          ).toBe(true);
          return;
        }
        expect(Object.keys(parsed).sort()).toEqual([...known].sort());
      }),
    );
  });

  it('means the same when every number, choice and null is given as text', () => {
    holds(
      fc.property(settingsOf(schema), (settings) => {
        const texts = Object.fromEntries(
          Object.entries(settings).map(([own, value]) => [own, Object.is(value, -0) ? '-0' : String(value)]),
        );
        const parse = (values: Readonly<Record<string, unknown>>) => {
          try {
            return parseSettings({ schema, settings: values, where });
          } catch (error) {
            if (error instanceof UsageError) return 'refused';
            throw error;
          }
        };
        expect(parse(texts)).toEqual(parse(settings));
      }),
    );
  });
});

describe.each(DEFINITIONS.map((definition) => [definition.id, definition] as const))(
  '--set of %s',
  (_id, definition) => {
    const owners = { definition, method };
    const known = { env: settingNames(definition.calibration), method: settingNames(method.settings) };

    it('takes any list of texts, or refuses one of them', () => {
      const name = fc.oneof(
        namesOf([...known.env, ...known.method]),
        fc.tuple(words, namesOf([...known.env, ...known.method])).map((parts) => parts.join('.')),
        fc.constantFrom(...known.method).map((own) => `${method.name}.${own}`),
        fc.constantFrom(...known.env).map((own) => `env.${own}`),
      );
      const texts = fc.oneof(
        words,
        fc.tuple(name, words).map((parts) => parts.join('=')),
      );
      holds(
        fc.property(fc.array(texts, { maxLength: 4 }), (list) => {
          try {
            const sorted = sortSettings(list, owners);
            expect(Object.keys(sorted.env).every((own) => known.env.includes(own))).toBe(true);
            expect(Object.keys(sorted.method).every((own) => known.method.includes(own))).toBe(true);
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
            expect(error.message).toContain('--set');
            expect(list.some((text) => error.message.includes(text.split('=')[0]))).toBe(true);
          }
        }),
      );
    });

    it('gives changes back under names that it takes', () => {
      const changes = fc.record({ env: textsOf(definition.calibration), method: textsOf(method.settings) });
      holds(
        fc.property(changes, (sorted) => {
          const named = changesByName(sorted, owners);
          const list = Object.entries(named).map(([own, value]) => `${own}=${value}`);
          expect(sortSettings(list, owners)).toEqual(sorted);
        }),
      );
    });
  },
);

/** Values as `--set` keeps them: texts, and null. */
function textsOf(schema: z.ZodType) {
  const value = fc.oneof(
    words.filter((text) => text !== 'null'),
    fc.constant(null),
  );
  const values = Object.fromEntries(settingNames(schema).map((name) => [name, value]));
  return fc.record(values, { requiredKeys: [], noNullPrototype: true });
}
