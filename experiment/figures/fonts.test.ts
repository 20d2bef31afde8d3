import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { fontFiles, loadMeasure, wrapText } from './fonts.ts';

const measure = loadMeasure();
const style = { size: 12 };

/** Width of the ink of a text that begins and ends with a bar, which has nearly no bearings of its own. */
function inkWidth(text: string, weight: 'normal' | 'bold'): number {
  const { normal, bold } = fontFiles();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="200"><text x="50" y="100" font-family="DejaVu Sans" font-weight="${weight}" font-size="100">${text}</text></svg>`;
  return (
    new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [normal, bold] } }).getBBox()?.width ?? 0
  );
}

describe('the width of a text', () => {
  it.each(['normal', 'bold'] as const)('is that in which resvg sets it, in %s letters', (weight) => {
    for (const text of ['Mmmmmm', 'illness', 'units of the good', 'ελπίς × 10⁻³']) {
      const ink = inkWidth(text, weight);
      // Bearings and kerning: less than a quarter of an em for a whole text.
      expect(Math.abs(measure(text, { size: 100, weight }) - ink)).toBeLessThan(25);
    }
  });

  it('is proportional to its size, and larger in bold', () => {
    expect(measure('capital', { size: 24 })).toBeCloseTo(2 * measure('capital', style), 10);
    expect(measure('capital', { size: 12, weight: 'bold' })).toBeGreaterThan(measure('capital', style));
    expect(measure('', style)).toBe(0);
  });
});

describe('wrapped text', () => {
  it('keeps all words and no line is wider than it may be', () => {
    const text = 'the share of resources that a household eats in a period';
    const lines = wrapText(text, 120, style, measure);
    expect(lines.join(' ')).toBe(text);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(measure(line, style)).toBeLessThanOrEqual(120);
  });

  it('breaks a word that is too long alone, and is one empty line for no text', () => {
    const word = 'householdconsumptionshareofresources';
    const lines = wrapText(word, 60, style, measure);
    expect(lines.join('')).toBe(word);
    for (const line of lines) expect(measure(line, style)).toBeLessThanOrEqual(60);
    expect(wrapText(' ', 60, style, measure)).toEqual(['']);
  });
});
