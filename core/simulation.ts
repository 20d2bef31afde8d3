import { createRng, type Rng } from '../numerics/random.ts';
import type { AutoresetMode, BatchedEnv, BatchResetOptions, SavedEnv, SimulationOptions } from './batched.ts';
import { parseSettings } from './calibration.ts';
import type { AgentType, Blocks, EconomyState, StepContext } from './economy.ts';
import { NonFiniteError, OrderError, show, UsageError } from './errors.ts';
import { toQuantities } from './quantities.ts';
import type { Economy } from './registry.ts';
import { checkGivenState, checkSaved } from './simulation-checks.ts';
import type { Box } from './spaces.ts';
import { copyState } from './state.ts';

/** One copy: its state, its generator and its clock. */
interface Copy {
  state: EconomyState;
  rng: Rng;
  period: number;
  ended: boolean;
  readonly context: {
    -readonly [K in keyof StepContext<unknown, EconomyState, string>]: StepContext<
      unknown,
      EconomyState,
      string
    >[K];
  };
  readonly observations: Blocks<string, Float32Array>;
  readonly finalObservations: Blocks<string, Float32Array>;
}

/** B copies of an economy, without wrappers. Throws a UsageError for options that cannot be. */
export class Simulation implements BatchedEnv {
  readonly economy: Economy;
  readonly copies: number;
  readonly autoreset: AutoresetMode;
  readonly horizon: number;
  readonly types: Readonly<Record<string, AgentType>>;
  readonly observations: Record<string, Float32Array> = {};
  readonly finalObservations: Record<string, Float32Array> = {};
  readonly actions: Record<string, Float64Array> = {};
  readonly rewards: Record<string, Float64Array> = {};
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly wasReset: Uint8Array;
  readonly #clocks: 'together' | 'staggered';
  readonly #quantities: Record<string, Float64Array> = {};
  readonly #typeNames: readonly string[];
  readonly #copies: Copy[] = [];
  #started = false;
  #closed = false;

  constructor(economy: Economy, options: SimulationOptions = {}) {
    const { copies = 1, autoreset = 'same-step', horizon = economy.horizon, clocks = 'together' } = options;
    for (const [name, value] of Object.entries({ copies, horizon })) {
      if (!Number.isInteger(value) || value < 1)
        throw new UsageError(`${economy.id}: ${name} is ${show(value)}; it must be a positive integer.`);
    }
    this.economy = economy;
    this.copies = copies;
    this.autoreset = autoreset;
    this.horizon = horizon;
    this.types = economy.types;
    this.#clocks = clocks;
    this.#typeNames = Object.keys(economy.types);
    this.terminated = new Uint8Array(copies);
    this.truncated = new Uint8Array(copies);
    this.wasReset = new Uint8Array(copies);
    for (const type of this.#typeNames) {
      const { count, observationSpace, actionSpace } = economy.types[type];
      this.observations[type] = new Float32Array(copies * count * observationSpace.size);
      this.finalObservations[type] = new Float32Array(copies * count * observationSpace.size);
      this.actions[type] = new Float64Array(copies * count * actionSpace.size);
      this.#quantities[type] = new Float64Array(copies * count * actionSpace.size);
      this.rewards[type] = new Float64Array(copies * count);
    }
    for (let b = 0; b < copies; b++) this.#copies.push(this.#newCopy(b));
  }

  get states(): readonly EconomyState[] {
    return this.#copies.map((copy) => copy.state);
  }

  reset({ seed, options = {}, states }: BatchResetOptions = {}): void {
    this.#checkOpen();
    if (states !== undefined && states.length !== this.copies) {
      throw new UsageError(
        `${this.economy.id}: reset got ${states.length} states for ${this.copies} copies.`,
      );
    }
    if (seed !== undefined && !Number.isSafeInteger(seed)) {
      throw new UsageError(
        `${this.economy.id}: the seed of reset is ${show(seed)}; it must be a whole number.`,
      );
    }
    if (states !== undefined) {
      const form = this.#form();
      states.forEach((state, b) => {
        checkGivenState(state, { economy: this.economy, copy: b, form });
      });
    }
    const checked = this.#checkResetOptions(options);
    // Before the first look at them: a reward that is not finite must not outlive the step that it stopped.
    for (const type of this.#typeNames) this.rewards[type].fill(0);
    this.#copies.forEach((copy, b) => {
      if (seed !== undefined) copy.rng = createRng(seed + b);
      copy.context.rng = copy.rng;
      this.#begin(copy, states?.[b], checked);
      if (this.#clocks === 'staggered') copy.period = Math.floor((b * this.horizon) / this.copies);
    });
    this.#started = true;
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.wasReset.fill(0);
    for (const type of this.#typeNames) this.finalObservations[type].set(this.observations[type]);
  }

  step(): void {
    this.#checkOpen();
    if (!this.#started)
      throw new OrderError(`${this.economy.id}: step before the first reset; call reset({ seed }) first.`);
    if (this.autoreset === 'disabled') this.#checkAlive();
    this.quantities();
    for (let b = 0; b < this.copies; b++) this.#stepCopy(this.#copies[b], b);
  }

  quantities(): Blocks<string, Float64Array> {
    for (const type of this.#typeNames) {
      const { actionSpace, count } = this.types[type];
      const bad = toQuantities(this.actions[type], this.#quantities[type], actionSpace.size, actionSpace);
      if (bad >= 0) this.#rejectAction(type, bad, actionSpace, count);
    }
    return this.#quantities;
  }

  info(copy: number): Record<string, number> {
    return this.economy.definition.info?.(this.#copies[copy].context) ?? {};
  }

  save(): SavedEnv {
    return {
      id: this.economy.id,
      version: this.economy.version,
      started: this.#started,
      copies: this.#copies.map(({ state, rng, period, ended }) => ({
        state: copyState(state),
        rng: rng.save(),
        period,
        ended,
      })),
      observations: mapValues(this.observations, (x) => x.slice()),
    };
  }

  /** Everything is checked before anything is changed. */
  load(saved: SavedEnv): void {
    const { started, copies, observations } = checkSaved(saved, {
      economy: this.economy,
      copies: this.copies,
      form: this.#form(),
      blocks: this.observations,
    });
    copies.forEach((from, b) => {
      const copy = this.#copies[b];
      copy.rng.restore(from.rng);
      copy.context.rng = copy.rng;
      copy.state = copyState(from.state);
      copy.context.state = copy.state;
      copy.period = from.period;
      copy.ended = from.ended;
    });
    this.#started = started;
    for (const type of this.#typeNames) {
      this.observations[type].set(observations[type]);
      this.finalObservations[type].set(observations[type]);
    }
  }

  fresh(options: SimulationOptions = {}): Simulation {
    return new Simulation(this.economy, options);
  }

  close(): void {
    this.#closed = true;
  }

  #newCopy(b: number): Copy {
    const view = <A extends Float32Array | Float64Array>(blocks: Record<string, A>): Record<string, A> =>
      mapValues(
        blocks,
        (block) =>
          block.subarray((b * block.length) / this.copies, ((b + 1) * block.length) / this.copies) as A,
      );
    const rng = createRng(b);
    return {
      state: {},
      rng,
      period: 0,
      ended: false,
      context: {
        model: this.economy.model,
        state: {},
        rng,
        actions: view(this.#quantities),
        rewards: view(this.rewards),
      },
      observations: view(this.observations),
      finalObservations: view(this.finalObservations),
    };
  }

  /** A state of the right form, drawn from a generator of its own. */
  #form(): EconomyState {
    return this.economy.definition.init({ model: this.economy.model, rng: createRng(0), options: {} });
  }

  #begin(copy: Copy, state: EconomyState | undefined, options: Readonly<Record<string, unknown>>): void {
    const { definition, model } = this.economy;
    copy.state = state === undefined ? definition.init({ model, rng: copy.rng, options }) : copyState(state);
    copy.context.state = copy.state;
    copy.period = 0;
    copy.ended = false;
    definition.observe(copy.context, copy.observations);
    this.#guard(copy, copy.observations);
  }

  #stepCopy(copy: Copy, b: number): void {
    this.wasReset[b] = 0;
    if (copy.ended) {
      this.#begin(copy, undefined, {});
      this.wasReset[b] = 1;
      this.terminated[b] = 0;
      this.truncated[b] = 0;
      for (const type of this.#typeNames) {
        copy.context.rewards[type].fill(0);
        copy.finalObservations[type].set(copy.observations[type]);
      }
      return;
    }
    const { definition } = this.economy;
    definition.step(copy.context);
    copy.period += 1;
    definition.observe(copy.context, copy.finalObservations);
    this.#guard(copy, copy.finalObservations);
    const terminated = definition.terminated?.(copy.context) ?? false;
    const ended = terminated || copy.period >= this.horizon;
    this.terminated[b] = terminated ? 1 : 0;
    this.truncated[b] = ended && !terminated ? 1 : 0;
    if (ended && this.autoreset === 'same-step') {
      this.#begin(copy, undefined, {});
      return;
    }
    copy.ended = ended;
    for (const type of this.#typeNames) copy.observations[type].set(copy.finalObservations[type]);
  }

  /** Stops at NaN or infinity in rewards or observations. */
  #guard(copy: Copy, observations: Blocks<string, Float32Array>): void {
    for (const type of this.#typeNames) {
      const reward = firstNonFinite(copy.context.rewards[type]);
      if (reward >= 0)
        this.#rejectValue(copy, `reward of ${type}_${reward}`, copy.context.rewards[type][reward]);
      const { observationSpace } = this.types[type];
      const at = firstNonFinite(observations[type]);
      if (at < 0) continue;
      const name = observationSpace.names[at % observationSpace.size];
      this.#rejectValue(
        copy,
        `observation "${name}" of ${type}_${Math.floor(at / observationSpace.size)}`,
        observations[type][at],
      );
    }
  }

  #rejectValue(copy: Copy, what: string, value: number): never {
    const state = Object.entries(copy.state).map(
      ([name, v]) => `${name} ${typeof v === 'number' ? show(v) : '[...]'}`,
    );
    throw new NonFiniteError(
      `${this.economy.id}: ${what} is ${value} at step ${copy.period}; the state is ${state.join(', ')}. ` +
        'Check the calibration and the action that led there.',
    );
  }

  #rejectAction(type: string, index: number, space: Box, count: number): never {
    const size = space.size;
    const agent = Math.floor(index / size) % count;
    const copy = this.#copies[Math.floor(index / size / count)];
    const i = index % size;
    throw new UsageError(
      `${this.economy.id}: action "${space.names[i]}" of ${type}_${agent} is ${this.actions[type][index]} at step ${copy.period}; ` +
        `actions are finite numbers in [${space.low[i]}, ${space.high[i]}]. Did the actor diverge? Try sanity/gradients.ts.`,
    );
  }

  #checkResetOptions(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { resetOptions } = this.economy.definition;
    const where = `${this.economy.id}: reset options`;
    if (resetOptions !== undefined) return parseSettings({ schema: resetOptions, settings: options, where });
    const names = Object.keys(options);
    if (names.length > 0) throw new UsageError(`${where}: this economy has none, got ${names.join(', ')}.`);
    return options;
  }

  #checkOpen(): void {
    if (this.#closed) throw new OrderError(`${this.economy.id}: the environment is closed; make a new one.`);
  }

  #checkAlive(): void {
    const b = this.#copies.findIndex((copy) => copy.ended);
    if (b >= 0) {
      throw new OrderError(
        `${this.economy.id}: step after the end of the episode (period ${this.#copies[b].period}); call reset first.`,
      );
    }
  }
}

function firstNonFinite(values: Float32Array | Float64Array): number {
  // x 0 is 0 but for NaN and infinity: a sum without branches tells whether there are any.
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i] * 0;
  if (zero === 0) return -1;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
