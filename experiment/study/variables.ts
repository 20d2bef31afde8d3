/** The variables of a simulated economy, whatever the economy: where they come from, what they are called, which come first. */
import type { BatchedEnv, Economy, EconomyState, Quantity, Series } from '../../core/index.ts';

/** Where a variable comes from. What `info` says about a state variable (the level of an index) stands for that variable. */
export type Role = 'state' | 'info' | 'accounts' | 'action' | 'reward';

export interface Variable extends Quantity {
  /** e.g. `capital`, `fisher.catchShare`. */
  readonly name: string;
  readonly role: Role;
  /** [paths, periods], row-major; NaN where there is no value. */
  readonly values: Float64Array;
}

/** Words and unit of a variable: the author's, else the name in words without a unit. `type.name` takes those of `name`. */
export function quantityOf(economy: Economy, name: string): Quantity {
  const { variables } = economy;
  if (Object.hasOwn(variables, name)) return pick(variables[name]);
  const dot = name.indexOf('.');
  const rest = name.slice(dot + 1);
  if (dot > 0 && Object.hasOwn(variables, rest)) {
    const { label, unit } = variables[rest];
    return { label: `${wordsOf(name.slice(0, dot))}: ${label}`, unit };
  }
  return { label: wordsOf(name), unit: '' };
}

function pick({ label, unit }: Quantity): Quantity {
  return { label, unit };
}

/** `nextCapital` as `next capital`, `household.taxRate` as `household: tax rate`. */
export function wordsOf(name: string): string {
  return name
    .replaceAll('.', ': ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
}

/** Labels by name, with the unit where two variables have the same: `consumption (share of resources)`, or with another separator. */
export function clearLabels(
  variables: readonly Pick<Variable, 'name' | 'label' | 'unit'>[],
  separator: ' (' | ', ' = ' (',
): ReadonlyMap<string, string> {
  const end = separator === ' (' ? ')' : '';
  return new Map(
    variables.map(({ name, label, unit }) => {
      const isShared = variables.filter((other) => other.label === label).length > 1;
      return [name, isShared && unit !== '' ? `${label}${separator}${unit}${end}` : label];
    }),
  );
}

/** Where responses and errors are zero. */
export const ZERO_LINE: Series = { kind: 'reference', name: '', source: 'other', x: [], y: [0] };

/** Macroeconomists look at these first. */
const FIRST = ['output', 'consumption', 'investment', 'capital'];
const ROLES: readonly Role[] = ['state', 'action', 'accounts', 'info', 'reward'];

/** The most informative first: output, consumption, investment, capital, then the state, actions, and the rest in their order. */
export function byImportance<V extends { readonly name: string; readonly role: Role }>(
  variables: readonly V[],
): readonly V[] {
  const rank = ({ name, role }: V) =>
    FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length + ROLES.indexOf(role);
  return [...variables].sort((a, b) => rank(a) - rank(b));
}

/** A variable that moves less than this, relative to its size, moves by rounding alone. */
export const ROUNDING = 1e-10;

/** Whether the finite values are all the same, up to rounding. */
export function isConstant(values: ArrayLike<number>): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return !(high - low > ROUNDING * Math.max(Math.abs(low), Math.abs(high)));
}

/**
 * Whether percent of the variable mean anything: all its values are positive, and it is no reward, as utility may be counted from any
 * zero.
 */
export function isRatio({ role, values }: Pick<Variable, 'role' | 'values'>): boolean {
  return role !== 'reward' && values.every((value) => Number.isNaN(value) || value > 0);
}

/** Accounts that other rows tell: next capital is the capital of the next row. */
const TOLD_ELSEWHERE = ['nextCapital'];

/** Takes down every variable of a batch, period by period; of variables with one name the first source counts, as `Role` orders them. */
export interface VariableRecorder {
  /** The state at the start of a period, for the copies that live. */
  state(env: BatchedEnv, period: number, alive: Uint8Array): void;
  /** What happened in it, from the states `before` the step, [paths]: to be called after the step. */
  flows(
    env: BatchedEnv,
    period: number,
    copies: { readonly alive: Uint8Array; readonly before: readonly EconomyState[] },
  ): void;
  variables(): readonly Variable[];
}

export function variableRecorder(options: {
  readonly economy: Economy;
  readonly paths: number;
  readonly periods: number;
}): VariableRecorder {
  const { economy, paths, periods } = options;
  const accounts = economy.accounts();
  const prefix = Object.keys(economy.types).length > 1 ? (type: string) => `${type}.` : () => '';
  const columns = new Map<string, { readonly role: Role; readonly values: Float64Array }>();

  const put = (role: Role, name: string, value: number, at: number) => {
    let column = columns.get(name);
    if (column === undefined) {
      column = { role, values: new Float64Array(paths * periods).fill(Number.NaN) };
      columns.set(name, column);
    }
    if (column.role === role) column.values[at] = value;
  };

  return {
    state(env, period, alive) {
      const { states } = env;
      for (let b = 0; b < paths; b++) {
        if (alive[b] === 0) continue;
        const info = env.info(b);
        const at = b * periods + period;
        for (const [name, value] of Object.entries(states[b])) {
          const told = Object.hasOwn(info, name) ? info[name] : value;
          if (typeof told === 'number') put('state', name, told, at);
        }
        for (const [name, value] of Object.entries(info)) put('info', name, value, at);
      }
    },
    flows(env, period, { alive, before }) {
      const quantities = env.quantities();
      const { states } = env;
      for (let b = 0; b < paths; b++) {
        if (alive[b] === 0) continue;
        const at = b * periods + period;
        const chosen = Object.fromEntries(
          Object.entries(quantities).map(([type, block]) => {
            const width = block.length / paths;
            return [type, block.subarray(b * width, (b + 1) * width)];
          }),
        );
        for (const [name, value] of Object.entries(accounts?.entry(before[b], chosen, states[b]) ?? {})) {
          if (typeof value === 'number' && !TOLD_ELSEWHERE.includes(name)) put('accounts', name, value, at);
        }
        for (const [type, { actionSpace, count }] of Object.entries(economy.types)) {
          actionSpace.names.forEach((name, j) => {
            put('action', `${prefix(type)}${name}`, meanOf(chosen[type], j, actionSpace.size), at);
          });
          const rewards = env.rewards[type].subarray(b * count, (b + 1) * count);
          put('reward', `${prefix(type)}reward`, meanOf(rewards, 0, 1), at);
        }
      }
    },
    variables: () =>
      Array.from(columns, ([name, { role, values }]) => ({
        name,
        role,
        ...quantityOf(economy, name),
        values,
      })),
  };
}

/** Mean of every size-th number from the first-th on: over the agents of a type. */
export function meanOf(block: Float64Array, first: number, size: number): number {
  let sum = 0;
  for (let i = first; i < block.length; i += size) sum += block[i];
  return (sum * size) / block.length;
}
