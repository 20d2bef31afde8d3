/** Names of `checkEconomy`'s checks, in the order of its reports, and the gaps that it allows. */

/** The checks by short name. E1 to E11 are the laws; E0 says that there was something to hold them against. */
export const ECONOMY_CHECKS = {
  runs: 'E0 every step under every policy is finite',
  resources: 'E1 resource constraint',
  capital: 'E2 capital accumulation',
  markets: 'E3 markets clear',
  walras: "E3 Walras' law",
  distributions: 'E4 distributions are non-negative and sum to one',
  consumption: 'E5 consumption is positive',
  borrowing: 'E5 borrowing limits hold',
  factors: 'E6 factor payments exhaust output',
  rows: 'E7 transition rows sum to one',
  successors: 'E7 steps are among the enumerated successors',
  frequencies: 'E7 draws follow the rows',
  steadyState: 'E8 steady state is a fixed point',
  tensors: 'E9 tensor dynamics are the iterative ones',
  prices: 'E10 prices without shocks are the analytical ones',
  utility: 'E11 rewards are the utility of consumption',
} as const;

export type EconomyCheck = (typeof ECONOMY_CHECKS)[keyof typeof ECONOMY_CHECKS];

/** Identities in float64: a few hundred roundings of 1e-16, relative to the largest term. A state kept in float32 misses it by far. */
export const IDENTITY_TOLERANCE = 1e-12;

/** A closed form goes through powers and their inverses, which cost some of sixteen digits; a wrong formula costs more. */
export const STEADY_STATE_TOLERANCE = 1e-9;

/** An economy may allow its steady state to drift, but a place left by a twentieth in one period is none. */
export const LARGEST_DRIFT = 0.05;

/** A search for a price may stop early, but a market that misses by more than this has not cleared. */
export const LARGEST_CLEARING_GAP = 1e-3;

/**
 * Probability that one economy whose draws do follow its rows fails the chi-square tests, all of them together. Seeds are fixed, so
 * an economy passes always or never.
 */
export const FALSE_ALARM = 1e-6;

/** Share of rows, one in any case, in which float32 may find a price in the interval next to the one that float64 finds. */
export const BRACKET_SHARE = 0.01;
