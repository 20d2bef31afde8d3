/**
 * Claim a: one household, or a few alike, that learn recover the textbook real business cycle. Policy gaps, path means and impulse responses of
 * SAC, DDPG and TD3 beside the optimum, with full depreciation (closed form) and with capital that lasts (planner's Euler equation).
 *
 *   npx tsx train/experiments/textbook.ts [--case NAME ...] [--method NAME ...] [--seeds 1-5] [--steps N] [--shock 0.1] [--out FOLDER]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ddpg } from '../../agents/ddpg/index.ts';
import { sac } from '../../agents/sac/index.ts';
import type { AnyMethod, Chart, Economy, Table } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import { type CommandDefinition, runCommand } from '../../experiment/cli/command.ts';
import { formatNumber, formatTable } from '../../experiment/cli/table.ts';
import { optimalActors } from '../../experiment/study/actors.ts';
import { simulatePaths, variableOf } from '../../experiment/study/paths.ts';
import { mean, median } from '../../numerics/statistics.ts';
import { type QuietResponse, quietResponse } from './quiet-response.ts';
import { conclude, experimentOptions, type TrialRun, trialRuns } from './runs.ts';

/** What is learned, for how long, and how near it is to come: gaps on evaluation states, or means along paths. */
const CASES = {
  'textbook-1': { env: 'rbc-textbook', agents: 1, steps: 20_000, gaps: [0.008, 0.004], means: null },
  'textbook-4': { env: 'rbc-textbook', agents: 4, steps: 30_000, gaps: [0.012, 0.004], means: null },
  'typical-1': { env: 'rbc-typical', agents: 1, steps: 50_000, gaps: null, means: [0.005, 0.005] },
} as const;

type CaseName = keyof typeof CASES;
const CASE_NAMES = Object.keys(CASES) as CaseName[];

const METHODS: Readonly<Record<'sac' | 'ddpg' | 'td3', { method: AnyMethod; settings: object }>> = {
  sac: { method: sac as unknown as AnyMethod, settings: {} },
  ddpg: { method: ddpg as unknown as AnyMethod, settings: {} },
  // As it is usually set: the advice for DDPG smooths differently.
  td3: {
    method: ddpg as unknown as AnyMethod,
    settings: { variant: 'td3', targetSmoothing: null, actorSmoothing: null },
  },
};

type MethodName = keyof typeof METHODS;
const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

const ACTIONS = ['consumptionShare', 'labour'] as const;
/** Paths over which means are taken, as in the suite's trials. */
const PATHS = { paths: 24, periods: 200, burnIn: 50 } as const;
const PATH_SEED = 7;
const RESPONSE_PERIODS = 60;

const options = experimentOptions.extend({
  case: z
    .array(z.enum(CASE_NAMES))
    .default([])
    .meta({
      description: `what is learned (default all): ${CASE_NAMES.join(', ')}`,
      value: 'NAME',
      allowed: CASE_NAMES.join(', '),
    }),
  method: z
    .array(z.enum(METHOD_NAMES))
    .default([])
    .meta({
      description: `by which method (default all): ${METHOD_NAMES.join(', ')}`,
      value: 'NAME',
      allowed: METHOD_NAMES.join(', '),
    }),
  shock: z
    .number()
    .min(-0.15)
    .max(0.15)
    .default(0.1)
    .meta({ description: 'of the impulse responses, in log points of productivity', value: 'SIZE' }),
});

/** What one seed found. */
interface Finding {
  readonly case: CaseName;
  readonly method: MethodName;
  readonly seed: number;
  /** By action. */
  readonly gaps: readonly number[];
  readonly means: readonly number[];
  readonly optimalMeans: readonly number[];
  readonly welfareLossPercent: number;
  readonly seconds: number;
}

/** Means of the actions along paths under a policy. */
function pathMeans(
  economy: Economy,
  actors: Parameters<typeof simulatePaths>[0]['actors'],
): readonly number[] {
  const paths = simulatePaths({ economy, actors, seed: PATH_SEED, ...PATHS });
  return ACTIONS.map((name) => mean(variableOf(paths, name)?.values ?? []));
}

function findingOf(
  place: { readonly name: CaseName; readonly method: MethodName; readonly economy: Economy },
  { seed, run, seconds }: TrialRun,
): Finding {
  const { name, method, economy } = place;
  const oracle = economy.oracle();
  const distance = run.evaluation.oracle;
  if (oracle === undefined || distance === null) throw new Error(`${economy.id} has an oracle`);
  return {
    case: name,
    method,
    seed,
    gaps: ACTIONS.map((action) => distance.policyGaps[action]),
    means: pathMeans(economy, { agents: run.agents }),
    optimalMeans: pathMeans(economy, optimalActors(economy, oracle)),
    welfareLossPercent: distance.welfareLossPercent,
    seconds,
  };
}

const middle = (findings: readonly Finding[], of: (one: Finding) => number) => median(findings.map(of));

/** Medians over seeds of one case and method, and whether they are as near as they should be. */
function rowOf(findings: readonly Finding[]) {
  const { case: name, method } = findings[0];
  const target = CASES[name];
  const gaps = ACTIONS.map((_, j) => middle(findings, (one) => one.gaps[j]));
  const errors = ACTIONS.map((_, j) =>
    middle(findings, (one) => Math.abs(one.means[j] - one.optimalMeans[j])),
  );
  const reached =
    target.gaps === null
      ? errors.every((error, j) => error <= target.means[j])
      : gaps.every((gap, j) => gap <= target.gaps[j]);
  return {
    case: name,
    method,
    seeds: findings.length,
    gaps,
    means: ACTIONS.map((_, j) => middle(findings, (one) => one.means[j])),
    optimalMeans: findings[0].optimalMeans,
    meanErrors: errors,
    welfareLossPercent: middle(findings, (one) => one.welfareLossPercent),
    seconds: middle(findings, (one) => one.seconds),
    reached,
  };
}

export const textbookExperiment: CommandDefinition<z.output<typeof options>> = {
  name: 'train/experiments/textbook.ts',
  summary: 'Learned real business cycles beside the textbook: gaps, path means and impulse responses.',
  options,
  async main(chosen, terminal) {
    const out = chosen.out ?? 'runs/experiments/textbook';
    const names = chosen.case.length > 0 ? chosen.case : CASE_NAMES;
    const methods = chosen.method.length > 0 ? chosen.method : METHOD_NAMES;
    const findings: Finding[] = [];
    const responses: QuietResponse[] = [];
    for (const name of names) {
      const { env, agents, steps } = CASES[name];
      const economy = environments.economy(`marl-bc/${env}`, { households: agents });
      for (const method of methods) {
        const trial = {
          name: `${name}-${method}`,
          economy,
          ...METHODS[method],
          settings: { ...METHODS[method].settings },
          steps: chosen.steps ?? steps,
        };
        const runs = await trialRuns(trial, chosen, { out, terminal });
        const own = runs.map((run) => findingOf({ name, method, economy }, run));
        findings.push(...own);
        // The run in the middle stands for its method.
        const ranked = [...runs].sort(
          (a, b) => (a.run.evaluation.oracle?.policyGap ?? 0) - (b.run.evaluation.oracle?.policyGap ?? 0),
        );
        const typical = ranked[Math.floor((ranked.length - 1) / 2)];
        responses.push(
          quietResponse({
            economy,
            policy: typical.run.policy,
            name: method,
            title: name,
            shock: chosen.shock,
            periods: RESPONSE_PERIODS,
          }),
        );
      }
    }
    const rows = names.flatMap((name) =>
      methods.map((method) => rowOf(findings.filter((one) => one.case === name && one.method === method))),
    );
    return conclude(
      { out, terminal },
      {
        text: textOf(rows, chosen.shock),
        result: { command: 'textbook', rows, findings },
        tables: [findingTable(findings), responseTable(responses)],
        charts: responseCharts(responses, chosen.shock),
      },
    );
  },
};

function textOf(rows: readonly ReturnType<typeof rowOf>[], shock: number): string {
  const table = formatTable(
    rows.map((row) => [
      `${row.case} ${row.method}`,
      ...row.gaps.map((gap) => formatNumber(gap)),
      ...row.means.map((value, j) => `${formatNumber(value)} (${formatNumber(row.optimalMeans[j])})`),
      formatNumber(row.welfareLossPercent),
      row.seconds.toFixed(0),
      row.reached ? 'yes' : 'no',
    ]),
    {
      header: [
        'case',
        'share gap',
        'labour gap',
        'share mean',
        'labour mean',
        'loss %',
        'seconds',
        'reached',
      ],
    },
  );
  return (
    'Medians over seeds: mean absolute gaps to the optimum on evaluation states, and means along paths (the optimum in brackets).\n\n' +
    `${table}\n\nImpulse responses to ${shock} log points are in the pictures, beside the optimum's.`
  );
}

function findingTable(findings: readonly Finding[]): Table {
  const column = (name: string, unit: string, of: (one: Finding) => number | string) => ({
    name,
    label: name,
    unit,
    values: findings.map(of),
  });
  return {
    name: 'gaps',
    title: 'Distance to the optimum by case, method and seed',
    columns: [
      column('case', '', (one) => one.case),
      column('method', '', (one) => one.method),
      column('seed', '', (one) => one.seed),
      ...ACTIONS.flatMap((action, j) => [
        column(`${action}.gap`, 'share', (one) => one.gaps[j]),
        column(`${action}.mean`, 'share', (one) => one.means[j]),
        column(`${action}.optimalMean`, 'share', (one) => one.optimalMeans[j]),
      ]),
      column('welfareLossPercent', '%', (one) => one.welfareLossPercent),
    ],
  };
}

function responseTable(responses: readonly QuietResponse[]): Table {
  const rows = responses.flatMap((response) =>
    Array.from({ length: RESPONSE_PERIODS }, (_, t) => ({ response, t })),
  );
  return {
    name: 'responses',
    title: 'Impulse responses, percent of where the economy rests',
    columns: [
      { name: 'case', label: 'case', unit: '', values: rows.map(({ response }) => response.title) },
      { name: 'method', label: 'method', unit: '', values: rows.map(({ response }) => response.name) },
      { name: 'period', label: 'period', unit: '', values: rows.map(({ t }) => t) },
      ...Object.keys(responses[0]?.learned ?? {}).flatMap((name) => [
        { name, label: name, unit: '%', values: rows.map(({ response, t }) => response.learned[name][t]) },
        {
          name: `optimal.${name}`,
          label: `optimal ${name}`,
          unit: '%',
          values: rows.map(({ response, t }) => response.optimal[name][t]),
        },
      ]),
    ],
  };
}

/** One picture a case: what is learned solid, the optimum dashed. */
function responseCharts(responses: readonly QuietResponse[], shock: number): readonly Chart[] {
  const titles = [...new Set(responses.map(({ title }) => title))];
  return titles.map((title) => {
    const own = responses.filter((response) => response.title === title);
    const periods = Array.from({ length: RESPONSE_PERIODS }, (_, t) => t);
    return {
      name: `responses-${title}`,
      title: `Responses to ${shock} log points of productivity, ${title}`,
      caption:
        'Percent of where each policy rests, in an economy without other shocks. Dashed: the optimum. The run in the middle of each method by its gap.',
      panels: Object.keys(own[0].learned).map((name) => ({
        title: name,
        x: { label: 'period', unit: '' },
        y: { label: name, unit: '%' },
        series: [
          ...own.map(({ name: method, learned }) => ({
            kind: 'line' as const,
            name: method,
            x: periods,
            y: learned[name],
          })),
          {
            kind: 'line' as const,
            name: 'optimal',
            source: 'optimal' as const,
            x: periods,
            y: own[0].optimal[name],
          },
        ],
      })),
    };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(textbookExperiment);
