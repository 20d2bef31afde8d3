import { z } from 'zod';
import { defineEconomy } from '../../core/economy.ts';
import { unitBox } from '../../core/spaces.ts';
import { advice } from './advice.ts';
import { marlBcCalibration, marlBcCalibrations } from './calibration.ts';
import { chosenLabour } from './chosen.ts';
import { employment } from './employment.ts';
import { observationSpace } from './observation.ts';
import type { MarlBcDefinition, MarlBcState, Part } from './part.ts';
import { type MarlBcModel, marlBcModel } from './setup.ts';

/** Either kind, which meets its own models and states only. */
function partOf(model: MarlBcModel): Part<MarlBcModel, MarlBcState> {
  const part = model.kind === 'chosen' ? chosenLabour : employment;
  return part as unknown as Part<MarlBcModel, MarlBcState>;
}

/**
 * `marl-bc`: business cycles of n households that learn (Gabriele, Glielmo and Taboga 2026). Households of given productivity of capital and
 * labour save, and choose their labour or have jobs; one firm pays them what they produce. Timing: by default everyone sees the period's shocks and
 * chooses the share of wealth to eat (and labour); it is produced, paid and eaten; the next shocks are drawn last. Throws what `defineEconomy` and
 * `marlBcModel` throw. Invariant: mean wealth is Y + (1 - delta) mean k in every step. See README.md in this folder.
 */
export const marlBc: MarlBcDefinition = defineEconomy({
  id: 'marl-bc',
  version: 2,
  title:
    'Business cycles of many households that save and work, alike or of different productivity (k_i; K, A).',
  agentSetting: 'households',
  calibration: marlBcCalibration,
  calibrations: marlBcCalibrations,
  resetOptions: z.strictObject({
    capital: z.number().gt(0).optional(),
    logProductivity: z.number().min(-1).max(1).optional(),
    productivity: z.int().min(0).optional(),
  }),
  model: marlBcModel,
  discountFactor: (model) => model.discountFactor,
  horizon: (model) => model.horizon,
  types: (model) => ({
    household: {
      count: model.households,
      observationSpace: observationSpace(model),
      actionSpace: unitBox({
        consumptionShare: [model.lowest, model.highest, model.actionScale],
        ...(model.kind === 'chosen' ? { labour: [model.lowest, model.highest, model.actionScale] } : {}),
      }),
    },
  }),
  init: (context) => partOf(context.model).init(context),
  observe(context, observations) {
    partOf(context.model).observe(context, observations);
  },
  step(context) {
    partOf(context.model).step(context);
  },
  info: (context) => partOf(context.model).info(context),
  periodsPerYear: () => 4,
  variables: () => VARIABLES,
  shocks: (model) => partOf(model).shocks(model),
  enumerable: (model) => partOf(model).enumerable(model),
  tensor: (model) => partOf(model).tensor(model),
  classical: (model) => partOf(model).classical(model),
  oracle: (model) => partOf(model).oracle(model),
  accounts: (model) => partOf(model).accounts(model),
  crossSection: (model) => partOf(model).crossSection(model),
  advice,
});

const GOOD = 'units of the good';

const VARIABLES = {
  capital: { label: 'capital', unit: GOOD },
  effectiveCapital: { label: 'effective capital', unit: GOOD },
  meanCapital: { label: 'mean capital', unit: GOOD },
  nextCapital: { label: "next period's capital", unit: GOOD },
  logProductivity: { label: 'log productivity', unit: 'log points' },
  productivity: { label: 'productivity', unit: 'level' },
  capitalProductivity: { label: 'productivity of own capital', unit: 'level' },
  labourProductivity: { label: 'productivity of own labour', unit: 'level' },
  output: { label: 'output', unit: GOOD },
  labour: { label: 'labour', unit: 'share of time' },
  meanLabour: { label: 'mean labour', unit: 'share of time' },
  consumption: { label: 'consumption', unit: GOOD },
  investment: { label: 'investment', unit: GOOD },
  rent: { label: 'rent of capital', unit: 'per period' },
  wage: { label: 'wage', unit: GOOD },
  gini: { label: 'Gini index of capital', unit: '' },
  employment: { label: 'employment', unit: 'share of households' },
  consumptionShare: { label: 'consumption share', unit: 'of wealth' },
} as const;
