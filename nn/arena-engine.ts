/** The engine that records each phase once and replays it with the kernels over one arena, without allocating. */
import { Arena, type Precision } from '../kernels/arena.ts';
import { jsKernels } from '../kernels/js/index.ts';
import type { KernelSet, Kernels } from '../kernels/kernels.ts';
import { sameShape, shapeText, sizeOf } from '../kernels/shapes.ts';
import { type Compiled, compile, type Storage } from './compile.ts';
import type { AdamSettings, Engine, EngineState, GroupShapes, Phase, Program, Values } from './engine.ts';
import { lookUp, nonFiniteGradient, nonFiniteLoss, nonFiniteStep } from './errors.ts';
import { type NamedTensor, nonFiniteInGroup, SQUARABLE, spotBeyond, tensorsOf } from './finite.ts';
import {
  allocateGroup,
  type GroupMemory,
  groupBuffer,
  inputShapes,
  ownedBuffer,
  readGroup,
  writeGroup,
} from './memory.ts';
import type { Buffer } from './plan.ts';
import { prepare, type Replay, record, replay } from './replay.ts';
import { RowFunctions } from './row-functions.ts';
import { checkAdam, checkFinite, checkGroupValues, checkState } from './state.ts';

export type InitialValues<V extends Values = Float32Array> = Readonly<
  Record<string, Readonly<Record<string, V>>>
>;

class ArenaEngine<V extends Values> implements Engine<V> {
  readonly description: string;
  private readonly program: Program;
  private readonly arena: Arena;
  private readonly kernels: Kernels;
  private readonly groups = new Map<string, GroupMemory>();
  private readonly inputs = new Map<string, Buffer>();
  private readonly phases = new Map<string, Replay>();
  private readonly functions: RowFunctions<V>;
  /** For each target of a soft update, the source last found to be of its shapes. */
  private readonly matched = new Map<GroupMemory, GroupMemory>();
  private readonly views = new Map<Buffer, V>();
  /** One element, where sums go. */
  private readonly total: number;

  constructor(program: Program, set: KernelSet, precision: Precision) {
    this.description = set.name;
    this.program = program;
    this.arena = new Arena({ precision });
    this.kernels = set.over(this.arena);
    for (const [name, shapes] of Object.entries(program.groups)) {
      this.groups.set(name, allocateGroup(this.arena, shapes));
    }
    for (const [name, shape] of inputShapes(program)) this.inputs.set(name, this.owned(sizeOf(shape)));
    this.total = this.arena.allocate(1);
    this.recordPhases();
    this.functions = new RowFunctions<V>(program, this.arena, this.kernels, this.storage());
  }

  private owned(size: number): Buffer {
    return ownedBuffer(this.arena.allocate(size), size);
  }

  /** All phases are replayed in one workspace: nothing in it outlives the next run. */
  private recordPhases(): void {
    const input = (name: string) => lookUp('input', this.inputs, name);
    const storage: Storage = { ...this.storage(), input };
    const compiled = Object.entries(this.program.phases).map(([name, phase]) => {
      for (const group of phase.train ?? []) this.group(group);
      return { name, compiled: inPhase(name, () => this.compilePhase(phase, storage)) };
    });
    const needed = compiled.map((one) => one.compiled.plan.layOut());
    const workspace = this.arena.allocate(Math.max(0, ...needed));
    for (const one of compiled) this.phases.set(one.name, prepare(one.compiled, this.kernels, workspace));
  }

  private compilePhase(phase: Phase, storage: Storage): Compiled {
    const { nodes, result } = record(this.program.groups, phase.inputs, (ops, symbols) =>
      phase.build(ops, symbols),
    );
    return compile({ nodes, outputs: {}, train: phase.train ?? [], ...result }, storage);
  }

  private storage(): Omit<Storage, 'input'> {
    return {
      parameter: (group, name) => {
        const memory = this.group(group);
        return groupBuffer(memory, name, memory.parameters);
      },
      gradient: (group, name) => {
        const memory = this.group(group);
        return groupBuffer(memory, name, memory.gradients);
      },
      constant: (values) => {
        const buffer = this.owned(values.length);
        this.arena.data.set(values, buffer.offset);
        return buffer;
      },
    };
  }

  private group(name: string): GroupMemory {
    return lookUp('group', this.groups, name);
  }

  private data(): V {
    return this.arena.data as V;
  }

  /** A view kept between calls, made anew where the memory has grown. */
  private view(buffer: Buffer): V {
    const known = this.views.get(buffer);
    if (known && known.buffer === this.arena.data.buffer) return known;
    const view = this.data().subarray(buffer.offset, buffer.offset + buffer.size) as V;
    this.views.set(buffer, view);
    return view;
  }

  input(name: string): V {
    return this.view(lookUp('input', this.inputs, name));
  }

  run(phase: string): number {
    const { steps, loss } = lookUp('phase', this.phases, phase);
    replay(steps);
    if (loss === undefined) return 0;
    const value = this.arena.data[loss.offset];
    if (Number.isFinite(value)) return value;
    const { inputs } = this.program.phases[phase];
    throw nonFiniteLoss({
      phase,
      value,
      inputs: Object.entries(inputs).map(([name, shape]) => ({ name, shape, values: this.input(name) })),
      parameters: [...this.groups].flatMap(([name, group]) => this.tensors(name, group.parameters)),
    });
  }

  /** NaN and infinity go through a sum, so that one of those is enough to clear a whole group; a sum may overflow by itself. */
  private hasFiniteSum(start: number, size: number): boolean {
    this.kernels.sumLast(start, this.total, 1, size, 1);
    return Number.isFinite(this.arena.data[this.total]);
  }

  /** The tensors of a group in one of its four stretches. */
  private tensors(group: string, start: number): NamedTensor[] {
    const { shapes, size } = this.group(group);
    return tensorsOf(group, shapes, this.data().subarray(start, start + size));
  }

  output(phase: string, name: string): V {
    return this.view(lookUp(`output of ${phase}`, lookUp('phase', this.phases, phase).outputs, name));
  }

  evaluate(name: string, inputs: Readonly<Record<string, V>>, rows: number): Record<string, V> {
    return this.functions.evaluate(name, inputs, rows);
  }

  gradients(group: string): Record<string, V> {
    const memory = this.group(group);
    return readGroup(this.data(), memory, memory.gradients);
  }

  adam(group: string, settings: AdamSettings): void {
    const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
    const memory = this.group(group);
    checkAdam(group, rate, beta1, beta2, epsilon);
    memory.steps += 1;
    const step = rate / (1 - beta1 ** memory.steps);
    const scale = 1 / Math.sqrt(1 - beta2 ** memory.steps);
    const { parameters, gradients, m, v, size } = memory;
    this.kernels.adam(parameters, gradients, m, v, size, step, scale, beta1, beta2, epsilon);
    // A gradient that is not finite, or not its square, is in v by now.
    if (this.hasFiniteSum(parameters, size) && this.hasFiniteSum(v, size)) return;
    const gradient = spotBeyond(this.tensors(group, gradients), SQUARABLE[this.arena.precision]);
    if (gradient !== undefined) throw nonFiniteGradient(gradient, memory.steps);
    const spot = nonFiniteInGroup(group, memory.shapes, this.state(memory));
    if (spot !== undefined) throw nonFiniteStep(spot, { rate, steps: memory.steps });
  }

  softUpdate(target: string, source: string, mix: number): void {
    const to = this.group(target);
    const from = this.group(source);
    if (this.matched.get(to) !== from) {
      checkMatch(target, to.shapes, source, from.shapes);
      this.matched.set(to, from);
    }
    if (!(mix >= 0 && mix <= 1)) {
      throw new Error(`softUpdate of ${target}: mix is ${mix}; it must lie in [0, 1].`);
    }
    this.kernels.softUpdate(to.parameters, from.parameters, to.size, mix);
  }

  parameters(group: string): Record<string, V> {
    const memory = this.group(group);
    return readGroup(this.data(), memory, memory.parameters);
  }

  setParameters(group: string, values: Readonly<Record<string, V>>): void {
    const memory = this.group(group);
    checkGroupValues(group, memory.shapes, values);
    writeGroup(this.data(), memory, values);
  }

  save(): EngineState<V> {
    const state: EngineState<V> = {};
    for (const [name, memory] of this.groups) {
      state[name] = this.state(memory);
      checkFinite('save', name, memory.shapes, state[name]);
    }
    return state;
  }

  private state(memory: GroupMemory): EngineState<V>[string] {
    const { parameters, m, v, size, steps } = memory;
    const copy = (start: number) => this.data().slice(start, start + size) as V;
    return { parameters: readGroup(this.data(), memory, parameters), m: copy(m), v: copy(v), steps };
  }

  load(state: EngineState<V>): void {
    checkState(this.program, state);
    for (const [name, memory] of this.groups) {
      const saved = state[name];
      writeGroup(this.data(), memory, saved.parameters);
      this.data().set(saved.m, memory.m);
      this.data().set(saved.v, memory.v);
      memory.steps = saved.steps;
    }
  }

  dispose(): void {
    this.phases.clear();
    this.inputs.clear();
    this.groups.clear();
    this.views.clear();
    this.functions.clear();
  }
}

/** Says in which phase an error arose. */
function inPhase<T>(phase: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${phase}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function checkMatch(target: string, to: GroupShapes, source: string, from: GroupShapes): void {
  const names = Object.keys(to);
  const others = Object.keys(from);
  if (names.join() !== others.join()) {
    throw new Error(
      `softUpdate: ${target} has the tensors [${names.join(', ')}], ${source} has [${others.join(', ')}]; they must agree.`,
    );
  }
  for (const name of names) {
    if (!sameShape(to[name], from[name])) {
      throw new Error(
        `softUpdate: ${target}.${name} is ${shapeText(to[name])}, ${source}.${name} is ${shapeText(from[name])}; shapes must agree.`,
      );
    }
  }
}

/**
 * An engine over an arena of float32. Parameters not in `initial` start at 0.
 *
 * Throws on shapes that do not go together (naming the phase, the op and both shapes), on names the program does not declare, and on
 * a loss that does not reach a trained group. Invariant: the same calls give the same bits, for the same kernels.
 */
export function arenaEngine(
  program: Program,
  options: { readonly kernels: KernelSet; readonly initial?: InitialValues },
): Engine {
  return started(new ArenaEngine<Float32Array>(program, options.kernels, 'float32'), options.initial);
}

/** The same engine in float64, on the js kernels: the reference for gradient checks. */
export function referenceEngine(
  program: Program,
  options: { readonly initial?: InitialValues<Float64Array> } = {},
): Engine<Float64Array> {
  return started(new ArenaEngine<Float64Array>(program, jsKernels, 'float64'), options.initial);
}

function started<V extends Values>(engine: ArenaEngine<V>, initial: InitialValues<V> = {}): ArenaEngine<V> {
  for (const [group, values] of Object.entries(initial)) engine.setParameters(group, values);
  return engine;
}
