/**
 * A rod of mass m and length l, hung up at one end, that a torque u turns about its pivot:
 *
 *     m l^2 / 3  th'' = m g l / 2  sin th + u
 *
 * with the angle th measured from upright. Source: Gymnasium's Pendulum-v1 (Towers et al. 2024), before it OpenAI Gym's Pendulum-v0.
 */
import type { PendulumCalibration } from './calibration.ts';

/** th in rad, 0 upright, not wrapped: turns add up, as in Gymnasium; and thdot in rad / s. */
export type PendulumState = { angle: number; angularVelocity: number };

/** The equations need nothing but the calibration. */
export type PendulumModel = Readonly<PendulumCalibration>;

/** Weights of speed and of effort in the cost, where the squared angle weighs 1. */
const SPEED_COST = 0.1;
const TORQUE_COST = 0.001;

/**
 * The angle from upright in [-pi, pi): ((th + pi) mod 2 pi) - pi, the remainder taken with the sign of the divisor. rad.
 * Invariant: whole turns change nothing but rounding.
 */
export function fromUpright(angle: number): number {
  const turn = 2 * Math.PI;
  const remainder = (angle + Math.PI) % turn;
  return (remainder < 0 ? remainder + turn : remainder) - Math.PI;
}

/** The torque that acts where `asked` is asked for: it is cut at the bounds. N m. */
export function torqueOf(model: PendulumModel, asked: number): number {
  return Math.min(Math.max(asked, -model.maxTorque), model.maxTorque);
}

/**
 * r = -(th^2 + 0.1 thdot^2 + 0.001 u^2), th in [-pi, pi), at the state before the step and for the torque after the cut
 * (Pendulum-v1, `step`). No unit. Invariant: at most 0, which is upright, at rest and without effort; by default at least -16.2736044.
 */
export function reward(model: PendulumModel, state: PendulumState, asked: number): number {
  const u = torqueOf(model, asked);
  const th = fromUpright(state.angle);
  const thdot = state.angularVelocity;
  return -(th * th + SPEED_COST * thdot * thdot + TORQUE_COST * u * u);
}

/**
 * Moves the state on by dt, in place (Pendulum-v1, `step`): the new speed first, cut at its bound, which then turns the rod,
 *
 *     thdot' = clip(thdot + (3 g / (2 l) sin th + 3 u / (m l^2)) dt)      th' = th + thdot' dt
 *
 * Invariant: the mirror image of state and torque moves to the mirror image.
 */
export function move(model: PendulumModel, state: PendulumState, asked: number): void {
  const { gravity: g, mass: m, length: l, timeStep: dt, maxSpeed } = model;
  const acceleration =
    ((3 * g) / (2 * l)) * Math.sin(state.angle) + (3 / (m * (l * l))) * torqueOf(model, asked);
  const thdot = state.angularVelocity + acceleration * dt;
  state.angularVelocity = Math.min(Math.max(thdot, -maxSpeed), maxSpeed);
  state.angle += state.angularVelocity * dt;
}

/**
 * E = m l^2 thdot^2 / 6 + m g l cos(th) / 2, energy of motion and of height above the pivot, in J. Invariant: without torque and as
 * dt falls to zero it does not change.
 */
export function energy(model: PendulumModel, state: PendulumState): number {
  const { gravity: g, mass: m, length: l } = model;
  return (m * l * l * state.angularVelocity ** 2) / 6 + (m * g * l * Math.cos(state.angle)) / 2;
}
