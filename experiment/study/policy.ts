/** A policy as a function of the state: a table, and pictures of it beside the optimum. */
import { act } from '../../core/evaluate.ts';
import type { Chart, Column, Economy, EconomyState, Oracle, Panel, Series, Table } from '../../core/index.ts';
import { type Actors, batchFactory, optimalActors } from './actors.ts';
import { type Coordinate, type Slices, shortNumber, slicesOf } from './slices.ts';
import { isConstant, meanOf, quantityOf, ZERO_LINE } from './variables.ts';

export interface PolicyOptions {
  readonly economy: Economy;
  readonly actors: Actors;
  /** Of the actors, in tables and pictures: `sac`. */
  readonly name: string;
  /** Left out where there is none, or the actors are it. */
  readonly oracle?: Oracle | undefined;
  /** Where the policy is looked at: the oracle's evaluation states, or visited ones that can be (`possibleStates`). At least one. */
  readonly states: readonly EconomyState[];
}

export interface PolicyStudy {
  /** Every state with its scalar variables, and for each action the quantity, and with an oracle the optimal one and the error. */
  readonly table: Table;
  /** For each action one of the policy and, with an oracle, one of its error. */
  readonly charts: readonly Chart[];
}

/** Quantities of one action by state: mean over the agents of its type, [n]. */
interface Decision {
  readonly name: string;
  readonly chosen: Float64Array;
  readonly optimal: Float64Array | undefined;
}

/**
 * What deterministic actions are at states [n], and how far they are from the optimum: error = quantity - optimal quantity, in the
 * quantity's unit. State variables are shown as `info` tells them (the level of productivity for its index). Pictures run along the state
 * variable with the most distinct values, one curve for each value of the next, one panel for each of the others (`slicesOf`).
 * Invariant: the oracle's own policy has an error of zero everywhere.
 */
export function policyStudy(options: PolicyOptions): PolicyStudy {
  const { economy, actors, oracle, states } = options;
  const coordinates = coordinatesOf(economy, states);
  const chosen = quantitiesAt(economy, actors, states);
  const optimal =
    oracle === undefined ? undefined : quantitiesAt(economy, optimalActors(economy, oracle), states);
  const decisions = Array.from(chosen, ([name, values]) => ({
    name,
    chosen: values,
    optimal: optimal?.get(name),
  }));
  const slices = slicesOf(coordinates, economy, states.length);
  const isSeveral = decisions.length > 1;
  return {
    table: {
      name: 'policy',
      title: 'Policy by state',
      columns: [...coordinates, ...decisions.flatMap((decision) => columnsOf(economy, decision))],
    },
    charts: decisions.flatMap((decision) => {
      const suffix = isSeveral ? `-${decision.name.replaceAll('.', '-')}` : '';
      return [
        policyChart(options, { decision, slices, suffix }),
        ...errorChart(options, { decision, slices, suffix }),
      ];
    }),
  };
}

/** Scalar variables of states [n], in the words of `info` where it has them. */
export function coordinatesOf(economy: Economy, states: readonly EconomyState[]): readonly Coordinate[] {
  const { definition, model } = economy;
  const scalars = Object.keys(states[0]).filter((name) => typeof states[0][name] === 'number');
  const told = states.map((state) => definition.info?.({ model, state }) ?? {});
  return scalars.map((name) => ({
    name,
    ...quantityOf(economy, name),
    values: Float64Array.from(states, (state, i) => Number(told[i][name] ?? state[name])),
  }));
}

/** Quantities that the actors choose at states [n], by action (`type.action` with several types): means over the agents of a type, [n]. */
export function quantitiesAt(
  economy: Economy,
  actors: Actors,
  states: readonly EconomyState[],
): ReadonlyMap<string, Float64Array> {
  const env = batchFactory(economy, actors)({ copies: states.length });
  env.reset({ states });
  act(actors.agents, env);
  const blocks = env.quantities();
  const isSeveral = Object.keys(economy.types).length > 1;
  const found = new Map<string, Float64Array>();
  for (const [type, { count, actionSpace }] of Object.entries(economy.types)) {
    const width = count * actionSpace.size;
    actionSpace.names.forEach((name, j) => {
      const values = Float64Array.from(states, (_, b) =>
        meanOf(blocks[type].subarray(b * width, (b + 1) * width), j, actionSpace.size),
      );
      found.set(isSeveral ? `${type}.${name}` : name, values);
    });
  }
  env.close();
  return found;
}

function columnsOf(economy: Economy, { name, chosen, optimal }: Decision): readonly Column[] {
  const { label, unit } = quantityOf(economy, name);
  const own = { name, label, unit, values: chosen };
  if (optimal === undefined) return [own];
  return [
    own,
    { name: `optimal.${name}`, label: `optimal ${label}`, unit, values: optimal },
    { name: `error.${name}`, label: `error in ${label}`, unit, values: errorsOf(chosen, optimal) },
  ];
}

function errorsOf(chosen: Float64Array, optimal: Float64Array): Float64Array {
  return chosen.map((value, i) => value - optimal[i]);
}

interface Picture {
  readonly decision: Decision;
  readonly slices: Slices;
  readonly suffix: string;
}

function policyChart(options: PolicyOptions, { decision, slices, suffix }: Picture): Chart {
  const { economy, name: actor } = options;
  const { name, chosen, optimal } = decision;
  const quantity = quantityOf(economy, name);
  const beside = optimal === undefined ? '' : ', dashed: the optimum';
  return {
    name: `policy${suffix}`,
    title: `Policy: ${quantity.label}`,
    caption: sentence(
      `What ${actor} chooses${options.actors.actions === 'drawn' ? ' on average' : ''} at ${statesText(options)}${beside}.`,
      agentsText(economy, name),
      slices.note,
    ),
    ...ordering(slices),
    panels:
      optimal !== undefined && hasCurves(slices) && isConstant(chosen)
        ? panelsOf(slices, quantity, (curve) => [{ ...curve(optimal, 'optimal'), source: 'optimal' }]).map(
            (panel) => ({ ...panel, series: [...panel.series, levelLine(actor, chosen[0])] }),
          )
        : panelsOf(slices, quantity, (curve) => [
            curve(chosen, actor),
            ...(optimal === undefined ? [] : [{ ...curve(optimal, 'optimal'), source: 'optimal' as const }]),
          ]),
  };
}

/** A policy that ignores the state, once instead of once a curve. */
function levelLine(name: string, value: number): Series {
  return { kind: 'reference', name, source: 'other', x: [], y: [value] };
}

function errorChart(options: PolicyOptions, { decision, slices, suffix }: Picture): readonly Chart[] {
  const { economy, name: actor } = options;
  const { name, chosen, optimal } = decision;
  if (optimal === undefined) return [];
  const { label, unit } = quantityOf(economy, name);
  const errors = errorsOf(chosen, optimal);
  const largest = errors.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return [
    {
      name: `policy-error${suffix}`,
      title: `Error of the policy: ${label}`,
      caption: sentence(
        `${actor} less the optimum at ${statesText(options)}; the largest error is ${shortNumber(largest)}.`,
        agentsText(economy, name),
        slices.note,
      ),
      ...ordering(slices),
      panels: panelsOf(slices, { label: `error in ${label}`, unit }, (curve) => [curve(errors, actor)]).map(
        (panel) => ({ ...panel, series: [...panel.series, ZERO_LINE] }),
      ),
    },
  ];
}

type Curve = (values: Float64Array, actor: string) => Series;

/** Curves by the names of their levels; where there is one, by the name of whose it is. */
function panelsOf(
  { x, panels }: Slices,
  quantity: { readonly label: string; readonly unit: string },
  series: (curve: Curve) => readonly Series[],
): readonly Panel[] {
  return panels.map(({ title, curves }) => ({
    title,
    x: { label: x.label, unit: x.unit },
    y: quantity,
    series: curves.flatMap(({ name, rows, kind }) =>
      series((values, actor) => ({
        kind,
        name: name === '' ? actor : name,
        x: rows.map((row) => x.values[row]),
        y: rows.map((row) => values[row]),
      })),
    ),
  }));
}

function ordering({ panels }: Slices): Pick<Chart, 'names'> {
  return hasCurves({ panels }) ? { names: 'ordered' } : {};
}

function hasCurves({ panels }: Pick<Slices, 'panels'>): boolean {
  return panels.some(({ curves }) => curves.length > 1);
}

function statesText({ economy, states }: PolicyOptions): string {
  return `${states.length} states of ${economy.id}`;
}

function agentsText(economy: Economy, name: string): string {
  const types = Object.entries(economy.types);
  const [, { count }] = types.find(([type]) => name.startsWith(`${type}.`)) ?? types[0];
  return count > 1 ? `Mean over ${count} agents.` : '';
}

function sentence(...parts: readonly string[]): string {
  return parts.filter((text) => text !== '').join(' ');
}
