import type { FleetMember, GroupState, PickedDeployment, ReportedOutcome } from '../library/index.ts';

/** State of a faked upstream. */
export type FakeState = GroupState['state'];

/** A fleet without a store and without upstreams, whose states a test sets. */
export interface FakeFleet<G extends string> extends Pick<
  FleetMember<G>,
  'state' | 'pick' | 'report' | 'on' | 'explain' | 'mode' | 'members' | 'pod' | 'observeOnly' | 'leave'
> {
  /** Sets the state of an upstream, and calls the listeners of `change`. */
  set(group: G, id: string, state: FakeState): void;
  /** What was reported so far. */
  readonly reports: readonly { readonly group: string; readonly id: string; readonly outcome: ReportedOutcome }[];
}

/**
 * Creates one from the names of its groups and upstreams; all are up at first. `pick` gives the first upstream that is
 * neither down nor suspect, else the first.
 *
 * @example
 * const fleet = fakeFleet({ chat: ['openai', 'azure'] });
 * fleet.set('chat', 'openai', 'down');
 * fleet.pick('chat').id // 'azure'
 */
export function fakeFleet<G extends string>(groups: Readonly<Record<G, readonly string[]>>): FakeFleet<G> {
  const states = new Map<string, FakeState>();
  const listeners = new Set<(event: never) => void>();
  const reports: FakeFleet<G>['reports'][number][] = [];
  const stateOf = (group: string, id: string): FakeState => states.get(`${group} ${id}`) ?? 'up';
  const isRoutable = (state: FakeState): boolean => state !== 'down' && state !== 'suspect';
  const state = (group: G): GroupState => {
    const deployments = groups[group].map((id) => {
      const now = stateOf(group, id);
      return { ...KNOWN, id, target: `${group} ${id}`, state: now, routable: isRoutable(now) };
    });
    const best = deployments.find(({ routable }) => routable) ?? deployments[0];
    return { ...KNOWN, state: best?.state ?? 'unknown', routable: best?.routable ?? false, deployments };
  };
  return {
    reports,
    mode: 'independent',
    members: [{ id: 'fake', name: null, self: true }],
    pod: 'fake',
    observeOnly: false,
    state,
    set: (group, id, next) => {
      const before = stateOf(group, id);
      states.set(`${group} ${id}`, next);
      const event = {
        groups: [group],
        deployment: id,
        target: `${group} ${id}`,
        state: next,
        before,
        since: 0,
        why: 'set',
      };
      for (const listener of listeners) listener(event as never);
    },
    pick: (group): PickedDeployment => {
      const { deployments } = state(group);
      const { id } = deployments.find(({ routable }) => routable) ?? deployments[0] ?? { id: '' };
      return { id, group, url: `https://${id}.example`, model: group, headers: {}, why: 'first' };
    },
    report: ({ group, id }, outcome) => void reports.push({ group, id, outcome }),
    explain: (group) => `${group}: ${state(group).state}`,
    on: (name, listener) => {
      if (name === 'change') listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    leave: async () => await Promise.resolve(),
  };
}

const KNOWN = { since: 0, ageMs: 0, stale: false, why: 'set by a test' } as const;
