/** Adam and the soft update in the reference kernels. */
import type { FloatArray } from '../arena.ts';

export function adam(
  data: FloatArray,
  p: number,
  g: number,
  m: number,
  v: number,
  size: number,
  step: number,
  scale: number,
  beta1: number,
  beta2: number,
  epsilon: number,
): void {
  for (let i = 0; i < size; i++) {
    const gi = data[g + i];
    const mi = beta1 * data[m + i] + (1 - beta1) * gi;
    const vi = beta2 * data[v + i] + (1 - beta2) * gi * gi;
    data[m + i] = mi;
    data[v + i] = vi;
    data[p + i] -= (step * mi) / (Math.sqrt(vi) * scale + epsilon);
  }
}

export function softUpdate(
  data: FloatArray,
  target: number,
  source: number,
  size: number,
  mix: number,
): void {
  for (let i = 0; i < size; i++) {
    data[target + i] = (1 - mix) * data[target + i] + mix * data[source + i];
  }
}
