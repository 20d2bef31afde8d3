/** What the checks over economies share: their options, the economies they run on, and how they end. */
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import type { Economy, Registry } from '../core/registry.ts';
import { createRegistry } from '../core/registry.ts';
import { environments } from '../envs/index.ts';
import type { Outcome, Terminal } from '../experiment/cli/command.ts';
import { loadModule } from '../experiment/cli/module.ts';
import { economyOptions, outputOptions, setOption } from '../experiment/cli/options.ts';
import { splitSetting } from '../experiment/cli/settings.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { TENSOR_BACKENDS } from '../tensor/backend.ts';

/** Options of every check over economies. */
export const economyCheckOptions = z.strictObject({
  env: economyOptions.env.meta({
    description: 'only this economy (default: every one, under every named calibration)',
    value: 'ID',
  }),
  module: economyOptions.module,
  set: setOption.meta({ ...setOption.meta(), description: 'a setting of the economies that are checked' }),
  seed: z.int().min(0).default(1).meta({ description: 'of states, actions and paths', value: 'N' }),
  ...outputOptions,
});

export type EconomyCheckOptions = z.output<typeof economyCheckOptions>;

/** The same for checks on tensors. */
export const tensorCheckOptions = economyCheckOptions.extend({
  backend: z
    .enum(['auto', ...TENSOR_BACKENDS])
    .default('auto')
    .meta({ description: `tfjs backend: auto, ${TENSOR_BACKENDS.join(', ')}`, value: 'NAME' }),
});

export type TensorCheckOptions = z.output<typeof tensorCheckOptions>;

/**
 * The economies to check: the one of `--env`, else all of `--module`, else all of the suite, each under every named calibration and
 * with the settings of `--set`. Throws a UsageError for an unknown economy or setting.
 */
export async function chosenEconomies(
  options: Pick<EconomyCheckOptions, 'env' | 'module' | 'set'>,
  registry: Registry = environments,
): Promise<readonly Economy[]> {
  const { env, module } = options;
  const own = module === undefined ? undefined : await loadModule(module);
  const known = own === undefined ? registry : registry.with(...own);
  const ids = env !== undefined ? [env] : own === undefined ? registry.ids : createRegistry(own).ids;
  const settings = Object.fromEntries(options.set.map(splitSetting));
  return ids.map((id) => known.economy(id, settings));
}

/** One comparison: what every check's cases have. */
export interface CheckCase {
  readonly env: string;
  readonly ok: boolean;
}

/**
 * Prints the table of a check's cases and says how it ended. Throws a UsageError if there was nothing to check, since that would
 * pass for the wrong reason.
 */
export function conclude<C extends CheckCase>(options: {
  readonly terminal: Terminal;
  readonly cases: readonly C[];
  /** Name and text of each column. */
  readonly columns: Readonly<Record<string, (one: C) => string>>;
  /** Above the table: what is compared, and what is allowed. */
  readonly title: string;
  /** What an economy must have for the check to apply. */
  readonly needs: string;
  readonly skipped: readonly string[];
}): Outcome {
  const { terminal, cases, columns, title, needs, skipped } = options;
  for (const id of skipped) terminal.note(`${id}: not checked, it has no ${needs}`);
  if (cases.length === 0) throw new UsageError(`nothing to check: ${skipped.join(', ')} has no ${needs}.`);
  const header = [...Object.keys(columns), 'holds'];
  const rows = cases.map((one) => [
    ...Object.values(columns).map((text) => text(one)),
    one.ok ? 'yes' : 'NO',
  ]);
  const failed = cases.filter(({ ok }) => !ok).length;
  terminal.print(`${title}\n\n${formatTable(rows, { header, align: ['left', 'left'] })}\n`);
  terminal.print(failed === 0 ? `all ${cases.length} cases hold` : `${failed} of ${cases.length} cases FAIL`);
  return { result: { ok: failed === 0, cases }, exitCode: failed === 0 ? 0 : 1 };
}
