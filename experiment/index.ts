/** One experiment: options and commands, run folders, checkpoints, several seeds. */
export { type OptionRecord, parseArguments, toArguments } from './arguments.ts';
export { type BackendOptions, chooseBackend, requestedTensorBackend } from './backend.ts';
export { type Checkpoint, readCheckpoint, requireMatch, writeCheckpoint } from './checkpoint.ts';
export {
  type CommandDefinition,
  execute,
  type Outcome,
  type Output,
  runCommand,
  type Streams,
  type Terminal,
} from './command.ts';
export { type EvalCommandOptions, evalCommand } from './eval-command.ts';
export { type Learned, type LearnOptions, learn } from './learn.ts';
export { type ChosenEnvironment, chooseEnvironment, loadModule } from './module.ts';
export {
  computeOptions,
  economyOptions,
  evalOptions,
  outputOptions,
  parseSeeds,
  trainOptions,
} from './options.ts';
export {
  backendNames,
  buildPipeline,
  environmentSeed,
  type Pipeline,
  type PipelineOptions,
  startPipeline,
} from './pipeline.ts';
export { makeRunFolder, type RunFolder, runName, runPaths } from './run-folder.ts';
export { type RunSummary, runReport, runSummary } from './summary.ts';
export { formatCount, formatNumber, formatSeconds, formatTable, type TableOptions } from './table.ts';
export { type TrainCommandOptions, trainCommand } from './train-command.ts';
export { type TrainRunOptions, type TrainRunResult, trainRun } from './train-run.ts';
