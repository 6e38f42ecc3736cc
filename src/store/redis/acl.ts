import { litellmKeys } from '../../litellm/index.ts';

/**
 * What a Redis user for one fleet needs and nothing more, to be put after `ACL SETUSER <name> on ><password>`.
 * The channel permission is easily forgotten: without it commits fail, not only the push. In a cluster `CLUSTER` is
 * needed too, so that the client finds the slots.
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

/**
 * What a bridge to LiteLLM needs beside that: the key of the results, the lease for it, and LiteLLM's lock, which it only
 * reads, though the keys of a script cannot be granted for reading alone. The namespace is LiteLLM's; null for none.
 */
export function bridgeAclRules(namespace: string | null): string {
  const { results, lock, lease } = litellmKeys(namespace);
  return `~${results} ~${lock} ~${lease} +get +set +strlen +getrange`;
}
