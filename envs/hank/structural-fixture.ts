/** The tiny rollout of the reference, in this suite's layout; for tests and checks. */
import { readFileSync } from 'node:fs';
import type { StructuralSetup } from './structural-core.ts';

type Rows = readonly (readonly number[])[];

interface Stored {
  readonly params: Readonly<
    Record<'beta' | 'eta' | 'epsilon' | 'theta' | 'phi' | 'Rbar' | 'B' | 'cfloor' | 'i0', number>
  >;
  readonly b_grid: readonly number[];
  readonly y_grid: readonly number[];
  readonly y_trans: Rows;
  readonly r_grid: readonly number[];
  readonly w_grid: readonly number[];
  readonly z_grid: readonly number[];
  readonly e_grid: readonly number[];
  readonly z_index: readonly number[];
  readonly e_index: readonly number[];
  readonly m0: readonly number[];
  /** [b][y][r][w]. */
  readonly share: readonly (readonly Rows[])[];
  readonly labour: Stored['share'];
  /** [w][z]. */
  readonly inflation: Rows;
  readonly periods: readonly FixturePeriod[];
  readonly household_objective: number;
  readonly firm_objective: number;
  readonly m_final: readonly number[];
  readonly grad_share: Stored['share'];
  readonly grad_labour: Stored['share'];
  readonly grad_inflation: Rows;
}

/** Savings at each wage node, and the period at the wage in between. */
export interface FixturePeriod
  extends Readonly<Record<'w' | 'Pi' | 'r' | 'i' | 'L' | 'Y' | 'd' | 'T' | 'S_at_w' | 'C', number>> {
  readonly S_of_w: readonly number[];
}

/** Inputs and results of `reference/hank-micro-fixture.json`. Cells are [E, A] here, [A, E] there. */
export interface MicroFixture {
  readonly setup: StructuralSetup;
  /** Share, hours, inflation. */
  readonly tables: readonly Float64Array[];
  readonly mass: Float64Array;
  /** What is carried at the start. */
  readonly carried: Float64Array;
  readonly shocks: Int32Array;
  readonly periods: readonly FixturePeriod[];
  readonly householdObjective: number;
  readonly firmObjective: number;
  readonly finalMass: Float64Array;
  /** By table: of households' objective by the first two, of the firm's by the last; central differences of step 1e-6, prices held. */
  readonly gradients: readonly Float64Array[];
}

export function microFixture(): MicroFixture {
  const url = new URL('./reference/hank-micro-fixture.json', import.meta.url);
  const stored = JSON.parse(readFileSync(url, 'utf8')) as Stored;
  const { params, b_grid: b, y_grid: y, r_grid: r, w_grid: w, z_grid: z, e_grid: e } = stored;
  const [A, E] = [b.length, y.length];
  const cell = (values: readonly number[]) =>
    Float64Array.from({ length: E * A }, (_, j) => values[(j % A) * E + Math.floor(j / A)]);
  const table = (values: Stored['share']) =>
    Float64Array.from({ length: r.length * w.length * E * A }, (_, i) => {
      const node = Math.floor(i / (E * A));
      return values[i % A][Math.floor(i / A) % E][Math.floor(node / w.length)][node % w.length];
    });
  const even = (n: number) => new Float64Array(n * n).fill(1 / n);
  const one = Float64Array.of(0);
  return {
    setup: {
      information: 'published',
      trace: 1,
      discountFactor: params.beta,
      riskAversion: 1,
      labourCurvature: params.eta,
      labourWeight: 1,
      borrowingLimit: 0,
      consumptionFloor: params.cfloor,
      elasticity: params.epsilon,
      adjustmentCost: params.theta,
      costOf: 'inflation',
      target: params.Rbar,
      reaction: params.phi,
      rule: 'power',
      bonds: params.B,
      assets: Float64Array.from(b),
      incomes: Float64Array.from(y),
      incidence: new Float64Array(E).fill(1),
      incomeTransition: Float64Array.from(stored.y_trans.flat()),
      incomeStationary: new Float64Array(E).fill(1 / E),
      logProductivity: Float64Array.from(z, Math.log),
      productivityTransition: even(z.length),
      productivityStationary: new Float64Array(z.length).fill(1 / z.length),
      monetary: Float64Array.from(e),
      monetaryTransition: even(e.length),
      monetaryStationary: new Float64Array(e.length).fill(1 / e.length),
      productivityNodes: one,
      monetaryNodes: one,
      rates: Float64Array.from(r),
      wages: Float64Array.from(w),
      population: cell(stored.m0),
    },
    tables: [table(stored.share), table(stored.labour), Float64Array.from(stored.inflation.flat())],
    mass: cell(stored.m0),
    carried: Float64Array.of(1 + params.i0, 0.9),
    shocks: Int32Array.from(stored.z_index.flatMap((at, t) => [at, stored.e_index[t]])),
    periods: stored.periods,
    householdObjective: stored.household_objective,
    firmObjective: stored.firm_objective,
    finalMass: cell(stored.m_final),
    gradients: [
      table(stored.grad_share),
      table(stored.grad_labour),
      Float64Array.from(stored.grad_inflation.flat()),
    ],
  };
}
