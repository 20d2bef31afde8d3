/** What a reader types to start a command: in a clone its TypeScript file, of the installed package its name. */
import path from 'node:path';

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
