/*
 * Elementary functions of one number, which the compiler turns into functions of vectors: Cephes' single-precision polynomials
 * (Moshier, netlib.org/cephes, expf.c, logf.c, tanhf.c), as in kernels/wasm/assembly/maths.ts, relative error about 1e-7. NaN
 * passes through all. A sum holds one product at most, so that there is one way to fuse it.
 */

enum { IDENTITY, RELU, TANH, SOFTPLUS }; /* ACTIVATION of kernels/codes.ts */

INLINE float floatOf(int bits) {
  union { int i; float f; } both = {bits};
  return both.f;
}

INLINE int bitsOf(float value) {
  union { float f; int i; } both = {.f = value};
  return both.i;
}

INLINE float sizeOf(float x) { return floatOf(bitsOf(x) & 0x7fffffff); }

/* The whole number next to x, |x| < 2^22. */
INLINE float nearest(float x) { return (x + 12582912.0f) - 12582912.0f; }

INLINE float powerOfTwo(int n) { return floatOf((n + 127) << 23); }

/* e^r for |r| <= log(2) / 2. */
INLINE float expNearZero(float r) {
  float p = 1.9875691500e-4f * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r;
  return p + 1;
}

/* x - n log 2, with log 2 in two parts. */
INLINE float lessLogTwos(float x, float n) {
  x = n * -0.693359375f + x;
  return n * 2.12194440e-4f + x;
}

/* e^x = 2^n e^r, n = round(x / log 2), for x <= 0; 0 below -103.9. */
INLINE float expBelowZero(float x) {
  x = x < -104 ? -104 : x;
  float n = nearest(x * 1.44269504088896341f);
  float p = expNearZero(lessLogTwos(x, n));
  int whole = (int)n, half = whole >> 1; /* 2^-150 is no float */
  return p * powerOfTwo(half) * powerOfTwo(whole - half);
}

/* log u for 1 <= u <= 2. */
INLINE float logOneToTwo(float u) {
  int isHigh = u > 1.41421356237f;
  float e = isHigh ? 1 : 0;
  float m = (isHigh ? 0.5f * u : u) - 1;
  float z = m * m;
  float p = 7.0376836292e-2f * m + -1.151461031e-1f;
  p = p * m + 1.167699874e-1f;
  p = p * m + -1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m + -1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m + -2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  p = p * m * z;
  p = e * -2.12194440e-4f + p;
  p = -0.5f * z + p;
  return e * 0.693359375f + (m + p);
}

/* x + x^3 P(x^2) near 0, else 1 - 2 / (e^2|x| + 1) with the sign of x; beyond 9.1 it is 1 to the last bit. */
INLINE float tanhOf(float x) {
  float z = x * x;
  float p = -5.70498872745e-3f * z + 2.06390887954e-2f;
  p = p * z + -5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z + -3.33332819422e-1f;
  float near = p * z * x + x;
  float size = sizeOf(x);
  float twice = size > 9.1f ? 18.2f : size + size;
  float n = nearest(twice * 1.44269504088896341f);
  float power = expNearZero(lessLogTwos(twice, n)) * powerOfTwo((int)n);
  float far = 1 - 2 / (power + 1);
  float signedFar = floatOf(bitsOf(far) | (bitsOf(x) & (int)0x80000000));
  return size < 0.625f ? near : signedFar;
}

/* max(x, 0) + log(1 + t), t = e^-|x|; with u = 1 + t rounded, log(1 + t) = log u + (t - (u - 1)) / u. */
INLINE float softplusOf(float x) {
  float t = expBelowZero(-sizeOf(x));
  float u = 1 + t;
  float lost = (t - (u - 1)) / u;
  return (x < 0 ? 0 : x) + (logOneToTwo(u) + lost);
}

/* The derivative of an activation at x, from its value y; of softplus it is 1 - e^-y, in a form that keeps small y exact. */
INLINE float slopeAt(float y, int activation) {
  if (activation == RELU) return y > 0 ? 1 : 0;
  if (activation == TANH) return 1 - y * y;
  return activation == SOFTPLUS ? tanhOf(0.5f * y) * (1 + expBelowZero(-y)) : 1;
}
