/**
 * The update of agents/sac/learner.ts written out by hand over the kernels: the products with bias and activation in one, the two critics
 * in one, everything between them in a few loops, and no graph. What replaying a recorded graph loses is measured against it. For two
 * hidden layers, the mean of two critics, and one number per action.
 */
import { sacSettings } from '../agents/sac/settings.ts';
import { Arena } from '../kernels/arena.ts';
import { ACTIVATION, UNARY } from '../kernels/codes.ts';
import { type KernelSet, type Kernels, NONE, scratchSize } from '../kernels/kernels.ts';
import type { EngineState } from '../nn/engine.ts';
import { LOG_STD_MAX, LOG_STD_MIN } from '../nn/gaussian.ts';

const CRITICS = 2;
const HALF_RANGE = 0.5 * (LOG_STD_MAX - LOG_STD_MIN);
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

export interface FusedOptions {
  readonly kernels: KernelSet;
  readonly observationSize: number;
  readonly hidden: number;
  readonly activation: 'relu' | 'tanh';
  readonly batch: number;
  readonly discountFactor: number;
  /** Parameters to start from, as a learner saves them. */
  readonly start: EngineState;
  /** Draws the noise of both phases. */
  readonly rng: { fillNormal(values: Float32Array): void };
}

export interface FusedUpdate {
  readonly inputs: Readonly<
    Record<'observations' | 'actions' | 'rewards' | 'nextObservations' | 'continues', Float32Array>
  >;
  learn(): void;
  parameters(group: 'actor' | 'critic' | 'temperature' | 'criticTarget' | 'actorAverage'): Float32Array;
}

/** A network of two hidden layers: members, widths, and where its parameters, gradients, moments and activations begin. */
interface Network {
  readonly members: number;
  readonly widths: readonly number[];
  readonly size: number;
  readonly parameters: number;
  readonly gradients: number;
  readonly m: number;
  readonly v: number;
  readonly hidden: readonly [number, number];
}

/** Places of w0, b0, w1, b1, w2, b2 from the start of a network's parameters. */
function placesOf({ members, widths }: Pick<Network, 'members' | 'widths'>): readonly number[] {
  const places = [0];
  for (let layer = 0; layer < 3; layer++) {
    places.push(places[2 * layer] + members * widths[layer] * widths[layer + 1]);
    places.push(places[2 * layer + 1] + members * widths[layer + 1]);
  }
  return places;
}

/** The update over an arena of its own. Throws as the arena does. Invariant: the same numbers as the learner's, up to rounding. */
export function fusedUpdate(options: FusedOptions): FusedUpdate {
  const { observationSize: D, hidden: H, batch: B, start, discountFactor, rng } = options;
  const settings = sacSettings.parse({});
  const arena = new Arena({ precision: 'float32' });
  const code = ACTIVATION[options.activation];

  const network = (members: number, widths: readonly number[]): Network => {
    const size = placesOf({ members, widths })[6];
    const [parameters, gradients, m, v] = [0, 1, 2, 3].map(() => arena.allocate(size));
    const hidden = [arena.allocate(members * B * H), arena.allocate(members * B * H)] as const;
    return { members, widths, size, parameters, gradients, m, v, hidden };
  };
  const groups = {
    actor: network(1, [D, H, H, 2]),
    actorAverage: network(1, [D, H, H, 2]),
    critic: network(CRITICS, [D + 1, H, H, 1]),
    criticTarget: network(CRITICS, [D + 1, H, H, 1]),
  };
  const { actor, critic } = groups;
  const block = (size: number) => arena.allocate(size);
  const at = {
    observations: block(B * D),
    actions: block(B),
    rewards: block(B),
    nextObservations: block(B * D),
    continues: block(B),
    noise: block(B),
    x: block(B * (D + 1)),
    slope0: block(CRITICS * B * H),
    slope1: block(CRITICS * B * H),
    heads: block(B * 2),
    headSlopes: block(B * 2),
    q: block(CRITICS * B),
    qSlopes: block(CRITICS * B),
    spread: block(B),
    logStd: block(B),
    std: block(B),
    u: block(B),
    tail: block(B),
    action: block(B),
    logProbability: block(B),
    actionSlopes: block(B),
    goal: block(B),
    temperature: block(4),
    scratch: block(scratchSize(B, H, H)),
  };
  const kernels: Kernels = options.kernels.over(arena);
  const data = arena.data as Float32Array;
  for (const [name, group] of Object.entries(groups)) {
    let place = group.parameters;
    for (const values of Object.values(start[name].parameters)) {
      data.set(values, place);
      place += values.length;
    }
  }
  data.set(start.temperature.parameters.log, at.temperature);
  let updates = 0;

  function forward(net: Network, x: number, strideX: number, out: number): void {
    const places = placesOf(net).map((place) => net.parameters + place);
    const { members, widths, hidden } = net;
    kernels.linear(x, places[0], places[1], hidden[0], members, B, widths[0], H, strideX, code, at.scratch);
    kernels.linear(hidden[0], places[2], places[3], hidden[1], members, B, H, H, B * H, code, at.scratch);
    kernels.linear(hidden[1], places[4], places[5], out, members, B, H, widths[3], B * H, 0, at.scratch);
  }

  /** From the slopes of the outputs to those of the first hidden layer, and the gradient of the parameters if it is wanted. */
  function backward(net: Network, x: number, slopes: number, wanted: { readonly gradient: 0 | 1 }): void {
    const places = placesOf(net);
    const { members, widths, parameters, gradients, hidden } = net;
    const [w1, w2] = [parameters + places[2], parameters + places[4]];
    const all = wanted.gradient === 1;
    const bias = (layer: number) => (all ? gradients + places[2 * layer + 1] : NONE);
    const outputs = widths[3];
    if (all) {
      kernels.activationGradient(at.q, slopes, bias(2), members, B, outputs, 0, 0);
      kernels.weightGradient(
        hidden[1],
        slopes,
        gradients + places[4],
        members,
        B,
        H,
        outputs,
        B * H,
        0,
        at.scratch,
      );
    }
    kernels.inputGradient(slopes, w2, at.slope1, members, B, H, outputs, B * H, 0, at.scratch);
    kernels.activationGradient(hidden[1], at.slope1, bias(1), members, B, H, code, 0);
    if (all)
      kernels.weightGradient(
        hidden[0],
        at.slope1,
        gradients + places[2],
        members,
        B,
        H,
        H,
        B * H,
        0,
        at.scratch,
      );
    kernels.inputGradient(at.slope1, w1, at.slope0, members, B, H, H, B * H, 0, at.scratch);
    kernels.activationGradient(hidden[0], at.slope0, bias(0), members, B, H, code, 0);
    if (all) kernels.weightGradient(x, at.slope0, gradients, members, B, widths[0], H, 0, 0, at.scratch);
  }

  /** The actor's action and its log-probability at rows of observations, and both beside each other for the critics. */
  function act(observations: number): void {
    rng.fillNormal(data.subarray(at.noise, at.noise + B));
    forward(actor, observations, 0, at.heads);
    for (let i = 0; i < B; i++) data[at.spread + i] = data[at.heads + 2 * i + 1];
    kernels.unary(UNARY.tanh, at.spread, at.spread, B, 0, 0);
    for (let i = 0; i < B; i++)
      data[at.logStd + i] = HALF_RANGE * data[at.spread + i] + LOG_STD_MIN + HALF_RANGE;
    kernels.unary(UNARY.exp, at.logStd, at.std, B, 0, 0);
    for (let i = 0; i < B; i++) {
      data[at.u + i] = data[at.heads + 2 * i] + data[at.std + i] * data[at.noise + i];
      data[at.tail + i] = -2 * data[at.u + i];
    }
    kernels.unary(UNARY.softplus, at.tail, at.tail, B, 0, 0);
    kernels.unary(UNARY.tanh, at.u, at.action, B, 0, 0);
    for (let i = 0; i < B; i++) {
      const noise = data[at.noise + i];
      const logNormal = -0.5 * noise * noise - HALF_LOG_TWO_PI - data[at.logStd + i];
      data[at.logProbability + i] = logNormal - 2 * (Math.log(2) - data[at.u + i] - data[at.tail + i]);
    }
    beside(observations, at.action);
  }

  function beside(observations: number, actions: number): void {
    for (let i = 0, to = at.x; i < B; i++) {
      for (let j = 0; j < D; j++) data[to++] = data[observations + i * D + j];
      data[to++] = data[actions + i];
    }
  }

  function step(
    { parameters, gradients, m, v, size }: Omit<Network, 'members' | 'widths' | 'hidden'>,
    rate: number,
  ): void {
    const length = rate / (1 - BETA1 ** updates);
    const scale = 1 / Math.sqrt(1 - BETA2 ** updates);
    kernels.adam(parameters, gradients, m, v, size, length, scale, BETA1, BETA2, EPSILON);
  }

  function criticPhase(): void {
    const temperature = Math.exp(data[at.temperature]);
    act(at.nextObservations);
    forward(groups.criticTarget, at.x, 0, at.q);
    for (let i = 0; i < B; i++) {
      const next = 0.5 * (data[at.q + i] + data[at.q + B + i]) - temperature * data[at.logProbability + i];
      data[at.goal + i] = data[at.rewards + i] + discountFactor * data[at.continues + i] * next;
    }
    beside(at.observations, at.actions);
    forward(critic, at.x, 0, at.q);
    for (let i = 0; i < CRITICS * B; i++) {
      const error = data[at.q + i] - data[at.goal + (i % B)];
      const limit = settings.huberThreshold;
      data[at.qSlopes + i] = Math.min(Math.max(error, -limit), limit) / (CRITICS * B);
    }
    backward(critic, at.x, at.qSlopes, { gradient: 1 });
    step(critic, settings.learningRate);
  }

  function actorPhase(): void {
    const temperature = Math.exp(data[at.temperature]);
    act(at.observations);
    forward(critic, at.x, 0, at.q);
    for (let i = 0; i < CRITICS * B; i++) data[at.qSlopes + i] = -1 / (CRITICS * B);
    backward(critic, at.x, at.qSlopes, { gradient: 0 });
    for (let g = 0; g < CRITICS; g++) {
      // The last row of w0 belongs to the action.
      const w = critic.parameters + (g * (D + 1) + D) * H;
      kernels.inputGradient(at.slope0 + g * B * H, w, at.actionSlopes, 1, B, 1, H, 0, g, at.scratch);
    }
    let entropy = 0;
    for (let i = 0; i < B; i++) {
      const [a, spread] = [data[at.action + i], data[at.spread + i]];
      // The slope of log pi with respect to u is 2 tanh u.
      const slope = data[at.actionSlopes + i] * (1 - a * a) + (temperature / B) * 2 * a;
      const logStdSlope = slope * data[at.std + i] * data[at.noise + i] - temperature / B;
      data[at.headSlopes + 2 * i] = slope;
      data[at.headSlopes + 2 * i + 1] = logStdSlope * HALF_RANGE * (1 - spread * spread);
      entropy -= data[at.logProbability + i] / B;
    }
    backward(actor, at.observations, at.headSlopes, { gradient: 1 });
    step(actor, settings.learningRate);
    const log = at.temperature;
    data[log + 1] = entropy - settings.targetEntropy;
    step({ parameters: log, gradients: log + 1, m: log + 2, v: log + 3, size: 1 }, settings.temperatureRate);
  }

  return {
    inputs: {
      observations: data.subarray(at.observations, at.observations + B * D),
      actions: data.subarray(at.actions, at.actions + B),
      rewards: data.subarray(at.rewards, at.rewards + B),
      nextObservations: data.subarray(at.nextObservations, at.nextObservations + B * D),
      continues: data.subarray(at.continues, at.continues + B),
    },
    learn() {
      updates += 1;
      criticPhase();
      actorPhase();
      kernels.softUpdate(groups.criticTarget.parameters, critic.parameters, critic.size, settings.targetMix);
      const mix = Math.max(settings.weightAverage, 10 / (updates + 10));
      kernels.softUpdate(groups.actorAverage.parameters, actor.parameters, actor.size, mix);
    },
    parameters(group) {
      if (group === 'temperature') return data.slice(at.temperature, at.temperature + 1);
      const { parameters, size } = groups[group];
      return data.slice(parameters, parameters + size);
    },
  };
}
