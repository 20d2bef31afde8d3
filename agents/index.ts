/** Every way of learning, by name. */
import type { AnyMethod } from '../core/method.ts';
import { sac } from './sac/index.ts';

/** What commands that work with any agent know. */
export const methods: Readonly<Record<string, AnyMethod>> = { sac };
