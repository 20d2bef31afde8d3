/**
 * What a price-taking firm maximises along a path, all aggregates held: its own relative price starts at 1 and moves by rho_t = rho_{t-1} (1 + pi_t) / (1 + Pi_t),
 *
 *     J = sum_t Q_t [ rho_t^(1 - eps) - (w_t / z_t) rho_t^(-eps) - (theta / 2) g(pi_t)^2 ] Y_t,     Q_t = 1 / (R_1 ... R_t).
 *
 * Every firm does what the table says, so that pi = Pi and rho = 1 after differentiation,
 *
 *     dJ/dpi_t = (1 + Pi_t)^-1 { sum_{s >= t} Q_s [ (1 - eps) + eps w_s / z_s ] Y_s - Q_t theta G(Pi_t) Y_t },     G = (1 + Pi) g g',
 *
 * which vanishes in expectation where inflation follows the Phillips curve. After the last period the sum goes on with what that curve says it is worth, theta G(Pi) Y / R
 * of the last period; periods near the end are not learned from.
 */
import type { StructuralPath } from '../../core/structural.ts';
import { costShare, costSlope, type StickyPrices } from '../../solvers/hank.ts';
import { AGGREGATES, INFLATION, OUTPUT, PRODUCTIVITY, RATE, WAGE, WIDTH } from './structural-places.ts';

/** Periods before the end that the table does not learn from. */
const LAST_PERIODS = 30;

const G = AGGREGATES.length;
/** Where a period's reading of the inflation table, the third, begins. */
const FIRMS = 2 * WIDTH;

/** carried: what the sum after the last period is worth counts, and the last periods are not learned from; zero: neither. */
export type FirmEnding = 'carried' | 'zero';

/** Periods that are learned from. */
function learned({ periods }: StructuralPath, ending: FirmEnding): number {
  return ending === 'zero' ? periods : periods - Math.min(LAST_PERIODS, periods >> 1);
}

/**
 * J of a firm whose own price changes are those of `table` at the nodes that the path reads, all else as on the path; where the end is carried, with that value times log rho at the end.
 * For checks: its derivative where the table is the path's own is what `addFirmGradient` adds.
 */
export function firmObjective(
  prices: StickyPrices,
  path: StructuralPath,
  table: Float64Array,
  ending: FirmEnding,
): number {
  const { aggregates, periods, nodes, weights } = path;
  const { elasticity: eps } = prices;
  const stride = nodes.length / periods;
  let [discount, rho, sum] = [1, 1, 0];
  for (let t = 0; t < periods; t++) {
    const at = t * G;
    if (t > 0) discount /= 1 + aggregates[at + RATE];
    let own = 0;
    const from = t * stride + FIRMS;
    for (let w = from; w < from + WIDTH; w++) own += weights[w] * table[nodes[w]];
    rho *= (1 + own) / (1 + aggregates[at + INFLATION]);
    const margin = rho ** (1 - eps) - (aggregates[at + WAGE] / aggregates[at + PRODUCTIVITY]) * rho ** -eps;
    sum += discount * (margin - costShare(prices, own)) * aggregates[at + OUTPUT];
  }
  return ending === 'zero' ? sum : sum + discount * valueAfter(prices, path) * Math.log(rho);
}

/** Adds dJ/d table, [K], of the periods learned from. Source: derived from the firms' problem of Yang, Wang, Schaab and Moll (2025), section 5. */
export function addFirmGradient(
  prices: StickyPrices,
  path: StructuralPath,
  gradient: Float64Array,
  ending: FirmEnding = 'carried',
): void {
  const { aggregates, periods } = path;
  const last = learned(path, ending);
  // Q_0 = 1; backwards from the product of all.
  let discount = 1;
  for (let t = 1; t < periods; t++) discount /= 1 + aggregates[t * G + RATE];
  let ahead = ending === 'zero' ? 0 : valueAfter(prices, path) * discount;
  for (let t = periods - 1; t >= 0; t--) {
    const at = t * G;
    ahead += discount * marginOf(prices, aggregates, at);
    if (t < last) {
      const inflation = aggregates[at + INFLATION];
      const cost = prices.adjustmentCost * costSlope(prices, inflation) * aggregates[at + OUTPUT];
      scatter(path, t, (ahead - discount * cost) / (1 + inflation), gradient);
    }
    discount *= 1 + aggregates[at + RATE];
  }
}

/**
 * Adds, node by node, weighted sums of what inflation should be less what it is, to first order, and of the weights: the same condition in current values over the cost's own curvature theta Y_t, so
 * that an average of them is a step in inflation itself,
 *
 *     x_t = (eps / theta) (w_t / z_t - (eps - 1) / eps) - G(Pi_t) + (Y_{t+1} / Y_t) (G(Pi_{t+1}) + trace x_{t+1}) / R_{t+1}.
 *
 * The trace (Sutton 1988, Machine Learning 3) says how much of what the periods after the next one bring is learned from them, rather than from the table's own inflation in the next period. 1 gives
 * the gradient's own condition. Where the table sees all that inflation depends on, both hold at the same inflation; where it sees less, a lower trace keeps to the Phillips curve from one period to
 * the next, and its sums are less noisy.
 */
export function addFirmErrors(
  prices: StickyPrices & { readonly trace: number },
  path: StructuralPath,
  errors: Float64Array,
  visits: Float64Array,
): void {
  const { aggregates, periods, nodes, weights } = path;
  const { adjustmentCost, trace } = prices;
  const last = learned(path, 'carried');
  const stride = nodes.length / periods;
  let ahead = valueAfter(prices, path) / adjustmentCost;
  for (let t = periods - 1; t >= 0; t--) {
    const at = t * G;
    const marginal = costSlope(prices, aggregates[at + INFLATION]);
    const error =
      (marginOf(prices, aggregates, at) / adjustmentCost + ahead) / aggregates[at + OUTPUT] - marginal;
    if (t < last) {
      scatter(path, t, error, errors);
      const from = t * stride + FIRMS;
      for (let w = from; w < from + WIDTH; w++) visits[nodes[w]] += weights[w];
    }
    ahead = ((marginal + trace * error) * aggregates[at + OUTPUT]) / (1 + aggregates[at + RATE]);
  }
}

/** What the sum after the last period is worth in it: the Phillips curve's own continuation. */
function valueAfter(prices: StickyPrices, { aggregates, periods }: StructuralPath): number {
  const at = (periods - 1) * G;
  const marginal = prices.adjustmentCost * costSlope(prices, aggregates[at + INFLATION]);
  return (marginal * aggregates[at + OUTPUT]) / (1 + aggregates[at + RATE]);
}

/** [ (1 - eps) + eps w / z ] Y. */
function marginOf({ elasticity }: StickyPrices, aggregates: Float64Array, at: number): number {
  const cost = aggregates[at + WAGE] / aggregates[at + PRODUCTIVITY];
  return (1 - elasticity + elasticity * cost) * aggregates[at + OUTPUT];
}

/** To the nodes that the inflation table was read at in period t. */
function scatter(
  { nodes, weights, periods }: StructuralPath,
  t: number,
  value: number,
  to: Float64Array,
): void {
  const stride = nodes.length / periods;
  const from = t * stride + FIRMS;
  for (let w = from; w < from + WIDTH; w++) to[nodes[w]] += weights[w] * value;
}
