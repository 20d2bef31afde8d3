import { beforeAll, describe, expect, it } from 'vitest';
import { environments } from '../envs/index.ts';
import { execute } from '../experiment/cli/command.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import type { Tensorflow } from '../tensor/ops.ts';
import { chosenEconomies } from './check-command.ts';
import { eulerCases, eulerErrorCheck } from './euler-error.ts';
import { gradientsCheck } from './gradients.ts';
import { GapRecord, probe, TENSOR_TOLERANCE, type TensorSubject, tensorSubject } from './tensor-probe.ts';
import { qCases, randomNetwork, scalarValue, tensorQCheck, tensorValue } from './tensor-q.ts';
import { tensorTransitionCheck, transitionCases } from './tensor-transition.ts';

/** Ten times the tolerance: an error that a check must see. */
const VISIBLE = 10 * TENSOR_TOLERANCE;

let tf: Tensorflow;
beforeAll(async () => {
  tf = (await chooseTensorBackend({ request: 'cpu' })).tf;
});

function subjectOf(set: Readonly<Record<string, unknown>> = {}): TensorSubject {
  const subject = tensorSubject(environments.economy('jesusfv-extended', set));
  if (subject === undefined) throw new Error('jesusfv-extended has both dynamics');
  return subject;
}

const failing = (cases: readonly { readonly ok: boolean; readonly quantity: string }[]) =>
  cases.filter(({ ok }) => !ok).map(({ quantity }) => quantity);

describe('tensor checks', () => {
  it('hold for both processes of depreciation, one row and many', () => {
    for (const deltaProcess of ['static', 'markov']) {
      const subject = subjectOf({ deltaProcess });
      for (const batch of [1, 300]) {
        expect(failing(transitionCases(subject, tf, batch, 3))).toEqual([]);
        expect(failing(qCases(subject, tf, batch, 3))).toEqual([]);
      }
    }
  });

  it('find dynamics that are off by ten tolerances in one coordinate, and name it', () => {
    const subject = subjectOf();
    for (const [column, name] of ['next capital', 'next depreciation', 'next productivity'].entries()) {
      const broken: TensorSubject = {
        ...subject,
        twin: {
          ...subject.twin,
          transition: (tensors, states, actions) => {
            const found = subject.twin.transition(tensors, states, actions);
            const shift = [0, 0, 0];
            shift[column] = VISIBLE * subject.twin.scales[column] * 10;
            return { ...found, next: tensors.add(found.next, shift) };
          },
        },
      };
      expect(failing(transitionCases(broken, tf, 50, 3))).toEqual([name]);
    }
  });

  it('find probabilities of other successors and rewards of another scale', () => {
    const subject = subjectOf();
    const broken: TensorSubject = {
      ...subject,
      twin: {
        ...subject.twin,
        transition: (tensors, states, actions) => {
          const found = subject.twin.transition(tensors, states, actions);
          return {
            ...found,
            probabilities: tensors.add(found.probabilities, VISIBLE),
            rewards: tensors.add(found.rewards, 100 * VISIBLE),
          };
        },
      },
    };
    expect(failing(transitionCases(broken, tf, 50, 3))).toEqual(['probability', 'reward']);
  });

  it('find a Q that forgets depreciation, as a well-known one did', () => {
    const subject = subjectOf();
    const broken: TensorSubject = {
      ...subject,
      twin: {
        ...subject.twin,
        q: (tensors, states, actions, value) =>
          subject.twin.q(tensors, states, actions, (x) => value(tensors.mul(x, [[1, 0, 1]]))),
      },
    };
    expect(failing(qCases(broken, tf, 20, 3))).toEqual(['Q, bias -2', 'Q, bias 1']);
  });

  it('find the published rows where the normalised ones are expected', () => {
    const subject = subjectOf();
    const broken = { ...subject, enumerable: subjectOf({ transition: 'published' }).enumerable };
    expect(failing(transitionCases(broken, tf, 50, 3))).toEqual(['probability']);
  });

  it('count a number that is none as a failure', () => {
    const gap = new GapRecord(1);
    gap.add(1, 1);
    gap.add(Number.NaN, 1);
    gap.add(1, 1);
    expect(gap.toCase({ env: 'x', quantity: 'y', batch: 1 }).ok).toBe(false);
    expect(new GapRecord(1).toCase({ env: 'x', quantity: 'nothing compared', batch: 1 }).ok).toBe(false);
  });

  it('try actions at both bounds and beyond, and some states twice', () => {
    const { quantities, states } = probe(subjectOf(), 200, 1);
    const [low, high] = [Math.fround(0.01), Math.fround(0.99)];
    expect(quantities.includes(low) && quantities.includes(high)).toBe(true);
    expect(Math.min(...quantities)).toBeLessThan(low);
    expect(Math.max(...quantities)).toBeGreaterThan(high);
    expect(states[150]).toEqual(states[50]);
    expect(quantities[152]).toBe(quantities[52]);
  });

  it('use a network that is the same in tensors and in the loop', () => {
    const network = randomNetwork(2, -2, 5);
    const found = tf.tidy(() => tensorValue(tf, network)(tf.tensor2d([[0.3, -1]])).dataSync()[0]);
    expect(Math.abs(found - scalarValue(network, [0.3, -1]))).toBeLessThan(1e-6);
    expect(scalarValue(randomNetwork(2, 1, 5), [0.3, -1])).not.toBe(scalarValue(network, [0.3, -1]));
  });
});

describe('Euler check', () => {
  it('holds the closed form to 1e-12 and the endogenous grid to 1e-5', () => {
    for (const [set, gate] of [
      [{}, 1e-12],
      [{ depreciation: 0.1 }, 1e-5],
    ] as const) {
      const cases = eulerCases(environments.economy('jesusfv', set), 1) ?? [];
      expect(cases.map(({ where, n, ok }) => ({ where, n, ok }))).toEqual([
        { where: 'evaluation states', n: 55, ok: true },
        { where: 'path', n: 500, ok: true },
      ]);
      for (const one of cases) expect(one.gate).toEqual({ mean: gate, max: gate });
    }
  });

  it('finds an oracle that eats a thousandth too much, and one that has not converged', () => {
    const economy = environments.economy('jesusfv/annual');
    const oracle = economy.oracle();
    if (oracle === undefined) throw new Error('jesusfv has an oracle');
    const greedy: typeof oracle = {
      ...oracle,
      act(state, actions) {
        oracle.act(state, actions);
        actions.household[0] *= 1.001;
      },
    };
    const vague = { ...oracle, solution: { ...oracle.solution, converged: false } };
    for (const wrong of [greedy, vague]) {
      const cases = eulerCases({ ...economy, oracle: () => wrong }, 1) ?? [];
      expect(cases.map(({ ok }) => ok)).toEqual([false, false]);
    }
  });
});

describe('checks as commands', () => {
  function run(
    command: typeof eulerErrorCheck | typeof tensorQCheck | typeof gradientsCheck,
    args: readonly string[],
  ) {
    const texts = { out: '', err: '' };
    const stream = (name: 'out' | 'err') => ({
      write: (text: string) => {
        texts[name] += text;
      },
    });
    return execute(command as typeof eulerErrorCheck, args, { out: stream('out'), err: stream('err') }).then(
      (code) => ({
        code,
        ...texts,
      }),
    );
  }

  it('end with one line of JSON and exit code 0', async () => {
    const { code, out, err } = await run(eulerErrorCheck, ['--env', 'jesusfv', '--json']);
    const result = JSON.parse(out);
    expect(code).toBe(0);
    expect(result.ok).toBe(true);
    // Two of the oracle, three of each way to solve the grid.
    expect(result.cases).toHaveLength(8);
    expect(err).toContain('evaluation states');
  });

  it('end with exit code 2 for what they do not know, naming what is near', async () => {
    const unknown = await run(tensorQCheck, ['--env', 'jesusfw']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('Did you mean "jesusfv"?');
    const setting = await run(eulerErrorCheck, ['--env', 'jesusfv', '--set', 'depriciation=0.2']);
    expect(setting.code).toBe(2);
    expect(setting.err).toContain('"depreciation"');
  });

  it('check every economy under every named calibration unless told otherwise', async () => {
    const all = await chosenEconomies({ env: undefined, module: undefined, set: [] });
    const ids = all.map(({ id }) => id);
    for (const id of ['jesusfv', 'jesusfv/annual', 'jesusfv-extended', 'jesusfv-extended/markov']) {
      expect(ids).toContain(id);
    }
    const [one] = await chosenEconomies({ env: 'jesusfv', module: undefined, set: ['depreciation=0.2'] });
    expect(one.calibration.depreciation).toBe(0.2);
  });

  it('end with exit code 2 for a tensor backend that this machine does not have', async ({ skip }) => {
    const { refused } = await chooseTensorBackend();
    skip(refused.length === 0, 'this machine has every tensor backend');
    const args = ['--backend', refused[0]?.name ?? '', '--env', 'jesusfv'];
    for (const command of [tensorQCheck, tensorTransitionCheck, gradientsCheck]) {
      const { code, out, err } = await run(command, command === gradientsCheck ? args.slice(0, 2) : args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`tensor backend "${refused[0].name}" does not work`);
    }
  });
});
