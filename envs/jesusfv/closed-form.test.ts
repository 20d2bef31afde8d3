import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../core/registry.ts';
import { closedForm } from './closed-form.ts';
import { jesusfv } from './economy.ts';
import { type GrowthModel, output } from './model.ts';
import { readTable } from './reference/read.ts';

/** Linear systems of five equations in float64. */
const EXACT = 1e-12;

/** The reference has alpha = 0.33333333333 (eleven 3s, 3e-12 off); values move by its product with 20 / (1 - beta). */
const ELEVEN_THREES = 1e-9;

/** The programs stop at a value change of 1e-7, which leaves an error of 1e-7 beta / (1 - beta). */
const STOPPING_ERROR = 1.95e-6;

/** The benchmark's policy against the exact one: half a grid step, 5e-6, and its stopping rule. */
const GRID_POLICY = 6.5e-6;

function modelOf(set: Readonly<Record<string, unknown>> = {}): GrowthModel {
  return instantiate(jesusfv, { set }).model as GrowthModel;
}

const summary = JSON.parse(readFileSync(new URL('reference/summary.json', import.meta.url), 'utf8'));
const table = readTable(new URL('reference/value-iteration.csv', import.meta.url));

describe('closed form at full depreciation', () => {
  it('saves alpha beta of output in every state where rows sum to one', () => {
    for (const set of [{}, { capitalShare: 0.6, discountFactor: 0.8 }]) {
      const model = modelOf(set);
      for (const share of closedForm(model).savingShare) {
        expect(Math.abs(share - model.capitalShare * model.discountFactor)).toBeLessThan(EXACT);
      }
    }
  });

  it('has B = alpha / (1 - alpha beta) and is worth -19.0579648 at k = 0.2, z = 1', () => {
    const { slope, value } = closedForm(modelOf());
    for (const b of slope) expect(Math.abs(b - 1 / 3 / (1 - 0.95 / 3))).toBeLessThan(EXACT);
    expect(Math.abs(value({ capital: 0.2, productivity: 2 }) + 19.0579648)).toBeLessThan(5e-8);
  });

  it('satisfies the Bellman equation, with normalised and published rows alike', () => {
    for (const transition of ['normalised', 'published']) {
      const model = modelOf({ transition });
      const { value, savingShare } = closedForm(model);
      for (let z = 0; z < 5; z++) {
        const state = { capital: 0.17, productivity: z };
        const y = output(model, state);
        const next = savingShare[z] * y;
        let right = Math.log(y - next);
        for (let to = 0; to < 5; to++) {
          right += 0.95 * model.transition[z * 5 + to] * value({ capital: next, productivity: to });
        }
        expect(Math.abs(right - value(state))).toBeLessThan(EXACT * 100);
      }
    }
  });

  it('saves s(z) = 0.3166981 in the middle state of the published rows, and the textbook share at the ends', () => {
    const { savingShare } = closedForm(modelOf({ transition: 'published' }));
    const stored = summary.closed_form_value.as_published_rows.saving_share;
    savingShare.forEach((s, z) => {
      expect(Math.abs(s - stored[z])).toBeLessThan(ELEVEN_THREES);
    });
    expect(Math.abs(savingShare[2] - 0.3166981)).toBeLessThan(5e-8);
    expect(Math.abs(savingShare[1] - 0.31666689)).toBeLessThan(5e-9);
    expect(Math.abs(savingShare[0] - 0.31666667)).toBeLessThan(5e-9);
  });

  it('has the stored coefficients A and B in the benchmark scaling, for both versions of the third row', () => {
    const cases = [
      ['published', summary.closed_form_value.as_published_rows],
      ['normalised', summary.closed_form_value.normalised_row3],
    ] as const;
    for (const [transition, { A, B }] of cases) {
      const { constant, slope } = closedForm(modelOf({ transition }));
      for (let z = 0; z < 5; z++) {
        expect(Math.abs(0.05 * constant[z] - A[z])).toBeLessThan(ELEVEN_THREES);
        expect(Math.abs(0.05 * slope[z] - B[z])).toBeLessThan(ELEVEN_THREES);
      }
    }
  });

  it('explains the policy and value that the benchmark program finds on its grid', () => {
    const model = modelOf({ transition: 'published' });
    const { savingShare, value } = closedForm(model);
    expect(table.length).toBe(190);
    for (const row of table) {
      const state = { capital: row.k, productivity: row.z_index };
      const policy = savingShare[row.z_index] * output(model, state);
      expect(Math.abs(policy - row.policy_kprime)).toBeLessThan(GRID_POLICY);
      expect(Math.abs(0.05 * value(state) - row.value)).toBeLessThan(STOPPING_ERROR);
    }
  });

  it('explains the printed check value 0.146549 within half a grid step, which the textbook rule misses by a full one', () => {
    const check = table.find((row) => row.capital_index === 999 && row.z_index === 2);
    expect(check?.policy_kprime).toBeCloseTo(summary.check.kprime, 12);
    const y = output(modelOf(), { capital: check?.k ?? Number.NaN, productivity: 2 });
    const { savingShare } = closedForm(modelOf({ transition: 'published' }));
    expect(Math.abs(savingShare[2] * y - summary.check.kprime)).toBeLessThan(5e-6);
    expect(Math.abs((0.95 / 3) * y - summary.check.kprime)).toBeGreaterThan(1e-5);
  });
});
