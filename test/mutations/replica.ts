import { fleetSuite, type Mutation } from './mutation.ts';

const fleet = (name: string): string => `src/fleet/${name}.ts`;
const follower = fleetSuite('replication/replicator');

/** Bugs in how a pod keeps its copy of the store's records. */
export const replicaMutations: readonly Mutation[] = [
  {
    bug: 'resync notes the sequence after reading the pages: a commit between two pages is lost',
    file: fleet('replication/resync'),
    from: '  return { seq, at: start.meta.now };',
    to: "  const end = await link.call('time', (store) => store.time());\n  return { seq: end.kind === 'ok' ? end.meta.seq : seq, at: start.meta.now };",
    suite: fleetSuite('replication/resync'),
  },
  {
    bug: 'resync reads the first page only',
    file: fleet('replication/resync'),
    from: 'from < scope.targets.length; from += MAX_BATCH',
    to: 'from < 1; from += MAX_BATCH',
    suite: fleetSuite('replication/resync'),
  },
  {
    bug: 'a message about holds that arrives while holds are read is dropped',
    file: fleet('replication/hold-refresh'),
    from: '    if (this.#holdKeys.size > 0) this.#readIn(read === undefined ? RETRY_MS : EVERY_MS);\n',
    to: '',
    suite: fleetSuite('replication/push-flood'),
  },
  {
    bug: 'a hold is not read after a message about it',
    file: fleet('replication/push-filter'),
    from: '      this.#listener.holdAnnounced(name);\n',
    to: '',
    suite: fleetSuite('replication/push-flood'),
  },
  {
    bug: 'holds are read once per message about a hold',
    file: fleet('replication/hold-refresh'),
    from: 'this.#readIn(this.#readMs + EVERY_MS - this.#options.clock.monotonicMs());',
    to: 'this.#readIn(0);',
    suite: fleetSuite('replication/push-flood'),
  },
  {
    bug: 'resync keeps targets that the store has removed',
    file: fleet('replication/resync'),
    from: '  for (const target of missing) replica.forget(target);\n',
    to: '',
    suite: fleetSuite('replication/resync'),
  },
  {
    bug: 'resync does not detect a store that went back and then reached the same sequence again',
    file: fleet('replication/resync'),
    from: "return stored.kind === 'record' && stored.record.version < knownVersion && knownVersion <= readingSince;",
    to: 'return false;',
    suite: fleetSuite('replication/resync'),
  },
  {
    bug: 'a gap in the sequence of events is not detected',
    file: fleet('replication/replicator'),
    from: "      this.resync('a missing event');\n",
    to: '',
    suite: follower,
  },
  {
    bug: 'events that arrive during a resync are dropped',
    file: fleet('replication/replicator'),
    from: '    for (const event of events) this.#receive(event);\n',
    to: '',
    suite: fleetSuite('replication/resync'),
  },
  {
    bug: 'a pod reads all records before it subscribes',
    file: fleet('replication/replicator'),
    from: `    await this.#channel.open();
    const startedMs = this.#options.clock.monotonicMs();
    const read = this.#stopped ? undefined : await this.#readEverything();`,
    to: `    const startedMs = this.#options.clock.monotonicMs();
    const read = this.#stopped ? undefined : await this.#readEverything();
    await this.#channel.open();`,
    suite: fleetSuite('replication/replicator-resync'),
  },
  {
    bug: 'an answer ahead of the events is ignored',
    file: fleet('replication/replicator'),
    from: 'else if (meta.seq > this.#replica.appliedSeq) this.#expectEvents(meta.seq);',
    to: '',
    suite: follower,
  },
  {
    bug: 'a lower sequence in an answer is not detected',
    file: fleet('replication/replicator'),
    from: "else if (meta.epoch === this.#replica.epoch && meta.seq < seqWhenSent) this.#lostData('Redis lost writes');",
    to: '',
    suite: follower,
  },
  {
    bug: 'a failed resync is not repeated',
    file: fleet('replication/replicator'),
    from: 'if (read === undefined || !this.#channel.isOpen) this.#retryLater',
    to: 'if (false) this.#retryLater',
    suite: fleetSuite('replication/replicator-resync'),
  },
  {
    bug: 'a push channel that hangs is not detected',
    file: fleet('replication/push-channel'),
    from: 'else this.#dropped(current, answer.loss.message);',
    to: '',
    suite: follower,
  },
  {
    bug: 'two resyncs run at once',
    file: fleet('replication/resync-plan'),
    from: 'if (this.#stopped || this.#running || this.#next === undefined) return;',
    to: 'if (this.#stopped || this.#next === undefined) return;',
    suite: fleetSuite('replication/resync-plan'),
  },
  {
    bug: 'a record of a lower version replaces a newer one',
    file: fleet('replication/replica'),
    from: 'return versionOf(stored) > versionOf(known)',
    to: 'return versionOf(stored) !== versionOf(known)',
    suite: fleetSuite('replication/replica'),
  },
  {
    bug: 'the end of an old lease ends a newer one',
    file: fleet('replication/replica'),
    from: 'if (known !== undefined && known.grant <= grant) this',
    to: 'if (known !== undefined) this',
    suite: fleetSuite('replication/replica'),
  },
  {
    bug: 'an unreadable record removes the known one from the replica',
    file: fleet('replication/replica'),
    from: "    if (stored.kind === 'garbage' && known?.stored.kind === 'record') return false;\n",
    to: '',
    suite: fleetSuite('replication/replica'),
  },
  {
    bug: 'after data loss a pod commits against versions that no longer exist',
    file: fleet('replication/replica'),
    from: "seen?.stored.kind === 'record' && seen.generation === this.#generation ?",
    to: "seen?.stored.kind === 'record' ?",
    suite: fleetSuite('replication/replica'),
  },
];
