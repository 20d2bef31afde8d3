/** The fonts that every picture is set in, and how wide a text is in them: so that nothing depends on the fonts of a machine. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface TextStyle {
  /** Font size in px. */
  readonly size: number;
  /** Default normal. */
  readonly weight?: 'normal' | 'bold';
}

/** Width of one line of text in px. */
export type Measure = (text: string, style: TextStyle) => number;

/** DejaVu Sans, or where a browser has it not, a font that is no wider. */
export const FONT_FAMILY = 'DejaVu Sans, Verdana, Geneva, sans-serif';

/** The files of DejaVu Sans, normal and bold, in the package `dejavu-fonts-ttf`. Throws if it is not installed. */
export function fontFiles(): { readonly normal: string; readonly bold: string } {
  const folder = path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  return {
    normal: path.join(folder, 'ttf', 'DejaVuSans.ttf'),
    bold: path.join(folder, 'ttf', 'DejaVuSans-Bold.ttf'),
  };
}

/** Reads the advance widths of both fonts. A text's width is the sum over its characters: kerning and ligatures are left out. */
export function loadMeasure(): Measure {
  const files = fontFiles();
  const fonts = { normal: advances(readFileSync(files.normal)), bold: advances(readFileSync(files.bold)) };
  return (text, { size, weight = 'normal' }) => {
    const { widths, missing } = fonts[weight];
    let sum = 0;
    for (const character of text) sum += widths.get(character.codePointAt(0) ?? 0) ?? missing;
    return sum * size;
  };
}

interface Advances {
  /** In ems by code point. */
  readonly widths: ReadonlyMap<number, number>;
  /** Of the box that stands for a character the font does not have. */
  readonly missing: number;
}

/** Format 12 of a character map: groups of (first code point, last, first glyph). */
const SEGMENTED_COVERAGE = 12;

/** Advance widths from the tables head, hhea, hmtx and cmap of a TrueType file (OpenType 1.9, chapters of those names). */
function advances(file: Buffer): Advances {
  const table = (tag: string) => {
    for (let i = 0, at = 12; i < file.readUInt16BE(4); i++, at += 16) {
      if (file.toString('latin1', at, at + 4) === tag) return file.readUInt32BE(at + 8);
    }
    throw new Error(`font: no table ${tag}; is dejavu-fonts-ttf installed whole?`);
  };
  const unitsPerEm = file.readUInt16BE(table('head') + 18);
  const metrics = file.readUInt16BE(table('hhea') + 34);
  const hmtx = table('hmtx');
  const advance = (glyph: number) => file.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
  const map = coverage(file, table('cmap'));
  const widths = new Map<number, number>();
  for (let i = 0, at = map + 16; i < file.readUInt32BE(map + 12); i++, at += 12) {
    const [first, last, glyph] = [0, 4, 8].map((offset) => file.readUInt32BE(at + offset));
    for (let code = first; code <= last; code++) widths.set(code, advance(glyph + code - first));
  }
  return { widths, missing: advance(0) };
}

function coverage(file: Buffer, cmap: number): number {
  for (let i = 0, at = cmap + 4; i < file.readUInt16BE(cmap + 2); i++, at += 8) {
    const map = cmap + file.readUInt32BE(at + 4);
    if (file.readUInt16BE(map) === SEGMENTED_COVERAGE) return map;
  }
  throw new Error('font: no character map of format 12; is dejavu-fonts-ttf 2.37 installed?');
}

/** Lines no wider than `width` px: broken between words, and within a word that is too long alone. At least one line. */
export function wrapText(text: string, width: number, style: TextStyle, measure: Measure): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer, style) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (line !== '' && measure(line + character, style) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}
