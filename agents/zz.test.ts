import { it } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { held } from './memory-fixtures.ts';
import { instantiate } from '../core/registry.ts';
import { Simulation } from '../core/simulation.ts';
import { train } from '../core/train.ts';
import { centralBank } from '../core/testing/central-bank.ts';
import { sac } from './sac/index.ts';
import { parseSettings } from '../core/calibration.ts';
import { availableKernels } from '../kernels/choose.ts';
import { arenaEngine } from '../nn/arena-engine.ts';
import { tensorEngine } from '../nn/tensor-engine.ts';
import { chooseTensorBackend } from '../tensor/backend.ts';
import { createRng } from '../numerics/random.ts';
import { environments } from '../envs/index.ts';
import { learn } from '../experiment/run/learn.ts';
const settings = parseSettings({ schema: sac.settings, settings: { hidden: '8x8', copies: 4, batchSize: 8, warmup: 16, bufferSize: 1000 }, where: 'sac' });
const out = (s: string) => process.stderr.write(s + '\n');
async function go(name: string, engine: any, steps: number, every: number) {
  const economy = instantiate(centralBank);
  const env = new Simulation(economy, { copies: 4, horizon: 10 });
  env.reset({ seed: 1 });
  const bank = sac.create({ ...economy.types.bank, rows: 4, discountFactor: .8, steps, settings, rng: createRng(1), backend: { kind: 'k', name, refused: [], engine } });
  const t = performance.now();
  await train({ bank }, env, { steps, callbacks: [({ step }) => { if (step % every === 0) { const h = held(); out(`${name} ${step} ${h.heap} ${h.buffers}`); } return undefined; }] });
  out(`${name} ${performance.now() - t} ms`);
}
it('tensor', async () => { for (const request of ['wasm'] as const) { const { tf } = await chooseTensorBackend({ request }); await go('tf ' + request, (p: any) => tensorEngine(p, { tf }), 1500, 100); out(JSON.stringify(tf.memory())); } });
it('learn', async () => {
  const folder = mkdtempSync('/tmp/zz-');
  const t = performance.now();
  await learn({ economy: environments.economy('jesusfv'), method: sac, settings: { hidden: '8x8', copies: 4, batchSize: 8, warmup: 16, bufferSize: 1000 } as any, steps: 40000, folder, callbacks: [({ step }) => { if (step % 4000 === 0) { const h = held(); out(`learn ${step} ${h.heap} ${h.buffers}`); } return undefined; }] });
  out(`learn ${performance.now() - t}`);
});
