import { learnCase } from './bench/structural-ks.ts';
const p = (x: number) => (100 * x).toFixed(2);
for (const [name, agent, seed] of [['32', {}, 2], ['64', { paths: 64 }, 1], ['64', { paths: 64 }, 2], ['32', {}, 3]] as const) {
  const { findings: { fine, sameGrid }, epochs, cpuSeconds } = learnCase({ agent: { threads: 1, size: 'notebook', ...agent }, epochs: 300, seed });
  process.stdout.write(`nb ${name} ${seed} ${epochs} mean ${p(fine.mean)} max ${p(fine.max)} same ${p(sameGrid.mean)} ${p(sameGrid.max)} bias ${p(sameGrid.bias)} cpu ${cpuSeconds.toFixed(0)}\n`);
}
