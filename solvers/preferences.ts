/** Utility with constant relative risk aversion, its derivative and the derivative's inverse; the common sigma without a power. */

/** u(c) = (c^(1 - sigma) - 1) / (1 - sigma), log c at sigma = 1. Invariant: u(1) = 0. Hot. */
export function utility(consumption: number, riskAversion: number): number {
  if (riskAversion === 1) return Math.log(consumption);
  return (consumption ** (1 - riskAversion) - 1) / (1 - riskAversion);
}

/** u'(c) = c^-sigma. Hot. */
export function marginalUtility(consumption: number, riskAversion: number): number {
  if (riskAversion === 1) return 1 / consumption;
  if (riskAversion === 2) return 1 / (consumption * consumption);
  if (riskAversion === 3) return 1 / (consumption * consumption * consumption);
  return consumption ** -riskAversion;
}

/** The c at which u'(c) = x, x^(-1/sigma). Hot. Invariant: undoes `marginalUtility` within rounding. */
export function consumptionAt(marginal: number, riskAversion: number): number {
  if (riskAversion === 1) return 1 / marginal;
  if (riskAversion === 2) return 1 / Math.sqrt(marginal);
  if (riskAversion === 3) return 1 / Math.cbrt(marginal);
  return marginal ** (-1 / riskAversion);
}
