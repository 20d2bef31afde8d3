/** A run's folder, begun or gone on with, and kept to this process. */
import { existsSync, mkdirSync } from 'node:fs';
import type { Checkpoint } from './checkpoint.ts';
import { configText, type RunConfig } from './config.ts';
import { writeFileAtomic } from './files.ts';
import { acquireLock } from './lock.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import type { RunPlan } from './recorder.ts';
import { checkResumable, clearRun, lastCheckpoint, resumePipeline } from './resume.ts';
import { checkRunFolder, makeRunFolder, type Place, type RunFolder, runPaths } from './run-folder.ts';

export interface OpenRunOptions {
  /** A new folder, or one in which a run may have been begun. */
  readonly place: Place | { readonly resume: string };
  /** The plan, given where the run stopped, which decides about its arithmetic. */
  planOf(resumed: Checkpoint | undefined): Promise<RunPlan>;
  /** What began the run, for `config.json`, which is written before anything else. */
  readonly origin: Omit<RunConfig, 'plan'>;
}

export interface OpenRun {
  readonly plan: RunPlan;
  readonly pipeline: Pipeline;
  readonly folder: RunFolder;
  /** Where the run goes on; undefined for one that starts. */
  readonly resumed: Checkpoint | undefined;
  /** Lets other processes have the folder. */
  release(): void;
}

/**
 * Opens a run. A folder to resume in which no checkpoint was taken is emptied: the run starts anew. Throws a UsageError if the folder
 * cannot be made or another run is alive in it, a RestoreError if the checkpoint is not sound or of another plan, and what plan and
 * pipeline throw; a new folder is made only when all of them can be had.
 */
export async function openRun({ place, planOf, origin }: OpenRunOptions): Promise<OpenRun> {
  if (!('resume' in place)) {
    checkRunFolder(place);
    const plan = await planOf(undefined);
    const pipeline = startPipeline(plan);
    const config = configText({ ...origin, plan });
    const folder = makeRunFolder(place);
    const { release } = acquireLock(folder.folder);
    try {
      writeFileAtomic(folder.config, config);
    } catch (error) {
      release();
      throw error;
    }
    return { plan, pipeline, folder, resumed: undefined, release };
  }
  const { resume } = place;
  checkResumable(runPaths(resume));
  if (!existsSync(resume)) checkRunFolder({ out: resume, parent: resume });
  mkdirSync(resume, { recursive: true });
  const folder = runPaths(resume);
  const { release } = acquireLock(resume);
  try {
    const resumed = lastCheckpoint(folder);
    const plan = await planOf(resumed);
    if (resumed !== undefined) {
      const pipeline = resumePipeline(plan, resumed, folder.lastCheckpoint);
      return { plan, pipeline, folder, resumed, release };
    }
    const pipeline = startPipeline(plan);
    writeFileAtomic(folder.config, configText({ ...origin, plan }));
    clearRun(folder);
    mkdirSync(folder.checkpoints);
    return { plan, pipeline, folder, resumed, release };
  } catch (error) {
    release();
    throw error;
  }
}
