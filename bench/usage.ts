/**
 * Loaded before a command (`node --import tsx --import ./bench/usage.ts ...`), it leaves behind what the process has used, as JSON in the file that
 * EQUILIBRIUM_GYM_USAGE names: processor seconds of all threads, and the most memory it held at once.
 */
import { writeFileSync } from 'node:fs';

/** Names the file. */
export const USAGE_VARIABLE = 'EQUILIBRIUM_GYM_USAGE';

export interface Usage {
  readonly cpuSeconds: number;
  /** Resident set at its largest, of the whole process. */
  readonly megabytes: number;
}

const file = process.env[USAGE_VARIABLE];
if (file !== undefined && file !== '') {
  // Threads inherit the environment, and what is preloaded; only the process itself ends last.
  const { isMainThread } = await import('node:worker_threads');
  if (isMainThread) {
    process.on('exit', () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      const usage: Usage = {
        cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
        megabytes: (maxRSS * 1024) / 1e6,
      };
      writeFileSync(file, JSON.stringify(usage));
    });
  }
}
