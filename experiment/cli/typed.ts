/** What a reader types to start a command: in a clone its TypeScript file, of the installed package its name. */
import path from 'node:path';
import { toArguments } from './arguments.ts';
import { type TrainOptions, trainOptions } from './options.ts';

export interface TypedOptions {
  /** URL of a module of the suite: a `.ts` file in a clone, a `.js` file in the package. */
  readonly running?: string; // this module
}

/** Name of a command of `train/`: `train/sac.ts`, or `equilibrium-gym sac` where the package is installed; other names stay. */
export function commandName(file: string, options: TypedOptions = {}): string {
  const { running = import.meta.url } = options;
  if (running.endsWith('.ts') || !file.startsWith('train/')) return file;
  return `equilibrium-gym ${path.basename(file, '.ts')}`;
}

/** The beginning of a line to be typed: `npx tsx train/sac.ts`, or `npx equilibrium-gym sac` where the package is installed. */
export function typedCommand(file: string, options: TypedOptions = {}): string {
  const name = commandName(file, options);
  return name === file ? `npx tsx ${file}` : `npx ${name}`;
}

/** A training command as it is typed to do the same again, in a folder of its own; defaults are left out, and words are safe in a shell. */
export function typedTraining(file: string, options: TrainOptions): string {
  const standard = toArguments(trainOptions, trainOptions.parse({}));
  const own = {
    ...options,
    resume: undefined,
    out: undefined,
    threads: undefined,
    json: false,
    quiet: false,
  };
  const changed = toArguments(trainOptions, own).filter((argument) => !standard.includes(argument));
  return [typedCommand(file), ...changed.map(shellWord)].join(' ');
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
