/** Builds the native kernels for this machine: `npm run build:native [-- FOLDER]`. Never part of the install. */
import { statSync } from 'node:fs';
import { selfTest } from '../self-test.ts';
import { compileNative } from './compile.ts';
import { loadNativeKernels } from './load.ts';

const [folder] = process.argv.slice(2);
try {
  const file = compileNative(folder === undefined ? {} : { folder });
  selfTest(loadNativeKernels(folder === undefined ? {} : { folder }));
  process.stderr.write(`${file}: ${statSync(file).size} bytes; it passes its self-test.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
