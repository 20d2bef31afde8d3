import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const SUITE = 'this suite';
const ACCURACY = 'Den Haan (2010), J. Econ. Dynamics and Control 34';

/** Settings of the classical solution. */
export const classicalSettings = z.strictObject({
  method: parameter(z.enum(['euler', 'values']), 'euler', {
    description:
      "households' problem: by the Euler equation on an endogenous grid, or by values that are linear between nodes (what learners on tables solve)",
    unit: 'choice',
    source: 'euler: Carroll (2006), Economics Letters 91',
  }),
  law: parameter(z.enum(['by-state', 'log-linear', 'quadratic']).nullable(), null, {
    description:
      'law of motion of log capital: one line for each aggregate state, one line in log K and log z, or with squares; null: by state where there are ' +
      'two, else log-linear',
    unit: 'choice',
    source: 'by-state: Krusell and Smith (1998), equations 9 and 10',
  }),
  assetNodes: parameter(z.int().min(10).max(5_000).nullable(), null, {
    description: "nodes of households' assets; null: the economy's own number",
    unit: 'nodes',
    source: SUITE,
  }),
  assetHigh: parameter(z.number().gt(0).nullable(), null, {
    description: "largest assets of the grid; null: the economy's own",
    unit: 'units of the good',
    source: SUITE,
  }),
  capitalNodes: parameter(z.int().min(4).max(200).nullable(), null, {
    description: "nodes of mean capital; null: the economy's own number",
    unit: 'nodes',
    source: SUITE,
  }),
  capitalWidth: parameter(z.number().gt(0).max(10), 1, {
    description: "range of mean capital in logarithms, over the economy's own",
    unit: 'ratio',
    source: SUITE,
  }),
  periods: parameter(z.int().min(200).max(10_000_000), 10_000, {
    description: 'periods of the path that the law is fitted to, and of the one on which it is tried',
    unit: 'periods',
    source: ACCURACY,
  }),
  discard: parameter(z.int().min(0).max(1_000_000), 1_000, {
    description: 'periods before them',
    unit: 'periods',
    source: SUITE,
  }),
  tolerance: parameter(z.number().gt(0).max(0.1), 1e-6, {
    description: 'largest change of the forecast of log capital by the law',
    unit: 'log points',
    source: SUITE,
  }),
});

export type ClassicalSettings = z.output<typeof classicalSettings>;
