/** What the tests of soft actor-critic's program share. */
import type { SacShape } from './program.ts';

/** Phases and the groups they train. */
export const TRAINED = [
  { phase: 'critic', group: 'critic' },
  { phase: 'actor', group: 'actor' },
  { phase: 'actor', group: 'temperature' },
] as const;

export const SMALL: SacShape = {
  observationSize: 3,
  actionSize: 2,
  hidden: [7, 5],
  activation: 'tanh',
  batchSize: 6,
  criticEnsemble: 'mean',
  futureActions: 'drawn',
  huberThreshold: 1,
  discountFactor: 0.9,
};
