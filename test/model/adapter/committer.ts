import type { SpendMeter } from '../../../src/fleet/budget/index.ts';
import { Committer } from '../../../src/fleet/probing/committer.ts';
import type { Leases } from '../../../src/fleet/probing/leases.ts';
import type { FleetStore, StoreAnswer } from '../../../src/ports/index.ts';
import type { PodParts } from './pod-parts.ts';
import { ignore } from './settings.ts';
import type { Reply, Environment } from './environment.ts';

/** A pod's real committer, with the only lease of the model and a store with a given reply. */
export function committerOf(pod: PodParts, fleet: Environment, reply: Reply): Committer {
  const { data } = pod;
  const leases = {
    grant: () => (data.held !== undefined && data.held.until > fleet.state.now ? data.held.grant : undefined),
    isHeld: () => data.held !== undefined,
    drop: () => {
      data.held = undefined;
    },
    dropUnanswered: () => {
      data.held = undefined;
    },
    release: async () => await pod.release(),
  } satisfies Pick<Leases, 'grant' | 'isHeld' | 'drop' | 'dropUnanswered' | 'release'>;
  const circuit = {
    call: async (_: string, command: (store: FleetStore, notAfter: number) => Promise<StoreAnswer<unknown>>) =>
      await fleet.call(reply, command),
  };
  const spendMeter = { probeCostOf: () => undefined, paid: ignore } satisfies Pick<SpendMeter, 'probeCostOf' | 'paid'>;
  const parts = {
    replica: pod.replica,
    beliefs: pod.beliefs,
    leases: leases as never,
    now: pod.now,
    spendMeter: spendMeter as never,
  };
  return new Committer(pod.options, circuit as never, parts, { settled: ignore });
}
