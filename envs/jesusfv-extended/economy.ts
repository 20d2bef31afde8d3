import { markovChain, stationary } from '../../numerics/markov.ts';
import { DEPRECIATION_ROWS } from '../jesusfv/chain.ts';
import { growthEconomy } from '../jesusfv/family.ts';
import type { Depreciation } from '../jesusfv/model.ts';
import { growthModel } from '../jesusfv/setup.ts';
import {
  type JesusfvExtendedCalibration,
  jesusfvExtendedCalibration,
  jesusfvExtendedCalibrations,
} from './calibration.ts';

/**
 * `jesusfv-extended`: the growth model of `jesusfv` with the rate of depreciation as a coordinate of the state (k, d, z), drawn
 * once (static) or a Markov chain (`jesusfv-extended/markov`). See README.md in this folder.
 */
export const jesusfvExtended = growthEconomy({
  id: 'jesusfv-extended',
  version: 1,
  title: 'Stochastic growth with depreciation as a third coordinate of the state (k, d, z).',
  calibration: jesusfvExtendedCalibration,
  calibrations: jesusfvExtendedCalibrations,
  resettable: ['capital', 'depreciation', 'productivity'],
  model: (calibration) => growthModel(calibration, depreciationOf(calibration)),
});

function depreciationOf(calibration: JesusfvExtendedCalibration): Depreciation {
  const { deltaProcess, depreciationLow: low, depreciationHigh: high } = calibration;
  const mean = (low + high) / 2;
  if (deltaProcess === 'static') return { kind: 'static', mean, low, high };
  const levels = Float64Array.of(low, mean, high);
  return {
    kind: 'markov',
    mean,
    low,
    high,
    levels,
    transition: Float64Array.from(DEPRECIATION_ROWS.flat()),
    stationary: stationary(markovChain(levels, DEPRECIATION_ROWS)),
  };
}
