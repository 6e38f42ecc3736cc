import type { Gauge } from 'prom-client';
import type { State, TargetId, VerdictFlag } from '../health/index.ts';
import { podCountOf } from '../ports/index.ts';
import type { FleetMode, FleetReader, TargetView } from '../ports/index.ts';

/** The gauges that show a fleet view. */
export interface FleetGauges {
  readonly targetState: Gauge;
  readonly targetStale: Gauge;
  readonly targetHold: Gauge;
  readonly targetFlag: Gauge;
  readonly probingPaused: Gauge;
  readonly targetLocalOnly: Gauge;
  readonly targetAdapted: Gauge;
  readonly evidenceAge: Gauge;
  readonly storeMode: Gauge;
  readonly pods: Gauge;
  readonly impaired: Gauge;
}

const states: readonly State[] = ['unknown', 'up', 'degraded', 'suspect', 'down'];
const holds = ['drain', 'hold-up'] as const;
/** Named one by one, so that a new flag does not compile without its series. */
const flags = Object.keys({
  unconfirmed: true,
  'rate-limited': true,
  slow: true,
  'probe-rejected': true,
  'budget-spent': true,
} satisfies Record<VerdictFlag, true>) as readonly VerdictFlag[];
const modes: readonly FleetMode[] = ['shared', 'independent', 'fallback'];

/**
 * Sets every gauge from the view as it is now. A gauge moved by events would stay at "down" for ever where a target
 * recovers by time alone, because the end of an overload raises no event.
 */
export function setFleetGauges(gauges: FleetGauges, fleet: FleetReader, names: ReadonlyMap<TargetId, string>): void {
  const status = fleet.status();
  for (const mode of modes) gauges.storeMode.set({ mode }, status.mode === mode ? 1 : 0);
  gauges.pods.set(podCountOf(status));
  gauges.impaired.set(status.impaired ? 1 : 0);
  gauges.probingPaused.set(status.pause === null ? 0 : 1);
  // Targets go when the configuration is read anew, and their gauges must not stay at what they were.
  const { targetState, targetHold, targetFlag, targetStale, targetLocalOnly, targetAdapted, evidenceAge } = gauges;
  const ofTargets = [targetState, targetHold, targetFlag, targetStale, targetLocalOnly, targetAdapted, evidenceAge];
  for (const gauge of ofTargets) gauge.reset();
  for (const view of fleet.targets()) setTarget(gauges, view, names.get(view.id) ?? '');
}

function setTarget(gauges: FleetGauges, view: TargetView, model: string): void {
  const labels = { target: view.id, model };
  for (const state of states) gauges.targetState.set({ ...labels, state }, view.state === state ? 1 : 0);
  for (const kind of holds) gauges.targetHold.set({ ...labels, kind }, view.hold?.kind === kind ? 1 : 0);
  for (const flag of flags) gauges.targetFlag.set({ ...labels, flag }, view.flags.includes(flag) ? 1 : 0);
  gauges.targetStale.set(labels, view.stale ? 1 : 0);
  gauges.targetLocalOnly.set(labels, view.localOnly ? 1 : 0);
  gauges.targetAdapted.set(labels, view.facts?.adapted === undefined ? 0 : 1);
  if (view.ageMs !== null) gauges.evidenceAge.set(labels, view.ageMs / 1000);
}
