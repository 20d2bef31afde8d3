import type { Method } from '../../core/method.ts';
import { structuralAgent } from './agent.ts';
import { type StructuralSettings, structuralSettings } from './settings.ts';

export type { StructuralSettings } from './settings.ts';

/** Structural reinforcement learning: an update is an epoch. */
export const structural: Method<StructuralSettings> = {
  name: 'structural',
  title: 'Structural policy gradient: budgets known, prices learned (Yang, Wang, Schaab and Moll 2025)',
  settings: structuralSettings,
  steps: 200,
  presets: {
    quick: { steps: 200, settings: { size: 'quick' } },
    notebook: { steps: 300, settings: { size: 'notebook' } },
    paper: { steps: 300, settings: { size: 'paper' } },
  },
  create: structuralAgent,
};
