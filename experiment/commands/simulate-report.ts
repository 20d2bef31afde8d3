/** The end of a simulation: moments and responses as text, and as records for --json. */
import { formatCount, formatNumber, formatTable } from '../cli/table.ts';
import { filterText } from '../study/filter.ts';
import type { Estimate, Moments, VariableMoments } from '../study/moments.ts';
import { impulseSize, type ResponsePair, responseSummaries, startText } from '../study/response-report.ts';
import type { ResponseSummary } from '../study/responses.ts';
import type { Study } from '../study/study.ts';
import { byImportance, clearLabels } from '../study/variables.ts';

export interface SimulateReportOptions {
  readonly study: Study;
  readonly title: string;
  /** How the oracle was found; left out where its numbers do not stand beside. */
  readonly optimum: string | undefined;
  /** Two columns: what, and its value. */
  readonly facts: readonly (readonly string[])[];
  readonly warnings: readonly string[];
}

/** Moments, responses and facts for a reader. */
export function simulateReport(options: SimulateReportOptions): string {
  const { study, title, optimum, facts, warnings } = options;
  const { paths, burnIn, periods } = study.sizes;
  const count = `${formatCount(paths)} path${paths === 1 ? '' : 's'} of ${formatCount(periods)} periods after ${formatCount(burnIn)} others`;
  const sections = [
    title,
    study.moments === undefined
      ? ''
      : `Moments (${filterText(study.filter)}; ${count})\n\n${momentsText(study.moments, study.optimalMoments)}`,
    ...study.responses.map(responsesText),
    [
      ...warnings.map((text) => `WARNING: ${text}`),
      ...(optimum === undefined ? [] : [`Optimal: ${optimum}, under the same shocks.`]),
      ...study.notes,
    ].join('\n'),
    formatTable(facts, { align: ['left', 'left'] }),
  ];
  return `\n${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Marks numbers in a variable's own unit. */
const LEVEL = ' *';

function momentsText(moments: Moments, optimalMoments: Moments | undefined): string {
  const hasReference = moments.reference !== null;
  const labels = clearLabels(moments.variables);
  const header = [
    '',
    'mean',
    's.d., %',
    ...(hasReference ? ['relative'] : []),
    'autocorr.',
    ...(hasReference ? ['corr. -1', 'corr.', 'corr. +1'] : []),
  ];
  const cells = (variable: VariableMoments | undefined) => {
    if (variable === undefined) return ['-'];
    const { mean, measure, remark, standardDeviation, relative, autocorrelation, correlations } = variable;
    if (remark !== null) return [formatNumber(mean), remark];
    return [
      formatNumber(mean),
      `${meanText(standardDeviation)}${measure === 'level' ? LEVEL : ''}`,
      ...(hasReference ? [meanText(relative, 3)] : []),
      meanText(autocorrelation, 3),
      ...correlations.map(({ estimate }) => meanText(estimate, 2)),
    ];
  };
  const rows = byImportance(moments.variables).flatMap((variable) => {
    const own = [labels.get(variable.name) ?? variable.name, ...cells(variable)];
    if (optimalMoments === undefined) return [own];
    const best = optimalMoments.variables.find(({ name }) => name === variable.name);
    return [own, ['  optimal', ...cells(best)]];
  });
  const hasLevels = moments.variables.some(({ measure, remark }) => measure === 'level' && remark === null);
  return [
    formatTable(rows, { header }),
    '',
    `Of logarithms, means over paths; the spread across paths is in tables/moments.csv.${
      hasLevels ? '\n* in the variable’s own unit: a reward, or not positive on all paths.' : ''
    }${
      hasReference
        ? `\nRelative: standard deviation over that of ${labels.get(moments.reference ?? '')}. ` +
          `corr. +1: of the variable one period later with ${labels.get(moments.reference ?? '')} now.`
        : ''
    }`,
  ].join('\n');
}

function meanText(estimate: Estimate | null, decimals?: number): string {
  if (estimate === null) return '-';
  return decimals === undefined ? formatNumber(estimate.mean) : estimate.mean.toFixed(decimals);
}

function responsesText(pair: ResponsePair): string {
  const { own, optimal } = pair;
  const { impulse } = own;
  const title = `Responses to ${impulse.label}, ${impulseSize(own)}, from ${startText(own)}`;
  const summaries = responseSummaries(pair);
  if (summaries.length === 0) return `${title}\n\nIt moves nothing.`;
  const labels = clearLabels(own.variables);
  const cells = (summary: ResponseSummary | undefined) => {
    if (summary === undefined) return ['-'];
    const { measure, impact, peak, peakPeriod } = summary;
    const mark = measure === 'level' ? LEVEL : '';
    return [
      `${formatNumber(impact, 3)}${mark}`,
      `${formatNumber(peak, 3)}${mark}`,
      String(peakPeriod),
      halfLifeText(summary),
    ];
  };
  const rows = summaries.flatMap(({ response, own: summary, optimal: best }) => [
    [labels.get(response.name) ?? response.name, ...cells(summary)],
    ...(optimal === undefined ? [] : [['  optimal', ...cells(best)]]),
  ]);
  const all = summaries.flatMap(({ own: summary, optimal: best }) => [
    summary,
    ...(best === undefined ? [] : [best]),
  ]);
  const remarks = [
    ...(all.some(({ measure }) => measure === 'level') ? ['* in the variable’s own unit'] : []),
    ...(all.some(({ halfLife, seen }) => halfLife === null && seen === 0)
      ? ['half-life -: the response is largest in its last period; a longer --horizon shows more']
      : []),
  ];
  const table = formatTable(rows, { header: ['', 'impact, %', 'peak, %', 'in period', 'half-life'] });
  return `${title}\n\n${table}${remarks.length === 0 ? '' : `\n\n${remarks.join('\n')}`}`;
}

/** Nothing is known of a half-life that begins at the end. */
function halfLifeText({ halfLife, seen, peak }: ResponseSummary): string {
  if (halfLife !== null) return String(halfLife);
  return seen === 0 || peak === 0 ? '-' : `over ${seen}`;
}

/** Moments by variable, as --json prints them. */
export function momentsRecord({ moments, optimalMoments }: Study): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (moments?.variables ?? []).map((variable) => {
      const best = optimalMoments?.variables.find(({ name }) => name === variable.name);
      return [
        variable.name,
        { ...momentRecord(variable), ...(best === undefined ? {} : { optimal: momentRecord(best) }) },
      ];
    }),
  );
}

function momentRecord(variable: VariableMoments) {
  const { measure, mean, remark, standardDeviation, relative, autocorrelation, correlations } = variable;
  return {
    measure,
    mean: Number.isFinite(mean) ? mean : null,
    remark,
    standardDeviation,
    relative,
    autocorrelation,
    correlations: Object.fromEntries(correlations.map(({ lead, estimate }) => [lead, estimate])),
  };
}

/** Peaks and half-lives by shock and variable, as --json prints them. */
export function responsesRecord({ responses }: Study): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    responses.map((pair) => {
      const { impulse, from, horizon, applied, unchanged, paths } = pair.own;
      const variables = Object.fromEntries(
        responseSummaries(pair).map(({ response, own, optimal }) => [
          response.name,
          { ...own, ...(optimal === undefined ? {} : { optimal }) },
        ]),
      );
      const { size, unit } = impulse;
      return [
        impulse.name,
        { size, unit, applied, unchanged: unchanged / paths, from, horizon, paths, variables },
      ];
    }),
  );
}
