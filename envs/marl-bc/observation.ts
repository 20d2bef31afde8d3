import { type Box, box } from '../../core/spaces.ts';
import type { ObservedColumn } from './observed.ts';
import type { MarlBcModel } from './setup.ts';

/** Below this share of the usual one, capital is seen as this where its log is taken. */
const LEAST_CAPITAL = 1e-9;

/** Twice the log of capital over the usual one: of order one over the range of first states. */
const LOG_SCALE = 2;

/** What is seen of a period besides own capital. */
export interface Sight {
  /** Memory for own labour, [n], where it follows from the job. */
  readonly labour: Float64Array;
  meanLabour: number;
  meanCapital: number;
  /** As it is seen: A, log A over its deviation, or -1 and 1 for bad and good times. */
  productivity: number;
}

/** Ranges of the columns. Labour reaches one, or the endowment; productivity of the autoregression has no bounds. */
export function observationSpace(model: MarlBcModel): Box {
  const { usual, normalise, productivities, kind } = model;
  const most = kind === 'chosen' ? 1 : Math.max(...model.base.exposure.labour);
  const raw = normalise === 'none';
  // A mean of n numbers may be rounded up.
  const mostEffective = Math.max(...productivities.labour) * (1 + 1e-9);
  const capital: readonly [number, number] = raw
    ? [0, Infinity]
    : normalise === 'log'
      ? [LOG_SCALE * Math.log(LEAST_CAPITAL), Infinity]
      : [-1, Infinity];
  const labour: readonly [number, number] = raw ? [0, most] : [-1, most * (1 / usual.labour) - 1];
  const levels = (values: Float64Array): readonly [number, number] => {
    if (normalise === 'log') return [-1, 1];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    // A range must have a length.
    return raw ? [Math.min(low, 0), high] : [Math.min(low, 0.5) - 1, Math.max(high, 1.5) - 1];
  };
  const ranges: Readonly<Record<ObservedColumn, readonly [number, number]>> = {
    capital,
    meanCapital: capital,
    labour,
    meanLabour: [
      labour[0],
      Math.max(labour[1], (raw ? 0 : -1) + (raw ? most : most / usual.labour) * mostEffective),
    ],
    productivity: productivityRange(model),
    capitalProductivity: levels(productivities.capital),
    labourProductivity: levels(productivities.labour),
  };
  return box(Object.fromEntries(model.columns.map((name) => [name, ranges[name]])));
}

function productivityRange(model: MarlBcModel): readonly [number, number] {
  if (model.kind === 'chosen') return model.normalise === 'none' ? [0, Infinity] : [-Infinity, Infinity];
  const { productivity } = model.base.exposure;
  return model.normalise === 'none' ? [0, productivity[productivity.length - 1]] : [-1, 1];
}

/** Fills observations, [n, columns], in the order of the columns, from capital, labour and the model's `sight`. Hot. */
export function observe(
  model: MarlBcModel,
  capital: Float64Array,
  labour: Float64Array,
  observations: Float32Array,
): void {
  const sight = model.sight;
  const width = model.columns.length;
  for (let j = 0; j < width; j++) {
    switch (model.columns[j]) {
      case 'capital':
        fillCapital(observations, j, width, capital, model.usual.capital, model.normalise);
        break;
      case 'meanCapital':
        fill(observations, j, width, seenCapital(sight.meanCapital, model.usual.capital, model.normalise));
        break;
      case 'labour':
        fillRatio(observations, j, width, labour, model.normalise === 'none' ? 0 : model.usual.labour);
        break;
      case 'meanLabour':
        fill(
          observations,
          j,
          width,
          model.normalise === 'none' ? sight.meanLabour : sight.meanLabour * (1 / model.usual.labour) - 1,
        );
        break;
      case 'productivity':
        fill(observations, j, width, sight.productivity);
        break;
      case 'capitalProductivity':
        fillProductivity(observations, j, width, model, 'capital');
        break;
      case 'labourProductivity':
        fillProductivity(observations, j, width, model, 'labour');
        break;
    }
  }
}

function seenCapital(capital: number, usual: number, normalise: MarlBcModel['normalise']): number {
  if (normalise === 'none') return capital;
  const ratio = capital / usual;
  if (normalise === 'ratio') return ratio - 1;
  return LOG_SCALE * Math.log(ratio < LEAST_CAPITAL ? LEAST_CAPITAL : ratio);
}

function fill(out: Float32Array, first: number, width: number, value: number): void {
  for (let at = first; at < out.length; at += width) out[at] = value;
}

/** x / usual - 1, or x itself where usual is 0. */
function fillRatio(
  out: Float32Array,
  first: number,
  width: number,
  values: ArrayLike<number>,
  usual: number,
): void {
  const scale = usual === 0 ? 1 : 1 / usual;
  const shift = usual === 0 ? 0 : 1;
  for (let i = 0, at = first; at < out.length; i++, at += width) out[at] = values[i] * scale - shift;
}

/** Less 1, its place in its range, or as it is. */
function fillProductivity(
  out: Float32Array,
  first: number,
  width: number,
  { productivities, normalise }: MarlBcModel,
  factor: 'capital' | 'labour',
): void {
  const values = normalise === 'log' ? productivities.places[factor] : productivities[factor];
  fillRatio(out, first, width, values, normalise === 'ratio' ? 1 : 0);
}

function fillCapital(
  out: Float32Array,
  first: number,
  width: number,
  capital: Float64Array,
  usual: number,
  normalise: MarlBcModel['normalise'],
): void {
  if (normalise !== 'log') {
    fillRatio(out, first, width, capital, normalise === 'none' ? 0 : usual);
    return;
  }
  for (let i = 0, at = first; at < out.length; i++, at += width) {
    const ratio = capital[i] / usual;
    out[at] = LOG_SCALE * Math.log(ratio < LEAST_CAPITAL ? LEAST_CAPITAL : ratio);
  }
}
