/** What vega writes, made fit for a page: rounded, without what draws nothing, with a name for screen readers. */
import { escapeXml, withoutControls } from '../../core/render.ts';

export interface Words {
  readonly title: string;
  readonly caption: string;
}

/** Digits after the point that coordinates keep: a hundredth of a px. */
const DECIMALS = 2;

/**
 * The same picture with coordinates rounded (so that the last bits of a computation do not matter), without roles and empty paths,
 * and with the title as its accessible name.
 */
export function tidySvg(svg: string, { title, caption }: Words): string {
  const drawn = withoutControls(svg)
    .replace(/<path class="(?:background|foreground)"[^>]*?\/>/g, '')
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag
        .replace(/ (?:role|aria-[a-z]+|pointer-events)="[^"]*"/g, '')
        .replace(/-?\d+\.\d+(?:e-?\d+)?|-?\d+e-\d+/g, (number) => String(rounded(Number(number)))),
    );
  const name = escapeXml(title);
  return drawn.replace(
    / class="marks"([^>]*)>/,
    (_, size: string) =>
      ` class="figure" role="img" aria-label="${name}"${size}><desc>${escapeXml(caption)}</desc>`,
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS)) + 0;
}
