/**
 * Fitted value and policy iteration through a known transition, in execution order: draw states, ask the actor what it does and the model
 * what follows, then a critic step, an actor step, and the slow averages.
 *
 * The critic is V(s) = level + scale v(x): `scale` is the standard deviation of the first states' rewards, so that one learning rate serves
 * every economy, and `level` follows the mean of V, which the network would reach only at the rate beta per sweep.
 */

import type { Metrics, Saved } from '../../core/agent.ts';
import type { EngineState } from '../../nn/engine.ts';
import { initialise } from '../../nn/mlp.ts';
import type { RngState } from '../../numerics/random.ts';
import { mean } from '../../numerics/statistics.ts';
import { averageMix, rateAt } from '../off-policy/schedules.ts';
import { type Rule, toQuantities } from './actions.ts';
import { checkOutlook } from './guards.ts';
import { actionSlopes, expectedValues, type Outlook, outlookOf, type Situation } from './outlook.ts';
import { neuralGridProgram } from './program.ts';
import type { Setting } from './setting.ts';
import { type Valued, valueAt } from './valuation.ts';
import { drawStates, seeInto } from './view.ts';

/** The actor's output layer starts this much smaller, so that the first policy is near the middle of the action range. */
const ACTOR_OUTPUT_SCALE = 0.1;

export interface NeuralGridLearner {
  /** One update; the cold start's come first. */
  update(): Metrics;
  /** Shares of the actions' ranges, [n, A], at raw coordinates [n, D]. */
  act(raw: Float64Array): Float32Array;
  /** V at raw coordinates [n, D], by the slow critic. */
  values(raw: Float64Array): Float64Array;
  save(): Saved;
  load(saved: Saved): void;
}

/** A batch of states with what follows from the actor's actions in them. */
interface Look {
  readonly situation: Situation;
  readonly outlook: Outlook;
  /** V and its slopes at the successors, [B, E] and [B, E, D]. */
  readonly next: Valued;
  /** V and r + beta sum P V(next), [B]. */
  readonly values: Float32Array;
  readonly q: Float64Array;
}

export function neuralGridLearner(setting: Setting): NeuralGridLearner {
  const { settings, model, domain, axes, actionSpace, engineOf, hidden, successors: E } = setting;
  const { twin, discountFactor: beta } = model;
  const [B, D, A] = [settings.batchSize, axes.length, actionSpace.size];
  const valuedRows = B * (E + 1);
  const program = neuralGridProgram({ ...settings, coordinates: D, actions: A, hidden, valuedRows });
  const engine = engineOf(program);
  const initial = setting.rng.split('weights');
  engine.setParameters(
    'actor',
    initialise(program.groups.actor, initial.split('actor'), { outputScale: ACTOR_OUTPUT_SCALE }),
  );
  engine.setParameters('critic', initialise(program.groups.critic, initial.split('critic')));
  engine.softUpdate('actorAverage', 'actor', 1);
  engine.softUpdate('criticTarget', 'critic', 1);
  const rng = setting.rng.split('states');

  const raw = new Float64Array(B * D);
  const states = new Float32Array(B * D);
  const quantities = new Float32Array(B * A);
  /** The successors of the batch's states, and after them the states themselves. */
  const valuedRaw = new Float64Array(valuedRows * D);
  const { imitated, pretrained, planned } = setting.schedule;
  const coldUpdates = imitated + pretrained;
  let updates = 0;
  let level = 0;
  let scale = 0;
  let weight = settings.rangePenalty;

  function draw(): void {
    drawStates(domain.axes, { rng, sampling: settings.sampling, raw });
    seeInto(axes, raw, engine.input('x'));
    for (let b = 0; b < B; b++)
      states.set(twin.normaliseState(Array.from(raw.subarray(b * D, (b + 1) * D))), b * D);
  }

  function writeRule(rule: Rule, name: string): void {
    const shares = engine.input(name);
    for (let b = 0; b < B; b++) rule(raw.subarray(b * D, (b + 1) * D), shares.subarray(b * A, (b + 1) * A));
  }

  function imitate(rate: number): Metrics {
    draw();
    writeRule(setting.start, 'target');
    const imitationLoss = engine.run('imitate');
    engine.adam('actor', { rate });
    engine.softUpdate('actorAverage', 'actor', 1);
    return { imitationLoss };
  }

  /** What the actor does in new states, what follows, and what that is worth by the slow critic. */
  function look(): Look {
    draw();
    engine.run('act');
    toQuantities(engine.output('act', 'action'), actionSpace, quantities);
    const situation = { rows: B, states, quantities };
    const outlook = outlookOf(model, situation);
    checkOutlook(setting, { raw, quantities, outlook });
    if (scale === 0) {
      level = mean(outlook.rewards) / (1 - beta);
      scale = spread(outlook.rewards);
    }
    valuedRaw.set(outlook.next);
    valuedRaw.set(raw, B * E * D);
    const { values, slopes } = valueAt(engine, axes, valuedRaw, { level, scale });
    return {
      situation,
      outlook,
      next: { values: values.subarray(0, B * E), slopes: slopes.subarray(0, B * E * D) },
      values: values.subarray(B * E),
      q: expectedValues(model, outlook, values),
    };
  }

  /** V(s) moves to Q(s, u(s)), the slow critic after it, and the level to where the mean of V would rest. */
  function trainCritic({ values, q }: Look, rate: number, mix: number): Metrics {
    const y = engine.input('y');
    for (let b = 0; b < B; b++) y[b] = (q[b] - level) / scale;
    const criticLoss = engine.run('critic');
    const bellmanResidual = scale * engine.output('critic', 'residual')[0];
    engine.adam('critic', { rate });
    engine.softUpdate('criticTarget', 'critic', mix);
    let excess = 0;
    for (let b = 0; b < B; b++) excess += (q[b] - values[b]) / B;
    level += (mix * excess) / (1 - beta);
    return { criticLoss, meanQ: mean(q), bellmanResidual, learningRate: rate };
  }

  /** u(s) moves up the slope of Q(s, u), and back from the ends of what is possible. */
  function trainActor({ situation, outlook, next }: Look, rate: number): Metrics {
    const { quantityLow: low, quantityHigh: high } = actionSpace;
    const slopes = actionSlopes(model, situation, outlook, next);
    const slope = engine.input('slope');
    for (let i = 0; i < slope.length; i++) slope[i] = (slopes[i] * (high[i % A] - low[i % A])) / scale;
    writeRule(setting.lowest, 'lowest');
    writeRule(setting.highest, 'highest');
    engine.input('weight')[0] = weight;
    engine.run('actor');
    const penalty = scale * engine.output('actor', 'penalty')[0];
    engine.adam('actor', { rate });
    engine.softUpdate('actorAverage', 'actor', averageMix(settings, updates - coldUpdates + 1));
    weight *= settings.rangePenaltyDecay;
    return { penalty };
  }

  function improve(rate: number): Metrics {
    const looked = look();
    return { ...trainCritic(looked, rate, settings.targetMix), ...trainActor(looked, rate) };
  }

  return {
    update() {
      const progress = Math.max(0, updates - coldUpdates) / Math.max(1, planned - coldUpdates);
      const rate = rateAt(settings, Math.min(1, progress));
      const metrics =
        updates < imitated
          ? imitate(rate)
          : updates < coldUpdates
            ? trainCritic(look(), rate, 1)
            : improve(rate);
      updates += 1;
      return metrics;
    },
    act(rows) {
      const x = new Float32Array(rows.length);
      seeInto(axes, rows, x);
      return engine.evaluate('act', { x }, rows.length / D).action;
    },
    values(rows) {
      const x = new Float32Array(rows.length);
      seeInto(axes, rows, x);
      return Float64Array.from(
        engine.evaluate('value', { x }, rows.length / D).value,
        (v) => level + scale * v,
      );
    },
    save() {
      // The states valued last are no part of what was learned.
      const { valued: _, ...groups } = engine.save();
      return { engine: groups, rng: rng.save(), updates, level, scale, weight };
    },
    load(saved) {
      const from = saved as { engine: EngineState; rng: RngState } & Record<
        'updates' | 'level' | 'scale' | 'weight',
        number
      >;
      engine.load({ ...from.engine, valued: engine.save().valued });
      rng.restore(from.rng);
      ({ updates, level, scale, weight } = from);
    },
  };
}

function spread(x: Float32Array): number {
  const m = mean(x);
  const deviation = Math.sqrt(mean(x.map((value) => (value - m) ** 2)));
  return deviation > 1e-6 * Math.max(1, Math.abs(m)) ? deviation : 1;
}
