import type { Rng } from '../../numerics/random.ts';
import { type MarlBcModel, RESET_RANGE } from './setup.ts';

/**
 * First capital of every household, [n]: drawn, each or once for all, or the given one for all. What is given moves no other draw. Draws for each leave the mean
 * of many where it is; where it is to move from one start to the next, all are scaled.
 */
export function firstCapital(
  { households, firstCapital: { low, high, draw } }: MarlBcModel,
  rng: Rng,
  given: number | undefined,
): Float64Array {
  const capital = new Float64Array(households);
  if (draw === 'once') capital.fill(rng.between(low, high));
  else rng.fillUniform(capital, low, high);
  if (draw === 'scaled') {
    const scale = rng.between(...RESET_RANGE);
    for (let i = 0; i < households; i++) capital[i] *= scale;
  }
  return given === undefined ? capital : capital.fill(given);
}
