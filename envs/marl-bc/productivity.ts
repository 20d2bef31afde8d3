import type { MarlBcCalibration } from './calibration.ts';

/** kappa_i and lambda_i, [n] each. Treat as read only. */
export interface Productivities {
  readonly capital: Float64Array;
  readonly labour: Float64Array;
  /** Whether households differ in either: what is the same for all tells a household nothing. */
  readonly differ: { readonly capital: boolean; readonly labour: boolean };
  /** Place of each in its range, from -1 to 1, [n]; 0 where all are the same. */
  readonly places: { readonly capital: Float64Array; readonly labour: Float64Array };
}

/** Classes of capital productivity: level and share of households (the authors' code, KS_HET). */
const CLASSES = { low: [0.25, 0.15], middle: 1, high: [1.5, 0.15] } as const;

/**
 * Who is how productive. On a grid of g x g, household g i + j has the i-th kappa and the j-th lambda, both equally spaced from the lowest to the
 * highest, 1 in the middle of a grid of one. In classes the least productive come first, shares rounded up. Throws nothing for a valid
 * calibration. Invariant: on a grid every pair comes once.
 */
export function productivities(calibration: MarlBcCalibration): Productivities {
  const { heterogeneity, households: n } = calibration;
  const capital = new Float64Array(n).fill(1);
  const labour = new Float64Array(n).fill(1);
  if (heterogeneity === 'grid') {
    const g = Math.round(Math.sqrt(n));
    const [kappas, lambdas] = [
      spread(calibration.capitalProductivityLow, calibration.capitalProductivityHigh, g),
      spread(calibration.labourProductivityLow, calibration.labourProductivityHigh, g),
    ];
    for (let i = 0; i < n; i++) {
      capital[i] = kappas[Math.floor(i / g)];
      labour[i] = lambdas[i % g];
    }
  }
  if (heterogeneity === 'classes') {
    const [low, high] = [CLASSES.low, CLASSES.high].map(([, share]) =>
      Math.max(1, Math.ceil(share * n - 1e-9)),
    );
    capital.fill(CLASSES.middle);
    capital.fill(CLASSES.low[0], 0, low);
    capital.fill(CLASSES.high[0], n - high);
  }
  return {
    capital,
    labour,
    differ: { capital: differs(capital), labour: differs(labour) },
    places: { capital: places(capital), labour: places(labour) },
  };
}

function spread(low: number, high: number, n: number): readonly number[] {
  if (n === 1) return [1];
  return Array.from({ length: n }, (_, i) => (i === n - 1 ? high : low + ((high - low) * i) / (n - 1)));
}

function places(values: Float64Array): Float64Array {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return values.map((value) => (high > low ? (2 * (value - low)) / (high - low) - 1 : 0));
}

function differs(values: Float64Array): boolean {
  return values.some((value) => value !== values[0]);
}
