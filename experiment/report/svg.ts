/** Drawings made by this program, put into a page: checked, their names made unique, their greys following the page. */
import { escapeText, type Html, trusted } from './html.ts';

export interface InlineOptions {
  /** Name of the figure, for errors. */
  readonly name: string;
  /** Begins every id, so that drawings on one page do not share any. */
  readonly prefix: string;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
}

export interface InlineSvg {
  readonly markup: Html;
  /** Width in pixels at which it was drawn. */
  readonly width: number;
  /** Whether its lettering has these words. */
  says(words: string): boolean;
}

/** What vega draws charts with; nothing in it runs, loads or leads anywhere. */
const ELEMENTS: ReadonlySet<string> = new Set([
  ...[
    'svg',
    'g',
    'defs',
    'title',
    'desc',
    'clipPath',
    'mask',
    'pattern',
    'linearGradient',
    'radialGradient',
    'stop',
  ],
  ...[
    'path',
    'rect',
    'circle',
    'ellipse',
    'line',
    'polyline',
    'polygon',
    'text',
    'tspan',
    'use',
    'symbol',
    'marker',
  ],
]);

const LETTERING: ReadonlySet<string | undefined> = new Set(['text', 'tspan']);

const TOKEN = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*"[^"<]*")*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/g;

/**
 * The drawing as part of a page: `role="img"` with a name, a viewBox so that it scales, ids numbered under the prefix, and grey or black
 * that would be lost on a dark page in the page's own ink. Throws an Error that names the figure for anything but plain shapes and
 * text: scripts, foreign objects, event handlers, references to other files, or markup that is not well formed. Invariant: the
 * same drawing gives the same text, whatever ids it was drawn with.
 */
export function inlineSvg(svg: string, { name, prefix, label }: InlineOptions): InlineSvg {
  const refuse = (what: string): never => {
    throw new Error(
      `report: figure "${name}" ${what}; only drawings made by this program are put into a page.`,
    );
  };
  const text = svg.replace(/^\s*<\?xml [^<>]*\?>/, '').trim();
  const ids = new Map<string, string>();
  const idOf = (id: string) => {
    const own = ids.get(id) ?? `${prefix}-${ids.size + 1}`;
    ids.set(id, own);
    return own;
  };
  const open: string[] = [];
  const pieces: string[] = [];
  const lettering: string[] = [];
  let width = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return refuse(`has markup that is not plain SVG: ${text.slice(at, at + 60)}`);
    at = TOKEN.lastIndex;
    const [token, slash, element, attributes, selfClosing] = match;
    if (element === undefined) {
      const words =
        plainText(token) ?? refuse(`has a character or reference that is no text: ${token.slice(0, 60)}`);
      pieces.push(words);
      if (LETTERING.has(open[open.length - 1])) lettering.push(words);
    } else if (slash !== '') {
      if (open.pop() !== element) refuse(`closes <${element}> where it is not open`);
      pieces.push(`</${element}>`);
    } else {
      if (!ELEMENTS.has(element)) refuse(`contains <${element}>`);
      const isRoot = pieces.length === 0;
      if ((element === 'svg') !== isRoot)
        refuse(isRoot ? `begins with <${element}>` : 'has one <svg> in another');
      const kept = [...attributes.matchAll(ATTRIBUTE)].flatMap(([, key, value]) => {
        const checked = plainAttribute(key, value, idOf) ?? refuse(`has the attribute ${key}="${value}"`);
        return checked === '' || (isRoot && OWN.test(key)) ? [] : [` ${key}="${checked}"`];
      });
      if (isRoot) {
        const size = sizeOf(attributes) ?? refuse('says neither its viewBox nor its width and height');
        width = size.width;
        kept.push(rootAttributes(size, label));
      }
      if (selfClosing === '') open.push(element);
      pieces.push(`<${element}${kept.join('')}${selfClosing === '' ? '>' : '/>'}`);
    }
    if (open.length === 0 && at < text.length) refuse('has something after its end, or before its beginning');
  }
  if (open.length > 0 || pieces.length === 0) refuse('ends before its last element is closed');
  const words = lettering.join(' ');
  return { markup: trusted(pieces.join('')), width, says: (some) => words.includes(escapeText(some)) };
}

/** What the page says itself of a drawing as a whole. */
const OWN = /^(viewBox|width|height|class|style|id|role|version|aria-.*)$/;

interface Size {
  readonly viewBox: string;
  readonly width: number;
  readonly height: number;
}

function sizeOf(attributes: string): Size | undefined {
  const given = Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, value]));
  const box = (given.viewBox ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const hasBox = box.length === 4 && box.every(Number.isFinite);
  const width = hasBox ? box[2] : Number.parseFloat(given.width ?? '');
  const height = hasBox ? box[3] : Number.parseFloat(given.height ?? '');
  if (!(width > 0 && height > 0)) return undefined;
  return { viewBox: hasBox ? box.join(' ') : `0 0 ${width} ${height}`, width, height };
}

function rootAttributes({ viewBox, width, height }: Size, label: string): string {
  return ` role="img" aria-label="${escapeText(label)}" viewBox="${viewBox}" width="${width}" height="${height}"`;
}

/** Characters of XML text, and references to them that are written with the five names or as numbers; undefined for others. */
function plainText(text: string): string | undefined {
  const isPlain = !/(?![\t\n\r])\p{Cc}/u.test(text) && !/&(?!(amp|lt|gt|quot|apos|#\d+);)/.test(text);
  return isPlain ? text.replaceAll('&apos;', '&#39;') : undefined;
}

/** The attribute's value as the page has it, empty to leave it out; undefined if it must not be there. */
function plainAttribute(key: string, value: string, idOf: (id: string) => string): string | undefined {
  const text = plainText(value);
  if (text === undefined || /^on/i.test(key)) return undefined;
  if (key.startsWith('xmlns')) return key === 'xmlns' || key === 'xmlns:xlink' ? '' : undefined;
  if (key === 'id') return idOf(value);
  if (key === 'href' || key.endsWith(':href'))
    return value.startsWith('#') ? `#${idOf(value.slice(1))}` : undefined;
  if (key.startsWith('xml:')) return key === 'xml:space' ? text : undefined;
  if (key.startsWith('aria-')) return text;
  // What a style sheet could hide a reference in.
  if (/&#|\\|@/.test(value)) return undefined;
  if (/url\s*\(/i.test(value)) {
    const own = value.replace(
      /url\(\s*(?:&quot;|')?#([\w.-]+)(?:&quot;|')?\s*\)/g,
      (_, id: string) => `url(#${idOf(id)})`,
    );
    return /url\s*\((?!#)/i.test(own) ? undefined : own;
  }
  return key === 'fill' || key === 'stroke' || key === 'stop-color' ? inkOf(text) : text;
}

/** Black and dark grey are the page's ink, whatever its scheme; colours stay. */
function inkOf(colour: string): string {
  const channels = channelsOf(colour);
  if (channels === undefined) return colour;
  const high = Math.max(...channels);
  return high - Math.min(...channels) <= MOST_TINT && high <= LIGHTEST_INK ? 'currentColor' : colour;
}

const MOST_TINT = 24;
const LIGHTEST_INK = 0x60;

function channelsOf(colour: string): readonly number[] | undefined {
  if (colour === 'black') return [0, 0, 0];
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(colour);
  if (short !== null) return short.slice(1).map((digit) => Number.parseInt(digit + digit, 16));
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour);
  if (long !== null) return long.slice(1).map((digits) => Number.parseInt(digits, 16));
  const decimal = /^rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\s*\)$/i.exec(colour);
  return decimal?.slice(1).map(Number);
}
