// Four floats at a time: multiply-add, the last one to three elements of a tensor, sums.

/** a b + c: fused in the relaxed build, rounded twice in the plain one. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The first `count` (1, 2 or 3) floats at p, then zeros. */
export function loadTail(p: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(p);
  const two = v128.load64_zero(p);
  return count == 2 ? two : v128.load_lane<f32>(p, two, 2, 8);
}

/** Stores the first `count` (1, 2 or 3) floats. */
export function storeTail(p: usize, value: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<f32>(p, value, 0);
    return;
  }
  v128.store_lane<f64>(p, value, 0);
  if (count == 3) v128.store_lane<f32>(p, value, 2, 8);
}

/** Four floats, or as many as are left. */
@inline
export function loadUpTo4(p: usize, left: i32): v128 {
  return left >= 4 ? v128.load(p) : loadTail(p, left);
}

@inline
export function storeUpTo4(p: usize, value: v128, left: i32): void {
  if (left >= 4) v128.store(p, value);
  else storeTail(p, value, left);
}

/** Stores, or adds to what is there. */
@inline
export function putUpTo4(p: usize, value: v128, left: i32, accumulate: i32): void {
  storeUpTo4(p, accumulate ? f32x4.add(loadUpTo4(p, left), value) : value, left);
}

@inline
export function lowAsDouble(value: v128): v128 {
  return f64x2.promote_low_f32x4(value);
}

@inline
export function highAsDouble(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
}

@inline
export function sumDoubles(low: v128, high: v128): f64 {
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Sum of `size` floats, in float64. */
export function sumOf(p: usize, size: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let i = 0; i < size; i += 4) {
    const value = loadUpTo4(p + ((<usize>i) << 2), size - i);
    low = f64x2.add(low, lowAsDouble(value));
    high = f64x2.add(high, highAsDouble(value));
  }
  return sumDoubles(low, high);
}
