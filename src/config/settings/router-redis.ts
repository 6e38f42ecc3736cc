import { checkBlock } from '../problems/index.ts';
import { redisSettings } from '../schema/index.ts';
import { child, type MapNode, type Node } from '../yaml/index.ts';
import type { RouterRedis } from '../types.ts';
import { chooseFrom, type RedisInput } from './redis.ts';

const RENAMED: Readonly<Record<string, string>> = {
  redis_host: 'host',
  redis_port: 'port',
  redis_password: 'password',
  redis_url: 'url',
  redis_db: 'db',
};

/**
 * The Redis that `router_settings` names: `redis_url`, or `redis_host` with `redis_port`; other keys of the connection are
 * in `cache_kwargs`. Null where it names none: the Router then shares the Redis of the health checks.
 */
export function chooseRouterRedis(input: RedisInput): RouterRedis | null {
  const router = child(input.root, 'router_settings');
  if (router?.kind !== 'map') return null;
  const named = (key: string): boolean => child(router, key) !== undefined;
  if (!named('redis_url') && !(named('redis_host') && named('redis_port'))) return null;
  const node = connectionOf(router, child(router, 'cache_kwargs'));
  const path = ['router_settings'];
  const settings = checkBlock(redisSettings, node, { path, findings: input.findings });
  if (settings === undefined) return null;
  const found = chooseFrom({ name: 'router_settings', settings, node, path }, input);
  return found === undefined || found === null
    ? null
    : { target: found.target, namespace: found.namespace?.name ?? null };
}

/** The keys of the connection under the names that the other two sources use. */
function connectionOf(router: MapNode, more: Node | undefined): MapNode {
  const own = router.entries.flatMap((entry) => {
    const key = RENAMED[entry.key];
    return key === undefined ? [] : [{ ...entry, key }];
  });
  return { ...router, entries: [...own, ...(more?.kind === 'map' ? more.entries : [])] };
}
