import { describe, expect, it } from 'vitest';
import { DISTINCT, darkStyle, ordered, shade } from './colours.ts';

/** Relative luminance of WCAG 2.2: of white 1, of black 0. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe('colours', () => {
  it('of levels grow lighter with the level, so that their order is seen in grey, and never too light for paper', () => {
    for (const n of [2, 3, 5, 12, 20]) {
      const levels = ordered(n).map(luminance);
      for (let i = 1; i < n; i++) expect(levels[i]).toBeGreaterThan(levels[i - 1]);
    }
    // Half of what WCAG asks for text: a thick line is seen at less.
    for (const colour of ordered(20)) expect(contrast(colour, '#ffffff')).toBeGreaterThan(1.75);
  });

  it('of things are different, stand out on paper and on a dark page', () => {
    expect(new Set(DISTINCT).size).toBe(DISTINCT.length);
    for (const colour of DISTINCT) {
      expect(contrast(colour, '#ffffff')).toBeGreaterThan(2);
      expect(contrast(colour, '#16181c')).toBeGreaterThan(3);
    }
  });

  it('of the truth are darker than those of the learner, and lighter on a dark page', () => {
    const rules = darkStyle('.figure').split('\n');
    for (const colour of [...DISTINCT, ...ordered(5)]) {
      expect(contrast(shade(colour), colour)).toBeGreaterThan(1.15);
      const rule = rules.find((line) => line.startsWith(`.figure [stroke="${shade(colour)}"]`));
      expect(contrast(rule?.match(/stroke: (#\w{6})/)?.[1] ?? '#000000', '#16181c')).toBeGreaterThan(4.5);
    }
    for (const colour of ordered(13)) {
      const rule = rules.find((line) => line.startsWith(`.figure [fill="${colour}"]`));
      expect(contrast(rule?.match(/fill: (#\w{6})/)?.[1] ?? '#000000', '#16181c')).toBeGreaterThan(3);
    }
  });
});
