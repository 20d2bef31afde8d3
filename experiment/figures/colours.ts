/** Colours that colour-blind people can tell apart, light enough for dark pages and dark enough for white paper. */

/**
 * Okabe and Ito (2008, Color Universal Design), in an order whose first two differ most in grey; without black, which is the truth's,
 * and yellow, which white paper swallows. Grey comes last.
 */
export const DISTINCT: readonly string[] = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#d55e00',
  '#56b4e9',
  '#757575',
];

/** Those of them that a dark page would swallow, as they are drawn there, and the sky blue that must stay apart from the blue. */
const DISTINCT_ON_DARK: Readonly<Record<string, string>> = {
  '#0072b2': '#2a8fd6',
  '#56b4e9': '#8fd0f5',
  '#757575': '#a0a0a0',
};

/** Nine equal steps through matplotlib's viridis (Smith and van der Walt 2015), a perceptually uniform scale. */
const VIRIDIS = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];

/** The part of the scale that is used: without the ends that paper, or a dark page, swallows. */
const ON_PAPER = [0.04, 0.8] as const;
const ON_DARK = [0.38, 1] as const;

/** So many steps of the ordered scale are told apart, that a page can name each in its style sheet. */
const STEPS = 24;

/** n colours from low to high, darker to lighter. */
export function ordered(n: number): readonly string[] {
  return Array.from({ length: n }, (_, i) =>
    viridis(ON_PAPER, n === 1 ? STEPS / 2 : Math.round((i * STEPS) / (n - 1))),
  );
}

function viridis([from, to]: readonly [number, number], step: number): string {
  const at = (from + ((to - from) * step) / STEPS) * (VIRIDIS.length - 1);
  const i = Math.min(Math.floor(at), VIRIDIS.length - 2);
  return mixed(VIRIDIS[i], VIRIDIS[i + 1], at - i);
}

/** The shade of a colour in which the truth about it is drawn over it. */
export function shade(colour: string): string {
  return mixed(colour, '#000000', 0.55);
}

/** The colour so much of the way from the first to the second, in sRGB. */
function mixed(from: string, to: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/**
 * Style rules that lighten the dark colours of inline pictures for a dark page: `darkStyle('.figure')` within
 * `@media (prefers-color-scheme: dark)`. Text and axes are `currentColor` and need no rule.
 */
export function darkStyle(selector: string): string {
  const light = new Map(Object.entries(DISTINCT_ON_DARK));
  for (const colour of DISTINCT) light.set(shade(colour), mixed(colour, '#ffffff', 0.6));
  for (let step = 0; step <= STEPS; step++) {
    const [paper, dark] = [viridis(ON_PAPER, step), viridis(ON_DARK, step)];
    light.set(paper, dark);
    light.set(shade(paper), mixed(dark, '#ffffff', 0.6));
  }
  return [...light]
    .flatMap(([from, to]) =>
      ['stroke', 'fill'].map((paint) => `${selector} [${paint}="${from}"] { ${paint}: ${to}; }`),
    )
    .join('\n');
}
