import type { Rng } from '../../numerics/random.ts';
import type { MarlBcModel } from './setup.ts';

/** First capital of every household, [n]: drawn, each or once for all, or the given one for all. What is given moves no other draw. */
export function firstCapital(
  { households, firstCapital: { low, high, draw } }: MarlBcModel,
  rng: Rng,
  given: number | undefined,
): Float64Array {
  const capital = new Float64Array(households);
  if (draw === 'once') capital.fill(rng.between(low, high));
  else rng.fillUniform(capital, low, high);
  return given === undefined ? capital : capital.fill(given);
}
