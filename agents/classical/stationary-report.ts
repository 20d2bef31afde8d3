import type { AgentReport } from '../../core/agent.ts';
import type { ClassicalStationary } from '../../core/classical.ts';
import type { StationaryEquilibrium } from '../../solvers/stationary.ts';
import { lorenzCurve, marginalPropensities, wealthMeasures } from '../../solvers/wealth.ts';
import {
  consumptionChart,
  nearlyAll,
  wealthBlocks,
  wealthCharts,
  wealthFacts,
  wealthTables,
} from '../../solvers/wealth-report.ts';

/** A windfall, as a share of mean consumption. */
const WINDFALL = 0.01;

/** What is said of a stationary equilibrium: its price, who holds what, and, with production, the saving rate. */
export function stationaryReport(
  { economy, price, depreciation, output }: ClassicalStationary,
  found: StationaryEquilibrium,
): AgentReport {
  const { assets, distribution, consumption, meanAssets, meanConsumption, residual, iterations } = found;
  const section = { assets, distribution };
  const wealth = wealthMeasures(section);
  const isPositive = wealth.mean > 0 && assets[0] >= 0;
  const lorenz = isPositive ? lorenzCurve(section) : undefined;
  const propensities = marginalPropensities(section, consumption, {
    windfall: WINDFALL * meanConsumption,
    grossReturn: economy.grossReturn(found.price),
  });
  const produced = output?.(found.price);
  const savingRate =
    depreciation === undefined || produced === undefined ? undefined : (depreciation * meanAssets) / produced;
  return {
    json: {
      iterations,
      lastChange: residual,
      prices: { [price.name]: found.price },
      meanCapital: meanAssets,
      meanConsumption,
      ...(produced === undefined ? {} : { meanOutput: produced }),
      ...(savingRate === undefined ? {} : { savingRate }),
      ...wealthBlocks(wealth, propensities),
    },
    facts: [
      // What assets cost is no rate.
      economy.assetPrice === undefined
        ? [inWords(price.name), `${(100 * found.price).toFixed(4)} %`]
        : [inWords(price.name), found.price.toFixed(6)],
      ['mean assets', meanAssets.toFixed(4)],
      ...(savingRate === undefined
        ? []
        : [['saving rate', `${(100 * savingRate).toFixed(3)} % of output`] as const]),
      ['excess assets', residual.toExponential(1)],
      ...wealthFacts(wealth, propensities),
    ],
    tables: lorenz === undefined ? [] : wealthTables(lorenz, wealth, propensities),
    charts: [
      consumptionChart({
        assets,
        consumption,
        incomes: Array.from({ length: economy.ownStates }, (_, e) => economy.income(found.price, e)),
        upTo: nearlyAll(wealth) ?? assets[assets.length - 1],
        caption: 'By income other than from assets, up to the assets of the richest hundredth.',
      }),
      ...(lorenz === undefined ? [] : wealthCharts(lorenz, wealth, propensities)),
    ],
  };
}

function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
