import { contractSuite, unitSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('redis');
const redis = (name: string): string => `src/store/redis/${name}.ts`;
const format = (name: string): string => `src/store/format/${name}.ts`;

/** Bugs on the way between the port and the scripts. */
export const redisAdapterMutations: readonly Mutation[] = [
  {
    bug: 'a late script passes for one that took effect',
    file: redis('commands/runner'),
    from: "if (reply.kind === 'late') return",
    to: 'if (false) return',
    suite,
  },
  {
    bug: 'a record whose JSON is garbage is never repaired',
    file: redis('commands/garbage'),
    from: 'if (again.length === 0) return',
    to: 'if (again.length >= 0) return',
    suite,
  },
  {
    bug: 'renew names the wrong leases as lost',
    file: redis('commands/leases'),
    from: 'input.leases.slice(stampOf(place), stampOf(place) + 1)',
    to: 'input.leases.slice(0, 1)',
    suite,
  },
  {
    bug: 'a claim for a shallow level asks for the deepest',
    file: redis('commands/claim-leases'),
    from: "level ?? 'inference',",
    to: "'inference',",
    suite,
  },
  {
    bug: 'a claim despite a pause loses its permission',
    file: redis('commands/claim-leases'),
    from: "despite ?? '-',",
    to: "'-',",
    suite,
  },
  {
    bug: 'a decision does not say which one it follows',
    file: redis('commands/holds'),
    from: '`>${wholeStamp(after)}`',
    to: '`>0`',
    suite,
  },
  {
    bug: 'a commit does not say what the probe cost',
    file: redis('commands/commit-records'),
    from: "return [String(wholeCount(bill.nanoUsd)), tallyNumbers(bill.tally).join(' ')];",
    to: "return ['-', ''];",
    suite,
  },
  {
    bug: 'a sampled record cannot be forgotten by its version',
    file: redis('commands/records'),
    from: 'version: headerOf(text, now)?.version ?? 0,',
    to: 'version: 0,',
    suite,
  },
  {
    bug: 'scripts are not loaded again into a server that lost them',
    file: redis('commands/run-script'),
    from: "!error.message.startsWith('NOSCRIPT')",
    to: 'true',
    suite,
  },
  {
    bug: 'the end of a subscription is kept from the listener',
    file: redis('client/subscribe'),
    from: '    listener.dropped(why);\n',
    to: '',
    suite: { project: 'fault', file: 'test/fault/store-data.test.ts' },
  },
  {
    bug: 'a subscription in a cluster does not follow the slot to its node',
    file: redis('client/subscribe'),
    from: 'if (moved !== undefined) waiting.unshift(moved);',
    to: '',
    suite: contractSuite('redis-cluster'),
  },
  {
    bug: 'a read-only server passes for an unknown error',
    file: redis('client/loss'),
    from: "READONLY: 'read-only'",
    to: "READONLY: 'error'",
    suite: unitSuite('src/store/redis/client/loss'),
  },
  {
    bug: 'a password is shown in a message',
    file: redis('client/loss'),
    from: "shown.replaceAll(secret, '***')",
    to: 'shown',
    suite: unitSuite('src/store/redis/client/loss'),
  },
  {
    bug: 'a truncated event is applied',
    file: format('event'),
    from: 'if (!isNamed(name)) return undefined;',
    to: 'if (!isNamed(name)) continue;',
    suite,
  },
  {
    bug: 'more targets than a batch allows are sent in one command',
    file: format('names'),
    from: 'if (batch.length > MAX_BATCH) return',
    to: 'if (false) return',
    suite,
  },
];
