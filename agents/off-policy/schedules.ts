/** What changes from update to update, for every off-policy method alike. */

/** The average of the weights is over about the last t / 10 of t updates at first, and never over more than 1 / weightAverage. */
const AVERAGE_START = 10;

/**
 * Adam's rate at a share of the planned updates, linear in it: learningRate (1 - (1 - finalLearningRate) progress), per update.
 * Invariant: `learningRate` at 0, and the share `finalLearningRate` of it at 1.
 */
export function rateAt(
  settings: { readonly learningRate: number; readonly finalLearningRate: number },
  progress: number,
): number {
  return settings.learningRate * (1 - (1 - settings.finalLearningRate) * progress);
}

/**
 * Weight of the actor in its average after that many updates: max(weightAverage, 10 / (updates + 10)), so that the initial policy is
 * soon forgotten. Invariant: it never rises, and never falls below `weightAverage`.
 */
export function averageMix(settings: { readonly weightAverage: number }, updates: number): number {
  return Math.max(settings.weightAverage, AVERAGE_START / (updates + AVERAGE_START));
}
