/**
 * Processes for the test of parents and children: `parent FOLDER` starts one `child FOLDER` and prints what it hears; a child reports
 * steps until it is asked to stop, and then leaves a file. Each leaves its process id.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childProcesses } from './children.ts';
import { progressDisplay } from './progress.ts';
import { watchSignals } from './signals.ts';

const [role, folder, steps = '1000000'] = process.argv.slice(2);
// A test that fails leaves nothing running for long.
setTimeout(() => process.exit(1), 90_000).unref();
writeFileSync(path.join(folder, `${role}.pid`), String(process.pid));

if (role === 'parent') {
  const children = childProcesses();
  watchSignals(() => children.stop());
  const result = await children.run(['child', folder, steps], (message) =>
    process.stdout.write(`${JSON.stringify(message)}\n`),
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  const last = Number(steps);
  const signals = watchSignals();
  const display = await progressDisplay({ output: undefined, steps: last });
  let step = 0;
  while (step < last && signals.caught() === undefined) {
    step += 1;
    display.update({ step, policyGap: 1 / step });
    await pause(5);
  }
  display.stop();
  signals.release();
  writeFileSync(path.join(folder, 'saved'), signals.caught() ?? 'finished');
}
