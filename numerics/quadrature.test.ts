import { describe, expect, it } from 'vitest';
import { gaussHermite, gaussLegendre, type QuadratureRule } from './quadrature.ts';

/** Rounding of sums of up to a hundred terms; relative. */
const ROUNDING = 1e-12;

function integrate({ nodes, weights }: QuadratureRule, f: (x: number) => number): number {
  return nodes.reduce((sum, x, i) => sum + weights[i] * f(x), 0);
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual / expected - 1);
}

/** E X^k of a standard normal: (k - 1)!! for even k. */
function normalMoment(k: number): number {
  let moment = 1;
  for (let i = k - 1; i > 1; i -= 2) moment *= i;
  return moment;
}

describe('Gauss-Hermite quadrature', () => {
  it('is exact for the moments of a normal up to order 2n - 1, and not beyond', () => {
    for (const n of [1, 2, 5, 10, 21, 50]) {
      const rule = gaussHermite(n);
      for (let k = 0; k < 2 * n; k += 2) {
        expect(
          relative(
            integrate(rule, (x) => x ** k),
            normalMoment(k),
          ),
        ).toBeLessThan(ROUNDING);
      }
      // The first moment missed falls short by n! of (2n - 1)!!.
      if (n <= 10) {
        const missed = integrate(rule, (x) => x ** (2 * n)) - normalMoment(2 * n);
        const factorial = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
        expect(relative(missed, -factorial)).toBeLessThan(1e-6);
      }
    }
  });

  it('gives the mean of a lognormal, E exp(sigma X) = exp(sigma^2 / 2)', () => {
    expect(
      relative(
        integrate(gaussHermite(20), (x) => Math.exp(0.8 * x)),
        Math.exp(0.32),
      ),
    ).toBeLessThan(ROUNDING);
  });

  it("agrees with NumPy's nodes and weights, the smallest weight to full relative accuracy", () => {
    // numpy 2.4.6, polynomial.hermite_e.hermegauss, weights over their sum.
    const five = gaussHermite(5);
    expect(relative(five.nodes[4], 2.8569700138728056)).toBeLessThan(ROUNDING);
    expect(relative(five.weights[4], 0.011257411327720677)).toBeLessThan(ROUNDING);
    const fifty = gaussHermite(50);
    expect(relative(fifty.nodes[49], 12.985884455415558)).toBeLessThan(ROUNDING);
    expect(relative(fifty.nodes[26], 0.6633496795082918)).toBeLessThan(ROUNDING);
    expect(relative(fifty.weights[26], 0.14168541324994377)).toBeLessThan(ROUNDING);
    // A rounding of the node moves this weight by x^2 / 2 = 84 times as much, in NumPy's too.
    expect(relative(fifty.weights[49], 1.0346075005769956e-37)).toBeLessThan(100 * ROUNDING);
  });

  it('is symmetric to the last bit, so that odd functions integrate to zero', () => {
    const { nodes, weights } = gaussHermite(11);
    expect(nodes[5]).toBe(0);
    for (let i = 0; i < 5; i++) {
      expect(nodes[i]).toBe(-nodes[10 - i]);
      expect(weights[i]).toBe(weights[10 - i]);
    }
  });
});

describe('Gauss-Legendre quadrature', () => {
  it('is exact for powers up to order 2n - 1 on any interval', () => {
    for (const n of [1, 2, 7, 40]) {
      const rule = gaussLegendre(n, 1, 3);
      for (let k = 0; k < 2 * n; k++) {
        const exact = (3 ** (k + 1) - 1) / (k + 1);
        expect(
          relative(
            integrate(rule, (x) => x ** k),
            exact,
          ),
        ).toBeLessThan(ROUNDING);
      }
    }
  });

  it("agrees with NumPy's nodes and weights", () => {
    // numpy 2.4.6, polynomial.legendre.leggauss(7), upper half.
    const { nodes, weights } = gaussLegendre(7);
    const storedNodes = [0, 0.4058451513773972, 0.7415311855993945, 0.9491079123427586];
    const storedWeights = [0.4179591836734693, 0.3818300505051187, 0.27970539148927687, 0.12948496616886973];
    storedNodes.forEach((x, i) => {
      expect(Math.abs(nodes[3 + i] - x)).toBeLessThan(1e-14);
      expect(Math.abs(weights[3 + i] - storedWeights[i])).toBeLessThan(1e-14);
    });
  });
});

describe('errors', () => {
  it('name the number of nodes or the ends', () => {
    expect(() => gaussHermite(0)).toThrow(/n is 0; give a whole number in 1..100/);
    expect(() => gaussHermite(101)).toThrow(/n is 101/);
    expect(() => gaussLegendre(3, 1, 1)).toThrow(/ends are 1 and 1/);
    expect(() => gaussLegendre(3, Number.NaN, 1)).toThrow(/low is NaN/);
  });
});
