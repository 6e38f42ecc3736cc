import { contractSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('redis');
const file = 'src/store/redis/lua/commit-records-4.lua';

/** Bugs in the script that writes records. */
export const luaCommitMutations: readonly Mutation[] = [
  {
    bug: 'commit compares the pod of the lease and not the grant',
    file,
    from: 'lease.pod == pod and lease.grant == grant and lease.till > now',
    to: 'lease.pod == pod and lease.till > now',
    suite,
  },
  {
    bug: 'commit compares the grant of the lease and not the pod',
    file,
    from: 'lease.pod == pod and lease.grant == grant and lease.till > now',
    to: 'lease.grant == grant and lease.till > now',
    suite,
  },
  {
    bug: 'commit accepts a result whose lease has expired',
    file,
    from: 'lease.pod == pod and lease.grant == grant and lease.till > now',
    to: 'lease.pod == pod and lease.grant == grant',
    suite,
  },
  {
    bug: 'commit accepts a grant older than that of the record',
    file,
    from: 'not ours or (record and record.grant > grant)',
    to: 'not ours',
    suite,
  },
  {
    bug: 'commit does not compare the expected version',
    file,
    from: 'if version ~= commit.expected or (record and is_newer(record)) then',
    to: 'if record and is_newer(record) then',
    suite,
  },
  {
    bug: 'commit overwrites a record of a newer format',
    file,
    from: 'if version ~= commit.expected or (record and is_newer(record)) then',
    to: 'if version ~= commit.expected then',
    suite,
  },
  {
    bug: 'the second commit of one grant is answered stale',
    file,
    from: "    return 'ok'\n",
    to: "    return 'stale'\n",
    suite,
  },
  {
    bug: 'versions equal the clock and do not always grow',
    file,
    from: 'math.max(record and record.version + 1 or 1, now)',
    to: 'now',
    suite,
  },
  {
    bug: 'commit does not end the lease',
    file,
    from: '    lease.till = 0\n',
    to: '',
    suite,
  },
  {
    bug: 'the sequence does not count commits',
    file,
    from: '  seq = seq + 1\n',
    to: '',
    suite,
  },
  {
    bug: 'an observation as old as the record is accepted',
    file,
    from: 'math.min(stamp, now) > math.min(record.stamps[level], now)',
    to: 'math.min(stamp, now) >= math.min(record.stamps[level], now)',
    suite,
  },
  {
    bug: 'an observation resets the grant of the record',
    file,
    from: 'us(record and record.grant or 0)',
    to: 'us(0)',
    suite,
  },
  {
    bug: 'commit does not charge the probe',
    file,
    from: '    pay(commit)\n',
    to: '',
    suite,
  },
];
