import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RestoreError } from '../../core/errors.ts';
import { holds } from '../../numerics/testing/property.ts';
import { fastFolder } from '../testing/folder.ts';
import { appendBytes, cutFile } from './files.ts';
import type { LogRecord } from './metrics-log.ts';
import { runPaths } from './run-folder.ts';
import { RunLogs } from './run-logs.ts';
import { openEvents } from './tensorboard.ts';

const base = fastFolder('logs-');
afterAll(() => rmSync(base, { recursive: true }));

/** Each case writes some files, and waits for the disk. */
const QUICK = { quick: 30 };

/** A new folder for one case, gone after it. */
function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(path.join(base, 'case-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bytes as text, one character each. */
const bytesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'latin1') : '');
const latin1 = (content: string | Uint8Array) =>
  Array.from(new Uint8Array(Buffer.from(content as string)), (byte) => String.fromCharCode(byte)).join('');

describe('a file that is added to and cut', () => {
  const actions = fc.array(
    fc.oneof(
      fc.record({
        add: fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.string({ unit: 'grapheme', maxLength: 20 })),
      }),
      // To a length that it had, or to one that it never had.
      fc.record({ cut: fc.nat(120) }),
    ),
    { maxLength: 12 },
  );

  it('holds what was added up to where it was cut, and is never lengthened by a cut', () => {
    holds(
      fc.property(actions, (list) => {
        inFolder((folder) => {
          const file = path.join(folder, 'log');
          let model = '';
          for (const action of list) {
            if ('add' in action) {
              appendBytes(file, action.add);
              model += latin1(action.add);
            } else if (action.cut <= model.length) {
              cutFile(file, action.cut);
              model = model.slice(0, action.cut);
            } else {
              expect(() => cutFile(file, action.cut)).toThrow(RestoreError);
            }
            expect(bytesOf(file)).toBe(model);
          }
        });
      }),
      QUICK,
    );
  });
});

const names = fc.oneof(
  fc.constantFrom('criticLoss', 'policyGap', 'firm.actorLoss', 'constructor'),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
    .filter((name) => name !== '__proto__' && name !== 'step'),
);
const shown = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0));

describe("a run's TensorBoard events", () => {
  it('take as many bytes whatever the clock and the values say, and only as the names and gaps do', () => {
    const events = fc.array(
      fc.record({
        step: fc.oneof(fc.nat(300), fc.maxSafeNat()),
        values: fc.dictionary(names, fc.record({ a: shown, b: shown, gap: fc.boolean() }), { maxKeys: 4 }),
        times: fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })),
      }),
      { maxLength: 5 },
    );
    holds(
      fc.property(events, (list) => {
        inFolder((folder) => {
          const [one, other] = (['a', 'b'] as const).map((which, i) => {
            const file = path.join(folder, which);
            const writer = openEvents({ file, wallTime: i * 1e9 });
            const lengths = [statSync(file).size];
            for (const { step, values, times } of list) {
              const record = Object.fromEntries(
                Object.entries(values).map(([name, { gap, ...value }]) => [name, gap ? null : value[which]]),
              );
              writer.appendScalars({ step, values: record, wallTime: times[i] });
              lengths.push(statSync(file).size);
            }
            return lengths;
          });
          expect(other).toEqual(one);
        });
      }),
      QUICK,
    );
  });
});

describe("a run's logs", () => {
  /** What happens to a run: a record, a checkpoint, or a kill, perhaps in the middle of a line, after which it is resumed. */
  const happenings = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          record: fc.dictionary(names, fc.oneof(fc.constant(null), fc.double()), { maxKeys: 3 }),
          stride: fc.integer({ min: 1, max: 1000 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant('checkpoint' as const) },
      { weight: 1, arbitrary: fc.record({ kill: fc.string({ maxLength: 10 }) }) },
    ),
    { maxLength: 20 },
  );

  it('that are cut back at every resume hold the lines of a run that was never stopped', () => {
    holds(
      fc.property(happenings, (list) => {
        inFolder((parent) => {
          const [folder, straight] = ['stopped', 'straight'].map((name) => runPaths(path.join(parent, name)));
          for (const { folder: made } of [folder, straight]) mkdirSync(made);
          let logs = new RunLogs(folder);
          const start = { saved: logs.save(), step: 0, kept: 0 };
          let checkpoint = start;
          const lines: LogRecord[] = [];
          for (const happening of list) {
            if (happening === 'checkpoint') {
              logs.sync();
              const step = lines.at(-1)?.step ?? 0;
              checkpoint = { saved: structuredClone(logs.save()), step, kept: lines.length };
            } else if ('kill' in happening) {
              for (const file of [folder.metrics, folder.timing, folder.events])
                appendFileSync(file, happening.kill);
              logs = new RunLogs(folder);
              logs.load(checkpoint.saved, checkpoint.step);
              lines.length = checkpoint.kept;
            } else {
              const step = (lines.at(-1)?.step ?? 0) + happening.stride;
              lines.push({ ...happening.record, step });
              logs.append(lines[lines.length - 1]);
            }
          }
          const other = new RunLogs(straight);
          for (const line of lines) other.append(line);
          expect(bytesOf(folder.metrics)).toBe(bytesOf(straight.metrics));
          expect(bytesOf(folder.events).length).toBe(bytesOf(straight.events).length);
          const steps = (file: string) =>
            bytesOf(file)
              .split('\n')
              .slice(0, -1)
              .map((line) => (JSON.parse(line) as LogRecord).step);
          // Of a run killed within a line and not resumed since, the last one is no line.
          if (list.length === 0 || !('kill' in Object(list[list.length - 1]))) {
            expect(steps(folder.timing)).toEqual(lines.map(({ step }) => step));
          }
        });
      }),
      QUICK,
    );
  });
});
