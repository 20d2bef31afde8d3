/** What is to be said of a neural grid when training is over: over the whole range from which it drew its states. */
import type { AgentReport } from '../../core/agent.ts';
import type { Oracle } from '../../core/capabilities.ts';
import type { Column, Quantity, Table } from '../../core/charts.ts';
import type { StateAxis } from '../../core/domain.ts';
import { show } from '../../core/errors.ts';
import { mean } from '../../numerics/statistics.ts';
import { toQuantities } from './actions.ts';
import type { NeuralGridLearner } from './learner.ts';
import { expectedValues, outlookOf } from './outlook.ts';
import type { Setting } from './setting.ts';
import { rangeOf } from './view.ts';

/** Nodes of continuous coordinates, equally spaced over their range: the first, which agents move, and the others. */
const FIRST_NODES = 97;
const OTHER_NODES = 5;

type Solution = Pick<NeuralGridLearner, 'act' | 'values'>;

/**
 * JSON blocks `wide`, the mean absolute gap to the oracle's quantities on a regular grid over all states drawn (`policyGap` the largest
 * over actions, `range` by coordinate; left out without an oracle), and `bellman`, mean and largest |V - Q| there, in utility; and
 * a table of policy and value on that grid.
 */
export function neuralGridReport(
  setting: Setting,
  solution: Solution,
  oracle: Oracle | undefined,
): AgentReport {
  const { domain, actionSpace } = setting;
  const raw = Float64Array.from(regularGrid(domain.axes).flat());
  const quantities = new Float32Array((raw.length / domain.axes.length) * actionSpace.size);
  toQuantities(solution.act(raw), actionSpace, quantities);
  const optimal = oracle && optimalQuantities(setting, oracle, raw);
  const residuals = bellmanResiduals(setting, solution, { raw, quantities });
  const bellman = { mean: mean(residuals), max: residuals.reduce((a, b) => Math.max(a, b), 0) };
  const wide = optimal && { ...policyGaps(setting, quantities, optimal), range: rangesOf(domain.axes) };
  return {
    json: { ...(wide && { wide }), bellman },
    facts: [
      ...(wide === undefined ? [] : [['gap over all states drawn', show(rounded(wide.policyGap))] as const]),
      [
        'Bellman residual',
        `mean ${show(rounded(bellman.mean))}, largest ${show(rounded(bellman.max))} in utility`,
      ],
    ],
    tables: [solutionTable(setting, { raw, quantities, optimal, values: solution.values(raw), residuals })],
  };
}

/** Every combination of nodes, the last axis moving fastest. */
function regularGrid(axes: readonly StateAxis[]): readonly (readonly number[])[] {
  return axes.reduce<readonly (readonly number[])[]>(
    (points, axis, d) => {
      const nodes =
        axis.kind === 'finite' ? axis.values : spaced(rangeOf(axis), d === 0 ? FIRST_NODES : OTHER_NODES);
      return points.flatMap((point) => nodes.map((node) => [...point, node]));
    },
    [[]],
  );
}

function spaced([low, high]: readonly [number, number], count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) =>
    i === count - 1 ? high : low + ((high - low) * i) / (count - 1),
  );
}

function rangesOf(axes: readonly StateAxis[]): Readonly<Record<string, readonly [number, number]>> {
  return Object.fromEntries(
    axes.filter(({ kind }) => kind === 'continuous').map((axis) => [axis.name, rangeOf(axis)]),
  );
}

/** Rows of a matrix. */
function rowsOf<V extends Float32Array | Float64Array>(matrix: V, width: number): readonly V[] {
  return Array.from(
    { length: matrix.length / width },
    (_, row) => matrix.subarray(row * width, (row + 1) * width) as V,
  );
}

function optimalQuantities(
  { domain, actionSpace, type }: Setting,
  oracle: Oracle,
  raw: Float64Array,
): Float64Array {
  const states = rowsOf(raw, domain.axes.length);
  const all = new Float64Array(states.length * actionSpace.size);
  const rows = rowsOf(all, actionSpace.size);
  states.forEach((state, row) => {
    oracle.act(domain.fromCoordinates(state), { [type]: rows[row] });
  });
  return all;
}

function policyGaps({ actionSpace }: Setting, quantities: Float32Array, optimal: Float64Array) {
  const { names, size } = actionSpace;
  const distances = optimal.map((best, i) => Math.abs(quantities[i] - best));
  const gaps = names.map((_, j) => mean(distances.filter((_gap, i) => i % size === j)));
  return {
    policyGap: Math.max(...gaps),
    policyGaps: Object.fromEntries(names.map((name, j) => [name, gaps[j]])),
  };
}

/** |V(s) - r - beta sum P V(s')| under the policy, [n]. */
function bellmanResiduals(
  { model, domain }: Setting,
  solution: Solution,
  { raw, quantities }: { readonly raw: Float64Array; readonly quantities: Float32Array },
): Float64Array {
  const rows = rowsOf(raw, domain.axes.length);
  const states = Float32Array.from(rows.flatMap((row) => [...model.twin.normaliseState([...row])]));
  const outlook = outlookOf(model, { rows: rows.length, states, quantities });
  const next = solution.values(Float64Array.from(outlook.next));
  const q = expectedValues(model, outlook, next);
  return solution.values(raw).map((value, i) => Math.abs(value - q[i]));
}

function solutionTable(
  { domain, actionSpace, variables }: Setting,
  columns: {
    readonly raw: Float64Array;
    readonly quantities: Float32Array;
    readonly optimal: Float64Array | undefined;
    readonly values: Float64Array;
    readonly residuals: Float64Array;
  },
): Table {
  const { raw, quantities, optimal, values, residuals } = columns;
  const { names } = actionSpace;
  const known = (name: string): Quantity => variables[name] ?? { label: name, unit: '' };
  const column = (name: string, quantity: Quantity, of: ArrayLike<number>, j = 0, width = 1): Column => ({
    name,
    ...quantity,
    values: Float64Array.from({ length: of.length / width }, (_, row) => of[row * width + j]),
  });
  const utility = (label: string) => ({ label, unit: 'utility' });
  return {
    name: 'neural-grid',
    title: 'Policy and value over all states drawn',
    columns: [
      ...domain.axes.map(({ name }, d) => column(name, known(name), raw, d, domain.axes.length)),
      ...names.map((name, j) => column(name, known(name), quantities, j, names.length)),
      ...(optimal === undefined
        ? []
        : names.map((name, j) => column(`optimal.${name}`, known(name), optimal, j, names.length))),
      column('value', utility('value'), values),
      column('bellmanResidual', utility('Bellman residual'), residuals),
    ],
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
