/** What a reader must know of the machine to make anything of a benchmark's numbers. */
import { cpus, loadavg, totalmem } from 'node:os';
import { availableKernels } from '../kernels/choose.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly gigabytes: number;
  readonly platform: string;
  readonly node: string;
  /** Kernel sets that it runs, best first. */
  readonly kernels: readonly string[];
  /** Processes that wanted a core in the last minute, on average. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const found = cpus();
  return {
    processor: found[0]?.model.trim() ?? 'unknown',
    cores: found.length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    kernels: availableKernels().map(({ name }) => name),
    load: loadavg()[0],
  };
}

/** One sentence. */
export function machineText({ processor, cores, gigabytes, platform, node, kernels, load }: Machine): string {
  return `${processor}, ${cores} cores, ${gigabytes} GiB, ${platform}, Node ${node.slice(1)}; kernels ${kernels.join(', ')}; load at the start ${load.toFixed(1)}.`;
}
