import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { seedsDisplay } from './seeds-progress.ts';

/** A display on a clock that moves 100 milliseconds with every message. */
async function show(options: { seeds: readonly number[]; finished?: readonly number[]; threads?: number }) {
  let text = '';
  let now = 0;
  const write = (part: string) => {
    text += part;
  };
  const { seeds, finished = [], threads = 2 } = options;
  const display = await seedsDisplay({
    output: { write },
    seeds,
    finished,
    threads,
    warn: (remark) => write(`${remark}\n`),
    clock: () => now,
  });
  const update = (seed: number, step: number, policyGap?: number) => {
    now += 100;
    display.update(seed, { step, steps: 100, policyGap });
  };
  return { ...display, update, lines: () => text.trimEnd().split('\n') };
}

describe('the progress of several seeds', () => {
  it('without a terminal is one line for a tenth of all steps, with counts, speed, time left, shares and gaps', async () => {
    const { begin, update, end, lines } = await show({ seeds: [1, 2, 3, 4] });
    begin(1);
    begin(2);
    for (let step = 0; step <= 100; step += 5) {
      update(1, step, 0.5);
      update(2, step);
    }
    expect(lines()).toHaveLength(5);
    // 80 steps in 18 messages, 320 to go.
    expect(lines()[1]).toBe(
      ' 20 %  0 of 4 finished, 2 running  44 steps/s  7.2 s left  seed 1 40 % (gap 0.500), seed 2 40 %',
    );
    end(1, 'finished');
    end(2, 'finished');
    for (const seed of [3, 4]) {
      begin(seed);
      update(seed, 0);
      update(seed, 100);
      end(seed, 'finished');
    }
    expect(lines().length).toBeLessThanOrEqual(10);
    expect(lines().at(-1)).toMatch(/^100 % {2}3 of 4 finished, 1 running {2}\d+ steps\/s {2}seed 4 100 %$/);
  });

  it('counts what failed as done, and what was finished before as no work of this command', async () => {
    const { begin, update, end, lines } = await show({ seeds: [1, 2, 3, 4], finished: [1, 2] });
    begin(3);
    begin(4);
    update(3, 10);
    end(3, 'failed');
    expect(lines()).toEqual([' 75 %  2 of 4 finished, 1 running, 1 failed  seed 4 0 %']);
    // From step 40, where it stood, to step 90 in the 200 milliseconds of two messages, after 100 of the first.
    update(4, 40);
    update(4, 90);
    expect(lines().at(-1)).toBe(
      ' 97 %  2 of 4 finished, 1 running, 1 failed  167 steps/s  0.1 s left  seed 4 90 %',
    );
  });

  it('does not judge the speed by the start of the processes', async () => {
    const { begin, update, lines } = await show({ seeds: [1], finished: [] });
    begin(1);
    update(1, 60);
    expect(lines()).toEqual([' 60 %  0 of 1 finished, 1 running  seed 1 60 %']);
  });

  it('on a terminal is a bar for all and one for each running seed, and at the end the first alone', async () => {
    const terminal = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 120,
      rows: 30,
      cursorTo: () => true,
      clearLine: () => true,
    });
    let text = '';
    terminal.on('data', (part) => {
      text += part;
    });
    const display = await seedsDisplay({
      output: terminal,
      seeds: [7, 8, 9],
      finished: [],
      threads: 2,
      warn: () => {},
      clock: () => 0,
    });
    display.begin(7);
    display.begin(8);
    display.update(7, { step: 50, steps: 100, policyGap: 0.25 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(text).toMatch(/████░+ +16 % {2}0 of 3 finished, 2 running/);
    expect(text).toContain('████████████░░░░░░░░░░░░  50 %  seed 7  gap 0.250');
    expect(text).toContain('seed 8');
    display.log('seed 8 failed: no luck');
    display.end(8, 'failed');
    display.end(7, 'finished');
    display.stop();
    expect(text).toContain('seed 8 failed: no luck\n');
    const last = text.slice(text.lastIndexOf('\u001b'));
    expect(last).toMatch(/1 of 3 finished, 0 running, 1 failed/);
    expect(last).not.toContain('seed');
  });

  it('without an output says only what went wrong', async () => {
    const warnings: string[] = [];
    const display = await seedsDisplay({
      output: undefined,
      seeds: [1],
      finished: [],
      threads: 1,
      warn: (text) => warnings.push(text),
    });
    display.begin(1);
    display.update(1, { step: 1, steps: 2, policyGap: undefined });
    display.log('seed 1 failed');
    display.end(1, 'failed');
    display.stop();
    expect(warnings).toEqual(['seed 1 failed']);
  });
});
