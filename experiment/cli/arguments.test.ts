import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { helpText, parseArguments, toArguments } from './arguments.ts';
import { evalOptions, parseSeeds, trainOptions } from './options.ts';

const parse = (...args: string[]) => parseArguments(trainOptions, args).options;

describe('command-line options', () => {
  it('left out take the defaults of the record', () => {
    expect(parse()).toEqual({
      set: [],
      report: 'full',
      kernels: 'auto',
      backend: 'kernels',
      json: false,
      quiet: false,
    });
  });

  it('are numbers, switches, texts and lists, whichever way they are written', () => {
    const options = parse(
      '--seed',
      '7',
      '--steps=2e3',
      '--json',
      '--set',
      'a=1',
      '--set=b=c=d',
      '--set',
      'e= f',
      '--env',
      'toy/x',
    );
    expect(options).toMatchObject({
      seed: 7,
      steps: 2000,
      json: true,
      env: 'toy/x',
      set: ['a=1', 'b=c=d', 'e= f'],
    });
  });

  it('become arguments that are parsed to the same options', () => {
    const options = parse(
      '--quiet',
      '--seed',
      '3',
      '--set',
      'x=-1',
      '--set',
      'y==',
      '--out',
      '-strange',
      '--preset',
      'quick',
    );
    expect(parse(...toArguments(trainOptions, options))).toEqual(options);
  });

  it.each([
    [['--sead', '3'], 'unknown option "--sead". Did you mean "--seed"?'],
    [['--stepz=3'], 'unknown option "--stepz". Did you mean "--steps"?'],
    [['--steps'], '--steps has no value; allowed: a whole number from 1.'],
    [['--steps', '0'], '--steps is 0; allowed: a whole number from 1.'],
    [['--steps', '1.5'], '--steps is 1.5; allowed: a whole number from 1.'],
    [['--steps', 'many'], '--steps is "many"; allowed: a whole number from 1.'],
    [['--steps', '10k'], '--steps is "10k"; allowed: a whole number from 1.'],
    [['--seed', '-1'], '--seed is -1; allowed: a whole number from 0.'],
    [['--seed', ''], '--seed is ""; allowed: a whole number from 0.'],
    [['--seed', '1e99'], '--seed is 1e+99; allowed: a whole number from 0.'],
    [['--threads', '5000'], '--threads is 5000; allowed: a whole number from 1 up to 1024.'],
    [
      ['--kernels', 'wsm'],
      'allowed: auto, native, wasm, wasm-relaxed, wasm-simd or js. Did you mean "wasm"?',
    ],
    [['--preset', 'papr'], 'allowed: quick, notebook or paper. Did you mean "paper"?'],
    [['--seeds', '1..5'], '--seeds is "1..5"; allowed: whole numbers and ranges, e.g. 1-5 or 1,3,7.'],
    [['--set', 'discountFactor'], 'allowed: name=value, e.g. --set discountFactor=0.9.'],
    [['--set', 'a=1', 'b=2'], 'unexpected argument "b=2"'],
    [['--json=yes'], '--json takes no value; leave out "=yes".'],
    [['--quiet='], '--quiet takes no value; leave out "=".'],
    [['--help=train'], '--help takes no value; leave out "=train".'],
  ])('%j are refused with the value and the remedy', (args, words) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(words);
  });

  it('all have a description, and help names every one', () => {
    for (const record of [trainOptions, evalOptions]) {
      const help = helpText({ name: 'train/x.ts', summary: 'Trains.' }, record);
      for (const [key, schema] of Object.entries(record.shape)) {
        expect(help).toContain(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
        expect(schema.meta()?.description, key).toMatch(/\w/);
      }
      expect(help).toContain('-h, --help');
    }
  });

  it('ask for help with -h and --help', () => {
    expect(parseArguments(trainOptions, ['-h']).help).toBe(true);
    expect(parseArguments(trainOptions, ['--env', 'toy', '--help']).help).toBe(true);
    expect(parseArguments(trainOptions, []).help).toBe(false);
  });
});

describe('--seeds', () => {
  it('lists numbers and ranges', () => {
    expect(parseSeeds('1-5')).toEqual([1, 2, 3, 4, 5]);
    expect(parseSeeds('7,1-2,4')).toEqual([7, 1, 2, 4]);
    expect(parseSeeds('3')).toEqual([3]);
  });

  it.each([
    ['5-1', 'runs backwards; write 1-5'],
    ['1,2,1', 'holds 1 twice'],
    ['1-2000', 'at most 1000'],
    ['', 'give whole numbers'],
    ['99999999999999999999', 'below 2^53'],
  ])('"%s" is refused', (text, words) => {
    expect(() => parseSeeds(text)).toThrow(UsageError);
    expect(() => parseSeeds(text)).toThrow(words);
  });
});
