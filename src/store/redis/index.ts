export { aclRules } from './acl.ts';
export type { EvictionPolicy } from './eviction.ts';
export { openRedisStore, type RedisStore, type RedisStoreOptions } from './open-redis-store.ts';
