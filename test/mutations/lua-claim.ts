import { contractSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('redis');
const file = 'src/store/redis/lua/claim-leases-4.lua';
const counts = 'src/store/redis/lua/includes/known-counts.lua';

/** Bugs in the script that grants leases. */
export const luaClaimMutations: readonly Mutation[] = [
  {
    bug: 'a grant can equal the one in the record',
    file,
    from: 'math.max(grant, header.grant + 1)',
    to: 'math.max(grant, header.grant)',
    suite,
  },
  {
    bug: 'a grant can equal the last one of its lease',
    file,
    from: 'math.max(grant, lease.grant + 1)',
    to: 'math.max(grant, lease.grant)',
    suite,
  },
  {
    bug: 'the guard allows one lease too many',
    file,
    from: 'window.count >= request.guard',
    to: 'window.count > request.guard',
    suite,
  },
  {
    bug: 'a confirmation is granted to a pod that lacks the newest record',
    file,
    from: 'return record.version ~= request.version and due or nil',
    to: 'return nil',
    suite,
  },
  {
    bug: 'a forced check does not reuse recent evidence',
    file,
    from: '      return math.min(evidence, now) + reuse\n',
    to: '      return nil\n',
    suite,
  },
  {
    bug: 'a pause of probing is ignored',
    file,
    from: "if pause and request.despite ~= 'pause' then",
    to: 'if false then',
    suite,
  },
  {
    bug: 'a pause of probing continues after its end',
    file,
    from: 'and (hold.till == 0 or hold.till > now) and text',
    to: 'and text',
    suite,
  },
  {
    bug: 'evidence dated ahead of the clock advances with the clock',
    file,
    from: '    return now - every\n',
    to: '    return now\n',
    suite,
  },
  {
    bug: "another pod's lease that ends too late is not shortened",
    file,
    from: '    if lease.till > till then',
    to: '    if false then',
    suite,
  },
  {
    bug: 'a live lease of another pod is granted again',
    file,
    from: '    if lease.pod == pod then',
    to: '    if true then',
    suite,
  },
  {
    bug: 'the budget of probes allows one probe too many',
    file,
    from: 'use.probes + 1 > budget.probes',
    to: 'use.probes > budget.probes',
    suite,
  },
  {
    bug: 'a lower count of used probes replaces the one in the store',
    file: counts,
    from: 'math.max(found, math.min(known, most))',
    to: 'math.min(known, most)',
    suite,
  },
  {
    bug: 'the budget use that a pod knew before data loss is ignored',
    file,
    from: '  raise_count(counts, FLEET_USE, request.known_fleet, fleet_budget)\n',
    to: '',
    suite,
  },
  {
    bug: 'known budget use replaces the count of a store that kept its data',
    file: counts,
    from: 'if not epoch or epoch == epoch_found then',
    to: 'if not epoch then',
    suite,
  },
  {
    bug: 'known budget use is applied beyond the limit',
    file: counts,
    from: 'math.max(found, math.min(known, most))',
    to: 'math.max(found, known)',
    suite,
  },
  {
    bug: 'evidence of any level counts for a claim',
    file,
    from: 'return record.stamps[request.level]',
    to: 'return record.stamps.connect',
    suite,
  },
  {
    bug: 'a claim publishes no lease event',
    file,
    from: 'publish_leases(pod, lines)\n',
    to: '',
    suite,
  },
];
