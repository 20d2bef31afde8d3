/** What learned tables amount to: where they rest, how they answer shocks, what long simulations look like, beside the solution to first order. */
import type { StructuralSolution } from '../../core/structural.ts';
import { leastSquares } from '../../numerics/linear-algebra.ts';
import { createRng, type Rng } from '../../numerics/random.ts';
import { mean, standardDeviation } from '../../numerics/statistics.ts';
import { type HankShock, hankResponse, solveHankLinear } from './linear.ts';
import { costSlope, phillipsResidual } from './model.ts';
import { type HankModel, solverEconomy } from './setup.ts';
import { type HankSteadyState, hankSteadyState } from './steady-state.ts';
import type { RecommendedCore, StructuralSetup } from './structural-core.ts';
import { followTables, type LearnedPath } from './structural-path.ts';

/** Variables by their names here and in the solution to first order. */
export const VARIABLES = {
  output: 'Y',
  consumption: 'C',
  inflation: 'Pi',
  interestRate: 'r',
  wage: 'w',
} as const;
export type Variable = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly Variable[];

export type ByVariable = Readonly<Record<Variable, Float64Array>>;

/** Periods without shocks until everything rests. */
const REST_PERIODS = 800;
export const RESPONSE_PERIODS = 40;
/** Simulated paths, their length, and what is dropped at their start. */
const PATHS = 10;
const LENGTH = 1200;
const DROPPED = 200;
const SEED = 'hank moments';

/** A response per unit of the shock's first value, learned and to first order, [T] each. */
export interface Response {
  readonly shock: HankShock;
  readonly learned: ByVariable;
  readonly linear: ByVariable;
  /** Largest gap over the linear peak. */
  readonly gaps: Readonly<Record<Variable, number>>;
}

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly autocorrelation: number;
  /** On log z and on e; undefined where that does not move. */
  readonly slopes: Readonly<Partial<Record<HankShock, number>>>;
}

/** Of long simulations, learned and by responses to first order to the same shocks. */
export interface Simulated {
  readonly learned: Readonly<Record<Variable, Moments>>;
  readonly linear: Readonly<Record<Variable, Omit<Moments, 'mean'>>>;
  /** Deviation of the fit of the Phillips residual on (1, w, log z), and on (1, log z, e), over that of Pi (1 + Pi). */
  readonly predictable: { readonly wage: number; readonly shocks: number };
  readonly meanResidual: number;
  /** Largest |S - B|, mean of it, and share of periods in which no wage cleared. */
  readonly largestBondGap: number;
  readonly meanBondGap: number;
  readonly missedShare: number;
  /** Mean cross-section. */
  readonly population: Float64Array;
}

export interface Study {
  readonly model: HankModel;
  readonly setup: StructuralSetup;
  readonly core: RecommendedCore;
  readonly tables: readonly Float64Array[];
  /** Without shocks. */
  readonly rest: LearnedPath;
  readonly steady: HankSteadyState;
  readonly responses: readonly Response[];
  readonly simulated: Simulated | undefined;
}

/** Throws what the solvers throw. Deterministic: its shocks have a seed of their own. */
export function studyTables(
  model: HankModel,
  setup: StructuralSetup,
  core: RecommendedCore,
  { tables, population }: StructuralSolution,
): Study {
  const zero = new Float64Array(REST_PERIODS);
  const start = { mass: population, carried: core.carried };
  const rest = followTables(core, tables, { logZ: zero, e: zero }, start);
  const steady = hankSteadyState(model);
  const common = { model, setup, core, tables, rest, steady };
  const moving = shocksOf(model);
  if (moving.length === 0) return { ...common, responses: [], simulated: undefined };
  const linear = solveHankLinear(model, steady);
  const paths = moving.map((shock) => ({ shock, linear: byVariable(hankResponse(linear, model, shock)) }));
  return {
    ...common,
    responses: paths.map(({ shock, linear: one }) => respondTo(common, shock, one)),
    simulated: simulate(common, paths),
  };
}

function shocksOf({ productivityDeviation, monetaryDeviation }: HankModel): readonly HankShock[] {
  return [
    ...(productivityDeviation > 0 ? (['productivity'] as const) : []),
    ...(monetaryDeviation > 0 ? (['monetary'] as const) : []),
  ];
}

function byVariable(paths: Readonly<Record<string, Float64Array>>): ByVariable {
  const entries = VARIABLE_NAMES.map((name) => [name, paths[VARIABLES[name]]]);
  return Object.fromEntries(entries) as ByVariable;
}

type Common = Omit<Study, 'responses' | 'simulated'>;

/** Half the difference of responses to a standard deviation up and down, from the learned rest. */
function respondTo({ model, core, tables, rest }: Common, shock: HankShock, linear: ByVariable): Response {
  const isReal = shock === 'productivity';
  const size = isReal ? model.productivityDeviation : model.monetaryDeviation;
  const rho = isReal ? model.productivityPersistence : model.monetaryPersistence;
  const zero = new Float64Array(RESPONSE_PERIODS);
  const follow = (sign: number) => {
    const path = zero.map((_, t) => sign * size * rho ** t);
    const shocks = isReal ? { logZ: path, e: zero } : { logZ: zero, e: path };
    return followTables(core, tables, shocks, rest.end);
  };
  const [up, down] = [follow(1), follow(-1)];
  const learned = {} as Record<Variable, Float64Array>;
  const gaps = {} as Record<Variable, number>;
  for (const name of VARIABLE_NAMES) {
    learned[name] = up[name].map((x, t) => (x - down[name][t]) / (2 * size));
    gaps[name] =
      largest(learned[name].map((x, t) => x - linear[name][t])) /
      largest(linear[name].slice(0, RESPONSE_PERIODS));
  }
  return { shock, learned, linear, gaps };
}

export function largest(values: Float64Array): number {
  return values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function walk(rng: Rng, levels: Float64Array, transition: Float64Array): Float64Array {
  const n = levels.length;
  let state = n >> 1;
  return Float64Array.from({ length: LENGTH }, () => {
    const level = levels[state];
    if (n > 1) state = rng.categorical(transition, state * n, n);
    return level;
  });
}

/** A variable's linear path, [T]: responses to the innovations of both shocks, from rest. */
function linearPath(response: Float64Array, levels: Float64Array, rho: number, out: Float64Array): void {
  for (let s = 0; s < levels.length; s++) {
    const innovation = levels[s] - (s > 0 ? rho * levels[s - 1] : 0);
    const last = Math.min(levels.length, s + response.length);
    for (let t = s; t < last; t++) out[t] += innovation * response[t - s];
  }
}

function simulate(
  { model, setup, core, tables, rest }: Common,
  linear: readonly { readonly shock: HankShock; readonly linear: ByVariable }[],
): Simulated {
  const rng = createRng(SEED);
  const kept = LENGTH - DROPPED - 1;
  const total = PATHS * kept;
  const column = () => new Float64Array(total);
  const columns = () => Object.fromEntries(VARIABLE_NAMES.map((name) => [name, column()])) as ByVariable;
  const [learned, first] = [columns(), columns()];
  const [logZ, e, residual, marginal] = [column(), column(), column(), column()];
  const prices = solverEconomy(model);
  const population = new Float64Array(setup.population.length);
  let [largestBondGap, meanBondGap, missed] = [0, 0, 0];
  for (let p = 0; p < PATHS; p++) {
    const own = rng.split(p);
    const z = walk(own.split('productivity'), setup.logProductivity, setup.productivityTransition);
    const m = walk(own.split('monetary'), setup.monetary, setup.monetaryTransition);
    const path = followTables(core, tables, { logZ: z, e: m }, rest.end);
    largestBondGap = Math.max(largestBondGap, largest(path.residual));
    meanBondGap += path.residual.reduce((sum, x) => sum + Math.abs(x), 0) / (PATHS * LENGTH);
    missed += path.missed / (PATHS * LENGTH);
    path.population.forEach((x, j) => {
      population[j] += x / PATHS;
    });
    const at = p * kept;
    const put = (to: Float64Array, from: Float64Array) => to.set(from.subarray(DROPPED, LENGTH - 1), at);
    put(logZ, z);
    put(e, m);
    for (const name of VARIABLE_NAMES) {
      put(learned[name], path[name]);
      const sum = new Float64Array(LENGTH);
      for (const { shock, linear: responses } of linear) {
        const [levels, rho] =
          shock === 'productivity' ? [z, model.productivityPersistence] : [m, model.monetaryPersistence];
        linearPath(responses[name], levels, rho, sum);
      }
      put(first[name], sum);
    }
    for (let t = DROPPED; t < LENGTH - 1; t++) {
      residual[at + t - DROPPED] = residualAt(prices, path, t);
      marginal[at + t - DROPPED] = costSlope(prices, path.inflation[t]);
    }
  }
  const predictors = { logZ, e };
  const spread = standardDeviation(marginal);
  const each = <T>(f: (name: Variable) => T) =>
    Object.fromEntries(VARIABLE_NAMES.map((name) => [name, f(name)])) as Record<Variable, T>;
  return {
    learned: each((name) => momentsOf(learned[name], predictors, kept)),
    linear: each((name) => momentsOf(first[name], predictors, kept)),
    predictable: {
      wage: standardDeviation(fitted(residual, [learned.wage, logZ])) / spread,
      shocks: standardDeviation(fitted(residual, [logZ, e])) / spread,
    },
    meanResidual: mean(residual),
    largestBondGap,
    meanBondGap,
    missedShare: missed,
    population,
  };
}

function residualAt(prices: ReturnType<typeof solverEconomy>, path: LearnedPath, t: number): number {
  const now = {
    wage: path.wage[t],
    z: path.productivity[t],
    inflation: path.inflation[t],
    output: path.output[t],
  };
  const next = {
    inflation: path.inflation[t + 1],
    output: path.output[t + 1],
    realReturn: 1 + path.interestRate[t + 1],
  };
  return phillipsResidual(prices, now, next);
}

/** The fit on a constant and what moves of the predictors, [n]. */
function fitted(y: Float64Array, predictors: readonly Float64Array[]): Float64Array {
  const { residuals } = leastSquares(design(predictors.filter(moves)), y);
  return y.map((value, i) => value - residuals[i]);
}

const moves = (x: Float64Array) => x.some((value) => value !== x[0]);

function design(columns: readonly Float64Array[]): Float64Array {
  const n = columns[0].length;
  const k = columns.length + 1;
  const x = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    x[i * k] = 1;
    for (let c = 1; c < k; c++) x[i * k + c] = columns[c - 1][i];
  }
  return x;
}

function momentsOf(
  values: Float64Array,
  { logZ, e }: { readonly logZ: Float64Array; readonly e: Float64Array },
  length: number,
): Moments {
  const named = [
    ['productivity', logZ],
    ['monetary', e],
  ] as const;
  const moving = named.filter(([, levels]) => moves(levels));
  const { coefficients } = leastSquares(design(moving.map(([, levels]) => levels)), values);
  return {
    mean: mean(values),
    deviation: standardDeviation(values),
    autocorrelation: autocorrelation(values, length),
    slopes: Object.fromEntries(moving.map(([name], k) => [name, coefficients[k + 1]])),
  };
}

/** Of paths of that length one after the other. */
function autocorrelation(values: Float64Array, length: number): number {
  const centre = mean(values);
  let [products, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    squares += (values[i] - centre) ** 2;
    if ((i + 1) % length !== 0) products += (values[i] - centre) * (values[i + 1] - centre);
  }
  return products / squares;
}
