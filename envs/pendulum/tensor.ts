import type * as tf from '@tensorflow/tfjs';
import type { TensorTwin } from '../../core/capabilities.ts';
import type { PendulumModel, PendulumState } from './model.ts';

/**
 * The pendulum on tensors, float32, written apart from `model.ts`: coordinates are (cos th, sin th, thdot), as agents observe them, so
 * that nothing jumps where a turn ends, and a period turns the point on the circle by d = thdot' dt,
 *
 *     cos th' = cos th cos d - sin th sin d        sin th' = sin th cos d + cos th sin d
 *
 * For states [B, 3] and torques [B, 1] one successor: next [B, 1, 3], probabilities [B, 1] of ones, rewards [B, 1] in no unit.
 * Q = r + beta V(next), differentiable in the torque between its bounds. Invariant: equal to `successors` up to float32 (sanity/).
 */
export function pendulumTensors(model: PendulumModel): TensorTwin<PendulumState> {
  const { gravity, mass, length, timeStep, maxSpeed, maxTorque, discountFactor } = model;
  const scales = [1, 1, maxSpeed];
  const twin: TensorTwin<PendulumState> = {
    coordinates: ['cosine', 'sine', 'angularVelocity'],
    scales: [2, 2, 2 * maxSpeed],
    toCoordinates: ({ angle, angularVelocity }) => [Math.cos(angle), Math.sin(angle), angularVelocity],
    fromCoordinates: ({ 0: cosine, 1: sine, 2: angularVelocity }) => ({
      angle: Math.atan2(sine, cosine),
      angularVelocity,
    }),
    normalise: (tensors, rows) => tensors.div<tf.Tensor2D>(rows, [scales]),
    normaliseState: (row) => row.map((x, i) => x / scales[i]),
    denormaliseState: (row) => row.map((x, i) => x * scales[i]),
    transition: (tensors, states, actions) =>
      tensors.tidy(() => {
        const [rows] = states.shape;
        const cosine = states.slice([0, 0], [-1, 1]);
        const sine = states.slice([0, 1], [-1, 1]);
        const speed = tensors.mul(states.slice([0, 2], [-1, 1]), maxSpeed);
        const torque = tensors.clipByValue(actions, -maxTorque, maxTorque);
        const pull = tensors.mul(sine, (1.5 * gravity * timeStep) / length);
        const push = tensors.mul(torque, (3 * timeStep) / (mass * length ** 2));
        const nextSpeed = tensors.clipByValue(tensors.addN([speed, pull, push]), -maxSpeed, maxSpeed);
        const turned = tensors.mul(nextSpeed, timeStep);
        const [c, s] = [tensors.cos(turned), tensors.sin(turned)];
        const nextCosine = tensors.sub(tensors.mul(cosine, c), tensors.mul(sine, s));
        const nextSine = tensors.add(tensors.mul(sine, c), tensors.mul(cosine, s));
        const cost = tensors.addN([
          tensors.square(tensors.atan2(sine, cosine)),
          tensors.mul(tensors.square(speed), 0.1),
          tensors.mul(tensors.square(torque), 0.001),
        ]);
        const next = tensors.concat([nextCosine, nextSine, nextSpeed], 1);
        return {
          next: tensors.reshape(next, [rows, 1, 3]) as tf.Tensor3D,
          probabilities: tensors.ones([rows, 1]) as tf.Tensor2D,
          rewards: tensors.neg(cost) as tf.Tensor2D,
        };
      }),
    q: (tensors, states, actions, value) =>
      tensors.tidy(() => {
        const { next, rewards } = twin.transition(tensors, states, actions);
        const seen = twin.normalise(tensors, tensors.reshape(next, [-1, 3]));
        return tensors.add(rewards, tensors.mul(value(seen), discountFactor)) as tf.Tensor2D;
      }),
  };
  return twin;
}
