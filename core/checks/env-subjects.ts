/** What `checkEnv` looks at: the forms of an economy, or the environments of a function. */
import type { SimulationOptions } from '../batched.ts';
import { agentNames } from '../env.ts';
import { makeBatchedEnv, makeEnv, makeParallelEnv } from '../make.ts';
import type { Economy } from '../registry.ts';
import type { CheckEnvOptions, Endings } from './env-context.ts';
import type { AnyEnv } from './env-driver.ts';

/** One form of what is checked. */
export interface Subject {
  /** Before what was found, where there are several forms. */
  readonly label?: string;
  readonly make: () => AnyEnv;
  readonly horizon: number | undefined;
  readonly endings: Endings | undefined;
  /** Id of the agent of a single-agent environment. */
  readonly agent?: string;
  /** What a batch is compared with; default: its own fresh copies. */
  readonly single?: () => AnyEnv;
}

/** Economies are compared over episodes of at most so many periods, several in a run; the contract is checked at full length. */
const SHORT_HORIZON = 40;

export function envSubjects(make: () => AnyEnv, options: CheckEnvOptions): readonly Subject[] {
  const { horizon, endings, batched } = options;
  const own: Subject = { make, horizon, endings };
  if (batched === undefined) return [own];
  return [
    { ...own, label: 'single' },
    { ...own, label: 'batched', make: batched, single: make },
  ];
}

/** The single-agent form of one agent, the form of many, and batches in every mode of autoreset. */
export function economySubjects(economy: Economy, options: CheckEnvOptions): readonly Subject[] {
  const horizon = options.horizon ?? Math.min(economy.horizon, SHORT_HORIZON);
  const endings = endingsOf(economy, options);
  const single = () => makeParallelEnv(economy, { horizon });
  const batch = (label: string, how: SimulationOptions): Subject => ({
    label,
    make: () => makeBatchedEnv(economy, { ...how, horizon }),
    horizon,
    endings,
    single,
  });
  const agents = agentNames(makeBatchedEnv(economy));
  const alone = {
    label: 'Env',
    make: () => makeEnv(economy, { horizon }),
    horizon,
    endings,
    agent: agents[0],
  };
  return [
    ...(agents.length === 1 ? [alone] : []),
    { label: 'ParallelEnv', make: single, horizon, endings },
    batch('BatchedEnv', { copies: 3, autoreset: 'same-step' }),
    batch('BatchedEnv with autoreset next-step', { copies: 2, autoreset: 'next-step' }),
    batch('BatchedEnv with autoreset disabled', { copies: 2, autoreset: 'disabled' }),
  ];
}

/** A batch with the economy's own horizon, where the other forms have a shorter one. */
export function fullLengthSubject(economy: Economy, options: CheckEnvOptions): Subject | undefined {
  if (options.horizon !== undefined || economy.horizon <= SHORT_HORIZON) return undefined;
  return {
    label: 'BatchedEnv at full length',
    make: () => makeBatchedEnv(economy, { copies: 2 }),
    horizon: economy.horizon,
    endings: endingsOf(economy, options),
  };
}

function endingsOf({ definition }: Economy, { endings }: CheckEnvOptions): Endings {
  return endings ?? (definition.terminated === undefined ? 'truncation' : 'both');
}
