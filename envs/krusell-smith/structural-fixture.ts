/** The tiny rollout of the reference, in this suite's layout; for tests and checks. */
import { readFileSync } from 'node:fs';
import type { StructuralSetup } from './structural-core.ts';

interface Stored {
  readonly params: Readonly<Record<'beta' | 'sigma' | 'alpha' | 'delta' | 'cfloor', number>>;
  readonly b_grid: readonly number[];
  readonly y_grid: readonly number[];
  readonly y_trans: readonly (readonly number[])[];
  readonly r_grid: readonly number[];
  readonly w_grid: readonly number[];
  readonly z_path: readonly number[];
  readonly m0: readonly number[];
  readonly share: readonly (readonly (readonly (readonly number[])[])[])[];
  /** Rows K, r, w by period. */
  readonly prices_K_r_w: readonly (readonly number[])[];
  readonly flow: readonly number[];
  readonly objective: number;
  readonly m_final: readonly number[];
  readonly grad_share: Stored['share'];
}

/** Inputs and results of `reference/structural-micro.json`. Cells are [E, A] here, [A, E] there. */
export interface MicroFixture {
  readonly setup: StructuralSetup;
  /** [K, J]. */
  readonly shares: Float64Array;
  readonly mass: Float64Array;
  readonly periods: number;
  /** Each period has a z of its own. */
  readonly shocks: Int32Array;
  /** K, r, w by period. */
  readonly prices: readonly (readonly number[])[];
  /** <d_t, U_t> by period, the weight beta^t left out or not as stored. */
  readonly flow: readonly number[];
  readonly objective: number;
  readonly finalMass: Float64Array;
  /** By central differences of step 1e-6, prices held. */
  readonly gradient: Float64Array;
}

export function microFixture(): MicroFixture {
  const url = new URL('./reference/structural-micro.json', import.meta.url);
  const stored = JSON.parse(readFileSync(url, 'utf8')) as Stored;
  const { params, b_grid: b, y_grid: y, r_grid: r, w_grid: w, z_path: z } = stored;
  const [A, E] = [b.length, y.length];
  const cell = (values: readonly number[]) =>
    Float64Array.from({ length: E * A }, (_, j) => values[(j % A) * E + Math.floor(j / A)]);
  const table = (values: Stored['share']) =>
    Float64Array.from({ length: r.length * w.length * E * A }, (_, i) => {
      const node = Math.floor(i / (E * A));
      return values[i % A][Math.floor(i / A) % E][Math.floor(node / w.length)][node % w.length];
    });
  const Z = z.length;
  const own = stored.y_trans.flat();
  return {
    setup: {
      discountFactor: params.beta,
      riskAversion: params.sigma,
      consumptionFloor: params.cfloor,
      capitalShare: params.alpha,
      depreciation: params.delta,
      assets: Float64Array.from(b),
      productivity: Float64Array.from(z),
      productivityTransition: new Float64Array(Z * Z).fill(1 / Z),
      productivityStationary: new Float64Array(Z).fill(1 / Z),
      labour: new Float64Array(Z).fill(1),
      units: Float64Array.from({ length: Z * E }, (_, i) => y[i % E]),
      ownTransitions: Float64Array.from({ length: Z * Z * E * E }, (_, i) => own[i % (E * E)]),
      rates: Float64Array.from(r),
      wages: Float64Array.from(w),
      population: cell(stored.m0),
    },
    shares: table(stored.share),
    mass: cell(stored.m0),
    periods: Z,
    shocks: Int32Array.from(z, (_, t) => t),
    prices: stored.prices_K_r_w,
    flow: stored.flow,
    objective: stored.objective,
    finalMass: cell(stored.m_final),
    gradient: table(stored.grad_share),
  };
}
