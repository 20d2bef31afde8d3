/**
 * Claim b: many households that are alike, with jobs, approach the equilibrium of Krusell and Smith. For growing numbers of households: mean capital, the
 * Gini index, the law of motion with its R2 and Den Haan error, and the share of saturated actions, beside the classical solution of the continuum.
 *
 *   npx tsx train/experiments/many-households.ts [--agents 20,100,500] [--seeds 1-3] [--steps N] [--periods N] [--out FOLDER]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sac } from '../../agents/sac/index.ts';
import type { AnyMethod, Chart, Table } from '../../core/index.ts';
import { environments } from '../../envs/index.ts';
import type { MarlBcModel } from '../../envs/marl-bc/setup.ts';
import { type CommandDefinition, runCommand } from '../../experiment/cli/command.ts';
import { formatCount, formatNumber, formatTable } from '../../experiment/cli/table.ts';
import { optimalActors } from '../../experiment/study/actors.ts';
import { lawOfPath, lorenz, type SamplePath, samplePath } from '../../experiment/study/sample-path.ts';
import { mean, median } from '../../numerics/statistics.ts';
import { assessLawOfMotion } from '../../solvers/assessment.ts';
import { lawOfMotionOptions } from '../../solvers/classical.ts';
import { solveLawOfMotion } from '../../solvers/krusell-smith.ts';
import { conclude, experimentOptions, trialRuns } from './runs.ts';

/** Updates per agent: each is one after a step of all households. */
const STEPS = 50_000;
const BURN_IN = 500;
/** Periods between looks at the cross-section. */
const EVERY = 50;
const PATH_SEED = 7;
const SETTINGS = { assetNodes: 300, capitalNodes: 8, periods: 10_000, discard: 1_000, tolerance: 1e-6 };

const options = experimentOptions.extend({
  agents: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('20,100,500')
    .meta({ description: 'numbers of households', value: 'LIST', allowed: 'e.g. 20,100,500' }),
  seeds: experimentOptions.shape.seeds
    .unwrap()
    .default('1-3')
    .meta(experimentOptions.shape.seeds.meta() ?? {}),
  periods: z
    .int()
    .min(100)
    .default(2_500)
    .meta({ description: `of the path that is looked at, after ${BURN_IN} others`, value: 'N' }),
});

/** What a path tells. */
interface Finding {
  /** `sac`, `classical policy` (in a sample of the same size). */
  readonly name: string;
  readonly agents: number;
  readonly seed: number;
  readonly meanCapital: number;
  readonly gini: number;
  readonly law: readonly number[];
  readonly rSquared: number;
  readonly denHaanMax: number;
  readonly denHaanMean: number;
  readonly saturatedShare: number;
}

export const manyHouseholdsExperiment: CommandDefinition<z.output<typeof options>> = {
  name: 'train/experiments/many-households.ts',
  summary: 'Many learning households with jobs beside the classical solution of Krusell and Smith.',
  options,
  async main(chosen, terminal) {
    const out = chosen.out ?? 'runs/experiments/many-households';
    const findings: Finding[] = [];
    const last: { readonly agents: number; readonly path: SamplePath }[] = [];
    for (const agents of chosen.agents.split(',').map(Number)) {
      const economy = environments.economy('marl-bc/ks', { households: agents });
      const model = economy.model as MarlBcModel;
      if (model.kind !== 'employment') throw new Error(`${economy.id} has no jobs`);
      const { productivity } = model.base.exposure;
      const look = (name: string, seed: number, actors: Parameters<typeof samplePath>[0]['actors']) => {
        const path = samplePath({
          economy,
          actors,
          seed: PATH_SEED,
          periods: chosen.periods,
          burnIn: BURN_IN,
          every: EVERY,
        });
        findings.push(findingOf(name, agents, seed, path, productivity));
        return path;
      };
      const oracle = economy.oracle();
      if (oracle === undefined) throw new Error(`${economy.id} has no oracle`);
      look('classical policy', 0, optimalActors(economy, oracle));
      const trial = {
        name: `ks-${agents}-sac`,
        economy,
        method: sac as unknown as AnyMethod,
        steps: chosen.steps ?? STEPS,
      };
      for (const { seed, run } of await trialRuns(trial, chosen, { out, terminal })) {
        const path = look('sac', seed, { agents: run.agents });
        if (seed === 1 || last.every((one) => one.agents !== agents)) last.push({ agents, path });
      }
    }
    const limit = classicalLimit();
    return conclude(
      { out, terminal },
      {
        text: textOf(findings, limit),
        result: { command: 'many-households', limit: { ...limit, lorenz: undefined }, findings },
        tables: [findingTable(findings)],
        charts: [lorenzChart(last, limit), distanceChart(findings, limit)],
      },
    );
  },
};

function findingOf(
  name: string,
  agents: number,
  seed: number,
  path: SamplePath,
  productivity: Float64Array,
): Finding {
  const { law, rSquared, denHaan } = lawOfPath(path, productivity);
  const settled = path.snapshots.filter(({ period }) => period >= BURN_IN);
  return {
    name,
    agents,
    seed,
    meanCapital: mean(path.capital),
    gini: mean(settled.map((one) => one.gini)),
    law: Array.from(law.coefficients),
    rSquared,
    denHaanMax: denHaan.max,
    denHaanMean: denHaan.mean,
    saturatedShare: path.saturatedShare,
  };
}

/** The continuum at the same calibration. */
function classicalLimit() {
  const classical = environments.economy('marl-bc/ks').classical();
  if (classical?.kind !== 'law-of-motion') throw new Error('marl-bc/ks has a law of motion');
  const solved = solveLawOfMotion(classical.economy, lawOfMotionOptions(classical, SETTINGS));
  const found = assessLawOfMotion(classical.economy, solved, {
    periods: 10_000,
    discard: 1_000,
    lambda: 1600,
  });
  return {
    converged: solved.converged,
    meanCapital: found.meanCapital,
    gini: found.wealth.gini,
    law: Array.from(solved.fit.law.coefficients),
    rSquared: solved.fit.rSquared,
    denHaanMax: found.denHaan.max,
    denHaanMean: found.denHaan.mean,
    lorenz: found.lorenz,
  };
}

type Limit = ReturnType<typeof classicalLimit>;

function textOf(findings: readonly Finding[], limit: Limit): string {
  const cells = (one: Omit<Finding, 'name' | 'agents' | 'seed'>) => [
    formatNumber(one.meanCapital),
    formatNumber(one.gini),
    ...one.law.map((value) => formatNumber(value)),
    formatNumber(one.rSquared, 6),
    formatNumber(one.denHaanMax, 2),
    formatNumber(one.saturatedShare, 2),
  ];
  const numbers = [...new Set(findings.map(({ agents }) => agents))];
  const rows = numbers.flatMap((agents) =>
    ['classical policy', 'sac'].map((name) => {
      const own = findings.filter((one) => one.agents === agents && one.name === name);
      const middle = (of: (one: Finding) => number) => median(own.map(of));
      return [
        `${name}, n = ${formatCount(agents)}`,
        ...cells({
          meanCapital: middle((one) => one.meanCapital),
          gini: middle((one) => one.gini),
          law: own[0].law.map((_, j) => middle((one) => one.law[j])),
          rSquared: middle((one) => one.rSquared),
          denHaanMax: middle((one) => one.denHaanMax),
          denHaanMean: 0,
          saturatedShare: middle((one) => one.saturatedShare),
        }),
      ];
    }),
  );
  const header = [
    '',
    'mean K',
    'Gini',
    'a bad',
    'b bad',
    'a good',
    'b good',
    'R2',
    'Den Haan max %',
    'saturated',
  ];
  return (
    'Medians over seeds. The classical policy is that of the continuum, at work in a sample of n households; last, the continuum itself.\n\n' +
    formatTable([...rows, ['continuum', ...cells({ ...limit, saturatedShare: 0 })]], { header })
  );
}

function findingTable(findings: readonly Finding[]): Table {
  const column = (name: string, of: (one: Finding) => number | string) => ({
    name,
    label: name,
    unit: '',
    values: findings.map(of),
  });
  return {
    name: 'findings',
    title: 'Capital, inequality and the law of motion by policy, number of households and seed',
    columns: [
      column('policy', (one) => one.name),
      column('agents', (one) => one.agents),
      column('seed', (one) => one.seed),
      column('meanCapital', (one) => one.meanCapital),
      column('gini', (one) => one.gini),
      ...['badConstant', 'badSlope', 'goodConstant', 'goodSlope'].map((name, j) =>
        column(name, (one) => one.law[j]),
      ),
      column('rSquared', (one) => one.rSquared),
      column('denHaanMax', (one) => one.denHaanMax),
      column('denHaanMean', (one) => one.denHaanMean),
      column('saturatedShare', (one) => one.saturatedShare),
    ],
  };
}

function lorenzChart(
  last: readonly { readonly agents: number; readonly path: SamplePath }[],
  limit: Limit,
): Chart {
  const curves = last.map(({ agents, path }) => {
    const { people, share } = lorenz(path.snapshots[path.snapshots.length - 1].capital);
    return { kind: 'line' as const, name: `n = ${agents}`, x: people, y: share };
  });
  return {
    name: 'lorenz',
    title: 'Who holds capital',
    caption:
      'Lorenz curves at the end of a path under learned policies, one seed each. Dashed: the continuum.',
    names: 'ordered',
    panels: [
      {
        title: '',
        x: { label: 'households, poorest first', unit: 'share' },
        y: { label: 'capital', unit: 'share' },
        series: [
          ...curves,
          {
            kind: 'line',
            name: 'continuum',
            source: 'optimal',
            x: limit.lorenz.households,
            y: limit.lorenz.wealth,
          },
        ],
      },
    ],
  };
}

function distanceChart(findings: readonly Finding[], limit: Limit): Chart {
  const panel = (title: string, of: (one: Finding) => number, target: number, unit: string) => ({
    title,
    x: { label: 'households', unit: '', scale: 'log' as const },
    y: { label: title, unit },
    series: [
      ...['sac', 'classical policy'].map((name) => {
        const own = findings.filter((one) => one.name === name);
        return {
          kind: 'points' as const,
          name,
          x: own.map(({ agents }) => agents),
          y: own.map(of),
        };
      }),
      { kind: 'reference' as const, name: 'continuum', source: 'optimal' as const, x: [], y: [target] },
    ],
  });
  return {
    name: 'distance',
    title: 'From few households to many',
    caption:
      'Each point is one seed. The line is the continuum; the classical policy shows what a sample adds to it by itself.',
    panels: [
      panel('mean capital', (one) => one.meanCapital, limit.meanCapital, 'units of the good'),
      panel('Gini index', (one) => one.gini, limit.gini, ''),
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(manyHouseholdsExperiment);
