import type { EconomyDefinition } from '../../core/economy.ts';
import type { KrusellSmithState } from '../krusell-smith/dynamics.ts';
import type { MarlBcCalibration } from './calibration.ts';
import type { MarlBcModel } from './setup.ts';

/** Households that choose their labour. */
export type ChosenState = {
  /** k_i at the start of the period, [n]. */
  capital: Float64Array;
  /** l_i of the last period, [n]: seen by some, of no consequence. */
  lastLabour: Float64Array;
  /** log A: of this period, or under `act-first` of the last. */
  logProductivity: number;
};

/** With jobs, the state is that of krusell-smith. */
export type MarlBcState = ChosenState | KrusellSmithState;

export type MarlBcDefinition = EconomyDefinition<MarlBcCalibration, MarlBcModel, MarlBcState, 'household'>;

/** What depends on whether labour is chosen: one record for each kind, written with the kind's own model and state. */
export type Part<M extends MarlBcModel, S extends MarlBcState> = Pick<
  Required<EconomyDefinition<MarlBcCalibration, M, S, 'household'>>,
  | 'init'
  | 'observe'
  | 'step'
  | 'info'
  | 'shocks'
  | 'enumerable'
  | 'tensor'
  | 'classical'
  | 'oracle'
  | 'accounts'
  | 'crossSection'
>;
