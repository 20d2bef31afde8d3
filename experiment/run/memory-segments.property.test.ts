import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Agents, Memory, MemoryPiece } from '../../core/index.ts';
import { holds } from '../../numerics/testing/property.ts';
import { fastFolder } from '../testing/folder.ts';
import { MemorySegments, type SavedMemory } from './memory-segments.ts';
import { pack, unpack } from './packing.ts';

const base = fastFolder('segments-');
afterAll(() => rmSync(base, { recursive: true }));

/** A segment holds a megabyte of rows: rows that say they take so much of it make segments of a few rows. */
const MEGABYTE = 2 ** 20;

/** A memory whose row n is the number n, and which keeps a list of what it holds, not a ring. */
class Counting implements Memory {
  readonly capacity: number;
  readonly rowBytes: number;
  appended = 0;
  kept: number[] = [];

  constructor(capacity: number, rowsPerSegment: number) {
    this.capacity = capacity;
    this.rowBytes = MEGABYTE / rowsPerSegment;
  }

  append(count: number): void {
    for (let i = 0; i < count; i++) this.kept.push(this.appended++);
    this.kept = this.kept.slice(-this.capacity);
  }

  rows(from: number, to: number) {
    const oldest = this.appended - this.kept.length;
    if (from < oldest || to < from || to > this.appended)
      throw new Error(`rows ${from} to ${to} of ${oldest} to ${this.appended}`);
    return { n: Float64Array.from(this.kept.slice(from - oldest, to - oldest)) };
  }

  restore({ appended, pieces }: { readonly appended: number; readonly pieces: Iterable<MemoryPiece> }): void {
    const all: number[] = [];
    for (const { from, rows } of pieces) {
      const { n } = rows as { readonly n: Float64Array };
      n.forEach((value, i) => {
        if (value !== from + i) throw new Error(`row ${from + i} is ${value}`);
        all.push(value);
      });
    }
    this.appended = appended;
    this.kept = all.slice(-this.capacity);
  }
}

const agentsOf = (memories: Readonly<Record<string, Memory>>) =>
  Object.fromEntries(
    Object.entries(memories).map(([type, memory]) => [type, { memory }]),
  ) as unknown as Agents;

/** What happens: rows are appended, a checkpoint is taken (and what it no longer needs removed, or not in time), or the run is killed. */
const happenings = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ append: fc.oneof(fc.nat(4), fc.nat(40)), firm: fc.nat(6) }) },
    { weight: 2, arbitrary: fc.record({ checkpoint: fc.constantFrom('pruned' as const, 'left' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kill: fc.constantFrom('between' as const, 'while saving' as const) }),
    },
  ),
  { maxLength: 15 },
);
const sizes = fc.record({
  capacity: fc.integer({ min: 1, max: 60 }),
  rowsPerSegment: fc.constantFrom(1, 2, 4, 8, 16),
});

describe('the segments of memories', () => {
  it('give back the memory of the last checkpoint after any appends, checkpoints and kills', () => {
    holds(
      fc.property(sizes, sizes, happenings, (household, firm, list) => {
        const folder = path.join(mkdtempSync(path.join(base, 'case-')), 'memory');
        const make = () => ({
          household: new Counting(household.capacity, household.rowsPerSegment),
          'firm/large': new Counting(firm.capacity, firm.rowsPerSegment),
        });
        let memories = make();
        let segments = new MemorySegments(folder);
        let saved: Record<string, SavedMemory> | undefined;
        let copy = make();
        const appendTo = (
          all: ReturnType<typeof make>,
          happening: { readonly append: number; readonly firm: number },
        ) => {
          all.household.append(happening.append);
          all['firm/large'].append(happening.firm);
        };
        for (const happening of list) {
          if ('append' in happening) appendTo(memories, happening);
          else if ('checkpoint' in happening) {
            // As it comes back from the checkpoint's file.
            saved = unpack(pack(segments.save(agentsOf(memories)))) as Record<string, SavedMemory>;
            if (happening.checkpoint === 'pruned') segments.prune();
            copy = structuredCopy(memories, make());
          } else {
            // Segments are written before the checkpoint that names them.
            if (happening.kill === 'while saving') segments.save(agentsOf(memories));
            memories = make();
            segments = new MemorySegments(folder);
            if (saved !== undefined) segments.restore(agentsOf(memories), saved);
            else copy = make();
            expect(memories).toEqual(copy);
          }
        }
        const last = segments.save(agentsOf(memories));
        const back = make();
        new MemorySegments(folder).restore(agentsOf(back), last);
        expect(back).toEqual(memories);
        segments.prune();
        const named = Object.values(last).flatMap((memory) => memory.segments.map(({ file }) => file));
        expect(existsSync(folder) ? readdirSync(folder).sort() : []).toEqual(named.toSorted());
        rmSync(path.dirname(folder), { recursive: true });
      }),
      { quick: 30 },
    );
  });

  it('are cut at fixed rows: what is saved depends on how many were appended, not on when checkpoints were taken', () => {
    holds(
      fc.property(
        sizes,
        fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
        ({ capacity, rowsPerSegment }, counts) => {
          const parent = mkdtempSync(path.join(base, 'case-'));
          const [often, once] = ['often', 'once'].map((name) => new MemorySegments(path.join(parent, name)));
          const memory = new Counting(capacity, rowsPerSegment);
          let saved: unknown;
          for (const count of counts) {
            memory.append(count);
            saved = often.save(agentsOf({ player: memory }));
          }
          expect(once.save(agentsOf({ player: memory }))).toEqual(saved);
          rmSync(parent, { recursive: true });
        },
      ),
      { quick: 30 },
    );
  });
});

/** The same counts in new memories. */
function structuredCopy<M extends Record<string, Counting>>(from: M, to: M): M {
  for (const [type, memory] of Object.entries(from)) {
    to[type].appended = memory.appended;
    to[type].kept = memory.kept.slice();
  }
  return to;
}
