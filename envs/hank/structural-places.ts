/** Names and places of what a structural period and path hold. */

export const AGGREGATES = [
  'productivity',
  'monetary',
  'nominalRate',
  'inflation',
  'interestRate',
  'wage',
  'labour',
  'output',
  'dividend',
  'consumption',
] as const;
/** Places in `StructuralPeriod.aggregates`. Returns are net. */
export const PRODUCTIVITY = 0;
export const MONETARY = 1;
export const NOMINAL = 2;
export const INFLATION = 3;
export const RATE = 4;
export const WAGE = 5;
export const LABOUR = 6;
export const OUTPUT = 7;
export const DIVIDEND = 8;
export const CONSUMPTION = 9;

/** W: entries of a table that a period reads at most. */
export const WIDTH = 4;

/** Places in what is carried. */
export const NEXT_NOMINAL = 0;
export const LAST_WAGE = 1;

export type AggregateName = (typeof AGGREGATES)[number];
