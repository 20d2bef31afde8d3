/** From the sums of an epoch to new tables. */
import type { Structural } from '../../core/structural.ts';
import {
  adamStep,
  addBoundsPenalty,
  addRisingPenalty,
  clipScale,
  gradientOfIncrements,
  keepWithin,
  toLevels,
} from './adam-step.ts';
import type { Slot } from './memory.ts';
import { aggregateStep, keepRising, meanEulerError, scaledStep } from './scaled-step.ts';
import type { Plan, StructuralSettings } from './settings.ts';
import { climbsByGradient, type LearnerState } from './state.ts';
import { sizesOf } from './tape.ts';

export interface StepOptions {
  readonly structural: Structural;
  readonly settings: StructuralSettings;
  readonly plan: Plan;
  /** Changed: tables, parameters, moments. */
  readonly state: LearnerState;
  readonly slots: readonly Slot[];
  readonly rate: number;
  /** 1 where Euler errors were summed. */
  readonly sumsErrors: number;
}

/** Returns the visit-weighted mean relative Euler error, undefined where it was not measured. Invariant: sums are taken chunk by chunk, in order. */
export function stepTables(options: StepOptions): number | undefined {
  const { structural, plan, slots, sumsErrors } = options;
  const individual = structural.tables.flatMap(({ over }, i) => (over === 'individual' ? [i] : []));
  const climbing = structural.tables.flatMap((table, i) =>
    climbsByGradient(structural, plan, table) ? [i] : [],
  );
  let error: number | undefined;
  if (sumsErrors === 1) {
    const found = individual.map((i) => stepByErrors(options, i));
    error = found.reduce((sum, x) => sum + x, 0) / found.length;
    structural.tables.forEach(({ over }, i) => {
      if (over === 'aggregate' && !climbing.includes(i)) stepAggregate(options, i);
    });
  }
  if (climbing.length > 0) climb(options, climbing);
  if (slots.length === 0) throw new Error('structural: no chunk was simulated.');
  return error;
}

/** Sums over chunks. Shapes as the slots'. */
function total(arrays: readonly Float64Array[]): Float64Array {
  const sum = Float64Array.from(arrays[0]);
  for (let c = 1; c < arrays.length; c++) addTo(sum, arrays[c]);
  return sum;
}

function addTo(sum: Float64Array, array: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += array[i];
}

/** With Adam only the error is taken from the sums. */
function stepByErrors({ structural, settings, plan, state, slots, rate }: StepOptions, i: number): number {
  const { cells, nodes: assets } = sizesOf(structural);
  const { nodes, tied, pooled = tied, curvature, low, high } = structural.tables[i];
  const errors = total(slots.map((slot) => slot.errors[i]));
  const visits = total(slots.map((slot) => slot.visits[i]));
  if (plan.step === 'adam') return meanEulerError(errors, visits, nodes, cells, tied);
  const table = state.tables[i];
  const { ownShare } = settings;
  const found = scaledStep({
    table,
    errors,
    visits,
    nodes,
    cells,
    tied: pooled,
    rate: rate / curvature,
    ownShare,
    low,
    high,
  });
  if (i === 0 && settings.projection === 'rising' && structural.base !== undefined) {
    const base = new Float64Array(cells);
    for (let k = 0; k < nodes; k++) {
      structural.base(k, base);
      keepRising(table, k * cells, base, assets);
    }
  }
  return found;
}

function stepAggregate({ structural, plan, state, slots, rate }: StepOptions, i: number): void {
  const { low, high } = structural.tables[i];
  aggregateStep({
    table: state.tables[i],
    errors: total(slots.map((slot) => slot.errors[i])),
    visits: total(slots.map((slot) => slot.visits[i])),
    rate: plan.aggregateLearningRate * (rate / plan.learningRate),
    low,
    high,
  });
}

/** Adam on the tables given, their gradients clipped together. */
function climb(
  { structural, settings, plan, state, slots, rate }: StepOptions,
  climbing: readonly number[],
): void {
  const { cells, nodes: assets } = sizesOf(structural);
  const gradients = climbing.map((i) => {
    const gradient = total(slots.map((slot) => slot.gradient[i]));
    for (let n = 0; n < gradient.length; n++) gradient[n] /= plan.paths;
    const { over, tied, nodes } = structural.tables[i];
    if (over === 'aggregate') return gradient;
    const table = state.tables[i];
    if (plan.penalty === 'bounds') addBoundsPenalty(table, gradient);
    if (plan.penalty === 'rising' && structural.base !== undefined && i === 0) {
      const base = new Float64Array(cells);
      for (let k = 0; k < nodes; k++) {
        structural.base(k, base);
        addRisingPenalty(table, k * cells, base, assets, 1 / (nodes * (cells - cells / assets)), gradient);
      }
    }
    if (plan.parameters === 'increments') gradientOfIncrements(gradient, tied, cells);
    return gradient;
  });
  const scale = clipScale(gradients, settings.clipNorm);
  climbing.forEach((i, n) => {
    const { over, tied, low, high } = structural.tables[i];
    const isIndividual = over === 'individual';
    const parameters = state.parameters[i];
    adamStep({
      parameters,
      gradient: gradients[n],
      moments: state.moments[i],
      steps: state.epochs + 1,
      rate: isIndividual ? rate : plan.aggregateLearningRate * (rate / plan.learningRate),
      scale,
    });
    const kind = isIndividual ? plan.parameters : 'levels';
    keepWithin(parameters, { low, high, tied, cells: isIndividual ? cells : 1, parameters: kind });
    if (kind === 'increments') toLevels(parameters, state.tables[i], tied, cells);
    else state.tables[i].set(parameters);
  });
}
