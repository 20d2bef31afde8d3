/** Impulse responses as a table, a summary and pictures. */
import type { Chart, Panel, Table } from '../../core/index.ts';
import {
  type Band,
  type Response,
  type ResponseSummary,
  type Responses,
  summariseResponse,
} from './responses.ts';
import { shortNumber } from './slices.ts';
import { byImportance, clearLabels, ZERO_LINE } from './variables.ts';

/** Responses to one shock, and the optimum's. */
export interface ResponsePair {
  readonly own: Responses;
  readonly optimal: Responses | undefined;
}

const MOST_PANELS = 6;

interface Row {
  readonly own: Responses;
  readonly response: Response;
  readonly best: Response | undefined;
  readonly period: number;
}

/**
 * One row for each shock, variable and period: the responses in the variable's unit and in percent, with intervals. `applied` is the mean
 * size that the shock had, `unchanged` the share of paths on which it changed nothing.
 */
export function responseTable(pairs: readonly ResponsePair[]): Table {
  const rows = pairs.flatMap(({ own, optimal }) =>
    own.variables.flatMap((response) => {
      const best = optimal?.variables.find(({ name }) => name === response.name);
      return Array.from({ length: own.horizon + 1 }, (_, period): Row => ({ own, response, best, period }));
    }),
  );
  const column = (name: string, value: (row: Row) => number | string | null) => ({
    name,
    label: name,
    unit: '',
    values: rows.map(value),
  });
  const bands = (prefix: string, measure: 'level' | 'percent', of: (row: Row) => Response | undefined) =>
    (['mean', 'low', 'high'] as const).map((edge) =>
      column(`${prefix}${measure}${edge === 'mean' ? '' : `.${edge}`}`, (row) =>
        at(of(row)?.[measure], edge, row),
      ),
    );
  const both = (prefix: string, of: (row: Row) => Response | undefined) => [
    ...bands(prefix, 'level', of),
    ...bands(prefix, 'percent', of),
  ];
  return {
    name: 'responses',
    title: 'Impulse responses',
    columns: [
      column('shock', ({ own }) => own.impulse.name),
      column('size', ({ own }) => own.impulse.size),
      column('applied', ({ own }) => own.applied),
      column('unchanged', ({ own }) => own.unchanged / own.paths),
      column('variable', ({ response }) => response.name),
      column('period', ({ period }) => period),
      column('unshocked', ({ response, period }) => response.unshocked[period]),
      ...both('', ({ response }) => response),
      ...(pairs.some(({ optimal }) => optimal !== undefined) ? both('optimal.', ({ best }) => best) : []),
    ],
  };
}

function at(band: Band | null | undefined, edge: keyof Band, { period }: Row): number | null {
  return band === null || band === undefined ? null : band[edge][period];
}

/** Peaks and half-lives of the variables that a shock moves, under the actors or the optimum, the most informative first. */
export interface SummaryRow {
  readonly response: Response;
  readonly own: ResponseSummary;
  readonly optimal: ResponseSummary | undefined;
}

export function responseSummaries({ own, optimal }: ResponsePair): readonly SummaryRow[] {
  return byImportance(own.variables).flatMap((response) => {
    const best = optimal?.variables.find(({ name }) => name === response.name);
    if (!response.moves && best?.moves !== true) return [];
    return {
      response,
      own: summariseResponse(response),
      optimal: best === undefined ? undefined : summariseResponse(best),
    };
  });
}

/** One picture a shock: the six most informative variables that it moves, with the interval of the mean. */
export function responseChart(pair: ResponsePair, name: string): readonly Chart[] {
  const { impulse, horizon, paths } = pair.own;
  const rows = responseSummaries(pair).slice(0, MOST_PANELS);
  if (rows.length === 0) return [];
  const labels = clearLabels(pair.own.variables, ', ');
  return [
    {
      name: `response-${impulse.name}`,
      title: `Responses to a shock: ${impulse.label} ${impulseSize(pair.own)}`,
      caption:
        `What the shock changes in the mean over ${paths} paths from ${startText(pair.own)}, with the 95 % interval of that mean, ` +
        `${horizon} periods long.${pair.optimal === undefined ? '' : ' Dashed: under the optimal policy.'}${sentences([appliedText(pair.own), endedText(pair.own)])}`,
      panels: rows.map((row) => panelOf(row, pair, { name, labels })),
    },
  ];
}

/** `+1 levels of its chain`. */
export function impulseSize({ impulse: { size, unit } }: Responses): string {
  return `${signed(size)}${unit === '' ? '' : ` ${unit}`}`;
}

function signed(size: number): string {
  return `${size > 0 ? '+' : ''}${shortNumber(size)}`;
}

export function startText({ from }: Responses): string {
  return from === 'steady' ? 'the steady state' : 'the ergodic distribution';
}

/** What is to be known of a shock that had not its whole size everywhere, as a sentence; empty of one that had. */
export function appliedText({ applied, unchanged, paths, impulse: { size } }: Responses): string {
  if (applied === size && unchanged === 0) return '';
  const still = unchanged === 0 ? '' : `; on ${unchanged} of ${paths} paths it changed nothing`;
  return `The shock is ${signed(applied)} in the mean, as states had no room for ${signed(size)}${still}.`;
}

/** How many paths are left, as a sentence; empty if all are. */
export function endedText({ ended, paths, horizon }: Responses): string {
  if (ended === 0) return '';
  return `The economy ended on ${ended} of ${paths} paths within ${horizon} periods; means are over those that go on.`;
}

function sentences(texts: readonly string[]): string {
  return texts.map((text) => (text === '' ? '' : ` ${text}`)).join('');
}

function panelOf(
  { response, own }: SummaryRow,
  { own: all, optimal }: ResponsePair,
  { name, labels }: { readonly name: string; readonly labels: ReadonlyMap<string, string> },
): Panel {
  const { label, unit } = response;
  const isPercent = own.measure === 'percent';
  const x = Array.from({ length: all.horizon + 1 }, (_, j) => j);
  const band = isPercent && response.percent !== null ? response.percent : response.level;
  const other = optimal?.variables.find((variable) => variable.name === response.name);
  const best = isPercent ? other?.percent : other?.level;
  return {
    title: '',
    x: { label: 'periods after the shock', unit: '' },
    y: isPercent ? { label: labels.get(response.name) ?? label, unit: '% deviation' } : { label, unit },
    series: [
      { kind: 'band', name, x, y: band.low, yHigh: band.high },
      { kind: 'line', name, x, y: band.mean },
      ...(best === undefined || best === null
        ? []
        : [{ kind: 'line' as const, name: 'optimal', source: 'optimal' as const, x, y: best.mean }]),
      ZERO_LINE,
    ],
  };
}
