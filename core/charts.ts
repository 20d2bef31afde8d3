/**
 * Tables and charts as plain data: what an economy's report and a run's results are made of before anything is written or drawn.
 * Nothing here knows how they are drawn.
 */

/** A quantity as a reader sees it: on an axis, above a column. */
export interface Quantity {
  /** In words, lower case: `capital`. */
  readonly label: string;
  /** `units of the good`, `share of resources`, `%`; empty for none. */
  readonly unit: string;
}

/** One named quantity, one value per row; null where there is none. */
export interface Column extends Quantity {
  /** Head of the column in a CSV file: `capital`, `optimal.consumptionShare`. */
  readonly name: string;
  readonly values: ArrayLike<number | string | null>;
}

/** Columns of equal length. */
export interface Table {
  /** Name of its file without ending: `policy`. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
}

/** Points that belong together: a line, a band between `y` and `yHigh`, points, bars (x is the middle of a bar), or a reference line. */
export interface Series {
  readonly kind: 'line' | 'band' | 'points' | 'bars' | 'reference';
  /** Names the series in the legend; the same name has the same colour throughout the chart. */
  readonly name: string;
  /**
   * Whose it is: colours tell `name`s apart, dashes tell this apart. The truth is drawn dashed and dark, so that a learner that has
   * found it is seen to lie under it. Default `learned`.
   */
  readonly source?: 'learned' | 'optimal' | 'other';
  readonly x: ArrayLike<number>;
  /** NaN where there is no value: a line breaks there. A reference line is horizontal at `y[0]` and has no x. */
  readonly y: ArrayLike<number>;
  /** Upper edge of a band. */
  readonly yHigh?: ArrayLike<number>;
}

export interface Axis extends Quantity {
  /** Default linear. */
  readonly scale?: 'linear' | 'log';
}

export interface Panel {
  /** Above the panel; empty in a chart of one. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** One picture: panels side by side that share a legend. */
export interface Chart {
  /** Name of its files without ending: `learning-curves`. */
  readonly name: string;
  readonly title: string;
  /** What to see in it, one or two sentences. */
  readonly caption: string;
  /** `ordered` if the names are levels of one quantity (low to high productivity): their colours are then a scale. Default `distinct`. */
  readonly names?: 'distinct' | 'ordered';
  readonly panels: readonly Panel[];
}
