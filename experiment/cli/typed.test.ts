import { describe, expect, it } from 'vitest';
import { commandName, typedCommand } from './typed.ts';

const installed = { running: 'file:///somewhere/node_modules/equilibrium-gym/dist/experiment/cli/typed.js' };

describe('a command', () => {
  it('is a file for tsx in a clone', () => {
    expect(commandName('train/sac.ts')).toBe('train/sac.ts');
    expect(typedCommand('train/eval.ts')).toBe('npx tsx train/eval.ts');
  });

  it('is a word after the name of the package where that is installed', () => {
    expect(commandName('train/sac.ts', installed)).toBe('equilibrium-gym sac');
    expect(typedCommand('train/eval.ts', installed)).toBe('npx equilibrium-gym eval');
  });

  it('keeps its name if it is none of train/', () => {
    expect(commandName('sanity', installed)).toBe('sanity');
  });
});
