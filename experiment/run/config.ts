/** `config.json`: all that decided a run. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Economy } from '../../core/index.ts';
import { backendNames } from './pipeline.ts';
import type { RunPlan } from './recorder.ts';

export interface RunConfig {
  readonly command: string;
  /** As given, defaults filled in; null for a program's run. */
  readonly options: Readonly<Record<string, unknown>> | null;
  readonly preset: string | null;
  readonly plan: RunPlan;
}

/** The configuration of a run as JSON, with the versions of program, Node and economy, and the git commit if there is one. */
export function configText({ command, options, preset, plan }: RunConfig): string {
  const { economy, set, module, method, settings, seed, steps, backend } = plan;
  const { id, calibration } = economy;
  const content = {
    command,
    options,
    environment: { id, version: economy.version, module, set: set.env, calibration },
    method: method.name,
    preset,
    settings,
    set: set.method,
    seed,
    steps,
    ...backendNames(backend),
    refused: backend.refused,
    versions: versionsOf(economy),
    platform: { system: process.platform, architecture: process.arch },
    commit: gitCommit(),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What a result may depend on: versions of package, Node and economy. */
export function versionsOf({ version }: Economy) {
  return { package: packageVersion(), node: process.version, economy: version };
}

/** Version of this package; null if its package.json cannot be found. */
export function packageVersion(): string | null {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (let parent = path.dirname(folder); parent !== folder; folder = parent, parent = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof version === 'string' ? version : null;
  }
  return null;
}

/** Commit of the working directory's repository; null where there is none, or no git. */
export function gitCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
