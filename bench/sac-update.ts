import { performance } from 'node:perf_hooks';
import { chooseKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { sacInitial, sacProgram, sacUpdate } from '../nn/sac-program.ts';
let s = 1;
const rng = { uniform() { s = (s * 48271) % 2147483647; return s / 2147483647; } };
for (const h of [64, 256]) {
  const program = sacProgram({ batch: 256, observations: 8, actions: 1, hidden: [h, h] });
  const initial = sacInitial(program, rng);
  for (const request of (process.argv[2] ?? 'js').split(',')) {
    const engine = arenaEngine(program, { kernels: chooseKernels({ request: request as 'js' }).kernels, initial });
    for (const phase of Object.values(program.phases)) for (const name of Object.keys(phase.inputs)) { const x = engine.input(name); for (let i = 0; i < x.length; i++) x[i] = name === 'terminated' ? 0 : 2 * rng.uniform() - 1; }
    const times: number[] = [];
    for (let i = 0; i < Number(process.argv[3] ?? 15); i++) { const t = performance.now(); sacUpdate(engine, 256); times.push(performance.now() - t); }
    times.sort((a, b) => a - b);
    console.log(h, request, 'min', times[0].toFixed(3), 'median', times[times.length >> 1].toFixed(3));
  }
}
