import { contractSuite, type Mutation } from './mutation.ts';

const suite = contractSuite('memory');
const memory = (name: string): string => `src/store/memory/${name}.ts`;

/** Bugs in the store in memory. */
export const memoryMutations: readonly Mutation[] = [
  {
    bug: 'commit compares the pod of the lease and not the grant',
    file: memory('commit'),
    from: 'lease.pod === pod && lease.grant === grant &&',
    to: 'lease.pod === pod &&',
    suite,
  },
  {
    bug: 'commit accepts a result whose lease has expired',
    file: memory('commit'),
    from: ' && lease.until > now;',
    to: ';',
    suite,
  },
  {
    bug: 'commit does not compare the expected version',
    file: memory('commit'),
    from: '(header?.version ?? 0) !== request.expectedVersion || ',
    to: '',
    suite,
  },
  {
    bug: 'an observation as old as the record is accepted',
    file: memory('commit'),
    from: 'Math.min(newestEvidenceAt(stamps, level), now) > Math.min(',
    to: 'Math.min(newestEvidenceAt(stamps, level), now) >= Math.min(',
    suite,
  },
  {
    bug: 'a grant can equal the one in the record',
    file: memory('claim'),
    from: '(headerAt(entry, now)?.grant ?? 0) + 1',
    to: '(headerAt(entry, now)?.grant ?? 0)',
    suite,
  },
  {
    bug: 'the guard allows one lease too many',
    file: memory('claim'),
    from: 'window.count >= guardOf(request)',
    to: 'window.count > guardOf(request)',
    suite,
  },
  {
    bug: 'a forced check counts against the guard',
    file: memory('claim'),
    from: "if (request.reason === 'forced') return { windowStart",
    to: 'if (false) return { windowStart',
    suite,
  },
  {
    bug: 'a pause of probing continues after its end',
    file: memory('claim'),
    from: 'stored.hold.until === null || stored.hold.until > now',
    to: 'true',
    suite,
  },
  {
    bug: 'a release ends the lease of another grant',
    file: memory('leases'),
    from: 'lease.grant !== grant || lease.until === 0',
    to: 'lease.until === 0',
    suite,
  },
  {
    bug: 'the sweeper samples the same names every time',
    file: memory('sample'),
    from: '  state.sampled += SAMPLE_NAMES;\n',
    to: '',
    suite,
  },
  {
    bug: 'the sweeper removes a target with a live lease',
    file: memory('records'),
    from: 'if (live || !(recorded || orphaned)) return false;',
    to: 'if (!(recorded || orphaned)) return false;',
    suite,
  },
  {
    bug: 'a record from the future is accepted',
    file: memory('state'),
    from: 'return newest <= now + MAX_AHEAD_US ? header : undefined;',
    to: 'return newest > 0 ? header : undefined;',
    suite,
  },
  {
    bug: 'a probe settles the reservation of another grant',
    file: memory('money'),
    from: 'if (held?.grant !== grant) return;',
    to: 'if (held === undefined) return;',
    suite,
  },
  {
    bug: 'a lower count of used probes replaces the one in the store',
    file: memory('money'),
    from: 'Math.max(found[name], Math.min(offered[name],',
    to: 'Math.max(0, Math.min(offered[name],',
    suite,
  },
  {
    bug: 'known budget use replaces the count of a store that kept its data',
    file: memory('money'),
    from: ' || known.epoch === metaOf(state, now).epoch',
    to: '',
    suite,
  },
  {
    bug: 'members whose membership has expired stay in the fleet',
    file: memory('members'),
    from: ' || member.until <= now || ',
    to: ' || ',
    suite,
  },
  {
    bug: 'a lease under which nothing was sent counts for the guard',
    file: 'src/store/memory/leases.ts',
    from: 'count: lease.count - unused',
    to: 'count: lease.count',
    suite,
  },
];
