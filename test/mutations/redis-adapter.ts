import { contractSuite, unitSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('redis');
const redis = (name: string): string => `src/store/redis/${name}.ts`;
const format = (name: string): string => `src/store/format/${name}.ts`;

/** Bugs on the way between the port and the scripts. */
export const redisAdapterMutations: readonly Mutation[] = [
  {
    bug: 'a script that was too late counts as executed',
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
    bug: 'renew reports the wrong leases as lost',
    file: redis('commands/leases'),
    from: 'input.leases.slice(stampOf(place), stampOf(place) + 1)',
    to: 'input.leases.slice(0, 1)',
    suite,
  },
  {
    bug: 'a claim for a shallow level requests the deepest',
    file: redis('commands/claim-leases'),
    from: "level ?? 'inference',",
    to: "'inference',",
    suite,
  },
  {
    bug: 'a claim on demand is not marked as allowed during a pause',
    file: redis('commands/claim-leases'),
    from: "despite ?? '-',",
    to: "'-',",
    suite,
  },
  {
    bug: 'a hold does not contain the version that it follows',
    file: redis('commands/holds'),
    from: '`>${wholeStamp(after)}`',
    to: '`>0`',
    suite,
  },
  {
    bug: 'a commit does not contain the cost of the probe',
    file: redis('commands/commit-records'),
    from: "return [String(wholeCount(cost.nanoUsd)), totalsNumbers(cost.totals).join(' ')];",
    to: "return ['-', ''];",
    suite,
  },
  {
    bug: 'a sampled record cannot be removed by its version',
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
    bug: 'the listener gets no notice when a subscription ends',
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
    bug: 'a read-only server is reported as an unknown error',
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
