/**
 * The equations of MARL-BC (Gabriele, Glielmo and Taboga 2026, arXiv 2510.12272), pure. n households i with capital productivity kappa_i and
 * labour productivity lambda_i; aggregates are means over them, so that incomes add up to what there is:
 *
 *     K = mean kappa_i k_i      L = mean lambda_i l_i      Y = A K^alpha L^(1-alpha)
 *     r_i = alpha Y / K kappa_i         w_i = (1 - alpha) Y / L lambda_i         a_i = r_i k_i + w_i l_i + (1 - delta) k_i
 *     c_i = share_i a_i                 k_i' = (1 - share_i) a_i                 u_i = u(c_i) + b log(1 - l_i)
 *
 * Everything is in units of the good. Nothing here has state or chance.
 */
import { production, steadyStateCapital, wageRate } from '../krusell-smith/model.ts';

/** What firms hire and pay in a period. */
export interface Factors {
  /** K and L, weighted by productivity. */
  capital: number;
  labour: number;
  output: number;
  /** alpha Y / K, gross of depreciation, of a unit of effective capital; (1 - alpha) Y / L of a unit of effective labour. */
  rent: number;
  wage: number;
}

/** Memory for factors, to be filled again and again. */
export function newFactors(): Factors {
  return { capital: 0, labour: 0, output: 0, rent: 0, wage: 0 };
}

/**
 * Output and prices at given means, into `out`; prices are zero where nothing is produced. Invariant: rent K + wage L = Y. Hot.
 */
export function hire(
  technology: { readonly capitalShare: number; readonly depreciation: number },
  productivity: number,
  capital: number,
  labour: number,
  out: Factors,
): Factors {
  const output = production(technology.capitalShare, productivity, capital, labour);
  out.capital = capital;
  out.labour = labour;
  out.output = output;
  out.rent = output > 0 ? (technology.capitalShare * output) / capital : 0;
  out.wage = wageRate(technology, output, labour);
  return out;
}

/** mean_i weights_i values_i, the values a stride apart from `first` on. Hot. */
export function weightedMean(
  weights: Float64Array,
  values: ArrayLike<number>,
  first: number,
  stride: number,
): number {
  let sum = 0;
  for (let i = 0, at = first; i < weights.length; i++, at += stride) sum += weights[i] * values[at];
  return sum / weights.length;
}

/** a_i of a household with capital k that earns `earned` effective labour. Hot. */
export function wealth(
  factors: Factors,
  depreciation: number,
  kappa: number,
  k: number,
  earned: number,
): number {
  return (factors.rent * kappa + 1 - depreciation) * k + factors.wage * earned;
}

export interface Tastes {
  readonly capitalShare: number;
  readonly depreciation: number;
  readonly discountFactor: number;
  readonly riskAversion: number;
  readonly leisureWeight: number;
}

/** Where identical households rest at A = 1. */
export interface SteadyState {
  readonly capital: number;
  readonly labour: number;
  readonly output: number;
  readonly consumption: number;
  /** Gross of depreciation. */
  readonly rent: number;
  readonly wage: number;
  /** Output plus what is left of capital. */
  readonly wealth: number;
  /** Consumption over wealth. */
  readonly share: number;
}

/** The steady state at A = 1 with a given mean of labour: beta (alpha Y / K + 1 - delta) = 1. Whatever the number of households. */
export function steadyStateWith(
  labour: number,
  {
    capitalShare: alpha,
    depreciation: delta,
    discountFactor,
  }: Omit<Tastes, 'riskAversion' | 'leisureWeight'>,
): SteadyState {
  const capital = steadyStateCapital({
    capitalShare: alpha,
    depreciation: delta,
    discountFactor,
    labour,
  });
  const output = capital ** alpha * labour ** (1 - alpha);
  const consumption = output - delta * capital;
  const all = output + (1 - delta) * capital;
  return {
    capital,
    labour,
    output,
    consumption,
    rent: (alpha * output) / capital,
    wage: ((1 - alpha) * output) / labour,
    wealth: all,
    share: consumption / all,
  };
}

/** Halvings that bring an interval of length one to the last bit. */
const HALVINGS = 60;

/**
 * The steady state at A = 1 of households that choose their labour, b / (1 - l) = w u'(c): l = w / (w + b C / L) with log utility. Throws
 * nothing. Invariant: labour lies in (0, 1).
 */
export function steadyState(tastes: Tastes): SteadyState {
  const { riskAversion: sigma, leisureWeight: b } = tastes;
  const one = steadyStateWith(1, tastes);
  const { wage, consumption: perLabour } = one;
  if (sigma === 1) return steadyStateWith(wage / (wage + b * perLabour), tastes);
  let [low, high] = [0, 1];
  for (let n = 0; n < HALVINGS; n++) {
    const labour = (low + high) / 2;
    // Increasing in labour: more of it makes leisure dearer, and consumption cheaper.
    if (b / (1 - labour) > wage * (perLabour * labour) ** -sigma) high = labour;
    else low = labour;
  }
  return steadyStateWith((low + high) / 2, tastes);
}

/**
 * The optimum with full depreciation and log utility, in every state and for any number of identical households:
 * share = 1 - alpha beta, l = (1 - alpha) / (b (1 - alpha beta) + 1 - alpha), so that K' = alpha beta A K^alpha l^(1-alpha). (Equation 13 of the
 * paper prints the labour with alpha and 1 - alpha exchanged.)
 */
export function closedForm({ capitalShare: alpha, discountFactor: beta, leisureWeight: b }: Tastes): {
  readonly share: number;
  readonly labour: number;
} {
  const share = 1 - alpha * beta;
  return { share, labour: (1 - alpha) / (b * share + 1 - alpha) };
}
