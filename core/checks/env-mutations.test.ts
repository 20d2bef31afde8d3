/** Environments that are broken on purpose, each in one way: `checkEnv` must find that, by its name, and nothing else. */
import { describe, expect, it } from 'vitest';
import { checkEnv } from '../check-env.ts';
import type { Mutant } from '../testing/pond-mutants.ts';
import { batchMutants } from '../testing/pond-mutants-batch.ts';
import { callMutants } from '../testing/pond-mutants-calls.ts';
import { parallelMutants } from '../testing/pond-mutants-parallel.ts';
import { seedMutants } from '../testing/pond-mutants-seeds.ts';
import { valueMutants } from '../testing/pond-mutants-values.ts';
import { ENV_CHECKS } from './env-names.ts';

const MUTANTS = [...valueMutants, ...seedMutants, ...callMutants, ...parallelMutants, ...batchMutants];

function failuresOf({ make, options = {} }: Mutant) {
  const { checks, failures } = checkEnv(make, options);
  return {
    names: checks.filter(({ failed }) => failed > 0).map(({ name }) => name),
    texts: failures.map(({ agent, step, expected, actual }) => `${agent} ${step} ${expected} / ${actual}`),
  };
}

describe('checkEnv finds, by its name and nothing else,', () => {
  for (const mutant of MUTANTS) {
    it(mutant.name, () => {
      const { names, texts } = failuresOf(mutant);
      expect({ names, texts }).toEqual({ names: [mutant.check], texts });
      expect(texts[0]).toMatch(mutant.message);
    });
  }

  it('each of them: no check is without something that it has found', () => {
    const found = new Set(MUTANTS.map(({ check }) => check));
    // That one environment is given twice is found in check-env.test.ts, where nothing else can be checked.
    expect(Object.values(ENV_CHECKS).filter((name) => !found.has(name))).toEqual([ENV_CHECKS.made]);
  });
});
