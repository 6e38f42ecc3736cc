/**
 * What a Redis user for one fleet needs and nothing more, to be put after `ACL SETUSER <name> on ><password>`.
 * The channel permission is easily forgotten: without it commits fail, not only the push. In a cluster `CLUSTER` is
 * needed too, so that the client finds the slots.
 *
 * @example
 * `ACL SETUSER allswell on >secret ${aclRules('default')}`
 */
export function aclRules(fleet: string): string {
  const commands =
    '+@connection +info +cluster|slots +cluster|info +evalsha +eval +type +time +hmget +hget +hgetall +hkeys +hscan +hset +hdel +del +pexpire ' +
    '+publish +spublish +subscribe +ssubscribe +unsubscribe +sunsubscribe';
  return `resetkeys ~allswell:{${fleet}}:* resetchannels &allswell:{${fleet}}:push -@all ${commands}`;
}
