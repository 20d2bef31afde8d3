import type { Method } from '../../core/method.ts';
import { offPolicyMethod } from '../off-policy/method.ts';
import { sacLearner } from './learner.ts';
import { type SacSettings, sacSettings } from './settings.ts';

export type { SacSettings } from './settings.ts';

/** Soft actor-critic with two critics and a learned temperature. */
export const sac: Method<SacSettings> = offPolicyMethod({
  name: 'sac',
  title: 'Soft actor-critic with two critics and a learned temperature (Haarnoja et al. 2018)',
  settings: sacSettings,
  steps: 20_000,
  presets: {
    quick: { steps: 5_000, settings: {} },
    notebook: { steps: 20_000, settings: {} },
    paper: { steps: 100_000, settings: { hidden: '256x256', bufferSize: 8_000_000 } },
  },
  learner: sacLearner,
});
