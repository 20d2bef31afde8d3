/* The kernels, for vectors of LANES floats and tiles of TILE_ROWS rows: included by kernels.c once per VARIANT. */

/* A name in the variant under compilation. */
#undef V
#define V(name) NAMED(name, VARIANT)

typedef float V(vector) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int V(integers) __attribute__((vector_size(4 * LANES)));
#define vector V(vector)
#define integers V(integers)

/* Length of a reduction, and columns, handled at a time: that much of B takes 256 KiB. */
#undef DEPTH
#define DEPTH 256
#undef COLUMNS
#define COLUMNS 256
/* Columns of a tile: two vectors, or one where no more columns are left. */
#undef WIDTH
#define WIDTH (2 * LANES)

INLINE int V(fits)(const Arena *arena, double offset, double size) {
  return offset >= 0 && size >= 0 && offset + size <= arena->length;
}

INLINE long V(least)(long a, long b) { return a < b ? a : b; }

/* What happens to finished entries of a product. */
typedef struct {
  const float *bias; /* of WIDTH numbers, or 0 */
  int activation, accumulate;
} V(Finish);

/* `rows` x `vectors` vectors of A [rows, depth] B [depth, .], then what `finish` says but for tanh and softplus. */
INLINE void V(tile)(const float *a, long rowA, long stepA, const float *b, long stepB, long depth, float *c,
                    long rowC, const V(Finish) *finish, const int rows, const int vectors) {
  vector sum[TILE_ROWS][2], terms[2];
  UNROLLED for (int i = 0; i < rows; i++) UNROLLED for (int v = 0; v < vectors; v++) sum[i][v] = (vector){0};
  for (long k = 0; k < depth; k++, a += stepA, b += stepB) {
    /* The rows of the next tile; a line of memory holds sixteen numbers. */
    if (stepA == 1 && k % 16 == 0) UNROLLED for (int i = 0; i < rows; i++) __builtin_prefetch(a + (rows + i) * rowA);
    UNROLLED for (int v = 0; v < vectors; v++) terms[v] = *(const vector *)(b + v * LANES);
    UNROLLED for (int i = 0; i < rows; i++)
      UNROLLED for (int v = 0; v < vectors; v++) sum[i][v] += a[i * rowA] * terms[v];
  }
  UNROLLED for (int i = 0; i < rows; i++) UNROLLED for (int v = 0; v < vectors; v++) {
    vector *to = (vector *)(c + i * rowC + v * LANES), value = sum[i][v];
    if (finish->accumulate) value += *to;
    if (finish->bias) value += *(const vector *)(finish->bias + v * LANES);
    /* A comparison with NaN is false: NaN stays. */
    if (finish->activation == RELU) value = (vector)((integers)value & ~(value < 0));
    *to = value;
  }
}

#define TILE(rows)                                                                                     \
  case rows:                                                                                           \
    if (vectors == 2) V(tile)(a, rowA, stepA, b, stepB, depth, c, rowC, finish, rows, 2);              \
    else V(tile)(a, rowA, stepA, b, stepB, depth, c, rowC, finish, rows, 1);                           \
    break;

static void V(anyTile)(const float *a, long rowA, long stepA, const float *b, long stepB, long depth, float *c,
                       long rowC, const V(Finish) *finish, long rows, int vectors) {
  switch (rows) {
    TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#if TILE_ROWS >= 8
    TILE(7) TILE(8)
#endif
  }
}
#undef TILE

static void V(activate)(float *y, long size, int activation) {
  if (activation == TANH) for (long i = 0; i < size; i++) y[i] = tanhOf(y[i]);
  if (activation == SOFTPLUS) for (long i = 0; i < size; i++) y[i] = softplusOf(y[i]);
}

/* A square of LANES x LANES numbers: its upper and lower half are interleaved until the rows have become columns. */
INLINE void V(transpose)(const float *from, long rowFrom, float *to, long rowTo) {
  vector x[LANES], y[LANES];
  UNROLLED for (int i = 0; i < LANES; i++) x[i] = *(const vector *)(from + i * rowFrom);
  UNROLLED for (int done = 1; done < LANES; done *= 2) {
    UNROLLED for (int i = 0; i < LANES / 2; i++) {
      y[2 * i] = SHUFFLE(integers, x[i], x[i + LANES / 2], LOW);
      y[2 * i + 1] = SHUFFLE(integers, x[i], x[i + LANES / 2], HIGH);
    }
    UNROLLED for (int i = 0; i < LANES; i++) x[i] = y[i];
  }
  UNROLLED for (int i = 0; i < LANES; i++) *(vector *)(to + i * rowTo) = x[i];
}

/* A panel [depth, width] of B; columns that are not there are zeros. */
INLINE void V(pack)(const float *from, long row, long columns, long depth, int width, float *to) {
  for (long k = 0; k < depth; k++)
    for (long j = 0; j < width; j++) to[k * width + j] = j < columns ? from[k * row + j] : 0;
}

/* The same from the columns of B, which are rows of `from`. */
static void V(packTransposed)(const float *from, long row, long columns, long depth, int width, float *to) {
  for (long j = 0; j < width; j += LANES) {
    long k = 0;
    if (j + LANES <= columns)
      for (; k + LANES <= depth; k += LANES) V(transpose)(from + j * row + k, row, to + k * width + j, width);
    for (; k < depth; k++)
      for (long l = j; l < j + LANES; l++) to[k * width + l] = l < columns ? from[l * row + k] : 0;
  }
}

typedef struct {
  const float *data;
  long row; /* from one row to the next */
  int transposed;
} V(Matrix);

/* C [rows, columns] (+)= A [rows, depth] B [depth, columns], then `finish`, for so little of B that it stays near by. */
static void V(block)(V(Matrix) a, V(Matrix) b, float *c, long rowC, long rows, long columns, long depth,
                     V(Finish) finish, float *scratch) {
  long rowA = a.transposed ? 1 : a.row, stepA = a.transposed ? a.row : 1;
  const float *bias = finish.bias;
  float biasHere[WIDTH] = {0}, part[TILE_ROWS * WIDTH];
  /* One row of tiles takes B as it stands, but for columns that are not there. */
  int packs = b.transposed || rows > TILE_ROWS;
  for (long j = 0; j < columns; j += WIDTH) {
    long here = V(least)(WIDTH, columns - j);
    int width = here > LANES ? WIDTH : LANES;
    const float *from = b.data + j * (b.transposed ? b.row : 1);
    if (b.transposed) V(packTransposed)(from, b.row, here, depth, width, scratch + j * depth);
    else if (packs && here == WIDTH) V(pack)(from, b.row, WIDTH, depth, WIDTH, scratch + j * depth);
    else if (packs || here < width) V(pack)(from, b.row, here, depth, width, scratch + j * depth);
  }
  for (long i = 0, height; i < rows; i += height) {
    long left = rows - i;
    height = left <= TILE_ROWS ? left : left < 2 * TILE_ROWS ? (left + 1) / 2 : TILE_ROWS;
    const float *from = a.data + i * rowA;
    for (long j = 0; j < columns; j += WIDTH) {
      long here = V(least)(WIDTH, columns - j);
      int vectors = here > LANES ? 2 : 1, width = vectors * LANES;
      const float *panel = packs || here < width ? scratch + j * depth : b.data + j;
      long stepB = packs || here < width ? width : b.row;
      float *to = c + i * rowC + j;
      if (bias && here == width) finish.bias = bias + j;
      if (here == width) {
        V(anyTile)(from, rowA, stepA, panel, stepB, depth, to, rowC, &finish, height, vectors);
      } else { /* by way of a tile that is whole */
        for (long l = 0; bias && l < here; l++) biasHere[l] = bias[j + l];
        if (bias) finish.bias = biasHere;
        for (long r = 0; r < height; r++)
          for (long l = 0; l < width; l++) part[r * width + l] = l < here ? to[r * rowC + l] : 0;
        V(anyTile)(from, rowA, stepA, panel, stepB, depth, part, width, &finish, height, vectors);
        for (long r = 0; r < height; r++)
          for (long l = 0; l < here; l++) to[r * rowC + l] = part[r * width + l];
      }
      if (finish.activation > RELU)
        for (long r = 0; r < height; r++) V(activate)(to + r * rowC, here, finish.activation);
    }
  }
}

/* C [rows, columns] (+)= A [rows, depth] B [depth, columns], then bias and activation. No row of C depends on another. */
static void V(multiply)(V(Matrix) a, V(Matrix) b, float *c, long rows, long columns, long depth, const float *bias,
                        int activation, int accumulate, float *scratch) {
  /* The columns of A lie far apart: better to have all of B's panel at hand than to go through them again. */
  const long step = a.transposed ? WIDTH : COLUMNS;
  for (long j = 0; j < columns; j += step)
    for (long k = 0; k < depth; k += DEPTH) {
      long length = V(least)(DEPTH, depth - k);
      int isLast = k + length == depth;
      V(Matrix) fromA = {a.data + k * (a.transposed ? a.row : 1), a.row, a.transposed};
      V(Matrix) fromB = {b.data + (b.transposed ? j * b.row + k : k * b.row + j), b.row, b.transposed};
      V(Finish) finish = {isLast && bias ? bias + j : 0, isLast ? activation : IDENTITY, k > 0 || accumulate};
      V(block)(fromA, fromB, c + j, columns, rows, V(least)(step, columns - j), length, finish, scratch);
    }
}

/* Whether the tensors of a layer lie in the arena. `extents` are members, rows, inputs, outputs, strideX. */
static int V(layerFits)(const Arena *arena, double x, double w, double b, double y, const double *extents, double depth,
                        double columns, double scratch) {
  double members = extents[0], rows = extents[1], inputs = extents[2], outputs = extents[3], stride = extents[4];
  return rows >= 0 && inputs >= 0 && (stride == 0 || stride == rows * inputs) &&
         V(fits)(arena, x, (stride == 0 ? 1 : members) * rows * inputs) &&
         V(fits)(arena, w, members * inputs * outputs) && (b < 0 || V(fits)(arena, b, members * outputs)) &&
         V(fits)(arena, y, members * rows * outputs) &&
         V(fits)(arena, scratch,
                 (depth < DEPTH ? depth : DEPTH) * (columns < COLUMNS ? columns + LANES - 1 : COLUMNS));
}

static int V(linear)(const Arena *arena, const double *n) {
  long members = n[4], rows = n[5], inputs = n[6], outputs = n[7], strideX = n[8];
  if (!V(layerFits)(arena, n[0], n[1], n[2], n[3], n + 4, n[6], n[7], n[10])) return 0;
  float *x = arena->data + (long)n[0], *w = arena->data + (long)n[1], *y = arena->data + (long)n[3];
  const float *b = n[2] < 0 ? 0 : arena->data + (long)n[2];
  for (long g = 0; g < members; g++) {
    V(Matrix) from = {x + g * strideX, inputs, 0}, weights = {w + g * inputs * outputs, outputs, 0};
    V(multiply)(from, weights, y + g * rows * outputs, rows, outputs, inputs, b ? b + g * outputs : 0, n[9], 0,
                arena->data + (long)n[10]);
  }
  return 1;
}

static int V(weightGradient)(const Arena *arena, const double *n) {
  long members = n[3], rows = n[4], inputs = n[5], outputs = n[6], strideX = n[7];
  if (!V(layerFits)(arena, n[0], n[2], -1, n[1], n + 3, n[4], n[6], n[9])) return 0;
  float *x = arena->data + (long)n[0], *dy = arena->data + (long)n[1], *dw = arena->data + (long)n[2];
  for (long g = 0; g < members; g++) {
    V(Matrix) from = {x + g * strideX, inputs, 1}, slopes = {dy + g * rows * outputs, outputs, 0};
    V(multiply)(from, slopes, dw + g * inputs * outputs, inputs, outputs, rows, 0, IDENTITY, n[8] != 0,
                arena->data + (long)n[9]);
  }
  return 1;
}

static int V(inputGradient)(const Arena *arena, const double *n) {
  long members = n[3], rows = n[4], inputs = n[5], outputs = n[6], strideX = n[7];
  if (!V(layerFits)(arena, n[2], n[1], -1, n[0], n + 3, n[6], n[5], n[9])) return 0;
  float *dy = arena->data + (long)n[0], *w = arena->data + (long)n[1], *dx = arena->data + (long)n[2];
  for (long g = 0; g < members; g++) {
    V(Matrix) slopes = {dy + g * rows * outputs, outputs, 0}, weights = {w + g * inputs * outputs, outputs, 1};
    V(multiply)(slopes, weights, dx + g * strideX, rows, inputs, outputs, 0, IDENTITY,
                n[8] != 0 || (strideX == 0 && g > 0), arena->data + (long)n[9]);
  }
  return 1;
}

/* dy *= slope at y, row by row; the rows' sum is added to `sums`, if there is one. */
INLINE void V(slopes)(const float *restrict y, float *restrict dy, float *restrict sums, long rows, long width,
                      const int activation) {
  for (long r = 0; r < rows; r++, y += width, dy += width)
    for (long j = 0; j < width; j++) {
      dy[j] = dy[j] * slopeAt(y[j], activation);
      if (sums) sums[j] = sums[j] + dy[j];
    }
}

static int V(activationGradient)(const Arena *arena, const double *n) {
  double size = n[3] * n[4] * n[5];
  if (!V(fits)(arena, n[0], size) || !V(fits)(arena, n[1], size)) return 0;
  if (n[2] >= 0 && !V(fits)(arena, n[2], n[3] * n[5])) return 0;
  long members = n[3], rows = n[4], outputs = n[5], activation = n[6];
  for (long g = 0; g < members; g++) {
    float *y = arena->data + (long)n[0] + g * rows * outputs, *dy = arena->data + (long)n[1] + g * rows * outputs;
    float *db = n[2] < 0 ? 0 : arena->data + (long)n[2] + g * outputs;
    for (long j = 0; db && n[7] == 0 && j < outputs; j++) db[j] = 0;
    if (activation == RELU) V(slopes)(y, dy, db, rows, outputs, RELU);
    else if (activation == TANH) V(slopes)(y, dy, db, rows, outputs, TANH);
    else if (activation == SOFTPLUS) V(slopes)(y, dy, db, rows, outputs, SOFTPLUS);
    else if (db) V(slopes)(y, dy, db, rows, outputs, IDENTITY);
  }
  return 1;
}

static int V(adam)(const Arena *arena, const double *n) {
  long size = n[4];
  for (int i = 0; i < 4; i++) if (!V(fits)(arena, n[i], n[4])) return 0;
  float *restrict p = arena->data + (long)n[0], *restrict m = arena->data + (long)n[2];
  float *restrict v = arena->data + (long)n[3];
  const float *restrict g = arena->data + (long)n[1];
  /* 1 - beta in float64: 1 - float32(0.999) is off by 1e-5. */
  float step = n[5], scale = n[6], keep1 = n[7], keep2 = n[8], new1 = 1 - n[7], new2 = 1 - n[8], epsilon = n[9];
  for (long i = 0; i < size; i++) {
    float fresh1 = new1 * g[i], fresh2 = new2 * (g[i] * g[i]);
    m[i] = keep1 * m[i] + fresh1;
    v[i] = keep2 * v[i] + fresh2;
    p[i] = p[i] - step * m[i] / (__builtin_sqrtf(v[i]) * scale + epsilon);
  }
  return 1;
}

/* In float64, in sixteen partial sums. */
static int V(sumLast)(const Arena *arena, const double *n) {
  typedef float half __attribute__((vector_size(2 * LANES), aligned(4), may_alias));
  typedef double doubles __attribute__((vector_size(4 * LANES)));
  enum { SUMS = 16, STEP = LANES / 2 };
  long rows = n[2], width = n[3];
  if (!V(fits)(arena, n[0], n[2] * n[3]) || !V(fits)(arena, n[1], n[2])) return 0;
  for (long r = 0; r < rows; r++) {
    const float *x = arena->data + (long)n[0] + r * width;
    doubles sum[SUMS / STEP];
    double sums[SUMS];
    long k = 0;
    UNROLLED for (int v = 0; v < SUMS / STEP; v++) sum[v] = (doubles){0};
    for (; k + SUMS <= width; k += SUMS)
      UNROLLED for (int v = 0; v < SUMS / STEP; v++)
          sum[v] += __builtin_convertvector(*(const half *)(x + k + v * STEP), doubles);
    memcpy(sums, sum, sizeof sums);
    for (long l = 0; k < width; k++, l++) sums[l] += x[k];
    for (int left = SUMS / 2; left > 0; left /= 2) for (int l = 0; l < left; l++) sums[l] += sums[l + left];
    arena->data[(long)n[1] + r] = n[4] * sums[0];
  }
  return 1;
}

/* In the order of their names in kernels.c. */
static Kernel *const V(kernels)[] = {V(linear), V(weightGradient), V(inputGradient), V(activationGradient), V(adam),
                                     V(sumLast)};

#undef vector
#undef integers
#undef VARIANT
#undef LANES
#undef TILE_ROWS
#undef LOW
#undef HIGH
