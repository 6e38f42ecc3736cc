export { ensureRedis, requireRedis } from './ensure-redis.ts';
export type { EnsureRedisOptions, RedisAnswer, RedisProgram } from './ensure-redis.ts';
export { freePort } from './free-port.ts';
export { startRedisServer } from './redis-server.ts';
export type { RedisServer, RedisServerOptions } from './redis-server.ts';
