import { describe, expect, it } from 'vitest';
import { Arena } from './arena.ts';

describe('the arena', () => {
  it.each(['float32', 'float64'] as const)(
    'hands out %s tensors on 64-byte boundaries, one after the other',
    (precision) => {
      const arena = new Arena({ precision });
      let free = 0;
      for (const size of [1, 15, 16, 17, 1000]) {
        const offset = arena.allocate(size);
        expect((offset * arena.data.BYTES_PER_ELEMENT) % 64).toBe(0);
        expect(offset).toBeGreaterThanOrEqual(free);
        free = offset + size;
      }
    },
  );

  it('keeps what was written when the memory grows', () => {
    const arena = new Arena({ precision: 'float32' });
    const offset = arena.allocate(3);
    arena.data.set([1, 2, 3], offset);
    const before = arena.data;
    const far = arena.allocate(1_000_000);
    expect(arena.data === before).toBe(false);
    expect(arena.data.length).toBeGreaterThanOrEqual(far + 1_000_000);
    expect([...arena.data.subarray(offset, offset + 3)]).toEqual([1, 2, 3]);
  });

  it('says what it could not hold when memory ends', () => {
    const arena = new Arena({ precision: 'float32' });
    expect(() => arena.allocate(2 ** 31)).toThrow(
      /cannot grow by \d+ bytes to hold 2147483648 more elements/,
    );
  });
});
