/** Options that the benchmarks of the structural agent share. */
import { z } from 'zod';
import type { structuralSettings } from '../agents/structural/settings.ts';
import { STRUCTURAL_SIZES } from '../core/index.ts';

export const STEPS = ['scaled', 'adam'] as const satisfies readonly z.output<
  typeof structuralSettings
>['step'][];

export const sizeOption = z
  .enum(STRUCTURAL_SIZES)
  .default('quick')
  .meta({ description: `numerical size: ${STRUCTURAL_SIZES.join(', ')}`, value: 'NAME' });

export const seedsOption = z
  .string()
  .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/)
  .default('1-5')
  .meta({
    description: 'seeds, where there are several',
    value: 'LIST',
    allowed: 'whole numbers and ranges, e.g. 1-5 or 1,3,7',
  });

export const threadsOption = z
  .int()
  .min(1)
  .max(256)
  .optional()
  .meta({ description: 'worker threads (default: as many as processors)', value: 'N' });
