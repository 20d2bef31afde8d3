/** What commands add to their results for an economy of many households. */
import type { Economy } from '../../core/index.ts';
import { formatNumber } from '../cli/table.ts';
import { environmentSeed } from '../run/pipeline.ts';
import type { Actors } from '../study/actors.ts';
import { type CrossSectionBlocks, crossSectionBlocks } from '../study/cross-section.ts';

/**
 * The blocks of `crossSectionBlocks`, on a path of its own. Undefined without a cross-section, and where an agent
 * says itself how capital is distributed: a solver's continuum is no sample. Throws what the economy throws.
 */
export function crossSectionOf(
  about: { readonly economy: Economy; readonly seed: number },
  actors: Actors,
  reported: Readonly<Record<string, unknown>>,
): CrossSectionBlocks | undefined {
  if ('distribution' in reported) return undefined;
  const { economy, seed } = about;
  return crossSectionBlocks({ economy, actors, seed: environmentSeed(seed, 'evaluation') });
}

/** Rows of the final table. */
export function crossSectionFacts(
  section: CrossSectionBlocks | undefined,
): readonly (readonly [label: string, text: string])[] {
  if (section === undefined) return [];
  const { distribution, law, r2, denHaan } = section;
  const { meanCapital, gini, saturatedShare, periods, burnIn } = distribution;
  return [
    [
      'capital of households',
      `mean ${formatNumber(meanCapital)}, Gini index ${formatNumber(gini)}, over ${periods} periods after ${burnIn}`,
    ],
    ['actions at their bounds', `${formatNumber(100 * saturatedShare, 3)} %`],
    ...(law ?? []).map(({ state, constant, logCapital }, i): readonly [string, string] => [
      i === 0 ? 'law of motion' : '',
      `log K' = ${constant.toFixed(5)} + ${logCapital.toFixed(5)} log K in state ${state}`,
    ]),
    ...(r2 === undefined || denHaan === undefined
      ? []
      : [
          [
            'its R2',
            `${r2.toFixed(6)}; Den Haan's forecast error ${denHaan.mean.toFixed(3)} % mean, ${denHaan.max.toFixed(3)} % at most`,
          ] as const,
        ]),
  ];
}
