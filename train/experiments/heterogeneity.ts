/**
 * Claim c: households of different productivity. On grids of 3 x 3 to 23 x 23 and three spreads of capital productivity: Lorenz curves, capital by
 * productivity, and the Gini index with the time since the reset, beside the open-loop steady state of finitely many households. Returns differ by little, so that the
 * index of a short path measures transition: the time is part of every number.
 *
 *   npx tsx train/experiments/heterogeneity.ts [--grids 3,10,23] [--spread NAME ...] [--seeds 1] [--steps N] [--periods N] [--out FOLDER]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sac } from '../../agents/sac/index.ts';
import type { AnyMethod, Chart, Column, Table } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import type { MarlBcModel } from '../../envs/marl-bc/setup.ts';
import { strategicRest } from '../../envs/marl-bc/strategic.ts';
import { type CommandDefinition, runCommand } from '../../experiment/cli/command.ts';
import { formatCount, formatNumber, formatTable } from '../../experiment/cli/table.ts';
import { lorenz, type SamplePath, samplePath } from '../../experiment/study/sample-path.ts';
import { mean, median } from '../../numerics/statistics.ts';
import { conclude, experimentOptions, trialRuns } from './runs.ts';

const SPREADS = { narrow: [0.98, 1.02], medium: [0.8, 1.2], wide: [0, 2] } as const;
type SpreadName = keyof typeof SPREADS;
const SPREAD_NAMES = Object.keys(SPREADS) as SpreadName[];

const STEPS = 50_000;
const PATH_SEED = 7;
/** Looks at the cross-section on the way. */
const LOOKS = 20;

const options = experimentOptions.extend({
  grids: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('3,10,23')
    .meta({ description: 'sides g of grids of g x g households', value: 'LIST', allowed: 'e.g. 3,10,23' }),
  spread: z
    .array(z.enum(SPREAD_NAMES))
    .default([])
    .meta({
      description: `of capital productivity (default all): narrow .98-1.02, medium .8-1.2, wide 0-2`,
      value: 'NAME',
      allowed: SPREAD_NAMES.join(', '),
    }),
  seeds: experimentOptions.shape.seeds
    .unwrap()
    .default('1')
    .meta(experimentOptions.shape.seeds.meta() ?? {}),
  periods: z
    .int()
    .min(LOOKS)
    .default(2_000)
    .meta({ description: 'after the reset that are looked at', value: 'N' }),
});

interface Finding {
  readonly spread: SpreadName;
  readonly agents: number;
  readonly seed: number;
  /** Periods since the reset, and the index then. */
  readonly times: readonly number[];
  readonly ginis: readonly number[];
  /** Of the open-loop steady state. */
  readonly predictedGini: number;
  /** Mean capital, in means over all, by capital productivity, at the end; and as predicted. */
  readonly kappas: readonly number[];
  readonly capitalByKappa: readonly number[];
  readonly predictedByKappa: readonly number[];
  readonly saturatedShare: number;
}

/** Means of `values` [n] over households of the same kappa, in the order of `kappas`. */
function byKappa(kappa: Float64Array, kappas: readonly number[], values: Float64Array): readonly number[] {
  const all = mean(values);
  return kappas.map((level) => mean(values.filter((_, i) => kappa[i] === level)) / all);
}

export const heterogeneityExperiment: CommandDefinition<z.output<typeof options>> = {
  name: 'train/experiments/heterogeneity.ts',
  summary: 'Learning households of different productivity: who ends up with the capital, and when.',
  options,
  async main(chosen, terminal) {
    const out = chosen.out ?? 'runs/experiments/heterogeneity';
    const spreads = chosen.spread.length > 0 ? chosen.spread : SPREAD_NAMES;
    const findings: Finding[] = [];
    const ends: { readonly finding: Finding; readonly path: SamplePath }[] = [];
    for (const spread of spreads) {
      const [capitalProductivityLow, capitalProductivityHigh] = SPREADS[spread];
      for (const side of chosen.grids.split(',').map(Number)) {
        const economy = environments.economy('marl-bc/rbc-het', {
          households: side * side,
          capitalProductivityLow,
          capitalProductivityHigh,
        });
        const trial = {
          name: `${spread}-${side * side}-sac`,
          economy,
          method: sac as unknown as AnyMethod,
          steps: chosen.steps ?? STEPS,
        };
        for (const { seed, run } of await trialRuns(trial, chosen, { out, terminal })) {
          const path = samplePath({
            economy,
            actors: { agents: run.agents },
            seed: PATH_SEED,
            periods: chosen.periods,
            burnIn: 0,
            every: Math.floor(chosen.periods / LOOKS),
          });
          const finding = findingOf(spread, economy.model as MarlBcModel, seed, path);
          findings.push(finding);
          ends.push({ finding, path });
        }
      }
    }
    return conclude(
      { out, terminal },
      {
        text: textOf(findings, chosen.periods),
        result: { command: 'heterogeneity', periods: chosen.periods, findings },
        tables: [timeTable(findings), kappaTable(findings)],
        charts: [lorenzChart(ends, spreads), timeChart(findings, spreads), kappaChart(findings, spreads)],
      },
    );
  },
};

function findingOf(spread: SpreadName, model: MarlBcModel, seed: number, path: SamplePath): Finding {
  const { capital: kappa, labour: lambda } = model.productivities;
  const rest = strategicRest(model.capitalShare, kappa, lambda);
  const kappas = [...new Set(kappa)].sort((a, b) => a - b);
  const end = path.snapshots[path.snapshots.length - 1].capital;
  return {
    spread,
    agents: model.households,
    seed,
    times: path.snapshots.map(({ period }) => period),
    ginis: path.snapshots.map(({ gini }) => gini),
    predictedGini: rest.gini,
    kappas,
    capitalByKappa: byKappa(kappa, kappas, end),
    predictedByKappa: byKappa(kappa, kappas, rest.capital),
    saturatedShare: path.saturatedShare,
  };
}

/** Medians over seeds: the index at some times, and its prediction. */
function textOf(findings: readonly Finding[], periods: number): string {
  const looks = [0, 0.05, 0.25, 0.5, 1].map((share) => Math.round(share * LOOKS));
  const groups = [...new Set(findings.map(({ spread, agents }) => `${spread} ${agents}`))];
  const rows = groups.map((group) => {
    const own = findings.filter(({ spread, agents }) => `${spread} ${agents}` === group);
    const middle = (of: (one: Finding) => number) => median(own.map(of));
    return [
      `${own[0].spread}, n = ${formatCount(own[0].agents)}`,
      ...looks.map((look) => formatNumber(middle((one) => one.ginis[look]))),
      formatNumber(own[0].predictedGini),
      formatNumber(
        middle((one) => one.saturatedShare),
        2,
      ),
    ];
  });
  const times = looks.map((look) => `t = ${findings[0].times[look]}`);
  return (
    `Gini index of capital by periods since the reset, medians over seeds, ${formatCount(periods)} periods in all; predicted: the open-loop steady state of ` +
    'as many households.\n\n' +
    formatTable(rows, { header: ['', ...times, 'predicted', 'saturated'] })
  );
}

/** Columns of a table that has a row for each of `rows`. */
function columnsOf<R>(rows: readonly R[]) {
  return (name: string, of: (row: R) => number | string): Column => ({
    name,
    label: name,
    unit: '',
    values: rows.map(of),
  });
}

function timeTable(findings: readonly Finding[]): Table {
  const rows = findings.flatMap((finding) => finding.times.map((period, at) => ({ finding, period, at })));
  const column = columnsOf(rows);
  return {
    name: 'gini-by-time',
    title: 'Gini index of capital with the time since the reset',
    columns: [
      column('spread', ({ finding }) => finding.spread),
      column('agents', ({ finding }) => finding.agents),
      column('seed', ({ finding }) => finding.seed),
      column('period', ({ period }) => period),
      column('gini', ({ finding, at }) => finding.ginis[at]),
      column('predicted', ({ finding }) => finding.predictedGini),
    ],
  };
}

function kappaTable(findings: readonly Finding[]): Table {
  const rows = findings.flatMap((finding) => finding.kappas.map((kappa, at) => ({ finding, kappa, at })));
  const column = columnsOf(rows);
  return {
    name: 'capital-by-productivity',
    title: 'Capital over the mean by capital productivity, at the end',
    columns: [
      column('spread', ({ finding }) => finding.spread),
      column('agents', ({ finding }) => finding.agents),
      column('seed', ({ finding }) => finding.seed),
      column('capitalProductivity', ({ kappa }) => kappa),
      column('capital', ({ finding, at }) => finding.capitalByKappa[at]),
      column('predicted', ({ finding, at }) => finding.predictedByKappa[at]),
    ],
  };
}

/** The first seed of every number of households. */
function firstOf(findings: readonly Finding[], spread: SpreadName): readonly Finding[] {
  const own = findings.filter((one) => one.spread === spread);
  return own.filter((one, i) => own.findIndex(({ agents }) => agents === one.agents) === i);
}

function lorenzChart(
  ends: readonly { readonly finding: Finding; readonly path: SamplePath }[],
  spreads: readonly SpreadName[],
): Chart {
  return {
    name: 'lorenz',
    title: 'Who holds capital',
    caption: 'Lorenz curves at the end of the path, one seed each, by the spread of capital productivity.',
    names: 'ordered',
    panels: spreads.map((spread) => ({
      title: spread,
      x: { label: 'households, poorest first', unit: 'share' },
      y: { label: 'capital', unit: 'share' },
      series: firstOf(
        ends.map(({ finding }) => finding),
        spread,
      ).map((finding) => {
        const path = ends.find((one) => one.finding === finding)?.path;
        const { people, share } = lorenz(path?.snapshots.at(-1)?.capital ?? Float64Array.of(1));
        return { kind: 'line' as const, name: `n = ${finding.agents}`, x: people, y: share };
      }),
    })),
  };
}

function timeChart(findings: readonly Finding[], spreads: readonly SpreadName[]): Chart {
  return {
    name: 'gini-by-time',
    title: 'Inequality with the time since the reset',
    caption: 'Predicted: the open-loop steady state of as many households, which is approached slowly.',
    names: 'ordered',
    panels: spreads.map((spread) => ({
      title: spread,
      x: { label: 'periods since the reset', unit: '' },
      y: { label: 'Gini index', unit: '' },
      series: firstOf(findings, spread).flatMap(({ agents, times, ginis, predictedGini }) => [
        { kind: 'line' as const, name: `n = ${agents}`, x: times, y: ginis },
        {
          kind: 'line' as const,
          name: `n = ${agents}, predicted`,
          source: 'other' as const,
          x: [times[0], times[times.length - 1]],
          y: [predictedGini, predictedGini],
        },
      ]),
    })),
  };
}

function kappaChart(findings: readonly Finding[], spreads: readonly SpreadName[]): Chart {
  return {
    name: 'capital-by-productivity',
    title: 'Capital by productivity',
    caption:
      'Mean capital of households with the same capital productivity over the mean of all, at the end of the path. Predicted: the open-loop steady state.',
    names: 'ordered',
    panels: spreads.map((spread) => ({
      title: spread,
      x: { label: 'capital productivity', unit: 'level' },
      y: { label: 'capital', unit: 'of the mean' },
      series: firstOf(findings, spread).flatMap(({ agents, kappas, capitalByKappa, predictedByKappa }) => [
        { kind: 'line' as const, name: `n = ${agents}`, x: kappas, y: capitalByKappa },
        {
          kind: 'line' as const,
          name: `n = ${agents}, predicted`,
          source: 'other' as const,
          x: kappas,
          y: predictedByKappa,
        },
      ]),
    })),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(heterogeneityExperiment);
