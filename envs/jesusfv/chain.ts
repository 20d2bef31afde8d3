/**
 * The productivity chain of Aruoba and Fernández-Villaverde (2015), as printed in their programs. The printed third
 * row sums to 1.0001, so the exact solution of the printed problem is not the textbook one; the normalised rows repair
 * it as the public project Bellmans Revenge does: 0.0082 becomes 0.00815 on both sides.
 */

/** Index of z = 1. */
export const MIDDLE_PRODUCTIVITY = 2;

/** Levels of productivity z (not logs), [5]. */
export const PRODUCTIVITY: readonly number[] = [0.9792, 0.9896, 1.0, 1.0106, 1.0212];

/** P(z, z') as published, [5][5]; row 2 sums to 1.0001. */
export const PUBLISHED_ROWS: readonly (readonly number[])[] = [
  [0.9727, 0.0273, 0, 0, 0],
  [0.0041, 0.9806, 0.0153, 0, 0],
  [0, 0.0082, 0.9837, 0.0082, 0],
  [0, 0, 0.0153, 0.9806, 0.0041],
  [0, 0, 0, 0.0273, 0.9727],
];

/** P(z, z') with every row summing to one, [5][5]. */
export const NORMALISED_ROWS: readonly (readonly number[])[] = PUBLISHED_ROWS.map((row, z) =>
  z === MIDDLE_PRODUCTIVITY ? [0, 0.00815, 0.9837, 0.00815, 0] : row,
);

/** P(d, d') between low, middle and high depreciation when it is a Markov chain, [3][3]. */
export const DEPRECIATION_ROWS: readonly (readonly number[])[] = [
  [0.9, 0.1, 0],
  [0.05, 0.9, 0.05],
  [0, 0.1, 0.9],
];
