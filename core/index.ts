/** The contract: what authors of economies and of agents write against. */
export type {
  ActInput,
  Agent,
  AgentReport,
  Agents,
  Memory,
  MemoryPiece,
  Metrics,
  Saved,
  Transition,
} from './agent.ts';
export { constantAgent, oracleAgent, randomAgent } from './baselines.ts';
export type {
  AgentSpaces,
  AutoresetMode,
  BatchedEnv,
  BatchResetOptions,
  SavedEnv,
  SimulationOptions,
} from './batched.ts';
export { type ParameterNote, parameter, parseSettings, settingNames } from './calibration.ts';
export { type EvaluationOptions, evaluation, everySteps } from './callbacks.ts';
export type {
  Accounts,
  AccountsEntry,
  CrossSection,
  Enumerable,
  Market,
  Oracle,
  StatePolicy,
  Successor,
  TensorTwin,
  TensorValue,
  Tf,
} from './capabilities.ts';
export type { Axis, Chart, Column, Panel, Quantity, Series, Table } from './charts.ts';
export { type CheckEconomyOptions, checkEconomy } from './check-economy.ts';
export { type AnyEnv, type CheckEnvOptions, checkEnv, type Endings, type Exchangeable } from './check-env.ts';
export type { EconomyGap, EconomyReport } from './checks/economy-log.ts';
export { ECONOMY_CHECKS, type EconomyCheck } from './checks/economy-names.ts';
export { ENV_CHECKS, type EnvCheckName } from './checks/env-names.ts';
export { type CheckCount, type CheckFailure, type CheckReport, mergeReports } from './checks/report.ts';
export type {
  CapitalEconomy,
  Classical,
  ClassicalCapital,
  ClassicalStationary,
  NodeRange,
  Preferences,
  Sample,
  StationaryEconomy,
} from './classical.ts';
export type { ContinuousAxis, Domain, FiniteAxis, Saving, StateAxis } from './domain.ts';
export {
  type AgentType,
  type AnyEconomyDefinition,
  type Blocks,
  defineEconomy,
  type EconomyDefinition,
  type EconomyState,
  type InitContext,
  type Shock,
  type StateContext,
  type StateValue,
  type StepContext,
} from './economy.ts';
export type {
  Env,
  Info,
  Observation,
  ParallelEnv,
  ParallelStepResult,
  PerAgent,
  ResetOptions,
  StepResult,
} from './env.ts';
export { agentNames, parallelAgents, singleAgent } from './env.ts';
export { NonFiniteError, OrderError, RestoreError, UsageError } from './errors.ts';
export {
  type BatchFactory,
  discountedValues,
  type Evaluation,
  evaluate,
  type MonitorOptions,
  type OracleDistance,
  oracleAgents,
  type PolicyMonitor,
  policyDistance,
  policyMonitor,
  statePolicy,
} from './evaluate.ts';
export { makeBatchedEnv, makeEnv, makeParallelEnv } from './make.ts';
export type { AnyMethod, Backend, CommonSettings, CreateOptions, LearnerOptions, Method } from './method.ts';
export { ACTION_SLACK } from './quantities.ts';
export {
  createRegistry,
  type Economy,
  type InstantiateOptions,
  instantiate,
  type Registry,
} from './registry.ts';
export type { RenderMode } from './render.ts';
export { levelShock } from './shocks.ts';
export { Simulation } from './simulation.ts';
export {
  Box,
  type BoxOptions,
  box,
  Dict,
  Discrete,
  MultiDiscrete,
  type QuantityRange,
  type Scale,
  type Space,
  unitBox,
  type Vector,
} from './spaces.ts';
export { copyState, sameForm } from './state.ts';
export { type Measurement, type StopRule, stopAtGap, stopWithoutImprovement } from './stopping.ts';
export {
  STRUCTURAL_SIZES,
  type Structural,
  type StructuralPath,
  type StructuralPeriod,
  type StructuralRequest,
  type StructuralResponse,
  type StructuralShock,
  type StructuralSolution,
  type StructuralSource,
  type StructuralTable,
} from './structural.ts';
export { type Callback, haveConverged, type Progress, type TrainOptions, train } from './train.ts';
export {
  BatchedWrapper,
  EpisodeStatistics,
  type Episodes,
  loadStatistics,
  NormaliseObservations,
  type NormaliseOptions,
  type ObservationStatistics,
  observationStatistics,
  RescaleActions,
  saveStatistics,
} from './wrappers/index.ts';
