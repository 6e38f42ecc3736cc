export { activationOf } from './activation.ts';
export type { ActivationInput } from './activation.ts';
export { readBlocks } from './blocks.ts';
export type { Blocks } from './blocks.ts';
export { readLitellmRouting } from './litellm-routing.ts';
export { chooseRedis } from './redis.ts';
export { chooseRouterRedis } from './router-redis.ts';
export { activationByFile, readSettings, trafficByDefault, trafficByFile } from './settings.ts';
export type { Activating, Settings, SettingSources, SettingsRules } from './settings.ts';
