/**
 * Does everything that solves or learns find the closed form? With full depreciation `jesusfv` has one: the share 1 - alpha beta of resources is eaten in
 * every state (Brock and Mirman 1972), or 1 - s(z) where rows of the chain are kept as published, and V(k, z) = A(z) + B(z) log k. Against it: the
 * oracle, the endogenous grid, both methods of the grid, the neural grid, and agents that learn from experience.
 *
 *   npx tsx sanity/closed-form.ts [--set NAME=VALUE] [--seed N] [--full] [--json]
 *
 * The gap in the share is also that of k' over output, since k' = m - c and m is output. Without --full agents are small and learn for a second.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { environments } from '../envs/index.ts';
import { closedForm } from '../envs/jesusfv/closed-form.ts';
import { type GrowthModel, steadyStateCapital } from '../envs/jesusfv/model.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions, setOption } from '../experiment/cli/options.ts';
import { splitSetting } from '../experiment/cli/settings.ts';
import { type CheckCase, conclude } from './check-command.ts';
import {
  type Answer,
  BUDGETS,
  endogenousAnswer,
  gridAnswer,
  learnedAnswer,
  neuralAnswer,
  oracleAnswer,
  QUICK_SWEEP,
  type Spread,
  type World,
} from './closed-form-solvers.ts';

type Setting = Readonly<Record<string, unknown>>;

/** Calibrations in which solvers are compared: every setting that enters the optimum, or how it is told. */
const CALIBRATIONS: readonly Setting[] = [
  {},
  { transition: 'published' },
  { discountFactor: 0.9 },
  { capitalShare: 0.5 },
  { reward: 'scaled' },
  { action: 'level' },
];

/** Those in which networks learn: the published rows move the optimum by 0.00003, which no network shows. */
const LEARNED: readonly Setting[] = [{}, { discountFactor: 0.9 }];

export interface ClosedFormCase extends CheckCase, Spread {
  /** Settings of `jesusfv` that differ from its defaults. */
  readonly setting: string;
  readonly solver: string;
  /** Of the value: per period, in logs of consumption. */
  readonly quantity: 'share' | 'value';
  readonly n: number;
  readonly gate: Spread;
}

/** `jesusfv` with full depreciation. Throws a UsageError for another rate. */
export function worldOf(set: Setting): World {
  const economy = environments.economy('jesusfv', set);
  const model = economy.model as GrowthModel;
  const depreciation = model.depreciation.mean;
  if (depreciation !== 1)
    throw new UsageError(
      `closed-form: depreciation is ${depreciation}; there is a closed form at 1 only. Leave it out.`,
    );
  return { economy, model, capital: steadyStateCapital({ ...model, depreciation }) };
}

/**
 * The gaps of an answer to the closed form: of the share, and of the value where it tells one, or what its policy loses. Where rows sum to one
 * the share is the textbook's 1 - alpha beta, whatever `closedForm` says.
 */
export function closedFormCases({ economy, model }: World, answer: Answer): readonly ClosedFormCase[] {
  const { capitalShare: alpha, discountFactor: beta, rewardScale, transitionRows } = model;
  const { savingShare, value } = closedForm(model);
  const { solver, converged, states, shares, values, lossPercent, shareGate, valueGate } = answer;
  const shareGaps = shares.map((share, i) => {
    const saved = transitionRows === 'stochastic' ? alpha * beta : savingShare[states[i].productivity];
    return share - (1 - saved);
  });
  const valueGaps = values?.map((v, i) => (1 - beta) * (v / rewardScale - value(states[i])));
  const row = (
    quantity: ClosedFormCase['quantity'],
    gaps: Float64Array,
    gate: Spread,
    n = gaps.length,
  ): ClosedFormCase => {
    const sizes = gaps.map(Math.abs);
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const max = sizes.reduce((a, b) => Math.max(a, b), 0);
    return {
      env: economy.id,
      setting: settingOf(economy),
      solver,
      quantity,
      n,
      mean,
      max,
      gate,
      // A mean of nothing is NaN, and keeps to no gate.
      ok: converged && mean <= gate.mean && max <= gate.max,
    };
  };
  return [
    row('share', shareGaps, shareGate),
    ...(valueGaps === undefined ? [] : [row('value', valueGaps, valueGate)]),
    ...(lossPercent === undefined ? [] : [row('value', Float64Array.of(lossPercent / 100), valueGate)]),
  ];
}

function settingOf({ set }: World['economy']): string {
  const changed = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  return changed.length === 0 ? 'as it is' : changed.join(' ');
}

/** What solvers that take no time find in a world. */
export async function solverAnswers(
  world: World,
  { full }: { readonly full: boolean },
): Promise<readonly Answer[]> {
  return [
    oracleAnswer(world),
    endogenousAnswer(world),
    await gridAnswer(world, full ? { method: 'sweep' } : QUICK_SWEEP),
    await gridAnswer(world, { method: 'accelerated' }),
  ];
}

/** What networks learn in a world. */
export async function learnedAnswers(
  world: World,
  { full, seed }: { readonly full: boolean; readonly seed: number },
): Promise<readonly Answer[]> {
  const size = full ? 'full' : 'quick';
  return [
    await neuralAnswer(world, BUDGETS['neural-grid'][size], seed),
    await learnedAnswer(world, 'sac', BUDGETS.sac[size], seed),
    await learnedAnswer(world, 'ddpg', BUDGETS.ddpg[size], seed),
  ];
}

const options = z.strictObject({
  set: setOption.meta({
    ...setOption.meta(),
    description: 'a setting of jesusfv; then all is compared under these settings alone',
  }),
  seed: z.int().min(0).default(1).meta({ description: 'of agents', value: 'N' }),
  full: z
    .boolean()
    .default(false)
    .meta({ description: 'all nodes, and agents with their default budgets (minutes)' }),
  ...outputOptions,
});

const COLUMNS: Readonly<Record<string, (one: ClosedFormCase) => string>> = {
  jesusfv: ({ setting }) => setting,
  solver: ({ solver }) => solver,
  quantity: ({ quantity }) => quantity,
  n: ({ n }) => String(n),
  mean: (one) => one.mean.toExponential(1),
  max: (one) => one.max.toExponential(1),
  'allowed: mean': ({ gate }) => gate.mean.toExponential(1),
  'allowed: max': ({ gate }) => gate.max.toExponential(1),
};

export const closedFormCheck: CommandDefinition<z.output<typeof options>> = {
  name: 'closed-form',
  summary: 'Compares every solver and agent with the closed form of the growth model at full depreciation.',
  options,
  async main({ set, seed, full }, terminal) {
    const own = set.length === 0 ? undefined : [Object.fromEntries(set.map(splitSetting))];
    const cases: ClosedFormCase[] = [];
    const compare = (world: World, answers: readonly Answer[]) => {
      for (const answer of answers) cases.push(...closedFormCases(world, answer));
    };
    for (const settings of own ?? CALIBRATIONS) {
      const world = worldOf(settings);
      compare(world, await solverAnswers(world, { full }));
    }
    for (const settings of own ?? LEARNED) {
      const world = worldOf(settings);
      compare(world, await learnedAnswers(world, { full, seed }));
    }
    return conclude({
      terminal,
      cases,
      columns: COLUMNS,
      title:
        'Distance to the closed form at full depreciation: of the consumption share to 1 - alpha beta (or 1 - s(z)), and of the value per period,\n' +
        'in logs of consumption; of agents without a value, the consumption for ever that their policy loses',
      needs: 'closed form',
      skipped: [],
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(closedFormCheck);
