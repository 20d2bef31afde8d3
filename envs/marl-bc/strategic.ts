/**
 * What a household of a finite economy gains from capital and labour of its own, its effect on prices included, and where such households rest.
 *
 *     d a_i / d k_i = 1 - delta + r_i [1 - (1 - alpha) / n (s_k - s_l)]        s_k = kappa_i k_i / K
 *     d a_i / d l_i = w_i [1 - alpha / n (s_l - s_k)]                          s_l = lambda_i l_i / L
 *
 * Among households that are alike s_k = s_l = 1: they take prices as given whatever their number. Where wealth differs, the net owner of capital
 * saves too little and the net worker too much, by something of the order of 1 / n. Effects through others' policies are left out (open loop).
 */
import { requireFinite, requirePositive } from '../../numerics/checks.ts';
import { gini } from '../../numerics/statistics.ts';
import type { Factors } from './model.ts';

export interface OwnReturns {
  /** d a_i / d k_i and d a_i / d l_i. */
  readonly capital: number;
  readonly labour: number;
}

/** The own returns of a household. Throws nothing. Invariant: those of a price taker where s_k = s_l, and as n grows. */
export function ownReturns(
  { capitalShare: alpha, depreciation }: { readonly capitalShare: number; readonly depreciation: number },
  factors: Factors,
  own: {
    readonly households: number;
    readonly kappa: number;
    readonly lambda: number;
    readonly capital: number;
    readonly labour: number;
  },
): OwnReturns {
  const { households: n, kappa, lambda, capital, labour } = own;
  const ofCapital = (kappa * capital) / factors.capital;
  const ofLabour = (lambda * labour) / factors.labour;
  return {
    capital: 1 - depreciation + factors.rent * kappa * (1 - ((1 - alpha) / n) * (ofCapital - ofLabour)),
    labour: factors.wage * lambda * (1 - (alpha / n) * (ofLabour - ofCapital)),
  };
}

/** Where households of different productivity rest that work alike. */
export interface StrategicRest {
  /** s_k of every household, [n]: its effective capital over the mean; 0 for those that do not save. */
  readonly shares: Float64Array;
  /** Capital of every household over the mean, [n]. */
  readonly capital: Float64Array;
  readonly gini: number;
  /** kappa_i [1 - (1 - alpha) / n (s_k - s_l)] of all who save, over the competitive one at kappa 1. */
  readonly margin: number;
}

/** Halvings of the search for the margin. */
const HALVINGS = 200;

/**
 * The open-loop steady state of n households with capital productivity kappa [n] and labour productivity lambda [n] that work alike and have one
 * discount factor: beta d a_i' / d k_i' = 1 for all who save, so that s_k = max(0, s_l + n / (1 - alpha) (1 - m / kappa_i)) with m such that their
 * mean is one. As n grows, only the most productive save. Throws where nobody's capital is productive. Invariant: mean s_k is one.
 */
export function strategicRest(
  alpha: number,
  kappa: ArrayLike<number>,
  lambda: ArrayLike<number>,
): StrategicRest {
  const n = kappa.length;
  const most = Math.max(...Array.from(kappa));
  requirePositive('strategicRest', 'the largest capital productivity', most);
  const meanLambda = Array.from(lambda).reduce((sum, one) => sum + one / n, 0);
  requireFinite('strategicRest', 'mean labour productivity', meanLambda);
  const shares = new Float64Array(n);
  const fill = (m: number) => {
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const own = lambda[i] / meanLambda + (n / (1 - alpha)) * (1 - m / kappa[i]);
      shares[i] = own > 0 ? own : 0;
      mean += shares[i] / n;
    }
    return mean;
  };
  // At the upper end nobody saves more than what his work weighs; at the lower one all do.
  let [low, high] = [0, most * (1 + (2 * (1 - alpha)) / n)];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (fill(middle) > 1) low = middle;
    else high = middle;
  }
  const margin = (low + high) / 2;
  fill(margin);
  const capital = shares.map((share, i) => (share > 0 ? share / kappa[i] : 0));
  const meanCapital = capital.reduce((sum, one) => sum + one / n, 0);
  return { shares, capital: capital.map((k) => k / meanCapital), gini: gini(capital), margin };
}
