/*
 * The loops of agents/structural/loops.ts in plain C, for bench/structural-loops.ts alone: how far from C are those that are used? Each is called with the bytes of a memory, then
 * addresses in it and counts.
 */
#include <node_api.h>
#include <stdint.h>
#include <string.h>

typedef const double *restrict In;
typedef double *restrict Out;

static void mixTable(In table, const int *nodes, In weights, int width, int cells, Out out) {
  int first = 0;
  if (width > 1) {
    const double p = weights[0], q = weights[1];
    const double *low = table + (long)nodes[0] * cells, *high = table + (long)nodes[1] * cells;
    for (int j = 0; j < cells; j++) out[j] = p * low[j] + q * high[j];
    first = 2;
  }
  for (int w = first; w < width; w++) {
    const double p = weights[w];
    const double *from = table + (long)nodes[w] * cells;
    if (w == 0) {
      for (int j = 0; j < cells; j++) out[j] = p * from[j];
    } else if (p != 0) {
      for (int j = 0; j < cells; j++) out[j] += p * from[j];
    }
  }
}

static void mixOwnStates(In source, In transition, int rowStride, int columnStride, int ownStates, int count, Out out) {
  for (int r = 0; r < ownStates; r++) {
    const double *first = transition + r * rowStride;
    double *row = out + r * count;
    if (ownStates == 3) {
      const double p = first[0], q = first[columnStride], u = first[2 * columnStride];
      for (int i = 0; i < count; i++) row[i] = p * source[i] + q * source[count + i] + u * source[2 * count + i];
      continue;
    }
    for (int s = 0; s < ownStates; s++) {
      const double p = first[s * columnStride];
      const double *from = source + s * count;
      if (s == 0) {
        for (int i = 0; i < count; i++) row[i] = p * from[i];
      } else {
        for (int i = 0; i < count; i++) row[i] += p * from[i];
      }
    }
  }
}

static void placeNext(In assets, In inverseStep, int count, In next, const uint8_t *restrict bound, int cells,
                      int *restrict lower, Out upperWeight, uint8_t *restrict place) {
  const int last = count - 2;
  for (int e = 0, j = 0; e < cells / count; e++) {
    int i = 0;
    for (int a = 0; a < count; a++, j++) {
      const double x = next[j];
      while (i < last && assets[i + 1] <= x) i++;
      while (i > 0 && assets[i] > x) i--;
      const double weight = (x - assets[i]) * inverseStep[i];
      lower[j] = i;
      upperWeight[j] = weight < 0 ? 0 : weight > 1 ? 1 : weight;
      place[j] = bound[j] == 1 ? 1 : (weight > 0) & (weight < 1) ? 0 : 2;
    }
  }
}

static void push(In mass, const int *restrict lower, In upperWeight, In transition, int ownStates, int count, Out moved,
                 Out pushed) {
  memset(moved, 0, sizeof(double) * ownStates * count);
  for (int e = 0, j = 0; e < ownStates; e++) {
    double *row = moved + e * count;
    for (int a = 0; a < count; a++, j++) {
      const double up = mass[j] * upperWeight[j];
      row[lower[j]] += mass[j] - up;
      row[lower[j] + 1] += up;
    }
  }
  mixOwnStates(moved, transition, 1, ownStates, ownStates, count, pushed);
}

static void slopes(In expected, In inverseStep, int count, double discountFactor, const int *restrict lower,
                   const uint8_t *restrict place, In flowSlope, In nextSlope, const double *unit, Out out, Out relative,
                   int cells, int rule) {
  for (int e = 0, j = 0; e < cells / count; e++) {
    const double *row = expected + e * count;
    for (int a = 0; a < count; a++, j++) {
      const int i = lower[j];
      const double slope = (row[i + 1] - row[i]) * inverseStep[i];
      const double ahead = place[j] == 2 ? 0 : discountFactor * slope * nextSlope[j];
      const double total = flowSlope[j] + ahead;
      const double kept = place[j] != 1 || rule == 2 || (rule == 1 && total < 0) ? total : 0;
      out[j] = kept;
      if (unit) relative[j] = kept / unit[j];
    }
  }
}

static void values(In expected, int count, double discountFactor, const int *restrict lower, In upperWeight, In flow,
                   Out lambda, int cells) {
  for (int e = 0, j = 0; e < cells / count; e++) {
    const double *row = expected + e * count;
    for (int a = 0; a < count; a++, j++) {
      const double low = row[lower[j]];
      lambda[j] = flow[j] + discountFactor * (low + upperWeight[j] * (row[lower[j] + 1] - low));
    }
  }
}

static void times(In x, In weight, Out out, int cells) {
  for (int j = 0; j < cells; j++) out[j] = weight[j] * x[j];
}

static void addToNodes(In x, const int *nodes, In weights, int width, double scale, Out to, int cells) {
  for (int w = 0; w < width; w++) {
    const double p = weights[w] * scale;
    double *node = to + (long)nodes[w] * cells;
    if (p == 0) continue;
    for (int j = 0; j < cells; j++) node[j] += p * x[j];
  }
}

static void normalise(Out x, int cells) {
  double sum = 0;
  for (int j = 0; j < cells; j++) sum += x[j];
  const double scale = 1 / sum;
  for (int j = 0; j < cells; j++) x[j] *= scale;
}

static void add(In x, Out to, int cells) {
  for (int j = 0; j < cells; j++) to[j] += x[j];
}

enum { MOST_ARGUMENTS = 16 };
typedef struct {
  char *bytes;
  double numbers[MOST_ARGUMENTS];
} Arguments;

static Arguments take(napi_env env, napi_callback_info info) {
  Arguments taken = {0};
  size_t count = MOST_ARGUMENTS;
  napi_value given[MOST_ARGUMENTS];
  void *bytes = 0;
  napi_get_cb_info(env, info, &count, given, 0, 0);
  napi_get_typedarray_info(env, given[0], 0, 0, &bytes, 0, 0);
  taken.bytes = bytes;
  for (size_t i = 1; i < count; i++) napi_get_value_double(env, given[i], &taken.numbers[i - 1]);
  return taken;
}

#define NUMBER(i) taken.numbers[i]
#define COUNT(i) ((int)taken.numbers[i])
#define AT(type, i) ((type *)(taken.bytes + (size_t)taken.numbers[i]))
#define REALS(i) AT(double, i)
#define WHOLE(i) AT(int, i)
#define BYTES(i) AT(uint8_t, i)
#define CALLED(name, ...)                                            \
  static napi_value call_##name(napi_env env, napi_callback_info info) { \
    const Arguments taken = take(env, info);                         \
    name(__VA_ARGS__);                                               \
    return 0;                                                        \
  }

CALLED(mixTable, REALS(0), WHOLE(1), REALS(2), COUNT(3), COUNT(4), REALS(5))
CALLED(mixOwnStates, REALS(0), REALS(1), COUNT(2), COUNT(3), COUNT(4), COUNT(5), REALS(6))
CALLED(placeNext, REALS(0), REALS(1), COUNT(2), REALS(3), BYTES(4), COUNT(5), WHOLE(6), REALS(7), BYTES(8))
CALLED(push, REALS(0), WHOLE(1), REALS(2), REALS(3), COUNT(4), COUNT(5), REALS(6), REALS(7))
CALLED(slopes, REALS(0), REALS(1), COUNT(2), NUMBER(3), WHOLE(4), BYTES(5), REALS(6), REALS(7),
       NUMBER(8) == 0 ? 0 : REALS(8), REALS(9), REALS(10), COUNT(11), COUNT(12))
CALLED(values, REALS(0), COUNT(1), NUMBER(2), WHOLE(3), REALS(4), REALS(5), REALS(6), COUNT(7))
CALLED(times, REALS(0), REALS(1), REALS(2), COUNT(3))
CALLED(addToNodes, REALS(0), WHOLE(1), REALS(2), COUNT(3), NUMBER(4), REALS(5), COUNT(6))
CALLED(normalise, REALS(0), COUNT(1))
CALLED(add, REALS(0), REALS(1), COUNT(2))

#define EXPORT(name)                                                                     \
  do {                                                                                   \
    napi_value function;                                                                 \
    napi_create_function(env, #name, NAPI_AUTO_LENGTH, call_##name, 0, &function);       \
    napi_set_named_property(env, exports, #name, function);                              \
  } while (0)

NAPI_MODULE_INIT() {
  EXPORT(mixTable);
  EXPORT(mixOwnStates);
  EXPORT(placeNext);
  EXPORT(push);
  EXPORT(slopes);
  EXPORT(values);
  EXPORT(times);
  EXPORT(addToNodes);
  EXPORT(normalise);
  EXPORT(add);
  return exports;
}
