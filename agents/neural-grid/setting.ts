/** Everything that a neural grid needs to know of its economy, asked for once. */

import type { Quantity } from '../../core/charts.ts';
import type { Domain } from '../../core/domain.ts';
import { UsageError } from '../../core/errors.ts';
import type { Backend, CreateOptions } from '../../core/method.ts';
import type { Box } from '../../core/spaces.ts';
import type { Rng } from '../../numerics/random.ts';
import { type Rule, savingRule, toShares } from './actions.ts';
import { type Model, successorCount } from './outlook.ts';
import type { NeuralGridSettings } from './settings.ts';
import { rangeOf, type SeenAxis, seenAxes } from './view.ts';

/** Shares of what there is between which actions are not penalised. */
const LEAST = 0.05;
const MOST = 0.95;

export interface Setting {
  readonly settings: NeuralGridSettings;
  readonly model: Model;
  readonly domain: Domain;
  readonly axes: readonly SeenAxis[];
  readonly actionSpace: Box;
  readonly type: string;
  /** Labels and units of the economy's quantities. */
  readonly variables: Readonly<Record<string, Quantity>>;
  readonly hidden: readonly number[];
  /** Successors of every state. */
  readonly successors: number;
  readonly engineOf: Backend['engine'];
  readonly rng: Rng;
  /** The policy that the cold start imitates, and the ends of the actions that are not penalised. */
  readonly start: Rule;
  readonly lowest: Rule;
  readonly highest: Rule;
  /** Updates of the two parts of the cold start, and of the whole. */
  readonly schedule: { readonly imitated: number; readonly pretrained: number; readonly planned: number };
}

/** Throws a UsageError, which says what is missing, for an economy whose transition is not known, or in which several agents act. */
export function settingOf(options: CreateOptions<NeuralGridSettings>): Setting {
  const { economy, type, settings, actionSpace, backend, steps } = options;
  const types = Object.values(economy.types);
  if (types.length > 1 || types[0].count > 1) {
    throw new UsageError(
      `neural-grid: ${economy.id} has several agents (${Object.keys(economy.types).join(', ')}), whose policies would each be the others' transition; use sac.`,
    );
  }
  const twin = economy.tensor();
  const domain = economy.domain();
  if (twin === undefined || domain === undefined) {
    throw new UsageError(
      `neural-grid: ${economy.id} has no ${twin === undefined ? '`tensor`' : '`domain`'}; it learns through a known transition, on states drawn at will. ` +
        "Give the economy's definition `tensor` and `domain`, or use sac.",
    );
  }
  if (economy.definition.terminated !== undefined) {
    throw new UsageError(
      `neural-grid: ${economy.id} can end (\`terminated\`), which its \`tensor\` twin does not tell; use grid, or a learner from experience, e.g. sac.`,
    );
  }
  const [asked, known] = [domain.axes.map(({ name }) => name).join(', '), twin.coordinates.join(', ')];
  if (asked !== known) {
    throw new UsageError(
      `neural-grid: the coordinates of ${economy.id}'s \`domain\` are ${asked}, those of its \`tensor\` twin ${known}; it needs ` +
        'both in the same coordinates. Use grid, or a learner from experience, e.g. sac.',
    );
  }
  if (backend.tensors === undefined)
    throw new UsageError('neural-grid: the backend has no tfjs; make it with `backendFor(neuralGrid)`.');
  const model = { tensors: backend.tensors, twin, discountFactor: options.discountFactor };
  const somewhere = domain.axes.map((axis) => (axis.kind === 'finite' ? axis.values[0] : rangeOf(axis)[0]));
  const isColdStarted = settings.coldStart !== 'none';
  const rule = (saved: number) =>
    savingRule({ domain, space: actionSpace, type, saved, otherwise: 1 - saved });
  return {
    settings,
    model,
    domain,
    axes: seenAxes(domain.axes, settings.inputs),
    actionSpace,
    type,
    variables: economy.variables,
    hidden: settings.hidden.split('x').map(Number),
    successors: successorCount(model, {
      rows: 1,
      states: Float32Array.from(twin.normaliseState(somewhere)),
      quantities: Float32Array.from(actionSpace.quantityLow),
    }),
    engineOf: backend.engine,
    rng: options.rng,
    start: settings.coldStart === 'oracle' ? oracleRule(options, domain) : rule(0.5),
    lowest: rule(MOST),
    highest: rule(LEAST),
    schedule: {
      imitated: isColdStarted ? settings.coldStartActor : 0,
      pretrained: isColdStarted ? settings.coldStartCritic : 0,
      planned: steps,
    },
  };
}

function oracleRule(options: CreateOptions<NeuralGridSettings>, domain: Domain): Rule {
  const { economy, type, actionSpace } = options;
  const oracle = economy.oracle();
  if (oracle === undefined)
    throw new UsageError(`neural-grid: coldStart is "oracle", but ${economy.id} has none; use "half".`);
  const actions = { [type]: new Float64Array(actionSpace.size) };
  return (raw, shares) => {
    oracle.act(domain.fromCoordinates(raw), actions);
    toShares(actions[type], actionSpace, shares);
  };
}
