import { jesusfvCalibration, jesusfvCalibrations } from './calibration.ts';
import { growthEconomy } from './family.ts';
import { growthModel } from './setup.ts';

/**
 * `jesusfv`: the stochastic growth model of Aruoba and Fernández-Villaverde (2015) as an environment, with constant
 * depreciation (1 by default, 0.1 in `jesusfv/annual`). State (k, z). See README.md in this folder.
 */
export const jesusfv = growthEconomy({
  id: 'jesusfv',
  version: 1,
  title: 'Stochastic growth: one household eats or saves under five levels of productivity (k, z).',
  calibration: jesusfvCalibration,
  calibrations: jesusfvCalibrations,
  resettable: ['capital', 'productivity'],
  model: ({ depreciation: rate, ...calibration }) =>
    growthModel(calibration, { kind: 'fixed', mean: rate, low: rate, high: rate }),
});
