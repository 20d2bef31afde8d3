// Adam and the soft update.
import { loadUpTo4, madd, storeUpTo4 } from './vector';

export function adam(p: i32, g: i32, m: i32, v: i32, size: i32, step: f64, scale: f64, beta1: f64, beta2: f64, epsilon: f64): void {
  const keep1 = f32x4.splat(<f32>beta1);
  const keep2 = f32x4.splat(<f32>beta2);
  // 1 - beta in float64: 1 - float32(0.999) is off by 1e-5.
  const new1 = f32x4.splat(<f32>(1 - beta1));
  const new2 = f32x4.splat(<f32>(1 - beta2));
  const length = f32x4.splat(<f32>step);
  const factor = f32x4.splat(<f32>scale);
  const floor = f32x4.splat(<f32>epsilon);
  for (let i = 0; i < size; i += 4) {
    const left = size - i;
    const pm = <usize>(m + i) << 2;
    const pv = <usize>(v + i) << 2;
    const pp = <usize>(p + i) << 2;
    const gi = loadUpTo4(<usize>(g + i) << 2, left);
    const mi = madd(keep1, loadUpTo4(pm, left), f32x4.mul(new1, gi));
    const vi = madd(keep2, loadUpTo4(pv, left), f32x4.mul(new2, f32x4.mul(gi, gi)));
    storeUpTo4(pm, mi, left);
    storeUpTo4(pv, vi, left);
    const change = f32x4.div(f32x4.mul(length, mi), madd(f32x4.sqrt(vi), factor, floor));
    storeUpTo4(pp, f32x4.sub(loadUpTo4(pp, left), change), left);
  }
}

export function softUpdate(target: i32, source: i32, size: i32, mix: f64): void {
  const fresh = f32x4.splat(<f32>mix);
  const kept = f32x4.splat(<f32>(1 - mix));
  for (let i = 0; i < size; i += 4) {
    const at = <usize>(target + i) << 2;
    const value = f32x4.mul(fresh, loadUpTo4(<usize>(source + i) << 2, size - i));
    storeUpTo4(at, madd(kept, loadUpTo4(at, size - i), value), size - i);
  }
}
