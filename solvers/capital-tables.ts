/** From an economy with capital to the tables of its households: prices at nodes of capital, and where the law expects the next capital. */
import { requireLength, requirePositive } from '../numerics/checks.ts';
import { type CapitalEconomy, type HouseholdProblem, stochasticRows } from './household.ts';
import { forecast, type LawOfMotion } from './law-of-motion.ts';
import { logNodes, type NodeInterpolation, nodeWeights, placeAmongNodes } from './node-weights.ts';
import { requireLimit } from './stationary.ts';

/** The chains inside the joint chain of an economy. */
export interface Chains {
  /** P[(z, e), (z', e')] with rows that sum to one, [(Z E)^2]. */
  readonly joint: Float64Array;
  /** P[z, z'], [Z * Z]. */
  readonly aggregate: Float64Array;
  /** P[e' | e, z, z'], [Z * Z * E * E]: given both aggregate states. Identity where z' cannot follow z. */
  readonly own: Float64Array;
}

/** How far the chance of z' may depend on e, in published tables of six digits. */
const COMMON = 1e-4;

/**
 * Takes the joint chain apart: one common draw of z', and own draws given the pair.
 *
 * Source: Krusell and Smith (1998). Throws where the chance of z' depends on e by more than 1e-4: then z is no aggregate state.
 * Invariant: rows of all three sum to one.
 */
export function chainsOf(economy: CapitalEconomy): Chains {
  const { productivity, ownStates: E } = economy;
  const Z = productivity.length;
  const joint = stochasticRows('chainsOf', economy.transition, Z * E);
  const aggregate = new Float64Array(Z * Z);
  const own = new Float64Array(Z * Z * E * E);
  for (let z = 0; z < Z; z++) {
    for (let to = 0; to < Z; to++) {
      const chances = Float64Array.from({ length: E }, (_, e) => chanceOf(joint, Z, E, z, e, to));
      if (Math.max(...chances) - Math.min(...chances) > COMMON) {
        throw new Error(
          `chainsOf: the chance of aggregate state ${to} after ${z} ranges over own states from ${Math.min(...chances)} to ` +
            `${Math.max(...chances)}; aggregate states must not depend on a household's own.`,
        );
      }
      aggregate[z * Z + to] = chances.reduce((sum, p) => sum + p, 0) / E;
      for (let e = 0; e < E; e++) {
        for (let next = 0; next < E; next++) {
          const p = joint[(z * E + e) * Z * E + to * E + next];
          own[((z * Z + to) * E + e) * E + next] = chances[e] > 0 ? p / chances[e] : e === next ? 1 : 0;
        }
      }
    }
  }
  return { joint, aggregate, own };
}

function chanceOf(joint: Float64Array, Z: number, E: number, z: number, e: number, to: number): number {
  let sum = 0;
  for (let next = 0; next < E; next++) sum += joint[(z * E + e) * Z * E + to * E + next];
  return sum;
}

/** Grids on which an economy with capital is solved. */
export interface CapitalGrids {
  /** [A], from the borrowing limit on. */
  readonly assets: Float64Array;
  /** Nodes of aggregate capital per head, [N], positive, increasing; interpolated in logarithms. */
  readonly capital: Float64Array;
  readonly interpolation: NodeInterpolation;
}

/**
 * The household problem under a perceived law of motion. Capital that is expected beyond the nodes is taken at the end node.
 *
 * Throws where the grid does not start at the limit, on nodes that are not positive, and on returns that are not. Invariant: deterministic;
 * only `next` depends on the law.
 */
export function capitalProblem(
  economy: CapitalEconomy,
  chains: Chains,
  grids: CapitalGrids,
  law: LawOfMotion,
): HouseholdProblem {
  const { productivity, ownStates: E, discountFactor, riskAversion } = economy;
  const { assets, capital, interpolation } = grids;
  const where = 'capitalProblem';
  requireLimit(where, assets, economy.borrowingLimit);
  const logCapital = logNodes(where, 'the grid of capital', capital);
  const [Z, N] = [productivity.length, capital.length];
  for (let z = 0; z < Z; z++) requirePositive(where, `productivity ${z}`, productivity[z]);
  if (law.form === 'by-state') requireLength(where, 'the law', law.coefficients, 2 * Z, 'every state');
  const situations = Array.from({ length: Z * N }, (_, s) => ({ K: capital[s % N], z: Math.floor(s / N) }));
  const next = nodeWeights(Z * N * Z, N, interpolation);
  situations.forEach(({ z }, s) => {
    const expected = forecast(law, logCapital[s % N], z, Math.log(productivity[z]));
    for (let to = 0; to < Z; to++) placeAmongNodes(next, s * Z + to, logCapital, expected);
  });
  return {
    discountFactor,
    riskAversion,
    assets,
    aggregateStates: Z,
    nodes: N,
    ownStates: E,
    transition: chains.joint,
    ...independent(chains, E),
    grossReturn: Float64Array.from(situations, ({ K, z }) => economy.grossReturn(K, z)),
    assetPrice: new Float64Array(Z * N).fill(1),
    income: Float64Array.from(
      situations.flatMap(({ K, z }) => Array.from({ length: E }, (_, e) => economy.income(K, z, e))),
    ),
    next,
  };
}

/** Own risk and aggregate risk that move independently: expectations are taken over one after the other. */
function independent({ joint, aggregate, own }: Chains, E: number): Pick<HouseholdProblem, 'factors'> {
  const Z = Math.sqrt(aggregate.length);
  // Of a pair that occurs; where it is every pair's, the joint chain is a product.
  const pair = aggregate.findIndex((p) => p > 0) * E * E;
  const one = own.subarray(pair, pair + E * E);
  const isProduct = joint.every((p, i) => {
    const [from, to] = [Math.floor(i / (Z * E)), i % (Z * E)];
    const product = aggregate[Math.floor(from / E) * Z + Math.floor(to / E)] * one[(from % E) * E + (to % E)];
    return Math.abs(p - product) < ROUNDING;
  });
  return isProduct ? { factors: { aggregate, own: one } } : {};
}

/** Of a probability that was multiplied and divided again. */
const ROUNDING = 1e-13;
