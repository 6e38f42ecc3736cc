import type { Clock, CooldownStore, Logger, RedisTarget, StoreLoss } from '../../ports/index.ts';
import { cooldownAclRules } from './acl.ts';
import { connectionTo } from './client/connection.ts';
import { resolveTarget } from './client/resolve-target.ts';
import { redisCooldowns } from './commands/cooldowns.ts';

export interface CooldownStoreOptions {
  readonly connection: RedisTarget;
  /** LiteLLM's namespace on that Redis; null for none. */
  readonly namespace: string | null;
  /** Deadline of one command, ms. */
  readonly commandTimeoutMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
  /** In [0, 1): spreads attempts to connect. */
  readonly jitter: () => number;
}

/**
 * Opens the cooldown keys on a Redis of the Router's own, where `router_settings` names one. Returns at once, whether the
 * server is there or not.
 *
 * @throws when a connection URL cannot be used at all
 */
export function openCooldownStore(options: CooldownStoreOptions): CooldownStore {
  const { namespace, commandTimeoutMs, logger, clock, jitter } = options;
  const times = { commandTimeoutMs, jitter };
  const target = resolveTarget(options.connection);
  const connection = connectionTo({ target, rights: cooldownAclRules(namespace), times, clock, logger });
  return redisCooldowns({
    client: () => connection.client(),
    explain: (error): StoreLoss => connection.explain(error),
    namespace,
    close: async () => {
      await connection.close();
    },
  });
}
