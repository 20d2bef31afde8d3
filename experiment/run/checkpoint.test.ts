import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RestoreError, UsageError } from '../../core/errors.ts';
import { type Checkpoint, readCheckpoint, requireMatch, writeCheckpoint } from './checkpoint.ts';
import { frame, unframe, writeFramed } from './framed-file.ts';
import { pack } from './packing.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const checkpoint: Checkpoint = {
  method: 'sac',
  settings: { copies: 2, hidden: [8, 8], episodeLength: 0 },
  set: { copies: '2' },
  environment: { id: 'toy/large', version: 3, set: { risk: '-0' }, calibration: { risk: 2 }, module: null },
  seed: 7,
  step: 10,
  steps: 20,
  backend: 'kernels',
  kernels: 'js',
  memory: null,
  watch: {},
  agents: {
    household: {
      weights: Float32Array.of(1, -0, 1e-40),
      rng: { state: Uint32Array.of(1, 2, 3, 4) },
      temperature: -0,
    },
  },
  env: { copies: [{ state: { capital: 1 / 3 }, period: 4, ended: false }] },
  statistics: { household: { mean: Float64Array.of(0.1), count: 12 } },
  log: { bestGap: Infinity },
};

const small = frame(Uint8Array.of(1, 2, 3));

function written(bytes: Uint8Array): string {
  const file = path.join(folder, 'given.msgpack');
  writeFileSync(file, bytes);
  return file;
}

describe('a checkpoint', () => {
  it('comes back as it was written, bit for bit', () => {
    const file = path.join(folder, 'whole.msgpack');
    writeCheckpoint(file, checkpoint);
    expect(readCheckpoint(file)).toEqual(checkpoint);
  });

  it('written twice gives the same bytes, and leaves no temporary file', () => {
    const [a, b] = ['a.msgpack', 'b.msgpack'].map((name) => path.join(folder, name));
    writeCheckpoint(a, checkpoint);
    writeCheckpoint(b, checkpoint);
    expect(readFileSync(a)).toEqual(readFileSync(b));
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('that cannot be written leaves the old file and nothing else', () => {
    const file = path.join(folder, 'old.msgpack');
    writeCheckpoint(file, checkpoint);
    const before = readFileSync(file);
    expect(() => writeCheckpoint(file, { ...checkpoint, env: { clock: 1n } })).toThrow('bigint');
    expect(() => writeFramed(path.join(file, 'below', 'a file'), small)).toThrow('ENOTDIR');
    expect(() => writeFramed(folder, small)).toThrow(/EISDIR|EEXIST|ENOTEMPTY|EPERM/);
    expect(readFileSync(file)).toEqual(before);
    const beside = readdirSync(path.dirname(folder)).filter((name) => name.startsWith(path.basename(folder)));
    expect(beside).toEqual([path.basename(folder)]);
  });

  it('is refused at every truncated length, as truncated', () => {
    for (let length = 0; length < small.length; length++) {
      const file = written(small.subarray(0, length));
      expect(() => readCheckpoint(file), `${length} bytes`).toThrow(RestoreError);
      expect(() => readCheckpoint(file), `${length} bytes`).toThrow(`${file}: the checkpoint is truncated`);
    }
  });

  it('is refused if any single bit is flipped', () => {
    for (let bit = 0; bit < 8 * small.length; bit++) {
      const flipped = small.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(() => unframe(flipped, 'x'), `bit ${bit}`).toThrow(RestoreError);
    }
    expect(Array.from(unframe(small, 'x'))).toEqual([1, 2, 3]);
  });

  it('is refused with its own words if the file is of another kind, version, length or content', () => {
    const changed = (at: number) => small.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(() => unframe(new TextEncoder().encode('{ "json": true }'), 'x')).toThrow(
      'x: this is not a checkpoint',
    );
    expect(() => unframe(changed(0), 'x')).toThrow('x: this is not a checkpoint');
    expect(() => unframe(changed(8), 'x')).toThrow('format version 0; this program reads version 1');
    expect(() => unframe(Uint8Array.of(...small, 0), 'x')).toThrow('1 bytes follow the end');
    expect(() => unframe(changed(20), 'x')).toThrow('checksum');
    expect(() => unframe(changed(small.length - 1), 'x')).toThrow('checksum');
  });

  it('whose checksum is right but whose content is not a run is refused', () => {
    const file = path.join(folder, 'other.msgpack');
    const cases: [Uint8Array, string][] = [
      [pack([1, 2]), 'the whole'],
      [pack({ ...checkpoint, surprise: 1 }), 'surprise'],
      [pack({ ...checkpoint, seed: 0.5 }), 'seed'],
      [pack({ ...checkpoint, environment: { id: 'toy' } }), 'environment.version'],
      [Uint8Array.of(0xc1), 'cannot be read'],
      [Uint8Array.of(0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80), '__proto__'],
    ];
    for (const [payload, words] of cases) {
      writeFramed(file, payload);
      expect(() => readCheckpoint(file)).toThrow(RestoreError);
      expect(() => readCheckpoint(file)).toThrow(words);
      expect(() => readCheckpoint(file)).toThrow(file);
    }
  });

  it('that does not exist is a mistake of the caller', () => {
    expect(() => readCheckpoint(path.join(folder, 'none.msgpack'))).toThrow(UsageError);
    expect(() => readCheckpoint(folder)).toThrow('this is a folder');
  });

  it('is refused for another method, economy or version, and accepted for its own', () => {
    expect(() =>
      requireMatch(checkpoint, { method: 'sac', env: 'toy/large', version: 3 }, 'x'),
    ).not.toThrow();
    expect(() => requireMatch(checkpoint, { method: 'ddpg' }, 'x')).toThrow('of a sac agent, not of ddpg');
    expect(() => requireMatch(checkpoint, { env: 'toy' }, 'x')).toThrow('"toy/large", not of "toy"');
    expect(() => requireMatch(checkpoint, { version: 4 }, 'x')).toThrow(
      'version 3 of toy/large; this program has version 4',
    );
  });
});
