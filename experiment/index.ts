/** One experiment: options and commands, run folders, checkpoints, several seeds. */
export { type OptionRecord, parseArguments, toArguments } from './cli/arguments.ts';
export {
  type CommandDefinition,
  execute,
  type Outcome,
  type Output,
  runCommand,
  type Streams,
  type Terminal,
} from './cli/command.ts';
export { type ChosenEnvironment, chooseEnvironment, loadModule } from './cli/module.ts';
export {
  computeOptions,
  economyOptions,
  evalOptions,
  outputOptions,
  parseSeeds,
  trainOptions,
} from './cli/options.ts';
export { formatCount, formatNumber, formatSeconds, formatTable, type TableOptions } from './cli/table.ts';
export { type CompareCommandOptions, compareCommand } from './commands/compare-command.ts';
export { type EvalCommandOptions, evalCommand } from './commands/eval-command.ts';
export { type SimulateCommandOptions, simulateCommand } from './commands/simulate-command.ts';
export { type RunSummary, runReport, runSummary } from './commands/summary.ts';
export { type TrainCommandOptions, trainCommand } from './commands/train-command.ts';
export { type BackendOptions, chooseBackend, requestedTensorBackend } from './run/backend.ts';
export { type Checkpoint, readCheckpoint, requireMatch, writeCheckpoint } from './run/checkpoint.ts';
export { type Learned, type LearnOptions, learn } from './run/learn.ts';
export {
  backendNames,
  buildPipeline,
  environmentSeed,
  type Pipeline,
  type PipelineOptions,
  startPipeline,
} from './run/pipeline.ts';
export { makeRunFolder, type RunFolder, runName, runPaths } from './run/run-folder.ts';
export { type TrainRunOptions, type TrainRunResult, trainRun } from './run/train-run.ts';
