/** HANK's part of the structural gradients: the stored rollout of the published information, and households and the firm against central differences. */
import { adjoint } from '../agents/structural/adjoint.ts';
import { simulatePath } from '../agents/structural/simulate.ts';
import { makeTape, type Tape } from '../agents/structural/tape.ts';
import type { Structural } from '../core/index.ts';
import { hankCalibration } from '../envs/hank/calibration.ts';
import { hankSetup } from '../envs/hank/setup.ts';
import { recommendedCore, type StructuralCore } from '../envs/hank/structural-core.ts';
import { addFirmGradient, firmObjective } from '../envs/hank/structural-firm.ts';
import { microFixture } from '../envs/hank/structural-fixture.ts';
import { DIVIDEND, INFLATION, RATE, WAGE } from '../envs/hank/structural-places.ts';
import { publishedCore } from '../envs/hank/structural-published.ts';
import { structuralSetup } from '../envs/hank/structural-sizes.ts';
import type { GradientFinding } from './structural-gradient.ts';

/** Sums of numbers of order one in float64. */
const ROUNDING = 1e-10;
/** The stored central differences, of step 1e-6. */
const STORED = 1e-7;
/** Central differences of step 1e-6: truncation 1e-12, rounding 1e-10, relative to the largest entry. */
const CENTRAL = 1e-6;
const STEP = 1e-6;

/** A path of one economy, and what everybody does in it. */
interface Rollout {
  readonly core: StructuralCore;
  readonly tables: readonly Float64Array[];
  readonly mass: Float64Array;
  readonly carried: Float64Array;
  readonly shocks: Int32Array;
}

function simulated(rollout: Rollout, held?: Tape): { readonly tape: Tape; readonly mass: Float64Array } {
  const { core, tables, shocks, carried } = rollout;
  const structural = core as unknown as Structural;
  const tape = held ?? makeTape(structural, shocks.length / 2, 'discounted');
  const mass = rollout.mass.slice();
  const inputs = { structural, tables, shocks, shocksAt: 0, mass, carried: carried.slice() };
  simulatePath(held === undefined ? inputs : { ...inputs, frozen: 'frozen' }, tape, undefined);
  return { tape, mass };
}

/** The households' objective, and its gradient by table. */
function differentiated({ core, tables, mass }: Rollout, tape: Tape) {
  const gradients = tables.map((table) => new Float64Array(table.length));
  const objective = adjoint(
    {
      structural: core as unknown as Structural,
      limit: 'masked',
      terminal: new Float64Array(mass.length),
      weights: 'discounted',
      learning: tape.periods,
    },
    tape,
    {
      gradient: gradients,
      errors: tables.map(() => new Float64Array(0)),
      visits: tables.map(() => new Float64Array(0)),
      values: new Float64Array(mass.length),
    },
  );
  return { objective, gradients };
}

/** By central differences of table `which`, along the periods of the tape. */
function centralDifferences(
  rollout: Rollout,
  which: number,
  objective: (tables: readonly Float64Array[]) => number,
): Float64Array {
  return rollout.tables[which].map((_, i) => {
    const at = (change: number) => {
      const tables = rollout.tables.map((table) => table.slice());
      tables[which][i] += change;
      return objective(tables);
    };
    return (at(STEP) - at(-STEP)) / (2 * STEP);
  });
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, x) => (Math.abs(x) <= most ? most : Math.abs(x)), 0);
}

const gapBetween = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  largest(Array.from(x, (value, i) => value - y[i]));

const within = (what: string, gap: number, allowed: number): GradientFinding => ({
  what: `hank: ${what}`,
  gap,
  allowed: `at most ${allowed}`,
  ok: gap <= allowed,
});

/** The stored rollout of the published information: prices, cross-section, objectives, gradients. */
export function hankFixtureFindings(): readonly GradientFinding[] {
  const fixture = microFixture();
  const { setup, tables, periods } = fixture;
  const rollout = { ...fixture, core: publishedCore(setup) };
  const { tape, mass } = simulated(rollout);
  const pricesOf = ({ w, Pi, r, d }: (typeof periods)[number]) => [w, Pi, r, d];
  const found = tape.period.map(({ aggregates: x }) => [x[WAGE], x[INFLATION], x[RATE], x[DIVIDEND]]);
  const priceGap = Math.max(...periods.map((period, t) => gapBetween(found[t], pricesOf(period))));
  const { objective, gradients } = differentiated(rollout, tape);
  const firm = new Float64Array(tables[2].length);
  addFirmGradient(setup, tape, firm, 'zero');
  const firmGap = Math.abs(firmObjective(setup, tape, tables[2], 'zero') - fixture.firmObjective);
  return [
    within('micro-fixture: prices', priceGap, ROUNDING),
    within('micro-fixture: last cross-section', gapBetween(mass, fixture.finalMass), ROUNDING),
    within(
      "micro-fixture: households' objective",
      Math.abs(objective - fixture.householdObjective),
      ROUNDING,
    ),
    within("micro-fixture: the firm's objective", firmGap, ROUNDING),
    within('micro-fixture: gradient of shares', gapBetween(gradients[0], fixture.gradients[0]), STORED),
    within('micro-fixture: gradient of hours', gapBetween(gradients[1], fixture.gradients[1]), STORED),
    within('micro-fixture: gradient of inflation', gapBetween(firm, fixture.gradients[2]), STORED),
  ];
}

/** A small economy with the recommended information; tables moved off the start, unequally, so that no two entries are alike and some households stand at the limit. */
export function smallHank(): Rollout & { readonly setup: ReturnType<typeof structuralSetup> } {
  const model = hankSetup(hankCalibration.parse({ highestBonds: 20 }));
  const setup = structuralSetup(model, { size: 'quick', assetNodes: 8, priceNodes: 3, shockNodes: 3 });
  const core = recommendedCore(setup);
  const [share, worth, inflation] = core.start('closed-form');
  return {
    setup,
    core,
    tables: [
      share.map((x, i) => Math.min(0.99, x * (1.3 + 0.3 * Math.sin(i)))),
      worth.map((x, i) => x * (1 + 0.1 * Math.cos(3 * i))),
      inflation.map((_, i) => 0.01 * Math.sin(2 * i)),
    ],
    mass: setup.population,
    carried: core.carried,
    shocks: Int32Array.of(1, 1, 0, 2, 2, 2, 1, 0, 2, 1),
  };
}

/** Households and the firm of the recommended information, by hand and by central differences. */
export function hankFindings(): readonly GradientFinding[] {
  const rollout = smallHank();
  const { setup, tables } = rollout;
  const { tape } = simulated(rollout);
  const { gradients } = differentiated(rollout, tape);
  const households = [0, 1].map((which) => {
    const held = centralDifferences(rollout, which, (moved) => {
      const other = simulated({ ...rollout, tables: moved }, tape).tape;
      return differentiated({ ...rollout, tables: moved }, other).objective;
    });
    return gapBetween(gradients[which], held) / largest(held);
  });
  simulated(rollout, tape);
  const gapOf = (ending: 'carried' | 'zero'): number => {
    const firm = new Float64Array(tables[2].length);
    addFirmGradient(setup, tape, firm, ending);
    const held = centralDifferences(rollout, 2, (moved) => firmObjective(setup, tape, moved[2], ending));
    return gapBetween(firm, held) / largest(held);
  };
  return [
    within('shares by hand, from central differences', households[0], CENTRAL),
    within('worth by hand, from central differences', households[1], CENTRAL),
    within("the firm's inflation by hand, from central differences", gapOf('zero'), CENTRAL),
  ];
}
