// Adam and the soft update.
import { loadUpTo4, madd, storeUpTo4 } from './vector';

export function adam(
  p: i32,
  g: i32,
  m: i32,
  v: i32,
  size: i32,
  step: f64,
  scale: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
): void {
  const keep1 = f32x4.splat(<f32>beta1);
  const keep2 = f32x4.splat(<f32>beta2);
  // 1 - beta in float64: 1 - float32(0.999) is off by 1e-5.
  const new1 = f32x4.splat(<f32>(1 - beta1));
  const new2 = f32x4.splat(<f32>(1 - beta2));
  const length = f32x4.splat(<f32>step);
  const factor = f32x4.splat(<f32>scale);
  const floor = f32x4.splat(<f32>epsilon);
  let pp = (<usize>p) << 2;
  let pg = (<usize>g) << 2;
  let pm = (<usize>m) << 2;
  let pv = (<usize>v) << 2;
  const end = pp + ((<usize>(size & ~3)) << 2);
  while (pp < end) {
    adamFour(pp, pg, pm, pv, 4, keep1, new1, keep2, new2, length, factor, floor);
    pp += 16;
    pg += 16;
    pm += 16;
    pv += 16;
  }
  if (size & 3) adamFour(pp, pg, pm, pv, size & 3, keep1, new1, keep2, new2, length, factor, floor);
}

@inline
function adamFour(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  left: i32,
  keep1: v128,
  new1: v128,
  keep2: v128,
  new2: v128,
  length: v128,
  factor: v128,
  floor: v128,
): void {
  const gi = loadUpTo4(g, left);
  const mi = madd(keep1, loadUpTo4(m, left), f32x4.mul(new1, gi));
  const vi = madd(keep2, loadUpTo4(v, left), f32x4.mul(new2, f32x4.mul(gi, gi)));
  storeUpTo4(m, mi, left);
  storeUpTo4(v, vi, left);
  const change = f32x4.div(f32x4.mul(length, mi), madd(f32x4.sqrt(vi), factor, floor));
  storeUpTo4(p, f32x4.sub(loadUpTo4(p, left), change), left);
}

export function softUpdate(target: i32, source: i32, size: i32, mix: f64): void {
  const fresh = f32x4.splat(<f32>mix);
  const kept = f32x4.splat(<f32>(1 - mix));
  let to = (<usize>target) << 2;
  let from = (<usize>source) << 2;
  const end = to + ((<usize>(size & ~3)) << 2);
  for (; to < end; to += 16, from += 16) softUpdateFour(to, from, 4, kept, fresh);
  if (size & 3) softUpdateFour(to, from, size & 3, kept, fresh);
}

@inline
function softUpdateFour(to: usize, from: usize, left: i32, kept: v128, fresh: v128): void {
  storeUpTo4(to, madd(kept, loadUpTo4(to, left), f32x4.mul(fresh, loadUpTo4(from, left))), left);
}
