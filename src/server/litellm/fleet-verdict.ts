import type { FleetReader, TargetView } from '../../ports/index.ts';

/** Replaces the verdict of a target that only this pod fails to reach by the fleet's verdict. */
export function withFleetVerdict(view: TargetView, fleet: Pick<FleetReader, 'fleetVerdict'>): TargetView {
  if (!view.localOnly) return view;
  const verdict = fleet.fleetVerdict(view.id);
  return verdict === undefined ? view : { ...view, ...verdict, localOnly: false };
}
