/** What households see, by name and in order. */
import type { MarlBcCalibration } from './calibration.ts';

export type ObservedColumn =
  | 'capital'
  | 'meanCapital'
  | 'labour'
  | 'meanLabour'
  | 'productivity'
  | 'capitalProductivity'
  | 'labourProductivity';

const FULL: readonly ObservedColumn[] = [
  'capital',
  'meanCapital',
  'labour',
  'meanLabour',
  'productivity',
  'capitalProductivity',
  'labourProductivity',
];

/**
 * The columns of a calibration. `relevant` leaves out of the full list what does not tell the future: means where there is one household only,
 * productivities that all have, and, where labour is chosen, the labour of the last period. With jobs, own labour is the own job, and mean
 * labour tells something only where it is drawn. Invariant: own capital comes first.
 */
export function observedColumns(
  calibration: MarlBcCalibration,
  differ: { readonly capital: boolean; readonly labour: boolean },
): readonly ObservedColumn[] {
  const { observation, labour, households, counts } = calibration;
  const jobs = labour === 'employment';
  const kappa: readonly ObservedColumn[] = differ.capital ? ['capitalProductivity'] : [];
  switch (observation) {
    case 'full':
      return FULL;
    case 'paper':
      return ['capital', 'labour', 'meanCapital', 'productivity'];
    case 'code':
      return jobs ? ['capital', 'meanCapital', 'productivity', 'labour', ...kappa] : ['capital'];
    case 'relevant': {
      const tells: Readonly<Record<ObservedColumn, boolean>> = {
        capital: true,
        meanCapital: households > 1,
        labour: jobs,
        meanLabour: jobs && counts === 'independent' && households > 1,
        productivity: true,
        capitalProductivity: differ.capital,
        labourProductivity: differ.labour,
      };
      return FULL.filter((name) => tells[name]);
    }
  }
}
