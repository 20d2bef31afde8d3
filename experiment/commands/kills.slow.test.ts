import { existsSync, type FSWatcher, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../numerics/random.ts';
import { command, contents, root } from './processes-fixture.ts';

const base = mkdtempSync(path.join(tmpdir(), 'kills-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const KILLS = 50;
/** Every so many kills one falls into the writing of a checkpoint, and not at a random moment. */
const INTO_A_CHECKPOINT = 4;
/** The run takes about three seconds without kills. */
const LONGEST_WAIT = 2500;

const RUNS: readonly (readonly [name: string, args: readonly string[]])[] = [
  [
    'one household and an optimum',
    [
      '--steps',
      '500',
      '--checkpoint-every',
      '10',
      '--set',
      'warmup=9600',
      '--set',
      'hidden=8x8',
      '--set',
      'batchSize=16',
    ],
  ],
  [
    'two types, memories of several files, and no optimum',
    [
      ...['--module', path.join(root, 'experiment/commands/two-types-fixture.ts')],
      ...['--steps', '2000', '--checkpoint-every', '100', '--patience', '30'],
      ...['--set', 'hidden=4x4', '--set', 'batchSize=8', '--set', 'bufferSize=100000'],
    ],
  ],
];

/** Calls back when a temporary file appears in the folder of the checkpoints, which may not be there yet. */
function whenWriting(folder: string, then: () => void): () => void {
  const checkpoints = path.join(folder, 'checkpoints');
  let watcher: FSWatcher | undefined;
  const look = setInterval(() => {
    if (watcher !== undefined || !existsSync(checkpoints)) return;
    watcher = watch(checkpoints, { recursive: false }, (_event, name) => {
      if (name?.endsWith('.tmp')) then();
    });
    watcher.on('error', () => {});
  }, 5);
  return () => {
    clearInterval(look);
    watcher?.close();
  };
}

describe.each(RUNS)('a run of %s', (name, args) => {
  const whole = path.join(base, `whole-${args.length}`);
  beforeAll(async () => {
    expect((await command(['train/sac.ts', ...args, '--quiet', '--out', whole])).code).toBe(0);
  }, 120_000);

  it(`killed ${KILLS / RUNS.length} times at random moments always ends with the bytes of one that was not`, async () => {
    const rng = createRng(`kills of ${name}`);
    let kills = 0;
    let into = 0;
    let ends = 0;
    while (kills < KILLS / RUNS.length) {
      const folder = path.join(base, `${args.length}-${ends}`);
      for (;;) {
        const aimed = kills % INTO_A_CHECKPOINT === 0;
        // The first checkpoint after this moment, or the moment itself.
        const moment = rng.uniform() * LONGEST_WAIT;
        let timer: NodeJS.Timeout | undefined;
        let stop = () => {};
        const ended = await command(
          ['train/sac.ts', ...args, '--quiet', '--resume', folder],
          (_err, child) => {
            timer ??= setTimeout(() => {
              if (aimed) stop = whenWriting(folder, () => child.kill('SIGKILL'));
              else child.kill('SIGKILL');
            }, moment);
          },
        );
        clearTimeout(timer);
        stop();
        if (ended.signal !== 'SIGKILL') {
          expect(ended, ended.err).toMatchObject({ code: 0, signal: null });
          break;
        }
        kills += 1;
        const checkpoints = path.join(folder, 'checkpoints');
        if (existsSync(checkpoints) && readdirSync(checkpoints).some((file) => file.endsWith('.tmp')))
          into += 1;
      }
      ends += 1;
      const [found, expected] = [contents(folder), contents(whole)];
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [file, hex] of Object.entries(expected)) expect(found[file] === hex, file).toBe(true);
      rmSync(folder, { recursive: true });
    }
    process.stdout.write(`${name}: ${kills} kills, ${into} of them into a checkpoint, in ${ends} runs\n`);
    expect(into).toBeGreaterThan(0);
  });
});
