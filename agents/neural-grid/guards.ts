import { NonFiniteError } from '../../core/errors.ts';
import { firstBeyond } from '../../nn/finite.ts';
import type { Outlook } from './outlook.ts';
import type { Setting } from './setting.ts';

/** Throws a NonFiniteError where the model gives no number, which names the state and what was done in it. */
export function checkOutlook(
  { domain, actionSpace }: Setting,
  found: { readonly raw: Float64Array; readonly quantities: Float32Array; readonly outlook: Outlook },
): void {
  const { raw, quantities, outlook } = found;
  const rows = outlook.rewards.length;
  const width = domain.axes.length;
  for (const [name, values] of Object.entries(outlook)) {
    const at = firstBeyond(values, Number.MAX_VALUE);
    if (at < 0) continue;
    const row = Math.floor((at * rows) / values.length);
    const what = name === 'next' ? `next ${domain.axes[at % width].name}` : name;
    const state = domain.axes.map((axis, d) => `${axis.name} ${raw[row * width + d]}`);
    const done = actionSpace.names.map((action, j) => `${action} ${quantities[row * actionSpace.size + j]}`);
    throw new NonFiniteError(
      `neural-grid: the model's ${what} is ${values[at]} at ${state.join(', ')} under ${done.join(', ')}. ` +
        "Does the economy's `domain` reach states that cannot be? Narrow the `wide` range of its axes.",
    );
  }
}

/** Throws a NonFiniteError for an action that is no number. */
export function checkActions({ actionSpace }: Setting, shares: Float32Array, states: Float64Array): void {
  const at = firstBeyond(shares, Number.MAX_VALUE);
  if (at < 0) return;
  const { size, names } = actionSpace;
  const width = (states.length * size) / shares.length;
  const row = Math.floor(at / size);
  throw new NonFiniteError(
    `neural-grid: action "${names[at % size]}" of row ${row} is ${shares[at]} where the state is ` +
      `${states.subarray(row * width, (row + 1) * width).join(', ')}. Is the state one that the economy can be in?`,
  );
}
