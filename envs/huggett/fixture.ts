/** The tiny rollout of the reference, in this suite's layout; for tests and checks. */
import { readFileSync } from 'node:fs';
import type { StructuralSetup } from './structural-core.ts';

interface Stored {
  readonly params: {
    readonly beta: number;
    readonly sigma: number;
    readonly bc: number;
    readonly cfloor: number;
    readonly B: number;
  };
  readonly b_grid: readonly number[];
  readonly y_grid: readonly number[];
  readonly y_trans: readonly (readonly number[])[];
  readonly z_grid: readonly number[];
  readonly z_trans: readonly (readonly number[])[];
  readonly q_grid: readonly number[];
  readonly z_path: readonly (readonly number[])[];
  readonly m0: readonly number[];
  readonly first_col: readonly (readonly (readonly number[])[])[];
  readonly diff_col: readonly (readonly (readonly (readonly number[])[])[])[];
  readonly supply_t0: readonly (readonly number[])[];
  readonly q: readonly (readonly number[])[];
  readonly flow: readonly (readonly number[])[];
  readonly penalty: number;
  readonly objective: number;
  readonly m_final: readonly (readonly number[])[];
  readonly grad_first_col: readonly (readonly (readonly number[])[])[];
  readonly grad_diff_col: readonly (readonly (readonly (readonly number[])[])[])[];
}

/** Inputs and results of `reference/huggett-micro-fixture.json`. Cells are [E, A] here, [A, E] there. */
export interface MicroFixture {
  readonly setup: StructuralSetup;
  /** First shares and steps between prices, [z, price, e, a]. */
  readonly increments: Float64Array;
  readonly mass: Float64Array;
  readonly periods: number;
  readonly paths: number;
  /** z by path and period, [N, T]. */
  readonly shocks: Int32Array;
  readonly prices: readonly (readonly number[])[];
  readonly flow: readonly (readonly number[])[];
  readonly supply: readonly (readonly number[])[];
  readonly penalty: number;
  readonly objective: number;
  /** [N][J]. */
  readonly finalMass: readonly Float64Array[];
  /** With respect to the increments, the penalty's included. */
  readonly gradient: Float64Array;
}

export function microFixture(): MicroFixture {
  const url = new URL('./reference/huggett-micro-fixture.json', import.meta.url);
  const stored = JSON.parse(readFileSync(url, 'utf8')) as Stored;
  const { params, b_grid: b, y_grid: y, z_grid: z, q_grid: q } = stored;
  const cell = (values: readonly number[]) =>
    Float64Array.from(
      { length: y.length * b.length },
      (_, j) => values[(j % b.length) * y.length + Math.floor(j / b.length)],
    );
  const increments = (first: Stored['first_col'], diff: Stored['diff_col']) =>
    Float64Array.from({ length: z.length * q.length * y.length * b.length }, (_, i) => {
      const a = i % b.length;
      const e = Math.floor(i / b.length) % y.length;
      const k = Math.floor(i / (b.length * y.length)) % q.length;
      const s = Math.floor(i / (b.length * y.length * q.length));
      return k === 0 ? first[a][e][s] : diff[a][e][k - 1][s];
    });
  const flat = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());
  const paths = stored.q[0].length;
  const periods = stored.q.length;
  return {
    setup: {
      timing: 'price',
      discountFactor: params.beta,
      riskAversion: params.sigma,
      borrowingLimit: params.bc,
      stop: params.bc + params.cfloor,
      consumptionFloor: params.cfloor,
      bondSupply: params.B,
      market: 'clearing',
      clearing: 'interpolated',
      search: 'scan',
      assets: Float64Array.from(b),
      incomes: Float64Array.from(y),
      incomeTransition: flat(stored.y_trans),
      incomeStationary: Float64Array.from(y, () => 1 / y.length),
      productivity: Float64Array.from(z),
      productivityTransition: flat(stored.z_trans),
      productivityStationary: Float64Array.from(z, () => 1 / z.length),
      prices: Float64Array.from(q),
      priceTransition: new Float64Array(0),
      priceStationary: new Float64Array(0),
      lagged: new Float64Array(0),
    },
    increments: increments(stored.first_col, stored.diff_col),
    mass: cell(stored.m0),
    periods,
    paths,
    shocks: Int32Array.from(
      { length: paths * periods },
      (_, i) => stored.z_path[i % periods][Math.floor(i / periods)],
    ),
    prices: stored.q,
    flow: stored.flow,
    supply: stored.supply_t0,
    penalty: stored.penalty,
    objective: stored.objective,
    finalMass: stored.m_final.map(cell),
    gradient: increments(stored.grad_first_col, stored.grad_diff_col),
  };
}
