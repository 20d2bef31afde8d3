/** The page of results: medians over rounds as markdown tables. */
import { formatNumber } from '../experiment/cli/table.ts';
import { median } from '../numerics/statistics.ts';
import type { Figure, Job } from './jobs.ts';
import { type Machine, machineText } from './machine.ts';

/** One number over all rounds. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: number;
}

export interface JobResult {
  readonly name: string;
  readonly title: string;
  readonly command: string;
  readonly results: readonly Result[];
  /** Why there are none, if it failed. */
  readonly failed?: string;
}

/** What a benchmark gave in every round, number by number, in the order of the first round that has it. */
export function summarise(rounds: readonly (readonly Figure[])[]): readonly Result[] {
  const byName = new Map<string, { readonly unit: string; readonly values: number[] }>();
  for (const { name, unit, value } of rounds.flat()) {
    const found = byName.get(name);
    if (found === undefined) byName.set(name, { unit, values: [value] });
    else found.values.push(value);
  }
  return [...byName].map(([name, { unit, values }]) => ({
    name,
    unit,
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    rounds: values.length,
  }));
}

/** As typed. */
export function commandText({ command }: Job): string {
  return `npx tsx ${command.join(' ')}`;
}

export interface PageOptions {
  readonly machine: Machine;
  /** Day, e.g. `2026-11-22`. */
  readonly date: string;
  readonly commit: string;
  readonly command: string;
  readonly rounds: number;
  readonly parts: readonly JobResult[];
  readonly commands: readonly JobResult[];
}

const NUMBER_DIGITS = 3;

function cell(value: number): string {
  return formatNumber(value, NUMBER_DIGITS);
}

/** The whole page, markdown. */
export function resultsPage(options: PageOptions): string {
  const { machine, date, commit, command, rounds, parts, commands } = options;
  return [
    '# Benchmarks',
    '',
    `Written by \`${command}\` on ${date}, commit ${commit}. ${machineText(machine)}`,
    `Every benchmark once a round, ${rounds} rounds one after the other; medians, and from the least to the largest.`,
    '',
    '## Minutes to a solved economy',
    '',
    'Whole commands, the folder of the run with its tables, pictures and page included. Accuracy is that of the run itself, as it prints it.',
    '',
    '| | seconds | processor seconds | memory, MB | accuracy |',
    '|---|---|---|---|---|',
    ...commands.map(commandRow),
    '',
    '## Parts',
    ...parts.flatMap(partLines),
    '',
  ].join('\n');
}

function commandRow({ title, command, results, failed }: JobResult): string {
  if (failed !== undefined) return `| ${title} | failed: ${failed} | | | |`;
  const named = (name: string) => results.find((result) => result.name === name);
  const [seconds, processor, memory] = [
    named('seconds in all'),
    named('processor time'),
    named('memory at most'),
  ];
  const accuracy = results.find(({ unit }) => unit === '');
  const text = accuracy === undefined ? '' : `${accuracy.name} ${cell(accuracy.median)}`;
  const numbers = [seconds, processor, memory].map((one) => (one === undefined ? '' : cell(one.median)));
  return `| ${title}: \`${command}\` | ${numbers.join(' | ')} | ${text} |`;
}

function partLines({ title, command, results, failed }: JobResult): readonly string[] {
  const head = ['', `### ${title}`, '', `\`${command}\``, ''];
  if (failed !== undefined) return [...head, `Failed: ${failed}`];
  return [
    ...head,
    '| | median | least | most | |',
    '|---|---|---|---|---|',
    ...results.map(
      (one) => `| ${one.name} | ${cell(one.median)} | ${cell(one.least)} | ${cell(one.most)} | ${one.unit} |`,
    ),
  ];
}
