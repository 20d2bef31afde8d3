export type { AutoregressionOptions, TauchenOptions } from './autoregression.ts';
export { rouwenhorst, tauchen, tauchenTrimmed } from './autoregression.ts';
export type { GeometricGridOptions } from './grids.ts';
export { geometricGrid, linspace, logspace } from './grids.ts';
export type { TrendAndCycle } from './hp-filter.ts';
export { hpFilter } from './hp-filter.ts';
export type { InterpolationOptions, Lottery, Outside } from './interpolation.ts';
export {
  bilinear,
  bilinearAt,
  bracket,
  checkGrid,
  linear,
  linearAt,
  linearExtrapolatedAt,
  lotteries,
  lottery,
  segmentWeight,
} from './interpolation.ts';
export type { LeastSquaresFit } from './linear-algebra.ts';
export { leastSquares, matrixVector, solve } from './linear-algebra.ts';
export type { MarkovChain, MarkovChainOptions, SimulateOptions } from './markov.ts';
export {
  drawNext,
  exponentiateToMeanOne,
  mapLevels,
  markovChain,
  normaliseRows,
  simulate,
  stationary,
  stationaryMean,
} from './markov.ts';
export type { MonotoneCubic, MonotoneCubicOptions } from './monotone-cubic.ts';
export { monotoneCubic, monotoneCubicAt, monotoneCubicSlopeAt, monotoneSlopes } from './monotone-cubic.ts';
export { normalCdf, normalInterval } from './normal.ts';
export type { QuadratureRule } from './quadrature.ts';
export { gaussHermite, gaussLegendre } from './quadrature.ts';
export type { Rng, RngState, Shufflable } from './random.ts';
export { createRng } from './random.ts';
export type { Bracket, BracketOptions, BracketOutwardOptions, NewtonOptions, RootResult } from './roots.ts';
export { bisection, bracketOutward, brent, newton } from './roots.ts';
export type {
  BootstrapOptions,
  DeviationOptions,
  Interval,
  RunningMomentsState,
  StandardiseOptions,
  Summary,
} from './statistics.ts';
export {
  autocorrelation,
  bootstrapInterval,
  correlation,
  gini,
  interquartileMean,
  mean,
  median,
  quantile,
  RunningMoments,
  standardDeviation,
  summary,
  variance,
} from './statistics.ts';
