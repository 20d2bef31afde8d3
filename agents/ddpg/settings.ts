import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import { offPolicySettings } from '../off-policy/settings.ts';

const trials = 'our trials on the economies of this suite';
const lillicrap = 'Lillicrap et al. 2016';
const fujimoto = 'Fujimoto et al. 2018';
const own = 'of the action in [-1, 1]';

/** Settings of deep deterministic policy gradient; one set of defaults serves every economy and the control benchmark. */
export const ddpgSettings = z.strictObject({
  ...offPolicySettings,
  variant: parameter(z.enum(['ddpg', 'td3']), 'ddpg', {
    description:
      'td3: two critics, the minimum of their targets, and the published smoothing and delay unless set otherwise',
    unit: '',
    source: `${lillicrap}; td3 is ${fujimoto}`,
  }),
  explorationNoise: parameter(z.number().min(0), 0.2, {
    description: 'standard deviation of the noise in the actions tried, constant',
    unit: own,
    source: `${trials}; 0.1 is ${fujimoto}, section 6.1`,
  }),
  targetSmoothing: parameter(z.number().min(0).nullable(), null, {
    description: 'standard deviation of the noise in the next action of a target; null: 0.1, in td3 0.2',
    unit: own,
    source: `${trials}; 0.2 is ${fujimoto}, section 6.1`,
  }),
  actorSmoothing: parameter(z.number().min(0).nullable(), null, {
    description:
      'standard deviation of the noise in the action at which the actor climbs its critic, whose ripples it averages away; ' +
      'null: 0.1, in td3 0',
    unit: own,
    source: trials,
  }),
  smoothingClip: parameter(z.number().gt(0), 0.5, {
    description: 'the noise of both smoothings is cut to this size',
    unit: own,
    source: `${fujimoto}, section 6.1`,
  }),
  policyDelay: parameter(z.int().min(1).nullable(), null, {
    description: 'updates of the critics for one of the actor and of all targets; null: 1, in td3 2',
    unit: 'updates',
    source: `${fujimoto}, section 5.2`,
  }),
  saturationPenalty: parameter(z.number().min(0), 1, {
    description:
      'weight, in the loss of an actor tanh u, of the square by which |u| is beyond 3: it calls back an actor that is stuck at a ' +
      'bound, where tanh is flat, and moves no optimum below 0.995 of the range',
    unit: 'reward',
    source: trials,
  }),
  actorOutputScale: parameter(z.number().gt(0), 0.1, {
    description:
      "without cold start: size of the actor's output layer at the start, times the usual one; small: the first policy is near the middle " +
      'of the action range, large (30, say): it is at the bounds',
    unit: '',
    source: `${trials}; ${lillicrap}, section 7, has an output layer of 0.003`,
  }),
  coldStart: parameter(z.enum(['none', 'constant']), 'constant', {
    description:
      'constant: the actor starts as a constant action, and rests while the critic learns its value; none: as actorOutputScale says',
    unit: '',
    source: trials,
  }),
  coldStartAction: parameter(z.number().gt(-1).lt(1), 0, {
    description: 'the action of the cold start in every coordinate; 0 is the middle of the range',
    unit: own,
    source: 'half of all resources; one closer to the optimum hands the answer to the agent',
  }),
  coldStartUpdates: parameter(z.int().min(0), 1000, {
    description: 'updates of the critic alone in the cold start; at most a tenth of all',
    unit: 'updates',
    source: trials,
  }),
});

export type DdpgSettings = z.output<typeof ddpgSettings>;

/** What `variant` means where a setting is null. */
const VARIANTS = {
  ddpg: { critics: 1, targetSmoothing: 0.1, actorSmoothing: 0.1, policyDelay: 1 },
  td3: { critics: 2, targetSmoothing: 0.2, actorSmoothing: 0, policyDelay: 2 },
} as const;

/** The number of critics, and the settings that a variant chooses unless they are set. */
export function chosen(settings: DdpgSettings) {
  const variant = VARIANTS[settings.variant];
  return {
    critics: variant.critics,
    targetSmoothing: settings.targetSmoothing ?? variant.targetSmoothing,
    actorSmoothing: settings.actorSmoothing ?? variant.actorSmoothing,
    policyDelay: settings.policyDelay ?? variant.policyDelay,
  };
}
