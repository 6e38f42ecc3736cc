import { contractSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('redis');
const lua = (name: string): string => `src/store/redis/lua/${name}.lua`;

/** Bugs in the other scripts, and in what they include. */
export const luaMutations: readonly Mutation[] = [
  {
    bug: 'renew extends a lease that has expired',
    file: lua('renew-leases-2'),
    from: 'lease.grant == grant and lease.till > now then',
    to: 'lease.grant == grant then',
    suite,
  },
  {
    bug: 'renew extends the lease of another grant',
    file: lua('renew-leases-2'),
    from: 'lease.pod == pod and lease.grant == grant and',
    to: 'lease.pod == pod and',
    suite,
  },
  {
    bug: "release ends another pod's lease",
    file: lua('release-leases-3'),
    from: 'lease.pod == pod and lease.grant == grant and',
    to: 'lease.grant == grant and',
    suite,
  },
  {
    bug: 'release ends the lease of another grant',
    file: lua('release-leases-3'),
    from: 'lease.pod == pod and lease.grant == grant and',
    to: 'lease.pod == pod and',
    suite,
  },
  {
    bug: 'a script whose caller gave up takes effect all the same',
    file: lua('includes/in-time'),
    from: 'if now > tonumber(ARGV[1]) then',
    to: 'if false then',
    suite,
  },
  {
    bug: 'microseconds are written with fourteen digits',
    file: lua('includes/numbers'),
    from: "return string.format('%.0f', number)",
    to: 'return tostring(number)',
    suite,
  },
  {
    bug: 'a stamp from the future is accepted',
    file: lua('includes/answer'),
    from: 'if number and number > now + DAY_AHEAD_US then',
    to: 'if false then',
    suite,
  },
  {
    bug: 'a probe settles the reservation of another grant',
    file: lua('includes/money'),
    from: 'if not held or held[1] ~= grant then',
    to: 'if not held then',
    suite,
  },
  {
    bug: 'a target is due again at the next grid point, however young its evidence',
    file: lua('includes/grid'),
    from: 'local earliest = evidence + every / 2',
    to: 'local earliest = evidence + 1',
    suite: contractSuite('grid'),
  },
  {
    bug: 'a hold of the same version is written again',
    file: lua('hold-2'),
    from: 'return hold.version >= wish.version',
    to: 'return hold.version > wish.version',
    suite,
  },
  {
    bug: 'a new decision takes effect although a newer one was made',
    file: lua('hold-2'),
    from: 'math.max(hold and hold.version + 1 or 1, wish.after + 1, now)',
    to: 'math.max(wish.after + 1, now)',
    suite,
  },
  {
    bug: 'a target with a live lease is forgotten',
    file: lua('sweep-records-4'),
    from: ' and not live and',
    to: ' and',
    suite,
  },
  {
    bug: 'a record that was written since is forgotten',
    file: lua('sweep-records-4'),
    from: 'record and record.version == version and',
    to: 'record and',
    suite,
  },
  {
    bug: 'a forgotten target keeps its lease',
    file: lua('sweep-records-4'),
    from: '  remove_fields(KEYS[2], removed)\n',
    to: '',
    suite,
  },
  {
    bug: 'members whose time has passed stay in the fleet',
    file: lua('heartbeat-6'),
    from: 'if not till or till <= now then',
    to: 'if not till then',
    suite,
  },
  {
    bug: 'the first page of records passes for the last',
    file: lua('read-records-1'),
    from: 'body[1] = page[1]',
    to: "body[1] = '0'",
    suite,
  },
  {
    bug: "a pod publishes LiteLLM's results without the lease",
    file: lua('publish-results-2'),
    from: ' or holder ~= ARGV[2] then',
    to: ' then',
    suite: contractSuite('bridge'),
  },
];
