/** Simulated paths as a table and a picture. */
import type { Chart, Column, Series, Table } from '../../core/index.ts';
import { livesOf, type Paths, pathOf, variableOf } from './paths.ts';
import { byImportance, isConstant, type Variable } from './variables.ts';

export interface PathReportOptions {
  readonly paths: Paths;
  /** Of the actors: `sac`. */
  readonly name: string;
  /** Paths of the optimum under the same shocks. */
  readonly optimal?: Paths | undefined;
}

/** A file of paths holds at most so many rows. */
const MOST_ROWS = 5000;

const SHOWN_PATHS = 2;
const SHOWN_PERIODS = 60;
const MOST_PANELS = 6;

/** Paths in the table: as many whole ones as fit into that many rows, at least one. */
function pathsInTable({ paths, periods }: Paths): number {
  return Math.max(1, Math.min(paths, Math.floor(MOST_ROWS / periods)));
}

/**
 * One row for each path and period, both from 1 and 0 on, with every variable and, as `optimal.<name>`, the optimum's under the same
 * shocks. Fields after the end of an economy are empty.
 */
export function pathTable({ paths, optimal }: PathReportOptions): Table {
  const { periods, variables } = paths;
  const held = pathsInTable(paths);
  const rows = held * periods;
  const row = (value: (i: number) => number) => Array.from({ length: rows }, (_, i) => value(i));
  const column = (prefix: string, { name, label, unit, values }: Variable): Column => ({
    name: `${prefix}${name}`,
    label: prefix === '' ? label : `optimal ${label}`,
    unit,
    values: values.subarray(0, rows),
  });
  return {
    name: 'paths',
    title: held < paths.paths ? `Simulated paths, the first ${held} of ${paths.paths}` : 'Simulated paths',
    columns: [
      { name: 'path', label: 'path', unit: '', values: row((i) => Math.floor(i / periods) + 1) },
      { name: 'period', label: 'period', unit: '', values: row((i) => i % periods) },
      ...variables.map((variable) => column('', variable)),
      ...(optimal?.variables ?? []).map((variable) => column('optimal.', variable)),
    ],
  };
}

/** Two paths over at most 60 periods, the first that last, the six most informative variables that move, with the optimum under the same shocks. */
export function pathChart(options: PathReportOptions): readonly Chart[] {
  const { paths, name, optimal } = options;
  const periods = Math.min(SHOWN_PERIODS, paths.periods);
  const shown = longest(paths, periods).slice(0, SHOWN_PATHS);
  const moving = byImportance(paths.variables).filter(({ values }) => !isConstant(values));
  if (moving.length === 0) return [];
  const x = Array.from({ length: periods }, (_, t) => t);
  const line = (variable: Variable, b: number) => ({
    kind: 'line' as const,
    x,
    y: pathOf(variable, b, paths.periods).subarray(0, periods),
  });
  return [
    {
      name: 'paths',
      title: 'Simulated paths',
      caption:
        `${whichText(shown, paths)} under ${name}, ` +
        `after ${paths.burnIn} periods that are not shown.` +
        (optimal === undefined
          ? ''
          : ' Dashed: under the optimal policy, from the same start and with the same shocks.'),
      panels: moving.slice(0, MOST_PANELS).map((variable) => {
        const best = optimal === undefined ? undefined : variableOf(optimal, variable.name);
        return {
          title: '',
          x: { label: 'period', unit: '' },
          y: { label: variable.label, unit: variable.unit },
          series: [
            ...shown.map((b): Series => ({ ...line(variable, b), name: `${name}, path ${b + 1}` })),
            ...(best === undefined ? [] : shown).map(
              (b): Series => ({ ...line(best ?? variable, b), name: 'optimal', source: 'optimal' }),
            ),
          ],
        };
      }),
    },
  ];
}

/** Paths by how many of the first periods they last, those that last as long in their order. */
function longest(paths: Paths, periods: number): readonly number[] {
  const lives = livesOf(paths).map((life) => Math.min(life, periods));
  return [...lives.keys()].sort((a, b) => lives[b] - lives[a] || a - b);
}

function whichText(shown: readonly number[], { paths, ended }: Paths): string {
  if (ended.every((end) => end === null))
    return shown.length === 1 ? 'One path' : `The first ${shown.length} of ${paths} paths`;
  return `${shown.length} of ${paths} paths, the first that last longest, while the economy lasts,`;
}
