/**
 * How cost grows: with agents, grid points, paths, nodes of assets and prices, width, batch and threads. A plot each, the fitted exponent, and, with --limits, what breaks first and at what
 * size.
 *
 *   npx tsx bench/scaling.ts [--only NAME] [--rounds N] [--limits] [--out FOLDER] [--json] [--quiet] [--help]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import type { Chart } from '../core/index.ts';
import { type CommandDefinition, runCommand, type Terminal } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatNumber, formatTable } from '../experiment/cli/table.ts';
import { drawSvg } from '../experiment/figures/index.ts';
import { leastSquares } from '../numerics/linear-algebra.ts';
import { median } from '../numerics/statistics.ts';
import { DIMENSIONS, type Dimension } from './dimensions.ts';

/** One size, over all rounds. */
export interface Point {
  readonly size: number;
  /** Median, milliseconds of processor time, of the wall for threads. */
  readonly milliseconds: number;
}

export interface Growth {
  readonly name: string;
  readonly points: readonly Point[];
  /** b of cost = a size^b by least squares over all sizes, and between the last two. */
  readonly exponent: number;
  readonly lastExponent: number;
}

/** Throws where fewer than two sizes were measured. */
export function growthOf(name: string, points: readonly Point[]): Growth {
  if (points.length < 2) throw new Error(`${name}: an exponent wants two sizes at least.`);
  const x = Float64Array.from(points.flatMap(({ size }) => [1, Math.log(size)]));
  const y = Float64Array.from(points, ({ milliseconds }) => Math.log(milliseconds));
  const [before, last] = points.slice(-2);
  return {
    name,
    points,
    exponent: leastSquares(x, y).coefficients[1],
    lastExponent: Math.log(last.milliseconds / before.milliseconds) / Math.log(last.size / before.size),
  };
}

/** All sizes in turn, round after round. */
async function measure({ name, sizes, prepare }: Dimension, rounds: number): Promise<Growth> {
  const cases = [];
  for (const size of sizes) cases.push({ size, one: await prepare(size), times: [] as number[] });
  for (let round = 0; round < rounds; round++) {
    for (const { one, times } of cases) times.push(await one.milliseconds());
  }
  for (const { one } of cases) one.close?.();
  return growthOf(
    name,
    cases.map(({ size, times }) => ({ size, milliseconds: median(times) })),
  );
}

function chartOf({ name, title, unit, cost }: Dimension, { points, exponent }: Growth): Chart {
  return {
    name: `scaling-${name}`,
    title,
    caption: `Both axes logarithmic; the cost grows with the power ${exponent.toFixed(2)}.`,
    panels: [
      {
        title: '',
        x: { label: unit, unit: '', scale: 'log' },
        y: { label: cost, unit: 'ms', scale: 'log' },
        series: [
          {
            kind: 'line',
            name: 'measured',
            x: points.map(({ size }) => size),
            y: points.map(({ milliseconds }) => milliseconds),
          },
          {
            kind: 'line',
            name: `power ${exponent.toFixed(2)}`,
            source: 'other',
            x: points.map(({ size }) => size),
            y: fitted(points, exponent),
          },
        ],
      },
    ],
  };
}

/** a size^b, a so that the mean of the logarithms is right. */
function fitted(points: readonly Point[], exponent: number): number[] {
  const level =
    points.reduce(
      (sum, { size, milliseconds }) => sum + Math.log(milliseconds) - exponent * Math.log(size),
      0,
    ) / points.length;
  return points.map(({ size }) => Math.exp(level + exponent * Math.log(size)));
}

/** A size that is not tried any more: a process of its own takes this long, or fails. */
const MOST_SECONDS = 30;

export interface Limit {
  readonly name: string;
  /** The largest size that was measured, and the first that was not. */
  readonly reached: number;
  readonly broke: number;
  readonly reason: string;
}

/** What a failed process says: the message of a schema, a line that sounds like an error, or the last one. */
export function reasonOf(stderr: string, signal: string | null): string {
  const [, refused] = stderr.match(/"message": "(.*)"/) ?? [];
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /error|must|at most|memory/i.test(line));
  return (refused ?? said ?? lines.at(-1) ?? String(signal)).trim();
}

/** Doubles a size, each in a process of its own, until that fails or takes too long. */
function limitOf({ name, sizes }: Dimension, terminal: Terminal): Limit {
  let size = sizes[sizes.length - 1];
  for (;;) {
    const next = size * 2;
    terminal.note(`${name}: ${next} ...`);
    const { status, signal, stderr, error } = spawnSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(import.meta.url), '--only', name, '--at', String(next), '--quiet'],
      { encoding: 'utf8', timeout: MOST_SECONDS * 1000 },
    );
    if (status === 0) {
      size = next;
      continue;
    }
    const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
    const reason = isLate ? `takes more than ${MOST_SECONDS} s` : reasonOf(stderr, signal);
    return { name, reached: size, broke: next, reason };
  }
}

const NAMES = DIMENSIONS.map(({ name }) => name);

const options = z.strictObject({
  only: z
    .array(z.string())
    .default([])
    .meta({
      description: `dimensions, instead of all: ${NAMES.join(', ')}`,
      value: 'NAME',
      allowed: NAMES.join(', '),
    }),
  rounds: z.int().min(1).max(1000).default(5).meta({ description: 'of all sizes in turn', value: 'N' }),
  limits: z
    .boolean()
    .default(false)
    .meta({ description: 'double the sizes until something breaks; takes minutes' }),
  at: z.int().min(1).optional().meta({ description: 'measure one size only', value: 'N' }),
  out: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'folder for the plots (default: none)', value: 'FOLDER' }),
  ...outputOptions,
});

export const scalingBench: CommandDefinition<z.output<typeof options>> = {
  name: 'scaling',
  summary: 'Measures how cost grows with every size that a user chooses.',
  options,
  async main({ only, rounds, limits, at, out }, terminal) {
    const unknown = only.find((name) => !NAMES.includes(name));
    if (unknown !== undefined) throw new UsageError(`--only is "${unknown}"; allowed: ${NAMES.join(', ')}.`);
    const chosen = DIMENSIONS.filter(({ name }) => only.length === 0 || only.includes(name));
    if (at !== undefined) {
      if (chosen.length !== 1) throw new UsageError('--at goes with one --only NAME.');
      const one = await chosen[0].prepare(at);
      const point = { size: at, milliseconds: await one.milliseconds() };
      one.close?.();
      terminal.print(`${chosen[0].name} ${at}: ${formatNumber(point.milliseconds)} ms`);
      return { result: point };
    }
    const growths: Growth[] = [];
    for (const dimension of chosen) {
      terminal.note(`${dimension.name} ...`);
      const growth = await measure(dimension, rounds);
      growths.push(growth);
      if (out === undefined) continue;
      mkdirSync(out, { recursive: true });
      writeFileSync(
        path.join(out, `scaling-${dimension.name}.svg`),
        await drawSvg(chartOf(dimension, growth)),
      );
    }
    const rows = growths.map(({ name, points, exponent, lastExponent }) => [
      name,
      points.map(({ size }) => size).join(' '),
      points.map(({ milliseconds }) => formatNumber(milliseconds, 3)).join(' '),
      exponent.toFixed(2),
      lastExponent.toFixed(2),
    ]);
    const header = ['', 'sizes', 'milliseconds', 'exponent', 'between the last two'];
    terminal.print(formatTable(rows, { header, align: ['left', 'left', 'left'] }));
    const broken = limits ? chosen.map((dimension) => limitOf(dimension, terminal)) : [];
    if (broken.length > 0) {
      const found = broken.map(({ name, reached, broke, reason }) => [
        name,
        String(reached),
        String(broke),
        reason,
      ]);
      terminal.print(
        `\n${formatTable(found, { header: ['', 'works', 'does not', 'because'], align: ['left'] })}`,
      );
    }
    return { result: { growths, limits: broken } };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(scalingBench);
