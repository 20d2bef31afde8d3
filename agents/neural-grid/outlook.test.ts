/** Q and its slope, put together from the engine's values and the twin's transition, against `twin.q` and the gradient through it. */
import type * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorTwin, TensorValue, Tf } from '../../core/capabilities.ts';
import type { Domain } from '../../core/domain.ts';
import type { Economy } from '../../core/registry.ts';
import { environments } from '../../envs/index.ts';
import { chooseKernels } from '../../kernels/choose.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import type { Engine } from '../../nn/engine.ts';
import { mlp } from '../../nn/mlp.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import { type Tensorflow, tensorOps } from '../../tensor/ops.ts';
import { actionSlopes, expectedValues, outlookOf } from './outlook.ts';
import { neuralGridProgram } from './program.ts';
import { bank } from './test-fixtures.ts';
import { valueAt } from './valuation.ts';
import { drawStates, type SeenAxis, seenAxes } from './view.ts';

/** Float32 (6e-8) through some twenty operations, relative to the largest value. */
const SINGLE = 1e-5;
const B = 7;
const HIDDEN = [9, 6];
const UNITS = { level: -3, scale: 0.4 };

interface Known {
  readonly name: string;
  readonly economy: Economy;
  readonly twin: TensorTwin;
  readonly domain: Domain;
}

/** Every economy of one agent that has a twin and a domain in the same coordinates, and what else a calibration of the growth family may choose. */
function known(): readonly Known[] {
  const candidates: readonly (readonly [string, Economy])[] = [
    ...environments.ids.map((id) => [id, environments.economy(id)] as const),
    ...Object.entries({
      'levels, scaled': { action: 'level', reward: 'scaled', depreciation: 0.1 },
      published: { transition: 'published', observation: 'raw' },
      wide: { reset: 'wide', observation: 'upstream' },
    }).map(([name, set]) => [`jesusfv, ${name}`, environments.economy('jesusfv', set)] as const),
    ['central-bank', bank],
  ];
  return candidates.flatMap(([name, economy]) => {
    const [twin, domain] = [economy.tensor(), economy.domain()];
    const isAlone = Object.values(economy.types).every(({ count }) => count === 1);
    if (twin === undefined || domain === undefined || !isAlone) return [];
    const isSame = domain.axes.every((axis, d) => axis.name === twin.coordinates[d]);
    return isSame ? [{ name, economy, twin, domain }] : [];
  });
}

/** The same critic as a function of normalised coordinates on tensors; normalising is affine in each coordinate. */
function tensorCritic(
  tensors: Tensorflow,
  engine: Engine,
  twin: TensorTwin,
  axes: readonly SeenAxis[],
): TensorValue {
  const at = (x: number) => twin.denormaliseState(axes.map(() => x));
  const shift = at(0);
  const factor = at(1).map((raw, d) => raw - shift[d]);
  const ops = tensorOps(tensors);
  const shapes = neuralGridProgram({
    coordinates: axes.length,
    actions: 1,
    hidden: HIDDEN,
    activation: 'tanh',
    batchSize: 1,
    valuedRows: 1,
    huberThreshold: 1,
  }).groups.critic;
  return (normalised) => {
    const raw = tensors.add(tensors.mul(normalised, [factor]), [shift]);
    const columns = axes.map(({ isLog, centre, scale, lowest }, d) => {
      const column = tensors.slice(raw, [0, d], [-1, 1]);
      const seen = isLog ? tensors.log(tensors.maximum(column, lowest)) : column;
      return tensors.div(tensors.sub(seen, centre), scale);
    });
    const values = engine.parameters('criticTarget');
    const parameters = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, tensors.tensor(value, [...shapes[name]])]),
    );
    const v = mlp<tf.Tensor>(ops, parameters, tensors.concat(columns, 1), { activation: 'tanh' });
    return tensors.add(tensors.mul(tensors.reshape(v, [-1, 1]), UNITS.scale), UNITS.level) as tf.Tensor2D;
  };
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

function largest(a: ArrayLike<number>): number {
  return Array.from(a).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

describe.each(['cpu', 'wasm'] as const)('on %s', (request) => {
  let tensors: Tf;
  beforeAll(async () => {
    tensors = (await chooseTensorBackend({ request })).tf;
  });

  it.each(known())(
    'Q and its slope in $name are those of the twin, inside and at the bounds',
    ({ economy, twin, domain }) => {
      const [type] = Object.keys(economy.types);
      const { quantityLow: low, quantityHigh: high, size: A } = economy.types[type].actionSpace;
      const model = { tensors, twin, discountFactor: economy.discountFactors[type] };
      const rng = createRng(5);
      for (const inputs of ['logs', 'levels'] as const) {
        const axes = seenAxes(domain.axes, inputs);
        const raw = new Float64Array(B * axes.length);
        drawStates(domain.axes, { rng, sampling: 'uniform', raw });
        const rows = Array.from({ length: B }, (_, b) => [
          ...raw.subarray(b * axes.length, (b + 1) * axes.length),
        ]);
        // The first rows at the ends of every action, the others inside.
        const places = Array.from({ length: B }, (_, b) => (b < 2 ? b : rng.between(0.05, 0.95)));
        const situation = {
          rows: B,
          states: Float32Array.from(rows.flatMap((row) => [...twin.normaliseState(row)])),
          quantities: Float32Array.from(
            places.flatMap((place) => Array.from(low, (a, j) => a + (high[j] - a) * place)),
          ),
        };
        const outlook = outlookOf(model, situation);
        const valuedRows = outlook.probabilities.length;
        const program = neuralGridProgram({
          coordinates: axes.length,
          actions: A,
          hidden: HIDDEN,
          activation: 'tanh',
          batchSize: B,
          valuedRows,
          huberThreshold: 1,
        });
        const engine = arenaEngine(program, { kernels: chooseKernels().kernels });
        const weights = engine.parameters('criticTarget');
        for (const values of Object.values(weights)) rng.fillNormal(values);
        engine.setParameters('criticTarget', weights);

        const valued = valueAt(engine, axes, outlook.next, UNITS);
        const q = expectedValues(model, outlook, valued.values);
        const slopes = actionSlopes(model, situation, outlook, valued);

        const critic = tensorCritic(tensors, engine, twin, axes);
        const expected = tensors.tidy(() => {
          const states = tensors.tensor2d(situation.states, [B, axes.length]);
          const ask = (actions: tf.Tensor) => twin.q(tensors, states, actions as tf.Tensor2D, critic);
          const actions = tensors.tensor2d(situation.quantities, [B, A]);
          const gradient = tensors.grad((a) => tensors.sum(ask(a)))(actions);
          return { q: ask(actions).dataSync().slice(), slopes: gradient.dataSync().slice() };
        });
        expect(largestGap(q, expected.q)).toBeLessThan(SINGLE * Math.max(1, largest(expected.q)));
        expect(largest(expected.slopes)).toBeGreaterThan(0);
        expect(largestGap(slopes, expected.slopes)).toBeLessThan(
          SINGLE * Math.max(1, largest(expected.slopes)),
        );
        engine.dispose();
      }
    },
  );

  it('counts that an action changes the chances, and not only what follows', () => {
    // Search effort a finds a job, worth V = 5, with chance a, and leaves one without, V = 2, at a cost a^2: Q = -a^2 + beta (2 + 3 a).
    const twin: Pick<TensorTwin, 'transition'> = {
      transition: (_, states, a) => ({
        rewards: tensors.neg(tensors.square(a)) as tf.Tensor2D,
        probabilities: tensors.concat([a, tensors.sub(1, a)], 1) as tf.Tensor2D,
        next: tensors.tile(tensors.tensor3d([[[1], [0]]]), [states.shape[0], 1, 1]),
      }),
    };
    const model = { tensors, twin: twin as TensorTwin, discountFactor: 0.9 };
    const situation = { rows: 2, states: Float32Array.of(0, 0), quantities: Float32Array.of(0.25, 0.75) };
    const outlook = outlookOf(model, situation);
    const valued = { values: Float32Array.of(5, 2, 5, 2), slopes: Float32Array.of(3, 3, 3, 3) };
    // -0.0625 + 0.9 * 2.75 and -0.5625 + 0.9 * 4.25; dQ/da = -2 a + 0.9 * 3.
    const q = expectedValues(model, outlook, valued.values);
    expect(largestGap(q, [2.4125, 3.2625])).toBeLessThan(SINGLE);
    expect(largestGap(actionSlopes(model, situation, outlook, valued), [2.2, 1.2])).toBeLessThan(SINGLE);
  });

  it('leaves no tensors behind', () => {
    const twin = environments.economy('jesusfv-extended/markov').tensor();
    if (twin === undefined) throw new Error('it has a twin');
    const model = { tensors, twin, discountFactor: 0.95 };
    const situation = { rows: 1, states: Float32Array.of(0, 0, 0), quantities: Float32Array.of(0.5) };
    const before = tensors.memory().numTensors;
    const outlook = outlookOf(model, situation);
    expect(outlook.probabilities.length).toBe(15);
    actionSlopes(model, situation, outlook, { values: new Float32Array(15), slopes: new Float32Array(45) });
    expect(tensors.memory().numTensors).toBe(before);
  });
});

it('the economies with a twin are tried, the growth family and the central bank among them', () => {
  const names = known().map(({ name }) => name);
  for (const name of [
    'jesusfv',
    'jesusfv/annual',
    'jesusfv-extended',
    'jesusfv-extended/markov',
    'central-bank',
  ])
    expect(names).toContain(name);
});
