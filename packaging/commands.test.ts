import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS, requestOf } from './commands.ts';

describe('equilibrium-gym', () => {
  it('has the commands of train/, all of them', () => {
    const files = readdirSync(new URL('../train/', import.meta.url)).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    expect(
      Object.keys(COMMANDS)
        .map((name) => `${name}.ts`)
        .sort(),
    ).toEqual(files.sort());
  });

  it('hands a command its own arguments', () => {
    expect(requestOf(['sac', '--env', 'jesusfv'], '1.2.3')).toEqual({
      command: 'sac',
      args: ['--env', 'jesusfv'],
    });
    expect(requestOf(['eval', '--help'], '1.2.3')).toEqual({ command: 'eval', args: ['--help'] });
  });

  it.each([[[]], [['--help']], [['-h', 'sac']]])('%j lists the commands with what they do', (args) => {
    const request = requestOf(args, '1.2.3');
    expect(request).toMatchObject({ exitCode: 0 });
    for (const [name, does] of Object.entries(COMMANDS)) {
      expect('text' in request ? request.text : '').toMatch(new RegExp(`^ {2}${name} +${does}$`, 'm'));
    }
  });

  it('says its version', () => {
    expect(requestOf(['--version'], '1.2.3')).toEqual({ text: '1.2.3', exitCode: 0 });
  });

  it.each([
    ['sacc', 'Did you mean "sac"?'],
    ['toString', 'Known: sac, '],
    ['--env', 'unknown command "--env"'],
  ])('refuses %s with the nearest command', (name, words) => {
    const request = requestOf([name], '1.2.3');
    expect(request).toMatchObject({ exitCode: 2, text: expect.stringContaining(words) });
  });
});
