/**
 * An economy whose households hold its capital, in sequence space (Krusell and Smith 1998, J. Political Economy 106; Auclert, Bardoczy, Rognlie and Straub
 * 2021, Econometrica 89, section 2):
 *
 *     Y_t = z_t K_(t-1)^alpha L^(1 - alpha),   R_t = alpha Y_t / K_(t-1) + 1 - delta,   w_t = (1 - alpha) Y_t / L,   sum m a'_t = K_t,
 *
 * K_t the capital chosen in t, L the efficiency units that households with fixed labour have.
 */
import { requirePositive } from '../numerics/checks.ts';
import { brent } from '../numerics/roots.ts';
import type { Convergence } from './household.ts';
import type { WorkingHousehold } from './household-labour.ts';
import type { HouseholdBlock, SteadyBlock } from './sequence-space-block.ts';
import type { SequenceModel } from './sequence-space-model.ts';
import { workingAtRest, workingBlock } from './sequence-space-working.ts';

export interface CapitalFirms {
  /** alpha in (0, 1). */
  readonly capitalShare: number;
  /** delta in (0, 1]. */
  readonly depreciation: number;
  /** L > 0. */
  readonly labour: number;
}

/** Capital, gross return and wage at rest, z = 1. */
export interface CapitalRest extends Convergence {
  readonly capital: number;
  readonly R: number;
  readonly wage: number;
  readonly block: HouseholdBlock;
  readonly households: SteadyBlock;
}

/** K and w at which firms pay the gross return R, z = 1. */
export function firmsAt(firms: CapitalFirms, R: number): { readonly capital: number; readonly wage: number } {
  const { capitalShare: alpha, depreciation, labour } = firms;
  const ratio = (alpha / (R - 1 + depreciation)) ** (1 / (1 - alpha));
  return { capital: ratio * labour, wage: (1 - alpha) * ratio ** alpha };
}

/**
 * The equilibrium at rest by Brent's method on the net return between `lower` and `upper`.
 *
 * `converged` covers policies and the cross-section too; `residual` is sum m a' - K. Throws on households that choose their labour, on shares out
 * of range, and where the market does not change sides. Invariant: the same as `solveStationary` finds.
 */
export function capitalAtRest(
  household: WorkingHousehold,
  firms: CapitalFirms,
  {
    lower,
    upper,
    tolerance = 1e-12,
  }: { readonly lower: number; readonly upper: number; readonly tolerance?: number },
): CapitalRest {
  const where = 'capitalAtRest';
  if (household.labour.kind !== 'fixed') {
    throw new Error(`${where}: labour is chosen; fix it, as the firms' labour is.`);
  }
  requirePositive(where, 'the capital share', firms.capitalShare);
  requirePositive(where, 'the labour share', 1 - firms.capitalShare);
  requirePositive(where, 'depreciation', firms.depreciation);
  requirePositive(where, 'labour', firms.labour);
  const block = workingBlock(household, { outputs: ['assets', 'consumption'] });
  let last: SteadyBlock | undefined;
  const atRate = (rate: number): SteadyBlock => {
    const inputs = Float64Array.of(1 + rate, firmsAt(firms, 1 + rate).wage, 0);
    last = workingAtRest(household, block, inputs, {
      ...(last && { marginalValue: last.carried, start: last.distribution }),
    });
    return last;
  };
  const excess = (rate: number): number => atRate(rate).aggregates[0] - firmsAt(firms, 1 + rate).capital;
  const { root, converged, iterations } = brent(excess, { lower, upper, tolerance });
  const households = atRate(root);
  const { capital, wage } = firmsAt(firms, 1 + root);
  return {
    converged: converged && households.converged,
    iterations,
    residual: Math.abs(households.aggregates[0] - capital),
    capital,
    R: 1 + root,
    wage,
    block,
    households,
  };
}

/**
 * The equations: unknown `K` (chosen in t), shock `z` (levels, 1 at rest); the market for assets clears. Reports `Y`, `r` and `goods`, the residual
 * of the goods market. Throws nothing. Invariant: `goods` is zero by Walras' law wherever the residual is.
 */
export function capitalModel(firms: CapitalFirms, capital: number): SequenceModel {
  const { capitalShare: alpha, depreciation, labour } = firms;
  const output = (z: number, K: number): number => z * K ** alpha * labour ** (1 - alpha);
  return {
    unknowns: ['K'],
    shocks: ['z'],
    reports: ['Y', 'r', 'goods'],
    rest: Float64Array.of(capital, 1),
    inputs({ before, now }, out) {
      const Y = output(now[1], before[0]);
      out[0] = (alpha * Y) / before[0] + 1 - depreciation;
      out[1] = ((1 - alpha) * Y) / labour;
      out[2] = 0;
    },
    residuals({ now, households }, out) {
      out[0] = households[0] - now[0];
    },
    report({ before, now, households }, out) {
      const Y = output(now[1], before[0]);
      out[0] = Y;
      out[1] = (alpha * Y) / before[0] - depreciation;
      out[2] = Y + (1 - depreciation) * before[0] - now[0] - households[1];
    },
  };
}
