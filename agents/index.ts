/** Every way of learning, by name. */
import type { AnyMethod } from '../core/method.ts';
import { classical } from './classical/index.ts';
import { ddpg } from './ddpg/index.ts';
import { grid } from './grid/index.ts';
import { neuralGrid } from './neural-grid/index.ts';
import { sac } from './sac/index.ts';
import { structural } from './structural/index.ts';

/** What commands that work with any agent know. */
export const methods: Readonly<Record<string, AnyMethod>> = {
  sac,
  ddpg,
  grid,
  classical,
  'neural-grid': neuralGrid,
  structural,
};
