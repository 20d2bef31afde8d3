/** The structural form of a calibration, as the structural agent takes it. */

import {
  newPeriod,
  type Structural,
  type StructuralRequest,
  type StructuralSolution,
} from '../../core/structural.ts';
import { type KrusellSmithState, payments } from './dynamics.ts';
import { newPayments } from './model.ts';
import type { KrusellSmithModel } from './setup.ts';
import { type StructuralSetup, structuralCore } from './structural-core.ts';
import { readBilinearly } from './structural-kernels.ts';
import { sharesAt } from './structural-path.ts';
import { structuralReport } from './structural-report.ts';
import { structuralSetup } from './structural-sizes.ts';

/** Grids of prices grow by this share of their length at each end where prices leave them; an end never comes closer to -delta than this share. */
const GROWTH = 0.25;
const LEFT_OF_RENT = 0.2;

/**
 * Throws what `structuralSetup` throws. Invariant: `settle` clears every market, in closed form; it says 1 where a price is beyond its grid.
 */
export function krusellSmithStructural(
  model: KrusellSmithModel,
  request: StructuralRequest,
): Structural<KrusellSmithState, 'household'> {
  const setup = structuralSetup(model, request);
  const core = structuralCore(setup);
  const period = newPeriod(core);
  const shares = new Float64Array(setup.population.length);
  const paid = newPayments();
  const { rates } = setup;
  return {
    ...core,
    source: { module: import.meta.url, name: 'structuralFrom', argument: setup },
    request: { ...request, priceRange: [rates[0], rates[rates.length - 1]] },
    suggested: suggestions(model, request),
    // The paper keeps its grids.
    ...(request.size === 'paper'
      ? {}
      : { widen: (tables: readonly Float64Array[]) => widened(model, request, setup, tables) }),
    act(solution: StructuralSolution, state: KrusellSmithState, { household }) {
      payments(model, state, paid);
      readBilinearly(setup.rates, setup.wages, paid.r, paid.w, period);
      sharesAt(solution.tables[0], period, shares);
      const { earnings, benefits } = model.exposure;
      const { capital, status } = state;
      for (let i = 0; i < capital.length; i++) {
        const e = status[i];
        const income = paid.netWage * earnings[e] + paid.benefit * benefits[e];
        household[i] = shareOf(setup.assets, shares, e, capital[i], paid.grossReturn, income);
      }
    },
    report: (solution) => structuralReport(model, setup, solution),
  };
}

/** The structural form in another thread, which only simulates. */
export function structuralFrom(setup: StructuralSetup): Structural {
  const missing = () => {
    throw new Error('krusell-smith: a simulating thread neither acts nor reports.');
  };
  return {
    ...structuralCore(setup),
    source: { module: import.meta.url, name: 'structuralFrom', argument: setup },
    request: { size: 'quick' },
    suggested: {},
    act: missing,
    report: missing,
  };
}

/** Consumption linear in assets between nodes, over cash on hand; beyond the last node its share. */
function shareOf(
  assets: Float64Array,
  shares: Float64Array,
  e: number,
  capital: number,
  grossReturn: number,
  income: number,
): number {
  const row = e * assets.length;
  let low = 0;
  let high = assets.length - 1;
  if (capital >= assets[high]) return shares[row + high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (assets[middle] <= capital) low = middle;
    else high = middle;
  }
  const weight = (capital - assets[low]) / (assets[high] - assets[low]);
  const c =
    (1 - weight) * shares[row + low] * (grossReturn * assets[low] + income) +
    weight * shares[row + high] * (grossReturn * assets[high] + income);
  const cash = grossReturn * capital + income;
  return cash > 0 ? c / cash : shares[row];
}

/** Numbers for the structural agent's settings that are null. Adam: Table 5 of Yang et al. (2025); the scaled step: trials. */
function suggestions(
  { exposure }: KrusellSmithModel,
  { size }: StructuralRequest,
): Readonly<Record<string, number>> {
  const isMoving = exposure.productivity.length > 1;
  if (!isMoving) {
    return {
      paths: 1,
      horizon: 90,
      learningRate: 0.1,
      'adam.learningRate': 3e-3,
      decay: 0.2,
      tolerance: 1e-4,
    };
  }
  return {
    paths: { quick: 16, notebook: 64, paper: 512 }[size],
    horizon: 90,
    learningRate: 0.1,
    'adam.learningRate': size === 'paper' ? 5e-4 : 3e-3,
    // Of 200 planned epochs in quick, of 300 in the others.
    decay: size === 'quick' ? 0.12 : 0.2,
    'adam.decay': size === 'paper' ? 0.5 : 0.1,
    'scaled.tolerance': 1.2e-3,
    'adam.tolerance': 2e-4,
  };
}

/** Grids half as long again, shares carried over to them, the end ones kept beyond. */
function widened(
  model: KrusellSmithModel,
  request: StructuralRequest,
  setup: StructuralSetup,
  tables: readonly Float64Array[],
): { readonly request: StructuralRequest; readonly tables: Float64Array[] } {
  const { rates, wages, depreciation } = setup;
  const [low, high] = [rates[0], rates[rates.length - 1]];
  const step = GROWTH * (high - low);
  const least = LEFT_OF_RENT * (low + depreciation) - depreciation;
  const wider = { ...request, priceRange: [Math.max(least, low - step), high + step] as const };
  const next = structuralSetup(model, wider);
  const cells = setup.population.length;
  const moved = new Float64Array(tables[0].length);
  const core = structuralCore(setup);
  const period = newPeriod(core);
  const row = new Float64Array(cells);
  for (let node = 0; node < next.rates.length * wages.length; node++) {
    const r = next.rates[Math.floor(node / wages.length)];
    const w = next.wages[node % wages.length];
    readBilinearly(rates, wages, r, w, period);
    sharesAt(tables[0], period, row);
    moved.set(row, node * cells);
  }
  return { request: wider, tables: [moved] };
}
