/** `--set name=value`: which settings go to the economy, which to the method. */
import { settingNames } from '../core/calibration.ts';
import { UsageError } from '../core/errors.ts';
import type { AnyEconomyDefinition, AnyMethod } from '../core/index.ts';
import { nearest } from '../core/suggest.ts';

export interface SettingsByOwner {
  /** Changes to the economy's calibration. */
  readonly env: Readonly<Record<string, unknown>>;
  /** Changes to the method's settings. */
  readonly method: Readonly<Record<string, unknown>>;
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
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--set is "${text}"; give name=value, e.g. --set discountFactor=0.9.`);
    const name = text.slice(0, at);
    const value = text.slice(at + 1);
    const owner = ownerOf(name, names, { env: definition.id, method: method.name });
    sorted[owner.kind].set(owner.name, value === 'null' ? null : value);
  }
  return { env: Object.fromEntries(sorted.env), method: Object.fromEntries(sorted.method) };
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
