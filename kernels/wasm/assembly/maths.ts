// Elementary functions of four floats, without tables (a table would lie in the arena): Cephes' single-precision polynomials
// (Moshier, netlib.org/cephes, expf.c, logf.c, tanhf.c), relative error about 1e-7.
import { madd } from './vector';

@inline
function all(value: f32): v128 {
  return f32x4.splat(value);
}

@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** e^r for |r| <= log(2) / 2. */
@inline
function expNearZero(r: v128): v128 {
  let p = madd(all(1.9875691500e-4), r, all(1.3981999507e-3));
  p = madd(p, r, all(8.3334519073e-3));
  p = madd(p, r, all(4.1665795894e-2));
  p = madd(p, r, all(1.6666665459e-1));
  p = madd(p, r, all(5.0000001201e-1));
  return f32x4.add(madd(p, f32x4.mul(r, r), r), all(1));
}

/** x - n log 2, with log 2 in two parts. */
@inline
function lessLogTwos(x: v128, n: v128): v128 {
  return madd(n, all(2.12194440e-4), madd(n, all(-0.693359375), x));
}

/** e^x = 2^n e^r, n = round(x / log 2). Infinity above 88.72, 0 below -103.9. */
export function exp(argument: v128): v128 {
  const x = f32x4.max(f32x4.min(argument, all(89)), all(-104));
  const n = f32x4.nearest(f32x4.mul(x, all(1.44269504088896341)));
  const p = expNearZero(lessLogTwos(x, n));
  // Two factors, since 2^128 and 2^-150 are no floats.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** log x = log m + e log 2 with m in [sqrt(1/2), sqrt(2)). -Infinity at 0, NaN below. */
export function log(x: v128): v128 {
  const isTiny = f32x4.lt(x, all(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, all(8388608)), x, isTiny);
  const shift = v128.bitselect(i32x4.splat(126 + 23), i32x4.splat(126), isTiny);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(scaled, 23), shift));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), all(0.5));
  const isLow = f32x4.lt(m, all(0.707106781186547524));
  e = f32x4.sub(e, v128.and(isLow, all(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(isLow, m)), all(1));
  const z = f32x4.mul(m, m);
  let p = madd(all(7.0376836292e-2), m, all(-1.151461031e-1));
  p = madd(p, m, all(1.167699874e-1));
  p = madd(p, m, all(-1.2420140846e-1));
  p = madd(p, m, all(1.4249322787e-1));
  p = madd(p, m, all(-1.6668057665e-1));
  p = madd(p, m, all(2.0000714765e-1));
  p = madd(p, m, all(-2.4999993993e-1));
  p = madd(p, m, all(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = madd(e, all(-2.1219444e-4), p);
  p = madd(all(-0.5), z, p);
  let y = madd(e, all(0.693359375), f32x4.add(m, p));
  y = v128.bitselect(x, y, f32x4.eq(x, all(f32.POSITIVE_INFINITY)));
  y = v128.bitselect(all(f32.NEGATIVE_INFINITY), y, f32x4.eq(x, all(0)));
  // NaN where x >= 0 does not hold.
  return v128.bitselect(y, all(f32.NaN), f32x4.ge(x, all(0)));
}

/** x + x^3 P(x^2) near 0, else 1 - 2 / (e^2|x| + 1) with the sign of x; beyond 9.1 it is 1 to the last bit. */
export function tanh(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = madd(all(-5.70498872745e-3), z, all(2.06390887954e-2));
  p = madd(p, z, all(-5.37397155531e-2));
  p = madd(p, z, all(1.33314422036e-1));
  p = madd(p, z, all(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), x, x);
  const size = f32x4.abs(x);
  const twice = f32x4.min(f32x4.add(size, size), all(18.2));
  const n = f32x4.nearest(f32x4.mul(twice, all(1.44269504088896341)));
  const power = f32x4.mul(expNearZero(lessLogTwos(twice, n)), powerOfTwo(i32x4.trunc_sat_f32x4_s(n)));
  const far = f32x4.sub(all(1), f32x4.div(all(2), f32x4.add(power, all(1))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(size, all(0.625)));
}

export function sigmoid(x: v128): v128 {
  return f32x4.div(all(1), f32x4.add(all(1), exp(f32x4.neg(x))));
}

/** max(x, 0) + log(1 + t), t = e^-|x|; with u = 1 + t rounded, log(1 + t) = log u + (t - (u - 1)) / u. */
export function softplus(x: v128): v128 {
  const t = exp(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(all(1), t);
  const lost = f32x4.div(f32x4.sub(t, f32x4.sub(u, all(1))), u);
  return f32x4.add(f32x4.max(x, all(0)), f32x4.add(log(u), lost));
}

/** 1 - e^-y for y >= 0: the slope of softplus from its value. */
export function softplusSlope(y: v128): v128 {
  // tanh(y/2) (1 + e^-y) keeps small y exact.
  return f32x4.mul(tanh(f32x4.mul(y, all(0.5))), f32x4.add(all(1), exp(f32x4.neg(y))));
}
