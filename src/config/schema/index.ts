export { expectedBy, ruleOf } from './block-schemas.ts';
export { fleetName, fleetNameExpected, fleetSettings } from './fleet-schema.ts';
export type { BudgetSettings, FleetHealthSettings, LevelSettings, BudgetKeys, ReceiverEntry } from './fleet-schema.ts';
export {
  deploymentLimits,
  entryLimits,
  failKinds,
  generalTrafficKeys,
  litellmTrafficKeys,
  retryKinds,
  routerSettings,
  secondsOrNone,
} from './routing-schema.ts';
export type { GeneralTrafficKeys, LitellmTrafficKeys, PolicyKeys, RouterSettings } from './routing-schema.ts';
export { keysByUse, reportIgnoredKeys } from './ignored-keys.ts';
export type { IgnoredKeyRules } from './ignored-keys.ts';
export { classOf, isKnownKey, isOurs, keyTable, keysOf } from './known-keys.ts';
export {
  cacheType,
  environments,
  generalSettings,
  litellmSettings,
  modelInfo,
  modelName,
  redisSettings,
  upstreamKeys,
  upstreamParams,
} from './schema.ts';
export type { GeneralSettings, LitellmSettings, Maybe, ModelInfo, RedisSettings, UpstreamParams } from './schema.ts';
export {
  countBetween,
  countFromOne,
  countFromZero,
  flag,
  named,
  nodes,
  numberFromZero,
  port,
  seconds,
  text,
} from './values.ts';
export type { HostAndPort } from './values.ts';
