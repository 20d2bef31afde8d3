/**
 * Deep deterministic policy gradient (Lillicrap et al. 2016, arXiv 1509.02971), and TD3 (Fujimoto et al. 2018, arXiv 1802.09477), in
 * execution order: act, then per update a critic step, an actor step, and the slow averages.
 */

import type { LearnerOptions } from '../../core/method.ts';
import { initialise } from '../../nn/mlp.ts';
import type { Learner } from '../off-policy/agent.ts';
import { engineLearner } from '../off-policy/engine-learner.ts';
import { averageMix, rateAt } from '../off-policy/schedules.ts';
import { hiddenWidths } from '../off-policy/settings.ts';
import { ddpgProgram } from './program.ts';
import { chosen, type DdpgSettings } from './settings.ts';

/** A cold start takes no more of the planned updates than this share. */
const LONGEST_REST = 0.1;

export function ddpgLearner(options: LearnerOptions<DdpgSettings>): Learner {
  const { settings, actionSpace, observationSpace, rng, backend } = options;
  const [D, A] = [observationSpace.size, actionSpace.size];
  const hidden = hiddenWidths(settings.hidden);
  const discountFactor = settings.discountFactor ?? options.discountFactor;
  const { policyDelay, ...variant } = chosen(settings);
  const program = ddpgProgram({
    ...settings,
    ...variant,
    observationSize: D,
    actionSize: A,
    hidden,
    discountFactor,
  });
  const engine = backend.engine(program);
  /** Updates in which the actor rests, at the start. */
  const rest = settings.coldStart === 'constant' ? settings.coldStartUpdates : 0;

  const initial = rng.split('weights');
  const actor = initialise(program.groups.actor, initial.split('actor'), {
    outputScale: settings.actorOutputScale,
  });
  if (settings.coldStart === 'constant') makeConstant(actor, hidden.length, settings.coldStartAction);
  engine.setParameters('actor', actor);
  engine.setParameters('critic', initialise(program.groups.critic, initial.split('critic')));
  engine.softUpdate('actorTarget', 'actor', 1);
  engine.softUpdate('actorAverage', 'actor', 1);
  engine.softUpdate('criticTarget', 'critic', 1);

  const metrics = { criticLoss: 0, actorLoss: 0, meanValue: 0, learningRate: 0 };

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
      metrics.learningRate = rate;

      if (updates % policyDelay !== 0) return metrics;
      engine.softUpdate('criticTarget', 'critic', settings.targetMix);
      if (updates <= rest && progress < LONGEST_REST) return metrics;
      noise.fillNormal(engine.input('noise'));
      metrics.actorLoss = engine.run('actor');
      engine.adam('actor', { rate });
      engine.softUpdate('actorTarget', 'actor', settings.targetMix);
      engine.softUpdate('actorAverage', 'actor', averageMix(settings, updates));
      return metrics;
    },
  });
}

/** The actor that takes one action whatever it sees: the last layer's weights are 0, its biases artanh of the action. */
function makeConstant(
  actor: Readonly<Record<string, Float32Array>>,
  lastLayer: number,
  action: number,
): void {
  actor[`w${lastLayer}`].fill(0);
  actor[`b${lastLayer}`].fill(Math.atanh(action));
}
