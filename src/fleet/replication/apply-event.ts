import type { FleetEvent } from '../../ports/index.ts';
import type { Replica } from './replica.ts';

/** Applies a pushed event to the replica. */
export function applyEvent(replica: Replica, event: FleetEvent): void {
  if (event.kind === 'lease') {
    for (const { target, grant, until } of event.leases) {
      if (until > 0) replica.setLease({ target, pod: event.pod, grant, until }, 'channel');
      else replica.endLease(target, grant);
    }
    return;
  }
  if (event.kind === 'forget') {
    for (const target of event.targets) replica.forget(target);
    return;
  }
  // Holds are read from the store; see `HoldRefresh`.
  if (event.kind === 'hold') return;
  for (const { target, stored } of event.records) {
    replica.apply(target, stored);
    if (stored.kind === 'record') replica.endLease(target, stored.record.grant);
  }
}
