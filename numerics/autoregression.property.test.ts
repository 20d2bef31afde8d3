import fc from 'fast-check';
import { describe, it } from 'vitest';
import { rouwenhorst, tauchen, tauchenTrimmed } from './autoregression.ts';
import { type MarkovChain, stationary } from './markov.ts';
import { holds, magnitudes, numbers, requireBetween, requireNear } from './testing/property.ts';

/** Sums over up to forty states, in units of the process. */
const ROUNDING = 1e-11;

/** From white noise, and alternation, to next to a unit root; of any size, and far from zero. */
const processes = fc.record({
  persistence: fc.oneof(
    numbers(-0.99, 0.99),
    magnitudes(-6, -2).map((gap) => 1 - gap),
  ),
  stationaryDeviation: magnitudes(-6, 6),
  mean: numbers(-100, 100),
  n: fc.integer({ min: 2, max: 40 }),
});
type Process = typeof processes extends fc.Arbitrary<infer P> ? P : never;

/** Rounding of levels, which lie about the mean. */
const scaleOf = ({ mean, stationaryDeviation, n }: Process) =>
  Math.abs(mean) + stationaryDeviation * Math.sqrt(n);

function expectRows({ transition, n }: MarkovChain): void {
  for (let i = 0; i < n; i++) {
    const row = transition.subarray(i * n, i * n + n);
    for (const p of row) requireBetween(p, { low: 0, high: 1, slack: ROUNDING }, `row ${i}`);
    requireNear(
      row.reduce((a, b) => a + b, 0),
      1,
      ROUNDING,
      `sum of row ${i}`,
    );
  }
}

/** E[x' | state i], by row. */
function conditionalMeans({ levels, transition, n }: MarkovChain): Float64Array {
  return levels.map((_, i) => levels.reduce((sum, level, j) => sum + transition[i * n + j] * level, 0));
}

describe('a discretised autoregression', () => {
  it('has rows that sum to one and levels that rise, by every method', () => {
    holds(
      fc.property(processes, (process) => {
        for (const method of [rouwenhorst, tauchen, tauchenTrimmed]) {
          const chain = method(process);
          expectRows(chain);
          for (let i = 1; i < chain.n; i++) {
            // A deviation of 1e-6 about a mean of 100 has a step of 1e-7 at least.
            if (!(chain.levels[i] > chain.levels[i - 1]))
              throw new Error(`level ${i} is not above the one before`);
          }
          const middle = (chain.levels[0] + chain.levels[chain.n - 1]) / 2;
          requireNear(middle, process.mean, ROUNDING * scaleOf(process), 'middle');
        }
      }),
    );
  });

  it("by Rouwenhorst's method has the process's conditional mean and variance in every state", () => {
    holds(
      fc.property(processes, (process) => {
        const { persistence: rho, mean, stationaryDeviation } = process;
        const chain = rouwenhorst(process);
        const { levels, transition, n } = chain;
        const scale = scaleOf(process);
        const innovation = (1 - rho * rho) * stationaryDeviation ** 2;
        conditionalMeans(chain).forEach((next, i) => {
          requireNear(next, (1 - rho) * mean + rho * levels[i], ROUNDING * scale, `mean after state ${i}`);
          let variance = 0;
          for (let j = 0; j < n; j++) variance += transition[i * n + j] * (levels[j] - next) ** 2;
          requireNear(variance, innovation, ROUNDING * scale ** 2, `variance after state ${i}`);
        });
      }),
    );
  });

  it("by Rouwenhorst's method has the process's stationary mean, variance and autocorrelation", () => {
    holds(
      fc.property(processes, (process) => {
        const { persistence: rho, mean, stationaryDeviation } = process;
        const chain = rouwenhorst(process);
        const pi = stationary(chain);
        const next = conditionalMeans(chain);
        const [average, variance, covariance] = [0, 1, 2].map((moment) =>
          chain.levels.reduce((sum, level, i) => {
            const deviation = level - mean;
            return sum + pi[i] * [level, deviation ** 2, deviation * (next[i] - mean)][moment];
          }, 0),
        );
        const scale = scaleOf(process);
        requireNear(average, mean, ROUNDING * scale, 'mean');
        requireNear(variance, stationaryDeviation ** 2, ROUNDING * scale ** 2, 'variance');
        requireNear(covariance, rho * stationaryDeviation ** 2, ROUNDING * scale ** 2, 'covariance');
      }),
    );
  });

  it("by Tauchen's method moves up with the state where shocks last: each row dominates the one below", () => {
    holds(
      fc.property(processes, numbers(0.5, 6), (process, width) => {
        const persistence = Math.abs(process.persistence);
        const { transition, n } = tauchen({ ...process, persistence, width });
        for (let i = 1; i < n; i++) {
          let [below, here] = [0, 0];
          for (let j = 0; j < n; j++) {
            below += transition[(i - 1) * n + j];
            here += transition[i * n + j];
            requireBetween(here, { low: 0, high: below, slack: ROUNDING }, `row ${i}, up to ${j}`);
          }
        }
      }),
    );
  });

  it("by Tauchen's methods has the process's conditional mean where the grid is fine and wide, next to the middle", () => {
    // Even nodes no further apart than an innovation's deviation sum a normal density almost exactly; six deviations hold almost all.
    const fine = fc.record({
      persistence: numbers(-0.9, 0.9),
      mean: numbers(-1, 1),
      n: fc.integer({ min: 30, max: 60 }),
    });
    holds(
      fc.property(fine, (options) => {
        for (const method of [tauchen, tauchenTrimmed]) {
          const chain = method({ ...options, stationaryDeviation: 1, width: 6 });
          const { persistence: rho, mean } = options;
          conditionalMeans(chain).forEach((next, i) => {
            const expected = mean + rho * (chain.levels[i] - mean);
            if (Math.abs(chain.levels[i] - mean) < 1)
              requireNear(next, expected, 1e-5, `mean after state ${i}`);
          });
        }
      }),
    );
  });

  it("by Tauchen's methods is symmetric about the mean", () => {
    holds(
      fc.property(processes, numbers(0.5, 6), (process, width) => {
        for (const method of [tauchen, tauchenTrimmed]) {
          const { transition, n } = method({ ...process, width });
          for (let k = 0; k < n * n; k++) {
            requireNear(transition[k], transition[n * n - 1 - k], ROUNDING, `entry ${k}`);
          }
        }
      }),
    );
  });
});
