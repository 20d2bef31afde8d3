import { z } from 'zod';
import { parameter } from '../../core/calibration.ts';
import { growthParameters } from '../jesusfv/calibration.ts';

const REVENGE = 'public project Bellmans Revenge';

const rate = z.number().min(0).max(1);

/** Rates that are nearer to one another than this are one, by rounding. */
const LEAST_RANGE = 1e-12;

/** Settings of `jesusfv-extended`: the family's, and how depreciation moves within its range. */
export const jesusfvExtendedCalibration = z
  .strictObject({
    ...growthParameters,
    deltaProcess: parameter(z.enum(['static', 'markov']), 'static', {
      description:
        'static: depreciation is drawn at the start and kept; markov: it is a chain on the low end, the middle and the high end ' +
        'of its range with rows (.9 .1 0), (.05 .9 .05), (0 .1 .9)',
      unit: 'choice',
      source: `static: ${REVENGE}; markov: this suite`,
    }),
    depreciationLow: parameter(rate, 0.8, {
      description: 'lowest rate of depreciation; exactly 0 means that no capital is lost',
      unit: 'per period',
      source: REVENGE,
    }),
    depreciationHigh: parameter(rate, 1, {
      description: 'highest rate of depreciation; above depreciationLow',
      unit: 'per period',
      source: REVENGE,
    }),
  })
  .refine(({ depreciationLow, depreciationHigh }) => depreciationHigh - depreciationLow > LEAST_RANGE, {
    path: ['depreciationLow'],
    message: 'it must be below depreciationHigh; for one constant rate use jesusfv with --set depreciation=',
  });

export type JesusfvExtendedCalibration = z.output<typeof jesusfvExtendedCalibration>;

/** Named calibrations of `jesusfv-extended`. */
export const jesusfvExtendedCalibrations: Readonly<
  Record<string, Readonly<Partial<JesusfvExtendedCalibration>>>
> = {
  /** Depreciation that really moves. */
  markov: { deltaProcess: 'markov' },
};
