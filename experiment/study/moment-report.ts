/** Business-cycle moments as a table. */
import type { Column, Table } from '../../core/index.ts';
import { type Filter, filterText } from './filter.ts';
import type { Estimate, Moments, VariableMoments } from './moments.ts';

/** Names of the columns of correlations at the leads -1, 0 and 1. */
const CORRELATIONS = ['correlationBefore', 'correlation', 'correlationAfter'] as const;

type Pick = (variable: VariableMoments) => Estimate | null | undefined;

/**
 * One row a variable: each moment's mean over paths and, as `<moment>.spread`, its standard deviation across paths; the optimum's stand
 * beside as `optimal.<moment>`, and the filter in the title. Standard deviations are in percent for the measure `log`, in the variable's unit for `level`.
 */
export function momentTable(options: {
  readonly own: Moments;
  readonly optimal: Moments | undefined;
  readonly filter: Filter;
}): Table {
  const { own, optimal, filter } = options;
  const { variables } = own;
  const text = (name: string, value: (variable: VariableMoments) => string): Column => ({
    name,
    label: name,
    unit: '',
    values: variables.map(value),
  });
  const moments = (prefix: string, of: (variable: VariableMoments) => VariableMoments | undefined) => {
    const columns = (name: string, pick: Pick): readonly Column[] => {
      const estimates = variables.map((variable) => {
        const found = of(variable);
        return found === undefined ? null : (pick(found) ?? null);
      });
      return [
        { name: `${prefix}${name}`, label: name, unit: '', values: estimates.map((e) => e?.mean ?? null) },
        {
          name: `${prefix}${name}.spread`,
          label: `${name}, s.d. across paths`,
          unit: '',
          values: estimates.map((e) => e?.deviation ?? null),
        },
      ];
    };
    return [
      {
        name: `${prefix}mean`,
        label: 'mean',
        unit: '',
        values: variables.map((variable) => of(variable)?.mean ?? null),
      },
      ...columns('standardDeviation', (v) => v.standardDeviation),
      ...columns('relative', (v) => v.relative),
      ...columns('autocorrelation', (v) => v.autocorrelation),
      ...(own.reference === null
        ? []
        : CORRELATIONS.flatMap((name, i) => columns(name, (v) => v.correlations[i]?.estimate))),
    ];
  };
  return {
    name: 'moments',
    title: `Business-cycle moments, ${filterText(filter)}`,
    columns: [
      text('variable', ({ name }) => name),
      text('label', ({ label }) => label),
      text('unit', ({ unit }) => unit),
      text('measure', ({ measure }) => measure),
      ...moments('', (variable) => variable),
      ...(optimal === undefined
        ? []
        : moments('optimal.', ({ name }) => optimal.variables.find((other) => other.name === name))),
    ],
  };
}
