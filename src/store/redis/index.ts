export { aclRules, bridgeAclRules, cooldownAclRules, routerAclRules } from './acl.ts';
export { openCooldownStore, type CooldownStoreOptions } from './open-cooldown-store.ts';
export { openRedisStore, type RedisStore, type RedisStoreOptions } from './open-redis-store.ts';
export type { EvictionPolicy } from './client/server-facts.ts';
