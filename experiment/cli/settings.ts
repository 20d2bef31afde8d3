/** `--set name=value`: which settings go to the economy, which to the method. */
import { parseSettings, settingNames } from '../../core/calibration.ts';
import { UsageError } from '../../core/errors.ts';
import type { AnyEconomyDefinition, AnyMethod, CommonSettings, Economy, Method } from '../../core/index.ts';
import { nearest } from '../../core/suggest.ts';

export interface SettingsByOwner {
  /** Changes to the economy's calibration. */
  readonly env: Readonly<Record<string, unknown>>;
  /** Changes to the method's settings. */
  readonly method: Readonly<Record<string, unknown>>;
}

/** `name=value` as name and value; the text `null` is null. Throws a UsageError for a text without a name. */
export function splitSetting(text: string): readonly [name: string, value: string | null] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set is "${text}"; give name=value, e.g. --set discountFactor=0.9.`);
  const value = text.slice(at + 1);
  return [text.slice(0, at), value === 'null' ? null : value];
}

/**
 * Sorts `name=value` texts by owner. A name that both have goes to the economy, which the method follows; `env.name` and
 * `<method>.name` say it outright. The text `null` is null; other values are converted by the schemas. The last of a name counts.
 * Throws a UsageError for a name that neither has, with the nearest one.
 */
export function sortSettings(
  texts: readonly string[],
  owners: { readonly definition: AnyEconomyDefinition; readonly method: AnyMethod },
): SettingsByOwner {
  const { definition, method } = owners;
  const names = { env: settingNames(definition.calibration), method: settingNames(method.settings) };
  const sorted = { env: new Map<string, unknown>(), method: new Map<string, unknown>() };
  for (const text of texts) {
    const [name, value] = splitSetting(text);
    const owner = ownerOf(name, names, { env: definition.id, method: method.name });
    sorted[owner.kind].set(owner.name, value);
  }
  return { env: Object.fromEntries(sorted.env), method: Object.fromEntries(sorted.method) };
}

/**
 * The changes as one record, under names that `--set` takes: those of the method that the economy has too are written
 * `<method>.name`. Invariant: `sortSettings` of its entries gives the changes back.
 */
export function changesByName(
  { env, method: own }: SettingsByOwner,
  owners: { readonly definition: AnyEconomyDefinition; readonly method: AnyMethod },
): Readonly<Record<string, unknown>> {
  const { definition, method } = owners;
  const taken = settingNames(definition.calibration);
  const named = Object.entries(own).map(([name, value]) => [
    taken.includes(name) ? `${method.name}.${name}` : name,
    value,
  ]);
  return { ...env, ...Object.fromEntries(named) };
}

/**
 * All settings of a method on an economy: its defaults, then those of the size asked for, then the economy's advice, then the
 * user's own; the later ones win. Throws a UsageError for a setting that cannot be, which says whether the advice is at fault.
 */
export function methodSettings<C extends CommonSettings>(options: {
  readonly method: Method<C>;
  readonly economy: Economy;
  /** Settings of the numerical size asked for. */
  readonly preset: Readonly<Record<string, unknown>>;
  /** The user's own. */
  readonly set: Readonly<Record<string, unknown>>;
}): C {
  const { method, economy, preset, set } = options;
  const { name, settings: schema } = method;
  const advice = economy.advice(name);
  parseSettings({ schema, settings: advice, where: `${economy.id}: advice for ${name}` });
  return parseSettings({ schema, settings: { ...preset, ...advice, ...set }, where: name });
}

/** Steps and settings of a numerical size by name; the method's own without one. Throws a UsageError if it has no such size. */
export function presetOf<C extends CommonSettings>(
  method: Method<C>,
  name: string | undefined,
): { readonly steps: number; readonly settings: Readonly<Record<string, unknown>> } {
  if (name === undefined) return { steps: method.steps, settings: {} };
  if (Object.hasOwn(method.presets, name)) return method.presets[name];
  const known = Object.keys(method.presets).join(', ') || 'none';
  throw new UsageError(`preset "${name}": ${method.name} has no such size; it has: ${known}.`);
}

type Owner = 'env' | 'method';

function ownerOf(
  name: string,
  names: Readonly<Record<Owner, readonly string[]>>,
  titles: Readonly<Record<Owner, string>>,
): { readonly kind: Owner; readonly name: string } {
  const dot = name.indexOf('.');
  if (dot > 0) {
    const prefix = name.slice(0, dot);
    const rest = name.slice(dot + 1);
    const kinds: Readonly<Record<string, Owner>> = { env: 'env', [titles.method]: 'method' };
    if (!Object.hasOwn(kinds, prefix)) {
      throw new UsageError(
        `--set ${name}: unknown prefix "${prefix}"; write env.${rest} or ${titles.method}.${rest}.`,
      );
    }
    const kind = kinds[prefix];
    if (names[kind].includes(rest)) return { kind, name: rest };
    throw new UsageError(
      `--set ${name}: ${titles[kind]} has no setting "${rest}". ${hint(rest, names[kind])}`,
    );
  }
  if (names.env.includes(name)) return { kind: 'env', name };
  if (names.method.includes(name)) return { kind: 'method', name };
  throw new UsageError(
    `--set ${name}: neither ${titles.env} nor ${titles.method} has a setting "${name}". ${hint(name, [...names.env, ...names.method])}`,
  );
}

function hint(name: string, known: readonly string[]): string {
  const best = nearest(name, known);
  return best === undefined ? 'It has none.' : `Did you mean "${best}"? --help --env ID lists them all.`;
}
