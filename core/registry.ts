import { parseSettings } from './calibration.ts';
import type { Accounts, CrossSection, Enumerable, Oracle, TensorTwin } from './capabilities.ts';
import type { Quantity } from './charts.ts';
import type { Classical } from './classical.ts';
import type { Domain } from './domain.ts';
import type {
  AgentType,
  AnyEconomyDefinition,
  Blocks,
  EconomyDefinition,
  EconomyState,
  Shock,
} from './economy.ts';
import { UsageError } from './errors.ts';
import type { Structural, StructuralRequest } from './structural.ts';
import { nearest, remedy } from './suggest.ts';

/** An economy under one calibration: what environments, solvers and checks work with. */
export interface Economy<S extends EconomyState = EconomyState, T extends string = string> {
  /** `jesusfv` or `jesusfv/annual`. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly definition: EconomyDefinition<object, unknown, S, T>;
  /** Settings that were changed from the calibration of that id, as given. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Every setting with its value. */
  readonly calibration: Readonly<Record<string, unknown>>;
  readonly model: unknown;
  /** Discount factor per period of each type's agents. */
  readonly discountFactors: Blocks<T, number>;
  readonly horizon: number;
  readonly types: Blocks<T, AgentType>;
  /** Periods in a year; undefined where the author does not say. */
  readonly periodsPerYear: number | undefined;
  /** Words and units by name; empty where the author gave none. */
  readonly variables: Readonly<Record<string, Quantity>>;
  /** Disturbances by name; empty where the author gave none. */
  readonly shocks: Readonly<Record<string, Shock<S>>>;
  /** Capabilities under this calibration; solved or built at each call, so keep what you get. */
  enumerable(): Enumerable<S, T> | undefined;
  tensor(): TensorTwin<S> | undefined;
  domain(): Domain<S, T> | undefined;
  classical(): Classical<S, T> | undefined;
  structural(request: StructuralRequest): Structural<S, T> | undefined;
  oracle(): Oracle<S, T> | undefined;
  accounts(): Accounts<S, T> | undefined;
  crossSection(): CrossSection<S> | undefined;
  /** Settings that a method should take here unless told otherwise; empty for most. */
  advice(method: string): Readonly<Record<string, unknown>>;
}

export interface InstantiateOptions {
  /** Name of a calibration of the definition; left out: the defaults. */
  readonly calibration?: string;
  /** Settings that differ from the calibration's; text is converted. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** Fixes the calibration of a definition. Throws a UsageError for an unknown calibration, setting or value. */
export function instantiate<C extends object, M, S extends EconomyState, T extends string>(
  definition: EconomyDefinition<C, M, S, T>,
  options: InstantiateOptions = {},
): Economy<S, T> {
  const { calibration: name, set = {} } = options;
  const named = definition.calibrations ?? {};
  if (name !== undefined && !Object.hasOwn(named, name)) {
    throw new UsageError(
      `${definition.id}: unknown calibration "${name}". ${remedy(name, Object.keys(named))}`,
    );
  }
  const id = name === undefined ? definition.id : `${definition.id}/${name}`;
  const changes = name === undefined ? {} : named[name];
  const calibration = parseSettings({
    schema: definition.calibration,
    settings: { ...changes, ...set },
    where: id,
  });
  const model = definition.model(calibration);
  const horizon = definition.horizon(model);
  if (!Number.isInteger(horizon) || horizon < 1) {
    throw new UsageError(`${id}: horizon is ${horizon}; it must be a positive whole number of periods.`);
  }
  const periodsPerYear = definition.periodsPerYear?.(model);
  if (periodsPerYear !== undefined && !(periodsPerYear > 0 && periodsPerYear < Infinity)) {
    throw new UsageError(
      `${id}: periodsPerYear is ${periodsPerYear}; give 1 for years, 4 for quarters, 12 for months, or leave it out.`,
    );
  }
  const types = definition.types(model);
  const discountFactors = discountFactorsOf(id, definition.discountFactor(model), Object.keys(types) as T[]);
  for (const [type, { count, actionSpace }] of Object.entries<AgentType>(types)) {
    if (!Number.isInteger(count) || count < 1)
      throw new UsageError(`${id}: ${count} agents of type ${type}; at least one is needed.`);
    if (!actionSpace.bounded)
      throw new UsageError(`${id}: the action space of ${type} has an infinite bound; give finite ones.`);
  }
  return {
    id,
    version: definition.version,
    title: definition.title,
    definition: definition as unknown as EconomyDefinition<object, unknown, S, T>,
    set,
    calibration: calibration as Readonly<Record<string, unknown>>,
    model,
    discountFactors,
    horizon,
    types,
    periodsPerYear,
    variables: definition.variables?.(model) ?? {},
    shocks: definition.shocks?.(model) ?? {},
    enumerable: () => definition.enumerable?.(model),
    tensor: () => definition.tensor?.(model),
    domain: () => definition.domain?.(model),
    classical: () => definition.classical?.(model),
    structural: (request) => definition.structural?.(model, request),
    oracle: () => definition.oracle?.(model),
    accounts: () => definition.accounts?.(model),
    crossSection: () => definition.crossSection?.(model),
    advice: (method) => definition.advice?.(model)[method] ?? {},
  };
}

function discountFactorsOf<T extends string>(
  id: string,
  given: number | Blocks<T, number>,
  types: readonly T[],
): Blocks<T, number> {
  const factors = Object.fromEntries(
    types.map((type) => [type, typeof given === 'number' ? given : given[type]]),
  );
  for (const [type, factor] of Object.entries(factors)) {
    if (!(factor > 0 && factor < 1)) {
      throw new UsageError(
        `${id}: discount factor of ${type} is ${factor}; it must lie strictly between 0 and 1.`,
      );
    }
  }
  return factors as Blocks<T, number>;
}

export interface Registry {
  /** Definitions by id. */
  readonly definitions: ReadonlyMap<string, AnyEconomyDefinition>;
  /** Every `model` and `model/calibration`. */
  readonly ids: readonly string[];
  /** The economy of an id, with the settings given. Throws a UsageError that names the nearest id. */
  economy(id: string, set?: Readonly<Record<string, unknown>>): Economy;
  /** A new registry that also holds these definitions. */
  with(...definitions: readonly AnyEconomyDefinition[]): Registry;
}

/** A registry of economies; it never changes, `with` makes a larger one. Throws if an id is given twice. */
export function createRegistry(definitions: readonly AnyEconomyDefinition[] = []): Registry {
  const byId = new Map<string, AnyEconomyDefinition>();
  for (const definition of definitions) {
    if (byId.has(definition.id))
      throw new UsageError(`registry: two economies have the id "${definition.id}"; rename one.`);
    byId.set(definition.id, definition);
  }
  const ids = [...byId.values()].flatMap((d) => [
    d.id,
    ...Object.keys(d.calibrations ?? {}).map((name) => `${d.id}/${name}`),
  ]);
  return {
    definitions: byId,
    ids,
    economy(id, set = {}) {
      if (!ids.includes(id)) {
        const best = nearest(id, ids);
        const hint =
          best === undefined ? 'None is registered.' : `Did you mean "${best}"? Known: ${ids.join(', ')}.`;
        throw new UsageError(`unknown environment "${id}". ${hint}`);
      }
      const [model, calibration] = id.split('/');
      const definition = byId.get(model) as AnyEconomyDefinition;
      return instantiate(definition, calibration === undefined ? { set } : { calibration, set });
    },
    with: (...more) => createRegistry([...byId.values(), ...more]),
  };
}
