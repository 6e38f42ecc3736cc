import { cooldownKey, litellmKeys, namespaced } from '../../litellm/index.ts';

/**
 * Least rights of a Redis user for one fleet, to be put after `ACL SETUSER <name> on ><password>`. Without the channel right
 * commits fail, too, not only the push channel. A cluster also needs `CLUSTER`, with which the client finds the slots.
 *
 * @example
 * `ACL SETUSER allswell on >secret ${aclRules('default')}`
 */
export function aclRules(fleet: string): string {
  const session = '+ping +select +info +cluster|slots';
  const scripts =
    '+evalsha +eval +time +type +hmget +hstrlen +hrandfield +hexists +hkeys +hlen +hset +hdel +del +unlink +pexpire';
  const push = '+publish +spublish +subscribe +ssubscribe';
  return `resetkeys ~allswell:{${fleet}}:* resetchannels &allswell:{${fleet}}:push -@all ${session} ${scripts} ${push}`;
}

/** The rules that only grant: they take no right away that the user has for another purpose. */
export function missingRights(rules: string): string {
  return rules
    .split(' ')
    .filter((rule) => !/^(reset|-)/.test(rule))
    .join(' ');
}

/**
 * Additional rights of a bridge: the key of the results, its lease, and LiteLLM's lock. The lock is only read, but Redis cannot
 * grant a script's keys for reading alone. Without `object|idletime` the bridge cannot see whether LiteLLM reads. The namespace is LiteLLM's; null for none.
 */
export function bridgeAclRules(namespace: string | null): string {
  const { results, lock, lease } = litellmKeys(namespace);
  return `~${results} ~${lock} ~${lease} +get +set +strlen +getrange +pttl +object|idletime`;
}

/**
 * Rights for LiteLLM's cooldowns, on the Redis of LiteLLM's Router: the keys of all deployments, with and without the
 * namespace. Null for no namespace.
 */
export function cooldownAclRules(namespace: string | null): string {
  const bare = cooldownKey('*');
  const keys = new Set([namespaced(namespace, bare), bare]);
  return `${[...keys].map((key) => `~${key}`).join(' ')} +pttl`;
}

/**
 * Least rights of a Redis user on a Redis of LiteLLM's Router alone, where `router_settings` names one. To be put after
 * `ACL SETUSER <name> on ><password>`. A cluster also needs `CLUSTER`. The namespace is the Router's; null for none.
 */
export function routerAclRules(namespace: string | null): string {
  const commands = '+ping +select +info +cluster|slots +evalsha +eval +type +set +del +getrange';
  return `resetkeys resetchannels -@all ${cooldownAclRules(namespace)} ${commands}`;
}
