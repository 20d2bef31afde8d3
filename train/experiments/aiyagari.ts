/**
 * The table of Aiyagari (1994): net returns to capital and saving rates, when households save for themselves against risks to their incomes. Every cell is a stationary
 * equilibrium of `krusell-smith/aiyagari`, found by the endogenous-grid method and a histogram; his own numbers, of another program, stand beside.
 *
 *   npx tsx train/experiments/aiyagari.ts [--nodes N] [--json]
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { environments } from '../../envs/index.ts';
import { type CommandDefinition, runCommand } from '../../experiment/cli/command.ts';
import { outputOptions } from '../../experiment/cli/options.ts';
import { formatTable } from '../../experiment/cli/table.ts';
import { solveClassicalStationary } from '../../solvers/classical.ts';

const RISK_AVERSIONS = [1, 3, 5] as const;

/** Net returns in percent as Aiyagari (1994), Table II, prints them: a row for each persistence, by risk aversion. */
const PUBLISHED: readonly {
  readonly deviation: number;
  readonly rows: readonly { readonly persistence: number; readonly netReturns: readonly number[] }[];
}[] = [
  {
    deviation: 0.2,
    rows: [
      { persistence: 0, netReturns: [4.1666, 4.1456, 4.0858] },
      { persistence: 0.3, netReturns: [4.1365, 4.0432, 3.9054] },
      { persistence: 0.6, netReturns: [4.0912, 3.8767, 3.5857] },
      { persistence: 0.9, netReturns: [3.9305, 3.2903, 2.526] },
    ],
  },
  {
    deviation: 0.4,
    rows: [
      { persistence: 0, netReturns: [4.0649, 3.7816, 3.4177] },
      { persistence: 0.3, netReturns: [3.9554, 3.4188, 2.8032] },
      { persistence: 0.6, netReturns: [3.7567, 2.7835, 1.807] },
      { persistence: 0.9, netReturns: [3.3054, 1.2894, -0.3456] },
    ],
  },
];

/** Gap of saving rates: households' consumption is summed over a histogram, and the price is known to 1e-10. */
export const SAVING_TOLERANCE = 1e-5;

/** One equilibrium. Rates are shares, not percent. */
export interface AiyagariCell {
  readonly deviation: number;
  readonly persistence: number;
  readonly riskAversion: number;
  readonly netReturn: number;
  /** 1 - C / Y from what households consume, and alpha delta / (r + delta) from the price. */
  readonly savingRate: number;
  readonly impliedSavingRate: number;
  /** Net return in Aiyagari's table. */
  readonly published: number;
  readonly converged: boolean;
  readonly ok: boolean;
}

/**
 * Solves one cell on so many nodes of assets. Throws what the solver throws. Invariant: where firms are paid their marginal products and capital is all
 * that households hold, saving is delta K, and delta K / Y = alpha delta / (r + delta).
 */
export function aiyagariCell(options: {
  readonly deviation: number;
  readonly persistence: number;
  readonly riskAversion: number;
  readonly published: number;
  readonly nodes: number;
}): AiyagariCell {
  const { deviation, persistence, riskAversion, published, nodes } = options;
  const settings = { incomeDeviation: deviation, incomePersistence: persistence, riskAversion };
  const economy = environments.economy('krusell-smith/aiyagari', settings);
  const classical = economy.classical();
  const { capitalShare, depreciation } = economy.calibration as {
    readonly capitalShare: number;
    readonly depreciation: number;
  };
  if (classical?.kind !== 'stationary' || classical.output === undefined)
    throw new Error('aiyagari: the economy has a stationary equilibrium with production.');
  const { price, converged, meanConsumption } = solveClassicalStationary(classical, { assetNodes: nodes });
  const savingRate = 1 - meanConsumption / classical.output(price);
  const impliedSavingRate = (capitalShare * depreciation) / (price + depreciation);
  return {
    deviation,
    persistence,
    riskAversion,
    netReturn: price,
    savingRate,
    impliedSavingRate,
    published: published / 100,
    converged,
    ok: converged && Math.abs(savingRate - impliedSavingRate) <= SAVING_TOLERANCE,
  };
}

const options = z.strictObject({
  nodes: z.int().min(20).max(5000).default(200).meta({ description: 'nodes of assets', value: 'N' }),
  ...outputOptions,
});

type AiyagariOptions = z.output<typeof options>;

export const aiyagariCommand: CommandDefinition<AiyagariOptions> = {
  name: 'train/experiments/aiyagari.ts',
  summary:
    'Net returns and saving rates when households save against risky incomes, as in Table II of Aiyagari (1994).',
  options,
  async main({ nodes }, terminal) {
    const cells: AiyagariCell[] = [];
    for (const { deviation, rows } of PUBLISHED) {
      for (const { persistence, netReturns } of rows) {
        netReturns.forEach((published, i) => {
          const riskAversion = RISK_AVERSIONS[i];
          cells.push(aiyagariCell({ deviation, persistence, riskAversion, published, nodes }));
        });
        terminal.note(`${cells.length} of 24: deviation ${deviation}, persistence ${persistence}`);
      }
    }
    const failed = cells.filter(({ ok }) => !ok);
    const largest = Math.max(...cells.map((cell) => Math.abs(cell.savingRate - cell.impliedSavingRate)));
    terminal.print(
      [
        'Net return to capital in percent (in brackets that of Aiyagari 1994, Table II) / saving rate in percent of output',
        ...PUBLISHED.map(({ deviation }) => tableOf(deviation, cells)),
        failed.length === 0
          ? `every saving rate is alpha delta / (r + delta), the largest gap being ${largest.toExponential(1)}`
          : `${failed.length} of ${cells.length} cells FAIL: not converged, or a saving rate more than ${SAVING_TOLERANCE} from alpha delta / (r + delta)`,
      ].join('\n\n'),
    );
    return {
      result: { command: 'train/experiments/aiyagari.ts', nodes, ok: failed.length === 0, cells },
      exitCode: failed.length === 0 ? 0 : 1,
    };
  },
};

function tableOf(deviation: number, cells: readonly AiyagariCell[]): string {
  const own = cells.filter((cell) => cell.deviation === deviation);
  const percent = (share: number, digits: number) => (100 * share).toFixed(digits);
  const text = ({ netReturn, published, savingRate, ok }: AiyagariCell) =>
    `${percent(netReturn, 4)} (${percent(published, 4)}) / ${percent(savingRate, 2)}${ok ? '' : ' FAILS'}`;
  const rows = [...new Set(own.map(({ persistence }) => persistence))].map((persistence) => [
    String(persistence),
    ...own.filter((cell) => cell.persistence === persistence).map(text),
  ]);
  const header = ['persistence', ...RISK_AVERSIONS.map((sigma) => `risk aversion ${sigma}`)];
  return `standard deviation of log income ${deviation}\n\n${formatTable(rows, { header })}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(aiyagariCommand);
