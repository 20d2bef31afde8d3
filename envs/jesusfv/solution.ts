import { endogenousGrid, type SavingSolution } from '../../solvers/endogenous-grid.ts';
import { MIDDLE_PRODUCTIVITY } from './chain.ts';
import { closedForm } from './closed-form.ts';
import {
  type GrowthModel,
  type GrowthState,
  grossReturn,
  nearestLevel,
  resources,
  steadyStateCapital,
} from './model.ts';

/** The optimal policy of a model, however it was found. */
export interface GrowthSolution {
  readonly method: string;
  readonly solution: { readonly converged: boolean; readonly iterations: number; readonly residual: number };
  /** Optimal consumption over resources. */
  share(state: GrowthState): number;
  /** Expected discounted sum of log c. */
  value(state: GrowthState): number;
}

/** Lowest capital of the grid over its steady state; below it the share hardly moves. */
const LOWEST_CAPITAL = 1e-8;

/** Nodes in the rate of depreciation where it is a parameter of the state: for a range as narrow as [0.8, 1], and for others. */
const DEPRECIATION_NODES = { narrow: 9, wide: 33 } as const;
const NARROW = 0.25;

/**
 * The optimum: the closed form at a fixed d = 1, otherwise the endogenous grid. A state's share is not limited to what actions can
 * reach. Look at `solution.converged`.
 */
export function solveGrowth(model: GrowthModel): GrowthSolution {
  const { depreciation } = model;
  switch (depreciation.kind) {
    case 'fixed':
      return depreciation.mean === 1 ? atFullDepreciation(model) : atFixedDepreciation(model);
    case 'static':
      return atEachDepreciation(model, depreciation);
    case 'markov':
      return withDepreciationChain(model, depreciation);
  }
}

function atFullDepreciation(model: GrowthModel): GrowthSolution {
  const { savingShare, value } = closedForm(model);
  return {
    method: 'closed form',
    solution: { converged: true, iterations: 0, residual: 0 },
    share: ({ productivity }) => 1 - savingShare[productivity],
    value,
  };
}

function atFixedDepreciation(model: GrowthModel): GrowthSolution {
  const solution = solveAt(model, model.depreciation.mean);
  return {
    method: `endogenous grid, ${solution.nodes} nodes of capital`,
    solution,
    share: ({ capital, productivity }) => solution.share(capital, productivity),
    value: ({ capital, productivity }) => solution.value(capital, productivity),
  };
}

/** The problem with a rate of depreciation that lasts for ever. */
function solveAt(model: GrowthModel, depreciation: number): SavingSolution {
  const state = (capital: number, productivity: number) => ({ capital, depreciation, productivity });
  return endogenousGrid(
    {
      discountFactor: model.discountFactor,
      transition: model.transition,
      resources: (capital, z) => resources(model, state(capital, z)),
      grossReturn: (capital, z) => grossReturn(model, state(capital, z)),
      ...capitalRange(model),
    },
    { guess: steadyStateShare(model, depreciation) },
  );
}

/** Policies at Chebyshev-Lobatto rates, and the polynomial through them at the rates between. */
function atEachDepreciation(
  model: GrowthModel,
  range: { readonly low: number; readonly high: number },
): GrowthSolution {
  const { low, high } = range;
  const count = high - low <= NARROW ? DEPRECIATION_NODES.narrow : DEPRECIATION_NODES.wide;
  const rates = Array.from({ length: count }, (_, i) => chebyshevNode(low, high, i, count));
  const solutions = rates.map((rate) => solveAt(model, rate));
  const between = (at: (solution: SavingSolution) => number, rate: number) =>
    barycentric(rates, (i) => at(solutions[i]), rate);
  return {
    method: `endogenous grid, ${solutions[0].nodes} nodes of capital, ${count} of depreciation`,
    solution: {
      converged: solutions.every((s) => s.converged),
      iterations: Math.max(...solutions.map((s) => s.iterations)),
      residual: Math.max(...solutions.map((s) => s.residual)),
    },
    share: ({ capital, depreciation = model.depreciation.mean, productivity }) =>
      between((s) => s.share(capital, productivity), depreciation),
    value: ({ capital, depreciation = model.depreciation.mean, productivity }) =>
      between((s) => s.value(capital, productivity), depreciation),
  };
}

function withDepreciationChain(
  model: GrowthModel,
  chain: { readonly levels: Float64Array; readonly transition: Float64Array },
): GrowthSolution {
  const { levels } = chain;
  const states = model.productivity.length;
  const state = (capital: number, e: number) => ({
    capital,
    depreciation: levels[Math.floor(e / states)],
    productivity: e % states,
  });
  const solution = endogenousGrid(
    {
      discountFactor: model.discountFactor,
      transition: kronecker(chain.transition, model.transition),
      resources: (capital, e) => resources(model, state(capital, e)),
      grossReturn: (capital, e) => grossReturn(model, state(capital, e)),
      ...capitalRange(model),
    },
    { guess: steadyStateShare(model, model.depreciation.mean) },
  );
  const index = ({ depreciation, productivity }: GrowthState) =>
    nearestLevel(levels, depreciation ?? model.depreciation.mean) * states + productivity;
  return {
    method: `endogenous grid, ${solution.nodes} nodes of capital`,
    solution,
    share: (s) => solution.share(s.capital, index(s)),
    value: (s) => solution.value(s.capital, index(s)),
  };
}

/** From next to nothing to the largest reachable capital. */
function capitalRange(model: GrowthModel): { readonly low: number; readonly high: number } {
  const normal = steadyStateCapital({ ...model, depreciation: model.depreciation.mean });
  return { low: LOWEST_CAPITAL * normal, high: model.coordinates[0].high };
}

function steadyStateShare(model: GrowthModel, depreciation: number): number {
  const capital = steadyStateCapital({ ...model, depreciation });
  const available = resources(model, { capital, depreciation, productivity: MIDDLE_PRODUCTIVITY });
  return (available - capital) / available;
}

/** The chain of two independent chains, the second moving fastest in the index. */
function kronecker(a: Float64Array, b: Float64Array): Float64Array {
  const [n, m] = [Math.round(Math.sqrt(a.length)), Math.round(Math.sqrt(b.length))];
  return Float64Array.from({ length: n * n * m * m }, (_, i) => {
    const [row, column] = [Math.floor(i / (n * m)), i % (n * m)];
    const first = a[Math.floor(row / m) * n + Math.floor(column / m)];
    return first * b[(row % m) * m + (column % m)];
  });
}

/** Node i of n Chebyshev-Lobatto nodes, exact at the ends. */
function chebyshevNode(low: number, high: number, i: number, n: number): number {
  if (i === 0) return low;
  if (i === n - 1) return high;
  return (low + high) / 2 - ((high - low) / 2) * Math.cos((Math.PI * i) / (n - 1));
}

/** The polynomial through values at Chebyshev-Lobatto nodes (Berrut and Trefethen 2004, equation 5.4). */
function barycentric(nodes: readonly number[], value: (i: number) => number, x: number): number {
  const exact = nodes.indexOf(x);
  if (exact >= 0) return value(exact);
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < nodes.length; i++) {
    const end = i === 0 || i === nodes.length - 1;
    const weight = ((end ? 0.5 : 1) * (i % 2 === 0 ? 1 : -1)) / (x - nodes[i]);
    numerator += weight * value(i);
    denominator += weight;
  }
  return numerator / denominator;
}
