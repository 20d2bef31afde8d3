/**
 * Is the structural agent's adjoint right? A small Huggett economy: by hand against central differences in float64 and against tfjs's automatic differentiation, prices held as the agent
 * holds them; with prices let go, the derivative must be another one. And the micro-fixtures: prices, objective and gradient of stored rollouts, of Huggett and of HANK with its two learners.
 *
 *   npx tsx sanity/structural-gradient.ts [--json] [--quiet] [--help]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { addBoundsPenalty, gradientOfIncrements, toLevels } from '../agents/structural/adam-step.ts';
import { adjoint } from '../agents/structural/adjoint.ts';
import { simulatePath } from '../agents/structural/simulate.ts';
import { makeTape, type Tape } from '../agents/structural/tape.ts';
import type { Structural } from '../core/index.ts';
import { type MicroFixture, microFixture } from '../envs/huggett/fixture.ts';
import { type StructuralSetup, structuralCore } from '../envs/huggett/structural-core.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { hankFindings, hankFixtureFindings } from './structural-hank.ts';
import { tensorRollout } from './structural-tensors.ts';

/** Sums of numbers of order one in float64. */
const FIXTURE_VALUES = 1e-10;
const FIXTURE_GRADIENT = 1e-7;
/** Central differences of step 1e-6: truncation 1e-12, rounding 1e-10, relative to the largest entry. */
const CENTRAL = 1e-6;
/** Float32 through some hundred operations. */
const SINGLE = 2e-4;
/** What letting prices go must change at least, relative to the largest entry. */
const LEAST_CHANGE = 1e-3;
const STEP = 1e-6;

export interface GradientFinding {
  readonly what: string;
  readonly gap: number;
  readonly allowed: string;
  readonly ok: boolean;
}

/** A rollout of one path and what its objective is differentiated by. */
export interface Rollout {
  readonly setup: StructuralSetup;
  readonly structural: Structural;
  readonly table: Float64Array;
  readonly mass: Float64Array;
  readonly shocks: Int32Array;
  readonly periods: number;
}

const NOTHING = new Float64Array(0);

function simulated({ structural, table, mass, shocks, periods }: Rollout, held: Tape | undefined): Tape {
  const tape = held ?? makeTape(structural, periods, 'discounted');
  simulatePath(
    {
      structural,
      tables: [table],
      shocks,
      shocksAt: 0,
      mass: mass.slice(),
      carried: structural.carried.slice(),
      ...(held === undefined ? {} : { frozen: 'frozen' as const }),
    },
    tape,
    undefined,
  );
  return tape;
}

/** The objective, and its gradient in `gradient`. */
function differentiated(rollout: Rollout, tape: Tape, gradient: Float64Array): number {
  const { structural, mass, periods } = rollout;
  return adjoint(
    {
      structural,
      limit: 'masked',
      terminal: new Float64Array(mass.length),
      weights: 'discounted',
      learning: periods,
    },
    tape,
    { gradient: [gradient], errors: [NOTHING], visits: [NOTHING], values: new Float64Array(mass.length) },
  );
}

/** By central differences, prices held (on the tape given) or found anew. */
function centralDifferences(rollout: Rollout, held: Tape | undefined): Float64Array {
  const objective = (i: number, change: number): number => {
    const table = rollout.table.slice();
    table[i] += change;
    const moved = { ...rollout, table };
    return differentiated(moved, simulated(moved, held), new Float64Array(table.length));
  };
  return rollout.table.map((_, i) => (objective(i, STEP) - objective(i, -STEP)) / (2 * STEP));
}

/** The fixture's economy for one path, its shares moved off the kinks where a share of one meets a bound. */
export function smallRollout(fixture: MicroFixture): Rollout {
  const { setup, mass, periods } = fixture;
  const cells = mass.length;
  const table = new Float64Array(fixture.increments.length);
  toLevels(fixture.increments, table, setup.prices.length, cells);
  // Unequal, so that no two supplies are alike.
  for (let i = 0; i < table.length; i++) table[i] *= 0.8 + 0.05 * Math.sin(i);
  return {
    setup,
    structural: structuralCore(setup) as unknown as Structural,
    table,
    mass,
    // Both other states of z.
    shocks: fixture.shocks.slice(periods, 2 * periods),
    periods,
  };
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => (Math.abs(x) <= most ? most : Math.abs(x)), 0);
}

/** Largest difference over the largest entry of the second. */
function relativeGap(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return largest(Array.from(x, (value, i) => value - y[i])) / largest(y);
}

/** The stored rollout: prices, objective, gradient with respect to first shares and steps. */
export function fixtureFindings(fixture: MicroFixture): readonly GradientFinding[] {
  const { setup, mass, periods, paths, shocks, increments } = fixture;
  const cells = mass.length;
  const table = new Float64Array(increments.length);
  toLevels(increments, table, setup.prices.length, cells);
  const structural = structuralCore(setup) as unknown as Structural;
  const gradient = new Float64Array(table.length);
  let objective = 0;
  let priceGap = 0;
  for (let n = 0; n < paths; n++) {
    const rollout = {
      setup,
      structural,
      table,
      mass,
      periods,
      shocks: shocks.slice(n * periods, (n + 1) * periods),
    };
    const tape = simulated(rollout, undefined);
    const prices = tape.period.map(({ aggregates }) => aggregates[0]);
    priceGap = Math.max(priceGap, largest(prices.map((q, t) => q - fixture.prices[t][n])));
    objective += differentiated(rollout, tape, gradient) / paths;
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] /= paths;
  objective += addBoundsPenalty(table, gradient);
  gradientOfIncrements(gradient, setup.prices.length, cells);
  const found = (what: string, gap: number, allowed: number): GradientFinding => ({
    what: `micro-fixture: ${what}`,
    gap,
    allowed: `at most ${allowed}`,
    ok: gap <= allowed,
  });
  return [
    found('prices', priceGap, FIXTURE_VALUES),
    found('objective', Math.abs(objective - fixture.objective), FIXTURE_VALUES),
    found('gradient', largest(gradient.map((g, i) => g - fixture.gradient[i])), FIXTURE_GRADIENT),
  ];
}

/** By hand, by differences, and by tfjs. */
export function gradientFindings(fixture: MicroFixture, tf: Tensorflow): readonly GradientFinding[] {
  const rollout = smallRollout(fixture);
  const tape = simulated(rollout, undefined);
  const byHand = new Float64Array(rollout.table.length);
  differentiated(rollout, tape, byHand);
  const held = centralDifferences(rollout, simulated(rollout, undefined));
  const free = centralDifferences(rollout, undefined);
  const automatic = tensorRollout(tf, rollout, 'held');
  const automaticFree = tensorRollout(tf, rollout, 'free');
  const agrees = (what: string, gap: number, allowed: number): GradientFinding => ({
    what,
    gap,
    allowed: `at most ${allowed}`,
    ok: gap <= allowed,
  });
  const change = relativeGap(free, byHand);
  return [
    agrees('prices held: by hand, from central differences', relativeGap(byHand, held), CENTRAL),
    agrees('prices held: tfjs, from by hand', relativeGap(automatic, byHand), SINGLE),
    agrees('prices let go: tfjs, from central differences', relativeGap(automaticFree, free), SINGLE),
    {
      what: 'prices let go, from held: another derivative',
      gap: change,
      allowed: `at least ${LEAST_CHANGE}`,
      ok: change >= LEAST_CHANGE,
    },
  ];
}

const options = z.strictObject(outputOptions);

export const structuralGradient: CommandDefinition<z.output<typeof options>> = {
  name: 'sanity/structural-gradient.ts',
  summary: "Compares the structural agent's adjoint with central differences, tfjs and a stored rollout.",
  options,
  async main(_options, terminal) {
    const { tf, backend } = await requestedTensorBackend({ request: 'cpu' });
    const fixture = microFixture();
    const cases = [
      ...fixtureFindings(fixture),
      ...gradientFindings(fixture, tf),
      ...hankFixtureFindings(),
      ...hankFindings(),
    ];
    const rows = cases.map(({ what, gap, allowed, ok }) => [
      what,
      gap.toExponential(1),
      allowed,
      ok ? 'yes' : 'NO',
    ]);
    terminal.print(
      `Structural gradients (tfjs ${backend}); gaps relative to the largest entry, of the fixture absolute.\n`,
    );
    terminal.print(formatTable(rows, { header: ['', 'gap', 'allowed', 'holds'] }));
    const ok = cases.every((one) => one.ok);
    return { result: { ok, backend, cases }, exitCode: ok ? 0 : 1 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(structuralGradient);
