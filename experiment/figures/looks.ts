/** Which look each name and source has, the same in every panel, and what the legend says. */
import type { Axis, Chart, Series } from '../../core/charts.ts';
import { DISTINCT, ordered, shade } from './colours.ts';
import { isShown } from './points.ts';

export type Source = 'learned' | 'optimal' | 'other';

/** How a series is drawn: its colour, and dashes on its line (none: solid). */
export interface Look {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
}

export interface Entry {
  readonly text: string;
  readonly look: Look;
  /** What is shown beside the text: the kinds of series that have this look. */
  readonly kinds: ReadonlySet<Series['kind']>;
  readonly source: Source;
  /** Whether it explains a colour, or the dashes of a source in all colours. */
  readonly of: 'name' | 'source';
}

export interface Looks {
  look(series: Series): Look;
  /** Empty if the legend would say nothing. */
  readonly legend: readonly Entry[];
}

export const TEXT_COLOUR = 'currentColor';

const WIDTHS: Readonly<Record<Source, number>> = { learned: 2.5, optimal: 1.5, other: 1.6 };
const DASHES: Readonly<Record<Source, readonly number[]>> = {
  learned: [],
  optimal: [5, 3],
  other: [1.5, 2.5],
};
/** Of learned lines whose colour was used before: names beyond the seventh, the fourteenth, ... */
const LATER_DASHES: readonly (readonly number[])[] = [[], [12, 3, 2, 3], [16, 3, 2, 3, 2, 3]];
/** So many names get finer lines. */
const CROWD = 8;
const SOURCES: readonly Source[] = ['learned', 'optimal', 'other'];

export function sourceOf(series: Series): Source {
  return series.source ?? 'learned';
}

/** A look as the properties of a vega-lite mark. */
export function strokeOf({ colour, width, dash }: Look) {
  return {
    stroke: colour,
    strokeWidth: width,
    ...(dash.length === 0 ? {} : { strokeDash: [...dash] }),
  };
}

/** Looks by name in the order in which the chart first mentions them, drawn or not; an empty name is not in the legend. */
export function chartLooks(chart: Chart): Looks {
  const all = chart.panels.flatMap((panel) => panel.series);
  const truths = new Set(all.filter((series) => sourceOf(series) === 'optimal').map(({ name }) => name));
  const yardsticks = new Set(all.filter(isYardstick).map(({ name }) => name));
  const isOrdered = chart.names === 'ordered';
  const names = [...new Set(all.filter(hasColour).map(({ name }) => name))];
  const colours = isOrdered ? ordered(names.length) : names.map((_, i) => DISTINCT[i % DISTINCT.length]);

  /** A lone truth or yardstick is drawn in the text's colour, and so is a line that is no level of what the others are levels of. */
  function hasColour(series: Series): boolean {
    if (isOrdered && series.kind === 'reference') return false;
    if (isYardstick(series)) return yardsticks.size > 1;
    return series.source !== 'optimal' || truths.size > 1;
  }

  function look(name: string, source: Source): Look {
    const place = names.indexOf(name);
    const colour = place < 0 ? TEXT_COLOUR : colours[place];
    const width = WIDTHS[source] * (names.length >= CROWD && source === 'learned' ? 0.75 : 1);
    if (source === 'optimal') {
      const isDark = truths.size === 1 || place < 0;
      return { colour: isDark ? TEXT_COLOUR : shade(colour), dash: DASHES.optimal, width };
    }
    const round = isOrdered || place < 0 ? 0 : Math.floor(place / DISTINCT.length) % LATER_DASHES.length;
    return { colour, dash: source === 'learned' ? LATER_DASHES[round] : DASHES.other, width };
  }

  return { look: (series) => look(series.name, sourceOf(series)), legend: legendOf(chart, look) };
}

function isYardstick({ kind, source }: Series): boolean {
  return kind === 'reference' && source === 'other';
}

/** Names, and where a name has several sources, those sources after them. */
function legendOf(chart: Chart, look: (name: string, source: Source) => Look): readonly Entry[] {
  const kinds = kindsOf(chart);
  const names = [...kinds.keys()];
  const sourcesOf = (name: string) => SOURCES.filter((source) => kinds.get(name)?.has(source));
  const entry = (text: string, name: string, source: Source): Entry => ({
    text,
    look: look(name, source),
    kinds: kinds.get(name)?.get(source) ?? new Set(),
    source,
    of: 'name',
  });
  const shared = names.filter((name) => sourcesOf(name).length > 1);
  if (names.length === 1) {
    const [name] = names;
    const isSaid = saidBy(chart, name);
    if (shared.length === 0) return isSaid ? [] : [entry(name, name, sourcesOf(name)[0])];
    return sourcesOf(name).map((source) => entry(isSaid ? source : `${name}, ${source}`, name, source));
  }
  const explained = SOURCES.filter((source) => shared.some((name) => kinds.get(name)?.has(source)));
  return [
    ...names.map((name) => entry(name, name, sourcesOf(name)[0])),
    ...explained.map(
      (source): Entry => ({
        text: source,
        look: { ...look(shared[0], source), colour: TEXT_COLOUR },
        kinds: new Set(shared.flatMap((name) => [...(kinds.get(name)?.get(source) ?? [])])),
        source,
        of: 'source',
      }),
    ),
  ];
}

type Kinds = Set<Series['kind']>;

/** What can be seen of each name, by source. */
function kindsOf(chart: Chart): ReadonlyMap<string, ReadonlyMap<Source, Kinds>> {
  const kinds = new Map<string, Map<Source, Kinds>>();
  for (const panel of chart.panels) {
    for (const series of panel.series) {
      if (series.name === '' || !isVisible(series, panel.y)) continue;
      const sources = kinds.get(series.name) ?? new Map<Source, Kinds>();
      const seen: Kinds = sources.get(sourceOf(series)) ?? new Set();
      kinds.set(series.name, sources.set(sourceOf(series), seen.add(series.kind)));
    }
  }
  return kinds;
}

/** Whether every panel says by itself what its only series is. */
function saidBy(chart: Chart, name: string): boolean {
  return chart.panels.every(({ title, y }) => [title, y.label].some((text) => text === name));
}

function isVisible({ y }: Series, axis: Axis): boolean {
  for (let i = 0; i < y.length; i++) if (isShown(y[i], axis)) return true;
  return false;
}
