/**
 * Soft actor-critic (Haarnoja et al. 2018, arXiv 1812.05905) with a learned temperature, in execution order: act, then per
 * update a critic step, an actor and temperature step, and the slow averages.
 */

import type { LearnerOptions } from '../../core/method.ts';
import { initialise } from '../../nn/mlp.ts';
import type { Learner } from '../off-policy/agent.ts';
import { engineLearner } from '../off-policy/engine-learner.ts';
import { averageMix, rateAt } from '../off-policy/schedules.ts';
import { hiddenWidths } from '../off-policy/settings.ts';
import { sacProgram } from './program.ts';
import type { SacSettings } from './settings.ts';

/** The actor's output layer starts this much smaller, so that the first policy is near the middle of the action range. */
const ACTOR_OUTPUT_SCALE = 0.1;
/** Share of the updates over which the target entropy falls. */
const ENTROPY_SCHEDULE = 0.7;

export function sacLearner(options: LearnerOptions<SacSettings>): Learner {
  const { settings, actionSpace, observationSpace, rng, backend } = options;
  const [D, A] = [observationSpace.size, actionSpace.size];
  const hidden = hiddenWidths(settings.hidden);
  const discountFactor = settings.discountFactor ?? options.discountFactor;
  const program = sacProgram({ ...settings, observationSize: D, actionSize: A, hidden, discountFactor });
  const engine = backend.engine(program);

  const initial = rng.split('weights');
  engine.setParameters(
    'actor',
    initialise(program.groups.actor, initial.split('actor'), { outputScale: ACTOR_OUTPUT_SCALE }),
  );
  engine.setParameters('critic', initialise(program.groups.critic, initial.split('critic')));
  engine.softUpdate('actorAverage', 'actor', 1);
  engine.softUpdate('criticTarget', 'critic', 1);
  engine.setParameters('temperature', { log: Float32Array.of(Math.log(settings.temperature)) });

  const metrics = {
    criticLoss: 0,
    actorLoss: 0,
    entropy: 0,
    temperature: settings.temperature,
    meanValue: 0,
    learningRate: 0,
  };

  return engineLearner({
    engine,
    actionSize: A,
    rng,
    update(progress, updates, noise) {
      const rate = rateAt(settings, progress);
      noise.fillNormal(engine.input('nextNoise'));
      metrics.criticLoss = engine.run('critic');
      metrics.meanValue = engine.output('critic', 'meanValue')[0];
      engine.adam('critic', { rate });

      noise.fillNormal(engine.input('noise'));
      engine.input('targetEntropy')[0] = A * targetEntropy(settings, progress);
      engine.run('actor');
      metrics.actorLoss = engine.output('actor', 'actorLoss')[0];
      metrics.entropy = engine.output('actor', 'entropy')[0];
      engine.adam('actor', { rate });
      engine.adam('temperature', { rate: settings.temperatureRate });
      metrics.temperature = Math.exp(engine.parameters('temperature').log[0]);
      metrics.learningRate = rate;

      engine.softUpdate('criticTarget', 'critic', settings.targetMix);
      engine.softUpdate('actorAverage', 'actor', averageMix(settings, updates));
      return metrics;
    },
  });
}

/** Entropy per action dimension to hold at a share of the planned updates. */
function targetEntropy(settings: SacSettings, progress: number): number {
  return settings.targetEntropy - settings.targetEntropyFall * Math.min(1, progress / ENTROPY_SCHEDULE);
}
