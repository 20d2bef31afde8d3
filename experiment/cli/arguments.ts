/** Between one zod record of options and the command line: parsing, help, and back to arguments. */
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { show, UsageError } from '../../core/errors.ts';
import { allowedValues, type Schema } from '../../core/schema-text.ts';
import { nearest } from '../../core/suggest.ts';

/** A strict record of options; each one carries its description, and the name of its value, in `.meta({ description, value })`. */
export type OptionRecord = z.ZodObject<z.ZodRawShape>;

export interface OptionSpec {
  /** Field of the record, e.g. `checkpointEvery`. */
  readonly key: string;
  /** e.g. `--checkpoint-every`. */
  readonly flag: string;
  /** A switch has no value; a list may be given several times. */
  readonly kind: 'switch' | 'value' | 'list';
  readonly schema: Schema;
}

/** The options of a record, in its order. */
export function optionSpecs(record: OptionRecord): readonly OptionSpec[] {
  const { properties = {} } = z.toJSONSchema(record, { io: 'input' }) as {
    properties?: Record<string, Schema>;
  };
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    flag: `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    kind: schema.type === 'boolean' ? 'switch' : schema.type === 'array' ? 'list' : 'value',
    schema,
  }));
}

export interface Parsed<O> {
  readonly options: O;
  /** Fields of the options that the arguments name, whatever their values. */
  readonly given: ReadonlySet<string>;
  readonly help: boolean;
}

/**
 * Options from command-line arguments, defaults filled in. Throws a UsageError that says the option, the value given and what is
 * allowed, or the nearest option's name.
 */
export function parseArguments<O>(record: OptionRecord & z.ZodType<O>, args: readonly string[]): Parsed<O> {
  const specs = optionSpecs(record);
  const given = rawOptions(specs, args);
  const { help = false, ...raw } = given;
  const typed = Object.fromEntries(
    specs
      .filter(({ key }) => raw[key] !== undefined)
      .map((spec) => [spec.key, fromText(raw[spec.key], spec)]),
  );
  const result = (record as z.ZodType<O>).safeParse(typed);
  if (result.success)
    return { options: result.data, given: new Set(Object.keys(typed)), help: help === true };
  const issue = result.error.issues[0];
  const spec = specs.find(({ key }) => key === issue.path[0]);
  if (spec === undefined) throw new UsageError(issue.message);
  const value = typed[spec.key];
  throw new UsageError(
    `${spec.flag} is ${show(value)}; allowed: ${allowedValues(spec.schema)}.${suggestion(value, spec)}`,
  );
}

/** The arguments that `parseArguments` turns into these options; what is undefined or false is left out. */
export function toArguments(
  record: OptionRecord,
  options: Readonly<Record<string, unknown>>,
): readonly string[] {
  return optionSpecs(record).flatMap(({ key, flag, kind }) => {
    const value = options[key];
    if (value === undefined || value === false) return [];
    if (kind === 'switch') return [flag];
    return (Array.isArray(value) ? value : [value]).map((entry) => `${flag}=${entry}`);
  });
}

/** Usage, summary and the list of options. */
export function helpText(
  command: { readonly name: string; readonly summary: string },
  record: OptionRecord,
): string {
  const commander = new Command(command.name)
    .description(command.summary)
    .usage('[options]')
    .helpOption(false);
  for (const option of commanderOptions(optionSpecs(record))) commander.addOption(option);
  return commander.helpInformation();
}

function commanderOptions(specs: readonly OptionSpec[]): readonly Option[] {
  const own = specs.map(({ flag, kind, schema }) => {
    const value = kind === 'switch' ? '' : ` <${typeof schema.value === 'string' ? schema.value : 'VALUE'}>`;
    const notes = [
      kind === 'list' ? 'may be repeated' : '',
      kind === 'value' && schema.default !== undefined ? `default ${schema.default}` : '',
    ];
    const note = notes.filter((text) => text !== '').join(', ');
    const option = new Option(
      `${flag}${value}`,
      `${schema.description ?? ''}${note === '' ? '' : ` (${note})`}`,
    );
    if (kind === 'list') option.argParser<string[]>((text, before) => [...(before ?? []), text]);
    return option;
  });
  return [...own, new Option('-h, --help', 'this text; with --env, also every setting of that economy')];
}

function rawOptions(specs: readonly OptionSpec[], args: readonly string[]): Record<string, unknown> {
  const commander = new Command()
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .showSuggestionAfterError(false)
    .allowExcessArguments(true);
  for (const option of commanderOptions(specs)) commander.addOption(option);
  try {
    commander.parse(args, { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? new UsageError(explain(error, specs)) : error;
  }
  if (commander.args.length > 0) {
    throw new UsageError(
      `unexpected argument "${commander.args[0]}"; every value belongs to an option, e.g. --seed 2.`,
    );
  }
  const raw: Record<string, unknown> = commander.opts();
  return raw;
}

/** commander's errors in this suite's words; it names the offending flag in quotes. */
function explain(error: CommanderError, specs: readonly OptionSpec[]): string {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const flags = [...specs.map(({ flag }) => flag), '--help'];
  if (error.code === 'commander.unknownOption') {
    const [typed] = quoted.split('=');
    const isSwitch =
      typed === '--help' || specs.some(({ flag, kind }) => flag === typed && kind === 'switch');
    if (isSwitch) return `${typed} takes no value; leave out "${quoted.slice(typed.length)}".`;
    return `unknown option "${typed}". Did you mean "${nearest(typed, flags)}"? Run with --help for all of them.`;
  }
  const flag = quoted.split(' ')[0];
  const spec = specs.find((candidate) => candidate.flag === flag);
  if (error.code === 'commander.optionMissingArgument' && spec !== undefined) {
    return `${flag} has no value; allowed: ${allowedValues(spec.schema)}.`;
  }
  return `${error.message.replace(/^error: /, '')}.`;
}

/** Text as a number where the option is one; what does not read as one stays, for the message. */
function fromText(value: unknown, { schema }: OptionSpec): unknown {
  if (typeof value !== 'string' || (schema.type !== 'integer' && schema.type !== 'number')) return value;
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) ? value : number;
}

function suggestion(value: unknown, { schema }: OptionSpec): string {
  if (typeof value !== 'string' || schema.enum === undefined) return '';
  return ` Did you mean "${nearest(value, schema.enum.map(String))}"?`;
}
