/** What classical solvers of heterogeneous-agent economies ask of an economy: the problem of one household of a continuum, and the market. */
import type { Blocks, EconomyState } from './economy.ts';

/** How households value consumption: beta in (0, 1), and sigma > 0 with u(c) = (c^(1 - sigma) - 1) / (1 - sigma), log c at 1. */
export interface Preferences {
  readonly discountFactor: number;
  readonly riskAversion: number;
}

/**
 * An economy whose only price schedule is that of capital, as in Krusell and Smith (1998, J. Political Economy 106): households' assets are
 * the capital stock, per head, and prices follow from it and z in closed form.
 */
export interface CapitalEconomy extends Preferences {
  /** Lowest asset, units of the good. The first node of the asset grid. */
  readonly borrowingLimit: number;
  /** E. */
  readonly ownStates: number;
  /** Levels of z, [Z]; their logarithms enter the law of motion. */
  readonly productivity: Float64Array;
  /** P[(z, e), (z', e')], [(Z E)^2] row-major. Rows are divided by their sums, so that published tables may be given as printed. */
  readonly transition: Float64Array;
  /** R(K, z) = 1 + r - depreciation: what a unit of assets is worth a period later. `z` is an index. */
  readonly grossReturn: (capital: number, z: number) => number;
  /** y(K, z, e): income other than from assets. */
  readonly income: (capital: number, z: number, e: number) => number;
  /** Y(K, z): output per head. */
  readonly output: (capital: number, z: number) => number;
}

/**
 * An economy without aggregate risk, in which one price x clears one market: the interest rate in Aiyagari (1994, QJE 109), the price of
 * bonds in Huggett (1993, JEDC 17).
 */
export interface StationaryEconomy extends Preferences {
  readonly borrowingLimit: number;
  /** E. */
  readonly ownStates: number;
  /** P[e, e'], [E * E] row-major; rows are divided by their sums. */
  readonly transition: Float64Array;
  /** R(x). */
  readonly grossReturn: (price: number) => number;
  /** q(x); default 1. */
  readonly assetPrice?: (price: number) => number;
  /** y(x, e). */
  readonly income: (price: number, e: number) => number;
  /** What the rest of the economy offers households to hold at x: firms' capital, or a supply of bonds. */
  readonly assetSupply: (price: number) => number;
}

/** A range with a number of nodes. */
export interface NodeRange {
  readonly low: number;
  readonly high: number;
  readonly nodes: number;
}

/** The households of a state of the environment, as a sample of the continuum. Treat as read only; it holds until the next call. */
export interface Sample {
  /** Own assets a_i and own state e_i, [n]. */
  readonly assets: Float64Array;
  readonly ownStates: ArrayLike<number>;
  /** Mean of assets, and index of z (0 without aggregate risk). */
  readonly capital: number;
  readonly aggregate: number;
}

interface ClassicalCommon<S extends EconomyState, T extends string> {
  /** The type whose agents are the households. */
  readonly type: T;
  /** Grid of own assets, from the borrowing limit on, dense there. */
  readonly assets: NodeRange;
  readonly periodsPerYear: number;
  sample(state: S): Sample;
  /**
   * Writes the quantities for what households of the continuum save, [n], out of what they have, [n], at the sample's own capital and z; prices of the
   * sample may differ a little.
   */
  quantities(
    state: S,
    plan: { readonly savings: Float64Array; readonly cash: Float64Array },
    actions: Blocks<T, Float64Array>,
  ): void;
}

/** With aggregate risk: households forecast capital by a law of motion. */
export interface ClassicalCapital<S extends EconomyState = EconomyState, T extends string = string>
  extends ClassicalCommon<S, T> {
  readonly kind: 'law-of-motion';
  readonly economy: CapitalEconomy;
  /** Nodes of aggregate capital, in logarithms. */
  readonly capital: NodeRange;
}

/** Without: one price clears one market for ever. */
export interface ClassicalStationary<S extends EconomyState = EconomyState, T extends string = string>
  extends ClassicalCommon<S, T> {
  readonly kind: 'stationary';
  readonly economy: StationaryEconomy;
  /** Of the price in words, e.g. `interestRate`, and between what it is sought. */
  readonly price: { readonly name: string; readonly lower: number; readonly upper: number };
  /** Depreciation of assets, where they are capital: saving replaces it. */
  readonly depreciation?: number;
  /** Output per head at a price, where there is production. */
  readonly output?: (price: number) => number;
}

export type Classical<S extends EconomyState = EconomyState, T extends string = string> =
  | ClassicalCapital<S, T>
  | ClassicalStationary<S, T>;
