import { readFileSync } from 'node:fs';

/** Numbers that tests compare with; see README.md in this folder. */
interface KrusellSmithReference {
  readonly employment: {
    readonly calibration: Readonly<Record<string, number | string>>;
    readonly transition: readonly (readonly number[])[];
  };
  readonly income: {
    readonly levels: readonly number[];
    readonly transition: readonly (readonly number[])[];
    readonly stationary: readonly number[];
    readonly rawMean: number;
  };
  readonly productivity: {
    readonly levels: readonly number[];
    readonly transition: readonly (readonly number[])[];
  };
  readonly prices: Readonly<Record<'z' | 'K' | 'r' | 'w', readonly number[]>>;
  readonly firstCapital: { readonly b: readonly number[]; readonly m: readonly number[] };
  readonly withoutAggregateRisk: Readonly<Record<'K' | 'r' | 'w' | 'Y' | 'C' | 'gini', number>>;
  readonly path: Readonly<Record<'zIndex' | 'K' | 'C' | 'r' | 'w', readonly number[]>>;
}

export const reference = JSON.parse(
  readFileSync(new URL('numbers.json', import.meta.url), 'utf8'),
) as KrusellSmithReference;
