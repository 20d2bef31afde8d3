/** Calibrations and settings as rows for a reader: value, unit, meaning, source, and what differs from the default. */
import { z } from 'zod';
import type { AnyMethod, Economy } from '../../core/index.ts';
import { rangeText, type Schema } from '../../core/schema-text.ts';
import type { SettingsByOwner } from '../cli/settings.ts';
import type { SettingRow } from './page.ts';

/** Who changed a setting, by name; asked only for settings that differ from their default. */
type Origin = (name: string) => string;

/** Every parameter of an economy, in the order of its schema. */
export function calibrationRows(options: {
  readonly economy: Economy;
  readonly set: SettingsByOwner;
}): readonly SettingRow[] {
  const { economy, set } = options;
  const { definition, calibration, id } = economy;
  return settingRows(definition.calibration, calibration, (name) =>
    Object.hasOwn(set.env, name) ? '--set' : id,
  );
}

/** Every setting of a method as a run used it, in the order of its schema. */
export function methodRows(options: {
  readonly method: AnyMethod;
  readonly settings: object;
  readonly economy: Economy;
  readonly set: SettingsByOwner;
  /** Name of the numerical size; null for the method's own. */
  readonly preset: string | null;
}): readonly SettingRow[] {
  const { method, settings, economy, set, preset } = options;
  const advice = economy.advice(method.name);
  return settingRows(method.settings, { ...settings }, (name) => {
    if (Object.hasOwn(set.method, name)) return '--set';
    return Object.hasOwn(advice, name) || preset === null ? `advice of ${economy.id}` : `--preset ${preset}`;
  });
}

function settingRows(
  schema: z.ZodType,
  values: Readonly<Record<string, unknown>>,
  origin: Origin,
): readonly SettingRow[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, Schema>>;
  };
  return Object.entries(properties).map(([name, setting]) => {
    const { unit = '', description = '', source = '', default: standard } = setting;
    const value = values[name];
    const isChanged = exactText(value) !== exactText(standard);
    const [short, shortStandard] = [shortText(value), shortText(standard)];
    const isClear = !isChanged || short !== shortStandard;
    return {
      name,
      value: isClear ? short : exactText(value),
      exact: exactText(value),
      unit: setting.enum === undefined ? unit : rangeText(setting),
      description,
      source,
      changed: isChanged
        ? { standard: isClear ? shortStandard : exactText(standard), by: origin(name) }
        : undefined,
    };
  });
}

function exactText(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Digits that a reader takes in; the exact number goes with them. */
const DIGITS = 6;

function shortText(value: unknown): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return exactText(value);
  const rounded = String(Number(value.toPrecision(DIGITS)));
  const exact = String(value);
  return rounded.length < exact.length ? rounded : exact;
}
