#!/usr/bin/env node
/** The program `equilibrium-gym`: starts a command of `train/` as if its file had been started. */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageVersion } from '../experiment/run/config.ts';
import { requestOf } from './commands.ts';

const request = requestOf(process.argv.slice(2), packageVersion() ?? 'unknown');
if ('command' in request) {
  const here = fileURLToPath(import.meta.url);
  const file = path.resolve(path.dirname(here), '..', 'train', request.command + path.extname(here));
  // A command reads its arguments from here, and starts itself again from here for every one of several seeds.
  process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...request.args);
  await import(pathToFileURL(file).href);
} else {
  (request.exitCode === 0 ? process.stdout : process.stderr).write(`${request.text}\n`);
  process.exitCode = request.exitCode;
}
