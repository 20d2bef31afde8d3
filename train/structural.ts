/** Trains the structural agent, which knows budgets and learns prices: `npx tsx train/structural.ts --help`. */
import { structural } from '../agents/structural/index.ts';
import type { AnyMethod, CreateOptions, Method } from '../core/index.ts';
import { environments } from '../envs/index.ts';
import { runCommand, trainCommand } from '../experiment/index.ts';

/** The method, its agents' epochs timed: the clock is for commands, never for agents. */
function timed<C extends object>(method: Method<C & AnyMethodSettings>): Method<C & AnyMethodSettings> {
  return {
    ...method,
    create(options: CreateOptions<C & AnyMethodSettings>) {
      const agent = method.create(options);
      let seconds = 0;
      let steps = 0;
      // What another type learns is timed there.
      if (agent.report === undefined) return agent;
      return {
        // What agents of other types are made from stays.
        ...agent,
        update() {
          const started = performance.now();
          const found = agent.update?.();
          seconds += (performance.now() - started) / 1000;
          steps += 1;
          return found;
        },
        get converged() {
          return agent.converged === true;
        },
        report() {
          const found = agent.report?.() ?? { json: {} };
          const perStep = Number(found.json.epochsPerStep ?? 1);
          const secondsPerEpoch = steps === 0 ? null : seconds / (steps * perStep);
          const facts = found.facts ?? [];
          const time = secondsPerEpoch === null ? 'resumed at its end' : secondsPerEpoch.toFixed(4);
          return {
            ...found,
            json: { ...found.json, secondsPerEpoch },
            facts: [...facts.slice(0, 1), ['seconds per epoch', time], ...facts.slice(1)],
          };
        },
      };
    },
  };
}

type AnyMethodSettings = Readonly<Record<string, unknown>>;

await runCommand(
  trainCommand({
    method: timed(structural) as AnyMethod,
    environments,
    env: 'huggett',
    file: 'train/structural.ts',
    settingOptions: ['step'],
    evaluations: 4,
  }),
);
