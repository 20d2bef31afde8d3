import type { Agent } from '../../core/agent.ts';
import type { CreateOptions, Method } from '../../core/method.ts';
import { fromQuantities } from '../../core/quantities.ts';
import { toQuantities } from './actions.ts';
import { checkActions } from './guards.ts';
import { neuralGridLearner } from './learner.ts';
import { neuralGridReport } from './report.ts';
import { settingOf } from './setting.ts';
import { type NeuralGridSettings, neuralGridSettings } from './settings.ts';

export type { NeuralGridSettings } from './settings.ts';

/** Fitted value and policy iteration with two networks, through the economy's known transition. */
export const neuralGrid: Method<NeuralGridSettings> = {
  name: 'neural-grid',
  title: 'Fitted value and policy iteration through the known transition (neural grid)',
  settings: neuralGridSettings,
  uses: 'tensors',
  steps: 3000,
  presets: {
    quick: { steps: 1000, settings: {} },
    notebook: { steps: 3000, settings: {} },
    paper: { steps: 3000, settings: { hidden: '256x256', batchSize: 512 } },
  },
  create: neuralGridAgent,
};

function neuralGridAgent(options: CreateOptions<NeuralGridSettings>): Agent {
  const setting = settingOf(options);
  const learner = neuralGridLearner(setting);
  const { actionSpace, domain } = setting;
  return {
    name: 'neural-grid',
    act({ states }, actions) {
      const raw = Float64Array.from(states.flatMap((state) => domain.toCoordinates(state)));
      const shares = learner.act(raw);
      checkActions(setting, shares, raw);
      const quantities = new Float32Array(shares.length);
      toQuantities(shares, actionSpace, quantities);
      fromQuantities(Float64Array.from(quantities), actions, actionSpace);
    },
    update: () => learner.update(),
    report: () => neuralGridReport(setting, learner, options.economy.oracle()),
    save: () => learner.save(),
    load: (saved) => learner.load(saved),
  };
}
