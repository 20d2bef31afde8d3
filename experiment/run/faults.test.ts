/**
 * A number goes wrong in the middle of a run that is recorded in a folder: the run stops there, says what it was, and leaves the
 * checkpoint from before, from which it goes on once the fault is mended, to the bytes of a run that never had it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sac } from '../../agents/sac/index.ts';
import type { SacSettings } from '../../agents/sac/settings.ts';
import type { Agent } from '../../core/agent.ts';
import { defineEconomy } from '../../core/economy.ts';
import { NonFiniteError } from '../../core/errors.ts';
import type { Backend, Method } from '../../core/method.ts';
import { createRegistry, instantiate } from '../../core/registry.ts';
import { box } from '../../core/spaces.ts';
import type { FloatArray } from '../../kernels/arena.ts';
import { chooseKernels } from '../../kernels/choose.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { arenaEngine } from '../../nn/arena-engine.ts';
import { faultyKernels } from '../../nn/test-fixtures.ts';
import { trainCommand } from '../commands/train-command.ts';
import { outcome } from '../test-fixtures.ts';
import { readCheckpoint } from './checkpoint.ts';
import { learn } from './learn.ts';
import { runPaths } from './run-folder.ts';

const FAULT_STEP = 17;
const CHECKPOINT_EVERY = 5;
/** Of the last checkpoint before the fault. */
const SAVED_STEP = 15;
const STEPS = 30;

type WellFault = 'none' | 'reward' | 'observation' | 'state' | 'vast reward';

/** What goes wrong in step 17, and not before, nor in evaluation: callbacks tell when the training's next step is that one. */
interface Clock {
  isNext: boolean;
}

/** Two farmers draw from a well; in its 17th year one number goes wrong. */
function well(fault: WellFault, clock: Clock) {
  return defineEconomy({
    id: 'well',
    version: 1,
    title: 'Two farmers draw from a well',
    calibration: z.strictObject({}),
    model: () => ({}),
    discountFactor: () => 0.9,
    horizon: () => 100,
    types: () => ({
      farmer: {
        count: 2,
        observationSpace: box({ water: [-Infinity, Infinity], own: [0, 1] }),
        actionSpace: box({ drawn: [0, 1] }),
      },
    }),
    init: ({ rng }) => ({ water: rng.between(1, 2), age: 0, drawn: new Float64Array(2) }),
    observe({ state }, { farmer }) {
      const isWrong = fault === 'observation' && clock.isNext;
      farmer.set([state.water, state.drawn[0], state.water, isWrong ? Infinity : state.drawn[1]]);
    },
    step({ state, actions, rewards, rng }) {
      state.age += 1;
      state.drawn.set(actions.farmer);
      const isNow = clock.isNext && state.age === FAULT_STEP;
      rewards.farmer.set(state.drawn.map((drawn) => drawn - 0.5 * drawn ** 2 * state.water));
      if (isNow && fault === 'reward') rewards.farmer[1] = Number.NaN;
      if (isNow && fault === 'vast reward') rewards.farmer[1] = 1e39;
      state.water = 0.5 * state.water + rng.uniform();
      if (isNow && fault === 'state') state.water = Number.NaN;
    },
  });
}

const { kernels } = chooseKernels();
const sound: Backend = {
  kind: 'kernels',
  name: kernels.name,
  refused: [],
  engine: (program) => arenaEngine(program, { kernels }),
};

/** Kernels of which one, at a call in step 17 (the first, unless said otherwise), writes what is no number. */
function poisoned(
  kernel: keyof Kernels,
  strike: (data: FloatArray, args: readonly number[]) => void,
  { call = 1 } = {},
) {
  return (clock: Clock): Backend => {
    let calls = 0;
    const isStruck = () => {
      if (clock.isNext) calls += 1;
      return clock.isNext && calls === call;
    };
    const faulty = faultyKernels(kernels, { kernel, isStruck, strike });
    return { ...sound, engine: (program) => arenaEngine(program, { kernels: faulty }) };
  };
}

type Sac = Method<SacSettings>;

/** An actor that gives NaN for the third row, the first farmer of the second copy, when it explores for the 17th time. */
function lostActor(): Sac {
  return {
    ...sac,
    create(options): Agent {
      const agent = sac.create(options);
      let explored = 0;
      return {
        ...agent,
        act(input, actions, { deterministic }) {
          agent.act(input, actions, { deterministic });
          if (!deterministic) explored += 1;
          if (!deterministic && explored === FAULT_STEP) actions[2] = Number.NaN;
        },
      };
    },
  };
}

/** A rate at which one step takes the weights to 1e30, and a loss that is the square of the error: 1e60. */
function reckless(): Sac {
  return {
    ...sac,
    create: (options) =>
      sac.create({ ...options, settings: { ...options.settings, learningRate: 1e30, huberThreshold: 1e30 } }),
  };
}

const settings: Partial<SacSettings> = { hidden: '4x4', copies: 2, batchSize: 8, warmup: 8, targetMix: 0.1 };

interface Fault {
  readonly name: string;
  readonly fault?: WellFault;
  readonly method?: () => Sac;
  readonly backend?: (clock: Clock) => Backend;
  readonly settings?: Partial<SacSettings>;
  /** When it happens; 17 unless given. */
  readonly step?: number;
  readonly words: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'the reward of the economy is NaN',
    fault: 'reward',
    words: /^train: step 17: well: reward of farmer_1 is NaN at step 17; the state is water \S+, age 17,/,
  },
  {
    name: 'an observation is infinite',
    fault: 'observation',
    words: /^train: step 17: well: observation "own" of farmer_1 is Infinity at step 17;/,
  },
  {
    name: 'the state, and what is seen of it, is NaN',
    fault: 'state',
    words:
      /^train: step 17: well: observation "water" of farmer_0 is NaN at step 17; the state is water NaN,/,
  },
  {
    name: 'a reward is more than float32 holds',
    fault: 'vast reward',
    words: /^train: farmer, step 17: replay: the reward of row 1 is 1e\+39; .* larger unit/,
  },
  {
    name: 'the actor gives NaN',
    method: lostActor,
    words:
      /^train: farmer, step 17: action "drawn" of farmer_0 in copy 1 is NaN, where it sees water \S+, own \S+;/,
  },
  {
    // The first update, from 64 transitions of four farmers, is that of step 16.
    name: 'the loss of the critics overflows, after a step of an excessive rate',
    method: reckless,
    settings: { warmup: 64 },
    words:
      /^train: farmer, step 17: critic: the loss is Infinity; .* the largest parameter being (critic|actor)\S*\.[wb]\d\[\d+(, \d+)*\] = -?\S+e\+30: a product overflowed\. Try a smaller learning rate/,
  },
  {
    // weightGradient(x, dy, dw, ...): the first in an update is that of the critics' last layer, [2, 4, 1].
    name: 'a gradient is NaN',
    backend: poisoned('weightGradient', (data, args) => void data.fill(Number.NaN, args[2] + 5, args[2] + 6)),
    words:
      /^train: farmer, step 17: adam: the gradient of critic\.w2\[1, 1, 0\] is NaN in the group's step 16, though the loss was finite\./,
  },
  {
    // adam(p, ...): the first in an update is that of the critics, whose parameters begin with w0 [2, 3, 4].
    name: 'a parameter is NaN',
    backend: poisoned('adam', (data, [p]) => void data.fill(Number.NaN, p + 17, p + 18)),
    words:
      /^train: farmer, step 17: adam: the parameter critic\.w0\[1, 1, 1\] is NaN after the group's step 16 at rate/,
  },
  {
    // softUpdate(target, ...): the first in an update is that of the targets; the critics' loss meets it in step 18.
    name: 'a parameter of the targets is NaN',
    backend: poisoned('softUpdate', (data, [target]) => void data.fill(Number.NaN, target, target + 1)),
    words:
      /^train: farmer, step 18: critic: the loss is NaN; .* The parameter criticTarget\.w0\[0, 0, 0\] is NaN\. Go on from a checkpoint before/,
  },
  {
    // The second soft update is that of the actor's average, which no loss reads: the evaluation of step 20 meets it.
    name: 'a parameter of the average is NaN',
    backend: poisoned('softUpdate', (data, [target]) => void data.fill(Number.NaN, target, target + 1), {
      call: 2,
    }),
    words:
      /^sac: action "drawn" of row 0 is NaN in \[-1, 1\], where it sees \S+, \S+\. Did the actor diverge\?/,
  },
  {
    // Nothing reads it before the checkpoint of the same step.
    name: 'a moment is NaN in the step of a checkpoint',
    step: 20,
    backend: poisoned('adam', (data, args) => void data.fill(Number.NaN, args[2] + 4, args[2] + 5)),
    words:
      /^save: the first moment of critic\.w0\[0, 1, 0\] is NaN; it must be finite\. Go on from a checkpoint before\./,
  },
];

const parent = mkdtempSync(path.join(tmpdir(), 'faults-'));
afterAll(() => rmSync(parent, { recursive: true }));

function run(folder: string, fault: Fault | undefined) {
  const clock: Clock = { isNext: false };
  return learn({
    economy: instantiate(well(fault?.fault ?? 'none', clock)),
    method: fault?.method?.() ?? sac,
    backend: fault?.backend?.(clock) ?? sound,
    settings: { ...settings, ...fault?.settings },
    steps: STEPS,
    checkpointEvery: CHECKPOINT_EVERY,
    folder,
    callbacks: [
      ({ step }) => {
        clock.isNext = step === (fault?.step ?? FAULT_STEP) - 1;
        return undefined;
      },
    ],
  });
}

function bytes(folder: string) {
  const { metrics, lastCheckpoint } = runPaths(folder);
  return [metrics, lastCheckpoint].map((file) => readFileSync(file, 'hex'));
}

describe('a run in which', () => {
  const whole = new Map<string, readonly string[]>();
  beforeAll(async () => {
    for (const [i, fault] of FAULTS.entries()) {
      const key = JSON.stringify(fault.settings ?? {});
      if (whole.has(key)) continue;
      const folder = path.join(parent, `whole-${i}`);
      await run(folder, { name: 'none', words: /none/, settings: fault.settings ?? {} });
      whole.set(key, bytes(folder));
    }
  });

  it.each(FAULTS)('$name stops there, names it, and goes on from before', async (fault) => {
    const folder = mkdtempSync(path.join(parent, 'faulty-'));
    const failed: unknown = await run(folder, fault).catch((error: unknown) => error);
    const { lastCheckpoint, metrics } = runPaths(folder);
    expect(failed).toBeInstanceOf(NonFiniteError);
    expect(failed).toMatchObject({ message: expect.stringMatching(fault.words) });
    expect(failed).toMatchObject({
      message: expect.stringContaining(
        `The last checkpoint, of step ${SAVED_STEP}, is whole: ${lastCheckpoint}`,
      ),
    });
    expect(readCheckpoint(lastCheckpoint).step).toBe(SAVED_STEP);
    expect(readFileSync(metrics, 'utf8')).not.toMatch(/NaN|Infinity|Loss":null/);
    await run(folder, { name: 'mended', words: /none/, settings: fault.settings ?? {} });
    expect(bytes(folder)).toEqual(whole.get(JSON.stringify(fault.settings ?? {})));
  });
});

describe('the command', () => {
  it('ends with exit code 1, the error and a checkpoint from before', async () => {
    const command = trainCommand({
      method: lostActor() as unknown as Parameters<typeof trainCommand>[0]['method'],
      environments: createRegistry([well('none', { isNext: false })]),
      env: 'well',
      file: 'train/sac.ts',
    });
    const folder = path.join(parent, 'command');
    const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const options = ['--steps', `${STEPS}`, '--checkpoint-every', `${CHECKPOINT_EVERY}`, '--out', folder];
    const { code, out, err } = await outcome(command, ...set, ...options, '--json');
    expect(err).toMatch(
      /train\/sac\.ts: train: farmer, step 17: action "drawn" of farmer_0 in copy 1 is NaN/,
    );
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(readCheckpoint(runPaths(folder).lastCheckpoint).step).toBe(SAVED_STEP);
  });
});
