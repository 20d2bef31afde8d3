import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const BENCHMARK = 'Aruoba and Fernández-Villaverde (2015), J. Econ. Dynamics and Control 58';
const SUITE = 'this suite';

/** Settings of value iteration on a grid. */
export const gridSettings = z.strictObject({
  method: parameter(z.enum(['accelerated', 'sweep']), 'accelerated', {
    description:
      '"sweep" improves the value everywhere, over and over, from zero; "accelerated" gets there by policy iteration, where the economy ' +
      'saves on a coarse grid first',
    unit: 'choice',
    source: `sweep: ${BENCHMARK}; accelerated: ${SUITE}`,
  }),
  tolerance: parameter(z.number().gt(0).max(1), 1e-7, {
    description: 'largest change of the value in the last iteration, values times 1 - beta',
    unit: 'reward per period',
    source: BENCHMARK,
  }),
  nodes: parameter(z.int().min(4).max(10_000_000).nullable(), null, {
    description:
      "nodes along the first continuous coordinate; null: the economy's own number where it saves, otherwise at most 201, 41, 15 for one, two, three " +
      'continuous coordinates',
    unit: 'nodes',
    source: SUITE,
  }),
  interpolation: parameter(z.enum(['cubic', 'linear']), 'cubic', {
    description:
      'of values between nodes, where the choice is among actions: cubics are exact to more digits, linear is safe where the value has kinks',
    unit: 'choice',
    source: SUITE,
  }),
});

export type GridSettings = z.output<typeof gridSettings>;
