/** The structural form of a calibration, as the structural agent takes it. */
import type { Structural, StructuralRequest, StructuralSolution } from '../../core/structural.ts';
import type { HankModel } from './setup.ts';
import type { HankState } from './state.ts';
import { mixRows, readShocks, recommendedCore, type StructuralSetup } from './structural-core.ts';
import { publishedCore, readPublished } from './structural-published.ts';
import { hankReport } from './structural-report.ts';
import { structuralSetup } from './structural-sizes.ts';

type Types = 'household' | 'firm';

/** Throws what `structuralSetup` throws. Invariant: households' tables come first, the firms' inflation last. */
export function hankStructural(model: HankModel, request: StructuralRequest): Structural<HankState, Types> {
  const setup = structuralSetup(model, request);
  const core = coreOf(setup);
  const read = {
    nodes: new Int32Array(core.tables.length * core.width),
    weights: new Float64Array(core.tables.length * core.width),
    aggregates: new Float64Array(core.aggregates.length),
  };
  const cells = setup.population.length;
  const [shares, seconds] = [new Float64Array(cells), new Float64Array(cells)];
  return {
    ...core,
    source: { module: import.meta.url, name: 'structuralFrom', argument: setup },
    request,
    suggested: suggestions(model, request),
    act(solution: StructuralSolution, state: HankState, { household, firm }) {
      const logZ = Math.log(model.productivities.levels[state.productivity]);
      const e = model.monetary.levels[state.monetary];
      const { tables } = solution;
      let inflation = 0;
      if (setup.information === 'published') {
        inflation = readPublished(
          setup,
          tables,
          { logZ, wage: state.wage, nominal: state.nominalRate },
          read,
        );
      } else {
        inflation = readShocks(setup, tables[2], { logZ, e }, read);
      }
      mixRows(tables[0], read.nodes, read.weights, shares);
      mixRows(tables[1], read.nodes, read.weights, seconds);
      for (let i = 0; i < state.bonds.length; i++) {
        const row = state.status[i] * setup.assets.length;
        household[2 * i] = linear(setup.assets, shares, row, state.bonds[i]);
        const second = linear(setup.assets, seconds, row, state.bonds[i]);
        household[2 * i + 1] = setup.information === 'published' ? worthOf(setup, second, state, i) : second;
      }
      firm.fill(inflation);
    },
    report: (solution) => hankReport(model, setup, solution),
  };
}

/** The structural form in another thread, which only simulates. */
export function structuralFrom(setup: StructuralSetup): Structural {
  const missing = () => {
    throw new Error('hank: a simulating thread neither acts nor reports.');
  };
  return {
    ...coreOf(setup),
    source: { module: import.meta.url, name: 'structuralFrom', argument: setup },
    request: { size: 'quick' },
    suggested: {},
    act: missing,
    report: missing,
  };
}

function coreOf(setup: StructuralSetup) {
  return setup.information === 'published' ? publishedCore(setup) : recommendedCore(setup);
}

/** The worth at which a household would work that long at the last wage. */
function worthOf(
  { labourWeight, labourCurvature, incomes }: StructuralSetup,
  hours: number,
  state: HankState,
  i: number,
): number {
  return (labourWeight * hours ** labourCurvature) / (state.wage * incomes[state.status[i]]);
}

/** Of a row that starts at `row`, linear between the nodes, and as at the end nodes beyond them. */
function linear(nodes: Float64Array, values: Float64Array, row: number, x: number): number {
  let low = 0;
  let high = nodes.length - 1;
  if (x >= nodes[high]) return values[row + high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodes[middle] <= x) low = middle;
    else high = middle;
  }
  const weight = (x - nodes[low]) / (nodes[high] - nodes[low]);
  const at = row + low;
  return weight <= 0 ? values[at] : (1 - weight) * values[at] + weight * values[at + 1];
}

/** Numbers for the structural agent's settings that are null. Adam: Tables 6 and 7 of Yang et al. (2025), slower for firms; the scaled step: trials. */
function suggestions(
  model: HankModel,
  { size }: StructuralRequest,
): Readonly<Record<string, number | string>> {
  const isMoving = model.productivityDeviation > 0 || model.monetaryDeviation > 0;
  const common = {
    draws: 'antithetic',
    firstShock: 'stationary',
    'adam.learningRate': 4e-3,
    'adam.decay': 0.03,
    'adam.aggregateLearningRate': 5e-4,
    'scaled.learningRate': 0.1,
    'scaled.aggregateLearningRate': 0.15,
    horizon: 120,
  };
  if (!isMoving) {
    return {
      ...common,
      paths: 1,
      epochsPerStep: 3,
      'scaled.aggregateLearningRate': 0.2,
      'scaled.decay': 0.05,
      tolerance: 2e-4,
    };
  }
  return {
    ...common,
    epochsPerStep: 4,
    paths: { quick: 24, notebook: 24, paper: 24 }[size],
    'scaled.decay': 0.01,
    tolerance: 1.5e-4,
  };
}
