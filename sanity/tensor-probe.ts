/** What the commands on tensor dynamics share: batches, the table, and its title. */
import { TENSOR_TOLERANCE, type TensorCase } from '../core/checks/economy-tensor-probe.ts';

export {
  flatRewards,
  GapRecord,
  type Probe,
  probe,
  TENSOR_TOLERANCE,
  type TensorCase,
  type TensorSubject,
  tensorSubject,
} from '../core/checks/economy-tensor-probe.ts';

/** Rows in a batch: one, and many. */
export const BATCHES: readonly number[] = [1, 4096];

/** Columns of a table of tensor cases. */
export const TENSOR_COLUMNS: Readonly<Record<string, (one: TensorCase) => string>> = {
  economy: ({ env }) => env,
  quantity: ({ quantity }) => quantity,
  batch: ({ batch }) => String(batch),
  n: ({ n }) => String(n),
  scale: ({ scale }) => scale.toPrecision(3),
  'max abs': ({ maxAbs }) => maxAbs.toExponential(1),
  'max rel': ({ maxRel }) => maxRel.toExponential(1),
};

export function tensorTitle(what: string, backend: string): string {
  const allowed = `${TENSOR_TOLERANCE.toExponential()} relative to max(|value|, scale)`;
  return `${what} on tensors (tfjs on ${backend}) against a float64 loop over successors\nAllowed: ${allowed}`;
}
