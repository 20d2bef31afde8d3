/** States cut into lines along one of their variables: how a policy of several state variables is put on paper. */
import type { Economy } from '../../core/index.ts';
import { quantityOf, ROUNDING, type Variable } from './variables.ts';

/** A variable of the state, by state: `values` [n]. */
export type Coordinate = Omit<Variable, 'role'>;

/** Lines of states that differ in `x` only, up to rounding, in panels. */
export interface Slices {
  readonly x: Coordinate;
  readonly panels: readonly {
    /** Empty where there is one. */
    readonly title: string;
    readonly curves: readonly {
      /** e.g. `productivity 0.9792`; empty where there is one. */
      readonly name: string;
      /** Places of its states, by rising x. */
      readonly rows: readonly number[];
      /** `points` if they do not lie on one line: values of x come twice, or other variables differ a little. */
      readonly kind: 'line' | 'points';
    }[];
  }[];
  /** What was left out or put together, for a caption; empty if nothing was. */
  readonly note: string;
}

const MOST_PANELS = 6;
const MOST_CURVES = 6;
/** Levels with fewer states than this are no lines. */
const FEWEST_STATES = 3;
const CLASSES = 3;

/**
 * Slices of states [n] given by their coordinates: x is the variable with the most distinct values, curves are those of the next, panels
 * those of the others. Of more than six curves or panels evenly spread ones are taken; a variable that hardly takes a value twice is cut
 * into thirds. Invariant: every state is in one curve at most.
 */
export function slicesOf(coordinates: readonly Coordinate[], economy: Economy, count: number): Slices {
  const varying = coordinates
    .map((coordinate) => ({ coordinate, levels: levelsOf(coordinate.values) }))
    .filter(({ levels }) => levels.length > 1);
  if (varying.length === 0) return unordered(economy, count);
  const most = varying.reduce((best, next) => (next.levels.length > best.levels.length ? next : best));
  const others = varying.filter((one) => one !== most);
  // Of equals the last, where authors put the indices of shocks.
  const first = others.reduce<Varying | undefined>(
    (best, next) => (next.levels.length >= (best?.levels.length ?? 0) ? next : best),
    undefined,
  );
  const rest = others.filter((one) => one !== first);
  const curves = first === undefined ? [everything(count)] : partsOf(first, count);
  const panels = rest
    .map((one) => partsOf(one, count))
    .reduce<readonly Part[]>(crossed, [everything(count)])
    .filter(({ rows }) => rows.size > 0);
  const shown = evenly(panels, MOST_PANELS);
  const shownCurves = evenly(curves, MOST_CURVES);
  const isWhole = [...curves, ...panels].every((part) => part.isLevel);
  return {
    x: most.coordinate,
    panels: shown.map((panel) => ({
      title: panel.name,
      curves: shownCurves.flatMap((curve) => {
        const rows = [...curve.rows].filter((row) => panel.rows.has(row));
        rows.sort((a, b) => most.coordinate.values[a] - most.coordinate.values[b]);
        const isLine = isWhole && rows.length > 1 && isIncreasing(rows, most.coordinate.values);
        return rows.length === 0
          ? []
          : [{ name: curve.name, rows, kind: isLine ? 'line' : 'points' } as const];
      }),
    })),
    note: [
      shown.length < panels.length ? `${shown.length} of ${panels.length} combinations are shown.` : '',
      shownCurves.length < curves.length
        ? `${shownCurves.length} of ${curves.length} levels of ${first?.coordinate.label} are shown.`
        : '',
    ]
      .filter((text) => text !== '')
      .join(' '),
  };
}

/** States told apart by their number alone. */
function unordered(economy: Economy, count: number): Slices {
  const rows = Array.from({ length: count }, (_, i) => i);
  return {
    x: { name: 'state', ...quantityOf(economy, 'state'), values: Float64Array.from(rows) },
    panels: [{ title: '', curves: [{ name: '', rows, kind: 'points' }] }],
    note: 'States differ in no single number; they stand in their order.',
  };
}

interface Part {
  readonly name: string;
  readonly rows: ReadonlySet<number>;
  /** Whether all its states share one value. */
  readonly isLevel: boolean;
}

function everything(count: number): Part {
  return { name: '', rows: new Set(Array(count).keys()), isLevel: true };
}

interface Varying {
  readonly coordinate: Coordinate;
  readonly levels: readonly number[];
}

/** States by level of a variable, or by thirds of a variable with nearly as many levels as states. */
function partsOf({ coordinate, levels }: Varying, count: number): readonly Part[] {
  const { label, values } = coordinate;
  if (count >= FEWEST_STATES * levels.length) {
    return levels.map((level) => ({
      name: `${label} ${shortNumber(level)}`,
      rows: rowsBetween(values, level, level),
      isLevel: true,
    }));
  }
  const classes = Math.min(CLASSES, levels.length);
  return Array.from({ length: classes }, (_, i) => {
    const low = levels[Math.floor((i * levels.length) / classes)];
    const high = levels[Math.floor(((i + 1) * levels.length) / classes) - 1];
    return {
      name: `${label} ${shortNumber(low)} to ${shortNumber(high)}`,
      rows: rowsBetween(values, low, high),
      isLevel: false,
    };
  });
}

function crossed(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) =>
    others.map((other) => ({
      name: [part.name, other.name].filter((text) => text !== '').join(', '),
      rows: new Set([...part.rows].filter((row) => other.rows.has(row))),
      isLevel: part.isLevel && other.isLevel,
    })),
  );
}

/** Distinct values in rising order, those taken together that differ by rounding. */
function levelsOf(values: Float64Array): readonly number[] {
  const levels: number[] = [];
  const slack = slackOf(values);
  for (const value of values.slice().sort()) {
    const last = levels[levels.length - 1];
    if (last === undefined || value - last > slack) levels.push(value);
  }
  return levels;
}

function rowsBetween(values: Float64Array, low: number, high: number): ReadonlySet<number> {
  const rows = new Set<number>();
  const slack = slackOf(values);
  values.forEach((value, row) => {
    if (value >= low && value <= high + slack) rows.add(row);
  });
  return rows;
}

/** Values nearer than this are one up to rounding. */
function slackOf(values: Float64Array): number {
  return 10 * ROUNDING * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function isIncreasing(rows: readonly number[], values: Float64Array): boolean {
  return rows.every((row, i) => i === 0 || values[row] > values[rows[i - 1]]);
}

/** At most that many, the ends among them. */
function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]);
}

/** Four digits, without zeros at the end. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
