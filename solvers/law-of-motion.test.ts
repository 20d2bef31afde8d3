import { describe, expect, it } from 'vitest';
import { createRng } from '../numerics/random.ts';
import {
  dynamicForecastError,
  fitLaw,
  forecast,
  type LawForm,
  type LawOfMotion,
  lawLines,
  lawSize,
  standingStill,
} from './law-of-motion.ts';

const logProductivity = Float64Array.of(-0.02, 0.01, 0.03);
const laws: readonly LawOfMotion[] = [
  { form: 'by-state', coefficients: Float64Array.of(0.08, 0.96, 0.09, 0.955, 0.1, 0.95) },
  { form: 'log-linear', coefficients: Float64Array.of(0.1, 0.93, 0.2) },
  { form: 'quadratic', coefficients: Float64Array.of(0.1, 0.9, 0.2, 0.01, -0.05, 0.3) },
];

function path(law: LawOfMotion, noise: number) {
  const rng = createRng(8).split(law.form);
  const states = Int32Array.from({ length: 400 }, () => rng.integer(3));
  const logCapital = new Float64Array(401).fill(1.8);
  for (let t = 0; t < 400; t++) {
    const next = forecast(law, logCapital[t], states[t], logProductivity[states[t]]);
    logCapital[t + 1] = next + noise * rng.normal();
  }
  return { logCapital, states, logProductivity };
}

describe('law of motion', () => {
  it.each(laws)('a path that follows a $form law shows it, to rounding', (law) => {
    const followed = path(law, 0);
    const { law: fitted, rSquared, residualDeviation } = fitLaw(law.form, followed, 5);
    // Regressors are nearly collinear: four digits of sixteen.
    law.coefficients.forEach((c, i) => {
      expect(Math.abs(fitted.coefficients[i] - c)).toBeLessThan(1e-9);
    });
    expect(rSquared).toBeGreaterThan(1 - 1e-12);
    expect(Math.max(...residualDeviation)).toBeLessThan(1e-12);
    expect(dynamicForecastError(law, followed, 0).max).toBe(0);
  });

  it('the smallest of the R2 of the states is reported, and each state has its own residuals', () => {
    const noisy = path(laws[0], 0.003);
    const { rSquared, rSquaredByState, residualDeviation } = fitLaw('by-state', noisy, 0);
    expect(rSquaredByState.length).toBe(3);
    expect(rSquared).toBe(Math.min(...rSquaredByState));
    // Innovations have .003; about 130 draws each.
    for (const deviation of residualDeviation) expect(Math.abs(deviation / 0.003 - 1)).toBeLessThan(0.2);
  });

  it('errors of one percent a period add up where the law is fed with itself', () => {
    const law = laws[1];
    const { logCapital, states } = path(law, 0);
    const biased = { form: law.form, coefficients: law.coefficients.map((c, i) => (i === 0 ? c + 0.01 : c)) };
    const { mean, max } = dynamicForecastError(biased, { logCapital, states, logProductivity }, 0);
    // The sum of .93^i percent.
    expect(max).toBeCloseTo((1 - 0.93 ** 400) / 0.07, 8);
    expect(mean).toBeGreaterThan(0.9 * max);
  });

  it.each(['by-state', 'log-linear', 'quadratic'] as const)(
    '%s starts from capital that stays, and lists every coefficient',
    (form: LawForm) => {
      const start = standingStill(form, 3);
      for (let z = 0; z < 3; z++) expect(forecast(start, 1.7, z, logProductivity[z])).toBe(1.7);
      const law = { form, coefficients: Float64Array.from({ length: lawSize(form, 3) }, (_, i) => i + 1) };
      const listed = lawLines(law).flatMap((line) => [
        line.constant,
        line.logCapital,
        ...(line.logProductivity === null ? [] : [line.logProductivity]),
        ...(line.quadratic ?? []),
      ]);
      expect(listed).toEqual([...law.coefficients]);
    },
  );

  it('names a state that is too rare, and a productivity that does not move', () => {
    const { logCapital } = path(laws[1], 0);
    const states = new Int32Array(400);
    expect(() => fitLaw('by-state', { logCapital, states, logProductivity }, 0)).toThrow(
      /aggregate state 1 occurs 0 times from period 0/,
    );
    expect(() => fitLaw('log-linear', { logCapital, states, logProductivity }, 0)).toThrow(
      /column 2 .* depends/,
    );
    expect(() => dynamicForecastError(laws[1], { logCapital, states, logProductivity }, 400)).toThrow(
      /first period/,
    );
  });
});
