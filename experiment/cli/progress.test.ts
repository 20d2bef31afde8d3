import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressDisplay } from './progress.ts';

/** A clock on which every step takes 10 milliseconds. */
async function show(options: { steps: number; from?: number; policyGap?: number }): Promise<string[]> {
  let text = '';
  let now = 0;
  const { policyGap, ...rest } = options;
  const output = {
    write(part: string) {
      text += part;
    },
  };
  const display = await progressDisplay({ ...rest, output, clock: () => now });
  for (let step = (options.from ?? 0) + 1; step <= options.steps; step++) {
    now += 10;
    display.update({ step, policyGap });
  }
  display.stop();
  return text.trimEnd().split('\n');
}

describe('progress', () => {
  it('without a terminal is a line for every tenth of the steps, with speed, time left and policy gap', async () => {
    const lines = await show({ steps: 200, policyGap: 0.01234 });
    expect(lines).toHaveLength(10);
    expect(lines[4]).toBe(' 50 %  step 100 of 200  100 steps/s  1.0 s left  policy gap 0.0123');
    expect(lines[9]).toContain('100 %  step 200 of 200');
  });

  it('has no more lines than steps, and says nothing of a gap that is not known', async () => {
    const lines = await show({ steps: 3 });
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain('gap');
    expect(await show({ steps: 7 })).toHaveLength(7);
    expect(await show({ steps: 11 })).toHaveLength(10);
  });

  it('goes on from a checkpoint without repeating lines, at the speed since then', async () => {
    const lines = await show({ steps: 100, from: 55 });
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(' 60 %  step 60 of 100  100 steps/s  0.4 s left');
  });

  it('on a terminal is a bar that ends full', async () => {
    const terminal = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 120,
      cursorTo: () => true,
      clearLine: () => true,
    });
    let text = '';
    terminal.on('data', (part) => {
      text += part;
    });
    const display = await progressDisplay({ output: terminal, steps: 10, clock: () => 0 });
    for (let step = 1; step <= 10; step++) display.update({ step, policyGap: 0.5 });
    display.stop();
    expect(text).toContain('100 %  10/10');
    expect(text).toContain('policy gap 0.500');
    expect(text).toContain('█'.repeat(24));
  });

  it('is silent without an output', async () => {
    const display = await progressDisplay({ output: undefined, steps: 10 });
    expect(() => {
      display.update({ step: 1, policyGap: undefined });
      display.stop();
    }).not.toThrow();
  });
});
