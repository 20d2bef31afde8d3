/** What `bench/all.ts` runs, and which numbers it takes from each: benchmarks of parts, and whole commands as a user types them. */
import type { Usage } from './usage.ts';

/** A number of one run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** What is known of a process that has ended. */
export interface Ended {
  /** The object that `--json` printed; undefined for commands without one. */
  readonly json: unknown;
  readonly wallSeconds: number;
  readonly usage: Usage;
}

export interface Job {
  /** e.g. `update`; for `--only`. */
  readonly name: string;
  readonly title: string;
  /** File and arguments. */
  readonly command: readonly string[];
  figures(ended: Ended): readonly Figure[];
}

/** The value at `path` of parsed JSON, e.g. `oracle.policyGap`; undefined where there is none. */
export function at(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Readonly<Record<string, unknown>>)[key]
          : undefined,
      json,
    );
}

/** The number there, as a figure; none where it is not a number. */
function figure(json: unknown, path: string, name: string, unit: string): readonly Figure[] {
  const value = at(json, path);
  return typeof value === 'number' ? [{ name, unit, value }] : [];
}

function rowsOf(json: unknown, path: string): readonly unknown[] {
  const rows = at(json, path);
  return Array.isArray(rows) ? rows : [];
}

const text = (row: unknown, path: string): string => String(at(row, path));

/** Where a solver's accuracy stands in a command's JSON, best known first. */
const ACCURACY: readonly (readonly [path: string, name: string])[] = [
  ['oracle.meanLogCapitalGap', 'mean gap of log capital'],
  ['oracle.meanPriceGap', 'mean gap of the price'],
  ['oracle.phillips.predictableShare', "predictable share of the Phillips curve's residual"],
  ['oracle.policyGap', 'policy gap'],
];

/** A command as users type it: how long until the economy is solved, the page of the run included. */
function whole(name: string, title: string, command: readonly string[]): Job {
  return {
    name,
    title,
    command: [...command, '--seed', '1', '--quiet', '--json'],
    figures({ json, wallSeconds, usage }) {
      const [best] = ACCURACY.flatMap(([path, label]) => figure(json, path, label, ''));
      return [
        { name: 'seconds in all', unit: 's', value: wallSeconds },
        { name: 'processor time', unit: 's', value: usage.cpuSeconds },
        { name: 'memory at most', unit: 'MB', value: usage.megabytes },
        ...(best === undefined ? [] : [best]),
      ];
    },
  };
}

/** Parts, beside what they are compared with. */
export const PARTS: readonly Job[] = [
  {
    name: 'start',
    title: 'Start-up: the help of `train/sac.ts`, with every economy and method loaded',
    command: ['train/sac.ts', '--env', 'jesusfv', '--help'],
    figures: ({ wallSeconds, usage }) => [
      { name: 'seconds in all', unit: 's', value: wallSeconds },
      { name: 'memory at most', unit: 'MB', value: usage.megabytes },
    ],
  },
  {
    name: 'update',
    title: 'One update of soft actor-critic, batch 256, observation 8, action 1',
    command: ['bench/sac-update.ts', '--rounds', '6', '--quiet', '--json'],
    figures: ({ json }) =>
      rowsOf(json, 'timings').flatMap((row) => {
        const name = `${text(row, 'hidden')}, ${text(row, 'engine')}`;
        return [
          ...figure(row, 'milliseconds', name, 'ms'),
          ...(text(row, 'engine') === 'js' ? [] : figure(row, 'timesJs', `${name}, against js`, 'times')),
        ];
      }),
  },
  {
    name: 'replay',
    title: 'An update replayed from its graph, against one written out by hand',
    command: ['bench/replay-loss.ts', '--rounds', '60', '--quiet', '--json'],
    figures: ({ json }) =>
      rowsOf(json, 'timings').flatMap((row) =>
        figure(row, 'lossPercent', `${text(row, 'hidden')}, loss`, '%'),
      ),
  },
  {
    name: 'grid',
    title: 'Value iteration on 17,820 nodes by five productivities, a process of its own each time',
    command: ['bench/grid.ts', '--rounds', '1', '--quiet', '--json'],
    figures: ({ json }) =>
      rowsOf(json, 'timings').flatMap((row) => [
        ...figure(row, 'first', `${text(row, 'name')}, first solve of a process`, 's'),
        ...figure(row, 'later', `${text(row, 'name')}, later solves`, 's'),
        ...figure(row, 'ratios.later', `${text(row, 'name')}, later solves, against the sweep`, 'times'),
      ]),
  },
  {
    name: 'households',
    title: 'Households of marl-bc stepped in a second of processor time, environment alone',
    command: [
      'bench/marl-bc.ts',
      '--calibration',
      'rbc-textbook',
      '--agents',
      '1,100,500,2000',
      '--seconds',
      '0.5',
      '--quiet',
      '--json',
    ],
    figures: ({ json }) =>
      rowsOf(json, 'steps').flatMap((row) => {
        const value = at(row, 'householdStepsPerSecond');
        const name = `${text(row, 'agents')} households`;
        return typeof value === 'number' ? [{ name, unit: 'million a second', value: value / 1e6 }] : [];
      }),
  },
  {
    name: 'loops',
    title: "The structural agent's loops over cells: JavaScript, WebAssembly, C",
    command: [
      'bench/structural-loops.ts',
      '--case',
      'huggett-quick',
      '--rounds',
      '40',
      '--epochs',
      '10',
      '--quiet',
      '--json',
    ],
    figures: ({ json }) => [
      ...rowsOf(json, 'passes').flatMap((row) =>
        figure(row, 'nanoseconds', `${text(row, 'pass')}, ${text(row, 'loops')}`, 'ns a cell and period'),
      ),
      ...rowsOf(json, 'epochs').flatMap((row) =>
        figure(row, 'milliseconds', `an epoch, ${text(row, 'loops')}, processor`, 'ms'),
      ),
    ],
  },
  {
    name: 'epoch',
    title: 'An epoch of the structural agent in huggett',
    command: ['bench/structural.ts', '--size', 'quick', '--accuracy', 'none', '--quiet', '--json'],
    figures: ({ json }) =>
      rowsOf(json, 'timings').flatMap((row) => {
        const name = `${text(row, 'size')}, ${text(row, 'paths')} paths, ${text(row, 'threads')} threads`;
        return [
          ...figure(row, 'milliseconds', name, 'ms'),
          ...figure(row, 'cpuMilliseconds', `${name}, processor`, 'ms'),
        ];
      }),
  },
];

/** Whole commands, quickest first. */
export const COMMANDS: readonly Job[] = [
  whole('grid-jesusfv', '`jesusfv` by the accelerated grid', ['train/grid.ts']),
  whole('structural-krusell-smith', '`krusell-smith` by structural RL', [
    'train/structural.ts',
    '--env',
    'krusell-smith',
  ]),
  whole('structural-huggett', '`huggett` by structural RL', ['train/structural.ts', '--env', 'huggett']),
  whole('classical-krusell-smith', '`krusell-smith`, classical', [
    'train/classical.ts',
    '--env',
    'krusell-smith',
  ]),
  whole('structural-hank', '`hank` by structural RL', ['train/structural.ts', '--env', 'hank']),
  whole('neural-grid-jesusfv', '`jesusfv` by the neural grid', ['train/neural-grid.ts']),
  whole('sac-jesusfv', '`jesusfv` by soft actor-critic', ['train/sac.ts']),
];
