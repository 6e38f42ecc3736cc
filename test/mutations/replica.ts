import { fleetSuite, type Mutation } from './mutation.ts';

const fleet = (name: string): string => `src/fleet/${name}.ts`;
const follower = fleetSuite('follower');

/** Bugs in how a pod keeps its copy of the store's records. */
export const replicaMutations: readonly Mutation[] = [
  {
    bug: 'resync notes the sequence after reading the pages: a commit between two pages is lost (U5)',
    file: fleet('resync'),
    from: '  return { seq, at: start.meta.now };',
    to: "  const end = await link.call('time', (store) => store.time());\n  return { seq: end.kind === 'ok' ? end.meta.seq : seq, at: start.meta.now };",
    suite: fleetSuite('resync'),
  },
  {
    bug: 'resync reads the first page only',
    file: fleet('resync'),
    from: 'from < wanted.targets.length; from += MAX_BATCH',
    to: 'from < 1; from += MAX_BATCH',
    suite: fleetSuite('resync'),
  },
  {
    bug: 'a hint on the channel that came while holds were read is forgotten',
    file: fleet('hold-hints'),
    from: '    if (this.#places.size > 0) this.#readIn(read === undefined ? RETRY_MS : EVERY_MS);\n',
    to: '',
    suite: fleetSuite('follower-flood'),
  },
  {
    bug: 'a hold is believed as the channel tells it',
    file: fleet('follower'),
    from: "if (event.kind === 'hold') return;",
    to: "if (event.kind === 'hold') {\n    for (const { place, stored } of event.holds) view.holds.apply(place, stored);\n    return;\n  }",
    suite: fleetSuite('follower-flood'),
  },
  {
    bug: 'resync keeps targets that the store has forgotten',
    file: fleet('resync'),
    from: '  for (const target of gone) view.forget(target);\n',
    to: '',
    suite: fleetSuite('resync'),
  },
  {
    bug: 'resync does not notice a store that went back and made up for it in the sequence',
    file: fleet('resync'),
    from: "return stored.kind === 'record' && stored.record.version < knownVersion && knownVersion <= readingSince;",
    to: 'return false;',
    suite: fleetSuite('resync'),
  },
  {
    bug: 'a hole in the sequence of events is not noticed',
    file: fleet('follower'),
    from: "} else if (event.seq > this.appliedSeq + 1) this.resync('a missing event');",
    to: '}',
    suite: follower,
  },
  {
    bug: 'events that come during a resync are dropped',
    file: fleet('follower'),
    from: '    for (const event of events) this.#receive(event);\n',
    to: '',
    suite: fleetSuite('resync'),
  },
  {
    bug: 'a pod reads everything first and subscribes then',
    file: fleet('follower'),
    from: '    await this.#channel.open();\n    const read = this.#stopped ? undefined : await this.#readEverything();',
    to: '    const read = this.#stopped ? undefined : await this.#readEverything();\n    await this.#channel.open();',
    suite: fleetSuite('follower-resync'),
  },
  {
    bug: 'an answer ahead of the events is ignored',
    file: fleet('follower'),
    from: 'else if (meta.seq > this.appliedSeq) this.#expect(meta.seq);',
    to: '',
    suite: follower,
  },
  {
    bug: 'a store that went back in its sequence is not noticed by its answers',
    file: fleet('follower'),
    from: "else if (meta.epoch === this.#view.epoch && meta.seq < seqWhenSent) this.#lostData('the store went back');",
    to: '',
    suite: follower,
  },
  {
    bug: 'a pod whose resync failed does not try again',
    file: fleet('follower'),
    from: 'if (read === undefined || !this.#channel.isOpen) this.#retryLater',
    to: 'if (false) this.#retryLater',
    suite: fleetSuite('follower-resync'),
  },
  {
    bug: 'a push channel that hangs is not noticed',
    file: fleet('follower-channel'),
    from: 'else this.#dropped(ears, answer.loss.message);',
    to: '',
    suite: follower,
  },
  {
    bug: 'two resyncs run at once',
    file: fleet('resync-plan'),
    from: 'if (this.#stopped || this.#running || this.#next === undefined) return;',
    to: 'if (this.#stopped || this.#next === undefined) return;',
    suite: fleetSuite('resync-plan'),
  },
  {
    bug: 'a record of a lower version replaces a newer one',
    file: fleet('view'),
    from: 'return versionOf(stored) > versionOf(known)',
    to: 'return versionOf(stored) !== versionOf(known)',
    suite: fleetSuite('view'),
  },
  {
    bug: 'the end of an old lease ends a newer one',
    file: fleet('view'),
    from: 'if (known !== undefined && known.grant <= grant) this',
    to: 'if (known !== undefined) this',
    suite: fleetSuite('view'),
  },
  {
    bug: 'garbage in the store makes a pod forget what it knew',
    file: fleet('view'),
    from: "    if (stored.kind === 'garbage' && known?.stored.kind === 'record') return false;\n",
    to: '',
    suite: fleetSuite('view'),
  },
  {
    bug: 'after data loss a pod commits against versions that no longer exist',
    file: fleet('view'),
    from: "seen?.stored.kind === 'record' && seen.generation === this.#generation ?",
    to: "seen?.stored.kind === 'record' ?",
    suite: fleetSuite('view'),
  },
];
