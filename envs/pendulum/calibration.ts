import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';

const GYMNASIUM = 'Gymnasium, Pendulum-v1';

/** Settings of `pendulum`: the constants of Gymnasium's Pendulum-v1, and the discount factor that its learners usually have. */
export const pendulumCalibration = z.strictObject({
  gravity: parameter(z.number().min(0).max(100), 10, {
    description: 'g, which pulls the rod down from its middle',
    unit: 'm / s^2',
    source: GYMNASIUM,
  }),
  mass: parameter(z.number().min(0.01).max(100), 1, {
    description: 'm of the rod, spread evenly over its length',
    unit: 'kg',
    source: GYMNASIUM,
  }),
  length: parameter(z.number().min(0.01).max(100), 1, {
    description: 'l of the rod, from the pivot to its free end',
    unit: 'm',
    source: GYMNASIUM,
  }),
  timeStep: parameter(z.number().min(1e-4).max(1), 0.05, {
    description: 'dt, the length of a period',
    unit: 's',
    source: GYMNASIUM,
  }),
  maxSpeed: parameter(z.number().min(1).max(1000), 8, {
    description: 'angular velocity is cut here, in both directions',
    unit: 'rad / s',
    source: GYMNASIUM,
  }),
  maxTorque: parameter(z.number().min(1e-3).max(1000), 2, {
    description:
      'largest torque, in both directions; below m g l / 2 it cannot lift the rod without swinging it',
    unit: 'N m',
    source: GYMNASIUM,
  }),
  discountFactor: parameter(z.number().min(0.05).max(0.9999), 0.99, {
    description: 'of learners; the environment itself has none',
    unit: 'per period',
    source: 'Haarnoja et al. 2018, table 1',
  }),
  horizon: parameter(z.int().min(1).max(100_000), 200, {
    description: 'periods until an episode is truncated; it never ends by itself',
    unit: 'periods',
    source: GYMNASIUM,
  }),
});

export type PendulumCalibration = z.output<typeof pendulumCalibration>;
