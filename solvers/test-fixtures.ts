/** The economies that tests of this folder solve, built from their reference files. */
import { tauchenTrimmed } from '../numerics/autoregression.ts';
import { exponentiateToMeanOne, type MarkovChain } from '../numerics/markov.ts';
import type { CapitalEconomy, HouseholdProblem, StationaryEconomy } from './household.ts';
import { nodeWeights } from './node-weights.ts';
import { readReference } from './reference/read.ts';

const capitalShare = 0.36;

/** Three incomes, persistence .6, stationary deviation .2, mean one (Yang, Wang, Schaab and Moll 2025, table 5). */
export function incomes(): MarkovChain {
  return exponentiateToMeanOne(tauchenTrimmed({ persistence: 0.6, stationaryDeviation: 0.2, n: 3 }));
}

/** Firms' capital and wage at the net return r, productivity and labour one. */
function firms(r: number, depreciation: number): { readonly capital: number; readonly wage: number } {
  const capital = (capitalShare / (r + depreciation)) ** (1 / (1 - capitalShare));
  return { capital, wage: (1 - capitalShare) * capital ** capitalShare };
}

/** Households that supply firms with capital: the price is the net return. */
export function savingEconomy(
  chain: MarkovChain,
  parameters: {
    readonly discountFactor: number;
    readonly riskAversion: number;
    readonly depreciation?: number;
  },
): StationaryEconomy {
  const { discountFactor, riskAversion, depreciation = 0.08 } = parameters;
  return {
    discountFactor,
    riskAversion,
    borrowingLimit: 0,
    ownStates: chain.n,
    transition: chain.transition,
    grossReturn: (r) => 1 + r,
    income: (r, e) => firms(r, depreciation).wage * chain.levels[e],
    assetSupply: (r) => firms(r, depreciation).capital,
  };
}

export interface AnnualReference {
  readonly coef: readonly [number, number, number];
  readonly R2: number;
  readonly z_grid: readonly number[];
  readonly z_trans: readonly (readonly number[])[];
  readonly z_index_path: readonly number[];
  readonly K_path: readonly number[];
  readonly refined: {
    readonly K_path: readonly number[];
    readonly C_path: readonly number[];
    readonly K_path_linear_value_80_pivot025: readonly number[];
  };
}

/** The annual Krusell-Smith economy: incomes and productivity independent, labour one. */
export function annualEconomy(): CapitalEconomy {
  const { z_grid, z_trans } = readReference<AnnualReference>('krusell-smith-annual');
  const chain = incomes();
  const [Z, E] = [z_grid.length, chain.n];
  const transition = Float64Array.from({ length: (Z * E) ** 2 }, (_, i) => {
    const [from, to] = [Math.floor(i / (Z * E)), i % (Z * E)];
    const own = chain.transition[(from % E) * E + (to % E)];
    return z_trans[Math.floor(from / E)][Math.floor(to / E)] * own;
  });
  return {
    discountFactor: 0.95,
    riskAversion: 3,
    borrowingLimit: 0,
    ownStates: E,
    productivity: Float64Array.from(z_grid),
    transition,
    grossReturn: (K, z) => 1 + capitalShare * z_grid[z] * K ** (capitalShare - 1) - 0.08,
    income: (K, z, e) => (1 - capitalShare) * z_grid[z] * K ** capitalShare * chain.levels[e],
    output: (K, z) => z_grid[z] * K ** capitalShare,
  };
}

export interface QuarterlyReference {
  readonly transition: readonly (readonly number[])[];
  readonly laws_of_motion: readonly {
    readonly source: string;
    readonly good: readonly [number, number];
    readonly bad: readonly [number, number];
  }[];
}

/** The quarterly economy of 1998 and 2010; states bad, good; own states unemployed, employed. */
export function quarterlyEconomy({ benefit }: { readonly benefit: number }): CapitalEconomy {
  const { transition } = readReference<QuarterlyReference>('krusell-smith-quarterly');
  const [z, unemployed, endowment] = [[0.99, 1.01], [0.1, 0.04], 1 / 0.9];
  const labour = unemployed.map((u) => endowment * (1 - u));
  const wage = (K: number, s: number) => (1 - capitalShare) * z[s] * (K / labour[s]) ** capitalShare;
  const tax = unemployed.map((u, s) => (benefit * u) / labour[s]);
  return {
    discountFactor: 0.99,
    riskAversion: 1,
    borrowingLimit: 0,
    ownStates: 2,
    productivity: Float64Array.from(z),
    transition: Float64Array.from(transition.flat()),
    grossReturn: (K, s) => 1 + capitalShare * z[s] * (K / labour[s]) ** (capitalShare - 1) - 0.025,
    income: (K, s, e) => wage(K, s) * (e === 0 ? benefit : (1 - tax[s]) * endowment),
    output: (K, s) => z[s] * K ** capitalShare * labour[s] ** (1 - capitalShare),
  };
}

/** A household with two incomes and one situation; `changes` replace any table. */
export function smallProblem(changes: Partial<HouseholdProblem> = {}): HouseholdProblem {
  return {
    discountFactor: 0.95,
    riskAversion: 2,
    assets: Float64Array.of(0, 0.2, 0.5, 1, 2, 4, 8, 16),
    aggregateStates: 1,
    nodes: 1,
    ownStates: 2,
    transition: Float64Array.of(0.8, 0.2, 0.3, 0.7),
    grossReturn: Float64Array.of(1.03),
    assetPrice: Float64Array.of(1),
    income: Float64Array.of(0.4, 1.2),
    next: nodeWeights(1, 1, 'linear'),
    ...changes,
  };
}
