/** What `npx equilibrium-gym` can be asked for: the commands of `train/`, by name. */
import { nearest } from '../core/suggest.ts';

/** Every file of `train/`, with what it does. */
export const COMMANDS: Readonly<Record<string, string>> = {
  sac: 'trains soft actor-critic',
  ddpg: 'trains deep deterministic policy gradient, or TD3',
  grid: 'value iteration on a grid',
  'neural-grid': 'learns value and policy through the known transition',
  classical: 'the classical solution of an economy of many households',
  structural: 'trains the structural agent: budgets known, prices learned',
  eval: 'evaluates the policy of a run on episodes not seen before',
  simulate: 'paths, impulse responses and moments under a policy',
  compare: 'several runs in one table, with figures of learning and of policies',
};

/** What the first argument asks for: a command, or a text and the exit code that goes with it. */
export type Request =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly text: string; readonly exitCode: 0 | 2 };

/**
 * Reads the arguments of `npx equilibrium-gym`. Without any, and for --help, the text is the list of commands, for --version the
 * version; a command that is none gives the nearest one and exit code 2. Never throws.
 */
export function requestOf(args: readonly string[], version: string): Request {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help' || first === '-h') return { text: list(), exitCode: 0 };
  if (first === '--version') return { text: version, exitCode: 0 };
  if (Object.hasOwn(COMMANDS, first)) return { command: first, args: rest };
  const names = Object.keys(COMMANDS);
  const text = `equilibrium-gym: unknown command "${first}". Did you mean "${nearest(first, names)}"? Known: ${names.join(', ')}.`;
  return { text, exitCode: 2 };
}

function list(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, does]) => `  ${name.padEnd(width)}  ${does}`);
  return [
    'Usage: npx equilibrium-gym COMMAND [options]',
    '',
    'Economies, agents that learn in them, and how far what they learned is from the truth.',
    '',
    ...lines,
    '',
    'Options of a command: npx equilibrium-gym COMMAND --help',
  ].join('\n');
}
