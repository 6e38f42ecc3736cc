import type { PodId, StoreTime } from '../../health/index.ts';
import type { FleetEvent } from '../../ports/index.ts';
import type { FleetState } from './state.ts';

type EventLeases = Extract<FleetEvent, { kind: 'lease' }>['leases'];

/** Publishes one event for a batch; none if nothing changed. */
export function publishLeases(state: FleetState, at: StoreTime, pod: PodId, leases: EventLeases): void {
  if (leases.length > 0) state.publish({ kind: 'lease', at, pod, leases });
}
