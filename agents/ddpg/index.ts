import type { Method } from '../../core/method.ts';
import { offPolicyMethod } from '../off-policy/method.ts';
import { ddpgLearner } from './learner.ts';
import { type DdpgSettings, ddpgSettings } from './settings.ts';

export type { DdpgSettings } from './settings.ts';

/** Deep deterministic policy gradient with smoothing; TD3 by its setting `variant`. */
export const ddpg: Method<DdpgSettings> = offPolicyMethod({
  name: 'ddpg',
  title:
    'Deep deterministic policy gradient (Lillicrap et al. 2016) with smoothing, or TD3 (Fujimoto et al. 2018)',
  settings: ddpgSettings,
  steps: 20_000,
  presets: {
    quick: { steps: 5_000, settings: {} },
    notebook: { steps: 20_000, settings: {} },
    paper: { steps: 100_000, settings: { hidden: '256x256', bufferSize: 8_000_000 } },
  },
  learner: ddpgLearner,
});
