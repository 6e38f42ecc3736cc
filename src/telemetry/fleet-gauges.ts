import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { State } from '../health/index.ts';
import { podCountOf } from '../ports/index.ts';
import type { FleetReader, TargetView } from '../ports/index.ts';
import { fleetMetricList } from './fleet-metric-list.ts';
import type { MeasuredConfig, MeasuredNames } from './measured-config.ts';
import { metricOptions } from './metric-options.ts';
import { STATE_VALUES, STATES } from './state-value.ts';

/** Gauges of states, holds and evidence that are the same in every pod. */
export interface FleetGauges {
  /** Sets every gauge from the view as it is now: the end of an overload by time raises no event. */
  set(fleet: FleetReader, names: MeasuredNames, config: MeasuredConfig): void;
}

export function createFleetGauges(registry: Registry): FleetGauges {
  const whole = createWholeGauges(registry);
  const targets = createTargetGauges(registry);
  const groups = {
    all: new Gauge(metricOptions(registry, fleetMetricList.groupDeployments)),
    routable: new Gauge(metricOptions(registry, fleetMetricList.groupRoutable)),
  };
  return {
    set: (fleet, names, config) => {
      // Targets and groups go when the configuration is read anew, and their gauges must not stay at what they were.
      for (const gauge of Object.values({ ...targets, ...groups })) gauge.reset();
      const views = fleet.targets().map((view) => shownOf(fleet, view));
      setConfigured(whole, fleet, config);
      for (const { modelName } of [...(config.deployments ?? []), ...(config.unprobed ?? [])]) {
        groups.all.inc({ group: modelName });
      }
      for (const { view } of views) setHold(targets, view, names);
      if (!seesFleet(fleet)) {
        whole.pods.remove();
        whole.targets.reset();
        return;
      }
      setWhole(
        whole,
        fleet,
        views.map(({ state }) => state),
      );
      for (const shown of views) setTarget(targets, shown, names.get(shown.view.id) ?? '');
      setRoutable(
        groups.routable,
        views.map(({ view, state }) => ({ ...view, state })),
        config,
      );
    },
  };
}

/** The state by the evidence of all pods: what only the answering pod sees is no state of the fleet. */
function shownOf(fleet: FleetReader, view: TargetView): Shown {
  const { state, since } = view.localOnly ? (fleet.fleetVerdict(view.id) ?? view) : view;
  return { view, state, since, stale: view.stale && fleet.forecast(view.id)?.at !== null };
}

/** False while this pod has lost the store: then what it knows is its own view, and not the fleet's. */
export function seesFleet(fleet: Pick<FleetReader, 'status'>): boolean {
  return fleet.status().mode !== 'fallback';
}

/** Counts the deployments of each group that are not down and not drained; those that are not probed count as routable. */
export function setRoutable(
  gauge: Gauge,
  views: readonly Pick<TargetView, 'id' | 'state' | 'hold'>[],
  { deployments = [], unprobed = [] }: MeasuredConfig,
): void {
  const routable = new Set(views.filter(isRoutable).map(({ id }) => id));
  for (const { modelName, targetId } of deployments) {
    gauge.inc({ group: modelName }, routable.has(targetId) ? 1 : 0);
  }
  for (const { modelName } of unprobed) gauge.inc({ group: modelName });
}

interface Shown extends Pick<TargetView, 'state' | 'since'> {
  readonly view: TargetView;
  /** Never of a target without a schedule. */
  readonly stale: boolean;
}

/** The rule of `/up`: only `down` and a drain take a deployment out, and a hold up puts it in. */
function isRoutable({ hold, state }: Pick<TargetView, 'state' | 'hold'>): boolean {
  return hold === null ? state !== 'down' : hold.kind !== 'drain';
}

type WholeGauges = ReturnType<typeof createWholeGauges>;

function createWholeGauges(registry: Registry) {
  return {
    shared: new Gauge(metricOptions(registry, fleetMetricList.fleetShared)),
    pods: new Gauge(metricOptions(registry, fleetMetricList.fleetPods)),
    expectedPods: new Gauge(metricOptions(registry, fleetMetricList.fleetExpectedPods)),
    paused: new Gauge(metricOptions(registry, fleetMetricList.probingPaused)),
    targets: new Gauge(metricOptions(registry, fleetMetricList.fleetTargets)),
  };
}

/** What the configuration and operators say: true in every pod, also in one that has lost the store. */
function setConfigured(gauges: WholeGauges, fleet: FleetReader, config: MeasuredConfig): void {
  const { mode, pause } = fleet.status();
  gauges.shared.set(mode === 'shared' ? 1 : 0);
  // Without the store, probing may have been paused without this pod's knowledge.
  gauges.paused.remove();
  if (pause !== null || seesFleet(fleet)) gauges.paused.set(pause === null ? 0 : 1);
  // A gauge without labels goes back to 0, and that would be a fleet that should have no pod.
  gauges.expectedPods.remove();
  if (typeof config.expectedPods === 'number') gauges.expectedPods.set(config.expectedPods);
}

function setWhole(gauges: WholeGauges, fleet: FleetReader, states: readonly State[]): void {
  gauges.pods.set(podCountOf(fleet.status()));
  for (const state of STATES) gauges.targets.set({ state }, states.filter((one) => one === state).length);
}

type TargetGauges = ReturnType<typeof createTargetGauges>;

function createTargetGauges(registry: Registry) {
  return {
    state: new Gauge(metricOptions(registry, fleetMetricList.targetState)),
    since: new Gauge(metricOptions(registry, fleetMetricList.targetStateSince)),
    stale: new Gauge(metricOptions(registry, fleetMetricList.targetStale)),
    hold: new Gauge(metricOptions(registry, fleetMetricList.targetHold)),
    holdStart: new Gauge(metricOptions(registry, fleetMetricList.targetHoldStart)),
    flag: new Gauge(metricOptions(registry, fleetMetricList.targetFlag)),
    adapted: new Gauge(metricOptions(registry, fleetMetricList.targetAdapted)),
    failures: new Gauge(metricOptions(registry, fleetMetricList.targetFailures)),
    latency: new Gauge(metricOptions(registry, fleetMetricList.targetLatency)),
    age: new Gauge(metricOptions(registry, fleetMetricList.evidenceAge)),
  };
}

/** Operators hold a target in every pod, also in one that has lost the store since. */
function setHold(gauges: TargetGauges, { id, hold }: TargetView, names: MeasuredNames): void {
  if (hold === null) return;
  const labels = { target: id, model: names.get(id) ?? '', kind: hold.kind };
  gauges.hold.set(labels, 1);
  // The version is the store's time when it was decided.
  gauges.holdStart.set(labels, Math.floor(hold.version / 1_000_000));
}

/** What is not known or not the case has no series: a thousand targets would have ten times as many. */
function setTarget(gauges: TargetGauges, { view, state, since, stale }: Shown, model: string): void {
  const { flags, facts, ageMs } = view;
  const labels = { target: view.id, model };
  gauges.state.set(labels, STATE_VALUES[state]);
  if (since !== null) gauges.since.set(labels, since / 1_000_000);
  gauges.stale.set(labels, stale ? 1 : 0);
  for (const flag of flags) gauges.flag.set({ ...labels, flag }, 1);
  if (ageMs !== null) gauges.age.set(labels, ageMs / 1000);
  if (facts === null) return;
  if (facts.adapted !== undefined) gauges.adapted.set(labels, 1);
  const { run, failureRun, usualMs = {} } = facts;
  if (run.kind === 'failed' && failureRun !== undefined) {
    gauges.failures.set({ ...labels, class: failureRun.class }, failureRun.length);
  }
  for (const [level, ms] of Object.entries(usualMs)) gauges.latency.set({ ...labels, level }, ms / 1000);
}
