/**
 * The equations of Krusell and Smith (1998), pure, for whoever simulates or solves them. Means over households stand for aggregates.
 *
 *     Y = z K^alpha L^(1-alpha)            r = alpha Y / K - delta            w = (1 - alpha) Y / L
 *     a = (1 + r) k + income               c = share a                        k' = a - c
 *     income = w [(1 - tax) earnings(e) + paid benefits(e)]                   u = (c^(1-sigma) - 1) / (1 - sigma)
 *
 * K is the stock installed at the start of the period. Everything is in units of the good per household.
 */

export interface Technology {
  /** alpha. */
  readonly capitalShare: number;
  /** delta. */
  readonly depreciation: number;
}

/** What goes into production: z and the means K and L. */
export interface Inputs {
  readonly productivity: number;
  readonly capital: number;
  readonly labour: number;
}

export interface FactorPrices {
  readonly output: number;
  /** Net of depreciation: alpha Y / K - delta. */
  readonly r: number;
  readonly w: number;
}

/** Y = z K^alpha L^(1-alpha). Nothing is produced where nobody works or saves. Invariant: homogeneous of degree one in (K, L). */
export function production(alpha: number, z: number, capital: number, labour: number): number {
  return z * capital ** alpha * labour ** (1 - alpha);
}

/** r = alpha Y / K - delta, net of depreciation; -delta where there is no output. */
export function netReturn(technology: Technology, output: number, capital: number): number {
  return (output > 0 ? (technology.capitalShare * output) / capital : 0) - technology.depreciation;
}

/** w = (1 - alpha) Y / L; 0 where there is no output. */
export function wageRate(technology: Technology, output: number, labour: number): number {
  return output > 0 ? ((1 - technology.capitalShare) * output) / labour : 0;
}

/** Output and prices together, by the firm's first-order conditions. Invariant: (r + delta) K + w L = Y. */
export function factorPrices(
  technology: Technology,
  { productivity, capital, labour }: Inputs,
): FactorPrices {
  const output = production(technology.capitalShare, productivity, capital, labour);
  return {
    output,
    r: netReturn(technology, output, capital),
    w: wageRate(technology, output, labour),
  };
}

/** No more of wages is taxed than this; what it raises is then all that the unemployed share. */
export const HIGHEST_TAX = 0.5;

/**
 * The tax on wages that pays the benefits of the same period, tax = B / N, with B and N the mean benefits and earnings in wages of a
 * unit of labour: mu u / (l (1 - u)) where the share u has no job (Den Haan, Judd and Juillard 2010, section 2). At most 1/2.
 */
export function benefitTax(benefits: number, earnings: number): number {
  return benefits > 0 ? Math.min(benefits / earnings, HIGHEST_TAX) : 0;
}

/** Share of benefits that the tax pays: 1, less where the tax is at its highest. Invariant: paid B = tax N. */
export function benefitsPaid(benefits: number, earnings: number): number {
  return benefits > 0 ? Math.min(1, (HIGHEST_TAX * earnings) / benefits) : 1;
}

/**
 * u(c) = (max(c, floor)^(1-sigma) - 1) / (1 - sigma), log at sigma = 1, as in the StructuralRL tutorial (2026). Invariant: finite,
 * never decreasing in c, and u(1) = 0.
 */
export function utility(sigma: number, floor: number, consumed: number): number {
  const c = consumed > floor ? consumed : floor;
  if (sigma === 1) return Math.log(c);
  // Whole powers by products, a third of the time of a general one.
  if (Number.isInteger(sigma)) {
    let power = 1 / c;
    for (let k = 2; k < sigma; k++) power /= c;
    return (power - 1) / (1 - sigma);
  }
  return (c ** (1 - sigma) - 1) / (1 - sigma);
}

/** K of a representative household without risk: (alpha z / (1/beta - 1 + delta))^(1/(1-alpha)) L, at z = 1. */
export function steadyStateCapital(options: Technology & { discountFactor: number; labour: number }): number {
  const { capitalShare: alpha, depreciation, discountFactor, labour } = options;
  return (alpha / (1 / discountFactor - 1 + depreciation)) ** (1 / (1 - alpha)) * labour;
}

/** The sum over households divided by their number. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Mean over households of what the table says of their state, e.g. of their labour. */
export function meanAt(table: Float64Array, states: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < states.length; i++) sum += table[states[i]];
  return sum / states.length;
}

/** What a household of the period has of one unit of each: its capital, its earnings, its benefits. */
export interface Payments {
  /** K, L and Y, means over the sample. */
  capital: number;
  labour: number;
  output: number;
  /** r, net of depreciation, and w. */
  r: number;
  w: number;
  /** 1 + r. */
  grossReturn: number;
  /** (1 - tax) w, of a unit of labour. */
  netWage: number;
  /** Paid benefits, w of a unit where the tax raises enough. */
  benefit: number;
}

/** Memory for `payments`, to be filled again and again. */
export function newPayments(): Payments {
  return { capital: 0, labour: 0, output: 0, r: 0, w: 0, grossReturn: 0, netWage: 0, benefit: 0 };
}
