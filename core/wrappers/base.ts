/**
 * Wrappers of batched environments: each is a batched environment itself, with other observations, actions or bookkeeping.
 * They compose: `new EpisodeStatistics(new RescaleActions(new Simulation(economy)))`.
 */
import type {
  AgentSpaces,
  AutoresetMode,
  BatchedEnv,
  BatchResetOptions,
  SavedEnv,
  SimulationOptions,
} from '../batched.ts';
import type { Blocks, EconomyState } from '../economy.ts';
import type { Economy } from '../registry.ts';

/** Passes everything on; wrappers change what they are about. */
export abstract class BatchedWrapper implements BatchedEnv {
  protected readonly inner: BatchedEnv;

  constructor(inner: BatchedEnv) {
    this.inner = inner;
  }

  get economy(): Economy {
    return this.inner.economy;
  }
  get copies(): number {
    return this.inner.copies;
  }
  get autoreset(): AutoresetMode {
    return this.inner.autoreset;
  }
  get types(): Readonly<Record<string, AgentSpaces>> {
    return this.inner.types;
  }
  get observations(): Blocks<string, Float32Array> {
    return this.inner.observations;
  }
  get finalObservations(): Blocks<string, Float32Array> {
    return this.inner.finalObservations;
  }
  get actions(): Blocks<string, Float64Array> {
    return this.inner.actions;
  }
  get rewards(): Blocks<string, Float64Array> {
    return this.inner.rewards;
  }
  get terminated(): Uint8Array {
    return this.inner.terminated;
  }
  get truncated(): Uint8Array {
    return this.inner.truncated;
  }
  get wasReset(): Uint8Array {
    return this.inner.wasReset;
  }
  get states(): readonly EconomyState[] {
    return this.inner.states;
  }
  reset(options?: BatchResetOptions): void {
    this.inner.reset(options);
  }
  step(): void {
    this.inner.step();
  }
  quantities(): Blocks<string, Float64Array> {
    return this.inner.quantities();
  }
  info(copy: number): Record<string, number> {
    return this.inner.info(copy);
  }
  save(): SavedEnv {
    return { inner: this.inner.save() };
  }
  load(saved: SavedEnv): void {
    this.inner.load(saved.inner as SavedEnv);
  }
  /** A wrapper that changes observations, actions or rewards wraps the inner one's; one that only keeps books passes it on. */
  abstract fresh(options?: SimulationOptions): BatchedEnv;
  close(): void {
    this.inner.close();
  }
}

/** Other spaces for every agent type. */
export function mapSpaces(
  types: Readonly<Record<string, AgentSpaces>>,
  change: (spaces: AgentSpaces) => AgentSpaces,
): Readonly<Record<string, AgentSpaces>> {
  return Object.fromEntries(Object.entries(types).map(([type, spaces]) => [type, change(spaces)]));
}
