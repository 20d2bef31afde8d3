/** What all learners on an engine have in common: they act by its graphs, fill its inputs, and keep its state with their noise. */
import type { Engine, EngineState } from '../../nn/engine.ts';
import type { Rng, RngState } from '../../numerics/random.ts';
import type { Learner } from './agent.ts';

export interface EngineLearnerOptions {
  /** Has the graphs `explore` (observations [B, D], noise [B, A]) and `exploit` (observations), both with an output `action` [B, A]. */
  readonly engine: Engine;
  /** A, numbers in an action. */
  readonly actionSize: number;
  readonly rng: Rng;
  /** The update with this number, from 1, at a share of those planned; it takes its noise from `noise`. Returns the metrics. */
  update(progress: number, updates: number, noise: Rng): Readonly<Record<string, number>>;
}

/** The learner of one method. Invariant: saved, loaded and continued, it is as if it had not stopped. */
export function engineLearner({ engine, actionSize, rng, update }: EngineLearnerOptions): Learner {
  const exploration = rng.split('exploration');
  const updateNoise = rng.split('update noise');
  let updates = 0;
  return {
    explore(observations, rows, actions) {
      const noise = new Float32Array(rows * actionSize);
      exploration.fillNormal(noise);
      actions.set(engine.evaluate('explore', { observations, noise }, rows).action);
    },
    exploit(observations, rows, actions) {
      actions.set(engine.evaluate('exploit', { observations }, rows).action);
    },
    batch: () => ({
      observations: engine.input('observations'),
      actions: engine.input('actions'),
      rewards: engine.input('rewards'),
      nextObservations: engine.input('nextObservations'),
      continues: engine.input('continues'),
    }),
    learn(progress) {
      updates += 1;
      return update(progress, updates, updateNoise);
    },
    save: () => ({
      engine: engine.save(),
      updates,
      exploration: exploration.save(),
      updateNoise: updateNoise.save(),
    }),
    load(saved) {
      const from = saved as {
        engine: EngineState;
        updates: number;
        exploration: RngState;
        updateNoise: RngState;
      };
      engine.load(from.engine);
      exploration.restore(from.exploration);
      updateNoise.restore(from.updateNoise);
      updates = from.updates;
    },
  };
}
