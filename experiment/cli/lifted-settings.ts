/** Settings of a method that its command takes as options of their own: `--method sweep` instead of `--set method=sweep`. */
import type { z } from 'zod';
import { type AnyMethod, UsageError } from '../../core/index.ts';
import type { OptionRecord } from './arguments.ts';
import { type TrainOptions, trainOptions } from './options.ts';

export interface LiftedSettings {
  /** The options of training, and those settings, all of them optional. */
  readonly options: OptionRecord & z.ZodType<TrainOptions>;
  /**
   * The same as options of training alone: what was typed for a setting becomes a `--set` under the method's name, and counts as one. Throws
   * a UsageError where a `--set` says the same thing.
   */
  lower(
    options: TrainOptions,
    given: ReadonlySet<string>,
  ): { readonly options: TrainOptions; readonly given: ReadonlySet<string> };
}

/** Throws a TypeError for a name that the method has no setting of, or that training has an option of. */
export function liftedSettings(method: AnyMethod, names: readonly string[]): LiftedSettings {
  const own = (method.settings as unknown as z.ZodObject).shape;
  const fields = names.map((name) => {
    if (!Object.hasOwn(own, name) || Object.hasOwn(trainOptions.shape, name))
      throw new TypeError(`${method.name}: "${name}" cannot be an option of its command.`);
    const setting = own[name] as z.ZodDefault;
    const { description } = setting.meta() ?? {};
    const meta = { description: `${description} (default ${setting.parse(undefined)})`, value: 'NAME' };
    return [name, (setting.unwrap() as z.ZodType).optional().meta(meta)] as const;
  });
  const options = trainOptions.extend(Object.fromEntries(fields));
  return {
    options: options as unknown as LiftedSettings['options'],
    lower(typed, given) {
      const record: Record<string, unknown> = { ...typed };
      const changes = names.flatMap((name) => {
        const value = record[name];
        delete record[name];
        if (value === undefined) return [];
        const [short, long] = [`${name}=`, `${method.name}.${name}=`];
        const twice = typed.set.find((change) => change.startsWith(short) || change.startsWith(long));
        if (twice !== undefined) {
          throw new UsageError(`--${name} ${value} and --set ${twice} say the same thing; give one of them.`);
        }
        return [`${long}${value}`];
      });
      if (changes.length === 0) return { options: record as TrainOptions, given };
      const others = [...given].filter((name) => !names.includes(name));
      return {
        options: { ...(record as TrainOptions), set: [...typed.set, ...changes] },
        given: new Set([...others, 'set']),
      };
    },
  };
}
