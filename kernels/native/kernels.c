/*
 * Kernels of kernels/kernels.ts in C, as a Node-API addon: those that are 1.5 times as fast as WebAssembly or more. Tensor
 * arguments are offsets in elements into the arena, a WebAssembly.Memory that every call is handed anew, as growth may move it.
 *
 * arithmetic.h is compiled once per instruction set; which of them runs is chosen by asking the processor. Every sum has one
 * order, whatever the width of the vectors, so that AVX2 and AVX-512 give the same bits.
 */
#include <node_api.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define JOIN(a, b) a##_##b
#define NAMED(name, variant) JOIN(name, variant)

/* clang wants the features of a stretch of code as an attribute, gcc as an option. */
#define PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#define TARGET(features) PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define END_TARGET _Pragma("clang attribute pop")
#define SHUFFLE(type, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define UNROLLED _Pragma("GCC unroll 16")
#define TARGET(features) _Pragma("GCC push_options") PRAGMA(GCC target(features))
#define END_TARGET _Pragma("GCC pop_options")
#define SHUFFLE(type, a, b, ...) __builtin_shuffle(a, b, (type){__VA_ARGS__})
#endif

typedef struct {
  float *data;
  double length;
} Arena;

/* Takes the numbers of kernels/kernels.ts; returns 0 where a tensor does not lie in the arena. */
typedef int Kernel(const Arena *arena, const double *numbers);

#include "elementary.h"

/* LOW and HIGH interleave the lower and the upper halves of two vectors. */
#if defined(__x86_64__)
#define VARIANT avx512
#define LANES 16
#define TILE_ROWS 8
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
TARGET("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#include "arithmetic.h"
END_TARGET
#define VARIANT avx2
#define LANES 8
#define TILE_ROWS 6
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
TARGET("avx2,fma")
#include "arithmetic.h"
END_TARGET
#elif defined(__aarch64__)
#define VARIANT neon
#define LANES 4
#define TILE_ROWS 8
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#include "arithmetic.h"
#endif

typedef struct {
  const char *name;
  Kernel *const *kernels; /* in the order of `names` below */
} Variant;

/* Those that this processor runs, best first. Without fused multiply-add there is nothing to win over WebAssembly. */
static int variants(Variant *found) {
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
      found[count++] = (Variant){"avx512", kernels_avx512};
    found[count++] = (Variant){"avx2", kernels_avx2};
  }
#elif defined(__aarch64__)
  found[count++] = (Variant){"neon", kernels_neon};
#endif
  return count;
}

/* One kernel from JavaScript: the arena's Float32Array, then its numbers. */
enum { MOST_ARGUMENTS = 12, MOST_VARIANTS = 2 };

static napi_value call(napi_env env, napi_callback_info info) {
  size_t count = MOST_ARGUMENTS, length = 0;
  napi_value values[MOST_ARGUMENTS];
  double numbers[MOST_ARGUMENTS] = {0};
  void *kernel = 0, *data = 0;
  napi_typedarray_type type = napi_int8_array;
  napi_get_cb_info(env, info, &count, values, 0, &kernel);
  napi_get_typedarray_info(env, values[0], &type, &length, &data, 0, 0);
  if (type != napi_float32_array) {
    napi_throw_type_error(env, 0, "native kernels: the first argument is no Float32Array");
    return 0;
  }
  for (size_t i = 1; i < MOST_ARGUMENTS && i < count; i++) napi_get_value_double(env, values[i], &numbers[i - 1]);
  Arena arena = {data, (double)length};
  if (!(*(Kernel *const *)kernel)(&arena, numbers))
    napi_throw_range_error(env, 0, "native kernels: a tensor lies outside of the arena");
  return 0;
}

/* Exports { avx512: { linear(data, ...), ... }, avx2: { ... } }, best first. */
NAPI_MODULE_INIT() {
  static const char *const names[] = {"linear", "weightGradient", "inputGradient", "activationGradient",
                                      "adam", "sumLast"};
  Variant found[MOST_VARIANTS];
  int count = variants(found);
  for (int v = 0; v < count; v++) {
    napi_value set, function;
    napi_create_object(env, &set);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
      napi_create_function(env, names[i], NAPI_AUTO_LENGTH, call, (void *)&found[v].kernels[i], &function);
      napi_set_named_property(env, set, names[i], function);
    }
    napi_set_named_property(env, exports, found[v].name, set);
  }
  return exports;
}
