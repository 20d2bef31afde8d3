import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { outcome } from '../test-fixtures.ts';
import type { CommandDefinition, Outcome, Terminal } from './command.ts';
import { outputOptions } from './options.ts';

const options = z.strictObject({
  size: z.int().min(1).default(2).meta({ description: 'a size', value: 'N' }),
  ...outputOptions,
});
type Options = z.output<typeof options>;

function command(
  main: (options: Options, terminal: Terminal) => Promise<Outcome>,
): CommandDefinition<Options> {
  return {
    name: 'train/x.ts',
    summary: 'Does x.',
    options,
    details: async ({ size }) => `size is ${size}`,
    main,
  };
}

const talkative = command(async ({ size }, terminal) => {
  terminal.note('a note');
  terminal.print('a table');
  terminal.warn('a warning');
  terminal.progress?.write('progress\n');
  return { result: { size, gap: Number.NaN } };
});

describe('a command', () => {
  it('prints its result on standard output and all else on standard error', async () => {
    expect(await outcome(talkative)).toEqual({
      code: 0,
      out: 'a table\n',
      err: 'a note\na warning\nprogress\n',
    });
  });

  it('with --json prints exactly one line on standard output, NaN as null', async () => {
    const { out, err } = await outcome(talkative, '--json', '--size', '5');
    expect(out).toBe('{"size":5,"gap":null}\n');
    expect(err).toBe('a note\na table\na warning\nprogress\n');
  });

  it('with --quiet says only the result and warnings', async () => {
    expect(await outcome(talkative, '--quiet')).toMatchObject({ out: 'a table\n', err: 'a warning\n' });
    expect(await outcome(talkative, '--quiet', '--json')).toMatchObject({
      out: '{"size":2,"gap":null}\n',
      err: 'a warning\n',
    });
  });

  it('prints its JSON line also when it did not converge, and none when it was interrupted', async () => {
    const unconverged = command(async () => ({ result: { converged: false }, exitCode: 1 }));
    expect(await outcome(unconverged, '--json')).toMatchObject({ code: 1, out: '{"converged":false}\n' });
    expect(
      await outcome(
        command(async () => ({ exitCode: 130 })),
        '--json',
      ),
    ).toMatchObject({ code: 130, out: '' });
  });

  it('ends with 2 for a mistake in what was asked, 1 for any other error, without a stack', async () => {
    const failing = (error: unknown) => command(async () => Promise.reject(error));
    expect(await outcome(failing(new UsageError('no such thing')))).toEqual({
      code: 2,
      out: '',
      err: 'train/x.ts: no such thing\n',
    });
    expect(await outcome(failing(new RestoreError('damaged')))).toEqual({
      code: 1,
      out: '',
      err: 'train/x.ts: damaged\n',
    });
    expect(await outcome(failing('a text'))).toMatchObject({ code: 1, err: 'train/x.ts: a text\n' });
    expect(await outcome(talkative, '--sise', '3')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('"--size"'),
    });
  });

  it('shows the stack under DEBUG', async () => {
    process.env.DEBUG = '1';
    try {
      const { err } = await outcome(command(async () => Promise.reject(new Error('deep'))));
      expect(err).toContain('command.test.ts');
    } finally {
      delete process.env.DEBUG;
    }
  });

  it('explains itself with --help, whatever else is asked', async () => {
    const { code, out } = await outcome(talkative, '--size', '7', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: train/x.ts');
    expect(out).toContain('--size <N>');
    expect(out).toContain('a size (default 2)');
    expect(out).toContain('size is 7');
  });
});
