/** How every command starts, speaks and ends. */
import type { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { helpText, type OptionRecord, parseArguments } from './arguments.ts';
import { commandName } from './typed.ts';

/** What every command's options hold (`outputOptions`). */
export interface OutputChoice {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Where a command writes. Standard output holds results only. */
export interface Terminal {
  /** The result for a reader: standard output, or standard error if the JSON line takes its place. */
  print(text: string): void;
  /** Remarks on the way: standard error; nothing under --quiet. */
  note(text: string): void;
  /** What went wrong though the command goes on: standard error, always. */
  warn(text: string): void;
  /** Standard error, for a progress bar; undefined under --quiet. */
  readonly progress: Output | undefined;
}

/** A writable stream, as far as commands use it. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How a command ended. */
export interface Outcome {
  /** What --json prints; left out by a command that was interrupted. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** 0 unless given; 1 when a solver has not converged, 130 after Ctrl-C. */
  readonly exitCode?: number;
}

export interface CommandDefinition<O extends OutputChoice> {
  readonly name: string;
  /** One sentence for --help. */
  readonly summary: string;
  readonly options: OptionRecord & z.ZodType<O>;
  /** What --help adds, for the options given so far. */
  details?(options: O): Promise<string>;
  /** `given` names the options that were typed, defaults among them. */
  main(options: O, terminal: Terminal, given: ReadonlySet<string>): Promise<Outcome>;
}

export interface Streams {
  readonly out: Output;
  readonly err: Output;
}

/**
 * Runs a command and returns its exit code: 2 for a mistake in what was asked (UsageError), 1 for any other error, else what `main`
 * says. With --json the last line of standard output is one JSON object, and the only one. The stack of an error is shown if the
 * environment variable DEBUG is set. Never throws.
 */
export async function execute<O extends OutputChoice>(
  command: CommandDefinition<O>,
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  const name = commandName(command.name);
  try {
    const { options, given, help } = parseArguments(command.options, args);
    if (help) {
      const details = await command.details?.(options);
      streams.out.write(
        `${helpText({ ...command, name }, command.options)}${details === undefined ? '' : `\n${details}\n`}`,
      );
      return 0;
    }
    const terminal = terminalOf(options, streams);
    const { result, exitCode = 0 } = await command.main(options, terminal, given);
    if (options.json && result !== undefined) streams.out.write(`${JSON.stringify(result)}\n`);
    return exitCode;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const stack = process.env.DEBUG === undefined || !(error instanceof Error) ? '' : `${error.stack}\n`;
    streams.err.write(`${name}: ${message}\n${stack}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Runs a command as this process: its arguments, its streams, its exit code (set, so that pending output is still written). */
export async function runCommand<O extends OutputChoice>(command: CommandDefinition<O>): Promise<void> {
  // A reader that went away (`| head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: Error) => {
      if (!('code' in error && error.code === 'EPIPE')) throw error;
    });
  }
  process.exitCode = await execute(command, process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
  });
}

function terminalOf(options: OutputChoice, { out, err }: Streams): Terminal {
  const { json, quiet } = options;
  return {
    print(text) {
      if (!json) out.write(`${text}\n`);
      else if (!quiet) err.write(`${text}\n`);
    },
    note(text) {
      if (!quiet) err.write(`${text}\n`);
    },
    warn(text) {
      err.write(`${text}\n`);
    },
    progress: quiet ? undefined : err,
  };
}
