/** Instructions over buffers, and where the buffers lie: those alive at the same time side by side, the others on top of each other. */
import type { Kernels } from '../kernels/kernels.ts';

/** A stretch of the arena. `offset` is known from the start for what outlives a run, else once the plan is laid out. */
export interface Buffer {
  size: number;
  offset: number;
  /** Whether the plan places it (values between operations) or its owner has (parameters, inputs, constants). */
  readonly placed: 'by-owner' | 'by-plan';
}

/** An operand: a buffer, resolved to its offset, or a number as it is. */
export type Operand = Buffer | number;

export type KernelName = keyof Kernels;

type OperandFor<Arguments extends readonly unknown[]> = { [Position in keyof Arguments]: Operand };

/** One operand per argument of the kernel. */
export type Operands<Name extends KernelName> = OperandFor<Parameters<Kernels[Name]>>;

interface Instruction {
  readonly kernel: KernelName;
  readonly operands: readonly Operand[];
}

/** A prepared instruction: a kernel with its arguments bound. */
export type Step = () => void;

/** Elements per 64 bytes of float32 (and a multiple of that for float64). */
const ALIGNMENT = 16;

/**
 * A list of instructions under construction.
 *
 * Invariant: two buffers placed by the plan share memory only if the last instruction that mentions the one comes before the
 * first that mentions the other; so a kernel's target never overlaps its sources.
 */
export class Plan {
  private readonly instructions: Instruction[] = [];
  private readonly kept = new Set<Buffer>();

  /** A buffer for values between operations. */
  temporary(size: number): Buffer {
    return { size, offset: 0, placed: 'by-plan' };
  }

  /** Appends one call of a kernel. */
  emit<Name extends KernelName>(kernel: Name, ...operands: Operands<Name>): void {
    this.instructions.push({ kernel, operands });
  }

  /** Keeps a buffer untouched until the end of the run, so that it can be read afterwards. */
  keep(buffer: Buffer): void {
    this.kept.add(buffer);
  }

  /**
   * Gives every temporary buffer its offset, counted from 0. Greedy: buffers in the order of first use, each at the lowest place
   * free for its whole life. Returns the number of elements needed.
   */
  layOut(): number {
    const lives = this.lives();
    let needed = 0;
    const placed: Life[] = [];
    for (const life of lives) {
      const rivals = placed
        .filter((other) => other.last >= life.first)
        .sort((a, b) => a.buffer.offset - b.buffer.offset);
      let offset = 0;
      for (const { buffer } of rivals) {
        if (offset + life.buffer.size <= buffer.offset) break;
        offset = Math.max(offset, roundUp(buffer.offset + buffer.size));
      }
      life.buffer.offset = offset;
      placed.push(life);
      needed = Math.max(needed, roundUp(offset + life.buffer.size));
    }
    return needed;
  }

  private lives(): Life[] {
    const lives = new Map<Buffer, Life>();
    this.instructions.forEach(({ operands }, index) => {
      for (const operand of operands) {
        if (typeof operand === 'number' || operand.placed === 'by-owner') continue;
        const life = lives.get(operand);
        if (life) life.last = index;
        else lives.set(operand, { buffer: operand, first: index, last: index });
      }
    });
    for (const buffer of this.kept) {
      const life = lives.get(buffer);
      if (life) life.last = this.instructions.length;
    }
    return [...lives.values()];
  }

  /** The instructions with every offset resolved; temporaries count from `workspace`. */
  bind(kernels: Kernels, workspace: number): Step[] {
    return this.instructions.map(({ kernel, operands }) => {
      const values = operands.map((operand) => {
        if (typeof operand === 'number') return operand;
        return operand.placed === 'by-plan' ? workspace + operand.offset : operand.offset;
      });
      const call: (...values: number[]) => void = kernels[kernel];
      return call.bind(kernels, ...values);
    });
  }
}

interface Life {
  readonly buffer: Buffer;
  readonly first: number;
  last: number;
}

function roundUp(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
