import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import { offPolicySettings } from '../off-policy/settings.ts';

const trials = 'our trials on the economies of this suite';

/** Settings of soft actor-critic; one set of defaults serves every economy and the control benchmark. */
export const sacSettings = z.strictObject({
  ...offPolicySettings,
  temperature: parameter(z.number().gt(0), 0.2, {
    description: 'weight of the entropy at the start; it is learned from there',
    unit: 'reward per nat',
    source: trials,
  }),
  temperatureRate: parameter(z.number().gt(0).max(1), 1e-3, {
    description: 'Adam rate of the log temperature, constant',
    unit: 'per update',
    source: trials,
  }),
  targetEntropy: parameter(z.number(), -1, {
    description: 'entropy per action dimension that the temperature is to keep up',
    unit: 'nats',
    source: 'Haarnoja et al. 2018, table 1',
  }),
  targetEntropyFall: parameter(z.number().min(0), 0, {
    description: 'how far the target falls, linearly, over the first 70 % of the updates',
    unit: 'nats',
    source: trials,
  }),
  futureActions: parameter(z.enum(['drawn', 'mean']), 'drawn', {
    description:
      'actions of the next period that the critics value: drawn, with their entropy (soft values), or the mean, without: then exploration adds no ' +
      'risk to the future, and a wide one does not bend what is learned',
    unit: '',
    source: `drawn: Haarnoja et al. 2018, eq. 5; mean: ${trials}`,
  }),
  criticEnsemble: parameter(z.enum(['mean', 'minimum']), 'mean', {
    description: 'how the two critics are combined in targets and in the actor loss',
    unit: '',
    source: `${trials}; the minimum is Fujimoto et al. 2018`,
  }),
});

export type SacSettings = z.output<typeof sacSettings>;
