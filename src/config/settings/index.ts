export { activationOf } from './activation.ts';
export type { ActivationInput } from './activation.ts';
export { readBlocks } from './blocks.ts';
export { chooseRedis } from './redis.ts';
export { readSettings } from './settings.ts';
export type { Settings } from './settings.ts';
export { noteUnreadInterval } from './taking-over.ts';
