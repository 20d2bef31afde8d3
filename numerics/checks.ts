/** Checks of arguments, shared by the files of this folder: each throws an Error that says where, what and the remedy. */

/** Throws unless `value` is finite. `what` names it, `where` the function. */
export function requireFinite(where: string, what: string, value: number): void {
  if (!Number.isFinite(value)) throw new Error(`${where}: ${what} is ${value}; give a finite number.`);
}

/** Throws unless `value` is finite and above zero. */
export function requirePositive(where: string, what: string, value: number): void {
  if (!(value > 0 && value < Infinity))
    throw new Error(`${where}: ${what} is ${value}; give a number above 0.`);
}

/** Throws unless `value` is a whole number in low..high. */
export function requireWhole(where: string, what: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new Error(`${where}: ${what} is ${value}; give a whole number in ${low}..${high}.`);
  }
}

/** Throws unless `values` has at least `least` entries, all finite. */
export function requireFiniteArray(where: string, what: string, values: ArrayLike<number>, least = 1): void {
  if (values.length < least) {
    throw new Error(`${where}: ${what} has ${values.length} entries; give at least ${least}.`);
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new Error(`${where}: entry ${i} of ${what} is ${values[i]}; give finite numbers.`);
    }
  }
}

/** Throws unless `values` has exactly `length` entries; `why` says where that length comes from. */
export function requireLength(
  where: string,
  what: string,
  values: ArrayLike<number>,
  length: number,
  why: string,
): void {
  if (values.length !== length) {
    throw new Error(`${where}: ${what} has ${values.length} entries; ${why} asks for ${length}.`);
  }
}

/** Throws unless `grid` has at least two nodes, all finite and strictly increasing. */
export function requireIncreasing(where: string, what: string, grid: ArrayLike<number>): void {
  requireFiniteArray(where, what, grid, 2);
  for (let i = 1; i < grid.length; i++) {
    if (!(grid[i] > grid[i - 1])) {
      throw new Error(
        `${where}: ${what} falls or stands still from node ${i - 1} (${grid[i - 1]}) to node ${i} (${grid[i]}); ` +
          'sort it and drop repeated nodes.',
      );
    }
  }
}
