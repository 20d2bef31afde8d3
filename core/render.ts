import type { BatchedEnv } from './batched.ts';
import { show } from './errors.ts';

export type RenderMode = 'text' | 'svg';

const NAMES_END = 180;
const WIDTH = 320;
const LINE = 22;

/** The current state and its derived quantities: one line a number, as text or as a small SVG table. */
export function render(env: BatchedEnv, mode: RenderMode): string {
  const state = env.states[0];
  const scalars = Object.entries(state).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  const rows = [...scalars, ...Object.entries(env.info(0)).filter(([name]) => !Object.hasOwn(state, name))];
  if (mode === 'text')
    return [env.economy.id, ...rows.map(([name, value]) => `  ${name.padEnd(24)} ${show(value)}`)].join('\n');
  const height = LINE * (rows.length + 1) + 10;
  const lines = rows.map(
    ([name, value], i) =>
      `<text x="10" y="${LINE * (i + 2)}">${escapeXml(name)}</text>` +
      `<text x="${NAMES_END}" y="${LINE * (i + 2)}">${escapeXml(show(value))}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">` +
    `<text x="10" y="${LINE}" font-weight="bold">${escapeXml(env.economy.id)}</text>${lines.join('')}</svg>`
  );
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
