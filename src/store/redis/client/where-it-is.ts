import type { RedisNode, RedisTarget } from '../../../ports/index.ts';

/** Where a store is, for messages: addresses and names, no user, no password. */
export function whereItIs(target: Exclude<RedisTarget, { kind: 'url' }>): string {
  switch (target.kind) {
    case 'single':
      return address(target);
    case 'cluster':
      return `the cluster of ${listed(target.nodes)}`;
    case 'sentinel':
      return `master ${target.name} of the sentinels ${listed(target.sentinels)}`;
  }
}

const SHOWN = 3;

function listed(nodes: readonly RedisNode[]): string {
  const more = nodes.length > SHOWN ? ` and ${nodes.length - SHOWN} more` : '';
  return `${nodes.slice(0, SHOWN).map(address).join(', ')}${more}`;
}

function address({ host, port }: RedisNode): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
