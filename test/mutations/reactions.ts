import { fleetSuite, type Mutation } from './mutation.ts';

const fleet = (name: string): string => `src/fleet/${name}.ts`;

/** Signals that do not arrive, and reactions that are left out. */
export const reactionMutations: readonly Mutation[] = [
  {
    bug: 'signals are carried after the work that sent them, not at once',
    file: fleet('signals'),
    from: 'react?.(signal);',
    to: 'queueMicrotask(() => react?.(signal));',
    suite: fleetSuite('reactions/signals'),
  },
  {
    bug: 'a signal before all parts are connected is an error',
    file: fleet('signals'),
    from: 'react?.(',
    to: 'react(',
    suite: fleetSuite('reactions/signals'),
  },
  {
    bug: 'the loss of the store moves no other part',
    file: fleet('reactions/reactions'),
    from: 'store.unreachable(loss)',
    to: '{}',
    suite: fleetSuite('store/store-loss'),
  },
  {
    bug: 'the return of the store moves no other part',
    file: fleet('reactions/reactions'),
    from: 'store.reachable()',
    to: '{}',
    suite: fleetSuite('store/store-loss'),
  },
  {
    bug: 'nothing follows from reading all records again',
    file: fleet('reactions/reactions'),
    from: "store.resynced(after === 'data-loss')",
    to: '{}',
    suite: fleetSuite('store/incidents'),
  },
  {
    bug: 'a hold that changed is not reported',
    file: fleet('reactions/reactions'),
    from: 'reportHold(parts, key)',
    to: '{}',
    suite: fleetSuite('holds/holds'),
  },
  {
    bug: 'probes are not planned anew when a pause ends',
    file: fleet('reactions/report-hold'),
    from: '    scheduler.planAll();\n',
    to: '',
    suite: fleetSuite('holds/holds-paused'),
  },
  {
    bug: 'targets are not judged anew when members change',
    file: fleet('reactions/reactions'),
    from: '      keeper.changed();\n      targets.allChanged();\n',
    to: '      keeper.changed();\n',
    suite: fleetSuite('evidence/local-failures'),
  },
  {
    bug: 'changed members are not written to the state file',
    file: fleet('reactions/reactions'),
    from: '      keeper.changed();\n      targets.allChanged();\n',
    to: '      targets.allChanged();\n',
    suite: fleetSuite('reactions/members-changed'),
  },
  {
    bug: 'without the store a pod counts its own failures as unconfirmed',
    file: fleet('reactions/reactions'),
    from: "      beliefs.sharing = mode !== 'fallback';\n",
    to: '',
    suite: fleetSuite('store/store-loss'),
  },
  {
    bug: 'an impaired pod does not tell the fleet',
    file: fleet('reactions/reactions'),
    from: '      membership.impaired = impaired;\n',
    to: '',
    suite: fleetSuite('evidence/local-failures'),
  },
  {
    bug: 'a check on demand does not hear of its result',
    file: fleet('reactions/target-changes'),
    from: '    this.#parts.checker.changed(id);\n',
    to: '',
    suite: fleetSuite('reactions/target-changed'),
  },
  {
    bug: 'evidence that a pod got without the store is not offered afterwards',
    file: fleet('reactions/store-changes'),
    from: '    restoreOwnEvidence(this.#parts);\n',
    to: '',
    suite: fleetSuite('probing/committer'),
  },
];
