import { beforeAll, describe, expect, it } from 'vitest';
import type { Tf } from '../../core/capabilities.ts';
import { checkEconomy } from '../../core/check-economy.ts';
import { gaussHermite } from '../../numerics/quadrature.ts';
import { createRng } from '../../numerics/random.ts';
import { chooseTensorBackend } from '../../tensor/backend.ts';
import type { MarlBcState } from './part.ts';
import { referenceTable } from './reference/read.ts';
import { tensorPeriod } from './tensor.ts';
import { chosenModelOf, economyOf, isChosen, walk } from './test-fixtures.ts';

/** A handful of float32 roundings, relative. */
const FLOAT32 = 1e-5;

let tensors: Tf;
beforeAll(async () => {
  tensors = (await chooseTensorBackend({ request: 'cpu' })).tf as unknown as Tf;
});

describe('the MARL-BC economies on tensors', () => {
  it('move every household as the golden transitions say', () => {
    const rows = referenceTable('transition_golden.csv');
    for (const name of new Set(rows.map(({ text }) => text.case))) {
      const own = rows.filter(({ text }) => text.case === name).map(({ numbers }) => numbers);
      const column = (key: string) => own.map((row) => row[key]);
      const model = {
        ...chosenModelOf(economyOf('rbc-typical', { households: own.length, depreciation: own[0].delta })),
        productivities: {
          capital: Float64Array.from(column('kappa')),
          labour: Float64Array.from(column('lambda')),
          differ: { capital: true, labour: true },
          // Not seen by a period.
          places: { capital: new Float64Array(own.length), labour: new Float64Array(own.length) },
        },
      };
      const found = tensorPeriod(tensors, model, {
        capital: tensors.tensor2d([column('k')]),
        labour: tensors.tensor2d([column('labour')]),
        productivity: tensors.tensor2d([[own[0].A]]),
        shares: tensors.tensor2d([column('c_frac')]),
      });
      for (const [tensor, key] of [
        [found.wealth, 'wealth'],
        [found.consumption, 'consumption'],
        [found.nextCapital, 'k_next'],
        [found.rewards, 'reward'],
      ] as const) {
        Array.from(tensor.dataSync()).forEach((value, i) => {
          expect(Math.abs(value / column(key)[i] - 1)).toBeLessThan(FLOAT32);
        });
      }
      expect(Math.abs(found.output.dataSync()[0] / own[0].Y - 1)).toBeLessThan(FLOAT32);
    }
  });

  it('have all successors, probabilities and rewards of the loop, where these can be listed', async () => {
    for (const [calibration, set] of [
      ['rbc-typical', { productivityDeviation: 0, households: 3, riskAversion: 2 }],
      ['rbc-het', { productivityDeviation: 0, timing: 'act-first' }],
      ['ks', { households: 2, counts: 'independent' }],
      ['ks-het', { households: 3, counts: 'independent' }],
    ] as const) {
      const report = await checkEconomy(economyOf(calibration, set), { tensors, steps: 3, seeds: [1] });
      expect(report.failures).toEqual([]);
      const found = report.checks.find(({ name }) => name.startsWith('E9'));
      expect(found?.passed).toBeGreaterThan(0);
    }
  });

  it('stand for a normal draw by seven nodes, each what the loop does if that is drawn', () => {
    const economy = economyOf('rbc-het');
    const twin = economy.tensor();
    if (twin === undefined) throw new Error('it has a twin');
    const { state, actions, rewards } = walk(economy, [0.2, 0.3]);
    const rng = createRng(1);
    actions.household.forEach((_, i) => {
      actions.household[i] = rng.between(0.05, 0.9);
    });
    const coordinates = twin.toCoordinates(state);
    const seen = tensors.tensor2d([[...twin.normaliseState(coordinates)]]);
    const found = twin.transition(tensors, seen, tensors.tensor2d([Array.from(actions.household)]));
    const { nodes, weights } = gaussHermite(7);
    const next = found.next.arraySync()[0];
    nodes.forEach((node, e) => {
      const after = copy(state);
      economy.definition.step({
        model: economy.model,
        state: after,
        actions,
        rewards,
        rng: { ...createRng(1), normal: () => node },
      });
      twin.toCoordinates(after).forEach((value, d) => {
        expect(Math.abs(next[e][d] - value)).toBeLessThan(FLOAT32 * Math.max(1, Math.abs(value)));
      });
      expect(found.probabilities.dataSync()[e]).toBeCloseTo(weights[e], 7);
    });
    Array.from(found.rewards.dataSync()).forEach((reward, i) => {
      expect(Math.abs(reward - rewards.household[i])).toBeLessThan(FLOAT32 * 10);
    });
  });

  it('tell what an action is worth: Q by one call of the value, for every household', () => {
    const economy = economyOf('rbc-typical', { households: 2 });
    const twin = economy.tensor();
    if (twin === undefined) throw new Error('it has a twin');
    const { state } = walk(economy, [0.2, 0.3]);
    const seen = tensors.tensor2d([[...twin.normaliseState(twin.toCoordinates(state))]]);
    const q = (share: number, value: number) =>
      Array.from(
        twin
          .q(tensors, seen, tensors.tensor2d([[share, 0.2, 0.3, 0.2]]), (rows) =>
            tensors.fill([rows.shape[0], 1], value),
          )
          .dataSync(),
      );
    const [none, some] = [q(0.2, 0), q(0.2, -10)];
    some.forEach((value, i) => {
      expect(value).toBeCloseTo(none[i] - 9.5, 4);
    });
    expect(q(0.3, 0)[0] - none[0]).toBeCloseTo(Math.log(1.5), 4);
    expect(q(0.3, 0)[1]).toBeCloseTo(none[1], 6);
  });

  it('are differentiable in labour and shares: a household that takes its price effects into account', () => {
    const model = chosenModelOf(economyOf('rbc-typical', { households: 2 }));
    const wealthOf = (labour: number) =>
      tensorPeriod(tensors, model, {
        capital: tensors.tensor2d([[1, 2]]),
        labour: tensors.tensor2d([[labour, 0.2]]),
        productivity: tensors.tensor2d([[1]]),
        shares: tensors.tensor2d([[0.2, 0.2]]),
      }).wealth.dataSync()[0];
    const slope = tensors
      .grad((labour) =>
        tensors.sum(
          tensorPeriod(tensors, model, {
            capital: tensors.tensor2d([[1, 2]]),
            labour: labour as ReturnType<typeof tensors.tensor2d>,
            productivity: tensors.tensor2d([[1]]),
            shares: tensors.tensor2d([[0.2, 0.2]]),
          }).wealth.slice([0, 0], [1, 1]),
        ),
      )(tensors.tensor2d([[0.3, 0.2]]))
      .dataSync()[0];
    expect(slope).toBeCloseTo((wealthOf(0.31) - wealthOf(0.29)) / 0.02, 2);
  });

  it('are left out where they cannot be: many households with jobs, choices before the draw', () => {
    expect(economyOf('ks').tensor()).toBeUndefined();
    expect(economyOf('rbc-typical', { timing: 'act-first' }).tensor()).toBeUndefined();
    expect(economyOf('rbc-typical').enumerable()).toBeUndefined();
    expect(
      economyOf('ks', { households: 2, counts: 'independent', timing: 'act-first' }).enumerable(),
    ).toBeUndefined();
  });
});

function copy(state: MarlBcState): MarlBcState {
  if (!isChosen(state)) throw new Error('labour is chosen');
  return { ...state, capital: state.capital.slice(), lastLabour: state.lastLabour.slice() };
}
