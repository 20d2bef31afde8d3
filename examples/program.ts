import { environments, instantiate, learn, makeEnv, makeParallelEnv, sac } from 'equilibrium-gym';
import fishWar from 'equilibrium-gym/examples/fish-war';

// One agent, as in Gymnasium: a household that eats a share of its resources; actions are in [-1, 1].
const economy = environments.economy('jesusfv', { discountFactor: 0.9 });
const env = makeEnv(economy);
const { observation } = env.reset({ seed: 1 });
const { reward, truncated } = env.step([0.4]);
console.log(`it sees ${observation.size} numbers and gets ${reward.toFixed(3)}; the end? ${truncated}`);

// Several agents, as in PettingZoo: three fishers and one stock of fish.
const game = makeParallelEnv(instantiate(fishWar, { set: { fishers: 3 } }));
game.reset({ seed: 1 });
const { rewards } = game.step({ fisher_0: [0], fisher_1: [0.1], fisher_2: [-0.2] });
console.log(rewards);

// Learning, and how far from the optimum it ends. The optimum is to eat 1 - 0.9 / 3 = 0.7 everywhere.
const { policy, evaluation } = await learn({ economy, method: sac, steps: 3000, seed: 1 });
const share = policy([{ capital: 0.2, productivity: 2 }]).household?.[0];
const gap = evaluation.oracle?.policyGap;
console.log(`it eats ${share?.toFixed(3)} of what it has; policy gap ${gap?.toFixed(4)}`);
