/**
 * Are the gradients right? Every op of the op set and every loss listed below: the arena engine, on each kernel set that this
 * machine has, against tfjs's automatic differentiation and against central differences in float64.
 *
 *   npx tsx sanity/gradients.ts [--backend auto|node-gpu|node|wasm|cpu] [--json] [--quiet] [--help]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ddpgProgram } from '../agents/ddpg/program.ts';
import { neuralGridProgram } from '../agents/neural-grid/program.ts';
import { type SacShape, sacProgram } from '../agents/sac/program.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { outputOptions } from '../experiment/cli/options.ts';
import { formatTable } from '../experiment/cli/table.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
import { availableKernels } from '../kernels/choose.ts';
import type { KernelSet } from '../kernels/kernels.ts';
import { sizeOf } from '../kernels/shapes.ts';
import { arenaEngine, referenceEngine } from '../nn/arena-engine.ts';
import { centralDifferences } from '../nn/central-differences.ts';
import type { Engine, Program, Values } from '../nn/engine.ts';
import { inputShapes } from '../nn/memory.ts';
import { OP_CASES, opOperands, opProgram } from '../nn/op-cases.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { createRng, type Rng } from '../numerics/random.ts';
import { TENSOR_BACKENDS } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';

/** Float32 sums of some hundred terms, relative to a tensor's largest gradient. */
const SINGLE_TOLERANCE = 1e-4;
/** Float64 against central differences of step 1e-5: truncation 1e-10, rounding 1e-11, and large third derivatives. */
const DOUBLE_TOLERANCE = 1e-6;
const CENTRAL = 'central';
const SEED = 1;

type NamedValues = Readonly<Record<string, ArrayLike<number>>>;

/**
 * A program whose gradients are compared, phase by phase. Keep networks and batch small: central differences take two runs per
 * parameter.
 */
export interface GradientProgram {
  readonly name: string;
  readonly program: Program;
  /** Inputs by name; the rest is standard normal. */
  readonly inputs?: NamedValues;
  /** Parameters by group; groups left out are normal with standard deviation 0.3. */
  readonly initial?: Readonly<Record<string, NamedValues>>;
}

/** One gradient by two ways. Of all tensors of the group, `maxAbs` and `scale` belong to that with the largest `maxRel`. */
export interface GradientCase {
  readonly name: string;
  readonly engine: string;
  readonly against: string;
  /** Largest |difference|, largest |gradient|, and their ratio. */
  readonly maxAbs: number;
  readonly maxRel: number;
  readonly scale: number;
  /** Number of parameters compared. */
  readonly n: number;
  readonly ok: boolean;
}

const SAC_SHAPE: Omit<SacShape, 'activation' | 'criticEnsemble' | 'futureActions'> = {
  observationSize: 4,
  actionSize: 2,
  hidden: [12, 8],
  batchSize: 16,
  huberThreshold: 1,
  discountFactor: 0.95,
};

function opPrograms(): GradientProgram[] {
  return OP_CASES.map((opCase) => ({
    name: opCase.name,
    program: opProgram(opCase),
    initial: { x: opOperands(opCase, createRng(SEED).split(opCase.name)) },
  }));
}

/** Both activations, both ways to combine the critics and both to value the future; temperature at 0.2, a fifth of the transitions terminated. */
function sacLosses(): GradientProgram[] {
  const continues = Float64Array.from({ length: SAC_SHAPE.batchSize }, (_, row) => (row % 5 === 0 ? 0 : 1));
  const variants = [
    { activation: 'relu', criticEnsemble: 'mean', futureActions: 'drawn' },
    { activation: 'tanh', criticEnsemble: 'minimum', futureActions: 'drawn' },
    { activation: 'tanh', criticEnsemble: 'mean', futureActions: 'mean' },
  ] as const;
  return variants.map((variant) => ({
    name: `soft actor-critic, ${variant.activation}, ${variant.criticEnsemble}, future ${variant.futureActions}`,
    program: sacProgram({ ...SAC_SHAPE, ...variant }),
    inputs: { continues, targetEntropy: [-2] },
    initial: { temperature: { log: [Math.log(0.2)] } },
  }));
}

/** Deep deterministic policy gradient with smoothing, and TD3's twin critics; a fifth of the transitions terminated. */
function ddpgLosses(): GradientProgram[] {
  const continues = Float64Array.from({ length: SAC_SHAPE.batchSize }, (_, row) => (row % 5 === 0 ? 0 : 1));
  const shared = { ...SAC_SHAPE, explorationNoise: 0.2, smoothingClip: 0.5, saturationPenalty: 1 } as const;
  const variants = {
    'deep deterministic policy gradient, tanh': {
      activation: 'tanh',
      critics: 1,
      targetSmoothing: 0.1,
      actorSmoothing: 0.1,
    },
    'TD3, relu': { activation: 'relu', critics: 2, targetSmoothing: 0.2, actorSmoothing: 0 },
  } as const;
  return Object.entries(variants).map(([name, variant]) => ({
    name,
    program: ddpgProgram({ ...shared, ...variant }),
    inputs: { continues },
  }));
}

/** The neural grid's losses; about half of the actor's actions are beyond the bounds that it is called back to. */
function neuralGridLosses(): GradientProgram[] {
  const shape = {
    coordinates: 3,
    actions: 2,
    hidden: [12, 8],
    batchSize: 16,
    valuedRows: 24,
    huberThreshold: 1,
  };
  const rows = shape.batchSize * shape.actions;
  return [
    {
      name: 'neural grid, tanh',
      program: neuralGridProgram({ ...shape, activation: 'tanh' }),
      inputs: {
        lowest: new Float64Array(rows).fill(0.45),
        highest: new Float64Array(rows).fill(0.55),
        weight: [10],
      },
    },
  ];
}

/** What is checked: add the losses of an agent here. */
export const GRADIENT_PROGRAMS: readonly GradientProgram[] = [
  ...opPrograms(),
  ...sacLosses(),
  ...ddpgLosses(),
  ...neuralGridLosses(),
];

/** Numbers that both precisions hold: all engines start from the same ones. */
function drawn(given: ArrayLike<number> | undefined, size: number, rng: Rng, std: number): Float32Array {
  if (given) return Float32Array.from(given);
  return Float32Array.from({ length: size }, () => std * rng.normal());
}

function initialValues(
  { program, initial }: GradientProgram,
  rng: Rng,
): Record<string, Record<string, Float32Array>> {
  const group = ([name, shapes]: [string, Program['groups'][string]]) => {
    const tensor = ([key, shape]: [string, readonly number[]]) => [
      key,
      drawn(initial?.[name]?.[key], sizeOf(shape), rng.split(name).split(key), 0.3),
    ];
    return [name, Object.fromEntries(Object.entries(shapes).map(tensor))];
  };
  return Object.fromEntries(Object.entries(program.groups).map(group));
}

function setUp<V extends Values>(
  engine: Engine<V>,
  from: GradientProgram,
  widen: (values: Float32Array) => V,
): void {
  const rng = createRng(SEED).split(from.name);
  for (const [group, values] of Object.entries(initialValues(from, rng.split('initial')))) {
    engine.setParameters(
      group,
      Object.fromEntries(Object.entries(values).map(([name, tensor]) => [name, widen(tensor)])),
    );
  }
  for (const [name, shape] of inputShapes(from.program)) {
    engine.input(name).set(drawn(from.inputs?.[name], sizeOf(shape), rng.split('inputs').split(name), 1));
  }
}

/** The tensor whose largest difference is worst for its scale; NaN is worse than any number. */
function compare(
  got: NamedValues,
  expected: NamedValues,
): Pick<GradientCase, 'maxAbs' | 'maxRel' | 'scale' | 'n'> {
  const largest = (values: ArrayLike<number>) =>
    Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  // A tensor whose gradient is 0 but for rounding has no scale of its own.
  const floor = 1e-6 * Math.max(...Object.values(expected).map(largest)) || 1;
  let worst = { maxAbs: 0, maxRel: -1, scale: floor };
  let n = 0;
  for (const [name, values] of Object.entries(expected)) {
    const maxAbs = largest(Array.from(values, (x, i) => got[name][i] - x));
    const scale = Math.max(largest(values), floor);
    n += values.length;
    if (!(maxAbs / scale <= worst.maxRel)) worst = { maxAbs, maxRel: maxAbs / scale, scale };
    if (Number.isNaN(worst.maxRel)) break;
  }
  return { ...worst, n };
}

/** Compares all gradients of one program. Throws what the engines throw. */
export function checkProgram(
  from: GradientProgram,
  tf: Tensorflow,
  sets: readonly KernelSet[],
): GradientCase[] {
  const { program } = from;
  const reference = referenceEngine(program);
  const tensor = tensorEngine(program, { tf });
  const arenas = sets.map((kernels) => arenaEngine(program, { kernels }));
  setUp(reference, from, (values) => Float64Array.from(values));
  for (const engine of [tensor, ...arenas]) setUp(engine, from, (values) => values);
  const phases = Object.entries(program.phases).flatMap(([phase, { train = [] }]) =>
    train.map((group) => ({ phase, group })),
  );
  const cases = phases.flatMap(({ phase, group }) => {
    for (const engine of [reference, tensor, ...arenas]) engine.run(phase);
    const byDifferentiation = reference.gradients(group);
    const central = centralDifferences(reference, { program, phase, group });
    const automatic = tensor.gradients(group);
    const name = phases.length === 1 ? from.name : `${from.name}: ${group}`;
    const row = (
      engine: string,
      against: string,
      got: NamedValues,
      expected: NamedValues,
      tolerance: number,
    ): GradientCase => {
      const gap = compare(got, expected);
      return { name, engine, against, ...gap, ok: gap.maxRel <= tolerance };
    };
    const written = arenas.map((arena) => ({ engine: arena.description, got: arena.gradients(group) }));
    return [
      row('js-float64', CENTRAL, byDifferentiation, central, DOUBLE_TOLERANCE),
      row(tensor.description, CENTRAL, automatic, central, SINGLE_TOLERANCE),
      ...written.map(({ engine, got }) => row(engine, CENTRAL, got, central, SINGLE_TOLERANCE)),
      ...written.map(({ engine, got }) => row(engine, tensor.description, got, automatic, SINGLE_TOLERANCE)),
    ];
  });
  for (const engine of [reference, tensor, ...arenas]) engine.dispose();
  return cases;
}

/**
 * One line per op or loss: the largest difference relative to the largest gradient, of each engine from the central differences and,
 * under `engine/tfjs`, from tfjs.
 */
export function gradientTable(cases: readonly GradientCase[]): string {
  const byName = new Map<string, GradientCase[]>();
  for (const one of cases) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const comparisons = byName.values().next().value ?? [];
  const columns = comparisons.map(({ engine, against }) => (against === CENTRAL ? engine : `${engine}/tfjs`));
  const rows = [...byName].map(([name, row]) => [
    name,
    String(row[0].n),
    row[0].scale.toPrecision(3),
    ...row.map(({ maxRel, ok }) => `${maxRel.toExponential(1)}${ok ? '' : ' FAIL'}`),
  ]);
  return formatTable(rows, { header: ['op or loss', 'n', 'scale', ...columns] });
}

const gradientOptions = z.strictObject({
  backend: z
    .enum(['auto', ...TENSOR_BACKENDS])
    .default('auto')
    .meta({ description: `tfjs backend: auto, ${TENSOR_BACKENDS.join(', ')}`, value: 'NAME' }),
  ...outputOptions,
});

export const gradientsCheck: CommandDefinition<z.output<typeof gradientOptions>> = {
  name: 'gradients',
  summary:
    'Compares every gradient with automatic differentiation (tfjs) and with central differences (float64).',
  options: gradientOptions,
  async main({ backend: request }, terminal) {
    const { tf, backend, refused } = await requestedTensorBackend({ request });
    for (const { name, reason } of refused) terminal.note(`tensor backend ${name} not used: ${reason}`);
    const sets = availableKernels();
    const cases = GRADIENT_PROGRAMS.flatMap((program) => checkProgram(program, tf, sets));
    const failed = cases.filter(({ ok }) => !ok).length;
    terminal.print(
      `Gradients: largest |difference| over largest |entry|, by hand and by tfjs (${backend}), from central differences.`,
    );
    terminal.print(`Allowed: ${SINGLE_TOLERANCE} in float32, ${DOUBLE_TOLERANCE} for js-float64.\n`);
    terminal.print(gradientTable(cases));
    terminal.print(
      failed === 0
        ? `\nall ${cases.length} comparisons agree`
        : `\n${failed} of ${cases.length} comparisons FAIL`,
    );
    const result = { ok: failed === 0, backend, kernels: sets.map(({ name }) => name), cases };
    return { result, exitCode: failed === 0 ? 0 : 1 };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(gradientsCheck);
