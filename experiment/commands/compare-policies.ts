/** The policies of compared runs, read from their checkpoints and drawn side by side. */
import { existsSync } from 'node:fs';
import type { AnyMethod, Chart, Economy, Oracle, Registry } from '../../core/index.ts';
import { backendFor } from '../run/backend.ts';
import { reload } from '../run/reload.ts';
import { runPaths } from '../run/run-folder.ts';
import type { Actors } from '../study/actors.ts';
import { policiesCharts } from '../study/policies.ts';
import type { ComparedRun, RunGroup } from './compare-runs.ts';

export interface ComparePoliciesOptions {
  /** Methods whose checkpoints can be read, by name. */
  readonly methods: Readonly<Record<string, AnyMethod>>;
  readonly environments: Registry;
  readonly module: string | undefined;
  /** Runs of one economy. */
  readonly groups: readonly RunGroup[];
  /** Is told of what cannot be drawn. */
  readonly note: (text: string) => void;
}

/**
 * Charts of what the runs choose and of their errors, a group shown by its run of the median policy gap (of an even number, the better of
 * the two). Groups without a checkpoint that can be read are named and left out. Invariant: no file is changed.
 */
export async function comparePolicies(options: ComparePoliciesOptions): Promise<readonly Chart[]> {
  const contestants: { name: string; actors: Actors }[] = [];
  let known: { readonly economy: Economy; readonly oracle: Oracle | undefined } | undefined;
  for (const { label, runs } of options.groups) {
    const { folder, config } = middleOf(runs);
    const file = runPaths(folder).lastCheckpoint;
    if (!existsSync(file) || !Object.hasOwn(options.methods, config.method)) {
      options.note(`${folder} has no checkpoint that can be read here: its policy is not drawn`);
      continue;
    }
    const { economy, pipeline } = await reload({
      ...options,
      file,
      backend: (method) => backendFor(method),
    });
    known ??= { economy, oracle: economy.oracle() };
    contestants.push({ name: label, actors: pipeline });
  }
  return known === undefined ? [] : policiesCharts({ ...known, contestants });
}

/** The run in the middle by policy gap; unfinished ones come last. */
function middleOf(runs: readonly ComparedRun[]): ComparedRun {
  const finished = runs.filter(({ result }) => result !== undefined);
  if (finished.length === 0) return runs[0];
  const sorted = [...finished].sort((a, b) => gapOf(a) - gapOf(b));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function gapOf({ result }: ComparedRun): number {
  const distance = result?.oracle;
  const gap =
    typeof distance === 'object' && distance !== null && 'policyGap' in distance ? distance.policyGap : 0;
  return typeof gap === 'number' ? gap : 0;
}
